"""Every command ends with one clear message and an exit code, whatever it is given."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.csv as pa_csv
import pytest
from python_calamine import CalamineWorkbook

from evenhand.cli.app import run
from evenhand.pipeline import BuildReport
from evenhand.publish import SERVING_FILE


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["build"], "缺少"),
        (["build", "--nope"], "没有选项 --nope"),
        (["frob"], "没有命令 frob"),
        (["build", "{tmp}/none.toml", "--as-of", "2026-06-30", "--out", "{tmp}/out"], "none.toml"),
        (["build", "{tmp}", "--as-of", "2026-06-30", "--out", "{tmp}/out"], "来源清单"),
        (["build", "{tmp}/empty.toml", "--as-of", "2026-06-30", "--out", "{tmp}/out"], "empty.toml"),
        (["build", "{tmp}/wrong.toml", "--as-of", "2026-06-30", "--out", "{tmp}/out"], "nonsense"),
        (["build", "{tmp}/wrong.toml", "--as-of", "yesterday", "--out", "{tmp}/out"], "不是日期"),
        (["practice", "{tmp}/p", "--subjects", "many"], "--subjects"),
        (["show", "{tmp}", "S1"], "不是完整的发布版"),
        (["export", "{tmp}/none", "subject", "--to", "{tmp}/a.csv"], "不是完整的发布版"),
        (["quality", "{tmp}/empty.toml"], "不是完整的发布版"),
        (["survey", "{tmp}/a.xlsx", "--for", "nonsense", "--office", "华大所"], "nonsense"),
        (["survey", "{tmp}/none/a.xlsx", "--for", "filing", "--office", "华大所"], "a.xlsx"),
        (["check-rules", "{tmp}"], "不是规则包"),
    ],
)
def test_bad_input_is_told_in_words_with_exit_code_two(words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "empty.toml").touch()
    (tmp_path / "wrong.toml").write_text('[[source]]\nname = "a"\nkind = "nonsense"\nfiles = ["x.csv"]\ndelivery = "2026-06-30"\n', "utf-8")

    code = run([word.replace("{tmp}", str(tmp_path)) for word in words])

    told = capsys.readouterr().err
    assert code == 2
    assert says in told
    assert "Traceback" not in told
    assert not (tmp_path / "out" / "CURRENT").exists()


def test_show_gives_every_row_and_reason(built: BuildReport, capsys: pytest.CaptureFixture[str]):
    code = run(["show", str(built.release.parent), _some_code(built)])

    told = capsys.readouterr().out
    assert code == 0
    assert "来源记录" in told
    assert "为什么" in told


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda file: file.unlink(), "不存在"),
        (lambda file: file.write_bytes(b"spoilt"), "已损坏"),
        (lambda file: _ask(file, "drop table layout"), "另一个版本"),
        (lambda file: _ask(file, "update layout set digest = 'old'"), "另一个版本"),
    ],
)
def test_a_serving_file_of_another_version_is_refused_and_built_anew(
    spoil: Callable[[Path], None], says: str, built: BuildReport, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / built.release.name
    shutil.copytree(built.release, folder)
    spoil(folder / SERVING_FILE)

    refused = run(["show", str(folder), _some_code(built)])

    told = capsys.readouterr().err
    assert refused == 2
    assert says in told
    assert f"evenhand reindex {folder}" in told
    assert (run(["reindex", str(folder)]), run(["show", str(folder), _some_code(built)])) == (0, 0)


def _ask(file: Path, statement: str) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute(statement)


def _some_code(built: BuildReport) -> str:
    import pyarrow.parquet as pq

    return next(row["uscc"] for row in pq.read_table(built.release / "subject.parquet").to_pylist() if row["uscc_state"] == "valid")


def test_an_unknown_number_is_told(built: BuildReport, capsys: pytest.CaptureFixture[str]):
    assert run(["show", str(built.release), "91350102MA2XTE0T4E"]) == 2
    assert "91350102MA2XTE0T4E" in capsys.readouterr().err


def test_exports_hide_personal_data_unless_asked(built: BuildReport, tmp_path: Path):
    assert run(["export", str(built.release), "registration", "--to", str(tmp_path / "masked.csv"), "--english"]) == 0
    assert run(["export", str(built.release), "registration", "--to", str(tmp_path / "open.csv"), "--english", "--unmasked"]) == 0

    masked, opened = (pa_csv.read_csv(tmp_path / name).to_pylist() for name in ("masked.csv", "open.csv"))
    phones = {row["phone"] for row in opened if row["phone"]}
    assert len(masked) == len(opened) == built.manifest["tables"]["registration"]["rows"]
    assert phones
    assert not any(str(phone) in str(row) for row in masked for phone in list(phones)[:50])


def test_a_workbook_has_chinese_headers_and_every_row(built: BuildReport, tmp_path: Path):
    assert run(["export", str(built.release), "subject", "--to", str(tmp_path / "主体.xlsx")]) == 0

    header, *rows = CalamineWorkbook.from_path(str(tmp_path / "主体.xlsx")).get_sheet_by_index(0).to_python()
    assert "统一社会信用代码" in header
    assert len(rows) == built.manifest["tables"]["subject"]["rows"]


def test_quality_prints_six_dimensions_and_says_when_a_rule_blocks(built: BuildReport, capsys: pytest.CaptureFixture[str]):
    code = run(["quality", str(built.release), "--by", "rule", "--previous", str(built.release)])

    told = capsys.readouterr().out
    assert code in {0, 1}
    for dimension in ("规范性", "完整性", "准确性", "一致性", "时效性", "可访问性"):
        assert dimension in told
    assert "+0.00" in told


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="只有 root 才能挂载一个小磁盘 / only root may mount a small disk")
def test_a_full_disk_is_told_and_leaves_no_release(province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)], capture_output=True, check=False).returncode:
        pytest.skip("不能挂载 tmpfs / cannot mount a tmpfs")
    try:
        code = run(["build", str(province / "sources.toml"), "--as-of", "2026-06-30", "--out", str(small / "out")])

        assert code == 3
        assert "磁盘已满" in capsys.readouterr().err
        assert not (small / "out" / "CURRENT").exists()
    finally:
        subprocess.run(["umount", str(small)], check=False)
