"""Ways a file of tag rules can be wrong, and the words of each refusal."""

from typing import Any

import pytest

from evenhand.engine import Engine
from evenhand.errors import BadInput
from evenhand.rulebook import shipped_pack
from evenhand.tag import failing_cases, read_tag_file


def family(rule: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    whole = {"id": "T06-91a", "version": 1, "read": "subject", "where": {"name": {"has": "w"}}, "evidence": "名称“{name}”"} | (rule or {})
    words = {"w": {"any": ["书院"], "before": ["路"], "yes": ["鹅湖书院"], "no": ["书院路小吃店"]}}
    return {
        "family": "T06", "term": "重点场所", "name": "venue", "meaning": "例", "source": "例", "read_on": "2026-11-25", "confidence": "DESIGN", "words": words,
        "tags": [{"code": "T06-91", "value": "书院", "rules": [whole]}],
    } | changes  # fmt: skip


def refusal(document: dict[str, Any]) -> str:
    with pytest.raises(BadInput) as refused:
        read_tag_file("新规则.yaml", document, shipped_pack())
    return "\n".join(problem.zh for problem in refused.value.problems)


def test_the_whole_example_is_accepted():
    assert read_tag_file("新规则.yaml", family(), shipped_pack()).tags[0].code == "T06-91"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"read": "shop"}, "没有视图 shop"),
        ({"where": {"nickname": "x"}}, "subject 没有列 nickname"),
        ({"evidence": "{nickname}"}, "subject 没有列 nickname"),
        ({"where": {"name": {"like": "x"}}}, "比较“like”不存在"),
        ({"where": {"name": {"has": "v"}}}, "没有词典 v"),
        ({"none": {"read": "licence", "where": {"nickname": 1}}}, "none 的视图或者列不存在"),
        ({"count": 2}, "依据里只能写 {count}"),
    ],
)
def test_a_wrong_rule_is_refused(rule: dict[str, Any], said: str):
    assert said in refusal(family(rule))


def test_a_tag_of_another_family_is_refused():
    assert "T07-01 不属于 T06" in refusal(family(tags=[{"code": "T07-01", "value": "书院"}]))


def test_a_pattern_that_cannot_be_read_is_refused():
    words = {"w": {"any": ["书院"], "unless": ["("], "yes": ["鹅湖书院"], "no": ["小吃店"]}}

    assert "不是正则式" in refusal(family(words=words))


def test_a_worked_case_that_fails_is_told(tmp_path):
    words = {"w": {"any": ["书院"], "yes": ["鹅湖书院"], "no": ["书院路小吃店"]}}
    rules = read_tag_file("新规则.yaml", family(words=words), shipped_pack())

    with Engine(scratch=tmp_path) as engine:
        told = [problem.zh for problem in failing_cases(rules, engine=engine)]

    assert len(told) == 1
    assert "书院路小吃店" in told[0]
