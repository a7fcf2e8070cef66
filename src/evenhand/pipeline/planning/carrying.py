"""What a visit carries from the duties it serves, and tours for visits that came into a week later (检查由所完成的任务得出)."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from evenhand.plan import Class

__all__ = ["carried", "is_same", "kind_of_tour", "retoured"]

Row = dict[str, Any]
_UNIONS: Final = ("matters", "lines", "origin")
_NUMBER: Final = re.compile(r"\d+")


def carried(kind: Class, duties: Sequence[Row]) -> Row:
    """Return what a visit of a class carries: number of duties, highest organiser, longest minutes, strictest secrecy, the unions of matters, lines and origins.

    >>> one = {"full": True, "sealed": False, "level": 0, "minutes": 90, "matters": "M2", "lines": "餐饮", "origin": "随机"}
    >>> carried(Class.FULL, [one, one | {"full": False, "level": 3, "minutes": 60, "matters": "M1"}])
    {'duties': 2, 'level': 3, 'minutes': 90, 'full': True, 'sealed': False, 'matters': 'M1 M2', 'lines': '餐饮', 'origin': '随机'}
    """
    return {
        "duties": len(duties), "level": max(row["level"] for row in duties), "minutes": max(row["minutes"] for row in duties),
        "full": any(row["full"] for row in duties), "sealed": kind == Class.FLIGHT or any(row["sealed"] for row in duties),
        **{name: " ".join(sorted(set().union(*(_parts(row[name]) for row in duties)))) for name in _UNIONS},
    }  # fmt: skip


def is_same(name: str, one: Any, other: Any) -> bool:
    """Return whether two values of a column say the same; unions in any order."""
    return bool(_parts(one) == _parts(other) if name in _UNIONS else one == other)


def _parts(text: str | None) -> set[str]:
    return set((text or "").split())


def kind_of_tour(row: Row) -> str:
    """Return how the tour of a visit begins: its week and its class."""
    return f"{row['week']}-{row['class']}-"


def retoured(rows: Iterable[Row], came: Collection[str], most: int) -> dict[str, str | None]:
    """Return the tours of the visits that came into their week: tours of their own, after those that are there, by town, road and house number.

    Args:
        rows: all visits, each with `visit`, `office`, `week`, `class`, `tour` and its address.
        came: those that came; what stays keeps its tour.
        most: visits of a tour.
    """
    places: dict[tuple[str, str], list[Row]] = defaultdict(list)
    last: dict[tuple[str, str], int] = defaultdict(int)
    found: dict[str, str | None] = {}
    for row in rows:
        key = row["office"] or "", kind_of_tour(row)
        if row["visit"] not in came:
            if (row["tour"] or "").startswith(key[1]):
                last[key] = max(last[key], int(row["tour"].rpartition("-")[2]))
        elif row["week"] is None:
            found[row["visit"]] = None
        else:
            places[key].append(row)
    for key, held in places.items():
        for n, row in enumerate(sorted(held, key=_address)):
            found[row["visit"]] = f"{key[1]}{last[key] + n // most + 1:03d}"
    return found


def _address(row: Row) -> tuple[Any, ...]:
    number = _NUMBER.search(row["house_no"] or "")
    return (
        *((row[name] is None, row[name] or "") for name in ("town_code", "road")), (number is None, int(number.group()) if number else 0), row["visit"],
    )  # fmt: skip
