"""What is published of a team draw names nobody; the office alone knows who is who, and everything afterwards works with numbers."""

import csv
import json
import shutil
import stat
from datetime import date
from pathlib import Path

import pytest

from evenhand.cli.app import run
from evenhand.draw.teams import Opened
from evenhand.pipeline.drawing import (  # fmt: skip
    hidden,
    keep_names,
    names_of,
    roster_in,
    substitute_one,
    teams_in,
    verify_pack,
)
from evenhand.pipeline.fairness import audit_ledger
from evenhand.pipeline.inspectors import Library, library_of_release
from evenhand.pipeline.planning import PlanFolder
from evenhand.pipeline.teaming import Surroundings, team_frame
from evenhand.publish import Release
from tests.factories.ceremonies import AGREED, ceremony, steady

SERIAL = "2027-000001"


@pytest.fixture(scope="module")
def drawn(quarter: PlanFolder, able_people: Library, around: Surroundings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of one team draw under pseudonyms."""
    ledger = tmp_path_factory.mktemp("ledger")
    frame = team_frame(quarter, able_people, week=date(2026, 7, 8), prefix="35", around=around)
    rows, more, names = hidden(frame.rows, frame.people, [], random=steady())
    ceremony(ledger, rows, method="teams", more=more)
    keep_names(ledger, SERIAL, names)
    return ledger


@pytest.fixture
def ledger(drawn: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(drawn, tmp_path / "ledger"))


def test_no_number_and_no_name_stands_in_the_pack(ledger: Path, able_people: Library) -> None:
    text = b"".join(path.read_bytes() for path in (ledger / SERIAL).iterdir()).decode("utf-8")

    assert verify_pack(ledger / SERIAL).difference == ""
    assert [one.number for one in able_people.people if f"\t{one.number}\n" in text or f"\t{one.number}\t" in text] == []
    assert stat.S_IMODE(next((ledger / "人员对照").iterdir()).stat().st_mode) == 0o600


def test_the_office_reads_numbers_where_a_stranger_reads_pseudonyms(ledger: Path, able_people: Library, tmp_path: Path) -> None:
    shutil.copytree(ledger / SERIAL, tmp_path / "stranger" / SERIAL)
    numbers = {one.number for one in able_people.people}

    ours, theirs = teams_in(ledger / SERIAL), teams_in(tmp_path / "stranger" / SERIAL)

    assert ours
    assert {person for _, _, person in ours} <= numbers
    assert not {person for _, _, person in theirs} & numbers
    names = names_of(ledger, SERIAL)
    assert sorted((visit, role, names[person]) for visit, role, person in theirs) == ours


def test_a_substitute_is_asked_for_by_number_and_told_by_pseudonym(ledger: Path) -> None:
    leads, edges = (
        roster_in(ledger / SERIAL, "L"),
        [line.split("\t") for line in (ledger / SERIAL / "list.tsv").read_text("utf-8").splitlines()],
    )
    choice = {visit for visit in leads if sum(row[:2] == [visit, "L"] for row in edges) > 3}
    visit = min(choice)

    _, person = substitute_one(
        ledger, SERIAL, Opened(visit=visit, gone=leads[visit], reason="申请回避", approved_by=["林某", "陈某"]), year=2027
    )

    record = json.loads((ledger / "ledger.jsonl").read_bytes().splitlines()[-1])
    names = names_of(ledger, SERIAL)
    assert (names[record["gone"]], names[record["next"]]) == (leads[visit], person)
    assert roster_in(ledger / SERIAL, "L") == leads | {visit: person}
    assert verify_pack(ledger / SERIAL).difference == ""


def test_the_audit_counts_people_and_not_pseudonyms(ledger: Path, held: Release, able_people: Library) -> None:
    found = audit_ledger(ledger, held, level=AGREED.audit_alert_p)

    assert found.people
    assert set(found.people) <= {one.number for one in able_people.people}
    assert {one.office for one in found.pairs} != {"（不明）"}


def test_two_draws_of_one_frame_share_no_pseudonym() -> None:
    rows, people = [("V1", "L", "FJ1"), ("V1", "E", "FJ2")], {"FJ1": "0/4", "FJ2": "3/2"}

    first, second = (hidden(rows, people, [("param", "home:FJ1", "甲所")]) for _ in range(2))

    assert set(first[2].values()).isdisjoint(second[2].values())
    assert first[1] == [
        ("param", f"home:{first[2]['FJ1']}", "甲所"),
        ("person", first[2]["FJ1"], "0/4"),
        ("person", first[2]["FJ2"], "3/2"),
    ]
    assert first[0] == [(visit, role, first[2][one]) for visit, role, one in rows]


def test_the_commands_draw_teams_and_write_the_dispatch(
    held: Release, quarter: PlanFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "draw",
        "teams",
        str(tmp_path),
        str(held.folder),
        str(quarter.folder),
        "--week",
        "2026-07-08",
        "--area",
        "35",
        "--signer",
        "省局",
    ]

    assert run(words) == 0
    assert "档案里的人员用化名" in capsys.readouterr().out.replace("\n", "")
    serial = next(path.name for path in tmp_path.iterdir() if path.name.startswith("20"))
    assert len(names_of(tmp_path, serial)) > 1
    assert run(["draw", "roster", str(tmp_path), serial, str(held.folder), "--out", str(tmp_path / "派单.csv")]) == 2


def test_the_dispatch_names_people_and_offices(ledger: Path, held: Release, tmp_path: Path) -> None:
    assert run(["draw", "roster", str(ledger), SERIAL, str(held.folder), "--out", str(tmp_path / "派单.csv")]) == 0

    rows = list(csv.DictReader((tmp_path / "派单.csv").read_text("utf-8-sig").splitlines()))
    assert {(row["检查"], row["人员编号"]) for row in rows} == {(visit, person) for visit, _, person in teams_in(ledger / SERIAL)}
    assert {row["位置"] for row in rows} <= {"主办", "协办", "协助"}
    known = {one.number: one.name for one in library_of_release(held).people}
    assert all(row["姓名"] == known.get(row["人员编号"], "") for row in rows)
    assert any(row["姓名"] and row["机构"] for row in rows)
