"""The file of decisions as the desk reads and writes it: what waits for the next build, and one more line with its witness."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from pydantic import ValidationError

from evenhand.decisions import Decision, Decisions, Withdrawal, add_decision, no_decisions, read_decisions
from evenhand.decisions.model import ANY
from evenhand.errors import BadInput, Message, Problem
from evenhand.publish import Release, decided_ids
from evenhand.web.audit.models import Act, Event
from evenhand.web.review.access import name_of

__all__ = ["ALREADY", "GONE", "UNFIT", "held", "waiting", "write"]

UNFIT: Final = Message("WEB-07", zh="这条认定没有写入：{why}。", en="the decision was not added: {why}.")
ALREADY: Final = Message(
    "WEB-08",
    zh="{by} 已于 {at} 认定过这一项，等待下次建立。要改判，请先撤回那一条。",
    en="{by} decided this already at {at}; withdraw that decision first.",
)
GONE: Final = Message("WEB-09", zh="这条认定已被{by}撤回，不必再撤。", en="this decision was withdrawn already by {by}.")


def held() -> Decisions:
    """Return the decisions of the house; none when there is no file yet."""
    path: Path = settings.EVENHAND_DECISIONS
    if not path.is_file():
        return no_decisions()
    about = path.stat()
    return _read(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int) -> Decisions:
    return read_decisions(path)


def waiting(release: Release, decisions: Decisions) -> tuple[Decision, ...]:
    """Return the decisions that stand and that the release was not built with."""
    done = decided_ids(release)
    return tuple(decision for decision in decisions.standing if decision.id not in done)


def write(
    request: HttpRequest, body: Mapping[str, Any], *, why: str, release: Release, check: Callable[[Decisions], None] | None = None
) -> Decision:
    """Add one decision and its witness: both are written or neither.

    Args:
        request: who decides.
        body: kind and fields of the decision.
        why: the reason.
        release: what the person was looking at.
        check: asked under the lock of the file; raises to refuse.

    Raises:
        BadInput: the decision does not fit its kind, or `check` or the file refuses it.
    """
    now: datetime = timezone.localtime()
    head = {"id": f"D{now:%Y%m%d%H%M%S%f}-{request.user.pk}", "at": now, "by": name_of(request), "why": why}
    try:
        decision: Decision = ANY.validate_python(head | dict(body))
    except ValidationError as fault:
        reasons = "；".join(dict.fromkeys(str(e["msg"]).removeprefix("Value error, ") for e in fault.errors(include_url=False)))
        raise BadInput(Problem(UNFIT, {"why": reasons})) from fault
    act = Act.WITHDRAW if isinstance(decision, Withdrawal) else Act.DECIDE
    with transaction.atomic():  # the line is written last: when the file refuses it, the event is taken back
        Event.witness(request, user=request.user, act=act, target=decision.id, release=release.name, reason=why)
        settings.EVENHAND_DECISIONS.parent.mkdir(parents=True, exist_ok=True)
        add_decision(settings.EVENHAND_DECISIONS, decision, check=check)
    return decision
