"""Where a person stands: role and area, checked against the release that the pages show."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evenhand.errors import EvenhandError, Problem
from evenhand.publish import Release, current_release, divisions, stations
from evenhand.web.accounts import messages as say
from evenhand.web.accounts.models import DIGITS, Role

__all__ = ["Post", "checked_post", "nearest", "role_named"]

Row = dict[str, Any]
_LEVELS: Final = {2: ("province", "省级"), 4: ("prefecture", "市级"), 6: ("county", "县级")}
_FULL: Final = 6
_LISTED: Final = 12
_NONE: Final = {"code": "无", "area": "无"}


@dataclass(frozen=True, kw_only=True)
class Post:
    """Role, prefix of the division code, office of a station, and the area's name in the corner of the pages."""

    role: Role
    division: str = ""
    office: str = ""
    area: str = ""


def checked_post(role_text: str, *, division: str, office: str, releases: Path) -> tuple[Post | None, list[Problem]]:
    """Return the post that role, division and office describe, and all that is wrong with them; no post when anything is.

    Args:
        role_text: a role, by its code or its Chinese title.
        division: code of two, four or six digits, 350100 and 3501 alike; "" when none is given.
        office: full name of the office of a station, or "".
        releases: folder of releases; the current one says which divisions and offices there are. An administrator needs none.
    """
    role = role_named(role_text)
    if role == Role.ADMINISTRATOR:
        found = [_superfluous(role, "--division", "看不到主体数据")] if division else []
        found += [_superfluous(role, "--office", "看不到主体数据")] if office else []
        return (None, found) if found else (Post(role=role), [])
    found = [] if role else [_no_role(role_text)]
    if role and role != Role.STATION and office:
        found.append(_superfluous(role, "--office", "管辖范围只看区划"))
    try:
        release = current_release(releases)
    except EvenhandError as fault:
        return None, [*found, *fault.problems]
    row, wrong = _division(role, division, release)
    found += wrong
    if role == Role.STATION and row:
        found += _office(office, row, release)
    if found or role is None or row is None:
        return None, found
    return Post(role=role, division=row["code"][: DIGITS[role]], office=office, area=row["area"]), []


def role_named(text: str) -> Role | None:
    """Return the role with this code or title."""
    return next((role for role in Role if text in {role.value, role.label}), None)


def nearest(word: str, among: Iterable[str]) -> str:
    """Return the word that looks most like `word`, or 无 when there is none at all."""
    return next(iter(difflib.get_close_matches(word, list(among), n=1, cutoff=0.0)), "无")


def _no_role(text: str) -> Problem:
    roles = "、".join(f"{role.value} {role.label}" for role in Role)
    return Problem(say.NO_ROLE, {"role": text, "nearest": nearest(text, [*Role.values, *Role.labels]), "roles": roles})


def _superfluous(role: Role, option: str, why: str) -> Problem:
    return Problem(say.SUPERFLUOUS, {"role": role.label, "option": option, "why": why})


def _division(role: Role | None, text: str, release: Release) -> tuple[Row | None, list[Problem]]:
    """The row of the division, and what is wrong with it; without a role only that it is there is looked at."""
    listed = divisions(release)
    level, title = _LEVELS[DIGITS[role] if role else _FULL]
    fitting = [row for row in listed if row["level"] == level]
    full = text.ljust(_FULL, "0") if text.isdigit() and len(text) in _LEVELS else text
    row = next((row for row in listed if row["code"] == full), None)
    if text and row is None:
        near = _nearest_division(text, fitting if role else listed)
        return None, [Problem(say.DIVISION_UNKNOWN, {"text": text, "release": release.name, "code": near["code"], "area": near["area"]})]
    if role is None or (row and row["level"] == level):
        return row, []
    near = _nearest_division(full, fitting) if row else (fitting or [_NONE])[0]
    got = f"写的是 {text}（{row['area']}）" if row else "没有写"
    return None, [
        Problem(say.DIVISION_WANTED, {"role": role.label, "level": title, "got": got, "code": near["code"], "area": near["area"]})
    ]


def _nearest_division(text: str, among: list[Row]) -> Row:
    """Of numbers the closest one of the same city, else of the same province; of words the one that looks most alike."""
    if not among:
        return _NONE
    if not (text.isascii() and text.isdigit()):
        area = nearest(text, [row["area"] for row in among])
        return next(row for row in among if row["area"] == area)
    number = int(text[:_FULL].ljust(_FULL, "0"))
    return min(among, key=lambda row: (row["code"][:2] != text[:2], row["code"][:4] != text[:4], abs(int(row["code"]) - number)))


def _office(office: str, county: Row, release: Release) -> list[Problem]:
    known = stations(release, county["code"])
    if office in known:
        return []
    if office:
        told = {"office": office, "release": release.name, "area": county["area"], "nearest": nearest(office, known)}
        return [Problem(say.OFFICE_UNKNOWN, told)]
    more = f"等 {len(known)} 个" if len(known) > _LISTED else ""
    return [Problem(say.OFFICE_WANTED, {"area": county["area"], "offices": "、".join(known[:_LISTED]) + more or "（发布版中没有）"})]
