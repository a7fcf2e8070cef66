"""Visits a year by office (每年检查): a business with several models is visited as often as the strictest of them asks, as the simulator counts."""

from datetime import date
from decimal import Decimal
from typing import Final

from evenhand.publish import Release, Scope

__all__ = ["visits_by_office"]

_VISITS: Final = """select office, sum(visits)::int as visits from (
    select s.office, max(g.visits_two_years) as visits from grade g join subject s using (subject_id)
    where g.known_to is null and g.begins_on <= ? and (g.ends_on is null or g.ends_on > ?) and {where} group by g.subject_id, s.office) group by office"""


def visits_by_office(release: Release, scope: Scope, *, on: date) -> dict[str | None, Decimal]:
    """Return the visits a year of every office that answers for a graded subject inside the scope; None stands for subjects without an office."""
    where, values = scope.where("s")
    rows = release.ask(_VISITS.format(where=where), [on, on, *values])
    return {row["office"]: Decimal(row["visits"] or 0) / 2 for row in rows}
