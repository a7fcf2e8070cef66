"""Day tours by place: visits of one office, week and class that lie near each other (路线).

Without coordinates the towns, roads and house numbers give the order; with coordinates, `savings` joins the ends that spare most.
"""

from collections.abc import Mapping, Sequence
from math import isqrt
from typing import Any, Final

import ibis
import ibis.expr.types as ir

__all__ = ["savings", "toured"]

Point = tuple[int, int]
_NUMBER: Final = r"(\d+)"


def toured(visit: ir.Table, week: ir.Table, most: int) -> ir.Table:
    """Return visits with `week` and `tour`: at most so many of one office, week and class, in the order of town, road and house number; no tour without a week.

    Args:
        visit: with `office`, `class`, `town_code`, `road`, `house_no`.
        week: one row per visit that has one.
        most: visits of a tour.
    """
    rows = visit.left_join(week, "visit").drop("visit_right")
    number = rows.house_no.re_extract(_NUMBER, 1).try_cast("int64")
    near: Sequence[Any] = (rows.town_code, rows.road, number, rows.visit)
    place = ibis.row_number().over(ibis.window(group_by=[rows.office, rows.week, rows["class"]], order_by=near))
    name = rows.week.cast("string") + "-" + rows["class"].cast("string") + "-" + (place // most + 1).cast("string").lpad(3, "0")
    return rows.mutate(tour=rows.week.notnull().ifelse(name, None))


def _far(one: Point, other: Point) -> int:
    """Whole metres between two projected points."""
    return isqrt((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2)


def savings(base: Point, places: Mapping[str, Point], most: int) -> list[tuple[str, ...]]:
    """Return tours of at most `most` visits (Clarke–Wright): the ends of two tours are joined by falling saving, ties by ids.

    Args:
        base: where tours begin and end, whole metres.
        places: by visit.
        most: visits of a tour.

    >>> savings((0, 0), {"a": (1000, 0), "b": (1010, 0), "c": (-500, 0)}, 5)
    [('a', 'b'), ('c',)]
    """
    ids = sorted(places)
    home = {one: _far(base, places[one]) for one in ids}
    gains = sorted((-(home[a] + home[b] - _far(places[a], places[b])), a, b) for n, a in enumerate(ids) for b in ids[n + 1 :])
    tour = {one: [one] for one in ids}
    for gain, a, b in gains:
        if gain >= 0:
            break
        left, right = tour[a], tour[b]
        if left is right or len(left) + len(right) > most or a not in {left[0], left[-1]} or b not in {right[0], right[-1]}:
            continue
        joined = (left if left[-1] == a else left[::-1]) + (right if right[0] == b else right[::-1])
        for one in joined:
            tour[one] = joined
    return sorted({min(tuple(held), tuple(held[::-1])) for held in tour.values()})
