"""The document model: what a standard consists of, whatever it is printed as. Frozen; numbers are filled in by `numbering`."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "Block",
    "Box",
    "Card",
    "Clause",
    "Column",
    "Cover",
    "Diagram",
    "Document",
    "Figure",
    "Line",
    "Listing",
    "Pair",
    "Paragraph",
    "Table",
    "Term",
]


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One paragraph (段); `note` is printed smaller and begins with 注."""

    text: str
    kind: Literal["text", "note"] = "text"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Items (列项): lettered a) b) c), or with a dash where their order says nothing."""

    items: tuple[str, ...]
    lettered: bool = True


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term with its definition (术语条目); numbered like a clause."""

    title: str
    english: str
    definition: str
    source: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a printed table: heading, width in millimetres of the 165 of the page, and how its cells are set."""

    title: str
    width: float
    code: bool = False
    centred: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table (表) with a heading row that repeats on every page; `notes` stand below it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    mark: str = ""
    notes: tuple[str, ...] = ()
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One attribute and its value; a `wide` value takes the whole line of the card."""

    title: str
    value: str
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """The attributes of one thing, two to a line, never parted by a page (数据元属性)."""

    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chain of steps drawn as boxes (流程图): for each its title, and the words beside it, left and right."""

    title: str
    heads: tuple[str, str, str]
    steps: tuple[tuple[str, str, str], ...]
    mark: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Box:
    """One table of a diagram: its corner and size, title, identifier, and the keys shown."""

    x: float
    y: float
    width: float
    height: float
    title: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One reference of a diagram: its bends; `one` and `many` say at which end it begins and ends at a box."""

    points: tuple[tuple[float, float], ...]
    one: bool
    many: bool


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """Tables and references, drawn (实体关系图); measures in millimetres."""

    title: str
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    mark: str = ""
    number: str = ""


Block: TypeAlias = Paragraph | Listing | Term | Table | Card | Figure | Diagram


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A chapter, clause or annex (章、条、附录): a title, blocks, and clauses below it.

    `kind` is `annex` for the head of an annex; its `nature` is 规范性 or 资料性. `mark` is the name by which other text refers to it.
    """

    title: str
    mark: str = ""
    blocks: tuple[Block, ...] = ()
    clauses: tuple["Clause", ...] = ()
    kind: Literal["clause", "annex"] = "clause"
    nature: str = ""
    number: str = ""

    @property
    def level(self) -> int:
        """1 for a chapter or an annex, 2 for a clause in it, and so on."""
        return self.number.count(".") + 1


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What the cover says (封面)."""

    kind: str
    number: str
    title: str
    english: str
    stage: str
    ics: str
    ccs: str
    published: str
    in_force: str
    publisher: str
    file: str
    edition: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """One standard: cover, foreword (前言), introduction (引言), chapters, annexes, bibliography (参考文献)."""

    cover: Cover
    foreword: tuple[Block, ...]
    introduction: tuple[Block, ...]
    clauses: tuple[Clause, ...]
    annexes: tuple[Clause, ...]
    bibliography: tuple[str, ...]
