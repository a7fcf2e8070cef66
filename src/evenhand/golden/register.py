"""Golden: the order of the steps, and the four tables they give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.golden.choosing import Weighed, history_rows, weigh_fields, weigh_status
from evenhand.golden.gathering import CHOSEN, Gathered, gather
from evenhand.golden.licences import licence_rows
from evenhand.golden.rules import GoldenRules, read_golden_rules
from evenhand.golden.sites import main_places, place_history, site_rows, weigh_places
from evenhand.golden.statuses import licence_facts, lost_subjects, subject_status
from evenhand.golden.survivors import days_left, digits
from evenhand.rulebook import Pack
from evenhand.standards import TABLES

__all__ = ["Golden", "golden"]

_REGISTERED: Final = ("subject_type", "industry", "scope", "capital", "founded_on")


@dataclass(frozen=True, kw_only=True)
class Golden:
    """One trusted row per subject, licence and site, and where each value comes from: columns of `TABLES`."""

    subject: ir.Table
    licence: ir.Table
    site: ir.Table
    history: ir.Table


def golden(standard: Mapping[str, ir.Table], record: ir.Table, membership: ir.Table, finding: ir.Table, *, pack: Pack, engine: Engine, asof: date) -> Golden:
    """Choose one value per field of each subject (主体择优).

    Args:
        standard: extract tables by kind, schema `standards.standard_schema`.
        record: one row per row of every delivery.
        membership: one row per record with a subject.
        finding: quality findings, counted per subject.
        pack: its `golden/` holds the order of sources, status and form rules.
        engine: saves what is used twice.
        asof: day on which licences are judged.

    Raises:
        BadInput: the pack's golden rules are missing or bad.
    """
    rules = read_golden_rules(pack)
    gathered = gather(standard, record, membership, engine=engine)
    weighed = weigh_fields(gathered, rules.survivors, engine=engine)
    status = weigh_status(gathered, rules.survivors, engine=engine)
    places = weigh_places(gathered, rules.survivors, engine=engine)
    licence = licence_rows(standard, gathered, rules.status, asof=asof, engine=engine)
    lost = engine.save(lost_subjects(standard, gathered, rules.status.subject))
    found = finding.filter(finding.outcome == "fail").join(gathered.rows.select("record_id", "sid"), "record_id").group_by("sid").agg(finding_count=ibis._.count())
    facts = licence_facts(licence, rules.status.subject, rules.status.forms)
    wide = _chosen(gathered, weighed, status, lost)
    wide = wide.left_join(facts, "subject_id").drop("subject_id_right").left_join(found, "sid").drop("sid_right")
    wide = wide.left_join(main_places(places, record), "sid").drop("sid_right")
    wide = wide.left_join(places.found.group_by("sid").agg(site_count=ibis._.count()), "sid").drop("sid_right")
    subject = engine.save(_subject(wide, rules))
    site = site_rows(places, gathered, record)
    return Golden(subject=subject, licence=licence, site=site, history=_history(gathered, weighed, status, place_history(places, record)))


def _chosen(gathered: Gathered, weighed: Mapping[str, Weighed], status: Weighed, lost: ir.Table) -> ir.Table:
    """One row per subject with the value of each field in `CHOSEN`, its registered fields, old names and lists."""
    wide = gathered.subjects.join(gathered.spread, "sid")
    for name in CHOSEN:
        best = weighed[name].best.select("sid", **{f"{name}_best": weighed[name].best.value})
        wide = wide.left_join(best, "sid").drop("sid_right")
    wide = wide.mutate(**{name: ibis.coalesce(wide[f"{name}_best"], wide[f"{name}_lo"]) for name in CHOSEN})
    wide = wide.left_join(_registered(gathered), "sid").drop("sid_right").left_join(_former_names(gathered), "sid").drop("sid_right")
    wide = wide.left_join(status.best.select("sid", registered="value"), "sid").drop("sid_right")
    return wide.left_join(lost, "sid").drop("sid_right")


def _registered(gathered: Gathered) -> ir.Table:
    """Fields that only registrations have: of each the latest stated."""
    rows = gathered.registrations
    key = digits(days_left(rows.observed_on), 5) + rows.record_id
    # A row without a value gives no key, and rows without a key are not asked: the same on every engine.
    return rows.group_by("sid").agg(**{name: rows[name].argmin(rows[name].notnull().ifelse(key, ibis.null("string"))) for name in _REGISTERED})


def _former_names(gathered: Gathered) -> ir.Table:
    rows = gathered.rows
    old = rows.filter(rows.former_name.notnull()).select("sid", "former_name").distinct()
    return old.group_by("sid").agg(former_names=old.former_name.group_concat("、", order_by=old.former_name))


def _subject(wide: ir.Table, rules: GoldenRules) -> ir.Table:
    status, reason = subject_status(wide, rules.status.subject)
    code, state = _decoded(wide.uscc)
    counts = {name: wide[name].fill_null(0) for name in ("licence_count", "site_count", "finding_count")}
    inside = state.isin(("valid", "warning")).ifelse(code.substr(8, 9), ibis.null("string"))
    rows = wide.mutate(uscc=code, uscc_state=state.fill_null("empty"), organisation_code=ibis.coalesce(wide.organisation_code, inside), status=status, status_reason=reason, **counts)
    return rows.select(*TABLES["subject"].names).cast(TABLES["subject"].schema)


def _history(gathered: Gathered, weighed: Mapping[str, Weighed], status: Weighed, places: Weighed) -> ir.Table:
    rows = ibis.union(*[history_rows(w) for w in (*weighed.values(), status, places)], distinct=False)
    shown = (rows.field == "uscc").ifelse(_decoded(rows.value)[0], rows.value)
    rows = rows.mutate(value=shown).join(gathered.subjects, "sid")
    return rows.select(*TABLES["history"].names).cast(TABLES["history"].schema)


def _decoded(coded: ir.StringValue) -> tuple[ir.StringValue, ir.StringValue]:
    """A code and its state, which travel together as `code|state`."""
    return coded.re_extract(r"^(.*)\|[a-z]*$", 1).nullif(""), coded.re_extract(r"\|([a-z]*)$", 1).nullif("")
