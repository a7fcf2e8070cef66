"""A place that opens after the draw: the rules say who comes, two people approve, the rest stays, and a forged substitute is found."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from evenhand.draw import entry_bytes, entry_hash, read_ledger
from evenhand.draw.teams import Opened
from evenhand.errors import BadInput
from evenhand.pipeline.drawing import (
    cancel,
    read_agreed,
    roster_in,
    substitute_one,
    verify_pack,
)
from evenhand.pipeline.inspectors import Library
from evenhand.pipeline.planning import PlanFolder
from evenhand.pipeline.teaming import Surroundings, team_frame
from evenhand.rulebook import shipped_pack
from tests.factories.ceremonies import ceremony

AGREED = read_agreed(shipped_pack())
SERIAL = "2027-000001"


@pytest.fixture(scope="module")
def drawn(quarter: PlanFolder, able_people: Library, around: Surroundings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of one team draw."""
    ledger = tmp_path_factory.mktemp("ledger")
    frame = team_frame(quarter, able_people, week=date(2026, 7, 8), prefix="35", around=around)
    more = [("person", one, told) for one, told in frame.people.items()]
    ceremony(ledger, frame.rows, method="teams", more=more)
    return ledger


@pytest.fixture
def ledger(drawn: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(drawn, tmp_path / "ledger"))


def edges(ledger: Path) -> Iterator[tuple[str, str, str]]:
    for line in (ledger / SERIAL / "list.tsv").read_text("utf-8").splitlines():
        visit, role, person = line.split("\t")
        yield visit, role, person


def open_place(ledger: Path) -> tuple[str, str, list[str]]:
    """A visit whose lead could be three people or more, its lead, and who else could take it."""
    leads, experts = roster_in(ledger / SERIAL, "L"), roster_in(ledger / SERIAL, "E")
    for visit, lead in sorted(leads.items()):
        others = [person for one, role, person in edges(ledger) if (one, role) == (visit, "L") and person not in {lead, experts[visit]}]
        if len(others) > 1:
            return visit, lead, others
    raise AssertionError("no place with a choice")


def opened(visit: str, gone: str, *approved: str, unable: tuple[str, ...] = ()) -> Opened:
    return Opened(visit=visit, gone=gone, unable=unable, reason="申请回避", approved_by=approved or ("林某", "陈某"))


def test_the_least_burdened_of_the_list_comes_and_all_else_stays(ledger: Path) -> None:
    visit, lead, others = open_place(ledger)
    before = {role: roster_in(ledger / SERIAL, role) for role in ("L", "E", "A1")}
    loads = Counter(person for one in before.values() for person in one.values())
    told = dict(
        line.split("\t")[1:] for line in (ledger / SERIAL / "rules.tsv").read_text("utf-8").splitlines() if line.startswith("person")
    )
    load = {one: Fraction(2 * (int(told[one].split("/")[0]) + loads[one]) + 1, int(told[one].split("/")[1])) for one in others}

    number, person = substitute_one(ledger, SERIAL, opened(visit, lead), year=2027)

    assert number == "2027-000002"
    assert load[person] == min(load.values())
    assert verify_pack(ledger / SERIAL).difference == ""
    assert roster_in(ledger / SERIAL, "L") == before["L"] | {visit: person}
    assert {role: roster_in(ledger / SERIAL, role) for role in ("E", "A1")} == {role: before[role] for role in ("E", "A1")}


def test_who_cannot_go_either_is_passed_over_and_the_next_draw_takes_the_next_number(ledger: Path) -> None:
    visit, lead, _ = open_place(ledger)
    first = substitute_one(ledger, SERIAL, opened(visit, lead), year=2027)[1]
    number, second = substitute_one(ledger, SERIAL, opened(visit, first, unable=(lead,)), year=2027)

    assert (number, len({lead, first, second})) == ("2027-000003", 3)
    assert verify_pack(ledger / SERIAL).difference == ""


def test_one_approver_nobody_left_or_a_stranger_are_refused_and_nothing_is_written(ledger: Path) -> None:
    visit, lead, others = open_place(ledger)
    before = (ledger / "ledger.jsonl").read_bytes()
    for place, words in (
        (opened(visit, lead, "林某", "林某"), "须有 2 个不同的人批准"),
        (opened(visit, lead, unable=tuple(others)), "没有别的人可派"),
        (opened(visit, "nobody"), "nobody 不在这次检查的名单里"),
    ):
        with pytest.raises(BadInput, match=words):
            substitute_one(ledger, SERIAL, place, year=2027)
    assert (ledger / "ledger.jsonl").read_bytes() == before


def test_a_substitute_that_somebody_chose_is_found_though_the_chain_is_whole(ledger: Path) -> None:
    visit, lead, others = open_place(ledger)
    right = substitute_one(ledger, SERIAL, opened(visit, lead), year=2027)[1]
    records = [json.loads(line) for line in (ledger / SERIAL / "ledger.jsonl").read_bytes().splitlines()]
    friend = next(one for one in others if one != right)
    records[-1] |= {"next": friend}
    (ledger / SERIAL / "ledger.jsonl").write_bytes(b"".join(entry_bytes(one) + b"\n" for one in records))

    assert f"应由 {right} 递补，台账写的是 {friend}" in verify_pack(ledger / SERIAL).difference


def test_a_void_draw_takes_no_substitute_and_nothing_is_built_on_it(ledger: Path) -> None:
    visit, lead, _ = open_place(ledger)
    cancel(ledger, SERIAL, reason="名单漏了一个镇", approved_by=["林某", "陈某"])

    with pytest.raises(BadInput, match="已经作废"):
        substitute_one(ledger, SERIAL, opened(visit, lead), year=2027)
    with pytest.raises(BadInput, match=r"已经作废（名单漏了一个镇）"):
        roster_in(ledger / SERIAL)
    records = read_ledger((ledger / SERIAL / "ledger.jsonl").read_bytes(), whole=False)
    assert entry_hash(records[-1]) == entry_hash(read_ledger((ledger / "ledger.jsonl").read_bytes())[-1])
