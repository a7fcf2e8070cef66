"""A rule tried before it is signed: which values may be changed, who may try, the work itself, and how its result is shown (政策模拟)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

__all__ = ["MINUTES", "Field", "check_may_try", "fields_of", "shown_trial", "stated_changes", "try_rules", "why_not"]

MINUTES: Final = 120
"""Minutes of one visit for one inspector, unless the page says otherwise."""
_ALLOWED: Final = (Role.STEWARD, Role.DEPARTMENT)
_OFFICES: Final = 60


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value of a scheme that may be changed: its place, what it is, its group, the value in force, and the one asked for."""

    name: str
    term: str
    group: str
    value: str
    asked: str


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
    found = [("bands." + grade, f"{grade} 级上限", "等级界限（分）", getattr(scheme.bands, grade)) for grade in "ABC"]
    for grade, frequency in scheme.frequency.items():
        found += [
            (f"frequency.{grade}.visits", f"{grade} 级次数", "检查频次", frequency.visits),
            (f"frequency.{grade}.years", f"{grade} 级每几年", "检查频次", frequency.years),
        ]
    found += [(f"points.{name}", rules.common[name].term, "动态和信用指标的最高分", points) for name, points in scheme.points.items()]
    return [
        Field(name=name, term=term, group=group, value=_plain(value), asked=asked.get(name, _plain(value)).strip())
        for name, term, group, value in found
    ]


def stated_changes(scheme: str, fields: list[Field]) -> list[str]:
    """Return the changed fields as `SCHEME.field=value`."""
    return [f"{scheme}.{one.name}={one.asked}" for one in fields if not _same(one.asked, one.value)]


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


def _same(asked: str, value: str) -> bool:
    try:
        return Decimal(asked) == Decimal(value)
    except InvalidOperation:
        return asked == value
