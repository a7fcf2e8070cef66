"""Merge the duties of one subject into the fewest lawful visits (综合查一次): the engine written from the text, one subject at a time.

Sorted by deadline; where all fit together a visit opens at the first deadline not yet served and serves whatever has begun by
then. Where full and flight duties meet, an exact search over (last full visit, last flight visit) finds the fewest.

>>> def duty(id, kind, r, d): return Duty(id=id, subject="S", kind=kind, r=r, d=d)
>>> m1 = [duty("a", "日常", 0, 363), duty("b", "专项", 100, 160), duty("c", "复查", 140, 154), duty("d", "专项", 150, 200)]
>>> [(v.lo, v.hi, v.children) for v in merge(m1, "strict")]
[(150, 154, ('c', 'b', 'd', 'a'))]
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from evenhand.plan.shapes import Class, Duty, Policy, Visit, class_of

__all__ = ["days_of_visits", "merge", "split", "visit_id", "why_apart"]

_NEVER: Final = -1
_OPENS: Final = {Class.FULL: (Class.FULL,), Class.FLIGHT: (Class.FLIGHT,), Class.EITHER: (Class.FULL, Class.FLIGHT)}
_Stop = tuple[int, Class]


def merge(duties: Sequence[Duty], policy: Policy) -> list[Visit]:
    """Return the fewest visits that serve every duty of one subject inside its window by a fitting class, by day.

    Args:
        duties: of one subject, in any order; no window is empty.
        policy: which classes fit together.
    """
    order = sorted(duties, key=lambda one: (one.d, one.r, one.id))
    stops = days_of_visits(order, policy)
    served: dict[_Stop, list[Duty]] = {stop: [] for stop in stops}
    for one in order:
        served[_serving(one, stops, policy)].append(one)
    return [_visit(held, policy) for held in served.values() if held]


def _serving(one: Duty, stops: Sequence[_Stop], policy: Policy) -> _Stop:
    """The first visit inside the window whose class fits; a sealed duty rides on flights only."""
    return next(stop for stop in stops if one.r <= stop[0] <= one.d and _fits(one, stop[1], policy))


def _fits(one: Duty, kind: Class, policy: Policy) -> bool:
    return class_of(one.kind, policy) in {Class.EITHER, kind} or kind == Class.EITHER


def days_of_visits(order: Sequence[Duty], policy: Policy) -> list[_Stop]:
    """Return the day and class of each visit; `order` is by deadline. Of several fewest plans the one found first stays: fewer, then later days."""
    classes = {class_of(one.kind, policy) for one in order}
    if not {Class.FULL, Class.FLIGHT} <= classes:
        kind = max(classes, default=Class.EITHER)
        return [(day, kind) for day in _stabbed(order)]
    return _searched(order, policy)


def _stabbed(order: Sequence[Duty]) -> list[int]:
    days: list[int] = []
    for one in order:
        if not days or one.r > days[-1]:
            days.append(one.d)
    return days


def _searched(order: Sequence[Duty], policy: Policy) -> list[_Stop]:
    """Exact: states are (last full day, last flight day); a visit opens only at the deadline of a duty not yet served, since it could wait otherwise."""
    states: dict[tuple[int, int], tuple[_Stop, ...]] = {(_NEVER, _NEVER): ()}
    for one in order:
        asked, found = class_of(one.kind, policy), dict[tuple[int, int], tuple[_Stop, ...]]()
        for state, stops in states.items():
            for kind in (None,) if _is_served(one, asked, state) else _OPENS[asked]:
                days = (one.d if kind == Class.FULL else state[0], one.d if kind == Class.FLIGHT else state[1])
                plan = (*stops, (one.d, kind)) if kind else stops
                if days not in found or len(plan) < len(found[days]):
                    found[days] = plan
        states = found
    best = min(states.values(), key=_fewest_and_latest)
    return list(best)


def _fewest_and_latest(stops: tuple[_Stop, ...]) -> tuple[int, list[int]]:
    return len(stops), [-day for day, _ in stops]


def _is_served(one: Duty, asked: Class, state: tuple[int, int]) -> bool:
    full, flight = state
    return (asked != Class.FLIGHT and full >= one.r) or (asked != Class.FULL and flight >= one.r)


def _visit(held: Sequence[Duty], policy: Policy) -> Visit:
    """A visit is as strict as the duties it serves, whatever else its subject owes."""
    children, kind = tuple(one.id for one in held), max(class_of(one.kind, policy) for one in held)
    return Visit(
        id=visit_id(held[0].subject, children), subject=held[0].subject, lo=max(one.r for one in held), hi=min(one.d for one in held), kind=kind, children=children,
        items=frozenset().union(*(one.items for one in held)), sealed=kind == Class.FLIGHT or any(one.sealed for one in held), full=any(one.full for one in held),
        level=max(one.level for one in held), minutes=max((one.minutes for one in held), default=0),
    )  # fmt: skip


def visit_id(subject: str, children: Iterable[str]) -> str:
    """Return the id of a visit: it depends on its subject and its duties alone, so the same merge gives the same visit."""
    return "V" + hashlib.sha256("|".join((subject, *sorted(children))).encode()).hexdigest()[:15]


def split(visit: Visit, duties: Sequence[Duty]) -> list[Duty]:
    """Return the duties of a visit as they were before the merge: a merge can be undone until the visit is made."""
    held = {one.id: one for one in duties}
    return [held[name] for name in visit.children]


def why_apart(one: Duty, other: Duty, policy: Policy) -> str:
    """Return why two duties cannot be one visit, as an officer reads it; "" when they could."""
    if one.subject != other.subject:
        return "不是同一主体"
    if one.series and one.series == other.series:
        return "同一频次的两次检查，不能合为一次"
    kinds = {class_of(one.kind, policy), class_of(other.kind, policy)}
    if {Class.FULL, Class.FLIGHT} <= kinds:
        return "飞行检查不得事先告知，不能与要事先告知的全项目检查合为一次"
    if max(one.r, other.r) > min(one.d, other.d):
        gap = max(one.r, other.r) - min(one.d, other.d)
        ours = {one.r_end, one.d_end, other.r_end, other.d_end}
        return f"期限没有共同的日子，相差 {gap} 日" + (
            "；其中自定的期限可以放宽" if "ours" in ours else "；期限由法律或者批准确定，不能移动"
        )
    return ""
