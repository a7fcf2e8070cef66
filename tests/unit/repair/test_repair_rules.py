"""A bad file of repair rules is refused with the place and the reason; a good one says who may act alone."""

from pathlib import Path

import pytest
import yaml

from evenhand.errors import BadInput
from evenhand.repair import RepairRule, read_repair_rules
from evenhand.rulebook import load_pack, shipped_pack

RULE = {"id": "X", "title": "x", "ways": ["missing"], "prior": 0.9}


def pack_with(tmp_path: Path, **changes: object):
    (tmp_path / "codes").mkdir()
    (tmp_path / "repair").mkdir()
    rules = shipped_pack().documents("repair")["repair/codes.yaml"] | changes
    (tmp_path / "repair" / "codes.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")
    return load_pack(tmp_path)


def test_a_pack_without_repair_rules_is_refused(tmp_path):
    (tmp_path / "codes").mkdir()

    with pytest.raises(BadInput, match="REPAIR-01"):
        read_repair_rules(load_pack(tmp_path))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules": [RULE, RULE]}, "编号重复：X"), ({"rules": [RULE | {"ways": ["guess"]}]}, "rules.0.ways.0"), ({"rules": [RULE | {"ways": []}]}, "ways 与 link 至少写一项"),
        ({"rules": [RULE | {"told": 1, "right": 2}]}, "right 大于 told"), ({"agree": {"colour": "颜色"}}, "没有列 colour"),
        ({"confusable": {"0": "O"}}, "代码不用的字符 O"), ({"threshold": {"precision": 0.9, "told": 1}}, "threshold.precision"),
    ],
)  # fmt: skip
def test_a_bad_rule_is_refused_with_its_place(tmp_path, changes, words):
    with pytest.raises(BadInput) as refusal:
        read_repair_rules(pack_with(tmp_path, **changes))

    assert "REPAIR-02" in str(refusal.value)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("told", "right", "alone"), [(2_000, 2_000, True), (2_000, 1_999, True), (2_000, 1_998, False), (1_999, 1_999, False), (0, 0, False)]
)
def test_a_rule_acts_alone_when_it_was_measured_often_and_precisely_enough(told, right, alone):
    rules = read_repair_rules(shipped_pack())

    assert rules.automatic(RepairRule(**RULE | {"told": told, "right": right})) is alone


def test_a_rule_that_computes_from_parts_never_acts_alone_however_precise():
    rules = read_repair_rules(shipped_pack())

    assert not rules.automatic(RepairRule(id="X", title="x", ways=("parts",), prior=0.9, told=10_000, right=10_000))


def test_no_shipped_rule_acts_alone_below_the_precision_that_the_bureau_asks():
    rules = read_repair_rules(shipped_pack())
    alone = [rule for rule in rules.rules if rules.automatic(rule)]

    assert alone
    assert all(rule.right / rule.told >= 0.9995 for rule in alone)
