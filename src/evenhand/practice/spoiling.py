"""Spoiling: what each planted fault does to a cell.

For every fault of the sheet that changes a cell, `SPOILERS` holds two functions: which rows can carry it, and the change itself,
which always leaves another text than before.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from evenhand.practice.layout import Layout
from evenhand.practice.misspelling import (
    confused,
    garbled,
    hidden,
    mistyped,
    one_sign,
    other_form,
    other_phone,
    place_in,
    reworded,
    rounded,
    transposed,
)
from evenhand.practice.places import VARIANTS
from evenhand.practice.rows import Chunk, Rows
from evenhand.practice.text import DIALECTS, Flags, Ints, day_text
from evenhand.standards import Shape

__all__ = ["SPOILERS"]

_WIDE: Final = {ord("!") + n: chr(0xFF01 + n) for n in range(94)}
_IMPOSSIBLE: Final = ("2023-02-30", "0000-00-00", "1900-01-01", "2099-12-31", "2024-13-05")
_MU: Final = 666.67


def _filled(rows: Rows, name: str) -> Flags:
    if name not in rows.cells:
        return np.zeros(len(rows), dtype=bool)
    filled: Flags = rows.cells[name] != ""
    return filled


def _any_filled(rows: Rows, names: Sequence[str]) -> Flags:
    filled: Flags = np.logical_or.reduce([_filled(rows, name) for name in names])
    return filled


def _has(name: str) -> Callable[[Rows, Layout, Chunk], Flags]:
    return lambda rows, _layout, _chunk: _filled(rows, name)


def _each(name: str, change: Callable[[str, np.random.Generator], str]) -> Callable[[Rows, Ints, Layout, Chunk], None]:
    """Change one field, cell by cell; used for faults of a few rows in a hundred."""

    def spoil(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
        cell = rows.cells[name]
        for at in picked.tolist():
            cell[at] = change(cell[at], chunk.rng)

    return spoil


def _old_number(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    rows.cells["uscc"][picked] = chunk.subjects.registration_no[rows.who[picked]]


def _organisation(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    codes = chunk.subjects.organisation_code[rows.who[picked]]
    rows.cells["uscc"][picked] = np.array([f"{c[:8]}-{c[8]}" if n % 2 else c for n, c in enumerate(codes)], dtype=object)


def _known(name: str) -> Callable[[Rows, Layout, Chunk], Flags]:
    """Rows with a code whose subject has this other number or name."""

    def able(rows: Rows, _layout: Layout, chunk: Chunk) -> Flags:
        known: Flags = (rows.who >= 0) & (getattr(chunk.subjects, name)[rows.who] != "")
        return known & _filled(rows, "name" if name == "former_name" else "uscc")

    return able


def _rounded_field(rows: Rows) -> str:
    return next((name for name in ("resident_id", "registration_no") if name in rows.cells), "")


def _former(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    rows.cells["name"][picked] = chunk.subjects.former_name[rows.who[picked]]


def _reword(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    ground = chunk.world.ground
    cell, county = rows.cells["name"], chunk.subjects.county[rows.who[picked]]
    for at, place in zip(picked.tolist(), county.tolist(), strict=True):
        region = ground.county_region[place]
        cell[at] = reworded(cell[at], chunk.rng, region=region if chunk.rng.random() < 0.5 else ground.city_name[ground.county_city[place]])


def _mistype(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    homonyms = chunk.world.words.homonyms
    for at in picked.tolist():
        rows.cells["name"][at] = mistyped(rows.cells["name"][at], chunk.rng, homonyms=homonyms)


def _address_field(rows: Rows) -> str:
    return "place" if "place" in rows.cells else "residence"


def _has_address(rows: Rows, _layout: Layout, _chunk: Chunk) -> Flags:
    return _filled(rows, _address_field(rows)) & (rows.spot >= 0)


def _vary_place(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    spots = rows.spot[picked] if "place" in rows.cells else rows.who[picked]
    rows.cells[_address_field(rows)][picked] = chunk.subjects.places.take(spots).variant(chunk.rng.integers(0, VARIANTS, len(picked)))


def _has_moved(rows: Rows, _layout: Layout, chunk: Chunk) -> Flags:
    moved: Flags = (rows.who >= 0) & (chunk.subjects.moved[rows.who] >= 0)
    return _filled(rows, "place") & moved & (rows.spot < len(chunk.subjects))


def _old_place(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    rows.cells["place"][picked] = chunk.subjects.places.take(rows.who[picked] + 2 * len(chunk.subjects)).written()


def _has_other_office(rows: Rows, layout: Layout, chunk: Chunk) -> Flags:
    ground = chunk.world.ground
    spelled = ground.office_spelling[layout.office]
    if layout.kind in {"agency", "inspector"}:
        return np.zeros(len(rows), dtype=bool)
    different: Flags = spelled[ground.neighbour[rows.office]] != spelled[rows.office]
    return _filled(rows, "office") & different


def _other_office(rows: Rows, picked: Ints, layout: Layout, chunk: Chunk) -> None:
    ground = chunk.world.ground
    rows.cells["office"][picked] = ground.office_spelling[layout.office][ground.neighbour[rows.office[picked]]]


def _other_division(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    codes = chunk.world.ground.county_code
    cell = rows.cells["division"]
    for at in picked.tolist():
        near = int(np.searchsorted(codes, int(cell[at])))
        cell[at] = str(codes[(near + 1) % len(codes)]) if chunk.rng.random() < 0.8 else cell[at][:4] + "99"


def _fields(layout: Layout, shape: Shape) -> list[str]:
    return [name for name in layout.fields if layout.dataset[name].shape is shape]


def _first_filled(rows: Rows, layout: Layout, shape: Shape) -> tuple[str, Flags]:
    """Return the first field of that shape and where it is filled."""
    names = _fields(layout, shape)
    return (names[0], _filled(rows, names[0])) if names else ("", np.zeros(len(rows), dtype=bool))


def _any_of(shape: Shape) -> Callable[[Rows, Layout, Chunk], Flags]:
    return lambda rows, layout, _chunk: _first_filled(rows, layout, shape)[1]


@cache
def _day_of(dialect: int) -> dict[str, int]:
    """Return text to day, for the days a province knows."""
    days = np.arange(0, 33_000)
    return dict(zip(day_text(days, dialect=dialect).tolist(), days.tolist(), strict=True))


def _redate(rows: Rows, picked: Ints, layout: Layout, chunk: Chunk) -> None:
    """Write one date of each row in another dialect; an end of validity may become 长期."""
    names = _fields(layout, Shape.DATE)
    days = _day_of(layout.dialect)
    for at in picked.tolist():
        filled = [name for name in names if rows.cells[name][at] in days]
        name = filled[place_in(chunk.rng, len(filled))]
        dialect = (layout.dialect + 1 + place_in(chunk.rng, len(DIALECTS) - 1)) % len(DIALECTS)
        text = str(day_text(np.array([days[rows.cells[name][at]]]), dialect=dialect)[0])
        rows.cells[name][at] = "长期" if name == "valid_to" and chunk.rng.random() < 0.2 else text


def _misdate(rows: Rows, picked: Ints, layout: Layout, chunk: Chunk) -> None:
    names = _fields(layout, Shape.DATE)
    for at in picked.tolist():
        filled = [name for name in names if rows.cells[name][at]]
        rows.cells[filled[place_in(chunk.rng, len(filled))]][at] = _IMPOSSIBLE[place_in(chunk.rng, len(_IMPOSSIBLE))]


def _plain(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _is_positive(shape: Shape) -> Callable[[Rows, Layout, Chunk], Flags]:
    def able(rows: Rows, layout: Layout, _chunk: Chunk) -> Flags:
        name, filled = _first_filled(rows, layout, shape)
        return filled & (rows.cells[name] != "0") if name else filled

    return able


def _misunit(rows: Rows, picked: Ints, layout: Layout, _chunk: Chunk) -> None:
    name, _ = _first_filled(rows, layout, Shape.MONEY)
    in_yuan = layout.units.get(name, layout.dataset[name].element.unit) == "元"
    for at in picked.tolist():
        rows.cells[name][at] = _plain(float(rows.cells[name][at]) * (1e-4 if in_yuan else 1e4))


def _to_mu(rows: Rows, picked: Ints, _layout: Layout, _chunk: Chunk) -> None:
    for at in picked.tolist():
        rows.cells["area"][at] = _plain(float(rows.cells["area"][at]) / _MU)


def _is_jy(rows: Rows, _layout: Layout, _chunk: Chunk) -> Flags:
    filled = _filled(rows, "licence_no")
    return filled & np.array([text.startswith("JY") for text in rows.cells["licence_no"].tolist()], dtype=bool) if filled.any() else filled


def _needed(rows: Rows, layout: Layout) -> list[str]:
    return [f.name for f in layout.dataset.required if f.name in rows.cells and f.name != "uscc"]


def _blank_needed(rows: Rows, picked: Ints, layout: Layout, chunk: Chunk) -> None:
    names = _needed(rows, layout)
    for at in picked.tolist():
        filled = [name for name in names if rows.cells[name][at]]
        rows.cells[filled[place_in(chunk.rng, len(filled))]][at] = ""


def _has_needed(rows: Rows, layout: Layout, _chunk: Chunk) -> Flags:
    if layout.kind == "agency":  # the list of offices is the reference: it may be clumsy, not blank
        return np.zeros(len(rows), dtype=bool)
    return _any_filled(rows, _needed(rows, layout))


def _hide(rows: Rows, picked: Ints, _layout: Layout, chunk: Chunk) -> None:
    names = [name for name in ("uscc", "name", "licence_no", "legal_person", "inspector", "agency") if name in rows.cells]
    for at in picked.tolist():
        filled = [name for name in names if rows.cells[name][at]]
        name = filled[place_in(chunk.rng, len(filled))]
        rows.cells[name][at] = hidden(rows.cells[name][at], chunk.rng)


def _can_hide(rows: Rows, _layout: Layout, _chunk: Chunk) -> Flags:
    return _any_filled(rows, ("uscc", "name", "licence_no", "inspector", "agency"))


#: Fault → (which rows can carry it, the change).
SPOILERS: Final[dict[str, tuple[Callable[[Rows, Layout, Chunk], Flags], Callable[[Rows, npt.NDArray[Any], Layout, Chunk], None]]]] = {
    "uscc_empty": (_has("uscc"), _each("uscc", lambda _text, _rng: "")),
    "uscc_one_sign": (_has("uscc"), _each("uscc", one_sign)),
    "uscc_transposed": (_has("uscc"), _each("uscc", transposed)),
    "uscc_confusable": (_has("uscc"), _each("uscc", confused)),
    "uscc_registration_no": (_known("registration_no"), _old_number),
    "uscc_organisation_code": (_known("organisation_code"), _organisation),
    "full_width": (_has("uscc"), _each("uscc", lambda text, _rng: text.translate(_WIDE))),
    "number_rounded": (
        lambda rows, _layout, _chunk: _filled(rows, _rounded_field(rows)),
        lambda rows, picked, layout, chunk: _each(_rounded_field(rows), rounded)(rows, picked, layout, chunk),
    ),
    "licence_form_digit": (_is_jy, _each("licence_no", other_form)),
    "licence_one_sign": (_has("licence_no"), _each("licence_no", one_sign)),
    "name_form": (_has("name"), _reword),
    "name_typo": (_has("name"), _mistype),
    "name_former": (_known("former_name"), _former),
    "place_variant": (_has_address, _vary_place),
    "place_moved": (_has_moved, _old_place),
    "office_wrong": (_has_other_office, _other_office),
    "division_wrong": (_has("division"), _other_division),
    "date_dialect": (_any_of(Shape.DATE), _redate),
    "date_impossible": (_any_of(Shape.DATE), _misdate),
    "money_unit": (_is_positive(Shape.MONEY), _misunit),
    "area_unit": (_is_positive(Shape.AREA), _to_mu),
    "phone_changed": (_has("phone"), _each("phone", other_phone)),
    "phone_garbled": (_has("phone"), _each("phone", garbled)),
    "cell_missing": (_has_needed, _blank_needed),
    "invisible": (_can_hide, _hide),
}
