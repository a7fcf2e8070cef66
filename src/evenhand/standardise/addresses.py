"""Addresses: the parts of a written address, and the main house number that all clerks agree on.

    福建省福州市鼓楼区东街街道军门社区五一北路83号之一中山大厦1层102室（中国银行对面）
    └ city 350100  └ county 350102 └ town 350102004   └ road 五一北路 └ house_no 83-1, main number 83

1. Brackets, spaces and marks go; # is 号.
2. Names of province, city and county are peeled off the front, old names too (长乐市 is 350112); the last county named counts.
   An address of another province is told by its front, too: 浙江省杭州市西湖区文三路1号 is in 330106.
3. The name of a town is peeled off when the province has it; its code is given when one town of that name is possible.
4. A road numbered in digits (817路) is written in words (八一七路). The road is what ends in 路, 街, 巷 … directly before the first
   number; without one, the village or market there.
5. The house number follows; 之一, -1, 附1 are its sub-number. 12层, 3号楼, 5组 are none.

Levels that are missing are filled only when one answer is possible; a county from outside (`hint`) is taken later, row by row.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.standardise.codes import look_up
from evenhand.standardise.dictionaries import Dictionaries, Divisions
from evenhand.standardise.names import any_of
from evenhand.standardise.outside import OTHER_WORD, outside_fronts

__all__ = ["ADDRESS_PARTS", "address_parts", "town_lookup"]

ADDRESS_PARTS: Final = ("city_code", "county_code", "town_name", "town_code", "road", "house_no", "main_no")
"""Columns that `address_parts` adds."""

_CHINESE_NUMERAL: Final = "[一二三四五六七八九十百零〇两]"
_PLAIN_DIGITS: Final = ("〇零一二三四五六七八九两", "001234567892")


def address_parts(addresses: ir.Table, dictionaries: Dictionaries, *, engine: Engine) -> ir.Table:
    """Add the parts of each address.

    Args:
        addresses: one row per distinct address, column `address` in storage form, not null; a saved table.
        dictionaries: of the pack.
        engine: saves the small table of prefixes.

    Returns:
        The same rows with `ADDRESS_PARTS`; a part that cannot be told is NULL.
    """
    d = dictionaries.divisions
    keyed = addresses.mutate(key_=_key_text(addresses.address))
    front = keyed.key_.re_extract(_front(d), 0)
    # 永安市场 is no place of 永安市, 晋江市区世纪大道 is one of 晋江市.
    after = keyed.key_.substr(front.length())
    taken = front.re_extract(rf"{any_of(name for name in (*d.cities, *d.counties) if name.endswith('市'))}$", 0)
    market = (taken != "") & after.re_search(OTHER_WORD)
    keyed = keyed.mutate(
        front_=market.ifelse(front.substr(0, front.length() - taken.length()), front),
        rest_=ibis.cases((market, taken + after), (taken != "", after.re_replace("^区(.{2,})$", r"\1")), else_=after),
    )
    keyed = engine.keep(_peel_short_county(keyed, d))
    fronts = engine.save(_front_codes(keyed.select("front_").distinct(), d))
    keyed = keyed.left_join(fronts, keyed.front_ == fronts.front).drop("front")
    keyed = keyed.mutate(county_code=ibis.coalesce(keyed.front_county, keyed.short_county_), city_code=keyed.front_city)
    keyed = keyed.mutate(city_code=ibis.coalesce(_city_of(keyed.county_code), keyed.city_code))
    keyed = _with_outside(keyed, d, engine)
    keyed = _with_town(keyed, d)
    return _with_road(keyed, dictionaries).select(*addresses.columns, *ADDRESS_PARTS)


def town_lookup(divisions: Divisions) -> pa.Table:
    """Return the towns by scope: one row per (scope, name) that names exactly one town; scope is a county, a city, or "" for the province."""
    seen: dict[tuple[str, str], set[str]] = {}
    for code, name, county in (*divisions.towns, *_former_towns(divisions)):
        for scope in (county, f"{county[:4]}00", ""):
            seen.setdefault((scope, name), set()).add(code)
    rows = sorted((scope, name, next(iter(codes))) for (scope, name), codes in seen.items() if len(codes) == 1)
    return pa.table({column: pa.array([row[at] for row in rows], pa.string()) for at, column in enumerate(("scope", "town", "code"))})


def _former_towns(divisions: Divisions) -> list[tuple[str, str, str]]:
    """Towns under the rank they had or will be called by (石码镇, today 石码街道), unless the county has a town of that very name."""
    known = {(county, name) for _, name, county in divisions.towns}
    ranks = ("街道", "镇", "乡")
    stems = [
        (code, name.removesuffix(rank), county)
        for code, name, county in divisions.towns
        for rank in ranks
        if name.endswith(rank) and len(name) > len(rank) + 1
    ]
    return [(code, stem + rank, county) for code, stem, county in stems for rank in ranks if (county, stem + rank) not in known]


def _city_of(county: ir.StringValue) -> ir.StringValue:
    return county.substr(0, 4) + "00"


def _key_text(address: ir.StringValue) -> ir.StringValue:
    unbracketed = (
        address.re_replace("（[^（）]*）", "").translate("#＃－—–～~", "号号-----").re_replace("[（） ,，。.、；;：:·]", "").upper()
    )
    return address.re_search(r"[^\x{30}-\x{39}\x{4e00}-\x{9fff}\-]").ifelse(unbracketed, address)


def _front(d: Divisions) -> str:
    provinces = any_of([*d.provinces, *(name[:-1] for name in d.provinces)])
    cities, short, counties = any_of(d.cities), any_of(d.short_cities), any_of(d.counties)
    return rf"^(?:中国)?(?:{provinces})*(?:{cities})*(?:(?:{short})?{counties})*"


def _front_codes(fronts: ir.Table, d: Divisions) -> ir.Table:
    """Codes of each distinct front: the first city, the last county."""
    city = fronts.front_.re_extract(any_of([*d.cities, *d.short_cities]), 0)
    county = fronts.front_.re_extract(rf"({any_of(d.counties)})$", 1)
    return fronts.select(
        front=fronts.front_,
        front_city=look_up(city, {**d.cities, **d.short_cities}),
        front_county=look_up(county, d.counties),
    )


def _peel_short_county(keyed: ir.Table, d: Divisions) -> ir.Table:
    """Peel 鼓楼 of 鼓楼五四路88号 and 福州 of 福州五四路: only before a road of two characters or more, so that 台江路 stays whole."""
    road = "(?:[^路街道巷弄0-9]{2,}(?:大道|路|街|巷|弄|村)|[0-9]{2,3}[东西南北中]?(?:大道|路|街))"
    cities, counties = any_of(d.short_cities), any_of(d.short_counties)
    pattern = rf"^(?:{cities})?({counties})({road}.*)$"
    city_pattern = rf"^(?:{cities})({road}.*)$"
    rest = keyed.rest_
    has_county, has_city = rest.re_search(pattern), rest.re_search(city_pattern)
    county = has_county.ifelse(rest.re_extract(pattern, 1), ibis.null("string"))
    city = (has_city & ~has_county).ifelse(rest.re_extract(rf"^{cities}", 0), "")
    peeled = ibis.cases((has_county, rest.re_extract(pattern, 2)), (has_city, rest.re_extract(city_pattern, 1)), else_=rest)
    return keyed.mutate(rest_=peeled, front_=keyed.front_ + city, short_county_=look_up(county, d.short_counties))


def _with_outside(keyed: ir.Table, d: Divisions, engine: Engine) -> ir.Table:
    """Where no division of ours was found and one of another province is, peel that: its county, or its city or province in place of the city."""
    none = keyed.filter(keyed.city_code.isnull() & keyed.county_code.isnull()).select("address", text="rest_")
    found = engine.save(outside_fronts(none, d, engine=engine)).rename(o_address="address")
    keyed = keyed.left_join(found, keyed.address == found.o_address).drop("o_address")
    is_county = ~keyed.outside.endswith("00")
    return keyed.mutate(
        county_code=ibis.coalesce(keyed.county_code, is_county.ifelse(keyed.outside, ibis.null("string"))),
        city_code=ibis.coalesce(keyed.city_code, is_county.ifelse(_city_of(keyed.outside), keyed.outside)),
        rest_=keyed.rest_.substr(ibis.coalesce(keyed.length, 0)),
    ).drop("outside", "length")


def _town_pattern(d: Divisions) -> str:
    """Names of towns by their last characters; the few names this would cut wrongly stand in front."""
    suffix = "(?:街道|镇|乡|农场|林场|茶场|开发区|保税区|保税港区|工业园区|工业区|旅游区|园区|华侨|生活区|盐场)"
    generic = rf"[^0-9路号]{{1,11}}?{suffix}"
    names = {name for _, name, _ in d.towns}
    odd = [name for name in names if (found := re.match(generic, name)) is None or found[0] != name]
    return rf"^(?:{any_of(odd)}|{generic})" if odd else rf"^{generic}"


def _with_town(keyed: ir.Table, d: Divisions) -> ir.Table:
    lookup = ibis.memtable(town_lookup(d))
    names = ibis.memtable(pa.table({"town_name": pa.array(sorted({name for _, name, _ in (*d.towns, *_former_towns(d))}))}))
    word = keyed.rest_.re_extract(_town_pattern(d), 0).nullif("")
    keyed = keyed.mutate(word_=word)
    keyed = keyed.left_join(names, keyed.word_ == names.town_name)
    keyed = keyed.mutate(scope_=ibis.coalesce(keyed.county_code, keyed.city_code, ibis.literal("")))
    keyed = (
        keyed.left_join(lookup, [keyed.scope_ == lookup.scope, keyed.town_name == lookup.town])
        .drop("scope", "town")
        .rename(town_code="code")
    )
    rest = keyed.town_name.isnull().ifelse(keyed.rest_, keyed.rest_.substr(keyed.town_name.length()))
    county = ibis.coalesce(keyed.county_code, keyed.town_code.substr(0, 6))
    keyed = keyed.mutate(rest_=rest, county_code=county)
    return keyed.mutate(city_code=ibis.coalesce(_city_of(keyed.county_code), keyed.city_code))


def _with_road(keyed: ir.Table, dictionaries: Dictionaries) -> ir.Table:
    rules = dictionaries.addresses
    # One layer each: written into one another they would multiply.
    for step in (partial(_tidy_rest, rules=rules), _house_in_digits, _sub_number_in_digits, _road_in_words):
        keyed = keyed.mutate(rest_=step(keyed.rest_))
    head = keyed.rest_.re_extract("^[^0-9]*(?:[0-9]{3}[国省县]道)?", 0)
    keyed = keyed.mutate(head_=head, tail_=keyed.rest_.substr(head.length()))
    roads, places = any_of(rules["road_suffixes"]), any_of(rules["place_suffixes"])
    # A word may hold one suffix character before its own suffix (上街村) and, at the very front, begin with one (街尾路).
    word = "(?:^[路街巷弄村])?[^路街巷弄村]+[路街巷弄]?"
    at_end = rf"({word}(?:{roads}|{places}))$"
    anywhere = rf"^({word}(?:{roads}|{places}))"
    is_house = keyed.tail_.re_search("^[0-9]+") & ~keyed.tail_.re_search(rf"^[0-9]+[A-Z]?{any_of(rules['not_house_numbers'])}")
    last = keyed.head_.re_extract(at_end, 1)
    first = keyed.head_.re_extract(anywhere, 1)
    numbered = is_house & (last != "")
    keyed = keyed.mutate(road=numbered.ifelse(last, first).nullif(""), numbered_=numbered)
    number = r"^0*([0-9]+[A-Z]?(?:弄[0-9]+)?)"
    sub = r"^[0-9]+[A-Z]?(?:弄[0-9]+)?号?(?:[-之附]+)([0-9]+)"
    main = keyed.numbered_.ifelse(keyed.tail_.re_extract(number, 1), "").nullif("")
    sub_number = keyed.numbered_.ifelse(keyed.tail_.re_extract(sub, 1), "").nullif("")
    return keyed.mutate(main_no=main, house_no=sub_number.isnull().ifelse(main, main + "-" + sub_number))


def _tidy_rest(rest: ir.StringValue, rules: Mapping[str, Any]) -> ir.StringValue:
    """Drop communities, village groups and 第/NO; write village committees as 村."""
    committee = any_of(rules["village_committees"])
    # 五一路村委会旁 stands on 五一路, but 上街村委会 is the committee of 上街村.
    village = (
        rest.re_replace(rf"([路巷弄]){committee}", r"\1")
        .re_replace(rf"村?{committee}", "村")
        .re_replace("村(?:第?[0-9一二三四五六七八九十]+(?:村民)?小?组)", "村")
    )
    village = village.re_replace("^办事处", "")
    community = village.re_replace(rf"^[^0-9路街巷]{{1,8}}?{any_of(rules['communities'])}([^0-9].*)$", r"\1")
    plain = community.re_replace("([路街巷弄里村道])(?:门牌)?(?:第|NO|N0|门牌)([0-9])", r"\1\2").replace("门牌", "")
    return rest.re_search("^办事处|社区|居委|居民委|委会|委员会|组|第|NO|N0|门牌").ifelse(plain, rest)


def _road_in_words(rest: ir.StringValue) -> ir.StringValue:
    """Write the number of a road at the front in Chinese, sign by sign: 817北路 is 八一七北路; 324国道 keeps its digits."""
    number = rest.re_extract("^([0-9]{2,3})[东西南北中]?(?:路|街|大道)", 1)
    return (number == "").ifelse(rest, number.translate("0123456789", "〇一二三四五六七八九") + rest.substr(number.length()))


def _house_in_digits(rest: ir.StringValue) -> ir.StringValue:
    """Write the Chinese numbers before 号 and 弄 as digits; numerals in road names (五一路) stay."""
    written = rest.re_extract(f"({_CHINESE_NUMERAL}+)[号弄]", 1)
    return (written == "").ifelse(rest, rest.re_replace(f"{_CHINESE_NUMERAL}+([号弄])", r"@\1").replace("@", _number(written)))


def _sub_number_in_digits(rest: ir.StringValue) -> ir.StringValue:
    """Write the Chinese numbers after 之 and 附 as digits."""
    written = rest.re_extract(f"[之附]({_CHINESE_NUMERAL}+)", 1)
    return (written == "").ifelse(rest, rest.re_replace(f"([之附]){_CHINESE_NUMERAL}+", r"\1@").replace("@", _number(written)))


def _number(written: ir.StringValue) -> ir.StringValue:
    # Up to 999: hundreds, tens, ones; a row of plain numerals (一二八) is read sign by sign.
    plain = written.translate(*_PLAIN_DIGITS)
    hundreds = plain.re_extract("^([1-9])百", 1)
    rest = plain.re_replace("^[1-9]百0?", "")
    tens = ibis.cases((rest.re_search("^十"), "1"), else_=rest.re_extract("^([1-9])十", 1))
    ones = rest.re_extract("([0-9])$", 1)
    filled = ibis.cases((hundreds != "", hundreds + tens.nullif("").fill_null("0")), else_=tens) + ones.nullif("").fill_null("0")
    return written.re_search("[十百]").ifelse(filled, plain)
