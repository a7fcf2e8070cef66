"""Draws on disk: the ceremony of an authority, its ledger, proof packs that a stranger can verify, and what changes afterwards (抽取).

Takes   frozen lists and rules, public values, reasons and approvals
Gives   ledger, proof packs, who stands drawn
Never   draws twice, or changes a record
"""

from evenhand.pipeline.drawing.after import drawn_ids, replace_one, roster_in, substitute_one
from evenhand.pipeline.drawing.agreed import Agreed, read_agreed, usual_sources
from evenhand.pipeline.drawing.ceremony import cancel, commit_draw, enter_value, reveal_draw
from evenhand.pipeline.drawing.shelf import read_draft
from evenhand.pipeline.drawing.telling import act_of
from evenhand.pipeline.drawing.verifying import Verdict, verify_pack

__all__ = [
    "Agreed", "Verdict", "act_of", "cancel", "commit_draw", "drawn_ids", "enter_value", "read_agreed", "read_draft", "replace_one", "reveal_draw", "roster_in",
    "substitute_one", "usual_sources", "verify_pack",
]  # fmt: skip
