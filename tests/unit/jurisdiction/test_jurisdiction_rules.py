"""A pack whose rules of jurisdiction are bad is refused with every fault at once."""

import shutil
from pathlib import Path

import pytest
import yaml

from evenhand.errors import BadInput
from evenhand.jurisdiction import read_jurisdiction_rules
from evenhand.rulebook import load_pack, shipped_pack


def spoiled(tmp_path: Path, file: str, **changes: object) -> Path:
    """A copy of the shipped pack's codes and rules with some keys of one file changed."""
    for folder in ("codes", "jurisdiction"):
        shutil.copytree(shipped_pack().root / folder, tmp_path / "pack" / folder)
    path = tmp_path / "pack" / "jurisdiction" / file
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text("utf-8")) | changes, allow_unicode=True), "utf-8")
    return tmp_path / "pack"


def test_the_shipped_rules_read(tmp_path: Path):
    assert read_jurisdiction_rules(shipped_pack()).votes.due_working_days >= 1


@pytest.mark.parametrize(
    ("file", "changes", "said"),
    [
        ("votes.yaml", {"sources": {"inspector": 1}}, "没有写明机构的数据种类 inspector"),
        ("votes.yaml", {"sources": {"filing": 0}}, "票重应大于零：filing"),
        ("votes.yaml", {"due_working_days": 0}, "due_working_days"),
        ("votes.yaml", {"area": {"separators": "[", "whole": []}}, "不是正则式"),
        ("votes.yaml", {"least": {"agreed": 0.5, "corrected": 0.4, "agreeing": 1}}, "least.corrected"),
        ("zones.yaml", {"zones": [{"id": "ZN-1", "title": "甲", "county": "3501", "words": ["甲"], "office": "甲局"}]}, "zones.0.county"),
        ("zones.yaml", {"zones": [{"id": "ZN-1", "title": "甲", "county": "350102", "words": [], "office": "甲局"}]}, "zones.0.words"),
        ("zones.yaml", {"zones": [{"id": "ZN-1", "title": "甲", "county": "350102", "words": ["甲"], "office": "甲局"}] * 2}, "编号重复：ZN-1"),
        ("zones.yaml", {"zones": [{"id": "ZN-1", "title": "甲", "county": "350102", "words": ["甲"], "office": "甲局", "from": "2026-01-02", "to": "2026-01-01"}]}, "止日早于起日"),
    ],
)  # fmt: skip
def test_a_bad_rule_is_refused_where_it_stands(tmp_path: Path, file: str, changes: dict[str, object], said: str):
    with pytest.raises(BadInput, match="JUR-02") as refused:
        read_jurisdiction_rules(load_pack(spoiled(tmp_path, file, **changes)))

    assert said in str(refused.value)


def test_both_missing_files_are_told_at_once(tmp_path: Path):
    shutil.copytree(shipped_pack().root / "codes", tmp_path / "pack" / "codes")

    with pytest.raises(BadInput) as refused:
        read_jurisdiction_rules(load_pack(tmp_path / "pack"))

    assert [p.code for p in refused.value.problems] == ["JUR-01", "JUR-01"]
