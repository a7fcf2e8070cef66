"""Grades before a rule is signed and after it ran: simulation, comparison of releases, backtest and counter-examples."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow.csv as pa_csv
from pydantic import ValidationError

from evenhand.engine import Engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.grade import Backtest, GradeRules, Scheme, faults, grade_subjects, measure
from evenhand.pipeline.grades import release_day, since_of
from evenhand.publish import Release
from evenhand.rulebook import worded

__all__ = ["Regrade", "Simulation", "backtest", "backtest_table", "changed_rules", "compare_releases", "counter_examples", "simulate"]

Row = dict[str, Any]
_HORIZON_MONTHS: Final = 12

BAD_CHANGE: Final = Message(
    "GRD-09",
    zh="“{text}”：{why}。写成 方案.字段=值，如 FJ-DEFAULT.bands.A=25、FJ-DEFAULT.points.D-1=20、FJ-DEFAULT.frequency.A.years=1。",
    en="{text}: {why}. Write scheme.field=value.",
)
BAD_TABLE: Final = Message(
    "GRD-10",
    zh="{path}：缺少列 {columns}。回溯检验的表须有 subject、day、score、outcome 各列，outcome 为 0 或 1；可另有 grade、office、inspector。",
    en="{path}: columns {columns} are missing.",
)
NO_OUTCOME: Final = Message(
    "GRD-11", zh="{day} 之后十二个月内没有一个已评定的主体受过检查，无从检验。请改用较早的日期。", en="nobody was inspected after {day}."
)


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """What a change would do. `moves`: (model, before, after) → subjects; `offices`: visits a year before and after, and staff hours; `most`: whom it moves most."""

    moves: dict[tuple[str, str, str], int]
    offices: tuple[Row, ...]
    most: tuple[Row, ...]
    visits: tuple[Decimal, Decimal]


@dataclass(frozen=True, kw_only=True)
class Regrade:
    """What a later release found to be otherwise: `periods` stated before and no longer, `subjects` with another grade or frequency today.

    `tasks`: what a trigger orders (a flight check, a recheck) that was ordered for nothing (`needless`) or was missed; one row per subject, model and trigger.
    """

    periods: tuple[Row, ...]
    subjects: tuple[Row, ...]
    tasks: tuple[Row, ...]


def changed_rules(rules: GradeRules, changes: Sequence[str], *, scheme: str = "") -> GradeRules:
    """Return the rules with single values of schemes changed, and, if named, one scheme in force for all models it grades.

    Raises:
        BadInput: a change names no scheme or field, or gives a value that the scheme refuses; all are told.
    """
    written: dict[str, tuple[Any, list[str]]] = {}
    schemes, problems = dict(rules.schemes), []
    for text in changes:
        path, _, value = text.partition("=")
        name, *keys = path.split(".")
        if name not in schemes or not keys or not value:
            problems.append(Problem(BAD_CHANGE, {"text": text, "why": f"没有这样的方案或者字段；方案有 {'、'.join(schemes)}"}))
            continue
        document, said = written.setdefault(name, (schemes[name].model_dump(mode="json", by_alias=True), []))
        try:
            _put(document, keys, value)
            said.append(text)
        except (KeyError, TypeError) as fault:
            problems.append(Problem(BAD_CHANGE, {"text": text, "why": f"方案 {name} 没有字段 {fault}"}))
    # Judged together: one border may pass the old place of the next only because that moves, too.
    for name, (document, said) in written.items():
        try:
            schemes[name] = Scheme.model_validate(document)
        except ValidationError as fault:
            problems += [Problem(BAD_CHANGE, {"text": "、".join(said), "why": worded(one, Scheme)}) for one in fault.errors()]
    if problems:
        raise BadInput(problems)
    changed = replace(rules, schemes=schemes)
    if wrong := [why for file, _, why in faults(changed) if file.startswith("grading/schemes/")]:
        raise BadInput(Problem(BAD_CHANGE, {"text": "、".join(changes), "why": why}) for why in wrong)
    return changed.under(scheme) if scheme else changed


def _put(document: Any, keys: Sequence[str], value: str) -> Any:
    place = document
    for key in keys[:-1]:
        place = place[key]
    if keys[-1] not in place:
        raise KeyError(".".join(keys))
    place[keys[-1]] = value
    return document


@contextmanager
def _engine() -> Iterator[Engine]:
    with TemporaryDirectory(prefix="evenhand-") as folder, Engine(scratch=Path(folder), memory_gib=3.0) as engine:
        yield engine


def _now(grade: ir.Table, day: date) -> ir.Table:
    at = ibis.literal(day)
    return grade.filter((grade.begins_on <= at) & (grade.ends_on.isnull() | (grade.ends_on > at)))


def simulate(release: Release, rules: GradeRules, *, minutes: int, most: int = 20) -> Simulation:
    """Grade the release's subjects by changed rules and set the result beside what stands (政策模拟).

    Args:
        release: whose facts and grounds are graded anew.
        rules: what `changed_rules` gave.
        minutes: one visit takes so long for one inspector; two go.
        most: how many of the most affected are named.
    """
    with _engine() as engine:
        day = release_day(release)
        held = {name: engine.read(release.folder / f"{name}.parquet") for name in ("trait", "ground", "grade", "subject")}
        models = tuple(name for name in rules.models if rules.chosen(name, on=day))
        made = grade_subjects(
            held["trait"],
            held["ground"],
            rules=rules,
            models=models,
            begin=rules.history_from,
            end=day,
            since=since_of(release),
            engine=engine,
        )
        before = _now(held["grade"].filter(held["grade"].known_to.isnull()), day)
        after = _now(made, day)
        columns = ("subject_id", "model", "grade", "score", "visits_two_years")
        old = before.select(*columns).rename({f"old_{name}": name for name in columns[2:]})
        both = engine.save(after.select(*columns).join(old, ["subject_id", "model"]))
        named = both.join(held["subject"].select("subject_id", "name", "office"), "subject_id")
        return _told(engine, both, named, minutes=minutes, most=most)


def _told(engine: Engine, both: ir.Table, named: ir.Table, *, minutes: int, most: int) -> Simulation:
    moves = engine.arrow(
        both.group_by("model", "old_grade", "grade").agg(n=both.count()).order_by(["model", "old_grade", "grade"])
    ).to_pylist()
    # Businesses with several models are visited as often as the strictest of them asks.
    each = named.group_by("subject_id", "office").agg(before=named.old_visits_two_years.max(), after=named.visits_two_years.max())
    sums = each.group_by("office").agg(before=each.before.sum(), after=each.after.sum(), subjects=each.count())
    offices = engine.arrow(sums.order_by([ibis.desc((sums.after - sums.before).abs()), "office"])).to_pylist()
    for row in offices:
        row["before"], row["after"] = ((Decimal(int(row[name] or 0)) / 2) for name in ("before", "after"))
        row["hours"] = (row["after"] - row["before"]) * 2 * minutes / 60
    moved = named.filter(named.grade != named.old_grade)
    order = [ibis.desc((moved.score - moved.old_score).abs()), "subject_id", "model"]
    affected = engine.arrow(moved.order_by(order).limit(most)).to_pylist()
    visits = tuple(sum((row[name] for row in offices), Decimal(0)) for name in ("before", "after"))
    return Simulation(
        moves={(row["model"], row["old_grade"], row["grade"]): row["n"] for row in moves}, offices=tuple(offices), most=tuple(affected), visits=(visits[0], visits[1]),
    )  # fmt: skip


def compare_releases(old: Release, new: Release, *, rules: GradeRules, most: int = 50) -> Regrade:
    """Return what the later release found to be otherwise, after corrections or new deliveries (更正后重评).

    Args:
        old: the release before.
        new: the release after; both are compared up to the earlier of their days.
        rules: say what each trigger orders.
        most: rows of each list.
    """
    with _engine() as engine:
        day = min(release_day(old), release_day(new))
        one, other = (engine.read(r.folder / "grade.parquet") for r in (old, new))
        one, other = one.filter(one.known_to.isnull() & (one.begins_on <= ibis.literal(day))), other.filter(other.known_to.isnull())
        told = ("subject_id", "model", "scheme", "begins_on", "grade", "score", "triggers")
        gone = one.anti_join(other, list(told)).select(*told, "ends_on", "visits_two_years")
        columns = ("subject_id", "model", "grade", "score", "visits_two_years", "triggers")
        left = _now(one, day).select(*columns)
        right = _now(other, day).select(*columns).rename({f"new_{name}": name for name in columns[2:]})
        both = left.join(right, ["subject_id", "model"])
        differ = both.filter((both.grade != both.new_grade) | (both.visits_two_years != both.new_visits_two_years))
        return Regrade(
            periods=tuple(engine.arrow(gone.order_by(["subject_id", "model", "begins_on"]).limit(most)).to_pylist()),
            subjects=tuple(engine.arrow(differ.order_by(["subject_id", "model"]).limit(most)).to_pylist()),
            tasks=tuple(_tasks(engine, one, other.filter(other.begins_on <= ibis.literal(day)), rules, most=most)),
        )


def _tasks(engine: Engine, old: ir.Table, new: ir.Table, rules: GradeRules, *, most: int) -> Iterator[Row]:
    """Give the orders of triggers that only one of two tables of periods holds, with the first day of each."""
    orders = {trigger.id: trigger for scheme in rules.schemes.values() for trigger in scheme.triggers if trigger.task}

    def fired(periods: ir.Table) -> ir.Table:
        each = periods.filter(periods.triggers.length() > 0).select(
            "subject_id", "model", "begins_on", trigger=periods.triggers.split(" ").unnest()
        )
        asked = each.filter(each.trigger.isin(list(orders)))
        return asked.group_by("subject_id", "model", "trigger").agg(since=asked.begins_on.min())

    before, after = engine.save(fired(old)), engine.save(fired(new))
    key = ["subject_id", "model", "trigger"]
    for needless, rows in ((True, before.anti_join(after, key)), (False, after.anti_join(before, key))):
        for row in engine.arrow(rows.order_by(["since", *key]).limit(most)).to_pylist():
            yield row | {"needless": needless, "term": orders[row["trigger"]].term, "task": orders[row["trigger"]].task}


def _outcomes(engine: Engine, release: Release, day: date) -> ir.Table:
    """One row per business that was fully inspected in the twelve months after the day: the first such inspection, and who led it."""
    ground, inspection = (engine.read(release.folder / f"{name}.parquet") for name in ("ground", "inspection"))
    at, until = ibis.literal(day), ibis.literal(day) + ibis.interval(months=_HORIZON_MONTHS)
    rows = ground.filter((ground.kind == "inspection") & (ground.day > at) & (ground.day <= until) & ground.outcome.notnull())
    first = rows.group_by("subject_id").agg(record_id=rows.record_id.argmin(rows.day.cast("string") + rows.record_id))
    found = first.join(rows.select("record_id", "outcome", "failed", "key_failed", found_on="day"), "record_id")
    led = inspection.select("record_id", lead=inspection.inspectors.split("、")[0])
    bad = (found.outcome == "不符合") | (found.key_failed.fill_null(0) > 0)
    return found.mutate(bad=bad).left_join(led, "record_id").drop("record_id_right")


def backtest(release: Release, *, on: date, model: str = "") -> Backtest:
    """Measure whether grades of a day told what the first inspection in the twelve months after it found (回溯检验).

    Args:
        release: its grade periods of that day, and the inspections after it.
        on: the day; facts such as area are those of the release.
        model: one model only; for each business the highest score of its food models otherwise.

    Raises:
        BadInput: nobody was inspected afterwards.
    """
    with _engine() as engine:
        grade = engine.read(release.folder / "grade.parquet")
        then = _now(grade.filter(grade.known_to.isnull()), on)
        then = then.filter(then.model == model) if model else then.filter(then.model != "credit")
        worst = then.group_by("subject_id").agg(score=then.score.max(), grade=then.grade.max())
        office = engine.read(release.folder / "subject.parquet").select("subject_id", "office")
        rows = _outcomes(engine, release, on).join(worst, "subject_id").join(office, "subject_id")
        found = engine.arrow(rows.select("subject_id", "score", "grade", "bad", "office", "lead").order_by("subject_id")).to_pylist()
    if not found:
        raise BadInput(Problem(NO_OUTCOME, {"day": on}))
    return _measured(found, failed="bad", inspector="lead")


def _measured(rows: Sequence[Mapping[str, Any]], *, failed: str, inspector: str) -> Backtest:
    return measure(
        score=np.array([float(row["score"]) for row in rows]), failed=np.array([bool(row[failed]) for row in rows]),
        grade=[str(row.get("grade") or "") for row in rows], office=[str(row.get("office") or "") for row in rows],
        inspector=[str(row.get(inspector) or "") for row in rows],
    )  # fmt: skip


def backtest_table(path: Path) -> Backtest:
    """Measure any CSV with one row per subject and day: `subject`, `day`, `score`, `outcome` (0 or 1), and perhaps `grade`, `office`, `inspector`.

    Raises:
        BadInput: columns are missing.
    """
    table = pa_csv.read_csv(path)
    missing = [name for name in ("subject", "day", "score", "outcome") if name not in table.column_names]
    if missing:
        raise BadInput(Problem(BAD_TABLE, {"path": path, "columns": "、".join(missing)}))
    return _measured(table.to_pylist(), failed="outcome", inspector="inspector")


def counter_examples(release: Release, *, on: date, most: int = 20) -> dict[str, list[Row]]:
    """Return cases that speak against the grades of a day (反例): `mild` — grade A, then a serious finding; `harsh` — grade D, then sound inspections only."""
    with _engine() as engine:
        grade = engine.read(release.folder / "grade.parquet")
        then = _now(grade.filter(grade.known_to.isnull() & (grade.model != "credit")), on)
        names = engine.read(release.folder / "subject.parquet").select("subject_id", "name", "office")
        told = then.select("subject_id", "model", "grade", "score", "triggers").join(names, "subject_id")
        rows = (
            _outcomes(engine, release, on)
            .select("subject_id", "outcome", "failed", "key_failed", "found_on", "bad")
            .join(told, "subject_id")
        )
        found = {
            "mild": rows.filter((rows.grade == "A") & (rows.outcome == "不符合")),
            "harsh": rows.filter((rows.grade == "D") & (rows.outcome == "符合")),
        }
        return {name: engine.arrow(some.order_by(["score", "subject_id", "model"]).limit(most)).to_pylist() for name, some in found.items()}
