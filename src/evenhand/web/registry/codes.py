"""What a credit code says, or why it is wrong, in words for the subject page."""

from functools import lru_cache
from typing import Any

from evenhand.identifiers import uscc
from evenhand.identifiers.code_tables import CodeTables
from evenhand.rulebook import shipped_pack

__all__ = ["code_explained"]


@lru_cache(maxsize=1)
def _tables() -> CodeTables:
    pack = shipped_pack()
    lists = {
        name: tuple(pack.codes(name))
        for name in ("uscc_prefix", "divisions", "divisions_outside", "division_history")
        if name in pack.lists
    }
    return CodeTables.from_rows(**lists)


def code_explained(code: str | None) -> dict[str, Any]:
    """Return the parts of a valid code with its doubts, or the reason why it is wrong; nothing for an empty one."""
    if not code:
        return {"parts": (), "doubts": (), "wrong": "来源记录中都没有统一社会信用代码。请向登记机关核实后补录。"}
    fault = uscc.SHAPE.fault(code)
    if fault:
        return {"parts": (), "doubts": (), "wrong": fault.zh}
    tables = _tables()
    return {"parts": uscc.explain(code, tables=tables), "doubts": uscc.warnings(code, tables=tables), "wrong": ""}
