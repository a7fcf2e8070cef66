"""Print the data elements (数据元): the catalogue, and all attributes of each as GB/T 19488 lists them."""

import re
from collections.abc import Sequence
from typing import Final

from evenhand.documents.model import Card, Clause, Column, Pair, Table
from evenhand.documents.wording import Matter
from evenhand.standards import ELEMENTS, EXTRACTS, DataSet, Element

__all__ = ["element_attributes", "element_catalogue"]

_CATALOGUE: Final = (
    Column(title="序号", width=10, centred=True), Column(title="中文名称", width=33), Column(title="标识符", width=34, code=True), Column(title="表示格式", width=18, code=True),
    Column(title="值域", width=27), Column(title="安全级", width=13, centred=True), Column(title="依据与核实程度", width=30),
)  # fmt: skip


def element_catalogue(matter: Matter) -> Table:
    """One line per data element, in the order of the standard."""
    rows = tuple(
        (
            str(n), e.title, e.name, e.form, _short_range(matter, e), matter.grade(e.mask.value), re.sub(r"（总局令第\d+号）", "", matter.element_basis(e)),
        )
        for n, e in enumerate(ELEMENTS.values(), 1)
    )  # fmt: skip
    return Table(title="数据元目录", mark="t-elements", columns=_CATALOGUE, rows=rows)


def element_attributes(matter: Matter) -> tuple[Clause, ...]:
    """One clause per data set that first uses an element; one card per element."""
    places = {name: n for n, name in enumerate(ELEMENTS, 1)}
    clauses = []
    for extract in EXTRACTS.values():
        own = [ELEMENTS[f.name] for f in extract if _first(f.name) is extract]
        cards = tuple(_card(matter, e, places[e.name], extract) for e in own)
        if cards:
            clauses.append(Clause(title=f"{extract.title}类", blocks=cards))
    rest = [e for e in ELEMENTS.values() if _first(e.name) is None]
    if rest:
        clauses.append(Clause(title="尚未用于来源数据集的数据元", blocks=tuple(_card(matter, e, places[e.name], None) for e in rest)))
    return tuple(clauses)


def _first(name: str) -> DataSet | None:
    return next((extract for extract in EXTRACTS.values() if name in extract), None)


def _short_range(matter: Matter, element: Element) -> str:
    return matter.lists[element.codes].origin["title"] if element.codes in matter.lists else matter.range_of(element)


def _card(matter: Matter, element: Element, place: int, home: DataSet | None) -> Card:
    kind, representation = matter.words["shapes"][element.shape.value]
    users = [extract for extract in EXTRACTS.values() if element.name in extract]
    rules = [rule.id for rule in matter.quality if rule.field == element.name]
    pairs = [
        Pair(title="标识符", value=element.name),
        Pair(title="英文名称", value=element.english),
        Pair(title="定义", value=element.meaning, wide=True),
        Pair(title="同义名称", value="、".join(element.aliases) or "—", wide=True),
        Pair(title="对象类词", value=_object(home)),
        Pair(title="特性词", value=_property(element.title, representation)),
        Pair(title="表示词", value=representation),
        Pair(title="数据类型", value=kind),
        Pair(title="表示格式", value=element.form),
        Pair(title="计量单位", value=element.unit or "—"),
        Pair(title="值域", value=matter.range_of(element), wide=True),
        Pair(title="约束", value=_constraints(element, users), wide=True),
        Pair(title="安全级", value=f"{matter.grade(element.mask.value)}，{matter.words['masks'][element.mask.value][1]}"),
        Pair(title="提交机构", value=_owners(users)),
        Pair(title="质量规则", value="、".join(rules) or "—", wide=True),
        Pair(title="依据", value=matter.element_basis(element), wide=True),
    ]
    return Card(title=f"{place:03d}  {element.title}", pairs=tuple(pairs))


def _object(home: DataSet | None) -> str:
    """Object class (对象类): what the data set speaks of."""
    return home.title if home else "—"


def _property(title: str, representation: str) -> str:
    """Property (特性): the title without the word of representation at its end."""
    plain = re.sub(r"（.*?）$", "", title)
    return plain.removesuffix(representation) or plain


def _constraints(element: Element, users: Sequence[DataSet]) -> str:
    needed = [s.title for s in users if s[element.name].required]
    optional = [s.title for s in users if not s[element.name].required]
    parts = [f"必选（M）：{'、'.join(needed)}"] if needed else []
    parts += [f"可选（O）：{'、'.join(optional)}"] if optional else []
    return "；".join(parts) or "—"


def _owners(users: Sequence[DataSet]) -> str:
    return "、".join(dict.fromkeys(s.owner for s in users)) or "—"
