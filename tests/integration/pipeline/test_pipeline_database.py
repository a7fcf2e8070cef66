"""The double-random database: every file that plans, draws and libraries really write has the tables, columns and headings of the standard."""

import csv
from dataclasses import fields

import pyarrow.parquet as pq
import pytest

from evenhand.draw.ledger import APPROVERS, RECORD_FIELDS
from evenhand.pipeline.drawing import read_agreed
from evenhand.pipeline.drawing.opening import Row
from evenhand.pipeline.fairness.reconciling import Settled, Swapped, Undrawn
from evenhand.pipeline.inspectors.reading import SHEETS
from evenhand.pipeline.planning import PlanFolder
from evenhand.plan import Campaign
from evenhand.plan.campaigns import Approval
from evenhand.plan.matters import Matter
from evenhand.rulebook import shipped_pack
from evenhand.standards import DOUBLE_RANDOM, RELATIONS, TABLES
from evenhand.standards.shapes import Mask


@pytest.mark.parametrize("name", ["duties", "visits", "served", "left_out", "apart", "over_budget"])
def test_a_written_plan_has_the_columns_of_the_standard(quarter: PlanFolder, name: str) -> None:
    table = DOUBLE_RANDOM[name]
    held = pq.read_schema(quarter.folder / f"{name}.parquet")
    with (quarter.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        headings, *rows = list(csv.reader(file))

    assert sorted(held.names) == sorted(table.names)
    assert headings == [column.title for column in table.columns]
    for column, values in zip(table.columns, zip(*rows, strict=True), strict=True) if rows else ():
        if column.type.is_boolean():
            assert set(values) <= {"是", "否"}, column.name
        if column.type.is_date():
            assert all(len(value) == len("2026-07-01") for value in values if value), column.name


def test_records_of_the_ledger_have_the_fields_of_the_standard() -> None:
    told = {
        name.removeprefix("draw_"): set(table.names) - {"serial", "prev"}
        for name, table in DOUBLE_RANDOM.items()
        if name.startswith("draw_")
    }
    del told["item"]

    assert told == {kind: set(fields) for kind, fields in RECORD_FIELDS.items()}


def test_the_workbook_of_the_library_has_the_headings_of_the_standard() -> None:
    for sheet, name in (("人员", "person"), ("请假", "leave"), ("回避", "recusal")):
        assert [column.title for column in DOUBLE_RANDOM[name].columns] == list(SHEETS[sheet])


def test_matters_and_campaigns_have_the_fields_of_the_standard() -> None:
    def names(model: type, inner: dict[str, type]) -> list[str]:
        found = []
        for name, field in model.model_fields.items():  # type: ignore[attr-defined]
            key = field.alias or name
            found += [f"{key}.{one}" for one in inner[key].model_fields] if key in inner else [key]  # type: ignore[attr-defined]
        return found

    assert names(Matter, {}) == list(DOUBLE_RANDOM["matter"].names)
    assert names(Campaign, {"approval": Approval}) == list(DOUBLE_RANDOM["campaign"].names)


def test_every_reference_leads_from_a_column_to_a_table() -> None:
    for one in RELATIONS:
        assert one.column in DOUBLE_RANDOM[one.table].names, one
        assert one.other in {*DOUBLE_RANDOM, *TABLES}, one


def test_the_approval_matrix_says_what_the_ledger_asks() -> None:
    pack = shipped_pack()
    matrix = {row["term"]: row["approvers"] for row in pack.plain_documents("planning")["planning/approval.yaml"]["approvals"]}

    assert (matrix["抽取作废"], matrix["人员递补"], matrix["对象递补"]) == (
        APPROVERS["void"],
        APPROVERS["substitute"],
        APPROVERS["replace"],
    )
    assert read_agreed(pack).void_approvers == matrix["抽取作废"]


def test_what_is_reconciled_opened_and_hidden_has_the_fields_of_the_standard() -> None:
    for shape, name in ((Settled, "settled"), (Undrawn, "undrawn"), (Swapped, "swapped")):
        assert [one.name for one in fields(shape)] == list(DOUBLE_RANDOM[name].names)
    assert ["serial", *(one.name for one in fields(Row))] == list(DOUBLE_RANDOM["opening"].names)
    assert DOUBLE_RANDOM["alias"].columns[2].mask is Mask.INTERNAL
