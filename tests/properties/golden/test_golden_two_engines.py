"""Survivorship in one pass over a table and survivorship written from the text give the same answer."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine import Engine
from evenhand.golden import golden, read_golden_rules
from evenhand.golden.explain import choices
from evenhand.rulebook import shipped_pack
from evenhand.standards import TABLES
from tests.factories.records import CODES, make_record, make_records

KINDS = ("registration", "operation_licence", "production_licence", "inspection", "complaint")
FIELDS = ("name", "legal_person", "phone", "registration_no", "office", "residence")
VALUES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS), "source": st.sampled_from("甲乙丙"), "observed_on": st.none() | st.integers(-40, 5).map(lambda n: date(2026, 1, 1) + timedelta(days=n * 30)),
        "uscc": st.sampled_from([None, CODES[0], CODES[1], "91350102MA2XTE0T4F"]), "phone": st.sampled_from([None, "13900000001", "059187654321", "12"]),
        "place": st.sampled_from([None, "五四路8号", "八一七路1号"]), "place_key": st.sampled_from([None, "350102|五四路|8"]),
        **{name: st.sampled_from([None, "a", "b", "c"]) for name in FIELDS if name != "phone"},
    }
)  # fmt: skip


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])
@given(subjects=st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=80, max_size=100))
def test_the_table_and_the_text_choose_alike(tmp_path_factory, subjects):
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for s, members in enumerate(subjects):
        for n, row in enumerate(members):
            place = {"place": row["place"], "place_key": row["place_key"] if row["place"] else None}
            groups[f"S{s:03}"].append(make_record(f"{n}-{s:03}", **(row | place)))
    scratch: Path = tmp_path_factory.mktemp("spill")

    with Engine(scratch=scratch) as engine:
        subject, history = _batch(engine, groups)

    rules = read_golden_rules(shipped_pack()).survivors
    for s, rows in groups.items():
        for choice in choices(rows, rules):
            assert subject[s][choice.field] == choice.value, (s, choice)
            told = history.get((s, choice.field))
            assert told in {None, (choice.value, choice.rule, choice.reason, choice.record_id)}, (s, choice)


def _batch(engine: Engine, groups: dict[str, list[dict[str, Any]]]) -> tuple[dict[str, Any], dict[tuple[str, str], tuple[str, ...]]]:
    members = [{"record_id": r["record_id"], "subject_id": s, "rule": "x", "score": 1.0, "evidence": ""} for s, rows in groups.items() for r in rows]
    membership = engine.table(pa.Table.from_pylist(members, schema=TABLES["membership"].schema.to_pyarrow()))
    finding = engine.table(TABLES["finding"].schema.to_pyarrow().empty_table())
    record = engine.table(make_records([r for rows in groups.values() for r in rows]))
    tables = golden({}, record, membership, finding, pack=shipped_pack(), engine=engine, asof=date(2026, 6, 30))
    subject = {row["subject_id"]: row for row in engine.arrow(tables.subject).to_pylist()}
    history = {
        (h["subject_id"], h["field"]): (h["value"], h["rule"], h["reason"], h["record_id"]) for h in engine.arrow(tables.history).to_pylist() if h["chosen"] and h["field"] != "place"
    }
    return subject, history
