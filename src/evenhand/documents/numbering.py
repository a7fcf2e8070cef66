"""Numbering: chapters 1, clauses 1.1, annexes A, tables and figures; then every reference by mark becomes that number.

>>> from evenhand.documents.model import Clause, Paragraph
>>> chapters, labels = number_clauses((Clause(title="范围"), Clause(title="数据元", mark="e", clauses=(Clause(title="目录", mark="c"),))))
>>> [c.number for c in chapters], labels
(['1', '2'], {'e': '第2章', 'c': '2.1'})
>>> resolved("见{@c}。", labels)
'见2.1。'
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import ascii_uppercase
from typing import Final

from evenhand.documents.messages import MARK_TWICE, MARK_UNKNOWN
from evenhand.documents.model import Block, Card, Clause, Diagram, Document, Figure, Listing, Paragraph, Table, Term
from evenhand.errors import BadInput, Problem

__all__ = ["headings", "mapped", "marks_cited", "number_clauses", "numbered", "resolved", "texts", "walk"]

_MARK: Final = re.compile(r"\{@([\w-]+)\}")
_ANNEXES: Final = ascii_uppercase.replace("I", "").replace("O", "")  # GB/T 1.1: no I, no O


@dataclass
class _Count:
    """Running numbers of one document and the marks seen so far."""

    labels: dict[str, str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    tables: int = 0
    figures: int = 0

    def name(self, mark: str, label: str) -> None:
        if mark and mark in self.labels:
            self.twice.append(mark)
        if mark:
            self.labels[mark] = label


def number_clauses(clauses: Iterable[Clause]) -> tuple[tuple[Clause, ...], dict[str, str]]:
    """Number chapters and all below them; returns them with the label of every mark."""
    count = _Count()
    done = tuple(_clause(clause, str(n), count, "") for n, clause in enumerate(clauses, 1))
    return done, count.labels


def numbered(document: Document) -> Document:
    """Number the whole document and resolve its references; raises BadInput naming every mark that is unknown or given twice."""
    count = _Count()
    clauses = tuple(_clause(clause, str(n), count, "") for n, clause in enumerate(document.clauses, 1))
    annexes = []
    for letter, annex in zip(_ANNEXES, document.annexes, strict=False):
        count.tables = count.figures = 0
        annexes.append(_clause(annex, letter, count, f"{letter}."))
    done = replace(document, clauses=clauses, annexes=tuple(annexes))
    unknown = sorted({mark for text in texts(done) for mark in _MARK.findall(text)} - set(count.labels))
    problems = [Problem(MARK_UNKNOWN, {"title": document.cover.title, "mark": mark}) for mark in unknown]
    problems += [Problem(MARK_TWICE, {"title": document.cover.title, "mark": mark}) for mark in count.twice]
    if problems:
        raise BadInput(problems)
    return mapped(done, lambda text: resolved(text, count.labels))


def resolved(text: str, labels: Mapping[str, str]) -> str:
    """Put the label in place of each `{@mark}`."""
    return _MARK.sub(lambda hit: labels[hit[1]], text)


def marks_cited(document: Document) -> set[str]:
    """Marks that the prose of a document, not yet numbered, refers to."""
    return {mark for text in texts(document) for mark in _MARK.findall(text)}


def walk(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Every clause, parents before children."""
    for clause in clauses:
        yield clause
        yield from walk(clause.clauses)


def headings(document: Document) -> tuple[Clause, ...]:
    """What the contents (目次) list: chapters and clauses of the second level, annexes and their clauses."""
    deepest = 2
    return tuple(clause for clause in walk((*document.clauses, *document.annexes)) if clause.level <= deepest)


def _clause(clause: Clause, number: str, count: _Count, prefix: str) -> Clause:
    label = f"附录{number}" if clause.kind == "annex" else f"第{number}章" if number.isdigit() else number
    count.name(clause.mark, label)
    terms = iter(range(1, 10_000))
    blocks = tuple(_block(block, number, count, prefix, terms) for block in clause.blocks)
    children = tuple(_clause(child, f"{number}.{n}", count, prefix) for n, child in enumerate(clause.clauses, 1))
    return replace(clause, number=number, blocks=blocks, clauses=children)


def _block(block: Block, number: str, count: _Count, prefix: str, terms: Iterator[int]) -> Block:
    if isinstance(block, Term):
        return replace(block, number=f"{number}.{next(terms)}")
    if isinstance(block, Table) and block.title:
        count.tables += 1
        count.name(block.mark, f"表{prefix}{count.tables}")
        return replace(block, number=f"表{prefix}{count.tables}")
    if isinstance(block, Figure | Diagram):
        count.figures += 1
        count.name(block.mark, f"图{prefix}{count.figures}")
        return replace(block, number=f"图{prefix}{count.figures}")
    return block


def texts(document: Document) -> Iterator[str]:
    """Every running text of a document."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    mapped(document, keep)
    return iter(found)


def mapped(document: Document, change: Callable[[str], str]) -> Document:
    """Change every running text: paragraphs, items, definitions, cells, attributes, sources; titles stay."""

    def block(one: Block) -> Block:
        if isinstance(one, Paragraph):
            return replace(one, text=change(one.text))
        if isinstance(one, Listing):
            return replace(one, items=tuple(map(change, one.items)))
        if isinstance(one, Term):
            return replace(one, definition=change(one.definition))
        if isinstance(one, Table):
            return replace(one, notes=tuple(map(change, one.notes)), rows=tuple(tuple(map(change, row)) for row in one.rows))
        if isinstance(one, Card):
            return replace(one, pairs=tuple(replace(pair, value=change(pair.value)) for pair in one.pairs))
        return one

    def clause(one: Clause) -> Clause:
        return replace(one, blocks=tuple(map(block, one.blocks)), clauses=tuple(map(clause, one.clauses)))

    return replace(
        document,
        foreword=tuple(map(block, document.foreword)),
        introduction=tuple(map(block, document.introduction)),
        clauses=tuple(map(clause, document.clauses)),
        annexes=tuple(map(clause, document.annexes)),
        bibliography=tuple(map(change, document.bibliography)),
    )
