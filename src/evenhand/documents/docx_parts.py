"""Pieces of WordprocessingML: runs, paragraphs, tables, fields, as text that Word, WPS and LibreOffice read alike."""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

__all__ = ["NAMESPACES", "bookmark", "cell", "field", "paragraph", "row", "run", "table", "twips"]

NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_TWIPS_PER_MM: Final = 56.6929


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * _TWIPS_PER_MM)


def run(text: str, properties: str = "") -> str:
    """One run; a line end becomes a line break, a tab a tab."""
    pieces = []
    for n, line in enumerate(text.split("\n")):
        pieces.append("<w:br/>" if n else "")
        pieces += [f'{"<w:tab/>" if k else ""}<w:t xml:space="preserve">{escape(part)}</w:t>' for k, part in enumerate(line.split("\t"))]
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{''.join(pieces)}</w:r>"


def paragraph(content: str, style: str, properties: str = "") -> str:
    """One paragraph of runs in a style of the document."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def bookmark(name: str, number: int, content: str) -> str:
    """Runs that other places can point to."""
    return f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>{content}<w:bookmarkEnd w:id="{number}"/>'


def field(code: str, shown: str) -> str:
    """A field with the value shown until the program works it out anew."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def cell(text: str, width: float, style: str, *, span: int = 1, shade: str = "", keep: bool = False) -> str:
    """One table cell, `width` in millimetres; `keep` holds its row to the next one."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shaded = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    inner = paragraph(run(text), style, "<w:keepNext/>" if keep else "")
    return f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{spanned}{shaded}<w:vAlign w:val="center"/></w:tcPr>{inner}</w:tc>'


def row(cells: Iterable[str], *, head: bool = False, whole: bool = True) -> str:
    """One table row; a head row repeats on each page, a whole row is not parted by one."""
    properties = f"{'<w:cantSplit/>' if whole else ''}{'<w:tblHeader/>' if head else ''}"
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(cells)}</w:tr>"


def table(rows: Iterable[str], widths: Sequence[float], *, borders: bool = True) -> str:
    """One table of fixed columns, widths in millimetres."""
    line = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    margins = '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/><w:jc w:val="center"/>{f"<w:tblBorders>{line}</w:tblBorders>" if borders else ""}'
        f'<w:tblLayout w:type="fixed"/>{margins}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )
