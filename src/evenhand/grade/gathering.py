"""From the tables of a build to what grading looks at: facts of each subject, and what happened to it (分级事实和等级依据)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.grade.facts import GROUNDS
from evenhand.grade.ruleset import GradeRules
from evenhand.standards import EXTRACTS, TABLES, standard_schema

__all__ = ["NEEDED", "build_grounds", "build_traits", "delivered_since"]

NEEDED: Final = (
    "subject", "licence", "site", "site_move", "membership", "tag", "operation_licence", "small_registration", "filing",
    "inspection", "inspection_problem", "sampling", "complaint", "penalty", "credit", "campaign", "factor_sheet",
)  # fmt: skip
"""Tables of a build that grading reads."""

_STANDING: Final = ("有效", "即将到期", "已过期", "不明")
_SALE, _MEALS, _CANTEEN = "1", "2", "3"
_TOLD_BY: Final = {
    "inspection": "inspection", "sampling": "sampling", "complaint": "complaint", "penalty": "penalty", "refusal": "penalty", "accident": "penalty", "impact": "penalty",
    "recall": "penalty", "credit": "credit", "abnormal": "credit", "dishonest": "credit", "certificate": "campaign", "self_check": "inspection_problem",
}  # fmt: skip
_DAYS: Final = {
    "inspection": "inspected_on", "sampling": "sampled_on", "complaint": "received_on", "penalty": "decided_on", "credit": "scored_on", "campaign": "starts_on", "inspection_problem": "found_on",
}  # fmt: skip
_VARIETIES: Final = ("sku_packed", "sku_packed_chilled", "sku_packed_frozen", "sku_bulk", "sku_bulk_chilled", "sku_bulk_frozen")
_HEALTH: Final = ("health_material", "health_formula", "health_function", "health_unsuitable", "health_storage")
_FEW: Final = 200
"""One row in so many may bear a day long before the delivery begins: such days are slips."""


def _held(tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    empty = {name: standard_schema(EXTRACTS[name]) if name in EXTRACTS else TABLES[name].schema for name in NEEDED}
    return {name: tables[name] if name in tables else ibis.memtable(empty[name].to_pyarrow().empty_table()) for name in NEEDED}


def build_traits(tables: Mapping[str, ir.Table], *, moves_months: int, asof: date, engine: Engine) -> ir.Table:
    """Return the table `trait`: one row per subject, what is known of it on `asof`.

    Args:
        tables: those of `NEEDED`; an extract that is missing counts as empty.
        moves_months: how long a move of the place counts.
        asof: the day from which those months are counted.
        engine: saves what is used twice.
    """
    held = _held(tables)
    subject = held["subject"]
    rows = subject.select("subject_id", "subject_type", "legal_person", "phone", "status", founded=subject.founded_on)
    tag = held["tag"].filter(~held["tag"].code.startswith("T10"))
    tags = tag.group_by("subject_id").agg(tags=tag.code.collect().sort().join(" "))
    year = ibis.literal(asof) - ibis.interval(months=moves_months)
    move = held["site_move"].filter((held["site_move"].moved_on > year) & (held["site_move"].moved_on <= ibis.literal(asof)))
    spaced = tags.select("subject_id", tags=ibis.literal(" ") + tags.tags + ibis.literal(" "))
    rows = engine.save(rows.left_join(spaced, "subject_id").drop("subject_id_right"))
    parts = [
        engine.save(_licence_facts(held)),
        move.group_by("subject_id").agg(moves=move.count()),
        _neighbours(held["site"]),
        engine.save(_sheet_facts(held)),
        engine.save(_related(rows)),
    ]
    for part in parts:
        rows = rows.left_join(part, "subject_id").drop("subject_id_right")
    known = TABLES["trait"]
    for name in ("moves", "related_bad", "co_located"):
        rows = rows.mutate(**{name: rows[name].fill_null(0)})
    absent = {name: ibis.null(known.schema[name]) for name in known.names if name not in rows.columns}
    return rows.mutate(tags=rows.tags.fill_null(" "), **absent).select(*known.names)


def _licence_facts(held: Mapping[str, ir.Table]) -> ir.Table:
    """The largest figures of the licences on the register, from the record that each goes by."""
    licence = held["licence"]
    standing = licence.filter(licence.status.isin(_STANDING)).select("subject_id", "record_id")
    operation, small, filing = (held[name] for name in ("operation_licence", "small_registration", "filing"))
    nothing, no = ibis.null("decimal(18, 2)"), ibis.null("boolean")
    shown = ibis.union(
        operation.select(
            "record_id",
            sale_area=(operation.form == _SALE).ifelse(operation.area, nothing),
            room_area=operation.form.isin((_MEALS, _CANTEEN)).ifelse(operation.area, nothing),
            small_area=nothing,
            diners=operation.diners.cast("decimal(18, 2)"),
            wholesale=operation.wholesale,
        ),
        small.select("record_id", sale_area=nothing, room_area=nothing, small_area=small.area, diners=nothing, wholesale=no),
        filing.select(
            "record_id", sale_area=nothing, room_area=nothing, small_area=nothing, diners=nothing, wholesale=filing.trade_type == "1"
        ),
        distinct=False,
    )
    joined = standing.join(shown, "record_id")
    figures = {name: joined[name].max() for name in ("sale_area", "room_area", "small_area", "diners")}
    found = joined.group_by("subject_id").agg(**figures, whole=joined.wholesale.cast("int64").max())
    return found.mutate(wholesale=(found.whole == 1).ifelse(ibis.literal("true"), ibis.null("string"))).drop("whole")


def _sheet_facts(held: Mapping[str, ir.Table]) -> ir.Table:
    """What the latest sheet of each subject states; of several on one day the last record. A seller has filled one in when any number of varieties stands in it."""
    sheet, membership = held["factor_sheet"], held["membership"]
    told = sheet.filter(sheet.filled_on.notnull()).join(membership.select("record_id", "subject_id"), "record_id")
    latest = told.group_by("subject_id").agg(record_id=told.record_id.argmax(told.filled_on.cast("string") + told.record_id))
    last = latest.join(told.drop("subject_id"), "record_id")
    figures = {name: last[name].cast("decimal(18, 2)") for name in (*_VARIETIES, "suppliers")}
    counted = ibis.or_(*(last[name].notnull() for name in _VARIETIES))
    return last.select(
        "subject_id", **figures, **{name: last[name] for name in _HEALTH}, sku_reported=counted.ifelse(ibis.literal("true"), ibis.null("string"))
    )  # fmt: skip


def _neighbours(site: ir.Table) -> ir.Table:
    placed = site.filter(site.is_main & site.place_key.notnull()).select("subject_id", "place_key")
    crowd = placed.group_by("place_key").agg(co_located=ibis._.count())
    return placed.join(crowd, "place_key").select("subject_id", "co_located")


def _related(rows: ir.Table) -> ir.Table:
    """Subjects under the same name and phone of a person that are on the dishonesty list or revoked, without the subject itself."""
    bad = rows.tags.contains(" T11-05 ") | (rows.status == "吊销")
    known = rows.filter(rows.legal_person.notnull() & rows.phone.notnull()).select(
        "subject_id", "legal_person", "phone", bad=bad.fill_null(ibis.literal(value=False)).cast("int64")
    )
    total = known.group_by("legal_person", "phone").agg(every=known.bad.sum())
    joined = known.join(total, ["legal_person", "phone"])
    return joined.filter(joined.every > joined.bad).select("subject_id", related_bad=joined.every - joined.bad)


def build_grounds(tables: Mapping[str, ir.Table], *, rules: GradeRules, asof: date, engine: Engine) -> ir.Table:
    """Return the table `ground`: one row per subject and thing that happened to it up to `asof`; what has no day cannot be placed and is left out.

    Args:
        tables: those of `NEEDED`; an extract that is missing counts as empty.
        rules: the words by which a row is known as a ground.
        asof: the last day looked at.
        engine: saves what is used twice.
    """
    held = _held(tables)
    words = rules.words
    violation = held["penalty"].violation
    told = _classed(violation, words.penalty)
    parts = [
        _inspections(held["inspection"]),
        _ground("sampling", held["sampling"], number="sample_no", level="sampling_level", outcome=_listed(held["sampling"].result, ("合格", "不合格")), text="failed_item"),
        _ground("complaint", held["complaint"], number="complaint_no", outcome=_classed(held["complaint"].outcome, words.complaint), text="matter"),
        _ground("penalty", held["penalty"], number="penalty_no", level=_classed(held["penalty"].penalty_kind, words.penalty_level), text="violation"),
        *(
            _ground(kind, held["penalty"].filter(told == kind), number="penalty_no", level=_classed(held["penalty"].penalty_kind, words.penalty_level), text="violation")
            for kind in ("refusal", "accident", "recall", "impact")
        ),
        _ground("credit", held["credit"], outcome=_listed(held["credit"].credit_class, ("A", "B", "C", "D"))),
        _ground("abnormal", held["credit"], day="abnormal_on", until="abnormal_removed_on", outcome=_classed(held["credit"].abnormal_reason, words.abnormal), text="abnormal_reason"),
        _ground("dishonest", held["credit"], day="dishonest_on"),
        _certificates(held["campaign"], words.certificate),
        *(
            _ground(kind, held["inspection_problem"].filter(held["inspection_problem"].item_code.isin(items)), number="inspection_no", text="problem")
            for kind, items in (("self_check", words.self_check), ("recall", words.recall))
            if items
        ),
    ]  # fmt: skip
    every = ibis.union(*parts, distinct=False)
    every = every.filter(every.day.notnull() & (every.day <= ibis.literal(asof)))
    members = held["membership"].select("record_id", "subject_id")
    tied = every.join(members, "record_id")
    tied = engine.keep(tied.mutate(number=ibis.coalesce(tied.number, tied.record_id)))
    # The same thing told twice, by two sources or deliveries, counts once: the first that told it.
    first = tied.group_by("subject_id", "kind", "number", "day").agg(kept=tied.record_id.min())
    kept = tied.join(
        first,
        [
            tied.subject_id == first.subject_id,
            tied.kind == first.kind,
            tied.number == first.number,
            tied.day == first.day,
            tied.record_id == first.kept,
        ],
    )
    kept = kept.drop("kept", *(name for name in kept.columns if name.endswith("_right")))
    return kept.filter((kept.kind != "credit") | kept.outcome.notnull()).select(*TABLES["ground"].names)


def _listed(column: ir.StringColumn, known: tuple[str, ...]) -> ir.StringValue:
    return column.isin(known).ifelse(column, ibis.null("string"))


def _classed(column: ir.StringColumn, words: Mapping[str, str]) -> ir.StringValue:
    """The class of the first word that the text contains; NULL for none."""
    found: Any = ibis.null("string")
    for word, name in reversed(list(words.items())):
        found = column.contains(word).fill_null(ibis.literal(value=False)).ifelse(ibis.literal(name), found)
    return found


def _ground(
    kind: str,
    rows: ir.Table,
    *,
    day: str = "",
    until: str = "",
    number: str = "",
    level: Any = "",
    outcome: Any = None,
    text: str = "",
    **counts: Any,
) -> ir.Table:
    source = _TOLD_BY[kind]
    none = ibis.null("string")
    figures = {name: counts.get(name, ibis.null("int64")) for name in ("total", "failed", "key_failed")}
    level = none if isinstance(level, str) and not level else rows[level] if isinstance(level, str) else level
    return rows.select(
        kind=ibis.literal(kind), number=rows[number] if number else none, day=rows[day or _DAYS[source]], until=rows[until] if until else ibis.null("date"),
        known_on=rows.delivery, level=level, outcome=none if outcome is None else outcome, **figures, text=rows[text] if text else none, record_id=rows.record_id,
    )  # fmt: skip


def _inspections(rows: ir.Table) -> ir.Table:
    """Inspections: counts that cannot be true (more failed than looked at, key items without a count) are not known."""
    sound = (rows.items_failed >= 0) & (rows.items_total.isnull() | (rows.items_failed <= rows.items_total))
    failed = sound.ifelse(rows.items_failed, ibis.null("int64"))
    mended = (rows.rectification == "已整改").ifelse(rows.rectified_on, ibis.null("date"))
    rows = rows.mutate(mended=mended, counted=failed)
    return _ground(
        "inspection", rows, until="mended", number="inspection_no", level="inspection_kind", outcome=_listed(rows.verdict, ("符合", "基本符合", "不符合")), text="handling",
        total=rows.items_total, failed=rows.counted, key_failed=rows.key_failed,
    )  # fmt: skip


def _certificates(rows: ir.Table, words: Mapping[str, str]) -> ir.Table:
    kind = _classed(rows.campaign, words)
    return _ground("certificate", rows.filter(kind.notnull()), until="ends_on", number="campaign_no", outcome=kind, text="campaign")


def delivered_since(tables: Mapping[str, ir.Table], *, engine: Engine) -> dict[str, date]:
    """Return from which day each kind of ground is delivered: the first day of its source but for the few earliest rows, which are slips.

    A kind whose source has no row is missing: nothing can be told of it.
    """
    since: dict[str, date] = {}
    for kind in GROUNDS:
        source = _TOLD_BY[kind]
        if source not in tables:
            continue
        rows = tables[source]
        day = rows[_DAYS[source]]
        counted = engine.arrow(rows.filter(day.notnull()).group_by(day=day).agg(n=ibis._.count()).order_by("day")).to_pylist()
        total, passed = sum(row["n"] for row in counted), 0
        for row in counted:
            passed += row["n"]
            if passed * _FEW > total:
                since[kind] = row["day"]
                break
    return since
