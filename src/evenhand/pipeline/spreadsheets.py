"""Write tables as CSV for spreadsheets: UTF-8 with the mark that they need."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

__all__ = ["rows_to_csv", "table_to_csv"]


def table_to_csv(table: pa.Table, path: Path) -> None:
    """Write a table as CSV for spreadsheets."""
    rows_to_csv(path, table.column_names, zip(*(column.to_pylist() for column in table.columns), strict=True))


def rows_to_csv(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV with the mark that spreadsheets need."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\ufeff")  # by hand: the codec that writes it is three times as slow for all that follows
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)
