"""A late campaign enters an issued plan with as little change as can be (临时专项): absorb, move, regroup, or a new visit, object by object.

Frozen weeks and told dates are never touched; an unannounced duty goes to sealed visits only.

>>> held = [Pending(id="V1", subject="S", lo=0, hi=40, week=2, sealed=False, children=("a",)), Pending(id="V2", subject="S", lo=50, hi=90, week=9, sealed=False, children=("b",))]
>>> one = lambda r, d: Duty(id="c", subject="S", kind="专项", r=r, d=d)
>>> [insert(one(*days), held, {}, frozen_to=0, policy="strict").step for days in ((10, 30), (25, 45), (42, 48))]
['absorb', 'move', 'new']
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from evenhand.plan.merge import merge, visit_id
from evenhand.plan.period import WEEK
from evenhand.plan.shapes import Class, Duty, Policy, Visit, class_of

__all__ = ["STEPS", "Inserted", "Pending", "Step", "insert"]

Step = Literal["absorb", "move", "regroup", "new"]
_WEEKDAYS: Final = 5
STEPS: Final[Mapping[Step, str]] = {
    "absorb": "并入原定检查，日期不变",
    "move": "并入原定检查，改到共同的日子",
    "regroup": "重新合并该主体的检查",
    "new": "新增检查",
}


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A visit of the issued plan that is not yet made: window, week (None without one), whether its date was told to the business."""

    id: str
    subject: str
    lo: int
    hi: int
    week: int | None
    sealed: bool
    children: tuple[str, ...]
    told: bool = False
    kind: Class = Class.FULL


@dataclass(frozen=True, kw_only=True)
class Inserted:
    """What happened to one object: `gone`: visits that are replaced; `made`: visits in their place, without a week; `kept`: the visit that absorbs the duty, with the window it then has."""

    step: Step
    kept: str = ""
    days: tuple[int, int] = (0, 0)
    gone: tuple[str, ...] = ()
    made: tuple[Visit, ...] = ()


def insert(duty: Duty, pending: Sequence[Pending], duties: Mapping[str, Duty], *, frozen_to: int, policy: Policy) -> Inserted:
    """Return how one duty of a late campaign is served.

    Args:
        duty: of one subject.
        pending: its visits not yet made.
        duties: by id, those that the pending visits serve; needed to regroup.
        frozen_to: first day that may be changed.
        policy: which classes fit together.
    """
    fitting = [one for one in sorted(pending, key=lambda one: (one.week is None, one.week, one.id)) if _fits(duty, one, policy)]
    for one in fitting:
        if one.week is not None and (days := _shared(duty, one)):
            return Inserted(step="absorb", kept=one.id, days=days)
    movable = [one for one in fitting if not one.told and _movable(one, frozen_to)]
    if common := [(-(hi - lo), lo, one.id, one) for one in movable for lo, hi in [_common(duty, one, frozen_to)] if lo <= hi]:
        one = min(common, key=lambda found: found[:3])[3]
        return Inserted(step="move", gone=(one.id,), made=(_joined(duty, one, frozen_to),))
    free = [one for one in pending if not one.told and _movable(one, frozen_to) and all(child in duties for child in one.children)]
    again = merge(_later([duty, *(duties[child] for one in free for child in one.children)], frozen_to), policy) if free else []
    if again and len(again) <= len(free):
        return Inserted(step="regroup", gone=tuple(one.id for one in free), made=tuple(again))
    alone = merge(_later([duty], frozen_to), policy)
    return Inserted(step="new", made=tuple(alone))


def _fits(duty: Duty, one: Pending, policy: Policy) -> bool:
    asked = class_of(duty.kind, policy)
    if duty.sealed and (one.told or not one.sealed):
        return False
    return asked == Class.EITHER or one.kind in {asked, Class.EITHER}


def _shared(duty: Duty, one: Pending) -> tuple[int, int] | None:
    """The window a visit has when it serves the duty too, in its week: the common part where that holds the whole week, else, when no day was told, a part of the week with a weekday in it."""
    week = WEEK * (one.week or 0)
    lo, hi = max(one.lo, week), min(one.hi, week + WEEK - 1)
    if duty.r <= lo and hi <= duty.d:
        return max(one.lo, duty.r), min(one.hi, duty.d)
    first, last = max(lo, duty.r), min(hi, duty.d)
    return (first, last) if not one.told and first <= last and first < week + _WEEKDAYS else None


def _movable(one: Pending, frozen_to: int) -> bool:
    return one.week is None or WEEK * one.week >= frozen_to


def _common(duty: Duty, one: Pending, frozen_to: int) -> tuple[int, int]:
    return max(duty.r, one.lo, frozen_to), min(duty.d, one.hi)


def _joined(duty: Duty, one: Pending, frozen_to: int) -> Visit:
    lo, hi = _common(duty, one, frozen_to)
    children = (*one.children, duty.id)
    return Visit(
        id=visit_id(one.subject, children), subject=one.subject, lo=lo, hi=hi, kind=max(one.kind, class_of(duty.kind, "strict")), children=children, sealed=one.sealed or duty.sealed,
        level=duty.level, minutes=duty.minutes,
    )  # fmt: skip


def _later(duties: Sequence[Duty], frozen_to: int) -> list[Duty]:
    """Windows begin after the frozen weeks where they can; a window that ends within them keeps its days."""
    return [replace(one, r=max(one.r, frozen_to)) if one.d >= frozen_to else one for one in duties]
