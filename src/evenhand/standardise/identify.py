"""Identify: one row per row of every kind, with what tells whom it speaks of.

Names, addresses and offices are taken apart once per distinct text, saved, and joined back; everything else is one projection. Places:
what the text itself says goes first, then the row's division column, then the county of its office; a hint that contradicts the
city in the text is not taken.
"""

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.rulebook import Pack
from evenhand.standardise.addresses import address_parts, town_lookup
from evenhand.standardise.dictionaries import Dictionaries, read_dictionaries
from evenhand.standardise.names import name_parts
from evenhand.standardise.numbers import licence_columns, move_numbers
from evenhand.standardise.offices import agency_lookup, office_parts
from evenhand.standards import EXTRACTS, PROVENANCE, TABLES, DataSet

__all__ = ["identify"]

_TAKEN: Final = (
    "uscc",
    "organisation_code",
    "registration_no",
    "licence_no",
    "inspection_no",
    "name",
    "former_name",
    "legal_person",
    "phone",
    "place",
    "residence",
    "division",
    "office",
)

# Only what the record is made of: the tables that are joined must fit into memory together.
_PLACE_PARTS: Final = ("city_code", "county_code", "town_name", "town_code", "road", "house_no", "main_no")
_RESIDENCE_PARTS: Final = ("city_code", "county_code", "road", "main_no")

_NO_AGENCIES: Final = ibis.memtable(pa.table({"agency": pa.array([], pa.string()), "division": pa.array([], pa.string())}))


def identify(standard: Mapping[str, ir.Table], *, pack: Pack, engine: Engine) -> ir.Table:
    """Return one row per row of every kind, with the columns of `TABLES["record"]`.

    Args:
        standard: extract tables by kind, schema `standards.standard_schema`.
        pack: rule pack.
        engine: saves the tables of distinct names, addresses and offices.

    Returns:
        One row per row of the extracts, worked out. Kinds that bear no subject have empty identity columns.
    """
    dictionaries = read_dictionaries(pack)
    rows = ibis.union(*[_taken(table, EXTRACTS[kind]) for kind, table in standard.items()], distinct=False)
    named = engine.save(_distinct(rows, "name"))
    names = engine.keep(name_parts(named, dictionaries))
    engine.drop(named)
    # Most businesses are where their owner lives: only the residences that differ from the place are joined a second time.
    rows = rows.mutate(elsewhere=rows.residence.nullif(rows.place))
    elsewhere = engine.keep(_distinct(rows, "elsewhere", "address"))
    texts = engine.save(ibis.union(_distinct(rows, "place", "address"), elsewhere, distinct=True))
    addresses = engine.keep(address_parts(texts, dictionaries, engine=engine))
    engine.drop(texts)
    offices, officials = _offices(rows, standard, dictionaries, engine)
    towns = engine.save(ibis.memtable(town_lookup(dictionaries.divisions)))
    rows = _named(move_numbers(rows), names)
    rows = rows.left_join(offices, rows.office == offices.o_office).drop("o_office")
    rows = _joined(rows, addresses.select("address", *_PLACE_PARTS), "place", key="address", prefix="p_")
    residences = addresses.semi_join(elsewhere, "address").select("address", *_RESIDENCE_PARTS)
    rows = _joined(rows, residences, "elsewhere", key="address", prefix="r_")
    same = rows.elsewhere.isnull() & rows.residence.notnull()
    rows = rows.mutate(**{f"r_{part}": same.ifelse(rows[f"p_{part}"], rows[f"r_{part}"]) for part in _RESIDENCE_PARTS})
    return engine.keep(_record(rows, towns, officials))  # who reads it sorts it: that and the joins do not fit into memory together


def _taken(table: ir.Table, extract: DataSet) -> ir.Table:
    """Provenance and identity columns of one kind; what the kind lacks is NULL."""
    null = ibis.null("string")
    taken: dict[str, ir.Value] = {c.name: table[c.name] for c in PROVENANCE}
    for name in _TAKEN:
        taken[name] = table[name] if extract.bears_subject and name in extract else null
    if "product_no" in extract:
        taken["licence_no"] = ibis.coalesce(table.product_no, table.licence_no)
    if extract.bears_subject and "place" not in extract and "residence" in extract:
        taken["place"] = table.residence
    observed = ibis.coalesce(table[extract.observed], table.delivery)
    return table.select(**taken, observed_on=observed)


def _distinct(rows: ir.Table, column: str, name: str = "") -> ir.Table:
    return rows.filter(rows[column].notnull()).select(**{name or column: rows[column]}).distinct()


def _offices(rows: ir.Table, standard: Mapping[str, ir.Table], dictionaries: Dictionaries, engine: Engine) -> tuple[ir.Table, ir.Table]:
    """Distinct offices with their parts (columns `o_…`), and official names by scope and key."""
    agencies = standard.get("agency", _NO_AGENCIES)
    listed = agencies.filter(agencies.agency.notnull()).select(office="agency", division="division").distinct()
    parts = engine.save(office_parts(engine.save(_distinct(rows, "office").union(listed.select("office"), distinct=True)), dictionaries))
    known = listed.join(parts, "office")
    known = engine.save(known.select("office", "office_key", county=ibis.coalesce(known.office_county, known.division.substr(0, 6))))
    officials = engine.save(agency_lookup(known.select("county", "office_key", agency="office")))
    # The county of the agency whose name is spelt exactly so, or whose key is known once in the province.
    homes = known.group_by(official="office").agg(home=known.county.min(), last=known.county.max())
    homes = homes.filter(homes.home == homes.last).drop("last")
    anywhere = officials.filter(officials.scope == "").select(only_key="key", only="official")
    found = parts.left_join(anywhere, parts.office_key == anywhere.only_key).drop("only_key")
    found = found.mutate(official_=ibis.coalesce(found.only, found.office))
    found = found.left_join(homes, found.official_ == homes.official).drop("official")
    offices = found.select(
        o_office="office", o_key="office_key", o_county=ibis.coalesce(found.office_county, found.home), o_stated=found.office_county, o_city=found.office_city,
    )  # fmt: skip
    return engine.save(offices), officials


def _named(rows: ir.Table, names: ir.Table) -> ir.Table:
    # Most names match as they are written: kept as NULL, they cost the join no memory.
    parts = names.select("name", "name_core", "name_branch", match=names.name_match.nullif(names.name))
    rows = _joined(rows, parts, "name", key="name", prefix="n_")
    return rows.mutate(name_match=ibis.coalesce(rows.n_match, rows.name)).rename(name_core="n_name_core", name_branch="n_name_branch")


def _joined(rows: ir.Table, parts: ir.Table, column: str, *, key: str, prefix: str) -> ir.Table:
    """Add the parts of the text in `column`, their names prefixed; `parts` holds each text once, as `key`."""
    prefixed = parts.rename(f"{prefix}{{name}}")
    return rows.left_join(prefixed, rows[column] == prefixed[f"{prefix}{key}"]).drop(f"{prefix}{key}")


def _county(rows: ir.Table, prefix: str) -> ir.StringValue:
    """The county in the text; else of the division column, else of the office, unless it lies in another city than the text names."""
    own, city = rows[f"{prefix}county_code"], rows[f"{prefix}city_code"]
    division = rows.division.re_search("^[0-9]{4}(?:[1-9][0-9]|0[1-9])$").ifelse(rows.division, ibis.null("string"))
    hint = ibis.coalesce(division, rows.o_county)
    fits = rows[prefix[0] + "_here"] & (city.isnull() | (city.substr(0, 4) == hint.substr(0, 4)))
    return ibis.coalesce(own, fits.ifelse(hint, ibis.null("string")))


def _record(rows: ir.Table, towns: ir.Table, officials: ir.Table) -> ir.Table:
    rows = rows.mutate(p_here=rows.place.notnull(), r_here=rows.residence.notnull())
    rows = rows.mutate(county_code=_county(rows, "p_"), residence_county=_county(rows, "r_"))
    # The office decides by its own county first; the place's county serves names such as 华大所.
    rows = rows.mutate(office_scope_=ibis.coalesce(rows.o_stated, rows.county_code, rows.o_county, ibis.literal("")))
    rows = rows.left_join(officials, [rows.office_scope_ == officials.scope, rows.o_key == officials.key]).drop("scope", "key")
    anywhere = officials.filter(officials.scope == "").select(only_key="key", only_official="official")
    rows = rows.left_join(anywhere, rows.o_key == anywhere.only_key).drop("only_key")
    rows = (
        rows.left_join(towns, [rows.county_code == towns.scope, rows.p_town_name == towns.town])
        .drop("scope", "town")
        .rename(joined_town="code")
    )
    unstated = rows.o_stated.isnull().ifelse(rows.only_official, ibis.null("string"))
    number = licence_columns(rows.licence_no, rows.kind)
    bearing = rows.kind.isin([kind for kind, extract in EXTRACTS.items() if extract.bears_subject])
    record = rows.mutate(
        **number,
        uscc_state=bearing.ifelse(rows.uscc_state, ibis.null("string")),
        city_code=ibis.coalesce(rows.county_code.substr(0, 4) + "00", rows.p_city_code),
        town_code=ibis.coalesce(rows.p_town_code, rows.joined_town),
        road=rows.p_road,
        house_no=rows.p_house_no,
        place_key=_key(rows.county_code, rows.p_road, rows.p_main_no),
        residence_key=_key(rows.residence_county, rows.r_road, rows.r_main_no),
        office=ibis.coalesce(rows.official, unstated, rows.office),
    )
    return record.select(*TABLES["record"].names).cast(dict(TABLES["record"].schema.items()))


def _key(county: ir.StringValue, road: ir.StringValue, number: ir.StringValue) -> ir.StringValue:
    """县代码|路名|门牌号; NULL without county or road; the last part is empty without a number."""
    return county + "|" + road + "|" + number.fill_null("")
