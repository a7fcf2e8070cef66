"""What would change the grade: events that are supposed to happen, and the fewest lawful steps to a better grade, with the day they count (改进建议)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from evenhand.grade.days import add_months
from evenhand.grade.dossier import Dossier, Ground
from evenhand.grade.grading import Period, firings, periods
from evenhand.grade.ruleset import GradeRules
from evenhand.grade.scoring import Since
from evenhand.grade.shapes import GRADES, Model

__all__ = ["AHEAD_MONTHS", "Advice", "Step", "advise", "what_if"]

AHEAD_MONTHS: Final = 36
"""How far ahead the effect of a step is looked for: every window of the shipped schemes has ended by then."""
_MOST_STEPS: Final = 3
_BETTER: Final = {"D": "C", "C": "B", "B": "A"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One lawful step of the owner: the indicator or trigger it touches, and what to do."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The smallest sets of steps after which the grade is `target` or better, each with the first day of it, the earliest first.

    A way without steps: time alone does it. No ways: nothing within reach does.
    """

    target: str
    ways: tuple[tuple[tuple[Step, ...], date], ...]


def what_if(
    dossier: Dossier, events: Sequence[Ground], model: Model, rules: GradeRules, *, asof: date, since: Since
) -> tuple[list[Period], list[Period]]:
    """Return the periods from `asof` on as things are, and as they would be if these events happened (情景推演)."""
    supposed = replace(dossier, grounds=(*dossier.grounds, *events))
    return _ahead(dossier, model, rules, asof=asof, since=since), _ahead(supposed, model, rules, asof=asof, since=since)


def _ahead(dossier: Dossier, model: Model, rules: GradeRules, *, asof: date, since: Since) -> list[Period]:
    """The periods that stand on `asof` or come after it, for so long as anything can still change."""
    end = add_months(asof, AHEAD_MONTHS)
    every = periods(dossier, model, rules, begin=rules.history_from, end=end, since=since)
    return [period for period in every if period.ends is None or period.ends > asof]


def advise(dossier: Dossier, model: Model, rules: GradeRules, *, asof: date, since: Since, target: str = "") -> Advice | None:
    """Return the smallest sets of lawful improvements that lead to a better grade, and the days on which they count.

    Steps are taken on the day after `asof`.

    Args:
        dossier: the subject.
        model: its model.
        rules: of the pack.
        asof: today.
        since: from when each kind of ground is delivered.
        target: the grade wished for; without it one better than now.

    Returns:
        The advice, or None when the model does not cover the subject or the grade is good enough already.
    """
    now = next(iter(_ahead(dossier, model, rules, asof=asof, since=since)), None)
    if now is None:
        return None
    wished = target or _BETTER.get(GRADES[now.grade], "")
    if not wished or now.grade <= GRADES.index(wished):
        return None
    steps = list(_steps(dossier, rules, now, asof=asof, since=since))
    for count in range(_MOST_STEPS + 1):
        found: list[tuple[tuple[Step, ...], date]] = []
        for chosen in combinations(steps, count):
            changed = dossier
            for _, change in chosen:
                changed = change(changed)
            day = _reached(changed, model, rules, GRADES.index(wished), asof=asof, since=since)
            if day:
                found.append((tuple(step for step, _ in chosen), day))
        if found:
            return Advice(target=wished, ways=tuple(sorted(found, key=lambda way: (way[1], [step.name for step in way[0]]))))
    return Advice(target=wished, ways=())


def _reached(dossier: Dossier, model: Model, rules: GradeRules, wished: int, *, asof: date, since: Since) -> date | None:
    for period in _ahead(dossier, model, rules, asof=asof, since=since):
        if period.grade <= wished:
            return max(period.begins, asof + timedelta(days=1))
    return None


class _Change:
    """A step's effect on the dossier: grounds added, or open grounds of a kind put right."""

    def __init__(self, *, added: Ground | None = None, closed: str = "", day: date) -> None:
        self.added, self.closed, self.day = added, closed, day

    def __call__(self, dossier: Dossier) -> Dossier:
        grounds = [replace(g, until=self.day) if g.kind == self.closed and g.until is None else g for g in dossier.grounds]
        return replace(dossier, grounds=(*grounds, *([self.added] if self.added else [])))


def _steps(dossier: Dossier, rules: GradeRules, now: Period, *, asof: date, since: Since) -> Iterator[tuple[Step, _Change]]:
    """Give the steps that the owner can take, with what each changes: only those that touch something that weighs."""
    day = asof + timedelta(days=1)
    scheme = rules.schemes[now.scheme]
    for point in now.standing.points:
        one = point.indicator
        if one.ratio and point.used:
            yield (
                Step(name=one.id, text="整改后接受一次全项目检查，结果全部符合"),
                _Change(added=Ground(kind=one.ratio.ground, day=day, until=day, outcome="符合", failed=0, key_failed=0), day=day),
            )
        if one.latest and point.known and point.used and point.grounds and point.grounds[0].outcome in _BETTER:
            better = _BETTER[point.grounds[0].outcome or ""]
            yield (
                Step(name=one.id, text=f"信用修复，类别由 {point.grounds[0].outcome} 升为 {better}"),
                _Change(added=Ground(kind=one.latest.ground, day=day, outcome=better), day=day),
            )
    open_kinds = {
        f.trigger.ground: f.trigger for f in now.standing.fired if any(g.until is None for g in f.grounds) and not f.trigger.lasts_months
    }
    for kind, trigger in open_kinds.items():
        yield Step(name=trigger.id, text=(trigger.advice or f"了结：{trigger.term}").rstrip("。")), _Change(closed=kind, day=day)
    held = {f.trigger.id for f in firings(dossier, scheme, since) if f.begins <= asof < f.ends}
    tags = dossier.facts.get("tags")
    for trigger in scheme.triggers:
        barred = isinstance(tags, frozenset) and not tags.isdisjoint(trigger.except_tags)
        if trigger.ground == "certificate" and trigger.id not in held and not barred:
            yield Step(name=trigger.id, text=f"取得认证：{trigger.term}"), _Change(added=Ground(kind="certificate", day=day), day=day)
