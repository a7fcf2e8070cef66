"""The visits of a plan while a late campaign is written into them: taken in one by one, given weeks, brought under the cap (临时专项的账本)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Any, Final, Protocol

import pyarrow as pa

from evenhand.draw import ranked, week_lots
from evenhand.pipeline.planning.carrying import carried, retoured
from evenhand.pipeline.planning.making import peak_of
from evenhand.plan import STEPS, WEEK, Class, Duty, Pending, Place, PlanRules, Visit, insert, level, relieve, weeks_of

__all__ = ["Book", "Displaced", "Row", "Tables"]

_CAP: Final = "cap"
_FROZEN: Final = "frozen"
_NOWHERE: Final = "nowhere"
_WORDS: Final[dict[str, str]] = {str(step): words for step, words in STEPS.items()} | {
    _CAP: "所在的周超过限额，改到窗口内的另一周", _FROZEN: "期限止于冻结的几周，只能排在其中", _NOWHERE: "期限内没有工作日，要改期限或者当面安排",
}  # fmt: skip
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
        self, plan: Tables, subjects: set[str], *, rules: PlanRules, frozen: int, now: int, told: frozenset[str], seed: str, worked: Callable[[int], bool]
    ) -> None:  # fmt: skip
        """Open the plan; `subjects` are those of the campaign, `frozen` the first week that may change, `now` the present one; `worked`: whether a day is a working day."""
        self.plan, self.rules, self.frozen, self.told, self.seed = plan, rules, frozen, told, seed
        self.rows: dict[str, Row] = {row["visit"]: row for row in plan.table("visits").to_pylist()}
        self.served: dict[str, str] = {row["duty"]: row["visit"] for row in plan.table("served").to_pylist()}
        self.facts = {row["id"]: row for row in plan.table("duties").to_pylist() if row["subject"] in subjects}
        self.duties = {name: _duty(row) for name, row in self.facts.items()}
        self.issued: dict[str, int | None] = {name: row["week"] for name, row in self.rows.items()}
        self._was, self._before_now, self._now, self._worked = dict(self.served), dict(self.issued), now, worked
        self._load = Counter(self.issued.values())
        self._told: dict[str, Displaced] = {}
        self._days, self._dealt = (WEEK * len(plan.caps), 0), list[Sequence[str]]()
        self.pushed = 0
        """Issued visits that the cap drives out of crowded weeks: the optimum of the flow."""
        self.waiting = sum(row["week"] is not None and row["week"] >= now for row in self.rows.values())
        self._todo: list[tuple[str, str, int | None, Sequence[str]]] = []
        self._pending: dict[str, list[Pending]] = defaultdict(list)
        children: dict[str, list[str]] = defaultdict(list)
        for duty in self.duties:
            children[self.served[duty]].append(duty)
        self._children = children
        for row in self.rows.values():
            if row["subject"] in subjects and (row["hi"] >= WEEK * now if row["week"] is None else row["week"] >= now):
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
        self.duties[duty.id], self.facts[duty.id] = duty, told
        self._days = min(self._days[0], duty.r), max(self._days[1], duty.d)
        if found.kept:
            row = self.rows[found.kept]
            self._children[found.kept].append(duty.id)
            self.rows[found.kept] = (
                row | self._carried(row["class"], self._children[found.kept]) | {"lo": found.days[0], "hi": found.days[1]}
            )
            self.served[duty.id] = found.kept
            self._tell(self.rows[found.kept], row["week"], found.step)
            return found.step
        same = {made.id for made in found.made} & set(found.gone)  # the same duties: nothing changes for these visits
        gone = {name: self.rows.pop(name) for name in found.gone if name not in same}
        self._dealt.append(tuple(gone))
        for made in found.made:
            if made.id in same:
                continue
            olds = [name for name in gone if any(self.served.get(child) == name for child in made.children)]
            before = self._before(made, gone)
            days = {"visit": made.id, "subject": made.subject, "lo": made.lo, "hi": made.hi, "class": int(made.kind)}
            issued = before["week"] if before else None
            first, last = weeks_of(made.lo, made.hi)
            week = issued if issued is not None and first <= issued <= last else None
            self.rows[made.id] = place | days | self._carried(made.kind, made.children) | {"week": week, "tour": None}
            self.issued[made.id] = issued
            self._todo.append((made.id, found.step, issued, olds))
        for made in found.made:
            self.served |= dict.fromkeys(made.children, made.id)
        for name, row in gone.items():
            self._replaced(row, sorted({self.served[child] for child in self._children[name]}), found.step)
        return found.step

    def _carried(self, kind: int, children: Sequence[str]) -> Row:
        return carried(Class(kind), [self.facts[child] for child in children])

    def _replaced(self, row: Row, by: Sequence[str], step: str) -> None:
        """Name a visit that is no more, with its old week."""
        self._told[row["visit"]] = Displaced(
            visit=row["visit"], subject=row["subject"], name=row["name"], office=row["office"] or "", before=row["week"], after=None, step=step,
            reason=f"{_WORDS[step]}；不再单独进行，由 {'、'.join(by)} 代替",
        )  # fmt: skip

    def _before(self, made: Visit, gone: Mapping[str, Row]) -> Row | None:
        """The replaced visit of which the new one keeps most duties."""
        kept = Counter(self.served[child] for child in made.children if self.served.get(child) in gone)
        return gone[min(kept, key=lambda name: (-kept[name], name))] if kept else None

    def place(self) -> None:
        """Give the new visits their weeks, but for those that keep one: quotas by flow on top of what is there, identities by lot."""
        new = {name for name, *_ in self._todo if self.rows[name]["week"] is None}
        caps, ahead = ([0 if week < first else cap for week, cap in enumerate(self.plan.caps)] for first in (self.frozen, self._now))
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
            for part, room in ((set(windows) - urgent, caps), (urgent, ahead)):
                found = level({window: len(windows[window]) for window in part}, room, loads[office])
                named = {f"{s}/{e}": windows[s, e] for s, e in part if (s, e) not in found.unplaced}
                quotas = {(f"{s}/{e}", week): count for (s, e, week), count in found.quotas.items()}
                for name, week in week_lots(named, quotas, self.seed).items():
                    self.rows[name]["week"] = week
        for name, step, before, olds in self._todo:
            row = self.rows[name]
            self._tell(row, before, step, f"；代替 {'、'.join(sorted(olds))}" if olds else "")
            if row["week"] is not None and row["week"] < self.frozen:
                self._tell(row, before, _FROZEN)
            if self._is_idle(row):
                self._tell(row, before, _NOWHERE)

    def _is_idle(self, row: Row) -> bool:
        """Whether a visit has no week, or no working day of its window lies in it."""
        if row["week"] is None:
            return True
        days = range(max(row["lo"], WEEK * row["week"]), min(row["hi"], WEEK * row["week"] + WEEK - 1) + 1)
        return not any(map(self._worked, days))

    def relieve(self) -> None:
        """Move the fewest visits so that no week that the campaign pushed above the cap stays there, where windows allow it."""
        rows = [row for row in self.rows.values() if row["week"] is not None]
        most = [max(cap, self._load[week]) for week, cap in enumerate(self._caps())]
        free: dict[Place, list[str]] = defaultdict(list)
        for row in rows:
            if row["week"] < self.frozen or row["visit"] in self.told:
                most[row["week"]] -= 1
                continue
            s, e = weeks_of(row["lo"], row["hi"])
            stays = self.issued[row["visit"]] == row["week"]  # whoever is new or was moved has no issued date left to keep
            free[row["week"], max(s, self.frozen), e, stays].append(row["visit"])
        found = relieve({place: len(names) for place, names in free.items()}, self.plan.caps, most=most)
        self.pushed = found.dates
        for place, moves in _by_place(found.moves).items():
            order = iter(name for _, name in ranked(self.seed, "move", free[place]))
            for other, count in moves:
                for name in islice(order, count):
                    self.rows[name]["week"] = other
                    self._tell(self.rows[name], place[0], _CAP)

    def tour(self) -> None:
        """Give visits that came into their week tours of their own; those that stay keep theirs."""
        came = {name for name, row in self.rows.items() if name not in self._before_now or self._before_now[name] != row["week"]}
        for name, tour in retoured(self.rows.values(), came, self.rules.bundle_max).items():
            self.rows[name]["tour"] = tour

    @property
    def changed(self) -> int:
        """Issued visits of which a duty lies in another week now; a new visit has no date that could change."""
        return len(self._changed)

    @property
    def _changed(self) -> set[str]:
        weeks = ((old, self._before_now[old], self.rows[self.served[duty]]["week"]) for duty, old in self._was.items())
        return {old for old, before, after in weeks if before is not None and before != after}

    @property
    def merged(self) -> int:
        """Objects that spare a visit only because a date changes."""
        changed = self._changed
        return sum(not changed.isdisjoint(names) for names in self._dealt)

    @property
    def spare(self) -> int:
        """Visits that a week outside the campaign's window had room for under the cap as issued, on average: what each further week of the window would take in."""
        first, last = weeks_of(*self._days)
        weeks = [week for week in range(self.frozen, len(self.plan.caps)) if self.plan.caps[week] and not first <= week <= last]
        caps = self._caps()
        return sum(max(0, caps[week] - self._load[week]) for week in weeks) // len(weeks) if weeks else 0

    @property
    def over(self) -> dict[int, int]:
        """Visits by which the campaign pushed a week from the present one on above the cap; frozen weeks too."""
        loads = Counter(row["week"] for row in self.rows.values())
        found = {week: loads[week] - max(cap, self._load[week]) for week, cap in enumerate(self._caps()) if week >= self._now}
        return {week: count for week, count in found.items() if count > 0}

    @property
    def over_before(self) -> dict[int, int]:
        """Visits above the cap, by week from the present one on, as the plan was issued: told, and left where they are."""
        found = {week: self._load[week] - cap for week, cap in enumerate(self._caps()) if week >= self._now}
        return {week: count for week, count in found.items() if count > 0}

    @property
    def entered(self) -> dict[int, int]:
        """New visits in frozen weeks, by week: their windows end there."""
        found = Counter(
            row["week"] for name, *_ in self._todo if (row := self.rows[name])["week"] is not None and row["week"] < self.frozen
        )
        return dict(sorted(found.items()))

    @property
    def nowhere(self) -> int:
        """New visits without a working day."""
        return sum(self._is_idle(self.rows[name]) for name, *_ in self._todo)

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

    def _caps(self) -> list[int]:
        """The cap of each week: its share of what lies in the weeks that may still change, times the ratio, rounded up; of past weeks none."""
        later = sum(row["week"] is not None and row["week"] >= self.frozen for row in self.rows.values())
        whole = sum(self.plan.caps[self.frozen :]) or 1
        return [
            0 if week < self._now else -(-later * cap * self.rules.week_cap_pct // (whole * 100)) for week, cap in enumerate(self.plan.caps)
        ]

    def _tell(self, row: Row, before: int | None, step: str, more: str = "") -> None:
        words = _WORDS[step] + more
        if told := self._told.get(row["visit"]):  # placed or moved already: one line for each visit
            self._told[row["visit"]] = replace(told, after=row["week"], reason=f"{told.reason}；{words}")
            return
        self._told[row["visit"]] = Displaced(
            visit=row["visit"], subject=row["subject"], name=row["name"], office=row["office"] or "", before=before, after=row["week"], step=step, reason=words
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
