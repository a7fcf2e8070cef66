"""Measure a build against the floor of the same machine in the same run.

The floor is the bare engine: it reads the same CSV files (as UTF-8 copies made before its clock starts) and writes Parquet. What it need not
do (decode GB18030, read workbooks, keep faulty rows, number rows) counts against us, not for us.
"""

import multiprocessing
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from evenhand.engine import Engine, peak_memory_bytes
from evenhand.link.measure import pairwise
from evenhand.pipeline.build import Build, build
from evenhand.pipeline.measuring import measure_offices
from evenhand.pipeline.steps import Progress, StageDone
from evenhand.practice import write_province
from evenhand.rulebook import Pack, shipped_pack
from evenhand.sources import Catalogue, read_catalogue

__all__ = ["BenchResult", "run_bench"]

ASOF: Final = date(2026, 6, 30)
SEED: Final = 1
_RESET: Final = Path("/proc/self/clear_refs")
_STATUS: Final = Path("/proc/self/status")


@dataclass(kw_only=True)
class BenchResult:
    """`rows`: step, rows, seconds, ratio to the floor, peak GiB. `linkage`: figure and value, against the truth. `offices`: figure, count, share that is right."""

    rows: list[tuple[str, int, float, str, str]]
    linkage: list[tuple[str, str]]
    offices: list[tuple[str, str, str]]


class _Measured:
    """Passes progress on and keeps the peak memory of each stage."""

    def __init__(self, inner: Progress) -> None:
        self.inner, self.peaks = inner, dict[str, float]()

    def started(self, name: str, title: str) -> None:
        _reset_peak()
        self.inner.started(name, title)

    def advanced(self, done: int, total: int, text: str) -> None:
        self.inner.advanced(done, total, text)

    def finished(self, stage: StageDone) -> None:
        self.peaks[stage.name] = _peak_gib()
        self.inner.finished(stage)


def run_bench(folder: Path, *, subjects: int, threads: int, memory_gib: float, pack: Pack, progress: Progress) -> BenchResult:
    """Write the practice province once, then measure floor and build; the province is kept for the next run, the release is not."""
    province, releases = folder / f"practice-{subjects}", folder / "releases"
    if not (province / "sources.toml").is_file():
        progress.started("practice", "生成演练省")
        maker = multiprocessing.get_context("spawn").Process(target=_make_province, args=(province, subjects))  # its memory is not ours
        maker.start()
        maker.join()
    shutil.rmtree(releases, ignore_errors=True)
    catalogue = read_catalogue(province / "sources.toml")
    progress.started("floor", "测量底线")
    floor_rows, floor = _floor(catalogue, folder / "floor", threads=threads, memory_gib=memory_gib)
    measured = _Measured(progress)
    report = build(
        Build(sources=province / "sources.toml", out=releases, asof=ASOF, pack=pack, threads=threads, memory_gib=memory_gib),
        progress=measured,
    )
    rows = [("底线：裸引擎读 CSV 写 Parquet", floor_rows, floor, 1.0, "—")]
    rows += [(s.title, s.rows, s.seconds, s.seconds / floor, f"{measured.peaks[s.name]:.2f}") for s in report.stages]
    register = [s for s in report.stages if s.name != "publish"]
    total = sum(s.seconds for s in register)
    rows.append(
        (
            "合计：来源到名录",
            report.manifest["tables"]["record"]["rows"],
            total,
            total / floor,
            f"{max(measured.peaks[s.name] for s in register):.2f}",
        )
    )
    whole = sum(s.seconds for s in report.stages)
    rows.append(
        ("合计：含发布与查询库", report.manifest["tables"]["record"]["rows"], whole, whole / floor, f"{max(measured.peaks.values()):.2f}")
    )
    shown = [(title, count, round(seconds, 1), f"{ratio:.1f}", peak) for title, count, seconds, ratio, peak in rows]
    linkage = list(_linkage(report.release, province / "truth" / "records.csv"))
    return BenchResult(rows=shown, linkage=linkage, offices=measure_offices(report.release, province / "truth"))


def _make_province(province: Path, subjects: int) -> None:
    write_province(province, subjects=subjects, seed=SEED, asof=ASOF, pack=shipped_pack())


def _floor(catalogue: Catalogue, folder: Path, *, threads: int, memory_gib: float) -> tuple[int, float]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copies = [
        copy for number, path in enumerate(catalogue.paths) if path.suffix == ".csv" for copy in _utf8(path, folder / f"{number}.csv")
    ]
    began, rows = time.perf_counter(), 0
    with duckdb.connect(config={"threads": threads, "memory_limit": f"{memory_gib}GB", "preserve_insertion_order": "false"}) as con:
        for copy in copies:
            options = "all_varchar=true, header=true, ignore_errors=true, strict_mode=false"
            done = con.execute(f"copy (from read_csv('{copy}', {options})) to '{copy}.parquet' (codec zstd)").fetchone()
            rows += done[0] if done else 0
    seconds = time.perf_counter() - began
    shutil.rmtree(folder)
    return rows, seconds


def _utf8(path: Path, copy: Path) -> Iterator[Path]:
    head = path.open("rb").read(1 << 20)
    try:
        head.decode("utf-8", errors="strict")
        encoding = "utf-8-sig"
    except UnicodeDecodeError as fault:
        encoding = "utf-8-sig" if fault.start > len(head) - 4 else "gb18030"
    with path.open(encoding=encoding, errors="replace", newline="") as source, copy.open("w", encoding="utf-8", newline="") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    yield copy


def _linkage(release: Path, truth: Path) -> Iterator[tuple[str, str]]:
    with Engine(scratch=release.parent / ".spill-measure") as engine:
        told = engine.table(
            pa_csv.read_csv(
                truth, convert_options=pa_csv.ConvertOptions(include_columns=["file", "sheet", "row", "subject"], strings_can_be_null=True)
            )
        )
        record, membership = engine.read(release / "record.parquet"), engine.read(release / "membership.parquet")
        keys = [record.file == told.file, record.sheet.fill_null("") == told.sheet.fill_null(""), record.row == told.row.cast("int64")]
        named = told.join(record, keys).select(record.record_id, record.uscc_state, truth=told.subject)
        pairs = engine.arrow(
            named.join(membership, "record_id").filter(lambda t: t.truth.notnull()).select("subject_id", "truth", "uscc_state")
        )
    whole = pairwise(pairs)
    yield "有答案的记录", f"{pairs.num_rows:,} / {pq.read_metadata(release / 'membership.parquet').num_rows:,}"
    yield "成对精确率", f"{whole.precision:.6f}"
    yield "成对召回率", f"{whole.recall:.6f}"


def _reset_peak() -> None:
    if _RESET.exists():
        _RESET.write_text("5")


def _peak_gib() -> float:
    if _STATUS.exists():
        return next(int(line.split()[1]) for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM")) / 2**20
    return peak_memory_bytes() / 2**30
