"""Measuring: how often the decided office is right, against the truth beside a practice province."""

from collections.abc import Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.csv as pa_csv

from evenhand.engine import Engine

__all__ = ["measure_offices"]


def measure_offices(release: Path, truth: Path) -> list[tuple[str, str, str]]:
    """Compare the decided offices of a release with `truth/` of its practice province (管辖判定与答案比较).

    The true office of a site is the one that most of its records belong to in truth; that of a subject stands in `subjects.csv`.

    Returns:
        Rows of (what is asked, how many, how many of them are right as a share), in the order they are to be read.
    """
    with Engine(scratch=release.parent / ".spill-measure") as engine:
        decided = engine.arrow(_answered(release, truth, engine)).to_pylist()
    return list(_figures(decided))


def _figures(rows: list[dict[str, object]]) -> Iterator[tuple[str, str, str]]:
    """Counts by town, state and grain; rows are the few combinations that `_answered` counted."""

    def line(title: str, picked: list[dict[str, object]], right: str = "right") -> tuple[str, str, str]:
        total, hits = (sum(int(str(row[name])) for row in picked) for name in ("total", right))
        return title, f"{total:,}", f"{hits / total:.4%}" if total else "—"

    sites, mains = [r for r in rows if r["grain"] == "site"], [r for r in rows if r["grain"] == "subject"]
    yield line("场所：地址写明乡镇街道", [r for r in sites if r["has_town"]])
    yield line("　其中来源所写的机构（对照）", [r for r in sites if r["has_town"]], "stated_right")
    yield line("场所：地址没有写明", [r for r in sites if not r["has_town"]])
    for state in sorted({str(r["state"]) for r in sites}):
        yield line(f"场所：{state}", [r for r in sites if r["state"] == state])
    yield line("主体：地址写明乡镇街道", [r for r in mains if r["has_town"]])
    yield line("主体：全部", mains)
    for state in sorted({str(r["state"]) for r in mains}):
        yield line(f"主体：{state}", [r for r in mains if r["state"] == state])
        if any(r["rival_right"] for r in mains if r["state"] == state):
            yield line(f"主体：{state}，另一机构才对", [r for r in mains if r["state"] == state], "rival_right")


def _answered(release: Path, truth: Path, engine: Engine) -> ir.Table:
    """Counts by grain, state and has_town: total, right, stated_right, rival_right."""
    wanted = pa_csv.ConvertOptions(include_columns=["file", "sheet", "row", "subject", "office"], strings_can_be_null=True)
    told = engine.table(pa_csv.read_csv(truth / "records.csv", convert_options=wanted))
    listed = engine.table(
        pa_csv.read_csv(truth / "subjects.csv", convert_options=pa_csv.ConvertOptions(include_columns=["subject", "office"]))
    )
    record, membership, site, decided = (
        engine.read(release / f"{name}.parquet") for name in ("record", "membership", "site", "jurisdiction")
    )
    keys = [record.file == told.file, record.sheet.fill_null("") == told.sheet.fill_null(""), record.row == told.row.cast("int64")]
    rows = record.join(told.filter(told.subject.notnull()), keys).select(
        record.record_id, site_key=ibis.coalesce(record.place_key, record.place), truth=told.office, subject=told.subject.cast("int64")
    )
    rows = engine.save(rows.join(membership.select("record_id", "subject_id"), "record_id"))
    named = site.select("subject_id", "site_id", site_key=ibis.coalesce(site.place_key, site.place))
    at_site = _commonest(rows.join(named, ["subject_id", "site_key"]), "site_id", "truth")
    whole = _commonest(rows, "subject_id", "subject").join(listed.select(subject=listed.subject.cast("int64"), truth="office"), "subject")
    sites = decided.join(at_site, "site_id").mutate(grain=ibis.literal("site"))
    mains = decided.filter(decided.is_main).join(whole.select("subject_id", "truth"), "subject_id").mutate(grain=ibis.literal("subject"))
    every = ibis.union(
        *[t.select("grain", "state", "town_code", "office", "stated", "rival", "truth") for t in (sites, mains)], distinct=False
    )
    hit = {
        name: (every[column] == every.truth).cast("int64").fill_null(0)
        for name, column in (("right", "office"), ("stated_right", "stated"), ("rival_right", "rival"))
    }
    return every.group_by("grain", "state", has_town=every.town_code.notnull()).agg(
        total=every.count(), **{name: value.sum() for name, value in hit.items()}
    )


def _commonest(rows: ir.Table, by: str, value: str) -> ir.Table:
    """One row per `by` with its most frequent `value`; of equals the smallest."""
    counts = rows.filter(rows[value].notnull()).group_by(by, value).agg(n=ibis._.count())
    most = counts.group_by(by).agg(most=ibis._.n.max())
    tops = counts.join(most, by)
    return tops.filter(tops.n == tops.most).group_by(by).agg(**{value: ibis._[value].min()})
