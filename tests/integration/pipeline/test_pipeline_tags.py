"""Tags of a built release: queries, trials, agreement with truth, and the commands."""

import csv
from pathlib import Path

import duckdb
import pytest

from evenhand.cli.app import run
from evenhand.errors import BadInput
from evenhand.pipeline import BuildReport
from evenhand.pipeline.tags import find_tagged, measure_tags, try_tags
from evenhand.publish import Release, Scope, open_release
from evenhand.rulebook import shipped_pack
from evenhand.tag import read_tag_rules

PROVINCE = Scope("35")


@pytest.fixture(scope="module")
def release(built: BuildReport) -> Release:
    return open_release(built.release)


def holders(release: Release, *codes: str) -> set[str]:
    marks = ", ".join("?" * len(codes))
    found = duckdb.connect().execute(f"select subject_id from '{release.folder}/tag.parquet' where code in ({marks})", list(codes))
    return {row[0] for row in found.fetchall()}


def test_every_true_tag_of_practice_is_a_tag_of_the_pack(province: Path):
    with (province / "truth" / "tags.csv").open(encoding="utf-8") as lines:
        true = {row["tag"] for row in csv.DictReader(lines)}

    assert true - {tag.code for tag in read_tag_rules(shipped_pack()).tags} == set()


def test_one_subject_has_a_tag_once(release: Release):
    rows = (
        duckdb.connect().execute(f"select count(*), count(distinct (subject_id, code)) from '{release.folder}/tag.parquet'").fetchall()[0]
    )

    assert rows[0] == rows[1] > 0


def test_a_query_finds_what_its_sets_say(release: Release):
    page = find_tagged(release, "(业态=餐饮 | 业态=小餐饮) & !两年已覆盖", PROVINCE)
    expected = (holders(release, "T01-04") | holders(release, "T01-07")) & holders(release, "T12-05")

    assert page.total == len(expected) > 0
    assert {row["subject_id"] for row in page.rows} <= expected


def test_a_query_stays_inside_the_scope(release: Release):
    inside = find_tagged(release, "业态=餐饮", Scope("3501"))

    assert 0 < inside.total < find_tagged(release, "业态=餐饮", PROVINCE).total
    assert find_tagged(release, "业态=餐饮", Scope.nothing()).total == 0


def test_measured_agreement_counts_what_the_tables_hold(release: Release, province: Path):
    found = {one.code: one for one in measure_tags(release, province / "truth")}
    with (province / "truth" / "tags.csv").open(encoding="utf-8") as lines:
        true = sum(row["tag"] == "T11-01" for row in csv.DictReader(lines))

    # Stalls have neither a register entry nor a date, so their state cannot be told: some true tags must be missing.
    assert found["T11-01"].given <= len(holders(release, "T11-01"))
    assert found["T11-01"].right <= found["T11-01"].given < found["T11-01"].true <= true


def test_tags_agree_with_the_truth(release: Release, province: Path):
    found = measure_tags(release, province / "truth")
    true, given, right = (sum(getattr(one, name) for one in found) for name in ("true", "given", "right"))

    assert right / given > 0.98
    assert right / true > 0.95


def test_a_trial_tells_who_gains_and_who_loses(release: Release, tmp_path: Path):
    text = (shipped_pack().root / "tags" / "T07_risk_form.yaml").read_text("utf-8").replace("central_kitchen: true", "chain: true")
    rule_file = tmp_path / "新规则.yaml"
    rule_file.write_text(text, "utf-8")

    change = next(change for change in try_tags(release, rule_file) if change.code == "T07-01")

    assert change.after == change.before + change.gained - change.lost
    assert change.gained > 0
    assert 0 < len(change.gains) <= 20


def test_a_trial_of_the_rules_in_force_changes_nothing(release: Release):
    changes = try_tags(release, shipped_pack().root / "tags" / "T12_attention.yaml")

    assert [(c.code, c.gained, c.lost) for c in changes if c.gained or c.lost] == []


def test_commands_query_write_and_measure(release: Release, province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    wanted = tmp_path / "结果.csv"

    codes = [
        run(["tags", "query", str(release.folder), "业态=餐饮", "--to", str(wanted)]),
        run(["tags", "measure", str(release.folder), str(province / "truth")]),
    ]

    assert codes == [0, 0]
    assert len(wanted.read_text("utf-8-sig").splitlines()) == 1 + len(holders(release, "T01-04"))
    assert "主体业态：召回率" in capsys.readouterr().out


def test_a_wrong_query_leaves_with_two_and_tells_the_place(release: Release, capsys: pytest.CaptureFixture[str]):
    assert run(["tags", "query", str(release.folder), "业态=食糖"]) == 2
    assert "第 4 个字" in capsys.readouterr().err


def test_a_folder_without_truth_is_refused(release: Release, tmp_path: Path):
    with pytest.raises(BadInput, match=r"没有 tags\.csv"):
        measure_tags(release, tmp_path)
