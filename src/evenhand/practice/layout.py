"""Layouts: how each bureau's export looks, from `layout.toml`, and the writing of typed cells in its way."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from evenhand.practice.rows import Rows
from evenhand.practice.subjects import World
from evenhand.practice.text import Text, as_text, day_text, text_column
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, DataSet, Shape

__all__ = ["Layout", "read_layouts"]

_IN_YUAN: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One source's look. `columns`: (header, field); an empty field is a serial number the clerk added."""

    name: str
    kind: str
    title: str
    file: str
    columns: tuple[tuple[str, str], ...]
    format: str = "csv"
    encoding: str = "utf-8"
    stated: bool = False
    delimiter: str = ","
    sheet: str = ""
    titles: tuple[str, ...] = ()
    dialect: int = 0
    office: int = 0
    units: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, entry: Mapping[str, Any], pack: Pack) -> Self:
        """Build a layout from its TOML table; codes it has no words for are written by their official names."""
        made = cls(**(dict(entry) | {"columns": tuple(map(tuple, entry["columns"])), "titles": tuple(entry.get("titles", ()))}))
        lists = {f.name: f.element.codes for f in made.dataset if f.element.codes and f.shape is Shape.CODE}
        names = {name: pack.codes(codes).codes for name, codes in lists.items() if name in made.fields and name != "industry"}
        names |= {f.name: {"true": "是", "false": "否"} for f in made.dataset if f.shape is Shape.FLAG and f.name in made.fields}
        return cls(**(made.__dict__ | {"names": {name: dict(known) | dict(made.says.get(name, {})) for name, known in names.items()}}))

    @property
    def dataset(self) -> DataSet:
        """The governed data set its rows belong to."""
        return EXTRACTS[self.kind]

    @property
    def fields(self) -> tuple[str, ...]:
        """Our fields, in the order of its columns."""
        return tuple(name for _, name in self.columns if name)

    def fields_at(self, name: str) -> int:
        """Return the column in which a field stands, counted from 0."""
        return [field for _, field in self.columns].index(name)

    @property
    def pattern(self) -> str:
        """Glob of its files."""
        return self.file.replace("{city}", "*").replace("{year}", "*")

    def written(self, rows: Rows, world: World) -> Rows:
        """Return the rows with every cell as text in this source's way; cells it does not carry are left out."""
        cells = {name: self._text(name, rows.cells[name], world) for name in self.fields}
        return Rows(source=rows.source, who=rows.who, spot=rows.spot, office=rows.office, cells=cells, marked=rows.marked, able=rows.able)

    def _text(self, name: str, cell: npt.NDArray[Any], world: World) -> Text:
        known = self.dataset[name]
        if name in self.names:
            words = {**self.names[name], "": ""}
            return text_column([words[code] for code in cell.tolist()])
        match known.shape:
            case Shape.DATE:
                return day_text(cell, dialect=self.dialect)
            case Shape.OFFICE if cell.dtype != object:
                spelled: Text = world.ground.office_spelling[self.office][cell]
                return spelled
            case Shape.MONEY:
                unit = self.units.get(name, known.element.unit)
                factor = {(True, False): 1 / _IN_YUAN, (False, True): _IN_YUAN}.get((known.element.unit == "元", unit == "元"), 1)
                return as_text(np.where(cell < 0, -1.0, cell * factor))
            case Shape.AREA | Shape.INTEGER:
                return as_text(cell)
            case _:
                text: Text = cell
                return text


def read_layouts(pack: Pack) -> dict[str, Layout]:
    """Return every layout by the name of its source."""
    entries = tomllib.loads((files("evenhand.practice") / "layout.toml").read_text("utf-8"))["source"]
    return {entry["name"]: Layout.of(entry, pack) for entry in entries}
