"""Decisions: what people decided about the register, as rows that replay (人工认定).

Takes   an append-only file, one decision a line: who, when, why, about what
Gives   the decisions that stand, as tables that link, golden and jurisdiction apply; for each, whether it still matches anything
Never   changes or removes a line: withdrawing is one more line; reads a clock (the caller says when)
Law     审核留痕 (GB/T 22239 audit record: time, user, act, object, result)

A decision names subjects by a valid code or by record ids, never by subject ids: those follow from the decisions themselves.
Decisions are applied in the order of their time and id, so the order of lines does not matter; of two about the same thing the later stands.
"""

from evenhand.decisions.applying import PEOPLE, choose_offices, choose_values, named_subjects
from evenhand.decisions.ledger import add_decision, read_decisions
from evenhand.decisions.model import (
    Apart,
    ChosenOffice,
    ChosenValue,
    Decision,
    ManualRecord,
    Merge,
    RepairVerdict,
    Split,
    Withdrawal,
)
from evenhand.decisions.standing import Decisions, no_decisions

__all__ = [
    "PEOPLE", "Apart", "ChosenOffice", "ChosenValue", "Decision", "Decisions", "ManualRecord", "Merge", "RepairVerdict", "Split", "Withdrawal", "add_decision", "choose_offices", "choose_values", "named_subjects", "no_decisions", "read_decisions",
]  # fmt: skip
