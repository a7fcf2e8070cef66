"""Rules that are missing or bad are refused in full: each fault once, with its file and place."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from evenhand.errors import BadInput
from evenhand.golden import read_golden_rules
from evenhand.rulebook import Pack, shipped_pack

SUBJECT, STATUS, LEVELS = "golden/subject.yaml", "golden/status.yaml", "golden/levels.yaml"


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """A copy of the golden rules that a test may spoil."""
    for folder in ("golden", "parameters"):
        shutil.copytree(shipped_pack().root / folder, tmp_path / "示例" / folder)
    return Pack(tmp_path / "示例")


def refused(pack: Pack) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_golden_rules(pack)
    return [re.sub(r"(?<= )第[0-9]+行 ", "", f"{problem.code} {problem.zh}") for problem in caught.value.problems]


def spoil(pack: Pack, file: str, change: Callable[[dict[str, Any]], object]) -> None:
    document = yaml.safe_load((pack.root / file).read_text("utf-8"))
    change(document)
    (pack.root / file).write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")


@pytest.mark.parametrize("file", [SUBJECT, STATUS, LEVELS])
def test_a_missing_rule_file_is_named_once(pack, file):
    (pack.root / file).unlink()

    assert refused(pack) == [f"GOLD-01 规则包 示例 没有 {file}。请补上。"]


def test_all_missing_files_are_told_together(pack):
    for file in (SUBJECT, STATUS, LEVELS):
        (pack.root / file).unlink()

    assert refused(pack) == [f"GOLD-01 规则包 示例 没有 {file}。请补上。" for file in (SUBJECT, STATUS, LEVELS)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda d: d["fields"][1].update(steps=["newest"]),
            "fields.1.steps.0：只能写 'validity'、'source'、'agreement' 或 'recency'；现为“newest”",
        ),
        (lambda d: d["fields"][1].update(steps=["source", "source"]), "fields.1：GS-02：steps 有重复"),
        (lambda d: d["fields"][1].update(sources=["registry"]), "fields.1：GS-02：没有数据种类 registry"),
        (lambda d: d.update(fields=[]), "fields：至少要有 1 项"),
        (lambda d: d["fields"].pop(8), "fields：缺少字段 office 的规则"),
        (lambda d: d["fields"].append(d["fields"][0]), "fields：字段 uscc 有两条规则"),
        (lambda d: d["fields"][0].update(field="colour"), "fields：缺少字段 uscc 的规则；不认识字段 colour"),
        (lambda d: d["reasons"].pop("recency"), "reasons.recency：缺“recency”；请补上"),
        (
            lambda d: d.update(weights=1),
            "weights：不认识“weights”；可用 term、name、meaning、source、read_on、confidence、phone_pattern、fields、reasons",
        ),
        (lambda d: d.update(phone_pattern="("), "phone_pattern：不是正则式"),
    ],
)
def test_a_bad_survivor_rule_is_named_by_its_place(pack, change, told):
    spoil(pack, SUBJECT, change)

    assert refused(pack) == [f"GOLD-02 {SUBJECT} {told}。请照同目录说明改正。"]


def test_a_bad_status_rule_is_named_by_its_place(pack):
    spoil(pack, STATUS, lambda d: d["licence"].update(soon_working_days=-1))

    assert refused(pack) == [f"GOLD-02 {STATUS} licence.soon_working_days：不能小于 0；现为“-1”。请照同目录说明改正。"]


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        (
            STATUS,
            lambda d: d["licence"]["reasons"].update(expired="早于 {today}"),
            "licence.reasons.expired：不认识 {today}，可以用 asof、begins_on、",
        ),
        (STATUS, lambda d: d["licence"]["reasons"].update(expired="早于 {asof"), "licence.reasons.expired：花括号不成对"),
        (
            STATUS,
            lambda d: d["subject"]["begins"].update(存续="approved_on"),
            "subject.begins.存续：只能写 'founded_on' 或 'cancelled_on'",
        ),
        (STATUS, lambda d: d["subject"]["dormant"].update(years=0), "subject.dormant.years：不能小于 1"),
        (LEVELS, lambda d: d["chain"].update(gap_days=-1), "chain.gap_days：不能小于 0"),
        (LEVELS, lambda d: d["move"]["new_number"].update(confidence=2), "move.new_number.confidence：不能大于 1"),
        (LEVELS, lambda d: d["branch"].update(legal_forms=[]), "branch.legal_forms：至少要有 1 项"),
        (LEVELS, lambda d: d["branch"].update(several="{n} 个"), "branch.several：不认识 {n}，可以用 count、other_name"),
    ],
)
def test_a_bad_rule_of_statuses_or_levels_is_named_by_its_place(pack, file, change, told):
    spoil(pack, file, change)

    [problem] = refused(pack)
    assert problem.startswith(f"GOLD-02 {file} {told}")


def test_every_fault_of_both_files_is_told_at_once(pack):
    spoil(pack, SUBJECT, lambda d: d["reasons"].pop("recency"))
    spoil(pack, STATUS, lambda d: (d["licence"].pop("valid_code"), d["forms"].pop("filing")))

    assert len(refused(pack)) == 3


def test_a_rule_file_that_is_a_list_is_refused(pack):
    (pack.root / SUBJECT).write_text("- a\n", "utf-8")

    assert refused(pack) == [f"GOLD-02 {SUBJECT} 全文：应为名称和值的表。请照同目录说明改正。"]
