"""Teams for a week of a plan: only who may lawfully go is in the frame, two certified people go to every visit, a stranger can prove the roster, and a gap explains itself."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from evenhand.errors import BadInput
from evenhand.pipeline.drawing import read_agreed, verify_pack
from evenhand.pipeline.inspectors import Bar, Inspector, Leave, Library, library_of_release
from evenhand.pipeline.planning import PlanFolder
from evenhand.pipeline.teaming import Surroundings, TeamFrame, team_frame
from evenhand.publish import Release
from evenhand.rulebook import shipped_pack
from tests.factories.ceremonies import ceremony

AGREED = read_agreed(shipped_pack())
WEEK = date(2026, 7, 8)


@pytest.fixture(scope="module")
def release(held: Release) -> Release:
    return held


@pytest.fixture(scope="module")
def plan(quarter: PlanFolder) -> PlanFolder:
    return quarter


@pytest.fixture(scope="module")
def people(able_people: Library) -> Library:
    return able_people


def framed(plan: PlanFolder, people: Library, around: Surroundings, *, week: date = WEEK) -> TeamFrame:
    return team_frame(plan, people, week=week, prefix="35", around=around)


def nothing_known(around: Surroundings) -> Surroundings:
    return replace(around, phones={}, last_teams={})


@pytest.fixture(scope="module")
def pack(plan: PlanFolder, people: Library, around: Surroundings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole ceremony of teams."""
    ledger, frame = tmp_path_factory.mktemp("ledger"), framed(plan, people, around)
    more = [("person", one, told) for one, told in frame.people.items()]
    return ceremony(ledger, frame.rows, method="teams", more=more, excluded=frame.left_out)


def test_two_different_certified_people_go_to_every_visit_and_helpers_only_assist(pack: Path, people: Library) -> None:
    library = {one.number: one for one in people.people}
    roster = [line.split("\t") for line in (pack / "result.tsv").read_text("utf-8").splitlines()]

    assert roster
    for visit in {row[0] for row in roster}:
        team = {row[1]: library[row[2]] for row in roster if row[0] == visit}
        assert {"L", "E"} <= set(team)
        assert team["L"] != team["E"]
        assert all(one.certified and one.until and one.until >= date(2026, 7, 12) for role, one in team.items() if role != "A1")
        assert all(not one.certified for role, one in team.items() if role == "A1")
    assert any(row[1] == "A1" for row in roster)


def test_the_roster_is_proved_without_a_solver(pack: Path) -> None:
    assert verify_pack(pack).difference == ""


@pytest.mark.parametrize("name", ["result.tsv", "prices.tsv", "rules.tsv", "list.tsv"])
def test_a_swapped_team_or_forged_price_is_found(pack: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(pack, folder)
    lines = (folder / name).read_text("utf-8").splitlines()
    if name == "result.tsv":
        people = [line.split("\t")[2] for line in lines]
        other = next(one for one in people if one != people[0])
        lines[0] = lines[0].replace(people[0], other)
    elif name == "prices.tsv":
        node, price = lines[0].split("\t")
        lines[0] = f"{node}\t{int(price) - 2**42}"
    else:
        lines = lines[:-1]
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")

    try:
        told = verify_pack(folder).difference
    except BadInput as refused:
        told = refused.problems[0].zh
    assert told


def changed(people: Library, number: str, **how: object) -> Library:
    return replace(people, people=tuple(replace(one, **how) if one.number == number else one for one in people.people))  # type: ignore[arg-type]


def test_who_may_not_go_is_never_in_the_frame(plan: PlanFolder, people: Library, around: Surroundings) -> None:
    """Planted: no certificate, one that ends in the week, leave."""
    first = framed(plan, people, nothing_known(around))
    bad = first.rows[0][2]
    planted = [
        changed(people, bad, certified=False),
        changed(people, bad, until=WEEK + timedelta(days=1)),
        replace(people, leave=(Leave(number=bad, first=date(2026, 7, 1), last=date(2026, 7, 6), reason="年假"),)),
    ]

    for library in planted:
        assert all(bad != row[2] or row[1] == "A1" for row in framed(plan, library, nothing_known(around)).rows)


def test_a_declared_interest_bars_one_subject_only_until_its_day(plan: PlanFolder, people: Library, around: Surroundings) -> None:
    first = framed(plan, people, nothing_known(around))
    subject = {row["visit"]: row["subject"] for row in plan.table("visits").to_pylist()}
    visit = next(row[0] for row in first.rows if len({other[2] for other in first.rows if other[0] == row[0] and other[1] != "A1"}) > 2)
    person = next(row[2] for row in first.rows if row[0] == visit and row[1] == "L")

    barred = framed(plan, replace(people, bars=(Bar(number=person, subject=subject[visit], reason="有利害关系"),)), nothing_known(around))
    past = framed(
        plan,
        replace(people, bars=(Bar(number=person, subject=subject[visit], reason="曾在该单位任职", until=date(2026, 7, 5)),)),
        nothing_known(around),
    )

    assert {(row[0], row[2]) for row in set(first.rows) - set(barred.rows)} == {(visit, person)}
    assert barred.left_out["回避"] == 1
    assert past.rows == first.rows


def test_whose_own_phone_the_business_states_does_not_go(plan: PlanFolder, people: Library, around: Surroundings) -> None:
    first = framed(plan, people, nothing_known(around))
    subject = {row["visit"]: row["subject"] for row in plan.table("visits").to_pylist()}
    visit, _, person = first.rows[0]
    phoned = changed(people, person, phone="13900000000")

    frame = framed(plan, phoned, replace(around, last_teams={}, phones={"13900000000": [subject[visit]]}))

    assert (visit, person) not in {(row[0], row[2]) for row in frame.rows}


def test_the_last_team_does_not_go_again_where_others_are_left(plan: PlanFolder, people: Library, around: Surroundings) -> None:
    frame = framed(plan, people, around)
    names = {one.number: one.name for one in people.people}
    subject = {row["visit"]: row["subject"] for row in plan.table("visits").to_pylist()}

    assert frame.left_out["上次检查过该主体的不再去"] > 0
    assert [
        row for row in frame.rows if row[0] not in frame.relaxed and names[row[2]] in around.last_teams.get(subject[row[0]], set())
    ] == []


def test_the_expert_is_qualified_for_the_hardest_line(release: Release, plan: PlanFolder, around: Surroundings) -> None:
    held = library_of_release(release)
    lines = {one.number: one.lines for one in held.people}
    asked = {row["visit"]: row["lines"].split() for row in plan.table("visits").to_pylist()}
    order = ("特殊食品", "生产", "餐饮", "销售")

    experts = [row for row in framed(plan, held, nothing_known(around)).rows if row[1] == "E"]

    assert experts
    assert all(next(line for line in order if line in asked[visit]) in lines[person] for visit, _, person in experts)


def test_an_office_alone_is_helped_by_the_county(plan: PlanFolder, people: Library, around: Surroundings) -> None:
    first = framed(plan, people, nothing_known(around))
    office = {row["visit"]: row["office"] for row in plan.table("visits").to_pylist()}
    visit = first.rows[0][0]
    gone = replace(people, people=tuple(replace(one, certified=False) if one.office == office[visit] else one for one in people.people))

    frame = framed(plan, gone, nothing_known(around))

    assert frame.relaxed[visit] == "由本县其他机构派员"
    homes = {one.number: one.office for one in people.people}
    assert {homes[row[2]] for row in frame.rows if row[0] == visit and row[1] in "LE"} & {office[visit]} == set()


def test_a_visit_nobody_can_take_explains_itself_and_is_not_dropped(plan: PlanFolder, people: Library, around: Surroundings) -> None:
    nobody = replace(people, people=tuple(replace(one, certified=False) for one in people.people))
    some = framed(plan, people, around)

    frame = framed(plan, nobody, around)

    assert len(frame.unfilled) == len(some.unfilled) + len({row[0] for row in some.rows})
    assert frame.rows == ()
    assert all("有效的执法证" in one.conflict or "不足两名" in one.conflict[0] for one in frame.unfilled)
    assert all(one.relax == () for one in frame.unfilled)


def test_the_cheapest_relaxation_is_the_smallest_set_that_fills_the_visit(plan: PlanFolder, people: Library, around: Surroundings) -> None:
    """Two people are left in the whole county and neither knows the line; one is on leave: line and leave must both give way."""
    first = framed(plan, people, nothing_known(around))
    row = next(row for row in plan.table("visits").to_pylist() if row["visit"] == first.rows[0][0])
    two = tuple(
        Inspector(number=name, name=name, office=row["office"], certified=True, until=date(2030, 1, 1), lines=()) for name in ("P1", "P2")
    )  # fmt: skip
    library = Library(people=two, leave=(Leave(number="P2", first=WEEK, last=WEEK),))

    frame = framed(plan, library, nothing_known(around))

    told = next(one for one in frame.unfilled if one.visit == row["visit"])
    assert set(told.relax) == {"专业", "请假"}
    assert "放宽专业、请假后可派 2 人" in told.told
    assert told.conflict == ("专业",)


def test_a_week_without_visits_is_told(plan: PlanFolder, people: Library, around: Surroundings) -> None:
    with pytest.raises(BadInput, match="没有 2027-01-04 至 2027-01-10"):
        framed(plan, people, around, week=date(2027, 1, 5))
