"""The way of a value on the page: sources by title, spellings that look alike told apart."""

from typing import Any

from evenhand.pipeline.cells import Cell, CellHistory
from evenhand.publish import SubjectCard
from evenhand.web.registry.cells import cell_context

_SUBJECT = {"subject_id": "S1", "name": "福味饮食店", "uscc": "91350102MA2XTE0T4E"}
_ZERO_WIDTH = "\u200b"


def _context(raw: str) -> dict[str, Any]:
    card = SubjectCard(subject=_SUBJECT, licences=(), sites=(), rows=(), findings=(), history=())
    cell = Cell(kind="投诉举报", source="complaint_12345", delivery="2026-06-30", file="a.csv", sheet="", row=5, record_id="R1", raw=raw, standard="福味饮食店", identified="福味饮食店", repair="")  # fmt: skip
    history = CellHistory(subject=_SUBJECT, field="name", title="主体名称", value="福味饮食店", rule="GS-01.source", reason="", cells=(cell,), others=(), decisions=())  # fmt: skip
    return cell_context(card, history, titles={"complaint_12345": "12345热线转办单"})


def test_a_source_is_named_by_its_title_and_a_rule_without_its_step() -> None:
    context = _context("福味饮食店")
    (row,) = context["rows"]

    assert row["source"] == "12345热线转办单"
    assert context["rule"] == "GS-01"
    assert [step["value"] for step in row["steps"]] == ["福味饮食店"]


def test_a_raw_text_that_looks_like_the_standard_value_says_why_it_is_shown() -> None:
    (row,) = _context(f"福味{_ZERO_WIDTH}饮食店")["rows"]

    assert [step["value"] for step in row["steps"]] == [f"福味{_ZERO_WIDTH}饮食店（含不可见字符）", "福味饮食店"]
