"""The likeness model is trained on a release without labels, and the file of the pack takes the new weights and keeps everything else."""

from datetime import date

import pytest
import yaml

from evenhand.link import read_likeness
from evenhand.pipeline import BuildReport
from evenhand.pipeline.training import Shares, retrained, train_likeness
from evenhand.rulebook import shipped_pack


def test_a_release_teaches_that_the_same_name_speaks_for_the_same_subject(built: BuildReport):
    found = {(one.part, one.level): one for one in train_likeness(built.release, pack=shipped_pack(), share=1.0, seed=1)}

    same, other = found["名称", "相同"], found["名称", "不同"]
    assert same.agree > 0.8
    assert same.chance < 0.01
    assert (same.bits > 5, other.bits < -1) == (True, True)


def test_new_shares_change_their_lines_and_nothing_else():
    pack = shipped_pack()
    text = (pack.root / "link" / "likeness.yaml").read_text("utf-8")
    one = Shares(part="电话", level="相同", agree=0.912345678, chance=0.0000123456, agree_before=0.9, chance_before=0.1, estimated=True)

    new = retrained(text, [one], subjects=5, seed=7, share=0.5, day=date(2026, 7, 1))

    changed = [(old, now) for old, now in zip(text.splitlines(), new.splitlines(), strict=True) if old != now]
    assert [now for _, now in changed] == [
        "trained: {subjects: 5, seed: 7, share: 0.5, day: 2026-07-01}",
        "      - {title: 相同, when: phone_l = phone_r, agree: 0.912345, chance: 0.00001234}",
    ]


@pytest.mark.parametrize("share", [0.5, 0.012345678, 0.00000003])
def test_a_rewritten_file_is_read_again(share):
    pack = shipped_pack()
    model = read_likeness(pack)
    assert model
    told = [
        Shares(part=p.title, level=o.title, agree=share, chance=share, agree_before=0.5, chance_before=0.5, estimated=True)
        for p in model.parts
        for o in p.levels
        if not o.empty
    ]

    text = retrained((pack.root / "link" / "likeness.yaml").read_text("utf-8"), told, subjects=1, seed=1, share=1.0, day=date(2026, 7, 1))

    shares = [level["agree"] for part in yaml.safe_load(text)["parts"] for level in part["levels"] if "agree" in level]
    assert all(one == pytest.approx(share, rel=1e-3) for one in shares)
