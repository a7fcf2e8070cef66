"""Offices: one spelling per office, the official one when the table of agencies knows it.

华大所, 华大街道市监所, 鼓楼区华大工商所 and 福州市鼓楼区市场监督管理局华大市场监督管理所 are one office when the county is known; 华大 is also a street in
another county, so without the county the cell keeps its own (tidied) spelling.
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.standardise.codes import look_up
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
        (
            column.re_search(rf".{any_of(station['suffixes'])}$"),
            column.re_replace(rf"{any_of(station['suffixes'])}$", station["canonical"]),
        ),
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
    table = offices.mutate(front_=offices.office.re_extract(front, 0))
    # 鼓楼区市场监督管理局华大市场监督管理所: the bureau in the middle goes.
    rest = table.office.substr(table.front_.length()).re_replace(rf"^{any_of(rules['bureau']['suffixes'])}(.+)$", r"\1")
    is_station = rest.re_search(rf"{any_of(rules['station']['suffixes'])}$")
    own = rest.re_replace(rf"{any_of([*rules['station']['suffixes'], *rules['bureau']['suffixes']])}$", "").re_replace(
        rf"{any_of(rules['town_suffixes'])}$", ""
    )
    table = table.mutate(own_=own, rank_=is_station.ifelse("所|", "局|"))
    # 鼓楼华大所 and 鼓楼局 speak of the county; 湖里所 is the station of a street of that name.
    short = table.own_.re_extract(rf"^({any_of(d.short_counties)}).{{2,}}$", 1)
    whole = (table.rank_ == "局|").ifelse(table.own_.re_extract(rf"^{any_of(d.short_counties)}$", 0), "")
    named = (short == "").ifelse(whole, short)
    table = table.mutate(
        office_county=ibis.coalesce(
            look_up(table.front_.re_extract(rf"({any_of(d.counties)})$", 1), d.counties), look_up(named, d.short_counties)
        ),
        office_city=look_up(table.front_.re_extract(any_of(cities), 0), cities),
        office_key=table.rank_ + table.own_.substr(named.length()),
    )
    return table.select(*offices.columns, *OFFICE_PARTS)


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
