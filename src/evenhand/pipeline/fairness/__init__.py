"""Fairness audit: were the draws of a ledger as even as chance makes them, over offices, sizes, trades, districts and places in the list (公平性审计).

Takes   proof packs that verify, what a release knows of the subjects and inspectors
Gives   exact tests per group, who was never drawn and how surprising that is, who works with whom, public figures of voids and replacements;
        what of the drawn was visited, by whom, and published in time
Never   judges a draw that does not verify, or calls fair what it could not test
"""

from evenhand.pipeline.fairness.auditing import Fairness, audit_ledger, write_fairness
from evenhand.pipeline.fairness.draws import Frame, Ledger, read_draws
from evenhand.pipeline.fairness.groups import GroupTest, Verdict, group_tests
from evenhand.pipeline.fairness.objects import Waiting, never_drawn
from evenhand.pipeline.fairness.pairs import Pairing, pairings
from evenhand.pipeline.fairness.reconciling import Reconciliation, reconcile, write_reconciliation

__all__ = [
    "Fairness", "Frame", "GroupTest", "Ledger", "Pairing", "Reconciliation", "Verdict", "Waiting", "audit_ledger", "group_tests", "never_drawn", "pairings", "read_draws",
    "reconcile", "write_fairness", "write_reconciliation",
]  # fmt: skip
