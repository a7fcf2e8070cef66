"""The file of decisions is append-only, tells every fault, and says which decisions stand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.decisions import (
    Apart,
    ChosenOffice,
    ChosenValue,
    Decision,
    Decisions,
    ManualRecord,
    Merge,
    RepairVerdict,
    Split,
    Withdrawal,
    add_decision,
    choose_offices,
    choose_values,
    no_decisions,
    read_decisions,
)
from evenhand.engine import Engine
from evenhand.errors import BadInput
from evenhand.standards import TABLES

CODE, OTHER = "91350102MA2XTE0T4E", "92350105MA8UAB1268"
ONE, TWO = "0" * 23 + "1", "0" * 23 + "2"


def said(kind: type[Decision], number: int, **about: Any) -> Decision:
    return kind.model_validate(
        {"id": f"d{number}", "at": datetime(2026, 6, 1, number, tzinfo=UTC), "by": "陈静", "why": "现场核实"} | about
    )


def codes_of(path: Path) -> list[str]:
    """Codes of the refusal of a file."""
    with pytest.raises(BadInput) as refusal:
        read_decisions(path)
    return [problem.code for problem in refusal.value.problems]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "认定.jsonl"
    for decision in (said(Merge, 1, subjects=[ONE, CODE]), said(Split, 2, records=[TWO]), said(Withdrawal, 3, decision="d1")):
        add_decision(path, decision)
    return path


def test_what_was_added_is_read_back(ledger):
    told = read_decisions(ledger)

    assert [d.id for d in told.lines] == ["d1", "d2", "d3"]
    assert [d.id for d in told.standing] == ["d2"]


def test_a_line_that_was_changed_removed_or_put_in_between_is_told(ledger):
    first, second, third = ledger.read_text("utf-8").splitlines(keepends=True)

    ledger.write_text(first.replace("现场", "电话") + second + third, "utf-8")
    assert codes_of(ledger) == ["DEC-04"]
    ledger.write_text(second + third, "utf-8")
    assert codes_of(ledger) == ["DEC-04", "DEC-06"]
    ledger.write_text(first + third + second, "utf-8")
    assert codes_of(ledger) == ["DEC-04", "DEC-04"]


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    path = tmp_path / "坏.jsonl"
    path.write_text('不是\n[1]\n{"kind":"merge","id":"a","at":"2026-06-01T09:00:00","by":"","why":"x","subjects":["abc"]}\n', "utf-8")

    assert set(codes_of(path)) == {"DEC-02", "DEC-03", "DEC-04"}
    assert codes_of(tmp_path / "没有.jsonl") == ["DEC-01"]


@pytest.mark.parametrize(
    ("decision", "code"),
    [(said(Split, 2, records=[ONE]), "DEC-05"), (said(Withdrawal, 9, decision="d8"), "DEC-06")],
    ids=["an id used twice", "nothing to withdraw"],
)
def test_a_decision_that_does_not_fit_is_not_written(ledger, decision, code):
    before = ledger.read_bytes()

    with pytest.raises(BadInput) as refusal:
        add_decision(ledger, decision)

    assert ([p.code for p in refusal.value.problems], ledger.read_bytes()) == ([code], before)


@pytest.mark.parametrize(
    "about",
    [
        {"extract": "nonsense", "fields": {"name": "甲"}},
        {"extract": "complaint", "fields": {"colour": "红"}},
        {"extract": "complaint", "fields": {}},
    ],
)
def test_a_manual_record_must_fit_its_kind(about):
    with pytest.raises(ValueError, match=r"没有"):
        said(ManualRecord, 1, **about)


MANY = (
    said(Merge, 1, subjects=[ONE, CODE]), said(Split, 2, records=[TWO]), said(Apart, 3, left=[ONE], right=[OTHER]),
    said(RepairVerdict, 4, record=ONE, verdict="accept", code=CODE), said(RepairVerdict, 5, record=TWO, verdict="reject", code=CODE),
    said(ChosenValue, 6, subject=CODE, field="phone", value="1"), said(ChosenOffice, 7, subject=CODE, office="甲所"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "asked"),
    [
        (("merge", "split", "apart", "repair"), ("codes", "forbidden", "units", "joins", "aparts")),
        (("repair", "split", "apart"), ("codes", "forbidden", "units")),
        (("value",), ("values",)),
        (("office",), ("offices",)),
    ],
    ids=["link", "repair", "golden", "jurisdiction"],
)
def test_decisions_of_the_kinds_that_a_stage_asks_for_say_what_all_say(kinds, asked):
    whole = Decisions(lines=MANY, digest="")

    assert [getattr(whole.only(*kinds), name) for name in asked] == [getattr(whole, name) for name in asked]
    assert all(getattr(whole, name).num_rows for name in asked)


def test_the_digest_of_some_kinds_does_not_change_with_others_or_with_what_was_withdrawn():
    few = Decisions(lines=MANY[:5], digest="")
    many = Decisions(lines=(*MANY, said(Merge, 8, subjects=[TWO, OTHER]), said(Withdrawal, 9, decision="d8")), digest="")

    assert few.only("merge").digest == many.only("merge").digest
    assert few.only("value").digest == no_decisions().only("value").digest != many.only("value").digest


def test_withdrawing_a_withdrawal_brings_the_decision_back():
    lines = (said(Merge, 1, subjects=[ONE, CODE]), said(Withdrawal, 2, decision="d1"), said(Withdrawal, 3, decision="d2"))

    assert [d.id for d in Decisions(lines=lines, digest="").standing] == ["d1"]


@settings(max_examples=40)
@given(order=st.permutations(range(5)))
def test_the_order_of_lines_does_not_matter(order):
    lines = [
        said(RepairVerdict, 1, record=ONE, verdict="accept", code=CODE),
        said(RepairVerdict, 2, record=ONE, verdict="replace", code=OTHER),
        said(ChosenValue, 3, subject=CODE, field="phone", value="1"),
        said(ChosenValue, 4, subject=CODE, field="phone", value="2"),
        said(Merge, 5, subjects=[ONE, CODE]),
    ]
    told = Decisions(lines=tuple(lines[n] for n in order), digest="")

    assert told.codes.to_pylist() == [{"record_id": ONE, "code": OTHER, "decision": "d2"}]
    assert [row["value"] for row in told.values.to_pylist()] == ["2"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(scratch=tmp_path_factory.mktemp("spill")) as session:
        yield session


def _table(engine: Engine, name: str, *rows: dict[str, Any]) -> Any:
    full = [dict.fromkeys(TABLES[name].names) | row for row in rows]
    return engine.table(pa.Table.from_pylist(full, schema=TABLES[name].schema.to_pyarrow()))


def test_a_chosen_value_stands_over_the_rules_and_says_so(engine):
    subject = _table(
        engine,
        "subject",
        {"subject_id": "S1", "uscc": CODE, "phone": "111", "founded_on": date(2020, 1, 1)},
        {"subject_id": "S2", "phone": "222"},
    )
    told = {"subject_id": "S1", "field": "phone", "record_count": 3}
    history = _table(
        engine,
        "history",
        told | {"value": "111", "chosen": True, "rule": "GD-1", "reason": "最近"},
        told | {"value": "333", "chosen": False, "rule": "GD-1", "reason": "较早"},
    )
    membership = _table(engine, "membership", {"record_id": TWO, "subject_id": "S2"}, {"record_id": "0" * 23 + "3", "subject_id": "S2"})
    lines = (
        said(ChosenValue, 1, subject=CODE, field="phone", value="333"),
        said(ChosenValue, 9, subject=TWO, field="phone", value="888"),
        said(ChosenValue, 10, subject="0" * 23 + "3", field="phone", value="999"),
        said(ChosenValue, 3, subject=CODE, field="founded_on", value="不是日期"),
    )

    subjects, histories = choose_values(subject, history, membership, Decisions(lines=lines, digest=""))

    found = {row["subject_id"]: row for row in engine.arrow(subjects).to_pylist()}
    assert (found["S1"]["phone"], found["S2"]["phone"], found["S1"]["founded_on"]) == ("333", "999", date(2020, 1, 1))
    rows = {(r["subject_id"], r["field"], r["value"]): r for r in engine.arrow(histories).to_pylist()}
    assert {key: row["chosen"] for key, row in rows.items() if key[1] == "phone"} == {
        ("S1", "phone", "111"): False, ("S1", "phone", "333"): True, ("S2", "phone", "999"): True,
    }  # fmt: skip
    assert rows["S1", "phone", "333"]["reason"] == "人工选定：2026-06-01 陈静：现场核实"
    assert rows["S1", "phone", "111"]["reason"] == "已人工选定“333”；最近"


def test_a_chosen_office_ends_the_dispute(engine):
    subject = _table(engine, "subject", {"subject_id": "S1", "uscc": CODE}, {"subject_id": "S2", "uscc": OTHER})
    place = {
        "is_main": True,
        "stated": "甲所",
        "office": "甲所",
        "rival": "乙所",
        "state": "存疑",
        "due_on": date(2026, 7, 14),
        "confidence": 0.5,
        "reason": "票数相同",
    }
    rows = _table(engine, "jurisdiction", place | {"subject_id": "S1"}, place | {"subject_id": "S2"})

    told = choose_offices(
        rows, _table(engine, "membership"), subject, Decisions(lines=(said(ChosenOffice, 1, subject=CODE, office="乙所"),), digest="")
    )

    found = {row["subject_id"]: row for row in engine.arrow(told).to_pylist()}
    assert [found["S1"][k] for k in ("office", "rival", "state", "due_on", "confidence")] == ["乙所", None, "更正", None, 1.0]
    assert found["S1"]["reason"] == "人工选定：2026-06-01 陈静：现场核实"
    assert found["S2"]["state"] == "存疑"
