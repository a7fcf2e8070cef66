"""Drawn, visited, published: whether what was drawn was done, by whom it was drawn, and told to the public in time (抽取、检查、公开三对账).

A draw that nobody carries out is theatre. Who was drawn and not visited, who was visited as random and never drawn, who went instead of
the team that was drawn, and which result is not public in time: each is named.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc
import pyarrow.parquet as pq

from evenhand.errors import BadInput
from evenhand.pipeline.fairness.draws import Frame, Teamed, read_draws
from evenhand.pipeline.grades import release_day
from evenhand.pipeline.planning import PlanFolder
from evenhand.pipeline.spreadsheets import rows_to_csv
from evenhand.plan import WEEK
from evenhand.publish import Release
from evenhand.rulebook import Calendar, Pack, read_calendar
from evenhand.standards import DOUBLE_RANDOM

__all__ = ["STATES", "Reconciliation", "Settled", "Swapped", "Undrawn", "reconcile", "write_reconciliation"]

STATES: Final = (
    "已检查，已按期公开",
    "已检查，未到公开期限",
    "已检查，公开逾期",
    "已检查，未公开且已逾期",
    "已检查，公开期限无法判断",
    "只有其他种类的检查",
    "未到检查期限",
    "到期未检查",
)
"""What became of one drawn object; the order is that of the tables."""
_TIMELY, _WAITING, _LATE, _SILENT, _UNCLEAR, _OTHER_KIND, _TO_COME, _MISSED = STATES
_AMISS: Final = frozenset({_LATE, _SILENT, _OTHER_KIND, _MISSED})
"""States that somebody must answer for."""
_RANDOM: Final = "双随机"
_CERTIFIED: Final = frozenset("LEX")


@dataclass(frozen=True, kw_only=True)
class Settled:
    """One object that stands drawn: number of its draw, office, what became of it, its inspection, until when the result was to be public, and since when it is."""

    serial: str
    subject: str
    name: str
    office: str
    state: str
    inspection: str = ""
    inspected_on: date | None = None
    publish_by: date | None = None
    published_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Undrawn:
    """One inspection told as random of a subject that no draw of the ledger gave."""

    subject: str
    name: str
    office: str
    inspection: str
    inspected_on: date


@dataclass(frozen=True, kw_only=True)
class Swapped:
    """One visit whose inspection names other people than the team that was drawn."""

    serial: str
    visit: str
    subject: str
    inspection: str
    inspected_on: date
    drawn: str
    went: str


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """All of it; `teams`: visits of team draws that were held against an inspection."""

    asof: date
    until: date
    settled: tuple[Settled, ...]
    undrawn: tuple[Undrawn, ...]
    swapped: tuple[Swapped, ...]
    teams: int

    @property
    def counts(self) -> dict[str, int]:
        """Objects by state, in the order of `STATES`."""
        found = Counter(one.state for one in self.settled)
        return {state: found[state] for state in STATES}

    @property
    def amiss(self) -> int:
        """How many things somebody must answer for."""
        return sum(one.state in _AMISS for one in self.settled) + len(self.undrawn) + len(self.swapped)


@dataclass(frozen=True, kw_only=True)
class _Inspection:
    number: str
    kind: str
    day: date
    published: date | None
    people: frozenset[str]
    office: str


def reconcile(
    folder: Path, release: Release, pack: Pack, *, until: date, plans: Sequence[PlanFolder] = (), people: Mapping[str, str] | None = None
) -> Reconciliation:
    """Hold the draws of a ledger against the inspections of a later release.

    Args:
        folder: of the ledger.
        release: delivered after the visits.
        pack: within how many working days a result is to be public, and which days are worked.
        until: last day on which what was drawn was to be visited.
        plans: whose visits the team draws served; none leaves teams out.
        people: names of inspectors by number, for the teams.

    Raises:
        BadInput: there is no ledger (FAIR-01).
    """
    ledger, asof, calendar = read_draws(folder), release_day(release), read_calendar(pack)
    begins = min([*(one.revealed_on for one in ledger.frames), *(one.revealed_on for one in ledger.teams)], default=asof)
    held, names = _inspections(release, begins), _subjects(release)
    days = int(pack.parameters.value("publish_result_days", on=asof))
    settled = [
        _settled(frame, one, held.get(one, ()), names.get(one, ("", "")), _Clock(asof=asof, until=until, calendar=calendar, days=days))
        for frame in ledger.frames
        for one in sorted(frame.standing)
    ]
    drawn = {one for frame in ledger.frames for one in frame.standing}
    undrawn = [
        Undrawn(subject=one, name=names.get(one, ("", ""))[0], office=each.office, inspection=each.number, inspected_on=each.day)
        for one, found in sorted(held.items())
        if ledger.frames and one not in drawn
        for each in found
        if each.kind == _RANDOM
    ]
    swapped, teams = _swapped(ledger.teams, plans, held, people or {})
    return Reconciliation(asof=asof, until=until, settled=tuple(settled), undrawn=tuple(undrawn), swapped=tuple(swapped), teams=teams)


def _subjects(release: Release) -> dict[str, tuple[str, str]]:
    table = pq.read_table(release.folder / "subject.parquet", columns=["subject_id", "name", "office"])
    return {one: (name or "", office or "") for one, name, office in zip(*(column.to_pylist() for column in table.columns), strict=True)}


def _inspections(release: Release, begins: date) -> dict[str, list[_Inspection]]:
    """Inspections since the first draw by subject, in order of their day."""
    columns = ["record_id", "inspection_no", "inspection_kind", "inspected_on", "published_on", "inspectors", "office"]
    table = pq.read_table(release.folder / "inspection.parquet", columns=columns, filters=[("inspected_on", ">=", begins)])
    member = pq.read_table(release.folder / "membership.parquet", columns=["record_id", "subject_id"])
    member = member.filter(pc.is_in(member["record_id"], value_set=table["record_id"].combine_chunks()))
    subject = dict(zip(member["record_id"].to_pylist(), member["subject_id"].to_pylist(), strict=True))
    held: dict[str, list[_Inspection]] = defaultdict(list)
    for row in table.to_pylist():
        if row["record_id"] in subject:
            held[subject[row["record_id"]]].append(
                _Inspection(
                    number=row["inspection_no"] or "", kind=row["inspection_kind"] or "", day=row["inspected_on"], published=row["published_on"],
                    people=frozenset((row["inspectors"] or "").split("、")) - {""}, office=row["office"] or "",
                )
            )  # fmt: skip
    return {one: sorted(found, key=lambda each: (each.day, each.number)) for one, found in held.items()}


@dataclass(frozen=True, kw_only=True)
class _Clock:
    asof: date
    until: date
    calendar: Calendar
    days: int


def _settled(frame: Frame, one: str, found: Sequence[_Inspection], told: tuple[str, str], clock: _Clock) -> Settled:
    about: dict[str, Any] = {"serial": frame.serial, "subject": one, "name": told[0], "office": told[1]}
    since = [each for each in found if frame.revealed_on <= each.day <= clock.until]
    random = next((each for each in since if each.kind == _RANDOM), None)
    if random is None:
        state = _TO_COME if clock.asof <= clock.until else _OTHER_KIND if since else _MISSED
        other: dict[str, Any] = {"inspection": since[0].number, "inspected_on": since[0].day} if since else {}
        return Settled(**about, **other, state=state)
    done: dict[str, Any] = {"inspection": random.number, "inspected_on": random.day, "published_on": random.published}
    try:
        by = clock.calendar.after(random.day, working_days=clock.days)
    except BadInput:  # beyond the loaded calendar nothing is guessed
        return Settled(**about, **done, state=_UNCLEAR)
    if random.published is None:
        return Settled(**about, **done, publish_by=by, state=_WAITING if clock.asof <= by else _SILENT)
    return Settled(**about, **done, publish_by=by, state=_TIMELY if random.published <= by else _LATE)


def _swapped(
    teams: Sequence[Teamed], plans: Sequence[PlanFolder], held: Mapping[str, Sequence[_Inspection]], people: Mapping[str, str]
) -> tuple[list[Swapped], int]:
    """Visits whose inspection of that week and the next names other certified people than those drawn; how many could be compared."""
    visits = {
        row["visit"]: (row["subject"], plan.period.day(WEEK * row["week"]))
        for plan in plans
        for row in plan.table("visits").select(["visit", "subject", "week"]).to_pylist()
        if row["week"] is not None
    }
    found, compared = [], 0
    for team in teams:
        drawn: dict[str, set[str]] = defaultdict(set)
        for visit, role, person in team.roster:
            if role in _CERTIFIED:
                drawn[visit].add(people.get(person, person))
        for visit, who in sorted(drawn.items()):
            subject, monday = visits.get(visit, ("", team.revealed_on))
            each = next((one for one in held.get(subject, ()) if monday <= one.day < monday + timedelta(days=2 * WEEK)), None)
            if each is None:
                continue
            compared += 1
            if not who <= each.people:
                found.append(
                    Swapped(
                        serial=team.serial, visit=visit, subject=subject, inspection=each.number, inspected_on=each.day, drawn="、".join(sorted(who)),
                        went="、".join(sorted(each.people)),
                    )
                )  # fmt: skip
    return found, compared


def write_reconciliation(found: Reconciliation, out: Path) -> list[Path]:
    """Write `reconciliation.json` for pages, and three tables as CSV: settled, undrawn, swapped."""
    out.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Sequence[Settled | Undrawn | Swapped]] = {
        "settled": found.settled,
        "undrawn": found.undrawn,
        "swapped": found.swapped,
    }
    for name, rows in tables.items():
        rows_to_csv(out / f"{name}.csv", [one.title for one in DOUBLE_RANDOM[name].columns], map(astuple, rows))
    offices = Counter((one.office, one.state) for one in found.settled)
    page = {
        "asof": found.asof.isoformat(), "until": found.until.isoformat(), "counts": found.counts, "undrawn": len(found.undrawn), "swapped": len(found.swapped), "teams": found.teams,
        "offices": [{"office": office, "state": state, "objects": count} for (office, state), count in sorted(offices.items())],
    }  # fmt: skip
    (out / "reconciliation.json").write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return [out / "reconciliation.json", *(out / f"{name}.csv" for name in tables)]
