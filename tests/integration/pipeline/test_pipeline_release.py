"""A release is a pure function of its inputs, and whole or not there."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from evenhand.link.measure import pairwise
from evenhand.pipeline import STAGES, BuildReport
from evenhand.publish import RELEASE_TABLES, SERVING_FILE, current_name
from evenhand.standards import EXTRACTS, TABLES
from tests.integration.pipeline.conftest import build_quietly

TITLES = tuple(stage.title for stage in STAGES)


def _shuffle_rows(folder: Path) -> int:
    """Shuffle the data rows of every delimited file that has no quoted cell; return how many files were changed."""
    changed = 0
    for path in folder.rglob("*.csv"):
        if "truth" in path.parts or path.name == "缺陷清单.csv":
            continue
        header, *lines = path.read_bytes().split(b"\n")
        rows = [line for line in lines if line]
        if b'"' in b"".join(rows) or len(rows) < 2:
            continue
        random.Random(5).shuffle(rows)
        path.write_bytes(b"\n".join([header, *rows, b""]))
        changed += 1
    return changed


def _without_row(path: Path) -> pa.Table:
    return pq.read_table(path).drop_columns(["row"])


def test_shuffled_rows_and_one_thread_give_the_same_bytes(province: Path, built: BuildReport, tmp_path: Path):
    copy = tmp_path / "province"
    shutil.copytree(province, copy)
    assert _shuffle_rows(copy) >= 5

    again = build_quietly(copy / "sources.toml", tmp_path / "releases", threads=1)

    for name in TABLES:
        if name != "record":
            assert again.manifest["tables"][name] == built.manifest["tables"][name], name
    for name in (*EXTRACTS, "record"):  # these tell each row's place in its file, which shuffling changed
        assert _without_row(again.release / f"{name}.parquet").equals(_without_row(built.release / f"{name}.parquet")), name


def test_every_input_row_is_in_record_and_in_exactly_one_subject(built: BuildReport):
    read = sum(file["kept"] for file in built.manifest["files"])
    record = pq.read_table(built.release / "record.parquet", columns=["record_id", "kind"])
    membership = pq.read_table(built.release / "membership.parquet")["record_id"].to_pylist()
    bearing = [
        r for r, kind in zip(record["record_id"].to_pylist(), record["kind"].to_pylist(), strict=True) if EXTRACTS[kind].bears_subject
    ]

    assert read == record.num_rows
    assert sorted(membership) == sorted(bearing)
    assert len(set(membership)) == len(membership)


def test_subjects_agree_with_the_truth(province: Path, built: BuildReport):
    truth = pa_csv.read_csv(
        province / "truth" / "records.csv",
        convert_options=pa_csv.ConvertOptions(column_types={"subject": pa.string(), "sheet": pa.string()}),
    )
    told = {(r["file"], r["sheet"] or "", r["row"]): r["subject"] for r in truth.select(["file", "sheet", "row", "subject"]).to_pylist()}
    record = pq.read_table(built.release / "record.parquet", columns=["record_id", "file", "sheet", "row"]).to_pylist()
    true = {r["record_id"]: told[r["file"], r["sheet"] or "", r["row"]] for r in record}
    ours = pq.read_table(built.release / "membership.parquet", columns=["record_id", "subject_id"]).to_pylist()
    named = [(row["subject_id"], true[row["record_id"]]) for row in ours if true[row["record_id"]]]

    pairs = pairwise(pa.table({"subject_id": [ours for ours, _ in named], "truth": [true for _, true in named]}))

    assert pairs.precision >= 0.999
    assert pairs.recall >= 0.97


def test_the_manifest_says_what_the_folder_holds(built: BuildReport):
    assert built.manifest["practice"] is True
    assert json.loads((built.release / "manifest.json").read_text("utf-8")) == json.loads(json.dumps(built.manifest, default=str))
    for name in RELEASE_TABLES:
        assert pq.read_metadata(built.release / f"{name}.parquet").num_rows == built.manifest["tables"][name]["rows"]


def test_the_manifest_gives_every_rule_of_membership_its_title(built: BuildReport):
    used = {
        *pq.read_table(built.release / "membership.parquet")["rule"].to_pylist(),
        *pq.read_table(built.release / "conflict.parquet")["rule"].to_pylist(),
    }

    assert used
    assert used <= set(built.manifest["link_rules"])


def _words(province: Path, out: Path) -> list[str]:
    command = [sys.executable, "-m", "evenhand.cli", "build", str(province / "sources.toml")]
    return [*command, "--as-of", "2026-06-30", "--out", str(out), "--memory", "2"]


def test_a_build_killed_while_a_file_is_half_written_goes_on_and_gives_the_same_release(province: Path, built: BuildReport, tmp_path: Path):
    out = tmp_path / "releases"
    for half in (
        "sources.partial/*.partial",
        "standardise.partial/*.partial",
        "golden.partial/*.partial",
        f"release.partial/{SERVING_FILE}.partial",
    ):
        with subprocess.Popen(_words(province, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            while running.poll() is None and not list(out.glob(f".building-*/{half}")):
                time.sleep(0.001)
            running.kill()
        assert running.returncode == -signal.SIGKILL, half  # it was killed, it had not ended
        assert list(out.glob(f".building-*/{half}")), half
        assert not (out / "CURRENT").exists()

    last = subprocess.run(_words(province, out), capture_output=True, encoding="utf-8", check=False)

    assert last.returncode == 0, last.stdout + last.stderr
    assert current_name(out) == built.release.name
    assert pq.read_table(out / built.release.name / "subject.parquet").equals(pq.read_table(built.release / "subject.parquet"))
    assert not list(out.glob(".building-*"))


def test_a_build_killed_after_any_stage_goes_on_and_gives_the_same_release(province: Path, built: BuildReport, tmp_path: Path):
    out = tmp_path / "releases"
    words = _words(province, out)
    for title in TITLES:
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as running:
            assert running.stdout is not None
            for line in running.stdout:
                if line.startswith(f"✓ {title}"):
                    running.send_signal(signal.SIGKILL)
                    break
        assert not (out / "CURRENT").exists()

    last = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)

    assert last.returncode == 0, last.stdout + last.stderr
    assert last.stdout.count("沿用") == len(TITLES)
    assert current_name(out) == built.release.name
    assert not list(out.glob(".building-*"))
