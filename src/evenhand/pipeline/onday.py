"""A subject on any day: its status, licences and places, from what a release holds (任一日的主体).

Every deed that the release knows is looked at, whenever it became known: a build with that as-of day says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.decisions import PEOPLE
from evenhand.golden import Standing, licences_on, read_golden_rules, soon_on, subject_on
from evenhand.publish import Release, Scope, SubjectCard
from evenhand.rulebook import Pack, read_calendar, shipped_pack

__all__ = ["DayCard", "subject_on_day"]

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class DayCard:
    """What a release tells of one subject on a day.

    `licences`: the issue in force of each number that had begun, with status, reason and whether the end is near.
    `sites`: places in use, with `since`. `moves`: those made by then. `relations`, `branches`: as the release tells them.
    """

    subject: Row
    day: date
    standing: Standing
    licences: Sequence[Row]
    sites: Sequence[Row]
    moves: Sequence[Row]
    relations: Sequence[Row]
    branches: Sequence[Row]
    other_pack: bool
    """Whether the rules are not those of the build."""


def subject_on_day(release: Release, subject_id: str, day: date, scope: Scope, *, pack: Pack | None = None) -> DayCard | None:
    """Return one subject on a day; None when the scope does not hold it."""
    card, pack = release.subject(subject_id, scope), pack or shipped_pack()
    if card is None:
        return None
    rules = read_golden_rules(pack).status
    found = licences_on(card.periods, day, rules.licence, soon_on(day, read_calendar(pack), rules.licence))
    registrations, listings = _extract(card, "registration"), _extract(card, "credit")
    standing = _decided(card) or subject_on(
        registrations, listings, [one for _, one in found], chosen=_chosen_status(card, registrations), day=day, rules=rules
    )
    future = rules.licence.names["future"]
    moves = [move for move in card.moves if move["moved_on"] <= day]
    return DayCard(
        subject=card.subject, day=day, standing=standing,
        licences=[dict(issue) | {"status": one.status, "status_reason": one.reason, "soon": one.soon} for issue, one in found if one.status != future],
        sites=_sites(card, moves, day), moves=moves, relations=card.relations, branches=card.branches,
        other_pack=release.manifest["pack"]["digest"] != pack.digest,
    )  # fmt: skip


def _extract(card: SubjectCard, kind: str) -> list[Row]:
    """The subject's rows of one extract, standard values by field."""
    return [
        {cell["field"]: cell["value"] for cell in row["cells"]} | {name: row[name] for name in ("record_id", "delivery", "observed_on")}
        for row in card.rows
        if row["kind"] == kind
    ]


def _decided(card: SubjectCard) -> Standing | None:
    """The status that people chose, which stands over what the rules tell."""
    told = [row for row in card.history if row["field"] == "status" and row["chosen"] and row["rule"] == PEOPLE]
    return Standing(status=told[0]["value"], reason=told[0]["reason"]) if told else None


def _chosen_status(card: SubjectCard, registrations: Sequence[Row]) -> str | None:
    """The registered status that the order of sources chose; the only one when there is one."""
    several = [row["value"] for row in card.history if row["field"] == "status" and row["chosen"]]
    stated = {row["registration_status"] for row in registrations} - {None}
    return several[0] if several else min(stated, default=None)


def _sites(card: SubjectCard, moves: Sequence[Row], day: date) -> list[Row]:
    """Places where the subject had been seen or licensed by then, and which it had not moved away from."""
    begun: dict[str, list[date]] = {site["site_id"]: [site["first_seen"]] if site["first_seen"] else [] for site in card.sites}
    for period in card.periods:
        if period["begins_on"] and period["site_id"] in begun:
            begun[period["site_id"]].append(period["begins_on"])
    left = {move["from_site_id"]: move["moved_on"] for move in moves}
    arrived = {move["to_site_id"]: move["moved_on"] for move in moves}
    gone = {site for site, when in left.items() if arrived.get(site, date.min) <= when}
    since = {site: min(days) for site, days in begun.items() if days and min(days) <= day and site not in gone}
    return [dict(site) | {"since": since[site["site_id"]]} for site in card.sites if site["site_id"] in since]
