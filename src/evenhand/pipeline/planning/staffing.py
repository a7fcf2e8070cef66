"""What a plan asks of each office before anything is sent (预演): hours, people, certificates that end, lines nobody holds, tours, and what closing a gap would cost."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from evenhand.pipeline.inspectors import Inspector, library_of_release
from evenhand.plan import Levelled, Period, PlanRules
from evenhand.publish import Release

__all__ = ["OfficeLoad", "loads_of"]


@dataclass(frozen=True, kw_only=True)
class OfficeLoad:
    """One office in one plan.

    `hours`, `room`: person-hours asked and at hand (certified people × working days × the share for visits); `short`: hours lacking, `lacking`: people that would close it;
    `peak`: highest week against the mean; `unplaced`: visits whose window has no working day; `people`: certified to the end of the period; `expiring`: whose certificate ends
    within it; `team`: people that one visit takes at least; `helpers`: without certificate; `lines`: asked by visits and held by nobody; `tours`: day tours; `saved`: visits spared by merging.
    """

    office: str
    subjects: int
    visits: int
    hours: float
    room: float
    peak: float
    unplaced: int
    people: int
    expiring: int
    helpers: int
    lines: tuple[str, ...]
    tours: int
    saved: int
    per_person: float
    team: int

    @property
    def short(self) -> float:
        """Person-hours lacking."""
        return max(0.0, self.hours - self.room)

    @property
    def lacking(self) -> int:
        """People that would close the gap, and never fewer than make a team of those who are there."""
        if not self.short:
            return 0
        return max(math.ceil(self.short / self.per_person) if self.per_person else 0, self.team - self.people)


def loads_of(
    release: Release,
    visits: pa.Table,
    levelled: Mapping[str, Levelled],
    caps: Sequence[int],
    *,
    rules: PlanRules,
    worked: int,
    period: Period,
) -> tuple[OfficeLoad, ...]:
    """Return what each office that has visits is asked for."""
    staff: dict[str, list[Inspector]] = {}
    for person in library_of_release(release).people:
        staff.setdefault(person.office, []).append(person)
    per_person = worked * rules.minutes_per_day * rules.field_share_pct / 100 / 60
    asked = _lines_asked(visits)
    sums = visits.group_by("office").aggregate(
        [("visit", "count"), ("minutes", "sum"), ("subject", "count_distinct"), ("tour", "count_distinct"), ("duties", "sum")]
    )
    found = []
    for row in sorted(sums.to_pylist(), key=lambda one: str(one["office"] or "")):
        office = row["office"] or ""
        here = staff.get(office, []) if office else []
        certified = [one for one in here if one.certified and one.until and one.until >= period.begin]
        lasting = [one for one in certified if one.until and one.until >= period.end]
        held = {line for one in certified for line in one.lines}
        found.append(
            OfficeLoad(
                office=office or "（不明）", subjects=row["subject_count_distinct"], visits=row["visit_count"], hours=row["minutes_sum"] * rules.people_per_visit / 60,
                room=len(lasting) * per_person, peak=_peak(levelled[office].loads, caps), unplaced=sum(levelled[office].unplaced.values()), people=len(lasting),
                expiring=len(certified) - len(lasting), helpers=sum(not one.certified for one in here), lines=tuple(sorted(asked.get(office, set()) - held)),
                tours=row["tour_count_distinct"], saved=row["duties_sum"] - row["visit_count"], per_person=per_person, team=rules.people_per_visit,
            )
        )  # fmt: skip
    return tuple(found)


def _lines_asked(visits: pa.Table) -> dict[str, set[str]]:
    told = visits.select(["office", "lines"]).group_by(["office", "lines"]).aggregate([])
    asked: dict[str, set[str]] = {}
    for row in told.to_pylist():
        asked.setdefault(row["office"] or "", set()).update((row["lines"] or "").split())
    return asked


def _peak(loads: Sequence[int], caps: Sequence[int]) -> float:
    rates = [load * 100 / cap for load, cap in zip(loads, caps, strict=True) if cap]
    mean = sum(loads) * 100 / sum(caps) if sum(caps) else 0.0
    return max(rates, default=0.0) / mean if mean else 0.0
