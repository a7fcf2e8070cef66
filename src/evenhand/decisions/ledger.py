"""The file of decisions: one JSON object a line, each holding the digest of the line before it, so that no line can change unseen."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evenhand.decisions import messages as say
from evenhand.decisions.model import ANY, Decision, Withdrawal
from evenhand.decisions.standing import Decisions
from evenhand.errors import BadInput, Problem

__all__ = ["add_decision", "read_decisions"]

_START = "0" * 64


def read_decisions(path: Path) -> Decisions:
    """Read a file of decisions.

    Raises:
        BadInput: no file, bad lines, a broken chain; every problem is told.
    """
    if not path.is_file():
        raise BadInput(Problem(say.NO_FILE, {"path": path}))
    content = path.read_bytes()
    decisions, problems, _ = _parsed(content, path)
    if problems:
        raise BadInput(problems)
    return Decisions(lines=tuple(decisions), digest=hashlib.sha256(content).hexdigest())


def add_decision(path: Path, decision: Decision, *, check: Callable[[Decisions], None] | None = None) -> None:
    """Add one line to a file of decisions, flushed to disk; the file is made when missing.

    Args:
        path: the file.
        decision: the line.
        check: asked with the file as it stands while nobody else can write; raises to refuse.

    Raises:
        BadInput: the file is bad as it stands, or the decision does not fit it (id used, nothing to withdraw).
    """
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two people may decide at the same time; each line follows the one that came first
        file.seek(0)
        content = file.read()
        before, problems, head = _parsed(content, path)
        if check and not problems:
            check(Decisions(lines=tuple(before), digest=hashlib.sha256(content).hexdigest()))
        line = _line(decision, head)
        problems = problems or _parsed(content + line, path)[1]
        if problems:
            raise BadInput(problems)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _line(decision: Decision, head: str) -> bytes:
    told = {"previous": head} | decision.model_dump(mode="json")
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _parsed(content: bytes, path: Path) -> tuple[list[Decision], list[Problem], str]:
    """Decisions, problems, and the digest of the last line."""
    decisions: list[Decision] = []
    problems: list[Problem] = []
    known: set[str] = set()
    head = _START
    for number, line in enumerate(content.splitlines(), start=1):
        place: dict[str, Any] = {"path": path, "line": number}
        try:
            told = json.loads(line)
            if not isinstance(told, dict):
                raise TypeError("不是对象")  # noqa: TRY301 — one message for both ways of not being an object
        except (ValueError, TypeError) as fault:
            problems.append(Problem(say.NOT_JSON, place | {"why": fault}))
            continue
        if told.pop("previous", "") != head:
            problems.append(Problem(say.CHAIN_BROKEN, place))
        head = hashlib.sha256(line).hexdigest()
        try:
            decision: Decision = ANY.validate_python(told)
        except ValidationError as fault:
            problems += [
                Problem(say.DECISION_BAD, place | {"where": ".".join(map(str, e["loc"])) or "全文", "why": e["msg"]})
                for e in fault.errors()
            ]
            continue
        if decision.id in known:
            problems.append(Problem(say.DECISION_TWICE, place | {"id": decision.id}))
        if isinstance(decision, Withdrawal) and decision.decision not in known:
            problems.append(Problem(say.NOTHING_TO_WITHDRAW, place | {"id": decision.decision}))
        known.add(decision.id)
        decisions.append(decision)
    return decisions, problems, head
