"""What `check` promises: nothing is refused or lost, each failing row is listed, passes are kept too."""

from datetime import date

import pytest

from evenhand.standards import TABLES
from evenhand.validate import check
from evenhand.validate.cases import tables_of

ASOF = date(2026, 11, 25)
WRONG = "91350100M000100Y44"
ROWS = {
    "registration": [
        {
            "record_id": "r1",
            "source": "登记",
            "uscc": "91350102MA2XTE0T4E",
            "name": "福州阿福食品有限公司",
            "subject_type": "企业",
            "record_office": "华大所",
        },
        {
            "record_id": "r2",
            "source": "登记",
            "uscc": WRONG,
            "name": "福州阿禄食品有限公司",
            "subject_type": "企业",
            "record_office": "华大所",
        },
        {"record_id": "r3", "source": "登记", "uscc": None, "name": "福州阿寿食品有限公司", "subject_type": "企业"},
    ],
    "filing": [{"record_id": "f1", "source": "备案", "uscc": WRONG, "name": "福州阿禄食品有限公司", "licence_no": "YB13501020000011"}],
}


@pytest.fixture(scope="module")
def some_rules(quality_rules):
    """Rules of one data set and of several, enough to show what `check` promises."""
    return tuple(rule for rule in quality_rules if rule.id.startswith(("USCC-0", "LIC-02", "DUP-0", "DATE-0")))


@pytest.fixture(scope="module")
def checked(some_rules, quality_engine, quality_pack):
    standard, record = tables_of(ROWS)
    tables = {kind: quality_engine.table(rows) for kind, rows in standard.items()}
    return check(tables, quality_engine.table(record), rules=some_rules, asof=ASOF, engine=quality_engine, pack=quality_pack)


@pytest.fixture(scope="module")
def findings(checked, quality_engine):
    return quality_engine.arrow(checked.findings).to_pylist()


@pytest.fixture(scope="module")
def counts(checked, quality_engine):
    return quality_engine.arrow(checked.counts).to_pylist()


def test_both_tables_have_the_declared_columns(checked):
    assert checked.findings.schema() == TABLES["finding"].schema
    assert checked.counts.schema() == TABLES["check_count"].schema


def test_a_wrong_code_is_kept_marked_and_queued_never_refused(findings):
    queued = [f for f in findings if f["rule"] == "USCC-04"]

    assert {f["record_id"] for f in queued} == {"r2", "f1"}
    assert {f["value"] for f in queued} == {WRONG}
    assert "应为“3”" in queued[0]["reason"]


def test_every_failing_row_is_listed_with_its_key(findings, counts):
    failed = {}
    for row in counts:
        failed[row["rule"]] = failed.get(row["rule"], 0) + row["failed"]
    listed = {rule: sum(f["rule"] == rule and f["outcome"] == "fail" for f in findings) for rule in failed}

    assert listed == failed


def test_passes_are_stored_beside_failures(counts):
    row = next(c for c in counts if c["rule"] == "USCC-04" and c["office"] == "华大所")

    assert (row["passed"], row["failed"], row["unknown"], row["skipped"]) == (1, 1, 0, 0)


def test_passed_failed_unknown_and_skipped_add_up_to_the_rows(counts, some_rules):
    rows = {kind: len(group) for kind, group in ROWS.items()}
    expected = {(rule.id, kind): rows[kind] for rule in some_rules for kind in rule.data if kind in rows}
    totals = dict.fromkeys(expected, 0)
    for c in counts:
        totals[c["rule"], c["kind"]] += c["passed"] + c["failed"] + c["unknown"] + c["skipped"]

    assert totals == expected


def test_a_row_without_an_office_counts_under_the_empty_office(counts):
    assert {c["office"] for c in counts if c["kind"] == "registration"} == {"华大所", ""}


def test_passes_parted_for_memory_say_the_same(checked, some_rules, quality_engine, quality_pack):
    standard, record = tables_of(ROWS)
    tables = {kind: quality_engine.table(rows) for kind, rows in standard.items()}

    parted = check(tables, quality_engine.table(record), rules=some_rules, asof=ASOF, engine=quality_engine, pack=quality_pack, at_once=1)

    for whole, part in ((checked.findings, parted.findings), (checked.counts, parted.counts)):
        lines = [sorted(map(str, quality_engine.arrow(table).to_pylist())) for table in (whole, part)]
        assert lines[0] == lines[1]
        assert lines[0]


def test_nothing_delivered_gives_empty_tables(some_rules, quality_engine, quality_pack):
    _, record = tables_of({"registration": []})
    nothing = check({}, quality_engine.table(record), rules=some_rules, asof=ASOF, engine=quality_engine, pack=quality_pack)

    assert quality_engine.count(nothing.findings) == 0
    assert nothing.counts.schema() == TABLES["check_count"].schema


def test_a_number_that_standardising_found_right_is_not_judged_wrong_by_another_field(quality_rules, quality_engine, quality_pack):
    # `record` found a right code in another column, and a right product number; the cells judged here hold something else.
    rows = {
        "registration": [{"record_id": "r1", "source": "登记", "uscc": WRONG, "uscc_state": "wrong", "name": "福州阿福食品有限公司"}],
        "special_food": [
            {
                "record_id": "s1",
                "source": "特食",
                "uscc": "91350102",
                "uscc_state": "valid",
                "licence_no": "SC11135020537522",
                "licence_valid": True,
            }
        ],
    }
    standard, record = tables_of(rows)
    tables = {kind: quality_engine.table(table) for kind, table in standard.items()}

    mine = [rule for rule in quality_rules if rule.id in {"USCC-02", "USCC-04", "LIC-02"}]
    checked = check(tables, quality_engine.table(record), rules=mine, asof=ASOF, engine=quality_engine, pack=quality_pack)

    found = {(row["rule"], row["record_id"]) for row in quality_engine.arrow(checked.findings).to_pylist()}
    assert found == {("USCC-04", "r1"), ("USCC-02", "s1"), ("LIC-02", "s1")}


def test_a_number_that_standardising_found_right_is_not_worked_out_again(quality_rules, quality_engine, quality_pack):
    # The state contradicts the code on purpose: the answer shows which of the two was read.
    standard, record = tables_of(
        {"registration": [{"record_id": "r1", "source": "登记", "uscc": WRONG, "uscc_state": "valid", "name": "福州阿福食品有限公司"}]}
    )
    mine = [rule for rule in quality_rules if rule.id in {"USCC-04", "USCC-05"}]

    checked = check(
        {"registration": quality_engine.table(standard["registration"])}, quality_engine.table(record), rules=mine, asof=ASOF, engine=quality_engine, pack=quality_pack
    )  # fmt: skip

    assert quality_engine.count(checked.findings) == 0
