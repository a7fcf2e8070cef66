"""Comparison: every source row of a subject side by side, one column per row, one line per field."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from evenhand.standards import ELEMENTS
from evenhand.web.registry.veil import Veil

__all__ = ["SHOWN_ROWS", "Cell", "Line", "columns", "lines", "spelt", "weighed"]

SHOWN_ROWS: Final = 24
"""So many source rows are shown at once; the rest on request."""

_BITS: Final = 15.0
_MIDDLE: Final = 60.0
"""A bar of so many bits fills half of the drawing, which is 120 wide."""

_SHAPELESS: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
_ORDER: Final = {name: place for place, name in enumerate(ELEMENTS)}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value of one row: standard value, raw text when it differs, and whether it is the chosen one, agrees with it, or differs."""

    value: Any = None
    raw: str = ""
    state: str = ""  # chosen, agrees, differs, or "" where nothing was chosen


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field over all rows."""

    title: str
    chosen: Any
    cells: Sequence[Cell]


def columns(rows: Sequence[Mapping[str, Any]], veil: Veil, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the head of each column: where the row lies, when it was true, why it belongs to the subject, the weights as bars."""
    return [
        {**row, "source": titles.get(row["source"], row["source"]), "evidence": veil.text(row["evidence"]), **weighed(row["weights"])}
        for row in rows
    ]


def weighed(weights: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the parts of a likeness as `bars` and what their sum starts from as `prior`."""
    return {"bars": [_bar(one) for one in weights], "prior": _prior(weights)}


def _prior(weights: Sequence[Mapping[str, Any]]) -> float | None:
    """What the sum starts from: how unlikely it is that two records speak of one subject at all."""
    return weights[0]["total"] - sum(one["weight"] for one in weights) if weights else None


def _bar(weight: Mapping[str, Any]) -> dict[str, Any]:
    """One part as a bar from the middle line: to the right it speaks for the same subject, to the left against."""
    length = min(abs(weight["weight"]), _BITS) * _MIDDLE / _BITS
    return {**weight, "x": round(_MIDDLE - length if weight["weight"] < 0 else _MIDDLE, 1), "length": round(length, 1)}


def lines(rows: Sequence[Mapping[str, Any]], subject: Mapping[str, Any], chosen_records: Mapping[str, str], veil: Veil) -> list[Line]:
    """Return the fields that any row fills, in the order of the standard."""
    by_row = [{cell["field"]: cell for cell in row["cells"]} for row in rows]
    filled = {name for cells in by_row for name, cell in cells.items() if cell["raw"] not in {None, ""}}
    found = []
    for name in sorted(filled, key=lambda name: _ORDER.get(name, len(_ORDER))):
        chosen = subject.get(name)
        cells = [
            _cell(
                cells.get(name),
                name,
                chosen=chosen,
                record=row["record_id"],
                is_source=chosen_records.get(name) == row["record_id"],
                veil=veil,
            )
            for cells, row in zip(by_row, rows, strict=True)
        ]
        found.append(Line(title=ELEMENTS[name].title, chosen=veil.value(name, chosen), cells=cells))
    return found


def _cell(cell: Mapping[str, Any] | None, field: str, *, chosen: object, record: str, is_source: bool, veil: Veil) -> Cell:
    if cell is None:
        return Cell()
    value, raw = cell["value"], cell["raw"] or ""
    state = ""
    if chosen is not None and value is not None:
        agrees = str(value) == str(chosen)
        state = "chosen" if agrees and is_source else "agrees" if agrees else "differs"
    differs = raw != ("" if value is None else str(value))
    shown = veil.value(field, value, record=record)
    return Cell(value=shown, raw=spelt(veil.value(field, raw, record=record), shown) if differs and raw else "", state=state)


def spelt(raw: object, standard: object) -> str:
    """Return a raw text beside its standard value; where both look alike, with what makes them differ.

    >>> spelt("９１３５", "9135"), spelt("味鲜美 ", "味鲜美"), spelt("张**", "张**")
    ('９１３５', '味鲜美 （含不可见字符）', '张**（写法不同）')
    """
    text = str(raw)
    if text == str(standard):
        return f"{text}（写法不同）"  # the veil hides in what
    return f"{text}（含不可见字符）" if _visible(text) == _visible(str(standard)) else text


def _visible(text: str) -> str:
    """The text without blanks at its ends, without signs that have no shape."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in _SHAPELESS).strip()
