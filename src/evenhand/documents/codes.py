"""Print the code tables (代码表), short ones in full, long ones by origin, size and checksum; and how numbers are built."""

import hashlib
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Final

from evenhand.documents.model import Block, Clause, Column, Paragraph, Table
from evenhand.documents.rulefiles import column_widths
from evenhand.documents.wording import Matter
from evenhand.identifiers import (
    CodeTables,
    division,
    filing_no,
    operation_licence,
    organisation_code,
    production_licence,
    registration_no,
    resident_id,
    uscc,
)
from evenhand.rulebook import CodeList

__all__ = ["code_lists", "code_overview", "list_digest", "number_layouts"]

_IN_FULL: Final = 150
_SHORTENED: Final[Mapping[str, Callable[[Mapping[str, str]], bool]]] = {
    "divisions": lambda row: row["level"] in {"province", "prefecture", "county"},
}
_EXAMPLES: Final[tuple[tuple[ModuleType, str], ...]] = (
    (uscc, "91350100M000100Y43"), (organisation_code, "MA1FL0LY9"), (registration_no, "350102600000041"), (production_licence, "SC10635010200015"),
    (operation_licence, "JY13501020000011"), (filing_no, "YB13501020000011"), (resident_id, "350102199001010016"), (division, "350102"),
)  # fmt: skip
"""One right number of each kind, as the docstrings of `identifiers` use them; invented where a person could be meant."""
_PARTS: Final = (
    Column(title="号码", width=38), Column(title="位", width=16, centred=True), Column(title="组成", width=46), Column(title="示例", width=30, code=True), Column(title="示例的含义", width=35),
)  # fmt: skip
_OVERVIEW: Final = (
    Column(title="序号", width=9, centred=True), Column(title="代码表", width=44), Column(title="标识符", width=38, code=True), Column(title="代码数", width=14, centred=True),
    Column(title="依据与核实程度", width=60),
)  # fmt: skip


def code_overview(matter: Matter) -> Table:
    """One line per code list."""
    rows = tuple(
        (str(n), one.origin["title"], name, str(len(one.rows)), matter.basis(one.origin["source"], one.origin["confidence"]))
        for n, (name, one) in enumerate(matter.lists.items(), 1)
    )
    return Table(title="代码表一览", mark="t-codes", columns=_OVERVIEW, rows=rows)


def code_lists(matter: Matter) -> tuple[Clause, ...]:
    """One clause per code list."""
    return tuple(_clause(matter, one) for one in matter.lists.values())


def list_digest(one: CodeList) -> str:
    """SHA-256 over the rows of a code list, tab between cells, newline after rows: lets a reader compare the electronic list."""
    return hashlib.sha256("".join("\t".join(row) + "\n" for row in one.rows).encode()).hexdigest()


def number_layouts(matter: Matter) -> Table:
    """The parts of every number, explained on one right example."""
    names = ("uscc_prefix", "divisions", "divisions_outside", "division_history", "food_production_categories", "area_codes")
    tables = CodeTables.from_rows(**{name: matter.lists[name] for name in names if name in matter.lists})
    rows: list[tuple[str, ...]] = []
    for module, example in _EXAMPLES:
        for place, part in enumerate(module.explain(example, tables=tables)):
            first, last = part.place, part.place + len(part.text) - 1
            name = f"{module.SHAPE.name_zh}（{example}）" if place == 0 else ""
            rows.append((name, str(first) if first == last else f"{first}～{last}", part.zh, part.text, part.meaning or "—"))
    return Table(title="号码的构成", mark="t-numbers", columns=_PARTS, rows=tuple(rows))


def _clause(matter: Matter, one: CodeList) -> Clause:
    origin = one.origin
    facts = f"标识符为 {one.name}，共{len(one.rows)}条。来源：{matter.basis(origin['source'], origin['confidence'])}；查阅日期{origin['read_on']}。"
    blocks: list[Block] = [Paragraph(text=facts)]
    if origin.get("note"):
        blocks.append(Paragraph(text=_tagged(matter, matter.cell(origin["note"])), kind="note"))
    keep = _SHORTENED.get(one.name)
    shown = [row for row in one if keep is None or keep(row)]
    if len(shown) > _IN_FULL or keep:
        blocks.append(Paragraph(text=f"全表以电子文件提供；按行以制表符分隔、换行结尾计算的SHA-256为 {list_digest(one)}。", kind="note"))
    if len(shown) <= _IN_FULL:
        columns = _columns(matter, one, shown)
        cells = tuple(tuple(_cell(matter, name, row[name]) for name in columns) for row in shown)
        blocks.append(Table(title=origin["title"], columns=tuple(columns.values()), rows=cells))
    return Clause(title=origin["title"], mark=f"code-{one.name}", blocks=tuple(blocks))


def _columns(matter: Matter, one: CodeList, shown: list[dict[str, str]]) -> dict[str, Column]:
    """Columns that hold anything, as wide as their longest cell asks for."""
    used = [name for name in one.columns if any(row[name] for row in shown)]
    sizes = [max(_size(matter.key(name)), *(_size(_cell(matter, name, row[name])) for row in shown)) for name in used]
    return {name: Column(title=matter.key(name), width=width) for name, width in zip(used, column_widths(sizes), strict=True)}


def _size(text: str) -> int:
    return len(text) + 1


def _cell(matter: Matter, column: str, text: str) -> str:
    if column == "aliases":
        return text.replace("|", "、") or "—"
    return text if column in {"code", "name"} and text else matter.cell(text)


def _tagged(matter: Matter, text: str) -> str:
    for mark, word in matter.words["confidence_words"].items():
        text = text.replace(f"（{mark} ", f"（{word.split('（')[0]} ")
    return text
