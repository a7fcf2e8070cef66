"""A rule tried before it is signed: which values may be changed, who may try, the work itself, and how its result is shown (政策模拟)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from evenhand.errors import BadInput, Problem
from evenhand.grade import GRADES, GradeRules, Scheme, read_grade_rules
from evenhand.pipeline.simulating import changed_rules, simulate
from evenhand.publish import current_release
from evenhand.rulebook import shipped_pack
from evenhand.web.accounts.models import Role
from evenhand.web.accounts.scope import role_of
from evenhand.web.refusals import NOT_ALLOWED

__all__ = [
    "MINUTES",
    "Field",
    "check_may_try",
    "fields_of",
    "judged",
    "shown_trial",
    "spoken_changes",
    "stated_changes",
    "try_rules",
    "why_not",
]

MINUTES: Final = 120
"""Minutes of one visit for one inspector, unless the page says otherwise."""
_ALLOWED: Final = (Role.STEWARD, Role.DEPARTMENT)
_OFFICES: Final = 60


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value of a scheme that may be changed: its place, what it is, its group and unit, the value in force, the one asked for, what is wrong with that."""

    name: str
    term: str
    group: str
    unit: str
    value: str
    asked: str
    wrong: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether another value is asked for than the one in force."""
        return not _same(self.asked, self.value)


def why_not(request: HttpRequest) -> str:
    """Return why this person may not try rules; "" when they may: the result speaks of the whole province."""
    return "" if role_of(request) in _ALLOWED else f"模拟的结果涉及全省，由{'、'.join(str(role.label) for role in _ALLOWED)}进行"


def check_may_try(request: HttpRequest) -> None:
    """Refuse whoever may not try rules.

    Raises:
        BadInput: WEB-06, with the roles that may.
    """
    if why := why_not(request):
        raise BadInput(Problem(NOT_ALLOWED, {"user": request.user.get_username(), "why": why}))


def fields_of(rules: GradeRules, scheme: Scheme, asked: Mapping[str, str]) -> list[Field]:
    """Return what may be changed of a scheme: borders, visits, points of the common indicators; `asked`: what the form holds."""
    found = [("bands." + grade, f"{grade} 级上限", "等级界限", "分", getattr(scheme.bands, grade)) for grade in "ABC"]
    for grade, frequency in scheme.frequency.items():
        found += [
            (f"frequency.{grade}.visits", f"{grade} 级次数", "检查频次", "次", frequency.visits),
            (f"frequency.{grade}.years", f"{grade} 级每几年", "检查频次", "年", frequency.years),
        ]
    found += [(f"points.{name}", rules.common[name].term, "动态和信用指标的最高分", "分", points) for name, points in scheme.points.items()]
    return [
        Field(name=name, term=term, group=group, unit=unit, value=_plain(value), asked=asked.get(name, _plain(value)).strip())
        for name, term, group, unit, value in found
    ]


def stated_changes(scheme: str, fields: list[Field]) -> list[str]:
    """Return the changed fields as `SCHEME.field=value`."""
    return [f"{scheme}.{one.name}={one.asked}" for one in fields if one.is_changed]


def spoken_changes(asked: Mapping[str, Any], rules: GradeRules) -> list[str]:
    """Return what a trial changes, in words: `FJ-DEFAULT.bands.A=20` → `A 级上限 30 → 20 分`; what the rules no longer hold stays as it was stated."""
    told = [_spoken(text, rules) for text in asked["changes"]]
    instead = rules.schemes.get(asked["instead"])
    return [*told, f"全部改用{instead.term}"] if instead else told


def _spoken(change: str, rules: GradeRules) -> str:
    path, _, value = change.partition("=")
    name, _, place = path.partition(".")
    fields = fields_of(rules, rules.schemes[name], {}) if name in rules.schemes else []
    return next((f"{one.term} {one.value} → {value} {one.unit}" for one in fields if one.name == place), change)


def judged(fields: list[Field], rules: GradeRules, scheme: Scheme, *, instead: str) -> tuple[list[Field], list[str]]:
    """Return the fields with what is wrong beside each, and what is wrong with the whole; nothing when the change may be tried."""
    fields = [replace(one, wrong="应为数字") if one.is_changed and _number(one.asked) is None else one for one in fields]
    if any(one.wrong for one in fields):
        return fields, []
    places = {f"{scheme.name}.{one.name}={one.asked}": one.name for one in fields}
    wrong: dict[str, str] = {}
    whole = []
    try:
        changed_rules(rules, list(stated_changes(scheme.name, fields)), scheme=instead)
    except BadInput as fault:
        for problem in fault.problems:
            place, why = places.get(str(problem.fields.get("text"))), str(problem.fields.get("why", problem.zh))
            if place:
                wrong[place] = why
            else:
                whole.append(why if "why" in problem.fields else problem.zh)
    return [replace(one, wrong=wrong.get(one.name, "")) for one in fields], whole


def try_rules(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Do the work of one trial: parameters of its job in, figures that JSON can hold out; raises BadInput for a change that the rules refuse."""
    pack = shipped_pack()
    release = current_release(settings.EVENHAND_RELEASES)
    rules = changed_rules(read_grade_rules(pack), asked["changes"], scheme=asked["instead"])
    found = simulate(release, rules, minutes=int(asked["minutes"]), most=50)
    return {
        "release": release.name,
        "moves": [[model, before, after, count] for (model, before, after), count in found.moves.items()],
        "offices": [[row["office"], _plain(row["before"]), _plain(row["after"]), _plain(round(row["hours"], 1)), row["subjects"]] for row in found.offices],
        "most": [[row[k] if row[k] is None else _plain(row[k]) for k in ("subject_id", "name", "office", "model", "old_grade", "grade", "old_score", "score")] for row in found.most],
        "visits": [_plain(one) for one in found.visits],
    }  # fmt: skip


def shown_trial(result: Mapping[str, Any], rules: GradeRules) -> dict[str, Any]:
    """Return the context of a finished trial: sums, a matrix per model, offices that change most, businesses moved most."""
    before, after = (Decimal(one) for one in result["visits"])
    offices = [
        {
            "office": name or "（不明）",
            "before": was,
            "after": now,
            "more": _signed(Decimal(now) - Decimal(was)),
            "hours": hours,
            "subjects": subjects,
        }
        for name, was, now, hours, subjects in result["offices"]
    ]
    return {
        "before": f"{before:,}", "after": f"{after:,}", "more": _signed(after - before), "hours": _signed(sum((Decimal(row["hours"]) for row in offices), Decimal(0))),
        "matrices": list(_matrices(result["moves"], rules)), "offices": offices[:_OFFICES], "total_offices": len(offices),
        "most": [dict(zip(("subject_id", "name", "office", "model", "was", "now", "old_score", "score"), row, strict=True)) for row in result["most"]],
        "moved": sum(count for _, was, now, count in result["moves"] if was != now), "graded": sum(count for *_, count in result["moves"]),
    }  # fmt: skip


def _matrices(moves: list[list[Any]], rules: GradeRules) -> Iterator[dict[str, Any]]:
    for name, model in rules.models.items():
        counts = {(was, now): count for of, was, now, count in moves if of == name}
        if counts:
            rows = [(was, [(now, counts.get((was, now), 0), was == now) for now in GRADES]) for was in GRADES]
            yield {"term": model.term, "rows": rows, "moved": sum(count for (was, now), count in counts.items() if was != now)}


def _plain(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _signed(number: Decimal) -> str:
    """Write a difference with its sign, grouped, without idle zeros."""
    return f"{'+' if number > 0 else ''}{number.normalize():,f}"


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _same(asked: str, value: str) -> bool:
    return asked == value or (_number(asked) is not None and _number(asked) == _number(value))
