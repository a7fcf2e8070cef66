"""Moves: from which place to which a subject went, told by its licences (迁址)."""

import ibis
import ibis.expr.types as ir

from evenhand.golden.level_rules import ChainRules, Inference, MoveRules
from evenhand.golden.wording import filled
from evenhand.standards import TABLES

__all__ = ["move_rows", "moved_issues"]


def moved_issues(issues: ir.Table, granted: ir.Table, chain: ChainRules) -> ir.Table:
    """One row per issue that tells a move, with the issue of the old place: `old_rid`, `moved_on` and what `move_rows` shows.

    A move is the first issue at a place after the last issue at another, in one form of business, when the licence of the old place was
    over by then: two places that are licensed side by side are two places.

    Args:
        issues: one row per issue, as `issue_rows` gives them.
        granted: one row per record that grants a licence: where it is.
        chain: `golden/levels.yaml`, `chain`: what counts as over.
    """
    rows = issues.select("rid", "sid", "form", "site_key", "licence_no", "licence_status", "begins_on", "closed", valid_to="believed_to")
    # A place that repeats in another form of business is one place: the order of days decides, per form.
    rows = rows.filter(rows.site_key.notnull(), rows.form.notnull(), rows.begins_on.notnull())
    order = _in_time()
    line = ibis.window(group_by=("sid", "form"), order_by=order)
    here = ("sid", "form", "site_key")
    rows = rows.mutate(
        nth_here=ibis.row_number().over(ibis.window(group_by=here, order_by=order)),
        last_here=rows.begins_on.max().over(ibis.window(group_by=here)),
    )
    names = ("rid", "site_key", "licence_no", "licence_status", "begins_on", "valid_to", "last_here")
    rows = rows.mutate(**{f"old_{name}": rows[name].lag().over(line) for name in names})
    rows = rows.filter(rows.nth_here == 0, rows.site_key != rows.old_site_key)
    places = granted.select("rid", "subject_id", "site_id", "road", "house_no", "place")
    old = places.select(old_rid="rid", old_site_id="site_id", old_road="road", old_house_no="house_no", old_place="place")
    rows = rows.join(places, "rid").join(old, "old_rid")
    over = (rows.begins_on.delta(rows.old_valid_to, unit="day") >= -chain.overlap_days) | (
        rows.old_licence_status.isin(chain.ended_codes) & rows.closed.isnull()
    )
    same = rows.licence_no == rows.old_licence_no
    moved = rows.filter(
        _apart(rows), rows.old_last_here == rows.old_begins_on, same | over.fill_null(ibis.literal(value=False)), rows.begins_on > rows.old_begins_on,
    )  # fmt: skip
    return moved.mutate(moved_on=moved.begins_on)


def move_rows(moved: ir.Table, rules: MoveRules) -> ir.Table:
    """The table `site_move`: one row per subject and move."""
    told = {
        "licence_no": moved.licence_no, "earlier_no": moved.old_licence_no, "begins_on": moved.begins_on, "earlier_to": moved.old_valid_to.cast("string").fill_null("未填"),
    }  # fmt: skip
    by = moved.licence_no == moved.old_licence_no

    def either(rule: Inference) -> tuple[ir.Value, ir.Value, ir.Value]:
        return ibis.literal(rule.id), filled(rule.evidence, **told), ibis.literal(rule.confidence)

    first, second = either(rules.same_number), either(rules.new_number)
    rule, evidence, confidence = (by.ifelse(a, b) for a, b in zip(first, second, strict=True))
    told_rows = moved.select(
        "subject_id", from_site_id="old_site_id", to_site_id="site_id", from_place="old_place", to_place="place",
        left_on=ibis.least(moved.old_valid_to, moved.begins_on), moved_on="moved_on", rule=rule, evidence=evidence, confidence=confidence,
        turn=ibis.row_number().over(ibis.window(group_by=(moved.subject_id, moved.old_site_id, moved.site_id), order_by=_in_time())),
    )  # fmt: skip
    # A subject of several forms of business moves once: the earliest licence tells.
    return told_rows.filter(told_rows.turn == 0).select(*TABLES["site_move"].names).cast(TABLES["site_move"].schema)


def _apart(rows: ir.Table) -> ir.BooleanValue:
    """Whether the two places are surely two: both with road and number. A road alone, or a landmark on it, may be the same place."""
    within = rows.road.contains(rows.old_road) | rows.old_road.contains(rows.road)  # 镇新浦路 and 新浦路
    number = {name: rows[name].re_extract("^[0-9]+", 0) for name in ("house_no", "old_house_no")}  # 51-1 may be within 51
    told = rows.road.notnull() & rows.old_road.notnull() & rows.house_no.notnull() & rows.old_house_no.notnull()
    return told & ((number["house_no"] != number["old_house_no"]) | ~within)


def _in_time() -> list[ir.Value]:
    return [ibis.asc("begins_on"), ibis.asc("licence_no"), ibis.asc("rid")]
