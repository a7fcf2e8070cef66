"""Names: the storage form as registered, and the forms and parts that only serve matching.

| part | of 福建省福州市鼓楼区闽味源小吃店（个体工商户） |
| --- | --- |
| storage form | the same, brackets （） and no spaces |
| matching form | 福建省福州市鼓楼区闽味源小吃店 |
| core (brand and trade) | 闽味源小吃 |
| branch | NULL; of 永辉超市有限公司五四分店: 五四分店 |

The matching form unifies 有限责任公司 and 有限公司 and drops notes such as （个体工商户）, brackets, dots and spaces: two registered names may
share it, so it never decides alone.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.standardise.dictionaries import Dictionaries

__all__ = ["NAME_PARTS", "any_of", "name_parts"]

NAME_PARTS: Final = ("name_match", "name_region", "name_core", "name_brand", "name_trade", "name_form", "name_branch")
"""Columns that `name_parts` adds."""

_SHORTEST_CORE: Final = 2
_SHORTEST_SIGN: Final = 3


def any_of(words: Iterable[str]) -> str:
    """Return a regular expression for one of the words, longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


def name_parts(names: ir.Table, dictionaries: Dictionaries) -> ir.Table:
    """Add the matching form and the parts of each name.

    Args:
        names: one row per distinct name, column `name` in storage form, not null.
        dictionaries: of the pack.

    Returns:
        The same rows with `NAME_PARTS`; a part that is not there is NULL.
    """
    rules = dictionaries.names
    matched = names.mutate(name_match=_match(names.name, rules))
    cut = matched.mutate(plain_=_unified(matched.name, rules))
    region = _region(dictionaries)
    in_front = cut.plain_.re_extract(f"^{region}", 0)
    cut = cut.mutate(region_=(cut.plain_.length() - in_front.length() >= _SHORTEST_CORE).ifelse(in_front, ""))
    cut = cut.mutate(rest_=_unbracketed_region(cut.plain_.substr(cut.region_.length()), dictionaries))
    forms = any_of(rules["legal_forms"])
    cut = cut.mutate(name_form=cut.rest_.re_extract(rf"^.+?({forms})", 1).nullif(""))
    has_form = cut.name_form.notnull()
    tail = has_form.ifelse(cut.rest_.re_replace(rf"^.+?{forms}", ""), _bracket_branch(cut.rest_, rules))
    branch = tail.re_replace("[（）()]", "").nullif("")
    body = has_form.ifelse(
        cut.rest_.re_replace(rf"^(.+?){forms}.*$", r"\1"), cut.rest_.re_replace(rf"（[^（）]*{any_of(rules['branch_words'])}）$", "")
    )
    cut = cut.mutate(name_branch=branch, body_=body.re_replace("[（）·. ]", "").upper())
    ending = cut.body_.re_extract(rf"{any_of(rules['organisation_words'])}$", 0)
    length = cut.body_.length() - ending.length()
    core = (has_form | (length < _SHORTEST_SIGN)).ifelse(cut.body_, cut.body_.substr(0, length))
    cut = cut.mutate(name_core=core.nullif(""))
    trade = cut.name_core.re_extract(rf"^.+?((?:{any_of(rules['trades'])})+)[^（）]{{0,2}}$", 1).nullif("")
    cut = cut.mutate(name_region=cut.region_.nullif(""), name_trade=trade)
    brand = trade.isnull().ifelse(cut.name_core, cut.name_core.re_replace(rf"^(.+?)(?:{any_of(rules['trades'])})+[^（）]{{0,2}}$", r"\1"))
    return cut.mutate(name_brand=brand).select(*names.columns, *NAME_PARTS)


def _without_notes(name: ir.StringValue, rules: Any) -> ir.StringValue:
    cleaned = name.re_replace(f"（{any_of(rules['notes'])}）|（原[^（）]*）", "")
    return name.contains("（").ifelse(cleaned, name)


def _match(name: ir.StringValue, rules: Any) -> ir.StringValue:
    return name.re_search(r"[^\x{4e00}-\x{9fff}]|责任|股份公司|农民").ifelse(
        _unified(name, rules).re_replace(r"[（）·\-. &'’,，、]", "").upper(), name
    )


def _unified(name: ir.StringValue, rules: Any) -> ir.StringValue:
    plain = _without_notes(name, rules)
    for written, meant in sorted(rules["unify"].items(), key=lambda pair: -len(pair[0])):
        plain = plain.replace(written, meant)
    return plain


def _region(dictionaries: Dictionaries) -> str:
    d = dictionaries.divisions
    provinces = any_of([*d.provinces, *(name[:-1] for name in d.provinces)])
    town = "(?:[^路市县镇乡]{1,5}?街道|[^路街市县镇乡]{2,4}[镇乡])?"
    return rf"(?:中国)?(?:{provinces})?(?:{any_of([*d.cities, *d.short_cities])})?(?:{any_of(d.counties)}{town})?"


def _unbracketed_region(name: ir.StringValue, dictionaries: Dictionaries) -> ir.StringValue:
    d = dictionaries.divisions
    regions = any_of([*d.provinces, *(p[:-1] for p in d.provinces), *d.cities, *d.short_cities, *d.counties, *d.short_counties, "中国"])
    return name.contains("（").ifelse(name.re_replace(f"（{regions}）", ""), name)


def _bracket_branch(name: ir.StringValue, rules: Any) -> ir.StringValue:
    words = any_of(rules["branch_words"])
    return name.contains("（").ifelse(name.re_extract(rf"（([^（）]*{words})）$", 1), ibis.literal(""))
