"""Lists and quotas of a draw as officers write them: CSV files and short texts."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from evenhand.cli.asking import csv_rows
from evenhand.draw import of_ratio
from evenhand.errors import BadInput, Message, Problem

__all__ = ["read_cells", "read_counts", "read_frame", "read_quotas"]

_COUNT: Final = re.compile("[0-9]{1,9}")
BAD_LIST: Final = Message(
    "DRAW-30",
    zh="{path}：{why}。名单是 CSV，列为 id、stratum，按风险加权的另有 weight。",
    en="{path}: {why}; a CSV with id, stratum, perhaps weight.",
)
BAD_QUOTA: Final = Message(
    "DRAW-31",
    zh="名额“{text}”写法不对。写成 层=个数，或者 各层比例 如 5%。",
    en="quota `{text}`: write stratum=number, or a ratio such as 5%.",
)
BAD_COUNTS: Final = Message("DRAW-33", zh="{path}：{why}。须是 CSV，列为 {columns}。", en="{path}: {why}; a CSV with {columns}.")


def read_frame(path: Path) -> list[tuple[str, ...]]:
    """Return the rows of a list: id, stratum and, where there is one, weight; raises BadInput for another file (DRAW-30)."""
    rows = csv_rows(path, ("id", "stratum"), bad=BAD_LIST)
    return [tuple(row[name] for name in ("id", "stratum", "weight") if name in row) for row in rows]


def read_counts(path: Path | None, columns: Sequence[str]) -> dict[str, int]:
    """Return whole numbers by what stands before them from a CSV, `/` between columns; raises BadInput for another file, or a row twice (DRAW-33)."""
    if path is None:
        return {}
    found: dict[str, int] = {}
    problems = []
    for line, row in enumerate(csv_rows(path, columns, bad=BAD_COUNTS), 2):
        *names, count = (row[name] for name in columns)
        key = "/".join(names)
        if not all(names) or not _COUNT.fullmatch(count) or any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in key):
            problems.append((line, "缺内容、不是整数或者有制表符"))
        elif key in found:
            problems.append((line, f"“{key}”写了两次"))
        else:
            found[key] = int(count)
    if problems:
        raise BadInput(
            Problem(BAD_COUNTS, {"path": f"{path} 第{line}行", "why": why, "columns": "、".join(columns)}) for line, why in problems
        )
    return found


def read_quotas(texts: Sequence[str], strata: Mapping[str, int]) -> dict[str, int]:
    """Return quotas by stratum from `层=个数`, one ratio for all such as `5%`, or a CSV of key and quota; raises BadInput for another text (DRAW-31)."""
    found: dict[str, int] = {}
    for text in texts:
        name, _, count = text.rpartition("=")
        ratio = text.removesuffix("%")
        if text.endswith(".csv"):
            found |= read_counts(Path(text), ("key", "quota"))
        elif text.endswith("%") and _COUNT.fullmatch(ratio):
            found |= {stratum: of_ratio(size, int(ratio), 100) for stratum, size in strata.items()}
        elif name and _COUNT.fullmatch(count):
            found[name] = int(count)
        else:
            raise BadInput(Problem(BAD_QUOTA, {"text": text}))
    return found


def read_cells(path: Path, denominator: int) -> tuple[list[tuple[str, ...]], list[tuple[str, str, str]]]:
    """Return list and rules of a draw on two margins from a CSV of row, column and numerator."""
    held = read_counts(path, ("row", "column", "numerator"))
    rules = [("cell", key, str(count)) for key, count in held.items()]
    return [(key,) for key in held], [*rules, ("param", "denominator", str(denominator))]
