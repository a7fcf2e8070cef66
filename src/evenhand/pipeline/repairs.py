"""Repairs and a release together: counts by rule and state, and how often they are right against the truth of a practice province."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv as pa_csv

from evenhand.engine import Engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.repair import Answers, count_answers
from evenhand.standards import EXTRACTS

__all__ = ["answers_of", "count_repairs", "measure_repairs"]

Row = dict[str, Any]
NO_TRUTH: Final = Message(
    "REPAIR-03",
    zh="{path}：没有这个文件，或者不是演练省的 truth/records.csv。请给出该文件。",
    en="{path}: not there, or not the file truth/records.csv of a practice province. Name that file.",
)
_WANTED: Final = ("file", "sheet", "row", "uscc")
_OPEN: Final = ("wrong", "empty")


def count_repairs(release: Path) -> Sequence[Row]:
    """Return how many proposals of each rule and state a release holds: rule, title, state, first (those of rank 1), total."""
    with TemporaryDirectory() as scratch, Engine(scratch=Path(scratch)) as engine:
        repair = engine.read(release / "repair.parquet")
        counted = repair.group_by("rule", "title", "state").agg(first=(repair["rank"] == 1).sum(), total=repair.count())
        return engine.arrow(counted.order_by("rule", "state")).to_pylist()


def measure_repairs(release: Path, truth: Path) -> list[Answers]:
    """Compare the first proposals of a release with `truth/records.csv` of its practice province, rule by rule.

    Repairable is a record without a right code whose true code some record of the release carries rightly. A proposal for a record that
    truly has no code is wrong.
    """
    tables = {"record": release / "record.parquet", "repair": release / "repair.parquet"}
    with TemporaryDirectory() as scratch, Engine(scratch=Path(scratch)) as engine:
        return answers_of({name: engine.read(path) for name, path in tables.items()}, truth, engine)


def answers_of(tables: Mapping[str, ir.Table], truth: Path, engine: Engine) -> list[Answers]:
    """Count the answers in `record` and `repair`."""
    options = pa_csv.ConvertOptions(
        include_columns=list(_WANTED), column_types=dict.fromkeys(_WANTED, pa.string()), strings_can_be_null=True
    )
    try:
        told = engine.table(pa_csv.read_csv(truth, convert_options=options))
    except (OSError, pa.ArrowException) as fault:
        raise BadInput(Problem(NO_TRUTH, {"path": truth})) from fault
    record, repair = tables["record"], tables["repair"]
    kinds = [kind for kind, extract in EXTRACTS.items() if extract.bears_subject]
    carried = record.filter(record.kind.isin(kinds), record.uscc_state.isin(["valid", "warning"])).select(carried="uscc").distinct()
    asked = record.filter(record.kind.isin(kinds), record.uscc_state.isin(_OPEN))
    keys = [asked.file == told.file, asked.sheet.fill_null("") == told.sheet.fill_null(""), asked.row == told.row.cast("int64")]
    rows = asked.join(told, keys).select(asked.record_id, true=told.uscc)
    first = repair.filter(repair["rank"] == 1, repair.state != "rejected").select("record_id", "rule", "state", "after")
    rows = rows.left_join(first, "record_id").left_join(carried, [("true", "carried")])
    right = (rows.after == rows.true).fill_null(False)  # noqa: FBT003 — Ibis takes it by position
    counted = rows.group_by("rule", "state", right=right, repairable=rows.carried.notnull()).agg(total=rows.count())
    return count_answers(engine.arrow(counted))
