"""Objects after the draw: one that closed or moved gives way to the next reserve ticket of its stratum, in order; nothing is drawn again (候补递补)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from evenhand.draw.canonical import Row
from evenhand.draw.draft import Draft
from evenhand.draw.ledger import Record, appended, of_serial
from evenhand.draw.messages import LEDGER_STEP, NO_RESERVE
from evenhand.errors import BadInput, Problem

__all__ = ["drawn_now", "replace_drawn"]

_DRAWN: Final = "D"
_WITH_RESERVE: Final = frozenset({"exchange", "multi", "pps", "sealed", "srs"})


def drawn_now(rows: Sequence[Row], replacements: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the ids that stand drawn, with their stratum, once all replacements are made.

    Args:
        rows: of `result.tsv`: stratum, rank, state, id, ticket.
        replacements: the records of the draw, in order.

    Raises:
        BadInput: a replacement is not the next reserve ticket, or replaces what was not drawn (DRAW-12).
    """
    standing = {row[3]: row[0] for row in rows if row[2] == _DRAWN}
    spare = _spare(rows)
    for one in replacements:
        stratum = standing.pop(one["gone"], None)
        waiting = spare.get(stratum or "", [])
        if stratum is None or one["stratum"] != stratum or not waiting or one["next"] != waiting.pop(0):
            why = f"{one['gone']} 由 {one['next']} 递补，不是该层的下一个候补票号"
            raise BadInput(Problem(LEDGER_STEP, {"serial": one["serial"], "why": why}))
        standing[one["next"]] = stratum
    return standing


def _spare(rows: Sequence[Row]) -> dict[str, list[str]]:
    spare: dict[str, list[str]] = {}
    for row in rows:
        if row[2] != _DRAWN:
            spare.setdefault(row[0], []).append(row[3])
    return spare


def replace_drawn(
    draft: Draft, records: Sequence[Record], rows: Sequence[Row], *, gone: str, reason: str, approved_by: Sequence[str]
) -> Record:
    """Return the record that puts the next reserve ticket of the stratum in the place of one drawn.

    Raises:
        BadInput: nobody of that id stands drawn, or the reserve of the stratum is used up (DRAW-13).
    """
    if draft.method not in _WITH_RESERVE:
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": "这种方法没有候补票号；检查人员用 draw substitute 递补"}))
    made = of_serial(records, draft.serial, "replace")
    standing = drawn_now(rows, made)
    if gone not in standing:
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": f"现在的中选名单里没有 {gone}"}))
    stratum = standing[gone]
    used = {one["next"] for one in made}
    spare = [one for one in _spare(rows).get(stratum, []) if one not in used]
    if not spare:
        raise BadInput(Problem(NO_RESERVE, {"stratum": stratum}))
    fields: dict[str, Any] = {"stratum": stratum, "gone": gone, "next": spare[0], "reason": reason, "approved_by": list(approved_by)}
    return appended(records, "replace", draft.serial, fields, algorithm=draft.algorithm)
