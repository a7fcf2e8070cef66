"""Teams for a week of a plan: only who may lawfully go is in the frame, two certified people go to every visit, a stranger can prove the roster."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evenhand.draw import drand_round, make_draft
from evenhand.errors import BadInput
from evenhand.pipeline import BuildReport
from evenhand.pipeline.drawing import commit_draw, enter_value, read_agreed, reveal_draw, usual_sources, verify_pack
from evenhand.pipeline.planning import make_plan, period_of, write_plan
from evenhand.pipeline.teaming import Inspector, TeamFrame, inspectors_of, last_teams_of, read_bars, team_frame
from evenhand.publish import Release, open_release
from evenhand.rulebook import shipped_pack
from tests.integration.pipeline.conftest import ASOF

AGREED = read_agreed(shipped_pack())
AT = 1_800_000_000
WEEK = date(2026, 7, 8)


@pytest.fixture(scope="module")
def release(built: BuildReport) -> Release:
    """The release of the province, open."""
    return open_release(built.release)


@pytest.fixture(scope="module")
def plan(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The third quarter, written."""
    out = tmp_path_factory.mktemp("plan")
    write_plan(make_plan(release, shipped_pack(), period=period_of("2026Q3", asof=ASOF)), out)
    return out


@pytest.fixture(scope="module")
def people(release: Release) -> list[Inspector]:
    """The library of inspectors."""
    return inspectors_of(release)


def framed(plan: Path, people: list[Inspector], **changed: object) -> TeamFrame:
    told = {"week": WEEK, "prefix": "35", "bars": [], "last_teams": {}} | changed
    return team_frame(plan, people, **told)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pack(plan: Path, people: list[Inspector], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole ceremony of teams."""
    ledger, frame = tmp_path_factory.mktemp("ledger"), framed(plan, people)
    more = [("person", one, told) for one, told in frame.people.items()]
    draft = make_draft(frame.rows, method="teams", serial="2027-000001", quotas={}, sources=usual_sources(AGREED), more=more)
    commit_draw(ledger, draft, at=AT, signer="福建省局", agreed=AGREED, excluded=frame.left_out)
    enter_value(ledger, "2027-000001", source="01", value="dice:73150928461937502846", at=AT + 60)
    beacon = f"drand:quicknet:{drand_round(AT, AGREED.beacon_delay_s)}:{'cd' * 32}"
    return reveal_draw(ledger, "2027-000001", beacon={"02": beacon}, proofs={}, at=AT + 900, agreed=AGREED)


def test_two_different_certified_people_of_the_office_go_to_every_visit(pack: Path, people: list[Inspector]) -> None:
    library = {one.number: one for one in people}
    roster = [line.split("\t") for line in (pack / "result.tsv").read_text("utf-8").splitlines()]
    visits = {row[0] for row in roster}

    assert visits
    for visit in visits:
        team = [library[row[2]] for row in roster if row[0] == visit]
        assert len({one.number for one in team}) == 2
        assert all(one.certified and one.until and one.until >= date(2026, 7, 12) for one in team)
        assert len({one.office for one in team}) == 1


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


def test_who_may_not_go_is_never_in_the_frame(plan: Path, people: list[Inspector]) -> None:
    """Planted: no certificate, one that ends in the week, leave, a declared interest, the last team."""
    first = framed(plan, people)
    visit = first.rows[0][0]
    team = sorted({row[2] for row in first.rows if row[0] == visit})
    bad = team[0]
    changed = {
        "uncertified": [Inspector(**(one.__dict__ | {"certified": False})) if one.number == bad else one for one in people],
        "expired": [Inspector(**(one.__dict__ | {"until": WEEK + timedelta(days=1)})) if one.number == bad else one for one in people],
    }
    away = [{"inspector_no": bad, "subject": "", "from": "2026-07-01", "to": "2026-07-08", "reason": "年假"}]

    assert all(bad not in {row[2] for row in framed(plan, held).rows} for held in changed.values())
    assert bad not in {row[2] for row in framed(plan, people, bars=away).rows}


def test_a_declared_interest_bars_one_subject_only(plan: Path, people: list[Inspector]) -> None:
    first = framed(plan, people)
    subject = dict(zip(*(pq.read_table(plan / "visits.parquet")[name].to_pylist() for name in ("visit", "subject")), strict=True))
    visit = next(row[0] for row in first.rows if len({other[2] for other in first.rows if other[0] == row[0]}) > 2)
    person = next(row[2] for row in first.rows if row[0] == visit)

    barred = framed(plan, people, bars=[{"inspector_no": person, "subject": subject[visit], "from": "", "to": "", "reason": "近亲属"}])

    gone = set(first.rows) - set(barred.rows)
    assert {(row[0], row[2]) for row in gone} == {(visit, person)}
    assert barred.left_out["回避"] == 1


def test_the_last_team_does_not_go_again_where_others_are_left(plan: Path, people: list[Inspector], release: Release) -> None:
    frame = framed(plan, people, last_teams=last_teams_of(release))

    assert frame.left_out["上次检查过该主体"] > 0


def test_a_visit_nobody_can_take_is_named_and_not_dropped(plan: Path, people: list[Inspector]) -> None:
    nobody = [Inspector(**(one.__dict__ | {"certified": False})) for one in people]
    some = framed(plan, people)

    assert len(framed(plan, nobody).unfilled) == len(some.unfilled) + len({row[0] for row in some.rows})
    assert framed(plan, nobody).rows == ()


def test_a_week_without_visits_is_told(plan: Path, people: list[Inspector]) -> None:
    with pytest.raises(BadInput, match="没有 2027-01-04 至 2027-01-10"):
        framed(plan, people, week=date(2027, 1, 5))


def test_bad_lines_of_leave_and_interests_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "回避.csv"
    path.write_text("inspector_no,subject,from,to,reason\n,S1,,,近亲属\nFJ1,,,,\nFJ2,S2,,,股东\n", "utf-8")

    with pytest.raises(BadInput) as refused:
        read_bars(path)

    assert [problem.fields["line"] for problem in refused.value.problems] == [2, 3]
