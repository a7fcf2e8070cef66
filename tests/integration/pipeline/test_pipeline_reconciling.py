"""Drawn, visited, published: each state from one inspection, written into a copy of a release; strangers and swapped teams are named."""

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.cli.app import run
from evenhand.pipeline.drawing import (  # fmt: skip
    hidden,
    keep_names,
    read_agreed,
    replace_one,
    teams_in,
)
from evenhand.pipeline.fairness import Reconciliation, reconcile, write_reconciliation
from evenhand.pipeline.inspectors import Library
from evenhand.pipeline.planning import PlanFolder
from evenhand.pipeline.teaming import Surroundings, team_frame
from evenhand.plan import WEEK
from evenhand.publish import Release, open_release
from evenhand.rulebook import shipped_pack
from tests.factories.ceremonies import ceremony, steady

AGREED = read_agreed(shipped_pack())
UNTIL = date(2026, 6, 20)


def later(held: Release, folder: Path, inspections: list[dict[str, Any]]) -> Release:
    """The same release with these inspections and no others, each of the subject it names."""
    shutil.copytree(held.folder, folder)
    for name, changed in (
        ("inspection", [{"record_id": f"X{n}", **{key: value for key, value in one.items() if key != "subject_id"}} for n, one in enumerate(inspections)]),
        ("membership", [{"record_id": f"X{n}", "subject_id": one["subject_id"]} for n, one in enumerate(inspections)]),
    ):  # fmt: skip
        schema = pq.read_schema(folder / f"{name}.parquet")
        pq.write_table(pa.Table.from_pylist([{field.name: row.get(field.name) for field in schema} for row in changed], schema), folder / f"{name}.parquet")  # fmt: skip
    return open_release(folder)


@pytest.fixture(scope="module")
def drawn(held: Release, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], list[str]]:
    """A ledger with one draw of 8 out of 40 subjects, the ids that stand drawn after one replacement, and ids that were never drawn."""
    ledger = tmp_path_factory.mktemp("ledger")
    ids = sorted(pq.read_table(held.folder / "subject.parquet", columns=["subject_id"])["subject_id"].to_pylist())[:40]
    ceremony(ledger, [(one, "S") for one in ids], quotas={"S": 8}, reserve_pct=20)
    rows = [line.split("\t") for line in (ledger / "2027-000001" / "result.tsv").read_text("utf-8").splitlines()]
    spare = replace_one(ledger, "2027-000001", gone=rows[0][3], reason="已注销", approved_by=["林某"])
    return ledger, sorted({*(row[3] for row in rows[1:8]), spare}), sorted({*ids} - {row[3] for row in rows})


def visit(subject: str, day: date, *, kind: str = "双随机", published: date | None = None, people: str = "林一、陈二") -> dict[str, Any]:
    return {"subject_id": subject, "inspection_no": f"SJ-{subject}", "inspection_kind": kind, "inspected_on": day, "published_on": published, "inspectors": people, "office": "某所"}  # fmt: skip


@pytest.fixture
def found(drawn: tuple[Path, list[str], list[str]], held: Release, tmp_path: Path) -> Reconciliation:
    """One object of each state; the release is of 30 June 2026."""
    ledger, standing, others = drawn
    release = later(held, tmp_path / "release", [
        visit(standing[0], date(2026, 5, 6), published=date(2026, 6, 2)),  # the twentieth working day
        visit(standing[1], date(2026, 5, 6), published=date(2026, 6, 3)),
        visit(standing[2], date(2026, 5, 6)),
        visit(standing[3], date(2026, 6, 15)),
        visit(standing[4], date(2026, 5, 6), kind="日常", published=date(2026, 5, 7)),
        visit(standing[5], date(2026, 6, 21), published=date(2026, 6, 22)),  # after the last day
        visit(standing[6], date(2023, 8, 22), published=date(2023, 8, 24)),  # before the draw
        visit(others[0], date(2026, 5, 6), published=date(2026, 5, 7)),
        visit(others[1], date(2026, 5, 6), kind="日常", published=date(2026, 5, 7)),
    ])  # fmt: skip
    return reconcile(ledger, release, shipped_pack(), until=UNTIL)


def test_each_drawn_object_has_one_state(found: Reconciliation, drawn: tuple[Path, list[str], list[str]]) -> None:
    states = {one.subject: one.state for one in found.settled}

    assert [states[one] for one in drawn[1]] == [
        "已检查，已按期公开", "已检查，公开逾期", "已检查，未公开且已逾期", "已检查，未到公开期限", "只有其他种类的检查", "到期未检查", "到期未检查", "到期未检查",
    ]  # fmt: skip
    assert sum(found.counts.values()) == len(found.settled) == 8
    assert {one.publish_by for one in found.settled if one.published_on} == {date(2026, 6, 2)}


def test_who_was_told_as_random_and_never_drawn_is_named(found: Reconciliation, drawn: tuple[Path, list[str], list[str]]) -> None:
    assert [(one.subject, one.inspected_on) for one in found.undrawn] == [(drawn[2][0], date(2026, 5, 6))]
    assert found.amiss == 6 + 1


def test_before_the_last_day_nobody_is_late(drawn: tuple[Path, list[str], list[str]], held: Release, tmp_path: Path) -> None:
    release = later(held, tmp_path / "release", [visit(drawn[1][0], date(2026, 5, 6), kind="日常")])

    found = reconcile(drawn[0], release, shipped_pack(), until=date(2026, 6, 30))

    assert found.counts["未到检查期限"] == 8
    assert found.amiss == 0


def test_the_files_and_the_command_tell_the_same(drawn: tuple[Path, list[str], list[str]], held: Release, tmp_path: Path) -> None:
    code = run(["draw", "reconcile", str(drawn[0]), str(held.folder), "--until", "2026-06-20", "--out", str(tmp_path / "out")])

    rows = list(csv.DictReader((tmp_path / "out" / "settled.csv").read_text("utf-8-sig").splitlines()))
    found = reconcile(drawn[0], held, shipped_pack(), until=UNTIL)
    assert code == (1 if found.amiss else 0)
    assert [(row["主体"], row["情况"]) for row in rows] == [(one.subject, one.state) for one in found.settled]
    assert (tmp_path / "out" / "reconciliation.json").is_file()


def test_a_team_that_was_swapped_is_named(
    held: Release, quarter: PlanFolder, able_people: Library, around: Surroundings, tmp_path: Path
) -> None:
    frame = team_frame(quarter, able_people, week=date(2026, 7, 8), prefix="35", around=around)
    rows, more, names = hidden(frame.rows, frame.people, [], random=steady())
    ceremony(tmp_path / "ledger", rows, method="teams", more=more)
    keep_names(tmp_path / "ledger", "2027-000001", names)
    people = {one.number: one.name for one in able_people.people}
    went = [(one, person) for one, role, person in teams_in(tmp_path / "ledger" / "2027-000001") if role in "LE"]
    visits = {row["visit"]: row for row in quarter.table("visits").to_pylist()}
    first, second = sorted({one for one, _ in went})[:2]
    sent = {one: "、".join(people[person] for each, person in went if each == one) for one in (first, second)}
    day = quarter.period.day(WEEK * visits[first]["week"] + 1)
    release = later(held, tmp_path / "release", [
        visit(visits[first]["subject"], day, people=f"{sent[first]}、助手"), visit(visits[second]["subject"], day, people=f"{sent[second].split('、')[0]}、熟人"),
    ])  # fmt: skip

    found = reconcile(tmp_path / "ledger", release, shipped_pack(), until=UNTIL, plans=[quarter], people=people)

    assert found.teams == 2
    assert [(one.visit, one.went) for one in found.swapped] == [(second, "、".join(sorted({sent[second].split("、")[0], "熟人"})))]
    assert [path.name for path in write_reconciliation(found, tmp_path / "out")][3] == "swapped.csv"
