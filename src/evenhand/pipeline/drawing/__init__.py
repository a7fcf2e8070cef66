"""Draws on disk: the ceremony of an authority, its ledger, proof packs that a stranger can verify, and what changes afterwards (抽取).

Takes   frozen lists and rules, public values, reasons and approvals
Gives   ledger, proof packs, who stands drawn
Never   draws twice, or changes a record
"""

from evenhand.pipeline.drawing.after import drawn_ids, pairs_so_far, replace_one, roster_in, substitute_one, teams_in
from evenhand.pipeline.drawing.agreed import Agreed, named_sources, read_agreed
from evenhand.pipeline.drawing.asking import Answer, ask_pack
from evenhand.pipeline.drawing.ceremony import APPROVED_NARROW, cancel, commit_draw, enter_value, excluded_rule, reveal_draw
from evenhand.pipeline.drawing.method import strata_told
from evenhand.pipeline.drawing.opening import Opening, open_sealed, publish_opened, read_key
from evenhand.pipeline.drawing.people import hidden, keep_names, names_of
from evenhand.pipeline.drawing.shelf import STATES, read_draft
from evenhand.pipeline.drawing.telling import act_of, sources_told
from evenhand.pipeline.drawing.verifying import Verdict, verify_pack

__all__ = [
    "APPROVED_NARROW",
    "STATES",
    "Agreed",
    "Answer",
    "Opening",
    "Verdict",
    "act_of",
    "ask_pack",
    "cancel",
    "commit_draw",
    "drawn_ids",
    "enter_value",
    "excluded_rule",
    "hidden",
    "keep_names",
    "named_sources",
    "names_of",
    "open_sealed",
    "pairs_so_far",
    "publish_opened",
    "read_agreed",
    "read_draft",
    "read_key",
    "replace_one",
    "reveal_draw",
    "roster_in",
    "sources_told",
    "strata_told",
    "substitute_one",
    "teams_in",
    "verify_pack",
]  # fmt: skip
