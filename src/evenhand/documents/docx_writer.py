"""Write a document as Word (.docx): cover, contents with page fields, front matter I…, body 1…, tables with repeated heads."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import docx
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from evenhand.documents.docx_parts import NAMESPACES, bookmark, cell, field, paragraph, row, run, table
from evenhand.documents.docx_styles import make_styles
from evenhand.documents.model import Block, Card, Clause, Diagram, Document, Figure, Listing, Paragraph, Table, Term
from evenhand.documents.typst_writer import contents_of

__all__ = ["docx_bytes"]

_STAMP: Final = datetime(2000, 1, 1, tzinfo=UTC)
_ZIP_STAMP: Final = (2000, 1, 1, 0, 0, 0)
_CARD: Final = (22.0, 60.5, 22.0, 60.5)
_LONG_CELL: Final = 500
_SHADE: Final = "F2F2F2"
_FRONT: Final = ("c-foreword", "c-introduction")
_AFTER_UPDATE: Final = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat")  # the order of settings is fixed
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def docx_bytes(document: Document, *, pages: Mapping[str, str], pictures: Mapping[str, bytes]) -> bytes:
    """The document as the bytes of a .docx, the same for the same document.

    `pages` are the page numbers first shown in the contents (Word works them out anew when it opens the file),
    `pictures` the drawings of the figures by their number.
    """
    return _Writer(document, pages, pictures).made()


class _Writer:
    """Holds the Word document in the making and the running number of its bookmarks."""

    def __init__(self, document: Document, pages: Mapping[str, str], pictures: Mapping[str, bytes]) -> None:
        self.document, self.pages, self.pictures = document, pages, pictures
        self.word: Any = docx.Document()
        self.marks = 0
        self.body: Any = self.word.element.body

    def made(self) -> bytes:
        make_styles(self.word)
        cover = self.word.sections[0]
        _page(cover)
        self._put(self._cover())
        front = self.word.add_section(WD_SECTION.NEW_PAGE)
        self._number(front, "upperRoman")
        self._put(self._front())
        body = self.word.add_section(WD_SECTION.NEW_PAGE)
        self._number(body, "decimal")
        self._put(self._text())
        self._facts()
        return _still(self.word)

    def _put(self, pieces: Iterable[str]) -> None:
        """Parse the pieces and put them before the properties of the last section."""
        end = self.body[-1]
        for element in parse_xml(f"<w:body {NAMESPACES}>{''.join(pieces)}</w:body>"):
            end.addprevious(element)

    def _cover(self) -> Iterator[str]:
        cover = self.document.cover
        rule = '<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="000000"/></w:pBdr>'
        yield paragraph(run(f"ICS　{cover.ics}\nCCS　{cover.ccs}"), "CoverSmall")
        yield paragraph(run(cover.kind, '<w:spacing w:val="80"/>'), "CoverKind")
        yield paragraph(run(cover.number), "CoverNumber", rule)
        yield paragraph(run(cover.title), "CoverTitle")
        yield paragraph(run(cover.english), "CoverEnglish")
        yield paragraph(run(cover.stage), "CoverStage")
        yield paragraph(run(f"规则包 {cover.edition}"), "CoverEdition")
        tab = '<w:tabs><w:tab w:val="right" w:pos="9354"/></w:tabs>'
        dates = f"{cover.published or '××××-××-××'} 发布\t{cover.in_force or '××××-××-××'} 实施"
        yield paragraph(run(dates), "CoverDates", f"{rule}{tab}")
        yield paragraph(run(f"{cover.publisher}　发布", '<w:spacing w:val="40"/>'), "CoverPublisher")

    def _front(self) -> Iterator[str]:
        yield paragraph(run("目　次"), "ContentsHead")
        for level, text, mark in contents_of(self.document):
            roman = f" {chr(92)}* ROMAN" if mark in _FRONT else ""
            shown = f'<w:hyperlink w:anchor="{_name(mark)}" w:history="1">{run(text)}{run(chr(9))}{field(f"PAGEREF {_name(mark)} " + chr(92) + "h" + roman, self.pages.get(mark, ""))}</w:hyperlink>'
            yield paragraph(shown, "Contents1" if level == 1 else "Contents2")
        yield self._head("前　言", "c-foreword", "FrontHead", fresh=True)
        yield from self._blocks(self.document.foreword)
        if self.document.introduction:
            yield self._head("引　言", "c-introduction", "FrontHead", fresh=True)
            yield from self._blocks(self.document.introduction)

    def _text(self) -> Iterator[str]:
        yield paragraph(run(self.document.cover.title), "BodyTitle")
        for clause in (*self.document.clauses, *self.document.annexes):
            yield from self._clause(clause)
        if self.document.bibliography:
            yield self._head("参　考　文　献", "c-bib", "FrontHead", fresh=True)
            yield from (paragraph(run(f"[{n}]　{line}"), "Plain") for n, line in enumerate(self.document.bibliography, 1))
        yield paragraph(run("━━━━━━━━━━"), "FigureTitle")

    def _head(self, text: str, mark: str, style: str, *, fresh: bool = False) -> str:
        self.marks += 1
        return paragraph(bookmark(_name(mark), self.marks, run(text)), style, "<w:pageBreakBefore/>" if fresh else "")

    def _clause(self, clause: Clause) -> Iterator[str]:
        mark = f"c-{clause.number}"
        if clause.kind == "annex":
            yield self._head(f"附　录　{clause.number}\n（{clause.nature}）\n{clause.title}", mark, "Annex", fresh=True)
        else:
            yield self._head(f"{clause.number}　{clause.title}", mark, f"Heading{min(clause.level, 3)}")
        yield from self._blocks(clause.blocks)
        for inner in clause.clauses:
            yield from self._clause(inner)

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        for block in blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(text=text, kind="note"):
                yield paragraph(run(f"注：{text}"), "Note")
            case Paragraph(text=text):
                yield paragraph(run(text), "Body")
            case Listing(items=items, lettered=lettered):
                yield from (paragraph(run(f"{f'{_LETTERS[n]}）' if lettered else '——'}\t{text}"), "Item") for n, text in enumerate(items))
            case Term():
                yield paragraph(run(block.number), "TermNumber")
                yield paragraph(run(f"{block.title}　{block.english}"), "TermTitle")
                yield paragraph(run(block.definition), "Body")
                yield from [paragraph(run(f"［来源：{block.source}］"), "Note")] if block.source else []
            case Table():
                yield paragraph(run(f"{block.number}　{block.title}"), "TableTitle")
                yield _table(block)
                yield from (paragraph(run(f"注：{note}"), "Note") for note in block.notes)
                yield paragraph("", "Gap")
            case Card():
                yield _card(block)
                yield paragraph("", "Gap")
            case Figure() | Diagram():
                yield paragraph(self._picture(block), "Figure")
                yield paragraph(run(f"{block.number}　{block.title}"), "FigureTitle")

    def _picture(self, figure: Figure | Diagram) -> str:
        from docx.oxml.xmlchemy import serialize_for_reading  # noqa: PLC0415 — text of the one element that python-docx makes for us

        inline = self.word.part.new_pic_inline(io.BytesIO(self.pictures[figure.number]), Mm(155), None)
        return f"<w:r><w:drawing>{serialize_for_reading(inline)}</w:drawing></w:r>"

    def _number(self, section: Any, style: str) -> None:
        """Number the pages of a section from 1 (I), with the standard's number above and the page below."""
        _page(section)
        kind = OxmlElement("w:pgNumType")
        kind.set(qn("w:fmt"), style)
        kind.set(qn("w:start"), "1")
        for old in section._sectPr.findall(qn("w:pgNumType")):  # noqa: SLF001 — python-docx has no door to page numbers
            section._sectPr.remove(old)  # noqa: SLF001
        section._sectPr.find(qn("w:pgMar")).addnext(kind)  # noqa: SLF001
        section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
        cover = self.document.cover
        right = '<w:ind w:left="0" w:firstLine="0"/><w:jc w:val="right"/>'
        for part, content in ((section.header, run(f"{cover.number}{cover.stage}")), (section.footer, field("PAGE", "1"))):
            for old in list(part._element):  # noqa: SLF001
                part._element.remove(old)  # noqa: SLF001
            xml = paragraph(content, "CoverSmall" if part is section.header else "CellText", right)
            part._element.append(parse_xml(xml.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))  # noqa: SLF001

    def _facts(self) -> None:
        """Properties of the file, all fixed; fields are worked out anew when the file is opened."""
        facts, cover = self.word.core_properties, self.document.cover
        facts.title, facts.author, facts.last_modified_by, facts.subject = cover.title, cover.publisher, cover.publisher, cover.english
        facts.created = facts.modified = _STAMP
        facts.revision, facts.comments, facts.keywords, facts.language = 1, f"规则包 {cover.edition}", "", "zh-CN"
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        settings = self.word.settings.element
        next(e for e in settings if e.tag in {qn(f"w:{name}") for name in _AFTER_UPDATE}).addprevious(update)


def _name(mark: str) -> str:
    """Bookmark name of a mark: letters, digits and underscores only."""
    return "_" + mark.replace("-", "_").replace(".", "_")


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Mm(25), Mm(20), Mm(30), Mm(25)
    section.header_distance, section.footer_distance = Mm(17), Mm(14)


def _table(block: Table) -> str:
    widths = [column.width for column in block.columns]
    head = row((cell(c.title, c.width, "CellHead", shade=_SHADE, keep=True) for c in block.columns), head=True)
    styles = ["CellCode" if c.code else "CellMiddle" if c.centred else "CellText" for c in block.columns]
    rows = (
        row(
            (cell(text, width, style) for text, width, style in zip(line, widths, styles, strict=True)),
            whole=max(map(len, line)) < _LONG_CELL,
        )
        for line in block.rows
    )
    return table([head, *rows], widths)


def _card(card: Card) -> str:
    rows = [row([cell(card.title, sum(_CARD), "CellLabel", span=4, shade="E6E6E6", keep=True)])]
    waiting: list[str] = []
    last = card.pairs[-1]
    for n, pair in enumerate(card.pairs):
        keep = pair is not last
        label = cell(pair.title, _CARD[0], "CellLabel", shade="F7F7F7", keep=keep)
        following = card.pairs[n + 1] if n + 1 < len(card.pairs) else None
        if pair.wide or (not waiting and (following is None or following.wide)):
            rows.append(row([label, cell(pair.value, sum(_CARD[1:]), "CellText", span=3, keep=keep)]))
            continue
        waiting += [label, cell(pair.value, _CARD[1], "CellText", keep=keep)]
        if len(waiting) == len(_CARD):
            rows.append(row(waiting))
            waiting = []
    return table(rows, _CARD)


def _still(word: Any) -> bytes:
    """The bytes of the file with the times inside the archive set fast."""
    raw = io.BytesIO()
    word.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _ZIP_STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()
