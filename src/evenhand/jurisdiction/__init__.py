"""Jurisdiction: which office answers for each place of business, by votes that everyone can read (日常监督管理机构).

Takes   the list of agencies, records, membership, subjects, sites, licences, the rules of a pack, the day
Gives   one decision per place of business: office, what the sources said, state, share of votes, reason; and every vote
Never   changes what a source said; reads a clock, a file or chance; invents an office the list does not hold
Law     rules/<authority>/jurisdiction/ (DESIGN; places go before papers, Order 49 Art. 9)

The place votes first: a zone with an office of its own, else the town. Then every kind of source has one vote. Most votes win; where the
winner is not the office stated, it is a correction if the lead is clear and the place speaks for it, and stands in the register; else both offices are asked,
and the one stated answers until they have settled it.
"""

from evenhand.jurisdiction.responsible import NEEDED, Jurisdiction, responsible_offices
from evenhand.jurisdiction.rules import JurisdictionRules, read_jurisdiction_rules
from evenhand.jurisdiction.settling import settled

__all__ = ["NEEDED", "Jurisdiction", "JurisdictionRules", "read_jurisdiction_rules", "responsible_offices", "settled"]
