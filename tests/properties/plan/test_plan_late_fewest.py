"""Late campaigns on generated small plans, beside every way there is to do them: no way with as few visits changes fewer dates under the cap."""

import itertools
import random
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest

from evenhand.pipeline.planning.book import Book
from evenhand.plan import WEEK, read_plan_rules
from evenhand.rulebook import shipped_pack

WEEKS = 5
COUNT = 250
RULES = read_plan_rules(shipped_pack())
Case = tuple[dict[str, tuple[int, int, int]], list[str], tuple[int, int]]
PLACE = dict.fromkeys(("name", "office", "county", "town_code", "road", "house_no", "grade"), "甲")


class Issued:
    """A plan of one visit for each subject."""

    def __init__(self, visits: dict[str, tuple[int, int, int]]) -> None:
        self.caps = (100,) * WEEKS
        rows = [duty(name, s, e) for name, (_, s, e) in visits.items()]
        self.tables = {
            "duties": rows,
            "visits": [
                PLACE | row | {"visit": row["subject"], "lo": row["r"], "hi": row["d"], "class": 1, "week": visits[row["subject"]][0], "duties": 1, "tour": None}
                for row in rows
            ],
            "served": [{"visit": row["subject"], "duty": row["id"]} for row in rows],
        }  # fmt: skip

    def table(self, name: str) -> pa.Table:
        return pa.Table.from_pylist(self.tables[name])


def duty(subject: str, s: int, e: int, *, late: bool = False) -> dict[str, Any]:
    kind = {"id": f"Z-{subject}", "kind": "专项", "full": False} if late else {"id": subject, "kind": "日常", "full": True}
    return kind | {
        "subject": subject, "r": WEEK * s, "d": WEEK * e + WEEK - 1, "sealed": False, "level": 0, "minutes": 60, "matters": "", "lines": "", "origin": "",
    }  # fmt: skip


def generated(seed: int) -> Case:
    """A plan of up to five visits: week, first and last week of each; the subjects of the campaign; its first and last week."""
    chance = random.Random(seed)
    visits = {}
    for number in range(chance.randint(2, 5)):
        s, e = sorted(chance.choices(range(WEEKS), k=2))
        visits[f"S{number}"] = (chance.randint(s, e), s, e)
    a, b = sorted(chance.choices(range(WEEKS), k=2))
    return visits, sorted(chance.sample(sorted(visits), chance.randint(1, 2))), (a, b)


def fewest(case: Case, cap: int) -> tuple[int, int]:
    """Visits above the cap, then dates changed, of the best of all ways that have the fewest visits."""
    visits, objects, (a, b) = case
    issued = Counter(week for week, _, _ in visits.values())
    options: list[list[tuple[int, bool]]] = []
    for name, (week, s, e) in visits.items():
        lo, hi = (max(s, a), min(e, b)) if name in objects else (s, e)
        if lo > hi:
            options.append([(other, False) for other in range(a, b + 1)])
            lo, hi = s, e
        options.append([(other, other != week) for other in range(lo, hi + 1)])
    ways = itertools.product(*options)
    return min((above([week for week, _ in way], issued, cap), sum(moved for _, moved in way)) for way in ways)


def above(weeks: list[int], issued: Counter[int], cap: int) -> int:
    return sum(max(0, count - max(cap, issued[week])) for week, count in Counter(weeks).items())


@pytest.mark.parametrize("seed", range(0, COUNT, 10))
def test_no_way_with_as_few_visits_changes_fewer_dates(seed: int) -> None:
    for number in range(seed, seed + 10):
        visits, objects, (a, b) = case = generated(number)
        book = Book(
            Issued(visits), set(objects), rules=RULES, frozen=0, now=0, told=frozenset(), seed=f"{number:064x}", worked=lambda day: day % WEEK < 5
        )  # fmt: skip

        for name in objects:
            book.take(duty(name, a, b, late=True), PLACE)
        book.place()
        book.relieve()

        cap = -(-len(book.rows) * RULES.week_cap_pct // (WEEKS * 100))
        assert (sum(book.over.values()), book.changed) == fewest(case, cap), case
        assert book.merged + book.pushed == book.changed
