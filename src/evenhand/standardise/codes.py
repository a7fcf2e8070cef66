"""Code lists: every spelling of a value becomes the code as issued; a spelling that is not listed stays as it was typed.

What a source's contract says about its own spellings goes first, then the code list of the pack: code, name, aliases. A note in
brackets at the end is left out when only that keeps a spelling from being found: 餐饮服务经营者（批发） is 2.
"""

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from evenhand.standardise.dictionaries import Divisions
from evenhand.standardise.names import any_of
from evenhand.standardise.text import plain_key, plain_key_of

__all__ = ["clean_code", "clean_division", "flag_of", "look_up"]


def look_up(key: ir.StringValue, mapping: Mapping[str, str]) -> ir.StringValue:
    """Return what each key is mapped to; NULL when it is not known, or known to have no answer ("")."""
    known = {name: code for name, code in mapping.items() if code}
    return ibis.map(ibis.array(list(known)), ibis.array(list(known.values()))).get(key) if known else ibis.null("string")


def _by_source(key: ir.StringValue, source: ir.StringValue, own: Sequence[tuple[str, str, str]]) -> ir.StringValue:
    branches = [((source == name) & (key == plain_key_of(spelling)), ibis.literal(code)) for name, spelling, code in own]
    return ibis.cases(*branches, else_=ibis.null("string")) if branches else ibis.null("string")


def clean_code(
    column: ir.StringValue, source: ir.StringValue, *, spellings: Mapping[str, str], own: Sequence[tuple[str, str, str]] = ()
) -> ir.StringValue:
    """Return the code of each cell.

    Args:
        column: text after `clean_text`.
        source: name of the source of each row.
        spellings: every spelling → code, of the pack's list.
        own: (source, spelling, code) that a source states for this field.
    """
    key = plain_key(column)
    known = {plain_key_of(spelling): code for spelling, code in reversed(list(spellings.items()))}
    bare = key.endswith(")").ifelse(key.re_replace(r"\([^()]*\)$", ""), ibis.null("string"))
    return ibis.coalesce(_by_source(key, source, own), look_up(key, known), look_up(bare, known), column)


def flag_of(code: ir.StringValue) -> ir.BooleanValue:
    """Return true or false from the code of the list of flags; what says neither is NULL."""
    return ibis.cases((code == "true", ibis.literal(value=True)), (code == "false", ibis.literal(value=False)), else_=ibis.null("boolean"))


def clean_division(column: ir.StringValue, *, divisions: Divisions) -> ir.StringValue:
    """Return the six digits of today's division: longer codes cut, old codes renewed where one successor exists, names looked up.

    What is neither a code nor a known name stays as it was typed.
    """
    number = column.re_extract(r"^([1-9][0-9]{5})(?:[0-9]{3}|[0-9]{6})?(?:\.0)?$", 1).nullif("")
    names = {**divisions.provinces, **divisions.cities, **divisions.short_counties, **divisions.counties}
    provinces = any_of([*divisions.provinces, *(name[:-1] for name in divisions.provinces)])
    own = column.re_replace(rf"^(?:{provinces})?(?:{any_of([*divisions.cities, *divisions.short_cities])})?(.+)$", r"\1")
    tidy = column.re_search(f"^{any_of(divisions.current)}$")
    renewed = ibis.coalesce(look_up(number, divisions.renamed), number)
    return tidy.ifelse(column, ibis.coalesce(renewed, look_up(column, names), look_up(own, names), column))
