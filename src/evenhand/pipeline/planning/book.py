"""The visits of a plan while a late campaign is written into them: taken in one by one, given weeks, brought under the cap (临时专项的账本)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Any, Final, Protocol

import pyarrow as pa

from evenhand.draw import ranked, week_lots
from evenhand.pipeline.planning.making import peak_of
from evenhand.plan import STEPS, WEEK, Class, Duty, Pending, Place, PlanRules, Visit, insert, level, relieve, weeks_of

__all__ = ["Book", "Displaced", "Row", "Tables"]

_CAP: Final = "cap"
_WORDS: Final[dict[str, str]] = {str(step): words for step, words in STEPS.items()} | {_CAP: "所在的周超过限额，改到窗口内的另一周"}
Row = dict[str, Any]


class Tables(Protocol):
    """An issued plan: its tables `visits`, `duties`, `served` with days as numbers, and the capacity of its weeks."""

    @property
    def caps(self) -> Sequence[int]:
        """Capacity of each week in per cent."""

    def table(self, name: str) -> pa.Table:
        """Return one of its tables."""


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


class Book:
    """The visits of a plan while a campaign is written into it."""

    def __init__(
        self, plan: Tables, subjects: set[str], *, rules: PlanRules, frozen: int, now: int, told: frozenset[str], seed: str
    ) -> None:
        """Open the plan; `subjects` are those of the campaign, `frozen` the first week that may change, `now` the present one."""
        self.plan, self.rules, self.frozen, self.told, self.seed = plan, rules, frozen, told, seed
        self.rows: dict[str, Row] = {row["visit"]: row for row in plan.table("visits").to_pylist()}
        self.served: dict[str, str] = {row["duty"]: row["visit"] for row in plan.table("served").to_pylist()}
        self.duties = {row["id"]: _duty(row) for row in plan.table("duties").to_pylist() if row["subject"] in subjects}
        self.issued: dict[str, int | None] = {name: row["week"] for name, row in self.rows.items()}
        self._told: dict[str, Displaced] = {}
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
            self.issued[made.id] = before["week"] if before else None
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

    def relieve(self) -> dict[int, int]:
        """Move the fewest further visits so that no week of the plan exceeds the cap where windows allow it; return what stays above, by week."""
        rows = [row for row in self.rows.values() if row["week"] is not None]
        most = self._room(rows)
        free: dict[Place, list[str]] = defaultdict(list)
        for row in rows:
            if row["week"] < self.frozen or row["visit"] in self.told:
                most[row["week"]] -= 1
                continue
            s, e = weeks_of(row["lo"], row["hi"])
            free[row["week"], max(s, self.frozen), e, self.issued[row["visit"]] is not None].append(row["visit"])
        found = relieve({place: len(names) for place, names in free.items()}, self.plan.caps, most=most)
        for place, moves in _by_place(found.moves).items():
            order = iter(name for _, name in ranked(self.seed, "move", free[place]))
            for other, count in moves:
                for name in islice(order, count):
                    self.rows[name]["week"] = other
                    self._tell(self.rows[name], place[0], _CAP)
        return {week: count for week, count in found.over.items() if week >= self.frozen}

    @property
    def changed(self) -> int:
        """Issued visits that lie in another week now; a new visit has no date that could change."""
        return sum((before := self.issued[name]) is not None and before != row["week"] for name, row in self.rows.items())

    def crowded(self) -> dict[str, float]:
        """Return offices of which a week that may change holds more than the cap allows of their own mean, with the highest ratio; offices with fewer visits than weeks are left out."""
        caps = self.plan.caps
        weeks = [week for week in range(self.frozen, len(caps)) if caps[week]]
        loads: dict[str, Counter[int]] = defaultdict(Counter)
        for row in self.rows.values():
            if row["week"] is not None and row["week"] >= self.frozen:
                loads[row["office"] or ""][row["week"]] += 1
        rooms = [caps[week] for week in weeks]
        found = {
            office: peak_of([held[week] for week in weeks], rooms) for office, held in loads.items() if weeks and held.total() >= len(weeks)
        }
        return {office: ratio for office, ratio in sorted(found.items()) if ratio * 100 > self.rules.week_cap_pct}

    def _room(self, rows: list[Row]) -> list[int]:
        """Visits that each week may hold: of the weeks that may still change its share of what lies in them, times the cap, rounded up; what is past or frozen does not count."""
        later = sum(row["week"] >= self.frozen for row in rows)
        whole = sum(self.plan.caps[self.frozen :]) or 1
        return [
            len(rows) if week < self.frozen else -(-later * cap * self.rules.week_cap_pct // (whole * 100))
            for week, cap in enumerate(self.plan.caps)
        ]

    def _tell(self, row: Row, before: int | None, step: str) -> None:
        if told := self._told.get(row["visit"]):  # placed or moved already: one line for each visit
            self._told[row["visit"]] = replace(told, after=row["week"], reason=f"{told.reason}；{_WORDS[step]}")
            return
        self._told[row["visit"]] = Displaced(
            visit=row["visit"], subject=row["subject"], name=row["name"], office=row["office"] or "", before=before, after=row["week"], step=step, reason=_WORDS[step]
        )  # fmt: skip

    @property
    def report(self) -> tuple[Displaced, ...]:
        """What happened to each visit that the campaign touches, in the order in which it was touched."""
        return tuple(self._told.values())


def _by_place(moves: Mapping[tuple[Place, int], int]) -> dict[Place, list[tuple[int, int]]]:
    """Moves by place: the new weeks in rising order with their counts."""
    found: dict[Place, list[tuple[int, int]]] = defaultdict(list)
    for (place, other), count in sorted(moves.items()):
        found[place].append((other, count))
    return found


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
