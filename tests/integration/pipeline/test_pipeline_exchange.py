"""Exchange between offices: which visits, who goes, and the lead at home, each a draw of its own that builds on the proof pack before."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from evenhand.draw import entry_bytes, of_ratio
from evenhand.errors import BadInput
from evenhand.pipeline.drawing import drawn_ids, roster_in, verify_pack
from evenhand.pipeline.inspectors import Library
from evenhand.pipeline.planning import PlanFolder
from evenhand.pipeline.teaming import Surroundings, exchange_frame, team_frame, visits_of_week
from tests.factories.ceremonies import AGREED, ceremony, stranger

WEEK = date(2026, 7, 8)
Told = Iterable[tuple[str, str, str]]


@pytest.fixture(scope="module")
def packs(quarter: PlanFolder, able_people: Library, around: Surroundings, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The three draws: which visits, who goes, the teams at home."""
    ledger = tmp_path_factory.mktemp("ledger")
    rows = [(row["visit"], row["office"]) for row in visits_of_week(quarter, WEEK, "35") if row["office"] and not row["sealed"]]
    quotas = {office: of_ratio(size, AGREED.exchange_share_pct, 100) for office, size in Counter(office for _, office in rows).items()}
    which = ceremony(ledger, rows, method="exchange", quotas=quotas)
    frame, told = exchange_frame(quarter, able_people, week=WEEK, prefix="35", around=around, visits=set(drawn_ids(which)))
    told.append(("param", "exchange_most", str(AGREED.exchange_most_per_person)))
    guests = ceremony(
        ledger, frame.rows, number=2, method="teams", more=[*told, *(("person", one, load) for one, load in frame.people.items())]
    )
    home = team_frame(quarter, able_people, week=WEEK, prefix="35", around=around, exchanged=roster_in(guests))
    teams = ceremony(ledger, home.rows, number=3, method="teams", more=[("person", one, load) for one, load in home.people.items()])
    return [which, guests, teams]


def test_each_pack_is_proved_from_its_files(packs: list[Path]) -> None:
    assert [verify_pack(pack).difference for pack in packs] == ["", "", ""]


def test_the_guest_comes_from_another_office_and_the_lead_stays_at_home(
    packs: list[Path], quarter: PlanFolder, able_people: Library, around: Surroundings
) -> None:
    home = {one.number: one.office for one in able_people.people}
    seat = {row["visit"]: row["office"] for row in quarter.table("visits").to_pylist()}
    guests = roster_in(packs[1])
    relaxed = team_frame(quarter, able_people, week=WEEK, prefix="35", around=around, exchanged=guests).relaxed
    rows = [line.split("\t") for line in (packs[2] / "result.tsv").read_text("utf-8").splitlines()]
    leads = {visit: person for visit, role, person in rows if role == "L"}

    assert guests
    assert set(guests) <= set(drawn_ids(packs[0]))
    assert all(home[person] != seat[visit] for visit, person in guests.items())
    assert [visit for visit in guests if any(row[0] == visit and row[1] == "E" for row in rows)] == []
    assert all(home[leads[visit]] == seat[visit] for visit in guests if visit in leads and visit not in relaxed)
    assert any(visit in leads for visit in guests)


def test_places_lent_count_in_the_load_of_the_office_stage(packs: list[Path], able_people: Library) -> None:
    guests = Counter(roster_in(packs[1]).values())
    carried = {one.number: one.carried for one in able_people.people}
    told = dict(line.split("\t")[1:] for line in (packs[2] / "rules.tsv").read_text("utf-8").splitlines() if line.startswith("person"))

    assert {one: int(told[one].split("/")[0]) - carried[one] for one in guests if one in told} == {
        one: count for one, count in guests.items() if one in told
    }
    assert any(one in told for one in guests)


def test_a_pack_that_was_changed_is_not_built_upon(packs: list[Path], tmp_path: Path) -> None:
    forged = tmp_path / "pack"
    shutil.copytree(packs[1], forged)
    lines = (forged / "result.tsv").read_text("utf-8").splitlines()
    (forged / "result.tsv").write_text("\n".join(lines[1:]) + "\n", "utf-8")

    with pytest.raises(BadInput, match="核对不符"):
        roster_in(forged)


def test_a_stranger_proves_each_pack_by_a_file_that_knows_nothing_of_ours(packs: list[Path]) -> None:
    for pack in packs:
        assert "import evenhand" not in (pack / "verify.py").read_text("utf-8")
        assert stranger(pack) == (0, f"OK / 相符 {pack.name} {verify_pack(pack).commit}\n")


def test_the_stranger_checks_that_offices_lend_as_evenly_as_they_can(packs: list[Path], tmp_path: Path) -> None:
    forged = Path(shutil.copytree(packs[1], tmp_path / "pack"))
    rows = [line.split("\t") for line in (forged / "prices.tsv").read_text("utf-8").splitlines()]
    rows = [(node, "0" if node.startswith("load:O:") else price) for node, price in rows]
    (forged / "prices.tsv").write_text("".join(f"{node}\t{price}\n" for node, price in rows), "utf-8")

    code, said = stranger(forged)

    assert code != 0
    assert "could be better" in said


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_stranger_finds_a_swap_a_loss_and_a_forged_price(packs: list[Path], tmp_path: Path, number: int) -> None:
    for name in ("list.tsv", "rules.tsv", "result.tsv", *(["prices.tsv"] if number else [])):
        forged = Path(shutil.copytree(packs[number], tmp_path / name))
        lines = (forged / name).read_text("utf-8").splitlines()
        if name == "prices.tsv":
            lines = [f"{line.split(chr(9))[0]}\t0" for line in lines]
        else:
            lines.pop()
        (forged / name).write_text("\n".join(lines) + "\n", "utf-8")
        code, said = stranger(forged)
        assert code != 0, name
        assert "NOT OK" in said or "Error" in said, said


def test_the_stranger_finds_a_team_that_was_swapped_with_a_matching_hash(packs: list[Path], tmp_path: Path) -> None:
    """The operator changes a person, and the result hash of the ledger with it."""
    forged = Path(shutil.copytree(packs[2], tmp_path / "pack"))
    rows = [line.split("\t") for line in (forged / "result.tsv").read_text("utf-8").splitlines()]
    edges = [line.split("\t") for line in (forged / "list.tsv").read_text("utf-8").splitlines()]
    place, other = next(
        (row, edge)
        for row in rows
        for edge in edges
        if edge[:2] == row[:2] and edge[2] != row[2] and edge[2] not in {one[2] for one in rows if one[0] == row[0]}
    )
    rows[rows.index(place)] = other
    data = "".join(sorted("\t".join(row) + "\n" for row in rows)).encode()
    (forged / "result.tsv").write_bytes(data)
    records = [json.loads(line) for line in (forged / "ledger.jsonl").read_bytes().splitlines()]
    records[-1]["result_sha"] = hashlib.sha256(data).hexdigest()
    (forged / "ledger.jsonl").write_bytes(b"".join(entry_bytes(one) + b"\n" for one in records))

    code, said = stranger(forged)

    assert code != 0
    assert "teams (" in said
    assert verify_pack(forged).difference != ""
