"""Measure the draw and the plan on the reference generators, each beside its floor: a bare loop of the hash over the same number of ticket strings.

python bench/draw_and_plan.py [subjects]
"""

import hashlib
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow as pa

from evenhand.draw import by_chance, by_risk, rounded
from evenhand.draw.teams import (
    EXCHANGE_ROLE,
    Exchange,
    Network,
    Person,
    draw_exchange,
    draw_teams,
    exchange_faults,
    faults_of,
    missing_places,
)
from evenhand.engine import open_engine
from evenhand.pipeline.planning.book import Book
from evenhand.pipeline.planning.making import weeks_by_lot
from evenhand.plan import DUTY_COLUMNS, WEEK, level, merge_duties, read_plan_rules, weeks_of
from evenhand.rulebook import shipped_pack

KINDS = (0.30, 0.20, 0.12, 0.10, 0.08, 0.06, 0.04, 0.04, 0.02, 0.02, 0.01, 0.01)
"""Shares of the twelve kinds of visits."""
SEED = hashlib.sha256(b"bench").hexdigest()


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the seconds a piece of work took, and what it gave."""
    begin = time.perf_counter()
    done = work()
    return time.perf_counter() - begin, done


def floor(count: int) -> float:
    """Return the seconds of a bare loop of the hash over so many ticket strings."""
    texts = [f"{SEED}|obj|E{n:06}".encode() for n in range(count)]
    return timed(lambda: [hashlib.sha256(text).hexdigest() for text in texts])[0]


def draws(count: int) -> None:
    """Measure the ways of drawing."""
    base = floor(count)
    ids = [f"E{n:06}" for n in range(count)]
    print(f"floor, {count:,} hashes: {base:.2f} s")
    python, found = timed(lambda: by_chance({"S": ids}, {"S": count // 10}, SEED, reserve_pct=10))
    print(f"equal chance, Python: {python / base:.2f} x floor")
    with duckdb.connect() as engine:
        engine.execute("create table frame as select 'E' || lpad(range::varchar, 6, '0') as id, 'S' as stratum from range(?)", [count])
        bound = f"{round(2**32 * 0.101):08x}"  # a tenth is drawn: whoever is drawn lies below it when so many do, and then the rest need not be sorted
        sql = """create or replace table drawn as
            with near as (select * from (select *, sha256(? || '|obj|' || id) as t from frame) where t < ?)
            select *, row_number() over (partition by stratum order by t, id) as rank from near qualify rank <= ?"""
        told, _ = timed(lambda: engine.execute(sql, [SEED, bound, count // 10]))
        same = engine.execute("select id from drawn order by rank").fetchall() == [(one.id,) for one in found if one.state == "D"]  # type: ignore[attr-defined]
    print(f"equal chance, SQL: {told / base:.2f} x floor (target 1); the same as Python: {same}")
    weights = {one: 1 + n % 7 for n, one in enumerate(ids)}
    risk, _ = timed(lambda: by_risk(weights, count // 10, SEED))
    print(f"by risk (pivotal): {risk / base:.2f} x floor (target 8)")
    cells = {f"r{i}/c{j}": (i * 37 + j * 53) % 997 for i in range(300) for j in range(12)}
    seconds, _ = timed(lambda: rounded(cells, 100, SEED))
    print(f"two margins, 300 x 12 cells: {seconds:.1f} s")


def teams(offices: int) -> None:
    """Measure team draws of many offices, and the check of their certificates."""
    chance = np.random.default_rng(1)
    networks, edges_total, visits_total = [], 0, 0
    for office in range(offices):
        people = {
            f"I{k}": Person(carried=int(chance.integers(0, 20)), quarters=int(chance.choice((2, 4, 4, 4, 4, 4))))
            for k in range(int(np.clip(chance.poisson(10), 5, 24)))
        }
        leads = {one for one in people if chance.random() < 0.5}
        experts = [{one for one in people if chance.random() < 0.4} for _ in KINDS]
        edges = []
        for n in range(10 * len(people)):
            skilled = experts[chance.choice(len(KINDS), p=KINDS)]
            free = [one for one in people if chance.random() >= 0.03]
            edges += [(f"V{n}", "L", one) for one in free if one in leads] + [(f"V{n}", "E", one) for one in free if one in skilled]
            visits_total += 1
        network = Network(edges=tuple(edges), people=people, seed=hashlib.sha256(f"{office}".encode()).hexdigest())
        places = {(f"V{n}", role) for n in range(10 * len(people)) for role in "LE"}
        if places == {edge[:2] for edge in edges} and not missing_places(network):
            networks.append(network)
            edges_total += len(edges)
    base = floor(edges_total)
    seconds, found = timed(lambda: [draw_teams(network) for network in networks])
    check, wrong = timed(lambda: [list(faults_of(network, one.roster, one.prices)) for network, one in zip(networks, found, strict=True)])  # type: ignore[arg-type]
    print(
        f"teams: {len(networks)} of {offices} offices feasible, {visits_total:,} visits, {edges_total:,} edges: {seconds:.1f} s = {seconds / base:.1f} x hashing the edges (target 15)"
    )
    print(f"certificate check: {check:.1f} s = {check / seconds:.2f} x the draw (target 1.2); faults {sum(map(len, wrong))}")  # type: ignore[arg-type]


def exchange(counties: int) -> None:
    """Measure the exchange of inspectors between counties: ten inspectors and some 95 visits each, and the check of its prices."""
    chance = np.random.default_rng(11)
    people = {f"I{c:03}{n:02}": f"C{c:03}" for c in range(counties) for n in range(max(5, round(chance.normal(10, 3))))}
    seat = {f"V{c:03}{n:03}": f"C{c:03}" for c in range(counties) for n in range(max(60, round(chance.normal(95, 12))))}
    offices = sorted(set(people.values()))
    near = {one: [offices[(n + k) % len(offices)] for k in range(1, 7)] for n, one in enumerate(offices)}  # who comes from six neighbours
    of: dict[str, list[str]] = {}
    for person, office in people.items():
        of.setdefault(office, []).append(person)
    drawn = [one for n, one in enumerate(sorted(seat)) if n % 10 == 0]
    edges = tuple(
        (visit, EXCHANGE_ROLE, person) for visit in drawn for office in near[seat[visit]] for person in of[office] if chance.random() < 0.8
    )
    network = Network(edges=edges, people={one: Person(carried=0, quarters=4) for one in people}, seed=SEED)
    asked = Exchange(network=network, home=people, seat={one: seat[one] for one in drawn}, most=6)
    seconds, found = timed(lambda: draw_exchange(asked))
    lent, borrowed, places = (Counter[str]() for _ in range(3))
    for visit, _, person in found.roster:  # type: ignore[attr-defined]
        lent[people[person]] += 1
        borrowed[seat[visit]] += 1
        places[person] += 1
    gap = sum(abs(lent[one] - borrowed[one]) for one in offices)
    checked, faults = timed(lambda: list(exchange_faults(asked, found.roster, found.prices)))  # type: ignore[attr-defined]
    print(
        f"exchange: {counties} counties, {len(seat):,} visits, {len(drawn)} of them exchanged, {len(edges):,} edges: {seconds:.1f} s, lent - borrowed {gap} (target 0), at most {max(places.values())} places per person (target 6); check {checked:.1f} s, faults {len(faults)}"  # type: ignore[call-overload]
    )


def year(subjects: int) -> pa.Table:
    """The reference year: grades, twelve kinds, campaigns, system duties, flights, rechecks."""
    chance = np.random.default_rng(7)
    kinds = chance.choice(12, subjects, p=np.array([30, 20, 12, 10, 8, 6, 4, 4, 2, 2, 1, 1]) / 100)
    grade = chance.choice(4, subjects, p=[0.55, 0.3, 0.1, 0.05])
    who, kind, r, d = [], [], [], []

    def add(subject: np.ndarray, name: str, first: np.ndarray, last: np.ndarray) -> None:
        who.append(subject), kind.append(np.full(len(subject), name, dtype=object)), r.append(first), d.append(last)

    everybody = np.arange(subjects)
    for parts, chosen in ((1, (grade == 1) | ((grade == 0) & (chance.random(subjects) < 0.5))), (2, grade == 2), (4, grade == 3)):
        some = everybody[chosen]
        for part in range(parts):
            add(some, "日常", np.full(len(some), 364 * part // parts), np.full(len(some), 364 * (part + 1) // parts - 1))
    for _ in range(14):
        pool = everybody[np.isin(kinds, chance.choice(12, 4, replace=False))]
        some = chance.choice(pool, min(len(pool), int(subjects * chance.uniform(0.025, 0.052))), replace=False)
        begin, length = chance.integers(0, 274), chance.integers(30, 91)
        add(some, "专项", np.full(len(some), begin), np.full(len(some), min(begin + length - 1, 363)))
    some = chance.choice(everybody[grade >= 2], subjects * 8 // 1000, replace=False)
    half = chance.integers(0, 2, len(some)) * 182
    add(some, "体系", half, half + 181)
    for name, share, shortest, longest in (("飞行", 30, 14, 31), ("复查", 60, 15, 15)):
        some = chance.choice(everybody, subjects * share // 1000, replace=False)
        begin = chance.integers(0, 332, len(some))
        add(some, name, begin, begin + chance.integers(shortest, longest + 1, len(some)) - 1)
    subject, names, first, last = (np.concatenate(part) for part in (who, kind, r, d))
    n = len(subject)
    office = np.random.default_rng(9).dirichlet(np.full(1000, 4.0))
    offices = np.random.default_rng(10).choice(1000, subjects, p=office)
    return pa.table({
        "id": [f"D{k:07}" for k in range(n)], "subject": [f"S{one:06}" for one in subject], "kind": pa.array(names, pa.string()), "r": first, "d": last,
        "full": np.isin(names, ["日常", "体系"]), "sealed": names == "飞行", "level": np.zeros(n, dtype=np.int64), "minutes": np.full(n, 60), "office": offices[subject],
    })  # fmt: skip


@dataclass
class Issued:
    """A plan as the book of a late campaign reads it."""

    caps: list[int]
    tables: dict[str, pa.Table]

    def table(self, name: str) -> pa.Table:
        """Return one of its tables."""
        return self.tables[name]


def late(subjects: int, days: int = 60) -> None:
    """Measure a campaign of a twentieth of the subjects that arrives in week 20 of the reference year."""
    caps, now, frozen = [100] * 52, 20, 23
    caps[4] = caps[5] = 40
    caps[38] = caps[39] = 60
    duties = year(subjects)
    empty = pa.array([""] * duties.num_rows)
    for name in ("matters", "lines", "origin"):
        duties = duties.append_column(name, empty)
    with TemporaryDirectory() as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=3.0) as engine:
        table = engine.save(engine.table(duties))
        merged = merge_duties(table, "permissive", engine=engine)
        visits = engine.arrow(merged.visit)
        served = engine.arrow(merged.served)
    share = np.random.default_rng(9).dirichlet(np.full(1000, 4.0))
    offices = np.random.default_rng(10).choice(1000, subjects, p=share)
    place = {f"S{n:06}": {"name": "", "office": str(office)} for n, office in enumerate(offices)}
    visits = visits.append_column("office", pa.array([place[one]["office"] for one in visits["subject"].to_pylist()]))
    for name in ("name", "matters", "lines", "origin"):
        visits = visits.append_column(name, pa.array([""] * visits.num_rows))
    weeks = weeks_by_lot(visits, caps).week
    visits = visits.append_column("week", pa.array([weeks.get(one) for one in visits["visit"].to_pylist()], pa.int64()))
    begin = WEEK * frozen
    chosen = np.random.default_rng(12).choice(subjects, subjects // 20, replace=False)
    fresh: list[dict[str, object]] = [
        {"id": f"Z-S{one:06}", "subject": f"S{one:06}", "kind": "专项", "r": begin, "d": begin + days - 1, "full": False, "sealed": False, "level": 3, "minutes": 60, "matters": "", "lines": "", "origin": ""}
        for one in chosen
    ]  # fmt: skip
    rules = read_plan_rules(shipped_pack()).model_copy(update={"policy": "permissive"})
    book = Book(Issued(caps, {"visits": visits, "duties": duties, "served": served}), {str(row["subject"]) for row in fresh}, rules=rules, frozen=frozen, now=now, told=frozenset(), seed=SEED, worked=lambda day: day % WEEK < 5)  # fmt: skip

    def entered() -> Counter[str]:
        steps = Counter(book.take(row, place[str(row["subject"])]) for row in fresh)
        book.place()
        return steps

    pending = {row["visit"] for row in visits.to_pylist() if row["week"] is not None and row["week"] >= frozen}
    seconds, steps = timed(entered)
    before = book.changed
    relieved, _ = timed(book.relieve)
    changed = book.changed
    loads = np.bincount([row["week"] for row in book.rows.values() if row["week"] is not None and row["week"] >= frozen], minlength=52)[
        frozen:
    ]
    peak = max(loads / np.array(caps[frozen:])) * sum(caps[frozen:]) / sum(loads)
    held = {row["id"]: row for row in duties.to_pylist()}
    again = [held[row["duty"]] | {"r": max(held[row["duty"]]["r"], begin)} for row in served.to_pylist() if row["visit"] in pending]
    with TemporaryDirectory() as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=3.0) as engine:
        whole = pa.Table.from_pylist([{name: row[name] for name in DUTY_COLUMNS} for row in (*again, *fresh)])
        anew = engine.count(merge_duties(engine.save(engine.table(whole)), "permissive", engine=engine).visit)
    now_there = sum(row["week"] is None or row["week"] >= frozen for row in book.rows.values())
    print(
        f"late campaign: {len(fresh):,} objects, {book.waiting:,} visits pending, {dict(steps)}; dates changed {100 * before / book.waiting:.2f} % without cap, {100 * changed / book.waiting:.2f} % at cap {rules.week_cap_pct} % (target 4), at least {book.merged:,} + {book.pushed:,} must; peak/mean {peak:.3f}, {sum(book.over.values())} visits above the cap; {now_there:,} visits lie in the weeks that may change, a full re-plan of these duties has {anew:,}; {seconds:.1f} + {relieved:.1f} s"  # type: ignore[attr-defined, call-overload]
    )


def widening(subjects: int) -> None:
    """Count the visits that widening our own ends by thirty days would spare (docs/decisions/0013)."""
    duties = {row["id"]: row for row in year(subjects).to_pylist()}
    with TemporaryDirectory() as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=3.0) as engine:
        merged = merge_duties(engine.save(engine.table(year(subjects))), "strict", engine=engine)
        visits, served = engine.arrow(merged.visit).to_pylist(), engine.arrow(merged.served).to_pylist()
    children: dict[str, list[dict[str, object]]] = {}
    for row in served:
        children.setdefault(row["visit"], []).append(duties[row["duty"]])
    order = sorted(visits, key=lambda row: (row["subject"], row["hi"], row["lo"]))
    pairs = [(one, other) for one, other in itertools.pairwise(order) if one["subject"] == other["subject"]]
    spared: set[str] = set()
    for one, other in pairs:
        held = [*children[one["visit"]], *children[other["visit"]]]
        ours = [duty["kind"] == "日常" for duty in held]
        both = {one["visit"], other["visit"]}
        if {one["class"], other["class"]} == {1, 2} or both & spared or sum(ours) > 1:
            continue
        begins = max(duty["r"] - 30 * own for duty, own in zip(held, ours, strict=True))  # type: ignore[operator]
        ends = min(duty["d"] + 30 * own for duty, own in zip(held, ours, strict=True))  # type: ignore[operator]
        spared |= both if begins <= ends else set()
    print(
        f"widening: {len(visits):,} visits, {len(pairs):,} neighbours, {len(spared) // 2:,} visits spared = {100 * len(spared) / 2 / len(visits):.2f} %"
    )


def plans(subjects: int) -> None:
    """Measure merging and levelling of the reference year."""
    duties = year(subjects)
    caps = [100] * 52
    caps[4] = caps[5] = 40
    caps[38] = caps[39] = 60
    for policy in ("permissive", "strict"):
        with TemporaryDirectory() as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=3.0) as engine:
            table = engine.save(engine.table(duties))

            def merged(policy: str = policy, engine: object = engine, table: object = table) -> tuple[int, object]:
                found = merge_duties(table, policy, engine=engine)  # type: ignore[arg-type]
                kept = engine.save(found.visit)  # type: ignore[attr-defined]
                return engine.count(kept), kept  # type: ignore[attr-defined]

            seconds, (count, kept) = timed(merged)  # type: ignore[misc]
            print(
                f"merging, {policy}: {duties.num_rows:,} duties of {subjects:,} subjects -> {count:,} visits, {100 * (1 - count / duties.num_rows):.1f} % fewer, {seconds:.1f} s = {seconds / floor(count):.1f} x hashing the tickets of the visits"
            )
            rows = engine.arrow(kept.select("subject", "lo", "hi").join(table.select("subject", "office").distinct(), "subject"))
        by_office: dict[int, dict[tuple[int, int], int]] = {}
        for office, lo, hi in zip(*(rows[name].to_pylist() for name in ("office", "lo", "hi")), strict=True):
            window = weeks_of(lo, hi)
            held = by_office.setdefault(office, {})
            held[window] = held.get(window, 0) + 1
        seconds, found = timed(lambda by_office=by_office: [level(classes, caps) for classes in by_office.values()])
        loads = np.sum([one.loads for one in found], axis=0) / np.array(caps)  # type: ignore[attr-defined]
        print(
            f"levelling, {policy}: {len(by_office)} offices, {seconds:.1f} s, peak/mean {loads.max() / (np.sum([one.loads for one in found]) / sum(caps)):.3f} (target 1.10)"
        )  # type: ignore[attr-defined]


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    random.seed(1)
    draws(size)
    teams(size // 1000)
    exchange(100)
    plans(size)
    late(size)
    late(size, 30)
    widening(size // 5)
