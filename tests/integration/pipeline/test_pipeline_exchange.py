"""Exchange between offices: which visits, who goes, and the lead at home, each a draw of its own that builds on the proof pack before."""

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest

from evenhand.draw import drand_round, make_draft, of_ratio
from evenhand.errors import BadInput
from evenhand.pipeline.drawing import commit_draw, drawn_ids, enter_value, read_agreed, reveal_draw, roster_in, usual_sources, verify_pack
from evenhand.pipeline.inspectors import Library
from evenhand.pipeline.planning import PlanFolder
from evenhand.pipeline.teaming import Surroundings, exchange_frame, team_frame, visits_of_week
from evenhand.rulebook import shipped_pack

AGREED = read_agreed(shipped_pack())
AT = 1_800_000_000
WEEK = date(2026, 7, 8)
Told = Iterable[tuple[str, str, str]]


def ceremony(
    ledger: Path, number: int, method: str, rows: Iterable[tuple[str, ...]], *, quotas: Mapping[str, int] | None = None, more: Told = ()
) -> Path:
    """One whole draw, an hour after the one before."""
    serial, at = f"2027-{number:06}", AT + number * 3600
    draft = make_draft(list(rows), method=method, serial=serial, quotas=quotas or {}, sources=usual_sources(AGREED), more=list(more))
    commit_draw(ledger, draft, at=at, signer="福建省局", agreed=AGREED)
    enter_value(ledger, serial, source="01", value=f"dice:{73150928461937502846 + number}", at=at + 60)
    beacon = f"drand:quicknet:{drand_round(at, AGREED.beacon_delay_s)}:{f'{number:02}' * 32}"
    return reveal_draw(ledger, serial, beacon={"02": beacon}, proofs={}, at=at + 900, agreed=AGREED)


@pytest.fixture(scope="module")
def packs(quarter: PlanFolder, able_people: Library, around: Surroundings, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The three draws: which visits, who goes, the teams at home."""
    ledger = tmp_path_factory.mktemp("ledger")
    rows = [(row["visit"], row["office"]) for row in visits_of_week(quarter, WEEK, "35") if row["office"] and not row["sealed"]]
    quotas = {office: of_ratio(size, AGREED.exchange_share_pct, 100) for office, size in Counter(office for _, office in rows).items()}
    which = ceremony(ledger, 1, "exchange", rows, quotas=quotas)
    frame, told = exchange_frame(quarter, able_people, week=WEEK, prefix="35", around=around, visits=set(drawn_ids(which)))
    told.append(("param", "exchange_most", str(AGREED.exchange_most_per_person)))
    guests = ceremony(ledger, 2, "teams", frame.rows, more=[*told, *(("person", one, load) for one, load in frame.people.items())])
    home = team_frame(quarter, able_people, week=WEEK, prefix="35", around=around, exchanged=roster_in(guests))
    teams = ceremony(ledger, 3, "teams", home.rows, more=[("person", one, load) for one, load in home.people.items()])
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
