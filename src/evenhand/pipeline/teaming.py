"""Who may go to which visit: edges of a team draw from a plan and the library of inspectors; who fell away and why; what would fill a visit that nobody can take (选派名单).

Two certified people go to every visit: the lead `L` and the expert `E`, who is qualified for its hardest line. People without a
certificate take the assisting place `A1` only (行政处罚法第四十二条).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, combinations
from typing import Any, Final

import pyarrow.parquet as pq

from evenhand.draw.teams import EXCHANGE_ROLE
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.inspectors import Inspector, Library, bars_of
from evenhand.pipeline.planning import PlanFolder
from evenhand.plan import LINES, WEEK
from evenhand.publish import Release

__all__ = ["Surroundings", "TeamFrame", "Unfilled", "exchange_frame", "surroundings_of", "team_frame", "visits_of_week"]

NO_VISITS: Final = Message(
    "TEAM-01",
    zh="{plan} 里没有 {begin} 至 {end} 这一周、区划 {prefix} 的检查。请核对计划和周。",
    en="{plan} holds no visit of that week and area.",
)
_TEAM: Final = 2
_HARDEST: Final = ("特殊食品", "生产", "餐饮", "销售")
_COUNTY: Final = 6
_CERTIFICATE, _RECUSED, _LEAVE, _LINE, _LAST, _OFFICE = "有效的执法证", "回避", "请假", "专业", "上次检查过该主体的不再去", "本机构"
_HELPER, _EXPIRED = "没有执法证（只能协助）", "执法证已过期或者没有写有效期"
_SOFT: Final = (_LAST, _LINE, _OFFICE, _LEAVE)
"""Conditions that may be relaxed, the cheapest first; certificate and recusal are law."""
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Unfilled:
    """A visit that nobody can lawfully take: the smallest set of conditions that together rule it out, and the cheapest that would have to give way."""

    visit: str
    conflict: tuple[str, ...]
    relax: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def told(self) -> str:
        """In words, for an officer."""
        why = f"{'、'.join(self.conflict)}不能同时满足"
        if not self.relax:
            return f"{why}；没有可以放宽的条件，请由上级组织"
        return f"{why}；放宽{'、'.join(self.relax)}后可派 {len(self.people)} 人：{'、'.join(self.people[:6])}"


@dataclass(frozen=True, kw_only=True)
class TeamFrame:
    """Rows (visit, role, inspector) and people of a team draw.

    `left_out`: pairs of visit and person that fell away, by reason; `unfilled`: visits nobody can take; `relaxed`: visits filled only by a step of the ladder, with the step.
    """

    rows: tuple[tuple[str, str, str], ...]
    people: Mapping[str, str]
    left_out: Mapping[str, int]
    unfilled: tuple[Unfilled, ...] = ()
    relaxed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a release knows about who may not go or could: by phone the subjects that state it, by subject the names of its last team, by county its offices."""

    phones: Mapping[str, Sequence[str]]
    last_teams: Mapping[str, set[str]]
    counties: Mapping[str, Sequence[str]]


def surroundings_of(release: Release) -> Surroundings:
    """Read them from a release."""
    phones: dict[str, list[str]] = defaultdict(list)
    for row in pq.read_table(release.folder / "subject.parquet", columns=["subject_id", "phone"]).to_pylist():
        if row["phone"]:
            phones[row["phone"]].append(row["subject_id"])
    counties: dict[str, set[str]] = defaultdict(set)
    for row in pq.read_table(release.folder / "agency.parquet", columns=["agency", "division"]).to_pylist():
        if row["agency"] and row["division"]:
            counties[row["division"][:_COUNTY]].add(row["agency"])
    return Surroundings(
        phones=dict(phones), last_teams=_last_teams(release), counties={key: sorted(names) for key, names in counties.items()}
    )


def _last_teams(release: Release) -> dict[str, set[str]]:
    member = pq.read_table(release.folder / "membership.parquet", columns=["record_id", "subject_id"])
    subject = dict(zip(member["record_id"].to_pylist(), member["subject_id"].to_pylist(), strict=True))
    last: dict[str, tuple[date, str]] = {}
    for row in pq.read_table(release.folder / "inspection.parquet", columns=["record_id", "inspected_on", "inspectors"]).to_pylist():
        if row["inspected_on"] and row["inspectors"] and row["record_id"] in subject:
            one = subject[row["record_id"]]
            last[one] = max(last.get(one, (date.min, "")), (row["inspected_on"], row["inspectors"]))
    return {one: set(names.split("、")) for one, (_, names) in last.items()}


@dataclass(frozen=True, kw_only=True)
class _Week:
    """What decides who may go in one week."""

    end: date
    away: set[str]
    bars: Mapping[tuple[str, str], str]
    last_teams: Mapping[str, set[str]]

    def fails(self, one: Inspector, visit: Row, role: str) -> list[str]:
        """Every condition that a person does not meet for a place."""
        told = [_CERTIFICATE] if not one.certified or one.until is None or one.until < self.end else []
        if role == "A1":
            told = [_CERTIFICATE] if one.certified else []
        if (one.number, visit["subject"]) in self.bars:
            told.append(_RECUSED)
        if one.number in self.away:
            told.append(_LEAVE)
        if role == "E" and _hardest(visit) not in {*one.lines, *one.expert, ""}:
            told.append(_LINE)
        if one.name in self.last_teams.get(visit["subject"], set()):
            told.append(_LAST)
        return told


def _hardest(visit: Row) -> str:
    asked = (visit.get("lines") or "").split()
    return next((line for line in _HARDEST if line in asked and line in LINES), "")


def visits_of_week(plan: PlanFolder, week: date, prefix: str) -> list[Row]:
    """Return the visits of one week whose county begins with a prefix; raises BadInput when there is none (TEAM-01)."""
    begin = week - timedelta(days=week.weekday())
    number = plan.period.number(begin) // WEEK
    visits = [row for row in plan.table("visits").to_pylist() if row["week"] == number and str(row["county"] or "").startswith(prefix)]
    if not visits or begin < plan.period.origin:
        raise BadInput(Problem(NO_VISITS, {"plan": plan.folder, "begin": begin, "end": begin + timedelta(days=WEEK - 1), "prefix": prefix}))
    return visits


def _week_of(library: Library, week: date, around: Surroundings) -> "_Week":
    begin = week - timedelta(days=week.weekday())
    end = begin + timedelta(days=WEEK - 1)
    return _Week(end=end, away=library.away(begin, end), bars=bars_of(library, around.phones, begin), last_teams=around.last_teams)


def exchange_frame(
    plan: PlanFolder, library: Library, *, week: date, prefix: str, around: Surroundings, visits: Collection[str]
) -> tuple[TeamFrame, list[tuple[str, str, str]]]:
    """Return the frame of an exchange: who of other offices of the area may take place `X` of the visits that were drawn for it, and the rules that name homes and seats.

    Args:
        plan: whose visits are to be made.
        library: of inspectors.
        week: any day of the week.
        prefix: of the area within which offices exchange.
        around: last teams, phones and offices of the release.
        visits: drawn for the exchange.
    """
    told = _week_of(library, week, around)
    offices = {name for county, names in around.counties.items() if county.startswith(prefix) for name in names}
    pool = [one for one in library.people if one.office in offices]
    rows: list[tuple[str, str, str]] = []
    unfilled = []
    seats: dict[str, str] = {}
    for visit in visits_of_week(plan, week, prefix):
        if visit["visit"] in visits:
            others = [one for one in pool if one.office != visit["office"]]
            able = _able(others, visit, "E", told)
            rows += [(visit["visit"], EXCHANGE_ROLE, one.number) for one in able]
            if able:
                seats[visit["visit"]] = visit["office"] or "（不明）"
            else:
                unfilled.append(_explained(visit, others, [], told))
    people = {one.number: one for one in library.people}
    gone = sorted({row[2] for row in rows})
    rules = [("param", f"home:{one}", people[one].office) for one in gone] + [
        ("param", f"seat:{visit}", office) for visit, office in sorted(seats.items())
    ]
    carried = {one: f"{people[one].carried}/{people[one].quarters}" for one in gone}
    return TeamFrame(rows=tuple(rows), people=carried, left_out={}, unfilled=tuple(unfilled)), rules


def team_frame(
    plan: PlanFolder, library: Library, *, week: date, prefix: str, around: Surroundings, exchanged: Mapping[str, str] | None = None
) -> TeamFrame:
    """Return the frame of the team draw of one week.

    Where the office alone cannot fill a visit the ladder is climbed, and each step is told: first who inspected the subject last may
    go again, then people of other offices of the county.

    Args:
        plan: whose visits are to be made.
        library: of inspectors, with leave and recusal.
        week: any day of the week.
        prefix: county, city or province of the visits.
        around: last teams, phones and offices of the release.
        exchanged: by visit who comes from another office: the expert's place is taken, and counts in that person's load.

    Raises:
        BadInput: the plan has no visit there.
    """
    visits, told, guests = visits_of_week(plan, week, prefix), _week_of(library, week, around), exchanged or {}
    by_office: dict[str, list[Inspector]] = defaultdict(list)
    for one in library.people:
        by_office[one.office].append(one)
    rows: list[tuple[str, str, str]] = []
    left_out: Counter[str] = Counter()
    unfilled: list[Unfilled] = []
    relaxed: dict[str, str] = {}
    for visit in visits:
        own = by_office.get(visit["office"] or "", [])
        near = [
            one
            for office in around.counties.get(str(visit["county"] or "")[:_COUNTY], ())
            if office != visit["office"]
            for one in by_office.get(office, ())
        ]
        found, step = _filled(visit, own, near, told, left_out, guest=guests.get(visit["visit"], ""))
        if found:
            rows += [(visit["visit"], role, one.number) for role, able in found.items() for one in able]
            relaxed |= {visit["visit"]: step} if step else {}
        else:
            unfilled.append(_explained(visit, own, near, told))
    people = {one.number: one for one in library.people}
    lent = Counter(guests.values())
    carried = {name: f"{people[name].carried + lent[name]}/{people[name].quarters}" for _, _, name in rows}
    return TeamFrame(rows=tuple(rows), people=carried, left_out=dict(+left_out), unfilled=tuple(unfilled), relaxed=relaxed)


def _able(people: Iterable[Inspector], visit: Row, role: str, told: _Week, waived: Iterable[str] = ()) -> list[Inspector]:
    allowed = set(waived)
    return [one for one in people if set(told.fails(one, visit, role)) <= allowed]


def _filled(
    visit: Row, own: Sequence[Inspector], near: Sequence[Inspector], told: _Week, left_out: Counter[str], *, guest: str = ""
) -> tuple[dict[str, list[Inspector]], str]:  # fmt: skip
    """People by place, and the step of the ladder that it took ("" for none)."""
    for one in own:
        if why := told.fails(one, visit, "L"):
            left_out[_HELPER if why[0] == _CERTIFICATE and not one.certified else _EXPIRED if why[0] == _CERTIFICATE else why[0]] += 1
    for pool, waived, step in ((own, (), ""), (own, (_LAST,), "上次检查过该主体的再去"), ([*own, *near], (_LAST,), "由本县其他机构派员")):
        places = {
            role: [one for one in _able(pool, visit, role, told, waived) if one.number != guest]
            for role in (("L",) if guest else ("L", "E"))
        }
        if places["L"] and (guest or _can_fill(places["L"], places["E"])):
            helpers = _able(own, visit, "A1", told)
            return places | ({"A1": helpers} if helpers else {}), step
    return {}, ""


def _can_fill(lead: Sequence[Inspector], expert: Sequence[Inspector]) -> bool:
    return bool(lead) and bool(expert) and len({one.number for one in (*lead, *expert)}) >= _TEAM


def _explained(visit: Row, own: Sequence[Inspector], near: Sequence[Inspector], told: _Week) -> Unfilled:
    """The smallest set of conditions that rules a visit out, and the cheapest soft ones whose waiver fills it."""

    def fills(waived: Iterable[str]) -> list[Inspector]:
        gone = set(waived)
        pool = [*own, *near] if _OFFICE in gone else own
        lead, expert = (_able(pool, visit, role, told, gone) for role in ("L", "E"))
        return sorted({*lead, *expert}, key=lambda one: one.number) if _can_fill(lead, expert) else []

    every = (_CERTIFICATE, _RECUSED, *_SOFT)
    # a set rules the visit out when waiving everything else still does not fill it
    conflict = next(
        (held for held in _subsets(every) if held and not fills([one for one in every if one not in held])), ("持证人员不足两名",)
    )  # fmt: skip
    if not fills(every):
        conflict = ("本县的检查人员不足两名",)
    relax = next((gone for gone in _subsets(_SOFT) if gone and fills(gone)), ())
    return Unfilled(
        visit=visit["visit"],
        conflict=conflict,
        relax=relax,
        people=tuple(f"{one.name}（{one.number}）" for one in fills(relax)) if relax else (),
    )


def _subsets(names: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Subsets by size, within a size in the order of the names: the first that serves is the smallest and cheapest."""
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
