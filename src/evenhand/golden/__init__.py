"""Golden: one trusted row per subject, licence and site, with the reason of each chosen value (主体名录).

Takes   standardised extracts, records, membership, findings, the rules of a pack, the day
Gives   subject, licence, site, history; issues of licences in chains, moves, head offices; for one subject every choice explained and its status
        on any day
Never   invents a value or loses one: what is not chosen stays in history; reads a clock, a file or chance
Law     rules/<authority>/golden/ (DESIGN; survivorship, status, forms)

Among the values of a field the rule's steps decide in their order: validity, order of sources, agreement of sources, recency;
at last the smallest record id. The main site gives the subject its place. A status holds on a day: from dates where the sources have them, else
from the delivery that states it; what cannot be told of a day is told to be unknown.
"""

from evenhand.golden.explain import Choice, explain_choice
from evenhand.golden.onday import Standing, issue_on, licence_on, licences_on, subject_on
from evenhand.golden.register import Golden, golden
from evenhand.golden.rules import GoldenRules, read_golden_rules
from evenhand.golden.soon import Soon, soon_on

__all__ = [
    "Choice", "Golden", "GoldenRules", "Soon", "Standing", "explain_choice", "golden", "issue_on", "licence_on", "licences_on", "read_golden_rules",
    "soon_on", "subject_on",
]  # fmt: skip
