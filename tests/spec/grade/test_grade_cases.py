"""The worked cases of the pack come out as they state; a case that states otherwise is told."""

from pathlib import Path

import pytest

from evenhand.grade import case_period, failing_cases, read_cases, shipped_rules
from evenhand.rulebook import Pack, shipped_pack

RULES = shipped_rules()
CASES = [case for cases in read_cases(shipped_pack()).values() for case in cases]


def test_every_case_comes_out_as_it_states():
    assert [problem.zh for problem in failing_cases(shipped_pack(), RULES)] == []


def test_cases_speak_of_every_trigger_and_model():
    fired = {one.trigger.id for case in CASES if (period := case_period(case, RULES)) for one in period.standing.fired}

    assert {t.id for t in RULES.schemes["FJ-DEFAULT"].triggers} <= fired
    assert {"production", "sale", "catering", "special", "credit"} <= {case.model for case in CASES}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('score: "12 + 1"', "得分应为“12 + 1”，按规则得“20.2”"),
        ("grade: D", "等级应为“D”，按规则得“A”"),
        ("triggers: [FJ-T1]", "触发应为“FJ-T1”，按规则得“”"),
    ],
)
def test_a_case_that_states_otherwise_is_told(tmp_path: Path, wrong: str, told: str):
    folder = tmp_path / "cases" / "grading"
    folder.mkdir(parents=True)
    shop = "{tags: [T01-03, T04-03], sale_area: 100, subject_type: 个体工商户, founded: 2015-01-01}"
    (folder / "a.yaml").write_text(
        f"cases: [{{id: Z-1, title: 例, model: sale, facts: {shop}, asked: 2026-02-01, expect: {{{wrong}}}}}]", "utf-8"
    )

    found = [problem.zh for problem in failing_cases(Pack(tmp_path), RULES)]

    assert len(found) == 1
    assert told in found[0]
