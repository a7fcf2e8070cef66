"""What a data set is: its fields with constraints, its grain, its key, its owner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.datatypes as dt

from evenhand.standards.elements import ELEMENTS
from evenhand.standards.shapes import COLUMN_TYPE, Element, Mask, Shape

__all__ = ["Column", "DataSet", "Field", "Relation", "Table", "column", "field"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field (数据项) of one data set: a data element and how this set uses it.

    `required`: a row without it is marked, never dropped. `unique`: no two rows share a value.
    `references`: `data set.field` whose values it takes.
    """

    element: Element
    title: str
    required: bool = False
    unique: bool = False
    references: str = ""

    @property
    def name(self) -> str:
        """English name, the column's name everywhere."""
        return self.element.name

    @property
    def shape(self) -> Shape:
        """What kind of thing the value is."""
        return self.element.shape

    @property
    def column_type(self) -> dt.DataType:
        """Type of the standardised column."""
        return COLUMN_TYPE[self.element.shape]


def field(name: str, title: str = "", *, required: bool = False, unique: bool = False, references: str = "") -> Field:
    """Return a field on the element `name`; `title` only where this data set words it differently."""
    element = ELEMENTS[name]
    return Field(element=element, title=title or element.title, required=required, unique=unique, references=references)


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """One governed data set (数据集): one row per `grain`.

    `observed` names the field that tells on which day the row was true.
    `bears_subject`: each row speaks of a food business and must end in exactly one subject; the others are reference data.
    """

    name: str
    title: str
    grain: str
    key: tuple[str, ...]
    owner: str
    fields: tuple[Field, ...]
    observed: str
    bears_subject: bool = True

    def __iter__(self) -> Iterator[Field]:
        """Walk the fields in their order."""
        return iter(self.fields)

    def __contains__(self, name: str) -> bool:
        """Whether the set has a field of that English name."""
        return any(f.name == name for f in self.fields)

    def __getitem__(self, name: str) -> Field:
        """Return the field of that English name; KeyError when there is none."""
        for f in self.fields:
            if f.name == name:
                return f
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """English names in order."""
        return tuple(f.name for f in self.fields)

    @property
    def required(self) -> tuple[Field, ...]:
        """Fields that a source must bring."""
        return tuple(f for f in self.fields if f.required)


_TYPES: Final[Mapping[str, dt.DataType]] = {
    "d8": dt.Date(),
    "bl": dt.Boolean(),
    "dec": dt.Decimal(18, 2),
    "n": dt.Int64(),
    "f": dt.Float64(),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a derived table: name, Chinese title, type, meaning, mask."""

    name: str
    title: str
    type: dt.DataType
    meaning: str = ""
    mask: Mask = Mask.NONE


@dataclass(frozen=True, kw_only=True)
class Table:
    """One derived table of a release: one row per `grain`, sorted by `order`."""

    name: str
    title: str
    grain: str
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def schema(self) -> ibis.Schema:
        """The table's schema, the same on every engine."""
        return ibis.schema({c.name: c.type for c in self.columns})


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A reference: values of `table.column` are keys of `other`, what it says in words; `several`: one value names several rows."""

    table: str
    column: str
    other: str
    words: str
    several: bool = False


def column(name: str, title: str, kind: str = "an", meaning: str = "", *, mask: Mask | None = None) -> Column:
    """Return a column of a derived table; `kind` is `an`, `n`, `dec`, `d8`, `bl` or `f`; masks follow the element of that name."""
    element = ELEMENTS.get(name)
    return Column(
        name=name, title=title, type=_TYPES.get(kind, dt.String()), meaning=meaning or (element.meaning if element else ""),
        mask=mask if mask is not None else (element.mask if element else Mask.NONE),
    )  # fmt: skip
