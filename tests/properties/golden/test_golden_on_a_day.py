"""Statuses as column expressions over all subjects and statuses written from the text for one give the same answer on any day."""

import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evenhand.engine import Engine
from evenhand.golden import golden, licences_on, read_golden_rules, soon_on, subject_on
from evenhand.rulebook import read_calendar, shipped_pack
from evenhand.standards import TABLES
from tests.factories.records import make_extract, make_record, make_records

DAYS = [None, *(date(2014, 6, 1) + timedelta(days=97 * n) for n in range(50))]
STATUSES = [None, "存续", "歇业", "停业", "注销", "吊销", "查无下落"]
Row = dict[str, Any]


# Hypothesis draws the seed, and the seed names subjects and the day: a seed has nothing to shrink.
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow], phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seed=st.integers(0, 2**32), day=st.dates(date(2013, 1, 1), date(2029, 12, 31)))
def test_the_columns_and_the_text_tell_the_same_status(tmp_path_factory, seed, day):
    rows, extracts = _province(random.Random(seed))
    scratch: Path = tmp_path_factory.mktemp("spill")

    with Engine(scratch=scratch) as engine:
        made = _batch(engine, rows, extracts, day)

    told = _one_by_one(rows, extracts, made, day)
    for subject in made["subject"]:
        assert told[subject["subject_id"]][0] == (subject["status"], subject["status_reason"]), subject["subject_id"]
    licences = {
        (r["subject_id"], r["licence_no"], r["licence_kind"]): (r["record_id"], r["status"], r["status_reason"], r["soon"])
        for r in made["licence"]
    }
    assert {key: one for _, ones in told.values() for key, one in ones.items()} == licences
    assert len(licences) > 50


def _province(chance: random.Random) -> tuple[list[Row], dict[str, list[Row]]]:
    """Sixty subjects, each of some registrations, listings and licences with days and statuses as they come."""
    rows: list[Row] = []
    extracts: dict[str, list[Row]] = defaultdict(list)

    def add(kind: str, subject: str, fields: Row, **given: Any) -> None:
        record = make_record(
            f"{len(rows):05}", kind=kind, source=kind, delivery=chance.choice(DAYS), observed_on=chance.choice(DAYS), **given
        )
        rows.append(record | {"subject": subject})
        extracts[kind].append(fields | {name: record[name] for name in ("record_id", "delivery")})

    for s in range(60):
        subject = f"S{s:03}"
        for _ in range(chance.choice((0, 1, 1, 3))):
            days = {name: chance.choice(DAYS) for name in ("founded_on", "cancelled_on")}
            add("registration", subject, {"registration_status": chance.choice(STATUSES), **days})
        for _ in range(chance.choice((0, 0, 1))):
            days = {name: chance.choice(DAYS) for name in ("abnormal_on", "abnormal_removed_on")}
            add("credit", subject, {"abnormal_reason": chance.choice([None, "无法联系", "未公示年报", "查无下落"]), **days})
        for n in range(chance.choice((0, 1, 2, 4))):
            kind = chance.choice(("operation_licence", "operation_licence", "production_licence", "filing"))
            days = {name: chance.choice(DAYS) for name in ("issued_on", "valid_from", "valid_to")}
            place = chance.choice((None, "350102|五四路|8", "350102|五四路|9"))
            number = {"licence_no": f"{subject}-{n % 2}", "licence_kind": chance.choice(("JY", "旧证")), "place": place, "place_key": place}
            fields = {"licence_status": chance.choice((None, "10", "10", "20", "30", "40", "60", "60")), "form": "1", **days}
            add(
                kind,
                subject,
                {k: v for k, v in fields.items() if kind != "filing" or k not in ("valid_from", "valid_to", "form")},
                **number,
            )
    return rows, extracts


def _batch(engine: Engine, rows: list[Row], extracts: dict[str, list[Row]], day: date) -> dict[str, list[Row]]:
    members = [{"record_id": r["record_id"], "subject_id": r["subject"], "rule": "x", "score": 1.0, "evidence": ""} for r in rows]
    membership = engine.table(pa.Table.from_pylist(members, schema=TABLES["membership"].schema.to_pyarrow()))
    finding = engine.table(TABLES["finding"].schema.to_pyarrow().empty_table())
    record = engine.table(make_records([{k: v for k, v in r.items() if k != "subject"} for r in rows]))
    standard = {kind: engine.table(make_extract(kind, given)) for kind, given in extracts.items()}
    tables = golden(standard, record, membership, finding, pack=shipped_pack(), engine=engine, asof=day)
    return {name: engine.arrow(getattr(tables, name)).to_pylist() for name in ("subject", "licence", "licence_period", "history")}


def _one_by_one(rows: list[Row], extracts: dict[str, list[Row]], made: dict[str, list[Row]], day: date) -> dict[str, Any]:
    pack = shipped_pack()
    rules = read_golden_rules(pack).status
    soon = soon_on(day, read_calendar(pack), rules.licence)
    record = {r["record_id"]: r for r in rows}
    periods, chosen = defaultdict(list), {h["subject_id"]: h["value"] for h in made["history"] if h["field"] == "status" and h["chosen"]}
    for period in made["licence_period"]:
        periods[period["subject_id"]].append(period)

    def of(kind: str, subject: str) -> list[Row]:
        return [
            x | {"observed_on": record[x["record_id"]]["observed_on"]}
            for x in extracts[kind]
            if record[x["record_id"]]["subject"] == subject
        ]

    told = {}
    for subject in {r["subject"] for r in rows}:
        registrations = of("registration", subject)
        stated = {r["registration_status"] for r in registrations} - {None}
        found = licences_on(periods[subject], day, rules.licence, soon)
        status = subject_on(
            registrations,
            of("credit", subject),
            [standing for _, standing in found],
            chosen=chosen.get(subject, min(stated, default=None)),
            day=day,
            rules=rules,
        )
        licences = {(subject, i["licence_no"], i["licence_kind"]): (i["record_id"], one.status, one.reason, one.soon) for i, one in found}
        told[subject] = (status.status, status.reason), licences
    return told
