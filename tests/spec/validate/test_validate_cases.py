"""Every quality rule does what its worked cases say, and the rules cover what the regulations ask for."""

import pytest

from evenhand.validate.cases import CaseResult, run_cases
from evenhand.validate.rules import DIMENSIONS


@pytest.fixture(scope="module")
def results(quality_rules, quality_engine, quality_pack) -> list[CaseResult]:
    return list(run_cases(quality_rules, engine=quality_engine, pack=quality_pack))


def test_each_case_has_the_answer_it_states(results):
    wrong = [(r.rule.id, r.case.title or r.case.rows[0], r.case.expect, r.outcome) for r in results if r.outcome != r.case.expect]

    assert wrong == []


def test_each_proposal_is_the_one_the_case_states(results):
    asked = [r for r in results if r.case.proposal is not None]

    assert len(asked) >= 8
    assert [(r.rule.id, r.finding["proposal"]) for r in asked if r.finding["proposal"] != r.case.proposal] == []


def test_each_failing_case_leaves_a_finding_with_a_whole_chinese_sentence(results):
    failing = [r for r in results if r.case.expect == "fail"]

    assert [r.rule.id for r in failing if not r.finding["reason"].endswith("。") or "{" in r.finding["reason"]] == []


def test_a_proposal_says_how_sure_it_is_and_no_proposal_says_nothing(results):
    findings = [r.finding for r in results if r.finding]

    assert [f["rule"] for f in findings if (f["proposal"] is None) != (f["confidence"] is None)] == []


def test_there_are_at_least_sixty_rules_and_each_dimension_has_one(quality_rules):
    assert len(quality_rules) >= 60
    assert {rule.dimension for rule in quality_rules} == set(DIMENSIONS)


def test_each_rule_has_a_passing_and_a_failing_case(quality_rules):
    assert [rule.id for rule in quality_rules if not {"pass", "fail"} <= {case.expect for case in rule.cases}] == []


def test_each_fact_of_law_carries_its_confidence(quality_rules):
    assert {rule.law.tag.split()[0] for rule in quality_rules} <= {"VERIFIED", "VERIFIED†", "RECALLED", "DESIGN"}


@pytest.mark.parametrize(
    "rule",
    [
        "USCC-01", "USCC-04", "USCC-08", "USCC-07",  # code empty, wrong check, wrong category, 92 on an enterprise
        "OFFICE-03",  # office not in the county of the place
        "LIC-02", "LIC-07", "LIC-12", "LIC-09", "LIC-11",  # check digit, county, expired but valid, JY digit, five years
        "DUP-01", "DUP-03",  # duplicates
        "PHONE-01", "PERSON-01",  # formats
        "INSPECT-02", "INSPECT-04", "INSPECT-09", "RECTIFY-01",  # before the licence, verdict, published late, rectified early
        "INSPECT-12", "TEAM-02",  # certificates
    ],
)  # fmt: skip
def test_the_faults_named_by_the_service_requirements_have_their_rule(quality_rules, rule):
    assert rule in {r.id for r in quality_rules}
