"""The responsible office: who votes, who wins, what is corrected and what is left to people."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from evenhand.engine import Engine
from evenhand.jurisdiction import responsible_offices
from evenhand.rulebook import shipped_pack
from evenhand.standards import TABLES
from tests.factories.records import make_extract, make_record, make_records

ASOF = date(2026, 6, 30)
BUREAU = "福州市鼓楼区市场监督管理局"
HUADA, DONGJIE, FISH, MAWEI = (
    f"{BUREAU}华大市场监督管理所",
    f"{BUREAU}东街市场监督管理所",
    "福州市马尾区市场监督管理局水产品交易中心市场监督管理所",
    "福州市马尾区市场监督管理局马尾市场监督管理所",
)
CITY = "福州市市场监督管理局"
AGENCIES = [
    {"agency_code": "350100000", "agency": CITY, "agency_level": "市局", "division": "350100"},
    {"agency_code": "350102000", "agency": BUREAU, "agency_level": "县局", "division": "350102"},
    {"agency_code": "350102001", "agency": HUADA, "agency_level": "监管所", "division": "350102", "area_text": "华大街道、鼓东街道"},
    {"agency_code": "350102002", "agency": DONGJIE, "agency_level": "监管所", "division": "350102", "area_text": "东街街道"},
    {"agency_code": "350105001", "agency": MAWEI, "agency_level": "监管所", "division": "350105", "area_text": "马尾镇"},
    {"agency_code": "350105004", "agency": FISH, "agency_level": "监管所", "division": "350105", "area_text": ""},
]
HUADA_TOWN, DONGJIE_TOWN, MAWEI_TOWN = "350102007", "350102004", "350105100"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


def place(key: str = "甲", town: str | None = HUADA_TOWN, county: str | None = "350102", **given: Any) -> dict[str, Any]:
    """A place as records and sites hold it."""
    return {"place_key": key, "place": key, "town_code": town, "county_code": county} | given


def decided(
    engine: Engine, *papers: tuple[str, str | None, dict[str, Any]], stated: str | None, agencies: list[dict[str, Any]] = AGENCIES,
    asof: date = ASOF, main: str = "甲", licences: list[dict[str, Any]] | None = None,
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """Decisions by place, and votes, of one subject with these papers: (kind, office, place); `stated` is what golden chose."""
    rows = [make_record(f"r{n}", kind=kind, office=office, **spot) for n, (kind, office, spot) in enumerate(papers)]
    spots = {row["place_key"]: row for row in rows if row["place_key"]}
    sites = [
        {name: row[name] for name in ("place", "place_key", "town_code", "county_code", "road", "office")} | {"site_id": f"T{key}", "subject_id": "S", "is_main": key == main}
        for key, row in spots.items()
    ]  # fmt: skip
    subject = {"subject_id": "S", "office": stated, "site_count": len(sites)}
    tables = {
        "agency": engine.table(make_extract("agency", [{"record_id": f"a{n}"} | row for n, row in enumerate(agencies)])),
        "record": engine.table(make_records(rows)),
        "membership": _table(engine, "membership", [{"record_id": row["record_id"], "subject_id": "S"} for row in rows]),
        "subject": _table(engine, "subject", [subject]),
        "site": _table(engine, "site", sites),
        "licence": _table(engine, "licence", [{"subject_id": "S", "licence_no": "JY1"} | row for row in licences or []]),
    }
    made = responsible_offices(tables, pack=shipped_pack(), engine=engine, asof=asof)
    answers = {(row["site_id"] or "T")[1:]: row for row in engine.arrow(made.jurisdiction).to_pylist()}
    return answers, engine.arrow(made.jurisdiction_vote).to_pylist()


def _table(engine: Engine, name: str, rows: list[dict[str, Any]]) -> Any:
    return engine.table(
        pa.Table.from_pylist([dict.fromkeys(TABLES[name].names) | row for row in rows], schema=TABLES[name].schema.to_pyarrow())
    )


def test_the_office_of_the_town_and_of_the_papers_is_agreed(engine):
    answers, votes = decided(engine, ("operation_licence", HUADA, place()), stated=HUADA)

    assert (answers["甲"]["office"], answers["甲"]["state"], answers["甲"]["due_on"]) == (HUADA, "一致", None)
    assert answers["甲"]["reason"] == "与来源所写相同；经营场所在华大街道，属该机构；1 类来源写的是该机构"
    assert sorted((v["voter"], v["weight"]) for v in votes) == [("operation_licence", 3.0), ("town", 5.0)]


def test_an_office_that_place_and_another_source_contradict_is_corrected_and_still_stands_beside(engine):
    answers, _ = decided(engine, ("operation_licence", DONGJIE, place()), ("inspection", HUADA, place()), stated=DONGJIE)

    assert (answers["甲"]["office"], answers["甲"]["stated"], answers["甲"]["state"]) == (HUADA, DONGJIE, "更正")


def test_a_place_alone_against_a_source_is_disputed_between_both_with_a_clock(engine):
    answers, _ = decided(engine, ("operation_licence", DONGJIE, place()), stated=DONGJIE)

    assert (answers["甲"]["office"], answers["甲"]["rival"], answers["甲"]["state"]) == (HUADA, DONGJIE, "存疑")
    assert answers["甲"]["due_on"] == date(2026, 7, 14)


def test_an_empty_office_is_filled_from_the_place(engine):
    answers, _ = decided(engine, ("operation_licence", None, place()), stated=None)

    assert (answers["甲"]["office"], answers["甲"]["state"]) == (HUADA, "更正")
    assert answers["甲"]["reason"].startswith("来源没有写明机构；")


def test_a_short_name_is_the_station_of_that_name_in_the_county(engine):
    short = "华大市场监督管理所"

    answers, _ = decided(engine, ("operation_licence", short, place()), stated=short)

    assert (answers["甲"]["office"], answers["甲"]["state"]) == (HUADA, "一致")


def test_a_town_that_no_station_claims_goes_to_the_bureau_for_it_to_decide(engine):
    answers, _ = decided(engine, ("operation_licence", None, place(town="350102009")), stated=None)

    assert (answers["甲"]["office"], answers["甲"]["state"]) == (BUREAU, "不明")
    assert answers["甲"]["reason"].endswith("暂记县局，由县局指定")


def test_a_zone_without_a_division_has_its_own_office(engine):
    inside = place(town=MAWEI_TOWN, county="350105", place="马尾镇水产品交易中心3号")

    answers, votes = decided(engine, ("operation_licence", FISH, inside), stated=FISH)

    assert (answers["甲"]["office"], answers["甲"]["state"]) == (FISH, "一致")
    assert [v["evidence"] for v in votes if v["voter"] == "zone"] == ["写有“水产品交易中心”"]


def test_a_market_named_in_the_area_of_an_office_is_a_zone_too(engine):
    agencies = [*AGENCIES[:-1], AGENCIES[-1] | {"area_text": "名城海鲜市场"}]
    inside = place(town=MAWEI_TOWN, county="350105", place="马尾镇名城海鲜市场3号")

    answers, _ = decided(engine, ("operation_licence", FISH, inside), stated=FISH, agencies=agencies)

    assert answers["甲"]["office"] == FISH


def _moved_area(day: date) -> list[dict[str, Any]]:
    """华大街道 goes from the station 华大 to the station 东街 on a day."""
    ends, begins = {"valid_to": date.fromordinal(day.toordinal() - 1)}, {"valid_from": day}
    huada, dongjie = AGENCIES[2], AGENCIES[3]
    return [
        AGENCIES[1],
        huada | ends,
        huada | begins | {"area_text": "鼓东街道"},
        dongjie | ends,
        dongjie | begins | {"area_text": "东街街道、华大街道"},
    ]


@pytest.mark.parametrize(("asof", "office"), [(date(2025, 12, 31), HUADA), (date(2026, 1, 1), DONGJIE)])
def test_the_area_in_force_on_the_day_decides(engine, asof: date, office: str):
    paper = ("operation_licence", None, place())

    answers, _ = decided(engine, paper, stated=None, agencies=_moved_area(date(2026, 1, 1)), asof=asof)

    assert answers["甲"]["office"] == office


def test_a_paper_from_before_the_area_changed_does_not_count_against_the_office_of_today(engine):
    old = ("operation_licence", HUADA, place(observed_on=date(2024, 5, 1)))
    new = ("inspection", DONGJIE, place(observed_on=date(2026, 3, 1)))

    answers, votes = decided(engine, old, new, stated=HUADA, agencies=_moved_area(date(2026, 1, 1)))

    assert (answers["甲"]["office"], answers["甲"]["state"]) == (DONGJIE, "更正")
    assert [(v["weight"], v["evidence"]) for v in votes if v["office"] == HUADA] == [
        (0.0, "1 条，最近 2024-05-01；辖区调整之前的说法，不计")
    ]


def test_a_closed_office_is_not_chosen(engine):
    agencies = [*AGENCIES[:2], AGENCIES[2] | {"valid_to": date(2025, 1, 1)}, AGENCIES[3] | {"area_text": "东街街道、华大街道"}]

    answers, _ = decided(engine, ("operation_licence", HUADA, place()), stated=HUADA, agencies=agencies)

    assert (answers["甲"]["office"], answers["甲"]["state"]) == (DONGJIE, "更正")
    assert answers["甲"]["reason"].startswith("来源所写的机构已撤销")


def test_an_office_above_the_county_is_never_corrected_without_a_person(engine):
    papers = [("operation_licence", CITY, place()), ("inspection", HUADA, place())]

    answers, _ = decided(engine, *papers, stated=CITY)

    assert (answers["甲"]["state"], answers["甲"]["rival"]) == ("存疑", CITY)


def test_an_office_that_answers_for_another_site_of_the_subject_is_a_doubt_and_no_error(engine):
    here, there = place("甲"), place("乙", town=DONGJIE_TOWN)
    papers = [("operation_licence", HUADA, here), ("inspection", HUADA, here), ("registration", DONGJIE, there)]

    answers, _ = decided(engine, *papers, stated=DONGJIE)

    assert (answers["甲"]["state"], answers["甲"]["office"], answers["甲"]["rival"]) == ("存疑", HUADA, DONGJIE)
    assert (answers["乙"]["state"], answers["乙"]["office"], answers["乙"]["is_main"]) == ("一致", DONGJIE, False)


def test_a_source_that_contradicts_itself_still_has_one_vote(engine):
    papers = [("inspection", HUADA, place())] * 3 + [("inspection", DONGJIE, place())]

    _, votes = decided(engine, *papers, stated=HUADA)

    assert sorted((v["office"], v["weight"]) for v in votes if v["voter"] == "inspection") == [(DONGJIE, 0.75), (HUADA, 2.25)]


def test_the_issuer_tells_the_county_and_does_not_stand_against_a_station(engine):
    papers = [("operation_licence", HUADA, place())]

    answers, votes = decided(engine, *papers, stated=HUADA, licences=[{"site_id": "T甲", "issuer": BUREAU}])

    assert ("issuer", BUREAU) in {(v["voter"], v["office"]) for v in votes}
    assert (answers["甲"]["office"], answers["甲"]["confidence"]) == (HUADA, round(8 / 8.5, 4))


def test_a_subject_without_a_place_is_decided_by_its_papers(engine):
    answers, _ = decided(engine, ("registration", HUADA, place("", town=None, county=None, place=None, place_key=None)), stated=HUADA)

    assert (answers[""]["office"], answers[""]["state"], answers[""]["is_main"]) == (HUADA, "一致", True)


def test_a_subject_of_which_nothing_is_known_is_unknown(engine):
    answers, votes = decided(engine, ("registration", None, place("", town=None, county=None, place=None, place_key=None)), stated=None)

    assert (answers[""]["office"], answers[""]["state"], answers[""]["reason"], votes) == (None, "不明", "没有任何线索", [])


def test_the_register_does_not_wait_for_the_holidays_of_a_year_not_yet_published(engine):
    answers, _ = decided(engine, ("operation_licence", DONGJIE, place()), stated=DONGJIE, asof=date(2026, 12, 28))

    assert (answers["甲"]["state"], answers["甲"]["due_on"]) == ("存疑", None)
