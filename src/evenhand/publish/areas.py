"""Areas that an account may answer for: the divisions of a release's provinces, the offices of a county."""

from evenhand.publish import queries
from evenhand.publish.doubts import offices
from evenhand.publish.reader import Release
from evenhand.publish.scope import Scope
from evenhand.publish.shapes import Row

__all__ = ["divisions", "stations"]


def divisions(release: Release) -> list[Row]:
    """Return one row per division of the authority down to the counties: code, level, area (福州市鼓楼区), in the order of codes."""
    return release.ask(queries.DIVISIONS)


def stations(release: Release, county: str) -> list[str]:
    """Return the names of the offices of a county: those of the list of agencies, else those that its subjects name."""
    scope = Scope(county)
    return offices(release, scope) or list(release.choices(scope)["offices"])
