"""Golden: the order of the steps, and the tables they give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.chains import ended
from evenhand.golden.choosing import best_values, decoded, history_rows, weigh
from evenhand.golden.gathering import CHOSEN, Gathered, gather
from evenhand.golden.issues import granted_rows, issue_rows, period_rows
from evenhand.golden.licences import licence_rows
from evenhand.golden.moves import move_rows, moved_issues
from evenhand.golden.relations import relation_rows
from evenhand.golden.rules import GoldenRules, read_golden_rules
from evenhand.golden.sites import main_places, placed_sites, site_rows
from evenhand.golden.soon import soon_on
from evenhand.golden.statuses import dormant_since, licence_facts, lost_subjects, not_yet, subject_status
from evenhand.golden.survivors import RECORDS, days_left
from evenhand.rulebook import Pack, read_calendar
from evenhand.standards import TABLES

__all__ = ["Golden", "golden"]

_REGISTERED: Final = ("subject_type", "industry", "scope", "capital", "founded_on")


@dataclass(frozen=True, kw_only=True)
class Golden:
    """One trusted row per subject, licence and site, what became of each, and where each value comes from: columns of `TABLES`."""

    subject: ir.Table
    licence: ir.Table
    licence_period: ir.Table
    site: ir.Table
    site_move: ir.Table
    relation: ir.Table
    history: ir.Table


def golden(
    standard: Mapping[str, ir.Table], record: ir.Table, membership: ir.Table, finding: ir.Table, *, pack: Pack, engine: Engine, asof: date
) -> Golden:
    """Choose one value per field of each subject (主体择优).

    Args:
        standard: extract tables by kind, schema `standards.standard_schema`.
        record: one row per row of every delivery.
        membership: one row per record with a subject.
        finding: quality findings, counted per subject.
        pack: its `golden/` holds the order of sources, status and form rules.
        engine: saves what is used twice.
        asof: day on which licences and subjects are judged.

    Raises:
        BadInput: the pack's golden rules are missing or bad.
    """
    rules = read_golden_rules(pack)
    gathered = gather(standard, record, membership, engine=engine)
    weighed = weigh(gathered, rules.survivors, engine=engine)
    sites = placed_sites(weighed, gathered, record, rules.survivors, engine=engine)
    granted = granted_rows(standard, record, gathered, rules.status.forms, engine=engine)
    begun = issue_rows(granted, gathered, rules, engine=engine)
    moved = engine.save(moved_issues(begun, granted, rules.levels.chain))
    issues = engine.save(ended(begun, moved, rules.status.licence))
    said = rules.status.licence
    soon = soon_on(asof, read_calendar(pack), said)
    licence = licence_rows(issues, granted, record, gathered, said, asof=asof, soon=soon, engine=engine)
    best, registered = engine.save(best_values(weighed, rules.survivors)), _registered(gathered)
    winners = _winners(registered, best)
    sided = {
        "sources": _sources(gathered),
        "best": best,
        "place": main_places(sites),
        "registered": registered,
        "later": not_yet(gathered, winners, rules.status.subject, asof=asof),
        "dormant": dormant_since(gathered, rules.status.subject),
        "former": _former_names(record, gathered),
        "lost": lost_subjects(standard, gathered, rules.status.subject, asof=asof),
        "licences": licence_facts(
            licence.join(gathered.subjects, "subject_id"), rules.status.subject, rules.status.forms, future=said.names["future"]
        ),
        "findings": _failed(finding, gathered),
    }
    wide = gathered.subjects.join(gathered.spread, "sid")
    for name, side in sided.items():
        wide = wide.left_join(side.rename({f"{name}_sid": "sid"}), [("sid", f"{name}_sid")])
    subject = engine.save(_subject(wide, rules, asof=asof))
    return Golden(
        subject=subject, licence=licence, licence_period=period_rows(issues, granted), site=site_rows(sites, gathered),
        site_move=move_rows(moved, rules.levels.move), relation=relation_rows(record, gathered, subject, rules.levels.branch),
        history=_history(history_rows(weighed, sites, rules.survivors), gathered),
    )  # fmt: skip


def _sources(gathered: Gathered) -> ir.Table:
    # Distinct pairs first: counting distinct texts inside the pass over all fields costs three times as much.
    pairs = gathered.rows.select("sid", "source").distinct()
    return pairs.group_by("sid").agg(source_count=pairs.count())


def _registered(gathered: Gathered) -> ir.Table:
    """Fields that only registrations have: of each the latest stated. `status_only` is the status of subjects with one."""
    rows = gathered.registrations
    key = days_left(rows.observed_on) * RECORDS + rows.rid
    # A row without a value gives no key, and rows without a key are not asked: the same on every engine.
    latest = {name: rows[name].argmin(rows[name].notnull().ifelse(key, ibis.null("int64"))) for name in _REGISTERED}
    return rows.group_by("sid").agg(status_only=rows.value.min(), **latest)


def _winners(registered: ir.Table, best: ir.Table) -> ir.Table:
    """One row per subject with a registered status: sid, registered."""
    several = best.select(best_sid="sid", status_best="status_best")
    both = registered.select("sid", "status_only").left_join(several, registered.sid == several.best_sid)
    chosen = both.select("sid", registered=ibis.coalesce(both.status_best, both.status_only))
    return chosen.filter(chosen.registered.notnull())


def _former_names(record: ir.Table, gathered: Gathered) -> ir.Table:
    named = record.filter(record.former_name.notnull()).select("record_id", "former_name")
    old = named.join(gathered.numbers, "record_id").select("sid", "former_name").distinct()
    return old.group_by("sid").agg(former_names=old.former_name.group_concat("、", order_by=old.former_name))


def _failed(finding: ir.Table, gathered: Gathered) -> ir.Table:
    failed = finding.filter(finding.outcome == "fail").join(gathered.numbers.select("record_id", "sid"), "record_id")
    return failed.group_by("sid").agg(finding_count=failed.count())


def _subject(wide: ir.Table, rules: GoldenRules, *, asof: date) -> ir.Table:
    chosen = {name: ibis.coalesce(wide[f"{name}_best"], wide[f"{name}_one"]) for name in CHOSEN}
    code, state = decoded(chosen["uscc"])
    inside = state.isin(("valid", "warning")).ifelse(code.substr(8, 9), ibis.null("string"))
    chosen |= {
        "uscc": code,
        "uscc_state": state.fill_null("empty"),
        "organisation_code": ibis.coalesce(chosen["organisation_code"], inside),
    }
    counts = {name: wide[name].fill_null(0) for name in ("licence_count", "site_count", "finding_count")}
    # The chosen status, unless it began after the day: then what was registered before.
    wide = wide.mutate(registered=wide.later.isnull().ifelse(ibis.coalesce(wide.status_best, wide.status_only), wide.on_day))
    status, reason = subject_status(wide, rules.status.subject, asof=asof)
    rows = wide.mutate(**chosen, **counts, status=status, status_reason=reason)
    return rows.select(*TABLES["subject"].names).cast(TABLES["subject"].schema)


def _history(rows: ir.Table, gathered: Gathered) -> ir.Table:
    rows = rows.join(gathered.numbers.select("rid", "record_id"), "rid").join(gathered.subjects, "sid")
    return rows.select(*TABLES["history"].names).cast(TABLES["history"].schema)
