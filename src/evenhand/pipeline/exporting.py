"""Export one data set of a release to a file: CSV, XLSX or Parquet by its suffix, masked unless asked otherwise."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv as pa_csv
import xlsxwriter

from evenhand.engine import Engine, publish_file, write_parquet
from evenhand.errors import BadInput, Message, Problem
from evenhand.publish import RELEASE_TABLES, Release
from evenhand.standards import EXTRACTS, PROVENANCE, TABLES, Mask, mask_column

__all__ = ["export_table"]

XLSX_ROWS: Final = 1_048_575
NO_TABLE: Final = Message("EXP-01", zh="没有数据集“{name}”。可用的有：{known}。", en="no data set {name}; there are: {known}.")
BAD_SUFFIX: Final = Message(
    "EXP-02", zh="{file}：后缀应为 .csv、.xlsx 或者 .parquet。", en="{file}: the suffix must be .csv, .xlsx or .parquet."
)
TOO_LONG: Final = Message(
    "EXP-03",
    zh="“{name}”有 {rows} 行，超过一张工作表的 {most} 行。请导出为 .csv 或者 .parquet。",
    en="{name} has {rows} rows, a sheet holds {most}. Export .csv or .parquet.",
)


def export_table(release: Release, name: str, *, to: Path, unmasked: bool, english: bool, only: Sequence[str] | None = None) -> int:
    """Write the data set `name` of a release to the file `to` and return its number of rows; the file is whole or not there.

    `only`: the subjects to write, by id; all rows when None.

    Raises:
        BadInput: unknown data set, unknown suffix, or too many rows for a sheet.
    """
    if name not in RELEASE_TABLES:
        raise BadInput(Problem(NO_TABLE, {"name": name, "known": "、".join(RELEASE_TABLES)}))
    writers = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
    if to.suffix not in writers:
        raise BadInput(Problem(BAD_SUFFIX, {"file": to}))
    with TemporaryDirectory() as scratch, Engine(scratch=Path(scratch)) as engine:
        table = engine.read(release.folder / f"{name}.parquet")
        if only is not None:
            table = table.semi_join(engine.table(pa.table({"subject_id": pa.array(only, pa.string())})), "subject_id")
        rows = engine.count(table)
        if to.suffix == ".xlsx" and rows > XLSX_ROWS:
            raise BadInput(Problem(TOO_LONG, {"name": name, "rows": rows, "most": XLSX_ROWS}))
        partial = to.with_name(f"{to.name}.partial")
        writers[to.suffix](engine, _shown(table, name, unmasked=unmasked, english=english), partial)
        publish_file(partial, to)
    return rows


def _columns(name: str) -> dict[str, tuple[str, Mask]]:
    if name in TABLES:
        return {c.name: (c.title, c.mask) for c in TABLES[name].columns}
    fields = {f.name: (f.title, f.element.mask) for f in EXTRACTS[name]}
    raw = {f"{f.name}_raw": (f"{f.title}（原文）", f.element.mask) for f in EXTRACTS[name]}
    return {c.name: (c.title, c.mask) for c in PROVENANCE} | fields | raw


def _shown(table: ir.Table, name: str, *, unmasked: bool, english: bool) -> ir.Table:
    columns = {}
    for column, (title, mask) in _columns(name).items():
        value = table[column]
        hidden = value if unmasked or not value.type().is_string() else mask_column(value, mask)
        columns[column if english else title] = hidden
    return table.select(**columns)


def _csv(engine: Engine, table: ir.Table, path: Path) -> None:
    with path.open("wb") as handle:
        handle.write(b"\xef\xbb\xbf")  # Excel and WPS read UTF-8 only behind this mark
        with pa_csv.CSVWriter(handle, table.schema().to_pyarrow()) as writer:
            for batch in engine.batches(table):
                writer.write_batch(batch)


def _parquet(engine: Engine, table: ir.Table, path: Path) -> None:
    write_parquet(engine.batches(table), table.schema().to_pyarrow(), path)


def _xlsx(engine: Engine, table: ir.Table, path: Path) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("数据")
        head = book.add_format({"bold": True, "bg_color": "#DCE6F2", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        sheet.write_row(0, 0, table.columns, head)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(table.columns) - 1, 18)
        for number, row in enumerate(_rows(engine, table), 1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write(number, place, value)


def _rows(engine: Engine, table: ir.Table) -> Iterator[tuple[Any, ...]]:
    for batch in engine.batches(table):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
