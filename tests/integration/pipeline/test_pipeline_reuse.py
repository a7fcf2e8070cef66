"""A stage runs again exactly when something it read has changed, and the release is that of a build in which every stage ran."""

import json
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.decisions import ChosenOffice, add_decision, no_decisions
from evenhand.engine import file_sha256
from evenhand.errors import BadInput, NotDone
from evenhand.pipeline import STAGES, Build, BuildReport
from evenhand.pipeline.build import _work_key
from evenhand.pipeline.reusing import Before
from evenhand.pipeline.tracing import whole_trace
from evenhand.publish import RELEASE_TABLES
from evenhand.rulebook import load_pack, shipped_pack
from evenhand.sources import read_catalogue
from tests.integration.pipeline.conftest import ASOF, Quiet, build_quietly, that_says_nothing

EVERY = {stage.name for stage in STAGES} | {"publish"}
ALWAYS = {"golden", "tag"}
"""A later stage writes tables of theirs anew, and a release holds those; so nothing of theirs can be taken over. What they give is as before."""


def ran(report: BuildReport) -> set[str]:
    return {stage.name for stage in report.stages if not stage.kept}


def ran_until(stage: str, sources: Path, out: Path, **said: Any) -> set[str]:
    """The stages that run in a build that is broken off after one of them."""
    watch = Quiet(until=stage)
    with pytest.raises(NotDone):
        build_quietly(sources, out, progress=watch, **said)
    return {name for name, kept in watch.kept.items() if not kept}


@pytest.fixture(scope="module")
def sources(province: Path) -> Path:
    return province / "sources.toml"


@pytest.fixture(scope="module")
def settled(built: BuildReport, sources: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    """The release built once more upon itself: its ids were handed on, as in every release but the first."""
    return build_quietly(sources, tmp_path_factory.mktemp("settled"), previous=built.release)


@pytest.fixture(scope="module")
def ledger(settled: BuildReport, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One decision: the office of a subject is another one."""
    codes = {row["subject_id"]: row["uscc"] for row in pq.read_table(settled.release / "subject.parquet").to_pylist() if row["uscc"]}
    rows = [row for row in pq.read_table(settled.release / "jurisdiction.parquet").to_pylist() if row["is_main"] and row["office"]]
    one = next(row for row in rows if row["subject_id"] in codes)
    other = next(row["office"] for row in rows if row["office"] != one["office"])
    path = tmp_path_factory.mktemp("decided") / "decisions.jsonl"
    told = {"id": "d1", "at": datetime(2026, 6, 1, tzinfo=UTC), "by": "陈静", "why": "两所协商"}
    add_decision(path, ChosenOffice(**told, subject=codes[one["subject_id"]], office=other))
    return path


@pytest.fixture(scope="module")
def nightly(settled: BuildReport, ledger: Path, sources: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    """The same deliveries and that decision."""
    return build_quietly(sources, tmp_path_factory.mktemp("nightly"), previous=settled.release, decisions=ledger)


def test_the_first_release_after_one_hands_ids_on_and_works_out_again_what_reads_them(settled):
    assert ran(settled) == ALWAYS | {"link", "grade", "publish"}


def test_a_decision_on_an_office_runs_what_reads_offices_and_no_more(nightly):
    assert ran(nightly) == ALWAYS | {"jurisdiction", "grade", "price", "decisions", "publish"}


def test_the_release_is_that_of_a_build_in_which_every_stage_ran(nightly, settled, ledger, sources, tmp_path):
    full = build_quietly(sources, tmp_path / "full", previous=that_says_nothing(settled.release, tmp_path), decisions=ledger)

    assert ran(full) == EVERY
    assert full.release.name == nightly.release.name
    for name in (*(f"{table}.parquet" for table in RELEASE_TABLES), "stages.json", "manifest.json"):
        assert (full.release / name).read_bytes() == (nightly.release / name).read_bytes(), name


def test_another_day_keeps_extracts_and_records_and_validates_anew(settled, sources, tmp_path):
    assert ran_until("link", sources, tmp_path, previous=settled.release, asof=date(2026, 7, 1)) == {"validate"}


def test_another_rule_pack_keeps_nothing(settled, sources, tmp_path):
    root = tmp_path / "fujian"
    shutil.copytree(shipped_pack().root, root)
    rule = root / "price" / "weights.yaml"
    rule.write_text(rule.read_text("utf-8") + "# 多了一行\n", "utf-8")

    assert ran_until("validate", sources, tmp_path, previous=settled.release, pack=load_pack(root)) == {
        "sources",
        "standardise",
        "validate",
    }


def test_every_stage_notes_the_rules_and_the_program(settled):
    told = json.loads((settled.release / "stages.json").read_text("utf-8"))

    assert set(told) == EVERY - {"sources", "standardise", "publish"}
    assert [stage for stage, trace in told.items() if not {"rules", "version"} <= set(trace["inputs"])] == []


def _copied(release: Path, into: Path) -> Path:
    return Path(shutil.copytree(release, into / release.name))


@pytest.mark.parametrize("how", ["missing", "tampered"])
def test_stages_that_the_manifest_does_not_name_count_for_nothing(settled, sources, tmp_path, how):
    copy = _copied(settled.release, tmp_path)
    if how == "missing":
        (copy / "stages.json").unlink()
    else:
        (copy / "stages.json").write_text((copy / "stages.json").read_text("utf-8").replace("0", "1", 1), "utf-8")

    assert ran_until("repair", sources, tmp_path, previous=copy) == {"validate", "link", "repair"}


def test_a_changed_manifest_counts_for_nothing(settled, sources, tmp_path):
    copy = _copied(settled.release, tmp_path)
    told = json.loads((copy / "manifest.json").read_text("utf-8"))
    told["tables"]["finding"]["rows"] += 1
    (copy / "manifest.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")

    assert ran_until("validate", sources, tmp_path, previous=copy) == {"sources", "standardise", "validate"}


def test_damaged_tables_are_written_anew(settled, sources, tmp_path):
    copy = _copied(settled.release, tmp_path)
    for name in ("finding", "complaint"):
        shutil.copyfile(copy / "campaign.parquet", copy / f"{name}.parquet")

    again = build_quietly(sources, tmp_path, previous=copy)

    assert {"sources", "standardise", "validate"} <= ran(again)
    assert not {"repair", "jurisdiction"} & ran(again)
    assert again.manifest["tables"] == settled.manifest["tables"]

    (again.release / "finding.parquet").unlink()
    shutil.copyfile(copy / "campaign.parquet", again.release / "finding.parquet")
    repeated = build_quietly(sources, tmp_path, previous=settled.release)

    assert repeated.release == again.release
    assert Before(repeated.release).is_sound("finding")


@pytest.mark.parametrize(("table", "how"), [("membership", "cut"), ("forward", "other"), ("grade", "empty")])
def test_a_damaged_table_that_ids_or_grades_go_on_from_is_refused(settled, sources, tmp_path, table, how):
    copy = _copied(settled.release, tmp_path)
    path = copy / f"{table}.parquet"
    content = {"cut": path.read_bytes()[:-9], "other": (copy / "campaign.parquet").read_bytes(), "empty": b""}[how]
    path.unlink()
    path.write_bytes(content)

    with pytest.raises(BadInput) as refused:
        build_quietly(sources, tmp_path, previous=copy)

    assert [problem.code for problem in refused.value.problems] == ["PIPE-07"]


@pytest.mark.parametrize("text", ["null", "[1]", "{", '{"release": "x"}'])
def test_a_manifest_that_is_none_counts_for_nothing(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)

    assert Before(tmp_path).manifest == {}


def test_a_stage_whose_tables_or_trace_are_damaged_is_not_done(tmp_path):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "t.parquet")
    trace = {"inputs": {}, "tables": {"t": {"rows": 1, "sha256": file_sha256(tmp_path / "t.parquet")}}, "facts": {}}
    (tmp_path / "stage.json").write_text(json.dumps(trace))
    assert whole_trace(tmp_path, "stage.json") is not None

    pq.write_table(pa.table({"a": [2]}), tmp_path / "t.parquet")
    assert whole_trace(tmp_path, "stage.json") is None

    (tmp_path / "stage.json").write_text("")
    assert whole_trace(tmp_path, "stage.json") is None


def test_what_is_resumed_is_named_by_files_and_their_sources(province, tmp_path):
    """A file renamed, or given to another source, is another build, although its bytes are the same; a link beside it is no fault."""
    shutil.copytree(province, tmp_path / "p")
    order = Build(sources=tmp_path / "p" / "sources.toml", out=tmp_path, asof=ASOF, pack=shipped_pack())

    def key() -> str:
        return _work_key(order, read_catalogue(order.sources, pack=order.pack), no_decisions(), None)

    before = key()
    one = next((tmp_path / "p" / "登记").glob("市场主体登记_三明市*"))
    renamed = one.rename(one.with_stem(f"{one.stem}区"))
    assert key() != before

    one.symlink_to(renamed.name)
    assert key() == key()


def test_a_build_killed_in_the_middle_goes_on_and_gives_the_same_release(nightly, settled, ledger, sources, tmp_path):
    words = [sys.executable, "-m", "evenhand.cli", "build", str(sources), "--as-of", "2026-06-30", "--out", str(tmp_path), "--memory", "2"]
    words += ["--previous", str(settled.release), "--decisions", str(ledger)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("✓ 判定管辖"):
                running.send_signal(signal.SIGKILL)
                break

    last = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)

    assert last.returncode == 0, last.stdout + last.stderr
    assert (tmp_path / "CURRENT").read_text().strip() == nightly.release.name
    assert last.stdout.count("上次已完成") == 7
    assert last.stdout.count("与上一发布版相同") == 0
    assert (tmp_path / nightly.release.name / "record.parquet").samefile(settled.release / "record.parquet")
