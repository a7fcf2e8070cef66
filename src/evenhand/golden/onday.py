"""On a day: the licences and the status of one subject on any day, written straight from the text of the rules.

The slow twin of `licences` and `statuses`: it serves the page of one subject on a day that someone asks about, and tests hold the two
against each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.golden.rules import LicenceRules, StatusRules, SubjectRules
from evenhand.golden.soon import Soon

__all__ = ["Standing", "issue_on", "licence_on", "licences_on", "subject_on"]

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A status on a day and its reason; of licences also whether the end is near: yes, no, cannot tell, or None when not in force."""

    status: str
    reason: str
    soon: str | None = None


def licence_on(issue: Row, day: date, rules: LicenceRules, soon: Soon) -> Standing:  # noqa: PLR0911 — one return per sentence of the rule
    """Status of one issue of a licence on a day (证照推定状态).

    Args:
        issue: a row of `licence_period`.
        day: the day; a licence is still valid on its last day.
        rules: `golden/status.yaml`, `licence`.
        soon: which last days are near on that day.
    """
    begins, until, stated_on, ended_on = (issue[name] for name in ("begins_on", "valid_to", "stated_on", "ended_on"))
    code, said, names = issue["licence_status"], rules.reasons, rules.names
    stated = rules.stated.get(code)
    words = {
        "asof": day, "days": rules.soon_working_days, "calendar_first": soon.first, "calendar_last": soon.last, "valid_to": until, "begins_on": begins, "ended_on": ended_on,
        "stated_on": stated_on, "status": stated,
    }  # fmt: skip

    def told(status: str, reason: str, answer: str | None = None) -> Standing:
        return Standing(status=status, reason=reason.format(**words), soon=answer)

    by_then, over = stated_on is None or stated_on <= day, until is not None and until < day
    if begins and begins > day:
        return told(names["future"], said.future)
    if stated and ended_on and ended_on <= day:
        return told(stated, said.stated_since)
    if stated and not ended_on and by_then:
        return told(stated, said.stated)
    if stated and not ended_on and not over:
        return told(names["unknown"], said.stated_later)
    if not begins and not by_then and not over:
        return told(names["unknown"], said.unbegun)
    if until and begins and until <= begins and code != rules.expired_code:
        return told(names["unknown"], said.impossible)
    if over:
        return told(names["expired"], said.expired)
    return told(*_in_force(issue, rules, soon, by_then=by_then))


def _in_force(issue: Row, rules: LicenceRules, soon: Soon, *, by_then: bool) -> tuple[str, str] | tuple[str, str, str]:  # noqa: PLR0911 — one return per sentence of the rule
    """Status, reason and answer of an issue that has begun and that neither a statement nor its last day has ended."""
    until, code, said, names, answers = issue["valid_to"], issue["licence_status"], rules.reasons, rules.names, rules.soon_answers
    expired, stated_on = code == rules.expired_code, issue["stated_on"]
    if until is None:
        if expired:
            return (names["expired"], said.stated_expired) if by_then else (names["unknown"], said.expired_later)
        if issue["kind"] in rules.open_ended:
            return names["valid"], said.open_ended, answers["distant"]
        return (names["valid"], said.stated_valid, answers["unknown"]) if code == rules.valid_code else (names["unknown"], said.unknown)
    if expired and (stated_on is None or until >= stated_on):
        return names["unknown"], said.doubtful
    if until <= soon.surely:
        return names["soon"], said.soon, answers["near"]
    if until <= soon.perhaps:
        return names["valid"], said.soon_unknown, answers["unknown"]
    return names["valid"], said.valid, answers["distant"]


def issue_on(issues: Sequence[Row], day: date) -> Row:
    """Which issue of one number is in force on a day: the latest that has begun, else the first to come."""
    begun = [issue for issue in issues if issue["begins_on"] is None or issue["begins_on"] <= day]
    latest = -1 if begun else 1
    return min(
        begun or issues,
        key=lambda i: (latest * (i["begins_on"] or date.min).toordinal(), -(i["valid_to"] or date.min).toordinal(), i["record_id"]),
    )


def licences_on(periods: Iterable[Row], day: date, rules: LicenceRules, soon: Soon) -> list[tuple[Row, Standing]]:
    """Of each number of a subject the issue in force on a day, and its status."""
    numbers: dict[tuple[str, str], list[Row]] = {}
    for row in periods:
        numbers.setdefault((row["licence_no"], row["licence_kind"]), []).append(row)
    chosen = [issue_on(issues, day) for issues in numbers.values()]
    return [(issue, licence_on(issue, day, rules, soon)) for issue in chosen]


def subject_on(  # noqa: PLR0911 — one return per sentence of the rule
    registrations: Sequence[Row],
    listings: Iterable[Row],
    licences: Iterable[Standing],
    *,
    chosen: str | None,
    day: date,
    rules: StatusRules,
) -> Standing:
    """Status of a subject on a day (主体状态).

    Args:
        registrations: its rows of the extract `registration`, with observed_on and delivery.
        listings: its rows of the extract `credit`, with delivery.
        licences: the standing of each of its licences on that day.
        chosen: the registered status that the order of sources chose; None when none is stated.
        day: the day.
        rules: `golden/status.yaml`.
    """
    said, names = rules.subject.reasons, rules.subject
    registered, later, later_on = _registered(registrations, chosen, day, names)
    founded = _founded(registrations)

    def told(status: str, template: str, *, named: str | None = None, **more: object) -> Standing:
        words = {"asof": day, "founded_on": founded, "later_on": later_on, "years": names.dormant.years, "status": named or status} | more
        return Standing(status=status, reason=template.format(**words))

    if registered == names.dormant.status:
        days = [first for row in registrations if row["registration_status"] == registered and (first := _begins(row, names))]
        if days and _years_after(min(days), names.dormant.years) < day:
            return told(registered, said.dormant_over, dormant_on=min(days))
    if registered in names.registered:
        return told(str(registered), said.registered)
    lost = [str(row["abnormal_reason"]) for row in listings if _is_lost(row, day, names)]
    if lost:
        return told(names.lost, said.lost, reason=min(lost))
    if registered == names.alive:
        return told(names.alive, said.alive)
    waits = later is not None and registered is None
    if waits and founded:
        return told(names.unfounded, said.unfounded) if founded > day else told(names.alive, said.before_change, named=later)
    status, reason, alive = _by_licences([one.status for one in licences], rules)
    if waits and status == names.unknown:
        return told(names.unknown, said.unregistered, named=later)
    return told(status, reason, count=alive)


def _registered(rows: Sequence[Row], chosen: str | None, day: date, rules: SubjectRules) -> tuple[str | None, str | None, date | None]:
    """What was registered on the day; and, when the chosen status began only later, that status and its first day."""
    first: dict[str, date] = {}
    for row in rows:
        if status := row["registration_status"]:
            begins = _begins(row, rules) or date.min
            first[status] = min(first.get(status, begins), begins)
    if chosen is None or first.get(chosen, date.min) <= day:
        return chosen, None, None
    begun = sorted((status for status in first if first[status] <= day), key=lambda status: (-first[status].toordinal(), status))
    return begun[0] if begun else None, chosen, first[chosen]


def _begins(row: Row, rules: SubjectRules) -> date | None:
    """First day of a row's registered status; never after the delivery that states it."""
    column = rules.begins.get(row["registration_status"])
    first = (row[column] if column else None) or row["observed_on"]
    return min(first, row["delivery"] or first) if first else row["delivery"]


def _founded(rows: Sequence[Row]) -> date | None:
    """The founding day that the latest row states; of equals the smallest record id."""
    stated = [row for row in rows if row["founded_on"]]
    latest = min(stated, key=lambda row: (-(row["observed_on"] or date.min).toordinal(), row["record_id"]), default=None)
    return latest["founded_on"] if latest else None


def _years_after(day: date, years: int) -> date:
    """The corresponding day of a later year; of 29 February the last day of that month (民法典第二百零二条)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _is_lost(row: Row, day: date, rules: SubjectRules) -> bool:
    """Whether a row of the lists says that nobody could be found, on that day."""
    listed, removed = row["abnormal_on"], row["abnormal_removed_on"]
    if not listed or min(listed, row["delivery"] or listed) > day or (removed and removed <= day):
        return False
    return any(word in str(row["abnormal_reason"] or "") for word in rules.lost_words)


def _by_licences(statuses: Sequence[str], rules: StatusRules) -> tuple[str, str, int]:
    """Status, reason and number of living licences of a subject of which no registration is known."""
    names, said = rules.subject, rules.subject.reasons
    if alive := sum(status in names.alive_licences for status in statuses):
        return names.alive, said.licensed, alive
    begun = set(statuses) - {rules.licence.names["future"]}
    if len(begun) == 1 and begun <= set(names.ended_licences):
        return min(begun), said.ended, 0
    return names.unknown, said.unknown, 0
