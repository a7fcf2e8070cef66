"""Laws of the draw on generated lists: order of rows, engine, parts and supersets never matter; counts are exact; chances are what they are said to be."""

import hashlib
import random
from fractions import Fraction
from math import comb

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.draw import (
    METHODS,
    batch_size,
    by_chance,
    by_deadline,
    by_risk,
    inclusion,
    largest_remainder,
    make_draft,
    ranked,
    result,
    rounded,
)
from evenhand.draw.pivotal import pivotal

IDS = st.lists(st.from_regex(r"[0-9A-Za-z-]{1,12}", fullmatch=True), min_size=1, max_size=40, unique=True)
SEED = st.binary(min_size=32, max_size=32).map(bytes.hex)
SOURCES = ["dice:20", "drand:quicknet:600"]


@given(ids=IDS, seed=SEED, shuffle=st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_rows_never_matters(ids, seed, shuffle):
    rows = [(one, "S") for one in ids]
    mixed = shuffle.sample(rows, len(rows))

    one, other = (
        make_draft(held, method="srs", serial="2027-000001", quotas={"S": len(ids) // 2}, sources=SOURCES) for held in (rows, mixed)
    )

    assert one.commit == other.commit
    assert result(one, seed) == result(other, seed)


@given(ids=IDS, seed=SEED, data=st.data())
@settings(max_examples=60)
def test_the_draw_of_a_part_is_the_draw_of_the_whole_filtered(ids, seed, data):
    part = set(data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True)))

    whole = [one for _, one in ranked(seed, "obj", ids)]

    assert [one for one in whole if one in part] == [one for _, one in ranked(seed, "obj", sorted(part))]


@given(ids=IDS, seed=SEED, more=st.integers(0, 10))
@settings(max_examples=60)
def test_a_larger_quota_keeps_who_was_drawn(ids, seed, more):
    few = len(ids) // 2
    many = min(few + more, len(ids))

    first, second = ([one.id for one in by_chance({"S": ids}, {"S": n}, seed, reserve_pct=0)] for n in (few, many))

    assert second[:few] == first


@given(weights=st.lists(st.integers(1, 9), min_size=2, max_size=12), seed=SEED, data=st.data())
@settings(max_examples=150)
def test_drawing_by_risk_takes_exactly_as_many_and_all_who_are_certain(weights, seed, data):
    held = {f"U{n}": weight for n, weight in enumerate(weights)}
    places = data.draw(st.integers(0, len(weights)))

    whole, chances = inclusion(held, places)
    taken = by_risk(held, places, seed)

    assert len(taken) == len(set(taken)) == places
    assert {one for one, chance in chances.items() if chance == whole} <= set(taken)


def test_the_chances_of_a_duel_are_exact():
    """Over every coarse random number the pivotal method meets its chances exactly: sums over a grid, no sampling."""
    chances, whole, steps = {"a": 1, "b": 2, "c": 3}, 3, 60
    counts = dict.fromkeys(chances, 0)
    grid = [((2 * k + 1) << 255) // steps for k in range(steps)]

    for first in grid:
        for second in grid:
            for one in pivotal([("a", 1, 0), ("b", 2, first), ("c", 3, second)], whole):
                counts[one] += 1

    assert {one: Fraction(count, steps * steps) for one, count in counts.items()} == {"a": Fraction(1, 3), "b": Fraction(2, 3), "c": 1}


@given(
    cells=st.lists(st.lists(st.integers(0, 400), min_size=2, max_size=4), min_size=2, max_size=5).filter(
        lambda rows: len({len(r) for r in rows}) == 1
    ),
    seed=SEED,
)
@settings(max_examples=100)
def test_rounding_on_two_margins_is_off_by_less_than_one_everywhere(cells, seed):
    held = {f"r{i}/c{j}": count for i, row in enumerate(cells) for j, count in enumerate(row)}

    found = rounded(held, 100, seed)

    sums = [(held[key], found[key]) for key in held]
    for part in ({key.split("/")[n] for key in held} for n in (0, 1)):
        for name in part:
            keys = [key for key in held if name in key.split("/")]
            sums.append((sum(held[key] for key in keys), sum(found[key] for key in keys)))
    assert all(abs(told - 100 * whole) < 100 for told, whole in sums)
    assert abs(sum(held.values()) - 100 * sum(found.values())) < 100


@given(total=st.integers(0, 200), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=8))
def test_quotas_add_up_and_never_pass_their_stratum(total, sizes):
    held = {f"s{n}": size for n, size in enumerate(sizes)}
    asked = min(total, sum(sizes))

    found = largest_remainder(asked, held)

    assert sum(found.values()) == asked
    assert all(found[name] <= size for name, size in held.items())


@given(births=st.lists(st.integers(0, 30), min_size=8, max_size=8), stock=st.integers(1, 300), seed=SEED)
@settings(max_examples=60)
def test_the_cycle_covers_everybody_by_its_last_period_with_births_and_closures(births, stock, seed):
    chance = random.Random(seed)
    waiting = {f"E{n}" for n in range(stock)}
    for period, born in enumerate(births):
        waiting |= {f"B{period}-{n}" for n in range(born)}
        waiting -= {one for one in sorted(waiting) if chance.random() < 0.03}
        size = batch_size(len(waiting), len(births) - period)
        waiting -= {one for _, one in ranked(seed, f"obj{period}", sorted(waiting))[:size]}

    assert waiting == set()


@given(left=st.dictionaries(st.integers(0, 200).map(lambda n: f"E{n:03}"), st.integers(1, 8), min_size=1, max_size=80), seed=SEED)
@settings(max_examples=100)
def test_under_the_rolling_reading_nobody_is_late(left, seed):
    waiting = dict(left)
    for _ in range(8):
        batch = by_deadline(waiting, seed, extra_pct=0) if waiting else None
        gone = set(batch.due + batch.drawn) if batch else set()
        assert all(periods > 1 or one in gone for one, periods in waiting.items())
        waiting = {one: periods - 1 for one, periods in waiting.items() if one not in gone}

    assert waiting == {}


@pytest.mark.parametrize("ids", [[f"E{n:04}" for n in range(500)], ["12E45", "a", "A", "-", "0"], ["E1"]])
def test_python_and_sql_draw_alike(ids):
    seed = hashlib.sha256(b"seed").hexdigest()
    strata = {"福州-餐饮-C": ids, "厦门": ["X1"]}
    rows = [(one, name) for name, held in strata.items() for one in held]
    with duckdb.connect() as engine:
        engine.execute("create table frame(id varchar, stratum varchar)")
        engine.executemany("insert into frame values (?, ?)", rows)
        told = engine.execute(
            "select stratum, row_number() over (partition by stratum order by sha256($1 || '|obj|' || id), id), id, sha256($1 || '|obj|' || id) from frame",
            [seed],
        ).fetchall()

    drawn = by_chance(strata, {"福州-餐饮-C": len(ids), "厦门": 1}, seed, reserve_pct=0)

    assert sorted(told) == sorted((one.stratum, one.rank, one.id, one.ticket) for one in drawn)


SIZES = [(2_999, 1_000), (5_999, 2_000), (12_000, 3_000), (20_000, 1_000), (60_000, 10), (199, 100)]


@pytest.mark.parametrize(("size", "quota"), SIZES)
def test_no_unit_of_an_awkward_size_is_drawn_too_often_or_too_seldom(size, quota):
    """Exact binomial limits for each unit, and the sum of squares over all: an honest draw fails less than once in a billion runs."""
    seeds, chance = min(120, 500_000 // size + 4), quota / size
    ids = [f"E{n:06}" for n in range(1, size + 1)]
    counts = dict.fromkeys(ids, 0)
    for number in range(seeds):
        seed = hashlib.sha256(f"fairness {number}".encode()).hexdigest()
        for one in by_chance({"S": ids}, {"S": quota}, seed, reserve_pct=0):
            counts[one.id] += 1

    most = next(k for k in range(seeds + 2) if _tail(seeds, Fraction(quota, size), k) * size < Fraction(1, 10**9))
    least = next(k for k in range(seeds + 2) if _tail(seeds, Fraction(size - quota, size), k) * size < Fraction(1, 10**9))
    squares = (size - 1) / size * sum((count - seeds * chance) ** 2 for count in counts.values()) / (seeds * chance * (1 - chance))
    assert max(counts.values()) < most
    assert seeds - min(counts.values()) < least
    assert abs(squares - (size - 1)) / (2 * (size - 1)) ** 0.5 < 6


def _tail(n: int, p: Fraction, k: int) -> Fraction:
    return sum((comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1)), Fraction(0))


def test_every_method_is_known():
    assert set(METHODS) == {"srs", "pps", "multi", "rounding", "sealed", "week", "exchange", "teams"}
