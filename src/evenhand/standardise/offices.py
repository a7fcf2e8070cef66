"""Offices: one spelling per office, the official one when the table of agencies knows it.

华大所, 华大街道市监所, 鼓楼区华大工商所 and 福州市鼓楼区市场监督管理局华大市场监督管理所 are one office when the county is known; 华大 is also a street in
另一 county, so without the county the cell keeps its own (tidied) spelling.
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.standardise.dictionaries import Dictionaries
from evenhand.standardise.names import any_of

__all__ = ["OFFICE_PARTS", "agency_lookup", "clean_office", "office_parts"]

OFFICE_PARTS: Final = ("office_county", "office_city", "office_key")
"""Columns that `office_parts` adds."""


def clean_office(column: ir.StringValue, dictionaries: Dictionaries) -> ir.StringValue:
    """Return the name with its ending in the official wording (…市监所 → …市场监督管理所); the cell has been through `clean_line`."""
    station, bureau = dictionaries.offices["station"], dictionaries.offices["bureau"]
    tidy = column.re_search(rf"{any_of([station['canonical'], bureau['canonical'], *dictionaries.offices['not_stations']])}$")
    worded = ibis.cases(
        (column.re_search(rf"{any_of(bureau['suffixes'])}$"), column.re_replace(rf"{any_of(bureau['suffixes'])}$", bureau["canonical"])),
        (column.re_search(rf".{any_of(station['suffixes'])}$"), column.re_replace(rf"{any_of(station['suffixes'])}$", station["canonical"])),
        else_=column,
    )
    return tidy.ifelse(column, worded)


def office_parts(offices: ir.Table, dictionaries: Dictionaries) -> ir.Table:
    """Add the county and city an office's name speaks of and the key of its own name.

    Args:
        offices: one row per distinct cleaned name, column `office`, not null.
        dictionaries: of the pack.

    Returns:
        The same rows with `OFFICE_PARTS`. `office_key` is `所|华大` or `局|`.
    """
    d, rules = dictionaries.divisions, dictionaries.offices
    provinces = any_of([*d.provinces, *(name[:-1] for name in d.provinces)])
    cities = {**d.cities, **d.short_cities}
    front = rf"^(?:{provinces})?(?:{any_of(cities)})?(?:{any_of(d.counties)})?"
    table = offices.mutate(_front=offices.office.re_extract(front, 0))
    # 鼓楼区市场监督管理局华大市场监督管理所: the bureau in the middle goes.
    rest = table.office.substr(table._front.length()).re_replace(rf"^{any_of(rules['bureau']['suffixes'])}(.+)$", r"\1")  # noqa: SLF001 — a column of ours
    is_station = rest.re_search(rf"{any_of(rules['station']['suffixes'])}$")
    own = rest.re_replace(rf"{any_of([*rules['station']['suffixes'], *rules['bureau']['suffixes']])}$", "").re_replace(rf"{any_of(rules['town_suffixes'])}$", "")
    table = table.mutate(_own=own, _rank=is_station.ifelse("所|", "局|"))
    # 鼓楼华大所 and 鼓楼局 speak of the county; 湖里所 is the station of a street of that name.
    short = table._own.re_extract(rf"^({any_of(d.short_counties)}).{{2,}}$", 1)  # noqa: SLF001
    whole = (table._rank == "局|").ifelse(table._own.re_extract(rf"^{any_of(d.short_counties)}$", 0), "")  # noqa: SLF001
    named = (short == "").ifelse(whole, short)
    table = table.mutate(
        office_county=ibis.coalesce(_named(table._front.re_extract(rf"({any_of(d.counties)})$", 1), dict(d.counties)), _named(named, dict(d.short_counties))),  # noqa: SLF001
        office_city=_named(table._front.re_extract(any_of(cities), 0), cities),  # noqa: SLF001
        office_key=table._rank + table._own.substr(named.length()),  # noqa: SLF001
    )
    return table.select(*offices.columns, *OFFICE_PARTS)


def _named(name: ir.StringValue, codes: dict[str, str]) -> ir.StringValue:
    known = {name: code for name, code in codes.items() if code}
    return ibis.map(ibis.array(list(known)), ibis.array(list(known.values()))).get(name)


def agency_lookup(agencies: ir.Table) -> ir.Table:
    """Return official names by scope: one row per (scope, key) that names one office; scope is a county code or "" for the province.

    Args:
        agencies: columns `agency`, `county`, `office_key`; one row per agency, county may be null for higher levels.
    """
    in_county = agencies.filter(agencies.county.notnull()).select(scope="county", key="office_key", official="agency")
    anywhere = agencies.select(scope=ibis.literal(""), key="office_key", official="agency")
    every = ibis.union(in_county, anywhere, distinct=True)
    grouped = every.group_by("scope", "key").agg(official=every.official.min(), last=every.official.max())
    return grouped.filter(grouped.official == grouped.last).select("scope", "key", "official")
