"""Grades of one subject, read from a release: its dossier, its grades on any day as known on any day, and every point with its reason."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from evenhand.errors import BadInput, Message, Problem
from evenhand.grade import FACTS, GRADES, Dossier, GradeRules, Ground, Model, Period, periods
from evenhand.publish import Release

__all__ = ["GradeCard", "dossier_of", "grade_cards", "release_day", "since_of", "stated_grades"]

Row = dict[str, Any]
_GROUND: Final = ("kind", "day", "until", "known_on", "level", "outcome", "total", "failed", "key_failed", "number", "text")

NO_GRADE_DAY: Final = Message(
    "GRD-05",
    zh="{day} 不在可以评定的日期之内（{first} 至 {last}）。请改用这一段里的日期。",
    en="{day} lies outside the days that are graded ({first} to {last}).",
)


@dataclass(frozen=True, kw_only=True)
class GradeCard:
    """Grades of a subject under one model. `now`: the period of the day asked; `periods`: all, in their order."""

    model: Model
    now: Period
    periods: tuple[Period, ...]

    @property
    def grade(self) -> str:
        """The letter that counts on the day asked."""
        return GRADES[self.now.grade]


def release_day(release: Release) -> date:
    """Return the as-of day of a release."""
    return release.asof


def since_of(release: Release) -> dict[str, date]:
    """Return from when each kind of ground is delivered, as the manifest tells."""
    return {kind: date.fromisoformat(day) for kind, day in release.manifest["grounds_since"].items()}


def dossier_of(release: Release, subject_id: str, *, known: date | None = None) -> Dossier | None:
    """Return what grading knows of a subject; None when the release has none of that id. `known`: leave out what was delivered later."""
    found = release.ask("select * from trait where subject_id = ?", [subject_id])
    if not found:
        return None
    rows = release.ask(f"select {', '.join(_GROUND)} from ground where subject_id = ?", [subject_id])  # noqa: S608 — names of our own
    grounds = [Ground(**row | {"number": row["number"] or "", "text": row["text"] or ""}) for row in rows]
    if known:
        grounds = [ground for ground in grounds if ground.known_on is None or ground.known_on <= known]
    facts = {name: _value(found[0][name], name) for name in FACTS}
    return Dossier(subject_id=subject_id, facts=facts, grounds=tuple(grounds))


def _value(cell: Any, name: str) -> Any:
    return frozenset(cell.split()) if name == "tags" and cell is not None else Decimal(cell) if isinstance(cell, int) else cell


def grade_cards(
    release: Release, subject_id: str, rules: GradeRules, *, on: date | None = None, known: date | None = None
) -> list[GradeCard]:
    """Return the grade of a subject under every model that covers it, on a day, with every point and its reason.

    Args:
        release: where its facts and grounds lie.
        subject_id: the subject.
        rules: of the pack.
        on: the day; the release's when missing.
        known: only what was delivered up to this day counts; everything when missing.

    Raises:
        BadInput: the day lies before the first that is graded, or after the release.
    """
    last = release_day(release)
    day = on or last
    if not rules.history_from <= day <= last:
        raise BadInput(Problem(NO_GRADE_DAY, {"day": day, "first": rules.history_from, "last": last}))
    dossier = dossier_of(release, subject_id, known=known)
    if dossier is None:
        return []
    cards = []
    for model in rules.models.values():
        every = periods(dossier, model, rules, begin=rules.history_from, end=last, since=since_of(release))
        now = next((p for p in every if p.begins <= day and (p.ends is None or day < p.ends)), None)
        if now:
            cards.append(GradeCard(model=model, now=now, periods=tuple(every)))
    return cards


def stated_grades(release: Release, subject_id: str, *, on: date, known: date) -> list[Row]:
    """Return what releases stated on the day `known` about the day `on`: rows of `grade`, one per model."""
    return release.ask(
        """select * from grade where subject_id = ? and begins_on <= ? and (ends_on is null or ends_on > ?)
           and known_from <= ? and (known_to is null or known_to > ?) order by model""",
        [subject_id, on, on, known, known],
    )
