"""Merging on generated subjects: as few visits as an exact solver finds, no duty lost, windows kept; the table and the text give the same visits."""

import random
from pathlib import Path

import pyarrow as pa
import pytest
from ortools.sat.python import cp_model

from evenhand.engine import open_engine
from evenhand.plan import Class, Duty, class_of, merge, merge_duties

KINDS = ("日常", "专项", "体系", "飞行", "复查")
COUNT = 2_000


def generated(seed: int, count: int) -> dict[str, list[Duty]]:
    """Subjects with one to seven duties, windows of all lengths."""
    chance = random.Random(seed)
    found: dict[str, list[Duty]] = {}
    for number in range(count):
        subject = f"S{number:05}"
        made = []
        for place in range(chance.randint(1, 7)):
            r = chance.randint(0, 60)
            made.append(
                Duty(
                    id=f"{subject}-{place}", subject=subject, kind=chance.choices(KINDS, (4, 4, 1, 2, 2))[0], r=r, d=r + chance.choice((0, 3, 10, 40)),
                    full=chance.random() < 0.4, sealed=chance.random() < 0.1, level=chance.randint(0, 3), minutes=chance.choice((60, 120)),
                )
            )  # fmt: skip
        found[subject] = made
    return found


def fewest(duties: list[Duty], policy: str) -> int:
    """The optimum by CP-SAT: a visit of either class may stand on any day; each duty needs a fitting one inside its window."""
    model = cp_model.CpModel()
    days = sorted({one.d for one in duties})
    opened = {(day, kind): model.new_bool_var(f"{day}-{kind}") for day in days for kind in (Class.FULL, Class.FLIGHT)}
    for one in duties:
        asked = class_of(one.kind, policy)
        model.add_at_least_one(opened[day, kind] for day, kind in opened if one.r <= day <= one.d and asked in {Class.EITHER, kind})
    model.minimize(sum(opened.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


@pytest.mark.parametrize("policy", ["strict", "permissive"])
def test_no_solver_finds_fewer_visits(policy):
    for duties in generated(1, COUNT).values():
        assert len(merge(duties, policy)) == fewest(duties, policy), duties


@pytest.mark.parametrize("policy", ["strict", "permissive"])
def test_every_duty_is_served_once_inside_its_window_by_a_fitting_visit(policy):
    for duties in generated(2, COUNT).values():
        visits = merge(duties, policy)
        held = {one.id: one for one in duties}

        assert sorted(child for one in visits for child in one.children) == sorted(held)
        for visit in visits:
            mine = [held[child] for child in visit.children]
            assert max(one.r for one in mine) == visit.lo <= visit.hi == min(one.d for one in mine)
            assert {class_of(one.kind, policy) for one in mine} - {Class.EITHER} <= {visit.kind}
            assert visit.kind == max(class_of(one.kind, policy) for one in mine)
            assert visit.sealed == any(one.sealed or one.kind == "飞行" for one in mine)


def test_merging_twice_and_in_another_order_changes_nothing():
    for duties in generated(3, 300).values():
        assert merge(duties[::-1], "strict") == merge(duties, "strict")


def test_one_duty_more_never_means_fewer_visits():
    for duties in generated(4, 500).values():
        assert len(merge(duties[:-1], "strict")) <= len(merge(duties, "strict")) if len(duties) > 1 else True


@pytest.mark.parametrize("policy", ["strict", "permissive"])
def test_the_table_and_the_text_give_the_same_visits(tmp_path: Path, policy: str):
    subjects = generated(5, COUNT)
    rows = [
        {name: getattr(one, name) for name in ("id", "subject", "kind", "r", "d", "full", "sealed", "level", "minutes")}
        for held in subjects.values()
        for one in held
    ]

    with open_engine("duckdb", scratch=tmp_path, memory_gib=1.0) as engine:
        found = merge_duties(engine.table(pa.Table.from_pylist(rows)), policy, engine=engine)
        visits = engine.arrow(found.visit).to_pylist()
        served = engine.arrow(found.served).to_pylist()

    told = [one for held in subjects.values() for one in merge(held, policy)]
    assert sorted(
        (v["visit"], v["lo"], v["hi"], v["class"], v["full"], v["sealed"], v["level"], v["minutes"], v["duties"]) for v in visits
    ) == sorted((one.id, one.lo, one.hi, int(one.kind), one.full, one.sealed, one.level, one.minutes, len(one.children)) for one in told)
    assert sorted((row["visit"], row["duty"]) for row in served) == sorted((one.id, child) for one in told for child in one.children)
