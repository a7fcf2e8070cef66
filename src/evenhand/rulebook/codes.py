"""Code lists: a CSV with its origin in `# key: value` lines before the header."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from evenhand.errors import BadInput, Problem
from evenhand.rulebook.messages import LIST_EMPTY, LIST_NO_ORIGIN, LIST_RAGGED

__all__ = ["CodeList", "read_code_list"]

_ORIGIN: Final = ("title", "source", "read_on", "confidence")


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """One code list: its name, its origin (title, source, read_on, confidence …), and its rows as text."""

    name: str
    origin: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Walk the rows as dictionaries."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    @property
    def codes(self) -> dict[str, str]:
        """Code to official name, for lists with these two columns."""
        return {row["code"]: row["name"] for row in self}

    @property
    def spellings(self) -> dict[str, str]:
        """Every spelling (code, name, alias) to its code; a code's own spelling wins over another's alias."""
        found: dict[str, str] = {}
        for pick in (lambda r: [r["code"]], lambda r: [r["name"]], lambda r: r.get("aliases", "").split("|")):
            for row in self:
                for spelling in filter(None, pick(row)):
                    found.setdefault(spelling, row["code"])
        return found

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table; empty cells are null."""
        columns = [pa.array([cell or None for cell in column], pa.string()) for column in zip(*self.rows, strict=True)]
        return pa.table(dict(zip(self.columns, columns, strict=True)))

    def table(self) -> ir.Table:
        """The rows as a table expression; empty cells are null."""
        return ibis.memtable(self.arrow())


def read_code_list(path: Path) -> CodeList:
    """Read one code list; raises BadInput with every fault of the file (no origin, no rows, ragged rows)."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = raw.decode("utf-8").splitlines()
    heads = [line for line in lines if line.startswith("# ")]
    origin = {key.strip(): value.strip() for key, _, value in (line[2:].partition(":") for line in heads)}
    header, *rows = list(csv.reader(line for line in lines if line and not line.startswith("# "))) or [[]]
    problems = [Problem(LIST_NO_ORIGIN, {"file": path.name, "key": key}) for key in _ORIGIN if not origin.get(key)]
    problems += [
        Problem(LIST_RAGGED, {"file": path.name, "row": n, "cells": len(row), "columns": len(header)})
        for n, row in enumerate(rows, 1)
        if len(row) != len(header)
    ]
    problems += [] if rows else [Problem(LIST_EMPTY, {"file": path.name})]
    if problems:
        raise BadInput(problems)
    return CodeList(name=path.name.split(".")[0], origin=origin, columns=tuple(header), rows=tuple(map(tuple, rows)))
