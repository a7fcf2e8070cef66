"""Golden: one trusted row per subject, licence and site, with the reason of each chosen value (主体名录).

Takes   standardised extracts, records, membership, findings, the rules of a pack, the day
Gives   subject, licence, site, history; for one subject every choice explained
Never   invents a value or loses one: what is not chosen stays in history; reads a clock, a file or chance
Law     rules/<authority>/golden/ (DESIGN; survivorship, status, forms)

Among the values of a field the rule's steps decide in their order: validity, order of sources, agreement of sources, recency;
at last the smallest record id. The main site gives the subject its place.
"""

from evenhand.golden.explain import Choice, explain_choice
from evenhand.golden.register import Golden, golden
from evenhand.golden.rules import GoldenRules, read_golden_rules

__all__ = ["Choice", "Golden", "GoldenRules", "explain_choice", "golden", "read_golden_rules"]
