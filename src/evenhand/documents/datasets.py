"""Print the data sets (数据集): what sources deliver, and the tables of a release."""

from collections.abc import Sequence
from typing import Final

import ibis.expr.datatypes as dt

from evenhand.documents.diagrams import entity_diagram
from evenhand.documents.model import Clause, Column, Diagram, Paragraph, Table
from evenhand.documents.wording import Matter
from evenhand.standards import DOUBLE_RANDOM, EXTRACTS, PROVENANCE, RELATIONS, TABLES, DataSet, Field
from evenhand.standards import Table as Derived

__all__ = [
    "double_random_diagram",
    "double_random_relations",
    "double_random_tables",
    "extract_overview",
    "extract_sets",
    "provenance",
    "release_tables",
]

_FIELDS: Final = (
    Column(title="序号", width=9, centred=True), Column(title="数据项", width=38), Column(title="标识符", width=36, code=True), Column(title="表示格式", width=18, code=True),
    Column(title="约束", width=10, centred=True), Column(title="值域", width=41), Column(title="安全级", width=13, centred=True),
)  # fmt: skip
_COLUMNS: Final = (
    Column(title="序号", width=9, centred=True), Column(title="数据项", width=33), Column(title="标识符", width=34, code=True), Column(title="数据类型", width=16, centred=True),
    Column(title="说明", width=60), Column(title="安全级", width=13, centred=True),
)  # fmt: skip
_RELATIONS: Final = (
    Column(title="序号", width=9, centred=True), Column(title="数据表", width=33), Column(title="数据项", width=28), Column(title="引用", width=33), Column(title="关系", width=17, centred=True), Column(title="含义", width=45),
)  # fmt: skip
_OVERVIEW: Final = (
    Column(title="序号", width=9, centred=True), Column(title="数据集", width=36), Column(title="标识符", width=36, code=True), Column(title="一行是", width=36),
    Column(title="项数", width=11, centred=True), Column(title="提供单位", width=24), Column(title="含主体", width=13, centred=True),
)  # fmt: skip


def extract_overview(matter: Matter) -> Table:
    """One line per kind of source data set."""
    del matter  # the standards in code say it all
    rows = tuple(
        (str(n), s.title, s.name, s.grain, str(len(s.fields)), s.owner, "是" if s.bears_subject else "否")
        for n, s in enumerate(EXTRACTS.values(), 1)
    )
    return Table(title="来源数据集一览", mark="t-extracts", columns=_OVERVIEW, rows=rows)


def extract_sets(matter: Matter) -> tuple[Clause, ...]:
    """One clause per kind of source data set."""
    return tuple(_extract(matter, extract) for extract in EXTRACTS.values())


def release_tables(matter: Matter) -> tuple[Clause, ...]:
    """One clause per table of a release."""
    return tuple(_table(matter, table) for table in TABLES.values())


def double_random_tables(matter: Matter, tables: Sequence[str]) -> tuple[Clause, ...]:
    """One clause per table of the double-random database, of those named."""
    return tuple(_table(matter, DOUBLE_RANDOM[name]) for name in tables)


def double_random_relations(matter: Matter) -> Table:
    """Every reference between the tables of the double-random database."""
    del matter
    named = {name: table.title for name, table in {**DOUBLE_RANDOM, **TABLES}.items()}
    columns = {(name, column.name): column.title for name, table in DOUBLE_RANDOM.items() for column in table.columns}
    rows = tuple(
        (str(n), named[one.table], columns[one.table, one.column], named[one.other], "一对多" if not one.several else "多对多", one.words)
        for n, one in enumerate(RELATIONS, 1)
    )
    return Table(title="数据表之间的引用", mark="t-relations", columns=_RELATIONS, rows=rows)


def double_random_diagram(matter: Matter, title: str, tables: Sequence[str], mark: str = "", outside: Sequence[str] = ()) -> Diagram:
    """The entity–relation diagram of some tables of the double-random database; `outside`: tables drawn, not described."""
    del matter
    known = {name: table.title for name, table in {**DOUBLE_RANDOM, **TABLES}.items()}
    return entity_diagram(
        title, [DOUBLE_RANDOM[name] for name in tables], RELATIONS, mark=mark, outside={name: known[name] for name in outside}
    )


def provenance(matter: Matter) -> Table:
    """What is kept of the origin of every row."""
    rows = tuple(
        (str(n), c.title, c.name, _type(c.type), c.meaning or "—", matter.grade(c.mask.value)) for n, c in enumerate(PROVENANCE, 1)
    )
    return Table(title="来源信息", mark="t-provenance", columns=_COLUMNS, rows=rows)


def _extract(matter: Matter, extract: DataSet) -> Clause:
    key = "、".join(extract[name].title for name in extract.key)
    facts = f"标识符为 {extract.name}。一行是{extract.grain}；主键为{key}；事实日期取“{extract[extract.observed].title}”；由{extract.owner}提供。"
    rows = tuple(_field(matter, n, f) for n, f in enumerate(extract.fields, 1))
    table = Table(title=f"{extract.title}数据集的数据项", columns=_FIELDS, rows=rows)
    return Clause(title=extract.title, blocks=(Paragraph(text=facts), table))


def _field(matter: Matter, n: int, field: Field) -> tuple[str, ...]:
    e = field.element
    title = field.title if field.title == e.title else f"{field.title}（{e.title}）"
    values = matter.lists[e.codes].origin["title"] if e.codes in matter.lists else matter.range_of(e)
    notes = [values] if values != "—" else []
    notes += [f"单位：{e.unit}"] if e.unit else []
    notes += ["不重复"] if field.unique else []
    notes += [f"取自 {field.references}"] if field.references else []
    return (str(n), title, field.name, e.form, "M" if field.required else "O", "；".join(notes) or "—", matter.grade(e.mask.value))


def _table(matter: Matter, table: Derived) -> Clause:
    order = "、".join(next(c.title for c in table.columns if c.name == name) for name in table.order)
    facts = f"标识符为 {table.name}。一行是{table.grain}；按{order}排序。"
    rows = tuple(
        (str(n), c.title, c.name, _type(c.type), c.meaning or "—", matter.grade(c.mask.value)) for n, c in enumerate(table.columns, 1)
    )
    return Clause(title=table.title, blocks=(Paragraph(text=facts), Table(title=f"{table.title}表的数据项", columns=_COLUMNS, rows=rows)))


def _type(kind: dt.DataType) -> str:
    if kind.is_date() or kind.is_timestamp():
        return "日期型"
    if kind.is_boolean():
        return "布尔型"
    return "数值型" if kind.is_numeric() else "字符型"
