"""Write a document as Typst, and as PDF: text goes in as string literals only, so no sign of it can act as markup."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final

import typst

from evenhand.documents.fonts import Faces
from evenhand.documents.model import Block, Card, Clause, Diagram, Document, Figure, Listing, Paragraph, Table, Term
from evenhand.documents.numbering import headings

__all__ = ["contents_of", "figure_picture", "page_numbers", "pdf_bytes", "typst_string", "typst_text"]

_STAMP: Final = datetime(2000, 1, 1, tzinfo=UTC)  # a PDF carries a time; the same inputs must give the same bytes
_LONG_WORD: Final = 18
_SOFT: Final = "_(),.|])}{[/"
_BIBLIOGRAPHY: Final = "c-bib"


def typst_text(document: Document, faces: Faces) -> str:
    """The whole document as one Typst source."""
    return "\n".join(_lines(document, faces))


def pdf_bytes(source: str, faces: Faces) -> bytes:
    """Compile to PDF; no package, no file, no system font is looked up."""
    made = typst.compile(source.encode(), font_paths=faces.fonts, ignore_system_fonts=True, timestamp=_STAMP)
    return made if isinstance(made, bytes) else b""


def page_numbers(source: str, faces: Faces) -> dict[str, str]:
    """Page of each heading of the contents as printed, by its mark."""
    found = typst.query(source.encode(), "<pages>", field="value", one=True, font_paths=faces.fonts, ignore_system_fonts=True)
    return {str(mark): str(page) for mark, page in json.loads(found)}


def figure_picture(figure: Figure | Diagram, faces: Faces) -> bytes:
    """The drawing of a figure as PNG, for documents that cannot draw it themselves."""
    head = _preamble(faces, "")
    drawn = f"chain({_array(figure.heads)}, {_steps(figure)})" if isinstance(figure, Figure) else f"entities({_entities(figure)})"
    source = f"{head}\n#set page(width: auto, height: auto, margin: 2mm)\n#{drawn}"
    made = typst.compile(source.encode(), format="png", ppi=220, font_paths=faces.fonts, ignore_system_fonts=True)
    return made if isinstance(made, bytes) else b""


def contents_of(document: Document) -> Iterator[tuple[int, str, str]]:
    """Lines of the contents: level, text, mark; the foreword first, the bibliography last."""
    yield 1, "前言", "c-foreword"
    if document.introduction:
        yield 1, "引言", "c-introduction"
    for clause in headings(document):
        annex = clause.kind == "annex"
        text = f"附录{clause.number}（{clause.nature}）　{clause.title}" if annex else f"{clause.number}　{clause.title}"
        yield clause.level, text, f"c-{clause.number}"
    if document.bibliography:
        yield 1, "参考文献", _BIBLIOGRAPHY


def _preamble(faces: Faces, running: str) -> str:
    form = files("evenhand.documents").joinpath("standard.typ").read_text("utf-8")
    return (
        f"#let serif = {typst_string(faces.serif)}\n#let sans = {typst_string(faces.sans)}\n#let running = {typst_string(running)}\n{form}"
    )


def _lines(document: Document, faces: Faces) -> Iterator[str]:
    cover = document.cover
    yield _preamble(faces, f"{cover.number}{cover.stage}")
    yield f"#set document(title: {typst_string(cover.title)}, author: {typst_string(cover.publisher)}, date: none)"
    words = (
        cover.ics, cover.ccs, cover.kind, cover.number, cover.title, cover.english, cover.stage, cover.edition,
        cover.published or "××××-××-××", cover.in_force or "××××-××-××", cover.publisher,
    )  # fmt: skip
    yield f"#cover({', '.join(map(typst_string, words))})"
    yield '#set page(numbering: "I", header: running-head, footer: running-foot("I"))\n#counter(page).update(1)'
    entries = list(contents_of(document))
    rows = "".join(f"({level}, {typst_string(text)}, <{mark}>), " for level, text, mark in entries)
    yield f'#front-title("目次")\n#contents(({rows}))'
    yield from _front("前言", "c-foreword", document.foreword)
    if document.introduction:
        yield from _front("引言", "c-introduction", document.introduction)
    yield '#pagebreak(weak: true)\n#set page(numbering: "1", footer: running-foot("1"))\n#counter(page).update(1)'
    yield f"#body-title({typst_string(cover.title)})"
    for clause in (*document.clauses, *document.annexes):
        yield from _clause(clause)
    if document.bibliography:
        yield f'#front-head("参考文献", <{_BIBLIOGRAPHY}>)'
        yield from (f"#plain(block(above: 0.8em, {typst_string(f'[{n}]　{line}')}))" for n, line in enumerate(document.bibliography, 1))
    yield "#ending"
    marks = ", ".join(f'("{mark}", <{mark}>)' for _, _, mark in entries)
    yield (
        f"#context [#metadata(({marks},).map(((name, mark)) => "
        '(name, numbering(locate(mark).page-numbering(), counter(page).at(locate(mark)).first()))) + (("end", str(counter(page).get().first())),)) <pages>]'
    )


def _front(title: str, mark: str, blocks: Iterable[Block]) -> Iterator[str]:
    yield f"#front-head({typst_string(title)}, <{mark}>)"
    yield from map(_block, blocks)


def _clause(clause: Clause) -> Iterator[str]:
    mark = f"<c-{clause.number}>"
    if clause.kind == "annex":
        yield f"#annex({typst_string(clause.number)}, {typst_string(clause.nature)}, {typst_string(clause.title)}, {mark})"
    else:
        yield f"#clause({clause.level}, {typst_string(clause.number)}, {typst_string(clause.title)}, {mark})"
    yield from map(_block, clause.blocks)
    for inner in clause.clauses:
        yield from _clause(inner)


def _block(block: Block) -> str:
    match block:
        case Paragraph(text=text, kind=kind):
            return f"#{'note' if kind == 'note' else 'para'}({typst_string(text)})"
        case Listing(items=items, lettered=lettered):
            return f"#items({_array(items)}, {'true' if lettered else 'false'})"
        case Term():
            return f"#term({', '.join(map(typst_string, (block.number, block.title, block.english, block.definition, block.source)))})"
        case Table():
            return _table(block)
        case Card():
            return _card(block)
        case Figure() | Diagram():
            return _drawn(block)


def _drawn(block: Figure | Diagram) -> str:
    if isinstance(block, Diagram):
        return f"#diagram({typst_string(block.number)}, {typst_string(block.title)}, {_entities(block)})"
    return f"#drawing({typst_string(block.number)}, {typst_string(block.title)}, {_array(block.heads)}, {_steps(block)})"


def _entities(diagram: Diagram) -> str:
    """Size, boxes and lines, as arguments."""
    boxes = "".join(
        f"({b.x}, {b.y}, {b.width}, {b.height}, {typst_string(b.title)}, {typst_string(b.name)}, {_array(b.lines)}), "
        for b in diagram.boxes
    )
    lines = "".join(
        f"(({''.join(f'({x}, {y}), ' for x, y in one.points)}), {str(one.one).lower()}, {str(one.many).lower()}), " for one in diagram.lines
    )
    return f"{diagram.width}, {diagram.height}, ({boxes}), ({lines})"


def _table(table: Table) -> str:
    columns = "".join(
        f"(title: {typst_string(c.title)}, width: {c.width}, code: {str(c.code).lower()}, centred: {str(c.centred).lower()}), "
        for c in table.columns
    )
    rows = "".join(f"({''.join(f'{typst_string(_soft(cell))}, ' for cell in row)}),\n" for row in table.rows)
    return f"#tbl({typst_string(table.number)}, {typst_string(table.title)}, ({columns}), ({rows}), {_array(table.notes)})"


def _card(card: Card) -> str:
    pairs, open_half = [], False
    for n, pair in enumerate(card.pairs):
        following = card.pairs[n + 1] if n + 1 < len(card.pairs) else None
        alone = not pair.wide and not open_half and (following is None or following.wide)
        open_half = not pair.wide and not open_half and not alone
        pairs.append(
            f"(title: {typst_string(pair.title)}, value: {typst_string(_soft(pair.value))}, wide: {str(pair.wide).lower()}, last: {str(alone).lower()}), "
        )
    return f"#card({typst_string(card.title)}, ({''.join(pairs)}))"


def _steps(figure: Figure) -> str:
    return f"({''.join(f'{_array(step)}, ' for step in figure.steps)})"


def _array(texts: Iterable[str]) -> str:
    return f"({''.join(f'{typst_string(text)}, ' for text in texts)})"


def _soft(text: str) -> str:
    """Let a long word without blanks break behind signs that join its parts."""
    return " ".join(_softened(word) if len(word) > _LONG_WORD and word.isascii() else word for word in text.split(" "))


def _softened(word: str) -> str:
    return "".join(f"{sign}\u200b" if sign in _SOFT else sign for sign in word)


def typst_string(value: Any) -> str:
    """Return a Typst string literal."""
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "").replace("\t", " ")
    return f'"{escaped}"'
