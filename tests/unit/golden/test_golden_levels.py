"""Issues of licences make chains, places move, branches have a head office."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from evenhand.engine import Engine
from evenhand.golden import golden
from evenhand.rulebook import shipped_pack
from evenhand.standards import TABLES
from tests.factories.records import make_extract, make_record, make_records

ASOF = date(2026, 6, 30)
Row = dict[str, Any]
HERE = {"place": "五四路8号", "place_key": "350102|五四路|8", "road": "五四路", "house_no": "8"}
THERE = {"place": "八一七路1号", "place_key": "350102|八一七路|1", "road": "八一七路", "house_no": "1"}
BESIDE = {"place": "八一七路菜市场旁", "place_key": "350102|八一七路|", "road": "八一七路"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


def levels(engine: Engine, rows: list[Row], **extracts: list[Row]) -> dict[str, list[Row]]:
    """The tables of golden; each row names its subject in `subject`."""
    record = engine.table(make_records([{k: v for k, v in row.items() if k != "subject"} for row in rows]))
    homes = [{"record_id": row["record_id"], "subject_id": row["subject"]} for row in rows]
    membership = engine.table(pa.Table.from_pylist(homes, schema=TABLES["membership"].schema.to_pyarrow()))
    finding = engine.table(TABLES["finding"].schema.to_pyarrow().empty_table())
    standard = {kind: engine.table(make_extract(kind, given)) for kind, given in extracts.items()}
    made = golden(standard, record, membership, finding, pack=shipped_pack(), engine=engine, asof=ASOF)
    names = ("licence", "licence_period", "site_move", "relation", "site")
    return {
        name: sorted(engine.arrow(getattr(made, name)).to_pylist(), key=lambda r: [str(r[k]) for k in TABLES[name].order]) for name in names
    }


def licensed(subject: str, *licences: Row) -> tuple[list[Row], list[Row]]:
    """Records and rows of operation licences of one subject; each licence says no, since, until and what else it has."""
    rows, given = [], []
    for n, one in enumerate(licences):
        number, more = f"{subject}-{n}", {"place": None} | one
        rows.append(
            make_record(
                number,
                licence_no=f"{subject}{more['no']}",
                licence_kind=more.get("kind", "JY"),
                county_code="350102",
                **{k: more.get(k) for k in HERE},
            )
            | {"subject": subject}
        )
        days = {"issued_on": date.fromisoformat(more["since"]), "valid_to": date.fromisoformat(more["until"])}
        given.append({"record_id": number, "form": more.get("form", "2"), "licence_status": more.get("status", "10"), **days})
    return rows, given


def together(cases: dict[str, tuple[list[Row], Any]]) -> tuple[list[Row], list[Row]]:
    """Records and licences of one subject per case."""
    made = [licensed(name, *licences) for name, (licences, _) in cases.items()]
    return [row for rows, _ in made for row in rows], [row for _, given in made for row in given]


CHAINS: dict[str, tuple[list[Row], list[tuple[str, int]]]] = {
    # One number: the second issue with a later last day is a renewal, with the same last day a change.
    "延续": ([HERE | {"no": "A", "since": "2020-01-01", "until": "2024-12-31"}, HERE | {"no": "A", "since": "2025-01-01", "until": "2029-12-31"}], [("首次", 1), ("延续", 2)]),
    "变更": ([HERE | {"no": "A", "since": "2022-01-01", "until": "2026-12-31"}, HERE | {"no": "A", "since": "2023-05-01", "until": "2026-12-31"}], [("首次", 1), ("变更", 2)]),
    # A gap of 183 days, and of 184.
    "换号": ([HERE | {"no": "A", "since": "2019-01-01", "until": "2023-12-31"}, HERE | {"no": "B", "since": "2024-07-02", "until": "2029-07-01"}], [("首次", 1), ("换号", 2)]),
    "隔久": ([HERE | {"no": "A", "since": "2019-01-01", "until": "2023-12-31"}, HERE | {"no": "B", "since": "2024-07-03", "until": "2029-07-02"}], [("首次", 1), ("首次", 1)]),
    # An overlap of 130 days, and of 131; given up, any overlap will do.
    "重叠": ([HERE | {"no": "A", "since": "2019-01-01", "until": "2023-12-31"}, HERE | {"no": "B", "since": "2023-08-24", "until": "2028-08-23"}], [("首次", 1), ("换号", 2)]),
    "并存": ([HERE | {"no": "A", "since": "2019-01-01", "until": "2023-12-31"}, HERE | {"no": "B", "since": "2023-08-23", "until": "2028-08-22"}], [("首次", 1), ("首次", 1)]),
    "注销": ([HERE | {"no": "A", "since": "2021-01-01", "until": "2025-12-31", "status": "60"}, HERE | {"no": "B", "since": "2022-01-01", "until": "2026-12-31"}], [("首次", 1), ("换号", 2)]),
    # Another place, another form of business: another chain.
    "异地": ([HERE | {"no": "A", "since": "2019-01-01", "until": "2023-12-31"}, THERE | {"no": "B", "since": "2024-01-01", "until": "2028-12-31"}], [("首次", 1), ("首次", 1)]),
    "异业": ([HERE | {"no": "A", "since": "2019-01-01", "until": "2023-12-31"}, HERE | {"no": "B", "since": "2024-01-01", "until": "2028-12-31", "form": "1"}], [("首次", 1), ("首次", 1)]),
    # Certificates of before October 2015.
    "旧证": ([HERE | {"no": "A", "kind": "旧证", "since": "2012-01-01", "until": "2014-12-31"}, HERE | {"no": "B", "since": "2021-01-01", "until": "2025-12-31"}], [("首次", 1), ("旧证换发", 2)]),
    "旧久": ([HERE | {"no": "A", "kind": "旧证", "since": "2009-01-01", "until": "2011-12-31"}, HERE | {"no": "B", "since": "2022-01-02", "until": "2027-01-01"}], [("首次", 1), ("首次", 1)]),
    # What comes after a chain goes on with its last number.
    "三张": ([HERE | {"no": no, "since": f"{year}-01-01", "until": f"{year + 4}-12-31"} for no, year in (("A", 2016), ("B", 2021), ("C", 2026))], [("首次", 1), ("换号", 2), ("换号", 3)]),
}  # fmt: skip


def test_issues_make_chains_at_one_place_in_one_form_of_business(engine):
    rows, given = together(CHAINS)

    periods = levels(engine, rows, operation_licence=given)["licence_period"]

    told: dict[str, list[Row]] = {}
    for period in sorted(periods, key=lambda p: (p["begins_on"], p["licence_no"])):
        told.setdefault(period["subject_id"], []).append(period)
    assert {name: [(p["step"], p["chain_order"]) for p in told[name]] for name in CHAINS} == {
        name: steps for name, (_, steps) in CHAINS.items()
    }
    for name, (_, steps) in CHAINS.items():
        assert len({p["chain_id"] for p in told[name]}) == [order for _, order in steps].count(1), name
    assert told["旧证"][1]["evidence"] == "同一场所、同一业态，接旧证旧证A（有效期至 2014-12-31），其间 2192 日没有证照记录"
    assert told["注销"][0]["ended_on"] == date(2022, 1, 1)
    assert (told["三张"][0]["next_no"], told["三张"][0]["next_on"]) == ("三张B", date(2021, 1, 1))


def test_the_issue_in_force_stands_for_a_number_that_is_renewed_ahead(engine):
    rows, given = licensed(
        "S1",
        HERE | {"no": "A", "since": "2021-08-01", "until": "2026-07-31"},
        HERE | {"no": "A", "since": "2026-08-01", "until": "2031-07-31"},
    )

    [licence] = levels(engine, rows, operation_licence=given)["licence"]

    assert (licence["record_id"], licence["status"], licence["chain_order"], licence["soon"]) == ("S1-0", "即将到期", 1, "是")


def test_one_code_has_several_licences_at_several_places_side_by_side(engine):
    rows, given = licensed(
        "S1",
        HERE | {"no": "A", "since": "2024-01-01", "until": "2028-12-31"},
        HERE | {"no": "B", "since": "2024-01-01", "until": "2028-12-31", "form": "1"},
        THERE | {"no": "C", "since": "2024-06-01", "until": "2029-05-31"},
    )

    made = levels(engine, rows, operation_licence=given)

    assert len(made["licence"]) == len({p["chain_id"] for p in made["licence_period"]}) == 3
    assert len(made["site"]) == 2
    assert made["site_move"] == []


MOVES: dict[str, tuple[list[Row], str | None]] = {
    "到期后": ([HERE | {"no": "A", "since": "2018-01-01", "until": "2022-12-31"}, THERE | {"no": "B", "since": "2023-01-01", "until": "2027-12-31"}], "MV-02"),
    "注销后": ([HERE | {"no": "A", "since": "2021-01-01", "until": "2025-12-31", "status": "60"}, THERE | {"no": "B", "since": "2022-01-01", "until": "2026-12-31"}], "MV-02"),
    "同号": ([HERE | {"no": "A", "since": "2021-01-01", "until": "2025-12-31"}, THERE | {"no": "A", "since": "2022-01-01", "until": "2025-12-31"}], "MV-01"),
    # Both valid: two places. The same road without a number: perhaps one place. The old place licensed again: no move.
    "两处": ([HERE | {"no": "A", "since": "2021-01-01", "until": "2025-12-31"}, THERE | {"no": "B", "since": "2022-01-01", "until": "2026-12-31"}], None),
    "地标": ([THERE | {"no": "A", "since": "2018-01-01", "until": "2022-12-31"}, BESIDE | {"no": "B", "since": "2023-01-01", "until": "2027-12-31"}], None),
    "续办": ([HERE | {"no": "A", "since": "2018-01-01", "until": "2022-12-31"}, THERE | {"no": "B", "since": "2022-12-01", "until": "2027-11-30"}, HERE | {"no": "A", "since": "2023-01-01", "until": "2027-12-31"}], None),
}  # fmt: skip


def test_a_place_has_moved_when_its_licence_was_over_as_the_next_began(engine):
    rows, given = together(MOVES)

    moves = {move["subject_id"]: move for move in levels(engine, rows, operation_licence=given)["site_move"]}

    assert {name: moves[name]["rule"] if name in moves else None for name in MOVES} == {name: rule for name, (_, rule) in MOVES.items()}
    move = moves["到期后"]
    assert (move["from_place"], move["to_place"], move["left_on"], move["moved_on"]) == (
        "五四路8号", "八一七路1号", date(2022, 12, 31), date(2023, 1, 1),
    )  # fmt: skip


def test_a_licence_given_up_with_the_whole_subject_tells_no_move(engine):
    rows, given = licensed(
        "S1",
        HERE | {"no": "A", "since": "2021-01-01", "until": "2025-12-31", "status": "60"},
        THERE | {"no": "B", "since": "2022-01-01", "until": "2026-12-31", "status": "60"},
    )
    rows.append(make_record("S1-r", kind="registration") | {"subject": "S1"})
    closed = [{"record_id": "S1-r", "registration_status": "注销", "cancelled_on": date(2024, 1, 1)}]

    made = levels(engine, rows, operation_licence=given, registration=closed)

    assert made["site_move"] == []
    assert {p["ended_on"] for p in made["licence_period"]} == {date(2024, 1, 1)}


def test_a_branch_has_the_head_office_that_its_name_tells(engine):
    names = [
        ("A", "甲食品有限公司", None), ("A1", "甲食品有限公司五四分店", "五四分店"), ("B", "乙食品有限公司", None), ("B2", "乙食品有限公司", None),
        ("B1", "乙食品有限公司鼓楼分公司", "鼓楼分公司"), ("C1", "丙食品有限公司鼓楼分公司", "鼓楼分公司"), ("D", "丁小吃店", None), ("D1", "丁小吃店（五四店）", "五四店"),
    ]  # fmt: skip
    rows = [make_record(s, name=name, name_branch=branch, kind="registration") | {"subject": s} for s, name, branch in names]

    relations = levels(engine, rows)["relation"]

    assert [(r["subject_id"], r["other_id"], r["evidence"]) for r in relations] == [
        ("A1", "A", "名称除去“五四分店”即为总机构名称"),
        ("B1", None, "名录中有 2 个叫“乙食品有限公司”的主体，不能确定是哪一个"),
        ("C1", None, "名录中没有叫“丙食品有限公司”的主体"),
    ]


def test_a_licence_given_up_on_moving_ended_when_the_next_began(engine):
    rows, given = licensed("S1", *MOVES["注销后"][0])

    periods = levels(engine, rows, operation_licence=given)["licence_period"]

    assert [(p["licence_no"], p["ended_on"]) for p in periods] == [("S1A", date(2022, 1, 1)), ("S1B", None)]
