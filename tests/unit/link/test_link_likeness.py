"""What the keys leave open joins the one code it resembles, with the weight of each part told."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from evenhand.engine import Engine
from evenhand.link import link
from evenhand.link.likeness_rules import read_likeness
from evenhand.rulebook import shipped_pack
from tests.factories.records import CODES, make_record, make_records

A, B = CODES[:2]
HERE = {"county_code": "350102", "town_code": "350102001", "road": "五四路", "office": "华大所"}
SHOP = {
    "name": "闽味源小吃店",
    "name_core": "闽味源小吃",
    "legal_person": "郑春梅",
    "phone": "13800138000",
    "place_key": "350102|五四路|8",
    **HERE,
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


@pytest.fixture(scope="module")
def told(engine: Engine) -> tuple[dict[str, Any], pa.Table, list[dict[str, Any]]]:
    """Two coded shops and four records that no key attaches."""
    rows = [
        make_record("a1", uscc=A, **SHOP),
        make_record("b1", uscc=B, name="和鼎茶行", name_core="和鼎茶", legal_person="林二", county_code="350103"),
        # another house on the road, a homophone in the name, the same person: alike enough
        make_record("o1", **SHOP | {"name": "敏味源小吃店", "name_core": "敏味源小吃", "phone": None, "place_key": "350102|五四路|9"}),
        # only the person's name in the county: shown to people
        make_record("o2", name="老郑水果店", name_core="老郑水果", legal_person="郑春梅", county_code="350102", town_code="350102001"),
        make_record("o3", name="别家", legal_person="陈一", county_code="350104"),
        make_record("o4", **SHOP | {"name": "敏味源小吃店", "name_core": "敏味源小吃", "phone": None, "place_key": None, "name_branch": "分店"}),
    ]  # fmt: skip
    crowd = [make_record(f"c{n}", uscc=B, legal_person=f"某{n}", name=f"店{n}") for n in range(200)]  # so that a name is rare
    rows += crowd
    found = link(engine.table(make_records(rows)), pack=shipped_pack(), engine=engine)
    members = {m["record_id"]: m for m in engine.arrow(found.membership).to_pylist()}
    return members, engine.arrow(found.weights), engine.arrow(found.conflict).to_pylist()


def test_a_record_that_resembles_one_code_joins_it(told):
    members, _, _ = told

    assert members["o1"]["subject_id"] == members["a1"]["subject_id"]
    assert members["o1"]["rule"] in {"LK-37", "LK-61"}


def test_what_resembles_nobody_or_is_a_branch_stays_alone(told):
    members, _, _ = told

    assert len({members[r]["subject_id"] for r in ("a1", "b1", "o3", "o4")}) == 4


def test_the_weights_of_a_pair_add_up_to_its_total_and_the_prior(told):
    _, weights, _ = told
    model = read_likeness(shipped_pack())
    pairs: dict[str, list[dict[str, Any]]] = {}
    for row in weights.to_pylist():
        pairs.setdefault(row["record_id"], []).append(row)

    assert pairs
    prior = _bits(model.prior)
    for unsorted in pairs.values():
        rows = sorted(unsorted, key=lambda row: row["part_order"])
        assert [r["part_order"] for r in rows] == list(range(len(model.parts)))
        assert sum(r["weight"] for r in rows) + prior == pytest.approx(rows[0]["total"], abs=0.05)


def test_no_compared_record_passes_for_sure_without_the_weight_for_it(told):
    members, weights, doubts = told
    bits = read_likeness(shipped_pack()).thresholds
    by_state = {row["record_id"]: (row["state"], row["total"]) for row in weights.to_pylist()}

    for record, (state, total) in by_state.items():
        assert (state == "自动归入") == (members[record]["rule"] == "LK-61")
        assert (state == "自动归入") <= (total >= bits.auto)
        assert (state == "待复核") == any(d["record_id"] == record and d["rule"] == "LK-C4" for d in doubts)


def _bits(chance: float) -> float:
    return math.log2(chance / (1 - chance))
