"""Pages of the simulator: the form of what is changed, and the trial that waits, runs and shows what would come of it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from evenhand.grade import GradeRules, Scheme, read_grade_rules
from evenhand.publish import current_release
from evenhand.rulebook import shipped_pack
from evenhand.web.accounts.scope import required_scope
from evenhand.web.audit.models import Act, Event
from evenhand.web.grades.trying import (
    MINUTES,
    Field,
    check_may_try,
    fields_of,
    judged,
    shown_trial,
    spoken_changes,
    stated_changes,
    why_not,
)
from evenhand.web.jobs.models import Job, State

__all__ = ["simulate", "trial"]

_KIND = "simulate"
_RECENT = 10
_LONGEST_VISIT = 1440
_DIGITS = 9


@require_http_methods(["GET", "POST"])
@never_cache
def simulate(request: HttpRequest) -> HttpResponse:
    """Show the values that may be changed; with POST start a trial of those that differ."""
    required_scope(request)
    rules = read_grade_rules(shipped_pack())
    asked = {name: str(value) for name, value in (request.POST if request.method == "POST" else request.GET).items()}
    base = rules.schemes.get(asked.get("scheme", "")) or _first(rules)
    fields, carried = _fields(rules, base, asked) if request.method == "POST" else (fields_of(rules, base, {}), [])
    instead, minutes = asked.get("instead", ""), asked.get("minutes", str(MINUTES))
    context: dict[str, Any] = {
        "schemes": rules.schemes.values(), "base": base, "groups": _groups(fields), "forbidden": why_not(request), "instead": instead, "minutes": minutes, "carried": carried,
        "recent": [{"job": job, "changes": spoken_changes(job.asked, rules)} for job in Job.objects.filter(kind=_KIND, user__username=request.user.get_username())[:_RECENT]],
    }  # fmt: skip
    if request.method == "GET":
        return render(request, "grades/simulate.html", context)
    check_may_try(request)
    if carried:
        return render(request, "grades/simulate.html", context)
    changes = stated_changes(base.name, fields)
    fields, refused = (
        judged(fields, rules, base, instead=instead) if instead in {"", *rules.schemes} else (fields, [f"没有方案“{instead}”。"])
    )
    if not changes and not instead:
        refused.append("没有任何改动：请改一个界限、频次或者分值，或者选一个方案。")
    wrong_minutes = _wrong_minutes(minutes)
    if refused or wrong_minutes or any(one.wrong for one in fields):
        told = {"groups": _groups(fields), "refused": refused, "wrong_minutes": wrong_minutes, "is_refused": True}
        return render(request, "grades/simulate.html", context | told, status=400)
    with transaction.atomic():
        job = Job.objects.create(kind=_KIND, user=_person(request), asked={"changes": changes, "instead": instead, "minutes": int(minutes)})
        release = current_release(settings.EVENHAND_RELEASES).name
        Event.witness(request, user=request.user, act=Act.SIMULATE, target=f"模拟{job.pk}", release=release, reason="；".join(spoken_changes(job.asked, rules))[:200])  # fmt: skip
    return redirect("grade_trial", key=job.pk)


def _first(rules: GradeRules) -> Scheme:
    return next(rules.schemes[name] for name in ("FJ-DEFAULT", *rules.schemes) if name in rules.schemes)


def _fields(rules: GradeRules, base: Scheme, asked: Mapping[str, str]) -> tuple[list[Field], list[str]]:
    """Return the fields as the form holds them; when another scheme was chosen than the one whose values were listed, what became of the values typed."""
    before = rules.schemes.get(asked.get("listed", base.name), base)
    if before.name == base.name and "list" not in asked:
        return fields_of(rules, base, asked), []
    typed = {one.name: one for one in fields_of(rules, before, asked) if one.is_changed}
    fields = fields_of(rules, base, {name: one.asked for name, one in typed.items()})
    lost = [f"{one.term} {one.asked}" for name, one in typed.items() if name not in {field.name for field in fields}]
    told = [f"现列出{base.term}的值；您填写的 {len(typed) - len(lost)} 处改动保留，请核对后再开始模拟。"]
    return fields, [*told, f"{base.term}没有这些项，未保留：{'、'.join(lost)}。"] if lost else told


def _person(request: HttpRequest) -> User:
    if not request.user.is_authenticated:  # the middleware lets nobody else in
        raise Http404
    return request.user


def _wrong_minutes(minutes: str) -> str:
    fits = minutes.isascii() and minutes.isdigit() and 0 < int(minutes[:_DIGITS]) <= _LONGEST_VISIT
    return "" if fits else f"应为 1 至 {_LONGEST_VISIT} 的整数分钟"


def _groups(fields: list[Field]) -> list[tuple[str, list[Field]]]:
    return [(group, [one for one in fields if one.group == group]) for group in dict.fromkeys(one.group for one in fields)]


@require_GET
@never_cache
def trial(request: HttpRequest, key: int) -> HttpResponse:
    """Show one trial: waiting, running, or what would come of it; a request of htmx gets the part that changes."""
    required_scope(request)
    check_may_try(request)
    job = Job.objects.filter(pk=key, kind=_KIND).select_related("user").first()
    if job is None:
        raise Http404
    rules = read_grade_rules(shipped_pack())
    done = job.state in {State.DONE, State.REFUSED}
    context = {
        "job": job,
        "done": done,
        "changes": spoken_changes(job.asked, rules),
        "names": {name: model.term for name, model in rules.models.items()},
    }
    if job.state == State.DONE and job.result is not None:
        context |= shown_trial(job.result, rules)
    if getattr(request, "htmx", False) and not done:
        return render(request, "grades/_waiting.html", context)
    if getattr(request, "htmx", False):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "grades/trial.html", context)
