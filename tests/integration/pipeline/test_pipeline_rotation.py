"""A team draw whose pairs rotate: the proved roster and what came of it both stand in the pack; ours and a stranger's program follow each swap."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from evenhand.draw.teams import PAIR_ROTATION, Opened, pairs_in
from evenhand.pipeline.drawing import (  # fmt: skip
    hidden,
    keep_names,
    names_of,
    pairs_so_far,
    read_agreed,
    roster_in,
    substitute_one,
    teams_in,
    verify_pack,
)
from evenhand.pipeline.teaming import TeamFrame
from evenhand.rulebook import shipped_pack
from tests.factories.ceremonies import ceremony as draw
from tests.factories.ceremonies import steady, stranger

AGREED = read_agreed(shipped_pack())
PEOPLE = [f"FJ{n:06}" for n in range(6)]


def ceremony(ledger: Path, number: int, frame: TeamFrame, *, rotate: bool) -> Path:
    told = [("param", PAIR_ROTATION, "1")] if rotate else []
    for (one, other), count in pairs_so_far(ledger, 2027).items() if rotate else ():
        if {one, other} <= set(frame.people):
            told.append(("param", f"pair:{one}/{other}", str(count * 3)))
    rows, more, names = hidden(frame.rows, frame.people, told, random=steady(1000 * number))
    keep_names(ledger, f"2027-{number:06}", names)
    return draw(ledger, rows, number=number, method="teams", more=more)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One office of six drawn for nine visits as it is, then again with rotation: whoever met is sent elsewhere where that is lawful."""
    ledger = tmp_path_factory.mktemp("ledger")
    rows = [(f"V{n}", role, one) for n in range(9) for role in "LE" for one in PEOPLE]
    frame = TeamFrame(rows=tuple(rows), people=dict.fromkeys(PEOPLE, "0/4"), left_out={})
    return [ceremony(ledger, 1, frame, rotate=False), ceremony(ledger, 2, frame, rotate=True)]


def edges(path: Path) -> list[tuple[str, ...]]:
    return [tuple(line.split("\t")) for line in path.read_text("utf-8").splitlines()]


def test_both_rosters_stand_in_the_pack_and_both_programs_follow_the_swaps(packs: list[Path]) -> None:
    assert [verify_pack(pack).difference for pack in packs] == ["", ""]
    assert [stranger(pack)[0] for pack in packs] == [0, 0], stranger(packs[1])
    assert not (packs[0] / "roster.tsv").exists()
    assert "轮换搭档" in (packs[1] / "method.md").read_text("utf-8")


def test_rotation_swaps_experts_where_the_same_two_would_meet_again(packs: list[Path]) -> None:
    names = names_of(packs[1].parent, "2027-000002")
    before, after = (
        sorted((visit, role, names[one]) for visit, role, one in edges(packs[1] / name)) for name in ("roster.tsv", "result.tsv")
    )
    past = Counter({pair: count * 3 for pair, count in pairs_in(teams_in(packs[0])).items()})

    assert before != after
    assert [edge for edge in before if edge[1] != "E"] == [edge for edge in after if edge[1] != "E"]
    assert Counter(edge[2] for edge in before) == Counter(edge[2] for edge in after)
    assert sum(n * n for n in (past + pairs_in(after)).values()) < sum(n * n for n in (past + pairs_in(before)).values())


@pytest.mark.parametrize("name", ["roster.tsv", "result.tsv"])
def test_a_swap_that_nobody_drew_is_found_by_both(packs: list[Path], tmp_path: Path, name: str) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(packs[1], folder)
    other = "result.tsv" if name == "roster.tsv" else "roster.tsv"
    (folder / name).write_bytes((folder / other).read_bytes())

    assert verify_pack(folder).difference != ""
    assert stranger(folder)[0] != 0


def test_a_substitute_comes_into_the_rotated_team(packs: list[Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(packs[0].parent, ledger)
    leads = roster_in(ledger / "2027-000002", "L")
    able = Counter(row[0] for row in edges(ledger / "2027-000002" / "list.tsv") if row[1] == "L")
    visit = min(one for one in leads if able[one] > 3)

    _, person = substitute_one(
        ledger, "2027-000002", Opened(visit=visit, gone=leads[visit], reason="生病", approved_by=["林", "陈"]), year=2027
    )

    assert roster_in(ledger / "2027-000002", "L") == leads | {visit: person}
    assert verify_pack(ledger / "2027-000002").difference == ""
