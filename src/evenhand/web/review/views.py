"""Pages of the review desk: lists of open doubts inside the reader's scope, and the acts of deciding, withdrawing and undoing."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from evenhand.decisions import ChosenOffice, Decision, Decisions, ManualRecord, Withdrawal
from evenhand.errors import BadInput, Problem
from evenhand.pipeline.cells import cell_history, how_to_undo
from evenhand.pipeline.deciding import TITLES, about
from evenhand.publish import Page, Release, Scope, current_release, offices, open_disputes, open_pairs, open_repairs, references_inside
from evenhand.rulebook import shipped_pack
from evenhand.standards import TABLES
from evenhand.web.accounts.scope import required_scope
from evenhand.web.registry.forms import page_number
from evenhand.web.review.access import check_may_decide, is_steward, name_of, why_not
from evenhand.web.review.forms import DecisionForm, said
from evenhand.web.review.ledger import ALREADY, GONE, held, waiting, write
from evenhand.web.review.listing import listed, named, spoken, whom
from evenhand.web.review.offers import Offer, office_offers, pair_offers, repair_offers, same_matter
from evenhand.web.review.showing import dispute_shown, pair_shown, repair_shown, settled
from evenhand.web.review.typed import anchor, keep, shown_again

__all__ = ["decide", "decisions", "disputed_offices", "pairs", "repairs", "undo_cell", "withdraw"]

Row = Mapping[str, Any]
_PER_PAGE: Final = 50
_KEYS: Final = {"pair": ("rule", "left", "right"), "repair": ("record",), "office": ("subject",)}
_LISTS: Final = {"pair": "review", "repair": "review-repairs", "office": "review-offices"}


def _desk(
    request: HttpRequest,
    item: str,
    page: Page,
    shown: Callable[[Row], dict[str, Any]],
    offers: Callable[[Row], list[Offer]],
    **more: object,
) -> HttpResponse:
    """One list of doubts; each with what may be decided, or what was decided and waits."""
    release, forbidden = _release(), why_not(request, item)
    pending = waiting(release, held())
    rows = []
    for doubt in page.rows:
        told = offers(doubt)
        row = shown(doubt)
        rows.append(row | {"offers": told, "settled": settled(told, pending), "anchor": anchor(row["key"])})
    shown_again(request, rows)
    context = {"item": item, "page": page, "rows": rows, "forbidden": forbidden, "waiting": len(pending), **more}
    return render(request, f"review/{item}s.html", context)


def _release() -> Release:
    return current_release(settings.EVENHAND_RELEASES)


@require_GET
@never_cache
def pairs(request: HttpRequest) -> HttpResponse:
    """List doubtful pairs side by side, the dearest first; a pair that was judged before shows the old judgement."""
    page = open_pairs(_release(), required_scope(request), page=page_number(request.GET.get("page", "1")))
    return _desk(request, "pair", page, pair_shown, pair_offers)


@require_GET
@never_cache
def repairs(request: HttpRequest) -> HttpResponse:
    """List records whose code a person must settle."""
    page = open_repairs(_release(), required_scope(request), page=page_number(request.GET.get("page", "1")))
    return _desk(request, "repair", page, repair_shown, repair_offers)


@require_GET
@never_cache
def disputed_offices(request: HttpRequest) -> HttpResponse:
    """List places of business whose office is disputed, with the votes."""
    release, scope = _release(), required_scope(request)
    known = offices(release, scope)
    page = open_disputes(release, scope, page=page_number(request.GET.get("page", "1")))
    return _desk(request, "office", page, dispute_shown, lambda row: office_offers(row, row["record_id"], known), known=known)


@require_POST
@never_cache
def decide(request: HttpRequest, item: str) -> HttpResponse:
    """Write one decision about one doubt that is still open and lies inside the reader's scope."""
    if item not in _LISTS:
        raise Http404
    scope, release = required_scope(request), _release()
    check_may_decide(request, item)
    key = {name: request.POST.get(name, "").replace("\0", "") for name in _KEYS[item]}
    offers = _offers(item, key, release, scope)
    back = redirect(f"{reverse(_LISTS[item])}?page={page_number(request.POST.get('page', '1'))}#{anchor(key)}")
    form = DecisionForm(request.POST)
    if not form.is_valid():
        keep(request, key, said(form))
        return back
    offer = next((one for one in offers if one.name == form.cleaned_data["offer"]), None)
    if offer is None:
        raise Http404
    body = {**offer.body, **({offer.asks: form.cleaned_data[offer.asks]} if offer.asks else {})}
    if offer.asks == "office" and body["office"] not in offices(release, scope):
        keep(request, key, "请从列表中选择您管辖区域内的机构。")
        return back

    def still_open(told: Decisions) -> None:
        earlier = next((one for one in waiting(release, told) if same_matter(one, offers)), None)
        if earlier:
            raise BadInput(Problem(ALREADY, {"by": earlier.by, "at": f"{earlier.at:%Y-%m-%d %H:%M}"}))

    if refused := _try(request, body, why=form.cleaned_data["why"], release=release, check=still_open):
        keep(request, key, refused)
    else:
        messages.success(request, f"已写入认定：{offer.title}。下次建立发布版时执行，随时可以撤回。")
    return back


def _offers(item: str, key: Mapping[str, str], release: Release, scope: Scope) -> list[Offer]:
    """What may be decided about the doubt that the form names; 404 when there is none inside the scope."""
    found: Page
    if item == "pair":
        found = open_pairs(release, scope, key=(key["rule"], key["left"], key["right"]))
        told = [pair_offers(row) for row in found.rows]
    elif item == "repair":
        found = open_repairs(release, scope, record=key["record"] or "-")
        told = [repair_offers(row) for row in found.rows]
    else:
        found = open_disputes(release, scope, subject_id=key["subject"] or "-")
        told = [office_offers(row, row["record_id"], offices(release, scope)) for row in found.rows]
    if not told:
        raise Http404
    return told[0]


def _try(request: HttpRequest, body: Row, *, why: str, release: Release, check: Callable[[Decisions], None] | None = None) -> str:
    """Write one decision; return why it was refused, "" when it stands."""
    try:
        write(request, body, why=why, release=release, check=check)
    except BadInput as fault:
        return " ".join(problem.zh for problem in fault.problems)
    return ""


@require_GET
@never_cache
def decisions(request: HttpRequest) -> HttpResponse:
    """List the decisions about subjects inside the scope, newest first, with what became of each and a way to withdraw it."""
    scope, release, told = required_scope(request), _release(), held()
    pending = {one.id for one in waiting(release, told)}
    results = {row["decision"]: row for row in release.ask("select decision, state, note from decision")}
    mine = [one for one in _inside(release, told, scope) if not isinstance(one, Withdrawal)]
    pages = max(1, -(-len(mine) // _PER_PAGE))
    number = min(page_number(request.GET.get("page", "1")), pages)
    shown = mine[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    subjects = named(release, {reference for one in shown for reference in about(one)}, scope)
    rows = listed(shown, told, subjects, pending=pending, results=results, may_withdraw=lambda one: _may_withdraw(request, one))
    shown_again(request, rows)
    page = Page(total=len(mine), rows=rows, page=number, pages=pages)
    return render(request, "review/decisions.html", {"page": page, "rows": rows, "waiting": len(pending), "item": "decisions"})


def _inside(release: Release, told: Decisions, scope: Scope) -> list[Decision]:
    """Decisions all of whose subjects lie inside the scope, newest first; records added by hand belong to the province."""
    newest = sorted(told.lines, key=lambda one: (one.at, one.id), reverse=True)
    if scope.level == "province":
        return newest
    inside = references_inside(release, {name for one in newest for name in about(one)}, scope)
    return [one for one in newest if not isinstance(one, ManualRecord) and about(one) and set(about(one)) <= inside]


def _may_withdraw(request: HttpRequest, decision: Decision) -> bool:
    return is_steward(request) or (
        isinstance(decision, ChosenOffice) and not why_not(request, "office") and decision.by == name_of(request)
    )


@require_POST
@never_cache
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take one decision back; its line stays, one more line is added."""
    scope, release, every = required_scope(request), _release(), held()
    number = request.POST.get("decision", "")
    decision = next((one for one in _inside(release, every, scope) if one.id == number and not isinstance(one, Withdrawal)), None)
    if decision is None:
        raise Http404
    if not _may_withdraw(request, decision):
        check_may_decide(request, "pair")
    back = redirect(f"{reverse('review-decisions')}?page={page_number(request.POST.get('page', '1'))}#{number}")
    form = DecisionForm({**request.POST.dict(), "offer": "withdraw"})
    if not form.is_valid():
        keep(request, {"decision": number}, said(form))
        return back

    def still_stands(now: Decisions) -> None:
        if number not in {one.id for one in now.standing}:
            raise BadInput(Problem(GONE, {"by": _withdrawer(now, number)}))

    why = form.cleaned_data["why"]
    if refused := _try(request, {"kind": "withdraw", "decision": number}, why=why, release=release, check=still_stands):
        keep(request, {"decision": number}, refused)
    else:
        subjects = named(release, about(decision), scope)
        told = " ".join(filter(None, [TITLES[type(decision)], spoken(decision, subjects), whom(decision, subjects)]))
        messages.success(request, f"已撤回认定：{told}。已经执行的，下次建立发布版时恢复原状。")
    return back


def _withdrawer(told: Decisions, number: str) -> str:
    """Who took a decision back."""
    return next((one.by for one in told.lines if isinstance(one, Withdrawal) and one.decision == number), "")


@require_POST
@never_cache
def undo_cell(request: HttpRequest, subject_id: str, field: str) -> HttpResponse:
    """Undo one cell alone: withdraw the choice that stands, or choose what the source wrote."""
    scope, release = required_scope(request), _release()
    check_may_decide(request, "cell")
    history = cell_history(release, subject_id, field, scope, pack=shipped_pack()) if field in TABLES["subject"].names else None
    if history is None:
        raise Http404
    form = DecisionForm({**request.POST.dict(), "offer": "undo"})
    back = redirect(f"{reverse('subject', args=[subject_id])}#facts")
    if not form.is_valid():
        messages.error(request, said(form))
        return back
    try:
        told = how_to_undo(history, held())
    except BadInput as fault:
        messages.error(request, " ".join(problem.zh for problem in fault.problems))
        return back
    body = (
        {"kind": "withdraw", "decision": told.withdraws}
        if told.withdraws
        else {"kind": "value", "subject": history.reference, "field": field, "value": told.value}
    )
    if refused := _try(request, body, why=form.cleaned_data["why"], release=release):
        messages.error(request, refused)
    else:
        messages.success(request, f"已撤销这一格的改动：{history.title}。下次建立发布版时执行。")
    return back
