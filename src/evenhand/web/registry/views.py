"""Pages of the register: each parses, asks the release inside the reader's scope, and shows."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.errors import BadInput
from evenhand.pipeline.cells import CellHistory, cell_history, how_to_undo
from evenhand.publish import Release, SubjectCard, current_release, prices
from evenhand.rulebook import shipped_pack
from evenhand.standards import EXTRACTS, REACHES, TABLES
from evenhand.web.accounts.scope import required_scope
from evenhand.web.audit.models import Act, Event
from evenhand.web.registry.cells import cell_context
from evenhand.web.registry.figures import dimension_chart, overview_charts
from evenhand.web.registry.forms import ReasonForm, SearchForm, page_number
from evenhand.web.registry.slips import says_slipped
from evenhand.web.registry.subject import card_context
from evenhand.web.registry.veil import Veil, is_natural_person, veil_for
from evenhand.web.review.access import why_not
from evenhand.web.review.ledger import held

__all__ = ["cell", "disputes", "findings", "home", "quality", "reveal", "search", "subject"]

_DEAREST = 15
"""So many kinds of open defects are listed by what they touch."""


def _release() -> Release:
    return current_release(settings.EVENHAND_RELEASES)


def _titles(release: Release) -> dict[str, str]:
    """Names of the sources by their keys."""
    return {source["source"]: source.get("title") or source["source"] for source in release.manifest.get("sources", [])}


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Show counts, quality by dimension, subjects by place, status and form, and the sources of the release."""
    scope, release = required_scope(request), _release()
    overview = release.overview(scope)
    charts = [dimension_chart(release.dimensions(scope)), *overview_charts(overview, level=scope.level)]
    sources = [source | {"kind_title": EXTRACTS[source["kind"]].title} for source in overview["sources"]]
    context = {
        "overview": overview, "charts": charts, "sources": sources, "is_part": scope.level != "province",
        "rows": sum(source.get("rows") or 0 for source in sources),
    }  # fmt: skip
    return render(request, "registry/home.html", context)


@require_GET
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Search the register; htmx gets the answer alone, everyone else the whole page."""
    scope, release = required_scope(request), _release()
    form = SearchForm(request.GET, choices=release.choices(scope))
    page = release.search(form.search(page_number(request.GET.get("page", "1"))), scope)
    partial = bool(getattr(request, "htmx", False)) and not request.headers.get("HX-History-Restore-Request")
    context = {
        "form": form,
        "page": page,
        "rows": [_row_veiled(row) for row in page.rows],
        "query": urlencode(form.chosen),
        "partial": partial,
    }
    response = render(request, "registry/results.html" if partial else "registry/search.html", context)
    if partial:
        response["HX-Push-Url"] = f"{reverse('search')}?{urlencode(form.chosen)}" if form.chosen else reverse("search")
    patch_vary_headers(response, ["HX-Request"])
    return response


def _row_veiled(row: dict[str, Any]) -> dict[str, Any]:
    veil = veil_for(row)
    return {name: veil.value(name, value) for name, value in row.items()}


def _card(request: HttpRequest, subject_id: str) -> tuple[Release, SubjectCard]:
    scope, release = required_scope(request), _release()
    card = release.subject(subject_id, scope)
    if card is None:  # also when it lies in another jurisdiction: whether it exists is not told
        raise Http404
    return release, card


@require_GET
@never_cache
def subject(request: HttpRequest, subject_id: str) -> HttpResponse:
    """Show one subject: chosen values with their reasons, every source row side by side, licences, sites, findings, history."""
    release, card = _card(request, subject_id)
    context = card_context(card, titles=_titles(release), everything=request.GET.get("rows") == "all")
    return render(request, "registry/subject.html", context | {"reason": ReasonForm()})


@require_GET
@never_cache
def cell(request: HttpRequest, subject_id: str, field: str) -> HttpResponse:
    """Show how one value came about, row by row; htmx gets the answer alone. Personal data stay veiled."""
    release, card = _card(request, subject_id)
    if field not in TABLES["subject"].names:
        raise Http404
    history = cell_history(release, subject_id, field, required_scope(request), pack=shipped_pack())
    if history is None:
        raise Http404
    context = cell_context(card, history, titles=_titles(release)) | {"undo": _undo(request, history)}
    response = render(request, "registry/_cell.html" if getattr(request, "htmx", False) else "registry/cell.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _undo(request: HttpRequest, history: CellHistory) -> str:
    """What undoing this cell alone would do, in words; "" for whoever may not, and where nothing changed it."""
    if why_not(request, "cell"):
        return ""
    try:
        told = how_to_undo(history, held())
    except BadInput:
        return ""
    return f"撤回认定 {told.withdraws}" if told.withdraws else "改回来源所写的原文"


@require_POST
@never_cache
def reveal(request: HttpRequest, subject_id: str) -> HttpResponse:
    """Show personal data once, after a reason was given and stored; the next visit hides them again."""
    release, card = _card(request, subject_id)
    reason = ReasonForm(request.POST)
    granted = reason.is_valid()
    if granted:
        why = reason.cleaned_data["reason"]
        Event.witness(request, user=request.user, act=Act.REVEAL, target=subject_id, release=release.name, reason=why)
    context = card_context(card, titles=_titles(release), everything=True, revealed=granted)
    return render(request, "registry/subject.html", context | {"reason": reason}, status=200 if granted else 400)


def _worst_first(row: dict[str, Any]) -> tuple[bool, float]:
    return row["score"] is None, row["score"] or 0.0


@require_GET
@never_cache
def quality(request: HttpRequest) -> HttpResponse:
    """Show the six dimensions, then sources, offices and rules, each with a way to the rows that failed."""
    scope, release = required_scope(request), _release()
    found = release.quality(scope)
    dimension = request.GET.get("dimension", "")
    rules = [rule for rule in found["rules"] if not dimension or rule["dimension"] == dimension]
    rules.sort(key=_worst_first)
    dimensions = {rule["rule"]: rule["dimension"] for rule in found["rules"]}
    # Not by score: that speaks of the rows which name the office, and may be low where it answers for no finding at all.
    offices = sorted((row for row in found["offices"] if row["office"]), key=lambda row: (-row["findings"], row["office"]))
    nobody = next((row for row in found["offices"] if not row["office"]), None)
    titles = _titles(release)
    sources = [row | {"title": titles.get(row["source"], row["source"])} for row in found["sources"]]
    context = {
        "chart": dimension_chart(found["dimensions"]),
        "whole": found["whole"][0],
        "dimension": dimension,
        "dimensions": found["dimensions"],
        "rules": rules,
        "offices": offices,
        "nobody": nobody,
        "is_part": scope.level != "province",
        "prices": [one for one in prices(release, scope) if not dimension or dimensions.get(one["rule"]) == dimension][:_DEAREST],
        "reaches": REACHES,
        "sources": sorted(sources, key=_worst_first),
    }
    return render(request, "registry/quality.html", context)


@require_GET
@never_cache
def findings(request: HttpRequest) -> HttpResponse:
    """List rows on which a rule failed or could not tell, with value, proposal, reason and remedy."""
    scope, release = required_scope(request), _release()
    asked = {name: request.GET.get(name, "").replace("\0", "")[:100] for name in ("rule", "source", "office")}
    page = release.findings(scope, **asked, page=page_number(request.GET.get("page", "1")))
    titles = _titles(release)
    chosen = {name: value for name, value in asked.items() if value}
    context = {
        "page": page,
        "rows": [_veiled(row) | {"source_title": titles.get(row["source"], row["source"])} for row in page.rows],
        "asked": asked | {"source": titles.get(asked["source"], asked["source"])},
        "query": urlencode(chosen),
        "rule": release.rules.get(asked["rule"]),
    }
    return render(request, "registry/findings.html", context)


@require_GET
@never_cache
def disputes(request: HttpRequest) -> HttpResponse:
    """List the places of business whose office is disputed, for both offices, the first due first."""
    scope, release = required_scope(request), _release()
    page = release.disputes(scope, page=page_number(request.GET.get("page", "1")))
    return render(request, "registry/disputes.html", {"page": page, "rows": [_row_veiled(row) for row in page.rows]})


def _veiled(row: dict[str, Any]) -> dict[str, Any]:
    slipped = (row["record_id"],) if says_slipped(row) else ()
    veil = Veil(natural_person=is_natural_person({"name": row["name"]}), slipped=slipped)
    for name in ("value", "proposal"):
        veil.knows(row["field"], row[name])
    shown = {name: veil.value(row["field"], row[name], record=row["record_id"]) for name in ("value", "proposal")}
    return row | shown | {"reason": veil.text(row["reason"], strays=[row["value"]] if slipped else ())}
