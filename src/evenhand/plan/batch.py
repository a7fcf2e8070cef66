"""Merge the duties of a province at once: the same visits as `merge`, by column expressions.

Round by round every subject opens a visit at its first deadline not yet served; what has begun by then is served; the rest goes
into the next round. There are as many rounds as the busiest subject has visits. Subjects in whom full and flight duties meet beside
duties that could ride on either are few: they are searched one by one by the engine written from the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.engine import Engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.plan.merge import merge
from evenhand.plan.shapes import Class, Duty, Policy, class_of

__all__ = ["DUTY_COLUMNS", "Merged", "merge_duties", "with_items"]

DUTY_COLUMNS: Final = ("id", "subject", "kind", "r", "d", "full", "sealed", "level", "minutes")
"""Columns of the table of duties that merging needs; days are whole numbers."""
_VISIT: Final = pa.schema([
    ("visit", pa.string()), ("subject", pa.string()), ("lo", pa.int64()), ("hi", pa.int64()), ("class", pa.int64()), ("duties", pa.int64()), ("full", pa.bool_()),
    ("sealed", pa.bool_()), ("level", pa.int64()), ("minutes", pa.int64()),
])  # fmt: skip
_APART: Final = "\x1f"
BAD_WINDOW: Final = Message(
    "PLAN-22",
    zh="任务 {id} 的期限从第 {r} 日到第 {d} 日，止日早于起日，不能合并。请核对产生它的规则或者文件。",
    en="duty {id} ends (day {d}) before it begins (day {r}).",
)
_SERVED: Final = pa.schema([("visit", pa.string()), ("duty", pa.string())])


@dataclass(frozen=True, kw_only=True)
class Merged:
    """`visit`: one row per trip; `served`: one row per duty, with the visit that serves it."""

    visit: ir.Table
    served: ir.Table


def merge_duties(duty: ir.Table, policy: Policy, *, engine: Engine) -> Merged:
    """Return the fewest visits that serve every duty inside its window, and which visit serves which.

    Args:
        duty: one row per duty, with at least `DUTY_COLUMNS`.
        policy: which classes fit together.
        engine: keeps each round.

    Raises:
        BadInput: a window ends before it begins (PLAN-22); such a duty would never be served.
    """
    if wrong := engine.arrow(duty.filter(duty.r > duty.d).select("id", "r", "d").order_by("id").limit(20)).to_pylist():
        raise BadInput(Problem(BAD_WINDOW, row) for row in wrong)
    kinds = ibis.cases(*((duty.kind == kind, int(class_of(kind, policy))) for kind in ("日常", "专项", "体系", "飞行", "复查")), else_=0)
    rows = duty.select(*DUTY_COLUMNS, asked=kinds.cast("int64"))
    each = rows.group_by("subject").agg(
        first=rows.d.min(), either_asked=(rows.asked == Class.EITHER).any(),
        first_full=rows.d.min(where=rows.asked == Class.FULL), first_flight=rows.d.min(where=rows.asked == Class.FLIGHT),
    )  # fmt: skip
    each = engine.save(each.mutate(parted=each.first_full.notnull() & each.first_flight.notnull()))
    is_mixed = each.parted & each.either_asked
    mixed = each.filter(is_mixed).select("subject")
    # Full and flight duties with nothing that could ride on either are two streams that never meet.
    plain = rows.join(each.filter(~is_mixed), "subject")
    stream = plain.parted.ifelse(plain.asked, 0)
    first = plain.parted.ifelse((plain.asked == Class.FULL).ifelse(plain.first_full, plain.first_flight), plain.first)
    served = ibis.union(*_rounds(plain.select(*rows.columns, stream=stream, t=first), engine=engine), distinct=False)
    stops = served.group_by("subject", "stream", "t").agg(
        asked=served.asked.max(), children=served.id.group_concat(_APART), lo=served.r.max(), hi=served.d.min(), duties=served.count(),
        full=served.full.any(), any_sealed=served.sealed.any(), level=served.level.max(), minutes=served.minutes.max(),
    )  # fmt: skip
    # Sorting inside the grouping costs three times as much, and most visits serve one duty.
    children = (stops.duties > 1).ifelse(stops.children.split(_APART).sort().join("|"), stops.children)
    named = engine.save(stops.mutate(visit=ibis.literal("V") + (stops.subject + "|" + children).hexdigest("sha256").substr(0, 15)))
    searched_visits, searched_served = _searched(rows.semi_join(mixed, "subject"), policy, engine=engine)
    visit = named.select(
        "visit", "subject", "lo", "hi", "duties", "full", "level", "minutes", sealed=named.any_sealed | (named.asked == Class.FLIGHT), **{"class": named.asked},
    ).select(*_VISIT.names)  # fmt: skip
    pairs = served.join(named.select("subject", "stream", "t", "visit"), ["subject", "stream", "t"]).select("visit", duty="id")
    return Merged(
        visit=ibis.union(visit, engine.table(searched_visits), distinct=False),
        served=ibis.union(pairs, engine.table(searched_served), distinct=False),
    )


def _rounds(rows: ir.Table, *, engine: Engine) -> Iterator[ir.Table]:
    """Give the duties served in each round; `t` is the first deadline of their stream not yet served."""
    while True:
        held = engine.save(rows)
        yield held.filter(held.r <= held.t)
        rest = engine.save(held.filter(held.r > held.t).drop("t"))
        if not engine.count(rest):
            return
        rows = rest.join(rest.group_by("subject", "stream").agg(t=rest.d.min()), ["subject", "stream"])


def _searched(rows: ir.Table, policy: Policy, *, engine: Engine) -> tuple[pa.Table, pa.Table]:
    by_subject: dict[str, list[Duty]] = {}
    for row in engine.arrow(rows.select(*DUTY_COLUMNS).order_by("subject")).to_pylist():
        by_subject.setdefault(row["subject"], []).append(Duty(**row))
    visits: list[dict[str, Any]] = []
    served: list[dict[str, Any]] = []
    for duties in by_subject.values():
        for one in merge(duties, policy):
            visits.append({
                "visit": one.id, "subject": one.subject, "lo": one.lo, "hi": one.hi, "class": int(one.kind), "duties": len(one.children), "full": one.full, "sealed": one.sealed,
                "level": one.level, "minutes": one.minutes,
            })  # fmt: skip
            served += [{"visit": one.id, "duty": child} for child in one.children]
    return pa.Table.from_pylist(visits, schema=_VISIT), pa.Table.from_pylist(served, schema=_SERVED)


def with_items(merged: Merged, duty: ir.Table) -> ir.Table:
    """Return the visits with what their duties bring: `matters` and `lines` as unions, `origins`, and the day by which the law or an approval binds them.

    Args:
        merged: of these duties.
        duty: one row per duty, with `matters`, `lines` (parted by spaces), `origin`, `d` and `d_end`.
    """
    rows = merged.served.join(duty.select("matters", "lines", "origin", "d", "d_end", duty="id"), "duty")
    told = merged.visit
    for column in ("matters", "lines", "origin"):
        each = rows.select("visit", item=rows[column].split(" ").unnest()).distinct()
        union = each.group_by("visit").agg(**{column: each.item.collect().sort().join(" ")})
        told = told.left_join(union, "visit").drop("visit_right")
    return told
