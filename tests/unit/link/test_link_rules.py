"""A bad file of linking rules is refused with the place and the reason."""

from pathlib import Path

import pytest
import yaml

from evenhand.errors import BadInput
from evenhand.link import read_link_rules
from evenhand.rulebook import load_pack, shipped_pack


def pack_with(tmp_path: Path, **changes: object):
    (tmp_path / "codes").mkdir()
    (tmp_path / "link").mkdir()
    rules = shipped_pack().documents("link")["link/keys.yaml"] | changes
    (tmp_path / "link" / "keys.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")
    return load_pack(tmp_path)


def test_a_pack_without_linking_rules_is_refused(tmp_path):
    (tmp_path / "codes").mkdir()

    with pytest.raises(BadInput, match="LINK-01"):
        read_link_rules(load_pack(tmp_path))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ({"id": "X", "title": "x", "parts": ["colour"], "score": 1}, "没有列 colour"), ({"id": "X", "title": "x", "parts": ["name"], "score": 1.5}, "attach.0.score"),
        ({"id": "LK-01", "title": "x", "parts": ["name"], "score": 1}, "编号重复：LK-01"), ({"id": "X", "title": "x", "parts": ["name"], "against": ["name", "phone"], "score": 1}, "列数不同"),
    ],
)  # fmt: skip
def test_a_bad_key_is_refused_with_its_place(tmp_path, key, words):
    with pytest.raises(BadInput) as refusal:
        read_link_rules(pack_with(tmp_path, attach=[key]))

    assert "LINK-02" in str(refusal.value)
    assert words in str(refusal.value)
