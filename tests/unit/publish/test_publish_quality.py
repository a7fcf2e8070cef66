"""Scores: what is weighed, what is only shown."""

import pytest

from evenhand.publish.quality import figures, scored, whole

WEIGHTS = {"规范性": 30, "完整性": 10}


def counted(dimension: str, passed: int, failed: int, unknown: int = 0, skipped: int = 0, **keys: str) -> dict[str, object]:
    return {"dimension": dimension, "passed": passed, "failed": failed, "unknown": unknown, "skipped": skipped, **keys}


def test_many_checks_of_one_dimension_do_not_drown_another():
    rows = [counted("规范性", 999_999, 1), counted("完整性", 0, 1)]

    assert whole(rows, weights=WEIGHTS)["score"] == pytest.approx(0.75, abs=1e-5)


def test_rows_of_one_dimension_are_added_up_before_they_are_weighed():
    parts = [counted("规范性", 8, 0), counted("完整性", 1, 1), counted("规范性", 1, 1)]

    assert whole(parts, weights=WEIGHTS) == whole([counted("规范性", 9, 1), counted("完整性", 1, 1)], weights=WEIGHTS)


def test_what_cannot_be_told_or_does_not_apply_is_shown_and_never_scored():
    found = whole([counted("规范性", 1, 1, unknown=50, skipped=70)], weights=WEIGHTS)

    assert (found["score"], found["unknown"], found["skipped"]) == (0.5, 50, 70)


def test_a_dimension_that_was_not_assessed_does_not_lower_the_whole():
    assert whole([counted("规范性", 1, 0), counted("完整性", 0, 0, unknown=9)], weights=WEIGHTS)["score"] == 1


@pytest.mark.parametrize("rows", [[], [counted("规范性", 0, 0, skipped=4)], [counted("时效性", 3, 0)]])
def test_nothing_assessed_or_nothing_weighed_has_no_score(rows):
    assert whole(rows, weights=WEIGHTS)["score"] is None


def test_without_weights_all_dimensions_weigh_the_same():
    assert whole([counted("规范性", 1, 0), counted("完整性", 0, 1)], weights={})["score"] == 0.5


def test_each_group_has_its_own_whole():
    rows = [counted("规范性", 1, 0, source="甲"), counted("完整性", 0, 1, source="甲"), counted("规范性", 0, 2, source="乙")]

    found = scored(rows, keys=("source",), weights=WEIGHTS)

    assert [(row["source"], row["score"]) for row in found] == [("甲", 0.75), ("乙", 0.0)]


def test_the_figures_of_a_release_hold_each_dimension_and_the_whole():
    found = figures([counted("完整性", 1, 1), counted("规范性", 1, 0), counted("规范性", 1, 0)], weights=WEIGHTS)

    assert {row["dimension"]: row["score"] for row in found["dimensions"]} == {"完整性": 0.5, "规范性": 1.0}
    assert found["whole"] == [{"passed": 3, "failed": 1, "unknown": 0, "skipped": 0, "score": 0.875}]
