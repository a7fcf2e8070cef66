"""Reading text files that are already clean, in parallel."""

from collections.abc import Sequence
from pathlib import Path

import ibis.expr.types as ir

from evenhand.engine.session import Engine

__all__ = ["read_clean_text"]


def read_clean_text(engine: Engine, paths: Sequence[Path], *, names: Sequence[str], delimiter: str) -> ir.Table:
    """Return the table of UTF-8 text files without header whose every record is well formed: all columns are text, empty cells null.

    Well formed: as many cells as `names`, quotes (") only around whole cells and doubled inside, line feed after each record.
    """
    return engine._backend.read_csv(  # noqa: SLF001 — this file and `session` are one room; the session is its only state
        [str(path) for path in paths], header=False, auto_detect=False, columns=dict.fromkeys(names, "VARCHAR"), delim=delimiter, quote='"', escape='"',
        nullstr="", strict_mode=True, new_line="\\n", maximum_line_size=64 << 20, encoding="utf-8",
    )  # fmt: skip
