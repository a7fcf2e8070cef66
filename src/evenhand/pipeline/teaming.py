"""Who may go to which visit: edges of a team draw from a plan, the library of inspectors, leave and declared interests (选派名单)."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from evenhand.errors import BadInput, Message, Problem
from evenhand.publish import Release

__all__ = ["Inspector", "TeamFrame", "inspectors_of", "last_teams_of", "read_bars", "team_frame"]

NO_VISITS: Final = Message(
    "TEAM-01",
    zh="{plan} 里没有 {begin} 至 {end} 这一周、区划 {prefix} 的检查。请核对计划和周。",
    en="{plan} holds no visit of that week and area.",
)
BAD_BARS: Final = Message(
    "TEAM-02",
    zh="{path} 第{line}行：{why}。列为 inspector_no、subject（回避，空着为请假）、from、to、reason。",
    en="{path}, line {line}: {why}.",
)
_ROLES: Final = ("E", "L")
_FULL_TIME: Final = 4
_WEEK: Final = 7


@dataclass(frozen=True, kw_only=True)
class Inspector:
    """One person of the library: `office` is empty when the stated agency names none or several; `certified`: holds a certificate, valid until `until`."""

    number: str
    name: str
    office: str
    certified: bool
    until: date | None
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TeamFrame:
    """Rows (visit, role, inspector) and people of a team draw; `left_out`: how many pairs of visit and person fell away, by reason; `unfilled`: visits nobody can take."""

    rows: tuple[tuple[str, str, str], ...]
    people: Mapping[str, str]
    left_out: Mapping[str, int]
    unfilled: tuple[str, ...]


def inspectors_of(release: Release) -> list[Inspector]:
    """Return the library of inspectors of a release; a station's short name counts when it names one office only."""
    offices = [str(one) for one in pq.read_table(release.folder / "agency.parquet", columns=["agency"])["agency"].to_pylist() if one]
    rows = pq.read_table(release.folder / "inspector.parquet").to_pylist()
    ends: dict[str, set[str]] = {}
    for name in {str(row["agency"]) for row in rows if row["agency"]}:
        ends[name] = {one for one in offices if one == name or one.endswith(name)}
    found = {}
    for row in rows:
        if row["inspector_no"]:
            held = ends.get(str(row["agency"]), set())
            found[row["inspector_no"]] = Inspector(
                number=row["inspector_no"], name=row["inspector"] or "", office=next(iter(held)) if len(held) == 1 else "", certified=bool(row["certified"]),
                until=row["certificate_to"], lines=tuple((row["lines"] or "").split("、")),
            )  # fmt: skip
    return [found[key] for key in sorted(found)]


def last_teams_of(release: Release) -> dict[str, set[str]]:
    """Return by subject the names of those who inspected it last."""
    member = pq.read_table(release.folder / "membership.parquet", columns=["record_id", "subject_id"])
    subject = dict(zip(member["record_id"].to_pylist(), member["subject_id"].to_pylist(), strict=True))
    last: dict[str, tuple[date, str]] = {}
    for row in pq.read_table(release.folder / "inspection.parquet", columns=["record_id", "inspected_on", "inspectors"]).to_pylist():
        if row["inspected_on"] and row["inspectors"] and row["record_id"] in subject:
            one = subject[row["record_id"]]
            last[one] = max(last.get(one, (date.min, "")), (row["inspected_on"], row["inspectors"]))
    return {one: set(names.split("、")) for one, (_, names) in last.items()}


def read_bars(path: Path | None) -> list[dict[str, str]]:
    """Read declared interests and leave; raises BadInput with every bad line."""
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    problems = [
        Problem(BAD_BARS, {"path": path, "line": n, "why": why})
        for n, row in enumerate(rows, 2)
        if (
            why := "缺 inspector_no"
            if not row.get("inspector_no")
            else "既没有 subject 也没有 from、to"
            if not row.get("subject") and not (row.get("from") and row.get("to"))
            else ""
        )
    ]
    if problems:
        raise BadInput(problems)
    return rows


def team_frame(
    plan: Path,
    inspectors: Sequence[Inspector],
    *,
    week: date,
    prefix: str,
    bars: Sequence[Mapping[str, str]],
    last_teams: Mapping[str, set[str]],
) -> TeamFrame:
    """Return the frame of the team draw of one week.

    Args:
        plan: folder that `evenhand plan` wrote.
        inspectors: the library.
        week: any day of the week.
        prefix: county, city or province of the visits.
        bars: declared interests and leave.
        last_teams: by subject the names of those who inspected it last; they do not go again.

    Raises:
        BadInput: the plan has no visit there.
    """
    begin = week - timedelta(days=week.weekday())
    end = begin + timedelta(days=_WEEK - 1)
    visits = [
        row
        for row in pq.read_table(plan / "visits.parquet").to_pylist()
        if str(row["county"] or "").startswith(prefix) and _in_week(row, plan, begin)
    ]
    if not visits:
        raise BadInput(Problem(NO_VISITS, {"plan": plan, "begin": begin, "end": end, "prefix": prefix}))
    recused = {(row["inspector_no"], row["subject"]) for row in bars if row.get("subject")}
    away = {
        row["inspector_no"] for row in bars if not row.get("subject") and row["from"] <= end.isoformat() and row["to"] >= begin.isoformat()
    }
    by_office: dict[str, list[Inspector]] = {}
    for one in inspectors:
        by_office.setdefault(one.office, []).append(one)
    rows: list[tuple[str, str, str]] = []
    left_out: Counter[str] = Counter()
    unfilled = []
    for visit in visits:
        able, why = _able(
            by_office.get(visit["office"] or "", []),
            visit,
            end=end,
            recused=recused,
            away=away,
            last=last_teams.get(visit["subject"], set()),
        )
        left_out.update(why)
        if len(able) < len(_ROLES):
            unfilled.append(visit["visit"])
            continue
        rows += [(visit["visit"], role, one.number) for role in _ROLES for one in able]
    people = {one: f"0/{_FULL_TIME}" for _, _, one in rows}
    return TeamFrame(rows=tuple(rows), people=people, left_out=dict(left_out), unfilled=tuple(unfilled))


def _in_week(row: Mapping[str, Any], plan: Path, begin: date) -> bool:
    origin = date.fromisoformat((plan / "origin.txt").read_text("utf-8").strip())
    return row["week"] is not None and origin + timedelta(days=_WEEK * row["week"]) == begin


def _able(
    people: Iterable[Inspector], visit: Mapping[str, Any], *, end: date, recused: set[tuple[str, str]], away: set[str], last: set[str]
) -> tuple[list[Inspector], Counter[str]]:
    """Who may go: certified to the last day of the week, not on leave, no interest declared, not in the last team unless nobody else is left."""
    told: Counter[str] = Counter()
    able, again = [], []
    for one in people:
        if not one.certified:
            told["没有执法证（只能协助）"] += 1
        elif one.until is None or one.until < end:
            told["执法证已过期或者没有写有效期"] += 1
        elif one.number in away:
            told["请假"] += 1
        elif (one.number, visit["subject"]) in recused:
            told["回避"] += 1
        elif one.name in last:
            again.append(one)
        else:
            able.append(one)
    if len(able) < len(_ROLES):
        able = sorted([*able, *again], key=lambda one: one.number)
        told["上次检查过、因无他人仍可派"] += len(again)
    else:
        told["上次检查过该主体"] += len(again)
    return able, +told
