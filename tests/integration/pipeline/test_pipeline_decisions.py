"""What people decide shows in the release where it was meant and nowhere else; withdrawn, it leaves no trace."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from evenhand.decisions import ChosenOffice, ChosenValue, ManualRecord, Merge, Split, Withdrawal, add_decision, no_decisions, read_decisions
from evenhand.errors import BadInput
from evenhand.pipeline import BuildReport
from evenhand.pipeline.cells import CellHistory, cell_history, how_to_undo
from evenhand.publish import RELEASE_TABLES, Scope, open_release
from evenhand.rulebook import shipped_pack
from tests.integration.pipeline.conftest import build_quietly

PROVINCE = Scope("35")
Row = dict[str, Any]


def about(number: int) -> Row:
    return {"id": f"d{number}", "at": datetime(2026, 6, 1, 12, number, tzinfo=UTC), "by": "陈静", "why": "现场核实"}


def rows_of(release: Path, name: str, *columns: str) -> list[Row]:
    return pq.read_table(release / f"{name}.parquet", columns=list(columns) or None).to_pylist()


def cell(release: Path, subject: str, field: str) -> CellHistory:
    held = open_release(release)
    found = held.find(subject)
    assert found
    told = cell_history(held, found, field, PROVINCE, pack=shipped_pack())
    assert told
    return told


@pytest.fixture(scope="module")
def named(built: BuildReport) -> Row:
    """The code of a subject, a record of it that has no code of its own, and a record of a subject without a code."""
    subjects = {row["subject_id"]: row for row in rows_of(built.release, "subject", "subject_id", "uscc", "phone", "office")}
    states = {row["record_id"]: row["uscc_state"] for row in rows_of(built.release, "record", "record_id", "uscc_state")}
    members = rows_of(built.release, "membership", "record_id", "subject_id")
    joined = [(m["record_id"], subjects[m["subject_id"]]) for m in members if states[m["record_id"]] in {"empty", "wrong"}]
    record, coded = next((record, s) for record, s in joined if s["uscc"] and s["phone"] and s["office"])
    bare = next(record for record, s in joined if not s["uscc"])
    return {"code": coded["uscc"], "record": record, "bare": bare, "phone": coded["phone"]}


@pytest.fixture(scope="module")
def rewritten(built: BuildReport, named: Row) -> str:
    """The code of another subject, whose name stands otherwise than its source wrote it."""
    records = rows_of(built.release, "registration", "name", "name_raw", "uscc")
    chosen = {row["uscc"]: row["name"] for row in rows_of(built.release, "subject", "uscc", "name") if row["uscc"] != named["code"]}
    return next(str(row["uscc"]) for row in records if row["name_raw"].strip() != row["name"] and chosen.get(row["uscc"]) == row["name"])


@pytest.fixture(scope="module")
def decided(
    built: BuildReport, province: Path, named: Row, rewritten: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, BuildReport]:
    """A file of decisions of most kinds, and the release built with it."""
    folder = tmp_path_factory.mktemp("decided")
    ledger = folder / "decisions.jsonl"
    office = next(r["office"] for r in rows_of(built.release, "jurisdiction", "office") if r["office"])
    for decision in (
        Merge(**about(1), subjects=(named["code"], named["bare"])),
        Split(**about(2), records=(named["record"],)),
        ChosenValue(**about(3), subject=named["code"], field="phone", value="13800138000"),
        ChosenOffice(**about(4), subject=named["code"], office=office),
        ManualRecord(**about(5), extract="complaint", fields={"name": "来信所说的店", "phone": "13900139000"}),
        Split(**about(6), records=("0" * 24,)),
        ChosenValue(
            **about(7), subject=rewritten, field="name", value=how_to_undo(cell(built.release, rewritten, "name"), no_decisions()).value
        ),
    ):
        add_decision(ledger, decision)
    return ledger, build_quietly(province / "sources.toml", folder / "releases", decisions=ledger, previous=built.release)


def test_each_decision_says_what_became_of_it(decided):
    _, report = decided

    told = {row["decision"]: row["state"] for row in rows_of(report.release, "decision")}
    assert told == {"d1": "已执行", "d2": "已执行", "d3": "已执行", "d4": "已执行", "d5": "已执行", "d6": "没有对应", "d7": "已执行"}


def test_decisions_change_what_they_name(built, decided, named):
    _, report = decided

    member = {row["record_id"]: row["subject_id"] for row in rows_of(report.release, "membership", "record_id", "subject_id")}
    subject = {row["uscc"]: row for row in rows_of(report.release, "subject") if row["uscc"]}[named["code"]]
    assert member[named["bare"]] == subject["subject_id"]
    assert member[named["record"]] != subject["subject_id"]
    assert subject["phone"] == "13800138000"
    assert cell(report.release, named["code"], "phone").reason == "人工选定：2026-06-01 陈静：现场核实"
    assert [row["file"] for row in rows_of(report.release, "complaint", "name", "file") if row["name"] == "来信所说的店"] == [
        "人工补录/complaint.csv"
    ]


def test_all_decisions_withdrawn_give_the_release_as_it_was_before(built, decided, province, tmp_path):
    ledger, _ = decided
    again = tmp_path / "decisions.jsonl"
    again.write_bytes(ledger.read_bytes())
    for number in range(1, 8):
        add_decision(again, Withdrawal(**about(10 + number), decision=f"d{number}"))

    report = build_quietly(province / "sources.toml", tmp_path / "releases", decisions=again, previous=built.release)

    before, after = built.manifest["tables"], report.manifest["tables"]
    assert {name for name in RELEASE_TABLES if before[name] != after[name]} == {"decision"}


def test_undoing_a_cell_withdraws_the_last_choice_about_it(decided, named):
    ledger, report = decided

    assert how_to_undo(cell(report.release, named["code"], "phone"), read_decisions(ledger)).withdraws == "d3"
    assert how_to_undo(cell(report.release, named["code"], "office"), read_decisions(ledger)).withdraws == "d4"


def test_undoing_a_cell_that_a_rule_rewrote_takes_what_the_source_wrote(built, rewritten):
    told = how_to_undo(cell(built.release, rewritten, "name"), no_decisions())

    assert told.value in {row["name_raw"] for row in rows_of(built.release, "registration", "name_raw")}
    assert not told.withdraws


def test_an_undone_cell_changes_alone(built, decided, rewritten):
    _, report = decided
    before, after = (
        next(row for row in rows_of(release, "subject") if row["uscc"] == rewritten) for release in (built.release, report.release)
    )

    assert {name for name in before if before[name] != after[name]} == {"name"}
    for table, skipped in (("licence", None), ("site", None), ("tag", None), ("jurisdiction", None), ("history", "name")):
        was, now = (
            [row for row in rows_of(release, table) if row["subject_id"] == before["subject_id"] and row.get("field") != (skipped or ())]
            for release in (built.release, report.release)
        )
        assert was == now, table


def test_a_cell_that_nothing_changed_has_nothing_to_undo(built, named):
    with pytest.raises(BadInput) as refusal:
        how_to_undo(cell(built.release, named["code"], "founded_on"), no_decisions())
    assert [problem.code for problem in refusal.value.problems] == ["CELL-02"]
