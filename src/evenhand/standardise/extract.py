"""Standard values of one extract: one cleaning per shape, the text as it came beside each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.identifiers import organisation_code, registration_no, resident_id, special_food_no, uscc
from evenhand.rulebook import Pack
from evenhand.standardise.codes import clean_code, clean_division, clean_flag
from evenhand.standardise.dates import clean_date
from evenhand.standardise.dictionaries import Dictionaries, read_dictionaries
from evenhand.standardise.offices import clean_office
from evenhand.standardise.phones import clean_phone
from evenhand.standardise.quantities import clean_integer, clean_quantity
from evenhand.standardise.text import blank_null_words, clean_line, clean_name_text, clean_text
from evenhand.standards import PROVENANCE, DataSet, Field, Shape, standard_schema

__all__ = ["standardise_extract"]

_NUMBERS: Final = {
    Shape.USCC: uscc.clean_column, Shape.ORGANISATION_CODE: organisation_code.clean_column, Shape.REGISTRATION_NO: registration_no.clean_column,
    Shape.LICENCE_NO: special_food_no.clean_column, Shape.RESIDENT_ID: resident_id.clean_column,
}  # fmt: skip
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
    provenance = {column.name: raw[column.name] for column in PROVENANCE}
    values = {field.name: _standard(raw, field, context) for field in extract}
    texts = {f"{field.name}_raw": raw[field.name] for field in extract}
    return raw.select(**provenance, **values, **texts).cast(dict(standard_schema(extract).items()))


def _standard(raw: ir.Table, field: Field, context: _Context) -> ir.Value:  # noqa: PLR0911 — one line per shape
    cell, shape, rules = raw[field.name], field.shape, context.dictionaries
    own = context.codes.get(field.name, ())
    if shape in _NUMBERS:
        # Letters of no number: "无", "-" and the like leave no digit and no letter behind.
        cleaned = _NUMBERS[shape](cell)
        return cleaned.re_search("[0-9A-Z]{3}").ifelse(cleaned, blank_null_words(cleaned, rules.null_words(field.name))).nullif("")
    if shape in _TEXTS:
        return blank_null_words(_TEXTS[shape](cell), rules.null_words(field.name))
    if shape is Shape.OFFICE:
        return blank_null_words(clean_office(cell, rules), rules.null_words(field.name))
    if shape is Shape.DATE:
        dates = rules.text["dates"]
        return clean_date(cell, open_ended=dates["open_ended"], years=(dates["first_year"], dates["last_year"]))
    if shape is Shape.PHONE:
        return blank_null_words(clean_phone(cell), rules.null_words(field.name))
    if shape is Shape.INTEGER:
        return clean_integer(cell)
    if shape in {Shape.MONEY, Shape.AREA}:
        return clean_quantity(cell, raw.source, factors=rules.units[shape.value], unit=field.element.unit, source_units=context.units.get(field.name, {}))
    if shape is Shape.FLAG:
        return clean_flag(cell, raw.source, spellings=context.spellings("flag"), own=own)
    if shape is Shape.DIVISION:
        return blank_null_words(clean_division(cell, divisions=rules.divisions), rules.null_words(field.name))
    return blank_null_words(clean_code(cell, raw.source, spellings=context.spellings(field.element.codes), own=own), rules.null_words(field.name))


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
