"""A late campaign enters a plan on disk: a new plan beside the old one, and the report of what moves, what stays and why (调整报告)."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa

from evenhand.draw import ranked, week_lots
from evenhand.engine import open_engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.planning.reading import PlanFolder
from evenhand.pipeline.planning.writing import write_tables
from evenhand.pipeline.spreadsheets import rows_to_csv
from evenhand.plan import (
    NEEDED,
    STEPS,
    WEEK,
    Campaign,
    Class,
    Duty,
    Pending,
    PlanRules,
    Visit,
    campaign_duties,
    campaign_objects,
    insert,
    level,
    read_matters,
    read_plan_rules,
    relieve,
    standing_of,
    weeks_of,
)
from evenhand.publish import Release
from evenhand.rulebook import Pack

__all__ = ["Displaced", "Displacement", "insert_campaign", "write_displacement"]

UNAPPROVED: Final = Message(
    "PLAN-10",
    zh="专项 {id} 没有批准文号，不能进入计划（国办发〔2024〕54号）。请在文件里写 approval: number、by、day。",
    en="campaign {id} has no approval and cannot enter the plan.",
)
NOT_IN_PLAN: Final = Message(
    "PLAN-11",
    zh="专项 {id} 的期限 {begin} 至 {end} 不在计划期 {first} 至 {last} 今天以后的日子里。请改期限或者换一份计划。",
    en="campaign {id} does not reach into the rest of the plan.",
)
KNOWN: Final = Message("PLAN-12", zh="计划里已经有专项 {id} 的任务。一个专项只进入一次。", en="the plan already holds campaign {id}.")
_CAP: Final = "cap"
_WORDS: Final[dict[str, str]] = {str(step): words for step, words in STEPS.items()} | {_CAP: "所在的周超过限额，改到窗口内的另一周"}
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Displaced:
    """One visit that the campaign touches: its week before and after (None: there was none), the step and the reason in words."""

    visit: str
    subject: str
    name: str
    office: str
    before: int | None
    after: int | None
    step: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Displacement:
    """The new tables; what happened to each object; `changed`: pending visits whose week is another now; `over`: visits that stay above the cap, by office and week."""

    visits: pa.Table
    duties: pa.Table
    served: pa.Table
    rows: tuple[Displaced, ...]
    steps: Mapping[str, int]
    pending: int
    changed: int
    over: Mapping[tuple[str, int], int]


def insert_campaign(
    plan: PlanFolder, release: Release, pack: Pack, one: Campaign, *, today: date, seed: str, told: frozenset[str] = frozenset()
) -> Displacement:  # fmt: skip
    """Return the plan with a campaign in it, changed as little as can be.

    Args:
        plan: as issued.
        release: of the plan.
        pack: of the authority.
        one: approved.
        today: this week and the frozen weeks after it stay as they are.
        seed: of the lots; a fresh one for each insertion.
        told: visits whose date the business knows.

    Raises:
        BadInput: it is not approved, lies outside the plan or is in it already.
    """
    _check(plan, one, today)
    rules = read_plan_rules(pack.at(plan.period.begin))
    fresh, places = _objects(plan, release, pack, rules, one)
    week_now = max(0, plan.period.number(today) // WEEK)
    book = _Book(
        plan, {row["subject"] for row in fresh}, rules=rules, frozen=week_now + 1 + rules.frozen_weeks, now=week_now, told=told, seed=seed
    )
    steps = Counter(book.take(row, places[row["subject"]]) for row in fresh)
    book.place()
    over = book.relieve()
    shape, held = plan.table("visits").schema, plan.table("duties")
    order = sorted(book.rows.values(), key=lambda row: (row["office"] or "", row["week"] is None, row["week"] or 0, row["visit"]))
    pairs = [{"visit": visit, "duty": duty} for duty, visit in book.served.items()]
    return Displacement(
        visits=pa.Table.from_pylist(order, schema=shape), duties=pa.concat_tables([held, pa.Table.from_pylist(fresh, schema=held.schema)]),
        served=pa.Table.from_pylist(sorted(pairs, key=lambda pair: (pair["visit"], pair["duty"])), schema=plan.table("served").schema), rows=tuple(book.report),
        steps=dict(steps), pending=book.waiting, changed=sum(row.before is not None and row.before != row.after for row in book.report), over=over,
    )  # fmt: skip


def _check(plan: PlanFolder, one: Campaign, today: date) -> None:
    if one.approval is None:
        raise BadInput(Problem(UNAPPROVED, {"id": one.id}))
    first, last = max(plan.period.begin, today), plan.period.end
    if one.last_day < first or one.first_day > last:
        raise BadInput(
            Problem(NOT_IN_PLAN, {"id": one.id, "begin": one.first_day, "end": one.last_day, "first": plan.period.begin, "last": last})
        )
    if any(str(name).startswith(f"{one.id}-") for name in plan.table("duties")["id"].to_pylist()):
        raise BadInput(Problem(KNOWN, {"id": one.id}))


def _objects(plan: PlanFolder, release: Release, pack: Pack, rules: PlanRules, one: Campaign) -> tuple[list[Row], dict[str, Row]]:
    """The duties of the campaign, and where its objects are."""
    matters = read_matters(pack).in_force(plan.period.begin)
    with TemporaryDirectory(prefix="evenhand-") as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=3.0) as engine:
        tables = {name: engine.read(release.folder / f"{name}.parquet") for name in NEEDED}
        standing = standing_of(tables, rules=rules, matters=matters, period=plan.period, listed={}, engine=engine)
        reached = engine.save(campaign_objects(tables, standing.live, one, plan.period))
        fresh = engine.arrow(campaign_duties(reached, one, plan.period).order_by("id")).to_pylist()
        where = engine.arrow(reached.select("subject", "name", "office", "county", "town_code", "road", "house_no", "grade")).to_pylist()
    return fresh, {row["subject"]: row for row in where}


class _Book:
    """The visits of a plan while a campaign is written into it."""

    def __init__(
        self, plan: PlanFolder, subjects: set[str], *, rules: PlanRules, frozen: int, now: int, told: frozenset[str], seed: str
    ) -> None:
        """Open the plan; `subjects` are those of the campaign, `frozen` the first week that may change, `now` the present one."""
        self.plan, self.rules, self.frozen, self.told, self.seed = plan, rules, frozen, told, seed
        self.rows: dict[str, Row] = {row["visit"]: row for row in plan.table("visits").to_pylist()}
        self.served: dict[str, str] = {row["duty"]: row["visit"] for row in plan.table("served").to_pylist()}
        self.duties = {row["id"]: _duty(row) for row in plan.table("duties").to_pylist() if row["subject"] in subjects}
        self.report: list[Displaced] = []
        self.waiting = sum(row["week"] is not None and row["week"] >= now for row in self.rows.values())
        self._todo: list[tuple[str, str, int | None]] = []
        self._pending: dict[str, list[Pending]] = defaultdict(list)
        children: dict[str, list[str]] = defaultdict(list)
        for duty in self.duties:
            children[self.served[duty]].append(duty)
        for row in self.rows.values():
            if row["subject"] in subjects and (row["week"] is None or row["week"] >= now):
                self._pending[row["subject"]].append(
                    Pending(
                        id=row["visit"], subject=row["subject"], lo=row["lo"], hi=row["hi"], week=row["week"], sealed=row["sealed"], told=row["visit"] in told,
                        kind=Class(row["class"]), children=tuple(children[row["visit"]]),
                    )
                )  # fmt: skip

    def take(self, told: Row, place: Row) -> str:
        """Serve one duty of the campaign; return the step."""
        duty = _duty(told)
        found = insert(duty, self._pending.get(duty.subject, ()), self.duties, frozen_to=WEEK * self.frozen, policy=self.rules.policy)
        self.duties[duty.id] = duty
        if found.kept:
            row = self.rows[found.kept]
            self.rows[found.kept] = row | _brought(row, told) | {"lo": found.days[0], "hi": found.days[1]}
            self.served[duty.id] = found.kept
            self._tell(self.rows[found.kept], row["week"], found.step)
            return found.step
        gone = {name: self.rows.pop(name) for name in found.gone}
        for made in found.made:
            before = self._before(made, gone)
            row = _row(made, before, told, place, self.duties)
            if made.id in gone:  # the same duties: nothing changed for this visit
                self.rows[made.id] = gone[made.id]
                continue
            self.rows[made.id] = row
            self.served |= dict.fromkeys(made.children, made.id)
            self._todo.append((made.id, found.step, before["week"] if before else None))
        return found.step

    def _before(self, made: Visit, gone: Mapping[str, Row]) -> Row | None:
        """The replaced visit of which the new one keeps most duties."""
        kept = Counter(self.served[child] for child in made.children if self.served.get(child) in gone)
        return gone[min(kept, key=lambda name: (-kept[name], name))] if kept else None

    def place(self) -> None:
        """Give the new visits their weeks: quotas by flow on top of what is there, identities by lot."""
        new = {name for name, _, _ in self._todo}
        caps = [0 if week < self.frozen else cap for week, cap in enumerate(self.plan.caps)]
        loads: dict[str, list[int]] = defaultdict(lambda: [0] * len(caps))
        classes: dict[str, dict[tuple[int, int], list[str]]] = defaultdict(lambda: defaultdict(list))
        for name, row in self.rows.items():
            if name in new:
                first, last = weeks_of(row["lo"], row["hi"])
                classes[row["office"] or ""][first, min(last, len(caps) - 1)].append(name)
            elif row["week"] is not None:
                loads[row["office"] or ""][row["week"]] += 1
        for office, windows in sorted(classes.items()):
            # a window that ends in a frozen week must still be kept, so only there the calendar alone binds
            urgent = {window for window in windows if window[1] < self.frozen}
            for part, room in ((set(windows) - urgent, caps), (urgent, list(self.plan.caps))):
                found = level({window: len(windows[window]) for window in part}, room, loads[office])
                named = {f"{s}/{e}": windows[s, e] for s, e in part if (s, e) not in found.unplaced}
                quotas = {(f"{s}/{e}", week): count for (s, e, week), count in found.quotas.items()}
                for name, week in week_lots(named, quotas, self.seed).items():
                    self.rows[name]["week"] = week
        for name, step, before in self._todo:
            self._tell(self.rows[name], before, step)

    def relieve(self) -> dict[tuple[str, int], int]:
        """Move the fewest further visits so that no week exceeds the cap where windows allow it; return what stays above, by office and week."""
        over: dict[tuple[str, int], int] = {}
        by_office: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows.values():
            if row["week"] is not None:
                by_office[row["office"] or ""].append(row)
        touched = {row.office for row in self.report}
        for office in sorted(touched & set(by_office)):
            rows = by_office[office]
            most = self._room(rows)
            free: dict[tuple[int, int, int], list[str]] = defaultdict(list)
            for row in rows:
                if row["week"] < self.frozen or row["visit"] in self.told:
                    most[row["week"]] -= 1
                    continue
                s, e = weeks_of(row["lo"], row["hi"])
                free[row["week"], max(s, self.frozen), e].append(row["visit"])
            found = relieve({place: len(names) for place, names in free.items()}, self.plan.caps, most=most)
            for (week, s, e, other), count in sorted(found.moves.items()):
                names = free[week, s, e]
                for _, name in list(ranked(self.seed, "move", names))[:count]:
                    names.remove(name)
                    self.rows[name]["week"] = other
                    self._tell(self.rows[name], week, _CAP)
            over |= {(office, week): count for week, count in found.over.items() if week >= self.frozen}
        return over

    def _room(self, rows: list[Row]) -> list[int]:
        """Visits that each week may hold: its share of the open weeks, times the cap, rounded up."""
        whole = sum(self.plan.caps) or 1
        return [-(-len(rows) * cap * self.rules.week_cap_pct // (whole * 100)) for cap in self.plan.caps]

    def _tell(self, row: Row, before: int | None, step: str) -> None:
        self.report.append(
            Displaced(
                visit=row["visit"], subject=row["subject"], name=row["name"], office=row["office"] or "", before=before, after=row["week"], step=step, reason=_WORDS[step]
            )
        )  # fmt: skip


def _duty(row: Row) -> Duty:
    return Duty(**{one.name: row[one.name] for one in fields(Duty) if one.name in row})


def _union(*texts: str | None) -> str:
    return " ".join(sorted({part for text in texts for part in (text or "").split()}))


def _brought(row: Row, told: Row) -> Row:
    """What the campaign's duty adds to a visit."""
    return {
        "duties": row["duties"] + 1, "level": max(row["level"], told["level"]), "minutes": max(row["minutes"], told["minutes"]), "sealed": row["sealed"] or told["sealed"],
        "full": row["full"] or told["full"], **{name: _union(row[name], told[name]) for name in ("matters", "lines", "origin")},
    }  # fmt: skip


def _row(made: Visit, before: Row | None, told: Row, place: Row, duties: Mapping[str, Duty]) -> Row:
    """A visit of the new plan, without a week."""
    base = before or dict.fromkeys(("matters", "lines", "origin"), "") | {
        "duties": 0,
        "level": 0,
        "minutes": 0,
        "sealed": False,
        "full": False,
    }
    carries = any(duties[child].id == told["id"] for child in made.children)
    brought = (
        _brought(base, told)
        if carries
        else {name: base[name] for name in ("level", "minutes", "sealed", "full", "matters", "lines", "origin")}
    )
    return place | brought | {
        "visit": made.id, "subject": made.subject, "lo": made.lo, "hi": made.hi, "class": int(made.kind), "duties": len(made.children), "week": None, "tour": None,
    }  # fmt: skip


def write_displacement(plan: PlanFolder, found: Displacement, out: Path, one: Campaign) -> list[Path]:
    """Write the new plan into a folder of its own, with `displacement.csv` and the report in words."""
    files = write_tables(out, {"duties": found.duties, "visits": found.visits, "served": found.served}, plan.period)
    for name in ("about.json", "origin.txt"):
        (out / name).write_bytes((plan.folder / name).read_bytes())
    origin = plan.period

    def monday(week: int | None) -> str:
        return origin.day(WEEK * week).isoformat() if week is not None else ""

    rows_to_csv(
        out / "displacement.csv", ("检查", "主体", "名称", "机构", "原定的周", "现在的周", "步骤", "理由"),
        ((row.visit, row.subject, row.name, row.office, monday(row.before), monday(row.after), row.step, row.reason) for row in found.rows),
    )  # fmt: skip
    number = one.approval.number if one.approval else ""
    share = found.changed * 100 / found.pending if found.pending else 0.0
    lines = [
        f"# 调整报告：{one.term}", "", f"批准文号 {number}，期限 {one.first_day} 至 {one.last_day}。", "", "| 怎样进入计划 | 对象 |", "| --- | ---: |",
        *(f"| {words} | {found.steps.get(step, 0):,} |" for step, words in STEPS.items()), "",
        f"未完成的检查 {found.pending:,} 次，改期 {found.changed:,} 次（{share:.2f}%）。冻结的几周和已告知的日期没有动。",
        "每次检查都留在它所完成任务的期限以内，因此没有主体的两年全覆盖因调整而推迟。", "", "## 仍超过限额的周", "",
        *([f"- {office or '（不明）'} {monday(week)} 起的一周：{count} 次，窗口内没有别的周" for (office, week), count in sorted(found.over.items())] or ["没有。"]), "",
    ]  # fmt: skip
    (out / "displacement.md").write_text("\n".join(lines), "utf-8")
    return [*files, out / "displacement.csv", out / "displacement.md"]
