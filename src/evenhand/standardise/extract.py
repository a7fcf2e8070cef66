"""Standard values of one extract: one cleaning per shape, the text as it came beside each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.identifiers import organisation_code, registration_no, resident_id, special_food_no, uscc
from evenhand.rulebook import Pack
from evenhand.standardise.codes import clean_code, clean_division, flag_of
from evenhand.standardise.dates import clean_date
from evenhand.standardise.dictionaries import Dictionaries, read_dictionaries
from evenhand.standardise.layers import Step, apply_steps, plain
from evenhand.standardise.offices import clean_office
from evenhand.standardise.phones import clean_phone, tighten_phone
from evenhand.standardise.quantities import clean_integer, clean_quantity, read_written_sum, strip_marks
from evenhand.standardise.text import blank_null_words, clean_line, clean_name_text, clean_text
from evenhand.standards import DataSet, Field, Shape, standard_schema

__all__ = ["standardise_extract"]

_NUMBERS: Final = {
    Shape.USCC: uscc.clean_column, Shape.ORGANISATION_CODE: organisation_code.clean_column, Shape.REGISTRATION_NO: registration_no.clean_column,
    Shape.LICENCE_NO: special_food_no.clean_column, Shape.RESIDENT_ID: resident_id.clean_column,
}  # fmt: skip
_TIDY_NUMBER: Final = r"^[\x{4e00}-\x{9fff}]{0,8}[0-9A-Z]+$"
_TEXTS: Final = {
    Shape.TEXT: clean_text, Shape.ITEMS: clean_text, Shape.SERIAL: clean_text, Shape.NAME: clean_name_text, Shape.PERSON: clean_name_text, Shape.ADDRESS: clean_line,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Context:
    """What the cleanings of one extract need besides the cell: rules of the pack, statements of the sources."""

    pack: Pack
    dictionaries: Dictionaries
    units: Mapping[str, Mapping[str, str]]
    codes: Mapping[str, Sequence[tuple[str, str, str]]]

    def spellings(self, name: str) -> dict[str, str]:
        """Spellings of a code list; none when the pack does not have it."""
        return self.pack.codes(name).spellings if name in self.pack.lists else {}


def standardise_extract(raw: ir.Table, extract: DataSet, *, pack: Pack, units: ir.Table, codes: ir.Table, engine: Engine) -> ir.Table:
    """Return the extract with each field's standard value, and `<field>_raw` as it came; no row is dropped, none changes place.

    Args:
        raw: one row per row of a delivery, schema `standards.raw_schema(extract)`.
        extract: the data set.
        pack: rule pack with the folder `standardise` and the division tables.
        units: columns source, field, unit: in which unit a source writes a field.
        codes: columns source, field, spelling, code: what a source's own spellings mean.
        engine: reads the two small tables.

    Returns:
        One row per row of `raw`, schema `standards.standard_schema(extract)`.
    """
    context = _Context(pack=pack, dictionaries=read_dictionaries(pack), units=_units(units, engine), codes=_codes(codes, engine))
    texts = {f"{field.name}_raw": raw[field.name] for field in extract}
    steps = {field.name: _steps(field, context) for field in extract}
    done = apply_steps(raw.mutate(**texts), steps)
    return done.select(*standard_schema(extract).names).cast(dict(standard_schema(extract).items()))


def _steps(field: Field, context: _Context) -> tuple[Step, ...]:
    """The cleaning of one field, step by step."""
    rules, shape = context.dictionaries, field.shape
    own, words = context.codes.get(field.name, ()), rules.null_words(field.name)
    no_words = plain(lambda cell: blank_null_words(cell, words))
    if shape in _NUMBERS:
        clean = _NUMBERS[shape]
        # 闽小餐350102000123 needs no work at all; the identifiers' own guard passes only Latin letters through.
        guarded = plain(lambda cell: cell.re_search(_TIDY_NUMBER).ifelse(cell, clean(cell)))
        return guarded, plain(lambda cell: cell.nullif("")), no_words
    if shape in _TEXTS:
        return plain(_TEXTS[shape]), no_words
    if shape in {Shape.MONEY, Shape.AREA}:
        stated = context.units.get(field.name, {})
        factors = rules.units[shape.value]
        return (
            plain(clean_text),
            plain(strip_marks),
            *((plain(read_written_sum),) if shape is Shape.MONEY else ()),
            lambda cell, source: clean_quantity(cell, source, factors=factors, unit=field.element.unit, source_units=stated),
        )
    if shape is Shape.FLAG:
        flags = context.spellings("flag")
        return plain(clean_text), lambda cell, source: clean_code(cell, source, spellings=flags, own=own), plain(flag_of)
    if shape in _OTHERS:
        return _OTHERS[shape](rules, no_words)
    spellings = context.spellings(field.element.codes)
    return plain(clean_text), no_words, lambda cell, source: clean_code(cell, source, spellings=spellings, own=own)


def _date(rules: Dictionaries, _no_words: Step) -> tuple[Step, ...]:
    dates = rules.text["dates"]
    return plain(clean_text), plain(
        lambda cell: clean_date(cell, open_ended=dates["open_ended"], years=(dates["first_year"], dates["last_year"]))
    )


def _phone(_rules: Dictionaries, no_words: Step) -> tuple[Step, ...]:
    return plain(clean_text), no_words, plain(tighten_phone), plain(clean_phone)


def _integer(_rules: Dictionaries, _no_words: Step) -> tuple[Step, ...]:
    return plain(clean_text), plain(strip_marks), plain(clean_integer)


def _division(rules: Dictionaries, no_words: Step) -> tuple[Step, ...]:
    return plain(clean_text), no_words, plain(lambda cell: clean_division(cell, divisions=rules.divisions))


def _office(rules: Dictionaries, no_words: Step) -> tuple[Step, ...]:
    return plain(clean_line), no_words, plain(lambda cell: clean_office(cell, rules))


_OTHERS: Final[dict[Shape, Callable[[Dictionaries, Step], tuple[Step, ...]]]] = {
    Shape.DATE: _date, Shape.PHONE: _phone, Shape.INTEGER: _integer, Shape.DIVISION: _division, Shape.OFFICE: _office,
}  # fmt: skip


def _units(units: ir.Table, engine: Engine) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in engine.arrow(units).sort_by([("field", "ascending"), ("source", "ascending")]).to_pylist():
        found.setdefault(row["field"], {})[row["source"]] = row["unit"]
    return found


def _codes(codes: ir.Table, engine: Engine) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in engine.arrow(codes).sort_by([("field", "ascending"), ("source", "ascending"), ("spelling", "ascending")]).to_pylist():
        found.setdefault(row["field"], []).append((row["source"], row["spelling"], row["code"]))
    return found
