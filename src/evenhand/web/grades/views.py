"""Pages of grades: each parses, asks the release inside the reader's scope, and shows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from evenhand.errors import BadInput
from evenhand.grade import GRADES, GradeRules, Period, advise, fired_text, point_rows, read_grade_rules, sentences
from evenhand.pipeline.grades import GradeCard, dossier_of, grade_cards, release_day, since_of, stated_grades
from evenhand.publish import Release, current_release
from evenhand.rulebook import shipped_pack
from evenhand.tag import read_tag_rules
from evenhand.web.accounts.scope import required_scope
from evenhand.web.grades.law import model_page
from evenhand.web.grades.plain import plain
from evenhand.web.grades.visits import visits_by_office
from evenhand.web.registry.charts import BLUE, FEW, GREY, Bar, bars, county_map, steps
from evenhand.web.registry.templatetags.figures import station, thousands

__all__ = ["borders", "card", "model", "overview"]

_COLOURS = {"A": "#2f9e5b", "B": "#3b6fd4", "C": "#e2a400", "D": "#c92a2a"}
_MOST = 200


@cache
def _rules() -> GradeRules:
    return read_grade_rules(shipped_pack())


@cache
def _tag_names() -> dict[str, str]:
    return {tag.code: tag.value for tag in read_tag_rules(shipped_pack()).tags}


def _scheme_terms() -> dict[str, str]:
    return {name: scheme.term for name, scheme in _rules().schemes.items()}


def _asked(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@require_GET
@never_cache
def card(request: HttpRequest, subject_id: str) -> HttpResponse:
    """Show the grade of one subject under every model: points as bars, triggers, timeline, best and worst, what would better it."""
    scope, release = required_scope(request), current_release(settings.EVENHAND_RELEASES)
    found = release.subject(subject_id, scope)
    if found is None:  # also when it lies in another jurisdiction: whether it exists is not told
        raise Http404
    last, rules = release_day(release), _rules()
    on, known = _asked(request.GET.get("on")) or last, _asked(request.GET.get("known"))
    context: dict[str, Any] = {
        "subject": found.subject, "on": on, "known": known, "first": rules.history_from, "last": last,
        "names": {name: model.term for name, model in rules.models.items()}, "until": "至今" if on == last else "当日仍有效",
    }  # fmt: skip
    try:
        cards = grade_cards(release, subject_id, rules, on=on, known=known)
    except BadInput as fault:
        return render(request, "grades/card.html", context | {"refused": [p.zh for p in fault.problems]}, status=400)
    stated = stated_grades(release, subject_id, on=on, known=known or last)
    now = {one.model.name: one for one in grade_cards(release, subject_id, rules, on=on)} if known else {}
    shown = [
        _shown(release, subject_id, one, rules, on=on, today=on == last and known is None)
        | {"timeline": _timeline(one, now.get(one.model.name), on=on, known=known)}
        for one in cards
    ]
    return render(request, "grades/card.html", context | {"cards": shown, "stated": stated})


def _shown(release: Release, subject_id: str, one: GradeCard, rules: GradeRules, *, on: date, today: bool) -> dict[str, Any]:
    scheme, told = rules.schemes[one.now.scheme], one.now.standing
    terms, dossier = _scheme_terms(), dossier_of(release, subject_id)
    facts = dossier.facts if dossier else None
    rows = [replace(row, source=plain(row.source, terms)) for row in point_rows(one.now, scheme, _tag_names(), facts)]
    parts = []
    for part, term in scheme.part_terms.items():
        points = min(int(scheme.parts[part] * 10), sum(p.used for p in told.points if p.indicator.part == part))
        parts.append(
            {
                "term": term,
                "most": f"{scheme.parts[part].normalize():f}",
                "points": _tenth(points),
                "rows": [row for row in rows if row.part == term],
            }
        )
    return {
        "model": one.model, "grade": one.grade, "scheme": scheme, "score": _tenth(told.score), "best": GRADES[told.best], "worst": GRADES[told.worst],
        "known": told.known_percent, "held": one.now.held, "due": GRADES[told.due], "sentences": sentences(one.now, one.model, scheme, _tag_names(), facts), "parts": parts,
        "fired": [{"text": fired_text(f), "advice": f.trigger.advice, "task": f.trigger.task} for f in told.fired],
        "periods": [_period(p, on=on) for p in reversed(one.periods)], "advice": _advice(release, subject_id, one, rules) if today else [],
    }  # fmt: skip


def _timeline(one: GradeCard, now: GradeCard | None, *, on: date, known: date | None) -> dict[str, Any]:
    """Draw the grades of one model over time: as known on the day asked, beside what is known today."""
    lines = [("现在得知", BLUE, _steps(now))] if now else []
    lines.append((f"{known} 得知" if known else "等级", "#b57f00" if known else BLUE, _steps(one)))
    return steps(f"time-{one.model.name}", f"{one.model.term}：等级的变化", lines, grades=GRADES, last=on.isoformat())


def _steps(card: GradeCard) -> list[tuple[str, int]]:
    return [(period.begins.isoformat(), period.grade) for period in card.periods]


def _advice(release: Release, subject_id: str, one: GradeCard, rules: GradeRules) -> list[str]:
    dossier = dossier_of(release, subject_id)
    found = dossier and advise(dossier, one.model, rules, asof=release_day(release), since=since_of(release))
    if not found:
        return []
    if not found.ways:
        return [f"三年内没有做得到的办法达到 {found.target} 级；须先减少静态风险（变更许可）。"]
    return [
        f"{'；'.join(step.text for step in steps) or '不再发生新的问题'}，{day} 起为 {found.target} 级或者更好。"
        for steps, day in found.ways
    ]


def _tenth(points: int) -> str:
    return f"{points // 10}.{points % 10}"


def _period(period: Period, *, on: date) -> dict[str, Any]:
    told = period.standing
    triggers = "、".join(dict.fromkeys(f"{f.trigger.term}（{f.trigger.id}）" for f in told.fired))
    return {"begins": period.begins, "ends": period.ends, "open": period.ends is None or period.ends > on, "grade": GRADES[period.grade], "held": period.held, "score": _tenth(told.score), "triggers": triggers, "scheme": _scheme_terms().get(period.scheme, period.scheme)}  # fmt: skip


@require_GET
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show how many subjects have which grade, by model and by office, and how many visits a year follow."""
    scope, release = required_scope(request), current_release(settings.EVENHAND_RELEASES)
    rules = _rules()
    counts = release.grades(scope, on=release_day(release))
    every = [(name, one.term, _counts(r for r in counts if r["model"] == name)) for name, one in rules.models.items()]
    models = [(name, term, found) for name, term, found in every if found["total"]]
    charts = [bars(f"grades-{name}", term, [_bar(grade, found[grade], model=name) for grade in GRADES]) for name, term, found in models]
    food = release.strictest(scope, on=release_day(release))
    visits = visits_by_office(release, scope, on=release_day(release))
    figures = {name: _counts(row for row in food if row["office"] == name) for name in visits}
    figures = {name: counted for name, counted in figures.items() if counted["total"] or visits[name]}
    worst = sorted(figures, key=lambda name: (-figures[name]["D"], -figures[name]["C"], name or ""))
    offices = [
        {
            "office": name or "（不明）",
            "visits": f"{visits[name].normalize():,f}",
            "total": figures[name]["total"],
            "counts": _linked(figures[name], office=name),
        }
        for name in worst[:_MOST]
    ]
    named = [{"name": name, "term": term} for name, term, _ in models]
    context = _places(food, level=scope.level) | {
        "charts": charts,
        "models": named,
        "offices": offices,
        "grades": GRADES,
        "total_offices": len(figures),
        "visits": f"{sum(visits.values(), Decimal(0)).normalize():,f}",
    }
    return render(request, "grades/overview.html", context)


def _places(counts: list[dict[str, Any]], *, level: str) -> dict[str, Any]:
    """The shares of C and D by the places below the reader's own: a map of counties, the offices of a county; nothing for a station."""
    if level in {"province", "city"}:
        counties = _counties(counts)
        drawn = [one["bar"] for one in counties if one["bar"]]
        most = max((one["share"] for one in counties if not one["is_few"]), default=0)
        return {"counties": counties, "few": FEW, "map": county_map("grades-map", "各县 C、D 级所占比例", drawn, most=most)}
    if level == "county":
        return {"shares": bars("grades-shares", f"各监管机构 C、D 级所占比例（灰色：不足 {FEW} 户）", _shares(counts), largest=100)}
    return {}


def _shares(counts: list[dict[str, Any]]) -> list[Bar]:
    """One bar per office: the share of C and D in percent, of how many; the highest share first, those of few last."""
    found = []
    for office, figures in _counts_by(counts, "office").items():
        share = round(100 * (figures["C"] + figures["D"]) / figures["total"], 1)
        text = f"{share}%（{figures['C'] + figures['D']:,} / {figures['total']:,}）"
        url = _register(office=office) if office else ""
        colour = GREY if figures["total"] < FEW else _COLOURS["C"]
        found.append(Bar(name=station(office) or "（不明）", value=share, text=text, url=url, colour=colour))
    return sorted(found, key=lambda bar: (bar.colour == GREY, -bar.value, bar.name))


def _counties(counts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per county: its grades, the share of C and D in percent, its place on the map; the highest share first, those of few last."""
    names = {one["properties"]["adcode"]: one["properties"]["name"] for one in shipped_pack().counties["features"]}
    found = []
    for code, figures in _counts_by(counts, "county_code").items():
        share = 100 * (figures["C"] + figures["D"]) / figures["total"]
        name = names.get(code) or (f"区划 {code}" if code else "（区划不明）")
        text = f"{name}：C、D 级 {figures['C'] + figures['D']:,} 个，占 {share:.1f}%"
        lying = _register(county=code)
        bar = Bar(name=name, value=round(share, 1), text=text, url=lying, of=figures["total"]) if code in names else None
        counts_of = _linked({grade: figures[grade] for grade in "CD"}, county=code if code in names else None)
        found.append(
            {"name": name, "share": share, "text": f"{share:.1f}%", "bar": bar, "counts": counts_of}
            | {"total": figures["total"], "is_few": figures["total"] < FEW}
        )
    return sorted(found, key=lambda one: (one["is_few"], -one["share"], one["name"]))


@require_GET
def borders(request: HttpRequest) -> JsonResponse:
    """Give the borders of the counties inside the reader's area; of the whole city for a county, so that the map shows its surroundings."""
    scope = required_scope(request)
    prefix = scope.prefix[:4]
    held = shipped_pack().counties
    answer = JsonResponse(held | {"features": [one for one in held["features"] if one["properties"]["adcode"].startswith(prefix)]})
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


def _linked(figures: Mapping[str, int], **place: str | None) -> list[tuple[str, int, str]]:
    """Grade, count and the page of the register behind it; no page without a place."""
    return [(grade, figures[grade], _register(grade=grade, **place) if all(place.values()) else "") for grade in GRADES if grade in figures]


def _register(**asked: str | None) -> str:
    """The page of the register that lists the subjects of a grade inside the reader's area."""
    return f"{reverse('search')}?{urlencode(asked)}"


def _bar(grade: str, count: int, *, model: str) -> Bar:
    url = _register(grade=grade, model=model) if count else ""
    return Bar(name=f"{grade} 级", value=count, text=thousands(count), url=url, colour=_COLOURS[grade])


def _counts_by(rows: Iterable[dict[str, Any]], column: str) -> dict[str, dict[str, int]]:
    """By value of a column ("" for none): how many have which grade, and all together."""
    parted: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        parted.setdefault(row[column] or "", []).append(row)
    return {value: _counts(mine) for value, mine in parted.items()}


def _counts(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    found = dict.fromkeys((*GRADES, "total"), 0)
    for row in rows:
        found[row["grade"]] += row["total"]
        found["total"] += row["total"]
    return found


@require_GET
@never_cache
def model(request: HttpRequest, name: str) -> HttpResponse:
    """Show a model as printed law: whom it covers, points, bands, triggers, frequency, each with its source."""
    required_scope(request)
    rules = _rules()
    if name not in rules.models:
        raise Http404
    return render(
        request,
        "grades/model.html",
        model_page(rules, name, day=release_day(current_release(settings.EVENHAND_RELEASES)), names=_tag_names()),
    )
