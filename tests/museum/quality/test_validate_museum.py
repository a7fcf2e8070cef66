"""One broken rule file of each kind, and the words with which it is refused: where, what, what is allowed."""

from pathlib import Path

import pytest
import yaml

from evenhand.errors import BadInput
from evenhand.rulebook import load_pack
from evenhand.validate import read_rules, read_weights

GOOD = {
    "id": "X-01", "title": "名称为空", "dimension": "完整性", "indicator": "0201", "data": "registration", "field": "name",
    "condition": "present(name)", "empty": "fail", "severity": "error", "law": {"title": "示例", "article": "第一条", "tag": "DESIGN"},
    "remedy": "补录。", "reason": "名称为空。", "cases": [{"expect": "pass", "row": {"name": "阿福"}}, {"expect": "fail", "row": {"name": None}}],
}  # fmt: skip


def refusals(tmp_path: Path, *rules: dict, document: object = None) -> list[str]:
    """What is said about a pack with one rule file."""
    (tmp_path / "codes").mkdir()
    (tmp_path / "quality").mkdir()
    origin = "".join(f"# {key}: 示例\n" for key in ("title", "source", "read_on", "confidence"))
    (tmp_path / "codes" / "subject_type.csv").write_text(origin + "code,name\n企业,企业\n", "utf-8")
    written = document if document is not None else {"group": "示例", "rules": list(rules)}
    (tmp_path / "quality" / "x.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
    with pytest.raises(BadInput) as refused:
        read_rules(load_pack(tmp_path))
    return [f"{p.code} {p.zh}" for p in refused.value.problems]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"conditon": "x"}, "QR-03 quality/x.yaml 规则X-01：没有“conditon”这一项，最接近的是“condition”"),
        ({"law": None}, "QR-02 quality/x.yaml 规则X-01：缺少“law”（依据）"),
        ({"law": {"title": "示例", "article": "第一条"}}, "缺少“law.tag”"),
        ({"law": {"title": "示例", "article": "第一条", "tag": "SURE"}}, "“law.tag”不能是“SURE”"),
        ({"remedy": ""}, "缺少“remedy”（下一步怎么办）"),
        ({"dimension": "完整"}, "“dimension”不能是“完整”，最接近的是“完整性”"),
        ({"indicator": "0301"}, "“indicator”不能是“0301”"),
        ({"severity": "fatal"}, "“severity”不能是“fatal”"),
        ({"empty": "maybe"}, "“empty”不能是“maybe”"),
        ({"data": "registrations"}, "“data”不能是“registrations”，最接近的是“registration”"),
        ({"field": "nam"}, "“field”里的“nam”不是数据集“registration”的字段，最接近的是“name”"),
        ({"condition": "present(naem)"}, "“condition”里的“naem”不是数据集“registration”的字段，最接近的是“name”"),
        ({"condition": "presnt(name)"}, "没有函数“presnt”，最接近的是“present”"),
        ({"condition": "present(name, uscc)"}, "present 有2个参数。应为1至1个"),
        ({"condition": "matches(name, uscc)"}, "此处应为加引号的文字"),
        ({"condition": "name.upper()"}, "QR-07 quality/x.yaml 规则X-01：读不懂“condition”"),
        ({"condition": "name"}, "的结果不是是或否"),
        ({"condition": "capital > '大'"}, "读不懂“condition”"),
        ({"condition": 'in_codes(subject_type, "subject_types")'}, "代码表“subject_types”不在规则包中，最接近的是“subject_type”"),
        ({"condition": 'exists_in(uscc, "filling", "uscc")'}, "不能是“filling”，最接近的是“filing”"),
        ({"condition": 'exists_in(uscc, "filing", "usc")'}, "不能是“usc”，最接近的是“uscc”"),
        ({"reason": "见{nam}。"}, "“reason”里的“nam”不是数据集"),
        ({"reason": "见{a.b}。"}, "读不懂“reason”"),
        ({"confidence": 2}, "“confidence”不能是“2”"),
        ({"cases": None}, "缺少“cases”（示例）"),
        ({"cases": [{"expect": "pass", "row": {"name": "阿福"}}]}, "缺少 fail 的示例"),
        ({"cases": [{"expect": "pass"}, {"expect": "fail", "row": {}}]}, "应有 row 或者 rows"),
    ],
)
def test_a_broken_rule_is_refused_with_place_reason_and_what_is_allowed(tmp_path, change, words):
    said = refusals(tmp_path, GOOD | change)

    assert any(words in sentence for sentence in said), said


def test_an_id_used_twice_is_refused(tmp_path):
    assert any("编号已在 quality/x.yaml 用过" in sentence for sentence in refusals(tmp_path, GOOD, GOOD))


def test_all_faults_of_all_rules_are_told_at_once(tmp_path):
    said = refusals(
        tmp_path, GOOD | {"severity": "fatal", "empty": "maybe"}, GOOD | {"id": "X-02", "condition": "presnt(name)", "remedy": ""}
    )

    assert len([s for s in said if "X-01" in s]) == 2
    assert len([s for s in said if "X-02" in s]) >= 1


@pytest.mark.parametrize("document", [["rules"], {"rules": []}, {"group": "x"}, "text"])
def test_a_file_of_another_shape_is_refused(tmp_path, document):
    assert refusals(tmp_path, document=document)[0].startswith("QR-01 quality/x.yaml：规则文件应写成")


def test_an_impossible_day_in_a_file_is_a_refusal(tmp_path):
    (tmp_path / "codes").mkdir()
    (tmp_path / "quality").mkdir()
    (tmp_path / "quality" / "x.yaml").write_text("group: x\nrules: [{id: 2023-02-29}]\n", "utf-8")

    with pytest.raises(BadInput, match=r"RULE-08 quality/x\.yaml 第2行“rules\.0\.id”：没有 2023-02-29 这一天"):
        read_rules(load_pack(tmp_path))


def test_weights_that_do_not_add_up_are_refused(tmp_path):
    (tmp_path / "codes").mkdir()
    (tmp_path / "quality").mkdir()
    (tmp_path / "quality" / "dimensions.yaml").write_text("weights: {规范性: 100}\n", "utf-8")

    with pytest.raises(BadInput, match="QR-11"):
        read_weights(load_pack(tmp_path))
