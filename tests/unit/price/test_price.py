"""What an open defect touches: counted once for each subject, weighed by the pack, summed by rule and place."""

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import yaml

from evenhand.errors import BadInput
from evenhand.price import NEEDED, PriceRules, price, read_price_rules
from evenhand.rulebook import load_pack, shipped_pack
from evenhand.standards import REACHES, TABLES

RULES = PriceRules(
    term="x", name="x", meaning="x", source="x", read_on="x", confidence="DESIGN", subject=1,
    weights={"licences": 3, "sites": 2, "inspections": 4, "grounds": 4, "campaigns": 3, "tags": 1, "grades": 1},
)  # fmt: skip
A, B = {"county_code": "350102", "office": "华大所"}, {"county_code": "350103", "office": "洋中所"}


def table(name: str, rows: list[dict[str, Any]]) -> ibis.Table:
    schema = TABLES[name].schema.to_pyarrow()
    return ibis.memtable(pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema))


def priced(**tables: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Two subjects, a and b; a has a licence and two inspections (record r1, r2), b has a complaint (r3)."""
    held: dict[str, list[dict[str, Any]]] = {key: [] for key in NEEDED} | {
        "subject": [{"subject_id": "a"} | A, {"subject_id": "b"} | B],
        "licence": [{"subject_id": "a", "licence_no": "1"}],
        "record": [{"record_id": "r1", "kind": "inspection"}, {"record_id": "r2", "kind": "inspection"}, {"record_id": "r3", "kind": "complaint"}],
        "membership": [{"record_id": "r1", "subject_id": "a"}, {"record_id": "r2", "subject_id": "a"}, {"record_id": "r3", "subject_id": "b"}],
    }  # fmt: skip
    found = price({name: table(name, rows) for name, rows in (held | tables).items()}, rules=RULES)
    con = ibis.duckdb.connect()
    return con.to_pyarrow(found.reach.order_by("subject_id")).to_pylist(), con.to_pyarrow(found.price.order_by("item", "rule")).to_pylist()


def test_a_subject_costs_itself_and_all_that_hangs_on_it():
    reach, _ = priced()

    assert [(row["licences"], row["inspections"], row["grounds"], row["price"]) for row in reach] == [
        (1, 2, 0, 1 + 3 + 2 * 4),
        (0, 0, 1, 1 + 4),
    ]


def test_a_rule_counts_a_subject_once_however_often_it_fails():
    failed = {"rule": "Q-1", "outcome": "fail"}
    _, prices = priced(
        finding=[failed | {"record_id": "r1"}, failed | {"record_id": "r2"}, {"rule": "Q-1", "outcome": "unknown", "record_id": "r3"}]
    )

    assert [(row["item"], row["rule"], row["subjects"], row["price"], row["office"]) for row in prices] == [
        ("finding", "Q-1", 1, 12, "华大所")
    ]


def test_a_doubtful_pair_touches_both_sides_and_the_record_between_them():
    _, prices = priced(conflict=[{"rule": "LK-C2", "left_id": "a", "right_id": "b", "record_id": "r3"}])

    assert sorted((row["office"], row["subjects"], row["price"]) for row in prices) == [("华大所", 1, 12), ("洋中所", 1, 5)]


def test_only_open_repairs_and_disputes_are_priced():
    repairs = [
        {"record_id": "r1", "rank": 1, "rule": "RP", "state": "auto"},
        {"record_id": "r3", "rank": 1, "rule": "RP", "state": "review"},
    ]
    offices = [{"subject_id": "a", "state": "存疑"}, {"subject_id": "b", "state": "更正"}]
    _, prices = priced(repair=repairs, jurisdiction=offices)

    assert [(row["item"], row["rule"], row["price"]) for row in prices] == [("office", "", 12), ("repair", "RP", 5)]


def test_each_reach_names_a_table_or_kinds_and_has_its_column_and_weight():
    for reach in REACHES:
        assert bool(reach.table) != bool(reach.kinds)
        assert reach.name in TABLES["reach"].names
        assert reach.name in TABLES["price"].names
    assert set(read_price_rules(shipped_pack()).weights) == {reach.name for reach in REACHES}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weights": {}}, "缺影响项 licences 的权重"),
        ({"weights": RULES.weights | {"moons": 1}}, "没有影响项 moons"),
        ({"weights": RULES.weights | {"tags": -1}}, "tags 的权重小于 0"),
        ({"subject": -1}, "subject"),
    ],
)
def test_bad_weights_are_refused_with_their_place(tmp_path: Path, changes, words):
    for folder in ("codes", "price"):
        (tmp_path / folder).mkdir()
    rules = shipped_pack().documents("price")["price/weights.yaml"] | changes
    (tmp_path / "price" / "weights.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")

    with pytest.raises(BadInput, match="PRC-02") as refusal:
        read_price_rules(load_pack(tmp_path))
    assert words in str(refusal.value)


def test_a_pack_without_weights_is_refused(tmp_path: Path):
    (tmp_path / "codes").mkdir()

    with pytest.raises(BadInput, match="PRC-01"):
        read_price_rules(load_pack(tmp_path))
