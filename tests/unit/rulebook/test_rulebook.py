"""A rule pack is refused with every fault of its files at once."""

from pathlib import Path

import pytest

from evenhand.errors import BadInput
from evenhand.rulebook import load_pack, read_code_list, shipped_pack
from evenhand.standards import ELEMENTS

ORIGIN = "# title: 例\n# source: 例\n# read_on: 2026-11-25\n# confidence: DESIGN\n"


def _list(folder: Path, text: str) -> Path:
    path = folder / "kinds.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("code,name\n1,甲\n", ["RULE-04"] * 4),
        (ORIGIN + "code,name\n", ["RULE-06"]),
        (ORIGIN + "code,name\n1,甲,多\n2\n", ["RULE-05", "RULE-05"]),
        ("# title: 例\ncode,name\n1\n", ["RULE-04", "RULE-04", "RULE-04", "RULE-05"]),
    ],
)
def test_every_fault_of_a_code_list_is_told_at_once(text: str, codes: list[str], tmp_path: Path):
    with pytest.raises(BadInput) as refusal:
        read_code_list(_list(tmp_path, text))

    assert [problem.code for problem in refusal.value.problems] == codes


def test_a_code_beats_the_alias_of_another(tmp_path: Path):
    found = read_code_list(_list(tmp_path, ORIGIN + "code,name,aliases\n1,甲,2|一\n2,乙,\n")).spellings

    assert found == {"1": "1", "2": "2", "甲": "1", "乙": "2", "一": "1"}


def test_a_folder_without_codes_is_no_pack(tmp_path: Path):
    with pytest.raises(BadInput, match="不是规则包"):
        load_pack(tmp_path)


def test_unreadable_documents_are_named_together(tmp_path: Path):
    for name, text in {"a.yaml": "a: [", "b.toml": "x ="}.items():
        (tmp_path / "quality").mkdir(exist_ok=True)
        (tmp_path / "quality" / name).write_text(text, "utf-8")
    (tmp_path / "codes").mkdir()

    with pytest.raises(BadInput) as refusal:
        load_pack(tmp_path).documents("quality")

    assert [problem.fields["file"] for problem in refusal.value.problems] == ["quality/a.yaml", "quality/b.toml"]


def test_the_digest_tells_any_change(tmp_path: Path):
    (tmp_path / "codes").mkdir()
    _list(tmp_path / "codes", ORIGIN + "code,name\n1,甲\n")
    before = load_pack(tmp_path).digest
    _list(tmp_path / "codes", ORIGIN + "code,name\n1,乙\n")

    assert load_pack(tmp_path).digest != before


def test_the_digest_tells_a_change_in_a_folder_that_packs_share(tmp_path: Path):
    (tmp_path / "common").mkdir()
    (tmp_path / "pack" / "codes").mkdir(parents=True)
    (tmp_path / "pack" / "price").symlink_to("../common")
    (tmp_path / "common" / "weights.yaml").write_text("subject: 1\n")
    before = load_pack(tmp_path / "pack").digest
    (tmp_path / "common" / "weights.yaml").write_text("subject: 7\n")

    assert load_pack(tmp_path / "pack").digest != before


def test_every_code_list_of_the_standards_is_in_the_shipped_pack():
    assert {e.codes for e in ELEMENTS.values() if e.codes} <= set(shipped_pack().lists)


@pytest.mark.parametrize("name", shipped_pack().lists)
def test_every_shipped_code_list_says_where_it_comes_from(name: str):
    assert shipped_pack().codes(name).origin["source"]
