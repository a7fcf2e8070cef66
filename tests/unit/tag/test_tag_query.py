"""The tag query: what it means, and where it is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.errors import BadInput
from evenhand.rulebook import shipped_pack
from evenhand.tag import families_of, parse_query, read_tag_rules

FAMILIES = families_of(read_tag_rules(shipped_pack()))


def read(text: str) -> str:
    return str(parse_query(text, FAMILIES))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("业态=食堂 & 场所=学校 & 等级=C & !两年已覆盖", "(((T01-05 & T06-01) & T10-FC) & !(!(T12-05)))"),
        ("T01=T01-05", "T01-05"),
        ("主体业态=集中用餐单位食堂", "T01-05"),
        ("业态!=食堂", "!(T01-05)"),
        ("小作坊 | 小餐饮 & 投诉集中", "(T01-06 | (T01-07 & T12-02))"),
        ("(小作坊 | 小餐饮) & 投诉集中", "((T01-06 | T01-07) & T12-02)"),
        ("经营项目含熟食", "T04-02"),
        ("经营项目 含 散装", "T04-01|T04-02"),
        ("规模>=中型", "T09-01|T09-02"),
        ("规模<小型", "T09-04"),
        ("等级≥C", "T10-FC|T10-FD"),
        ("业态＝食堂 ｜ 关注＝投诉集中", "(T01-05 | T12-02)"),
        ("小作坊 且 非 投诉集中", "(T01-06 & !(T12-02))"),
    ],
)
def test_a_query_means_the_tags_it_names(text: str, meant: str):
    assert read(text) == meant


def test_a_size_never_compares_with_another_scale():
    assert "T09-1" not in read("规模>=微型")


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", 1, "查询是空的"),
        ("业态=食糖", 4, "没有“食糖”"),
        ("业太=食堂", 1, "没有标签族“业太”"),
        ("业态=食堂 & (场所=学校", 9, "括号没有配对"),
        ("业态=食堂 场所=学校", 7, "应当用 & 或者 | 连接"),
        ("业态>食堂", 4, "没有大小之分"),
        ("业态=", 4, "之后应当是标签"),
        ("小作坊 &", 6, "这里应当是标签族、标签或者括号"),
        ("!" * 501, 501, "不能超过 500 个字"),
    ],
)
def test_a_wrong_query_is_refused_with_its_place_in_one_sentence(text: str, place: int, said: str):
    with pytest.raises(BadInput) as refused:
        read(text)

    (problem,) = refused.value.problems
    assert f"第 {place} 个字" in problem.zh
    assert said in problem.zh


@given(st.text(alphabet='业态食堂场所=!&|()<>含"“” T01-5≥　', max_size=40))
def test_any_text_is_a_query_or_is_refused(text: str):
    try:
        answer = read(text)
    except BadInput as refused:
        answer = refused.problems[0].zh
    assert answer
