"""Styles of a standard in Word: 宋体 and 黑体 by name (no font is carried), 五号 text, 9 pt tables, Latin in Times New Roman."""

from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

__all__ = ["make_styles"]

_SONG, _HEI, _LATIN, _CODE = "宋体", "黑体", "Times New Roman", "Consolas"
_INDENT: Final = 21.0  # two signs of 10.5 pt

# name: base, East Asian face, Latin face, size, alignment, first-line indent, left indent, before, after, keep with next
_STYLES: Final[tuple[tuple[Any, ...], ...]] = (
    ("Body", "Normal", _SONG, _LATIN, 10.5, ALIGN.JUSTIFY, _INDENT, 0, 0, 2, False),
    ("Note", "Normal", _SONG, _LATIN, 9, ALIGN.LEFT, 0, _INDENT, 3, 3, False),
    ("Item", "Normal", _SONG, _LATIN, 10.5, ALIGN.JUSTIFY, -_INDENT, 2 * _INDENT, 0, 2, False),
    ("Plain", "Normal", _SONG, _LATIN, 10.5, ALIGN.LEFT, 0, 0, 0, 3, False),
    ("TermNumber", "Normal", _HEI, _LATIN, 10.5, ALIGN.LEFT, 0, 0, 6, 2, True),
    ("TermTitle", "Normal", _HEI, _LATIN, 10.5, ALIGN.LEFT, 0, _INDENT, 0, 2, True),
    ("Heading 1", "Normal", _HEI, _LATIN, 10.5, ALIGN.LEFT, 0, 0, 12, 9, True),
    ("Heading 2", "Normal", _HEI, _LATIN, 10.5, ALIGN.LEFT, 0, 0, 8, 6, True),
    ("Heading 3", "Normal", _HEI, _LATIN, 10.5, ALIGN.LEFT, 0, 0, 8, 6, True),
    ("Annex", "Heading 1", _HEI, _LATIN, 10.5, ALIGN.CENTER, 0, 0, 6, 18, True),
    ("FrontHead", "Heading 1", _HEI, _LATIN, 16, ALIGN.CENTER, 0, 0, 8, 20, True),
    ("ContentsHead", "Normal", _HEI, _LATIN, 16, ALIGN.CENTER, 0, 0, 8, 14, True),
    ("BodyTitle", "Normal", _HEI, _LATIN, 16, ALIGN.CENTER, 0, 0, 4, 20, False),
    ("Contents1", "Normal", _SONG, _LATIN, 10.5, ALIGN.LEFT, 0, 0, 0, 1, False),
    ("Contents2", "Normal", _SONG, _LATIN, 10.5, ALIGN.LEFT, 0, 10.5, 0, 1, False),
    ("TableTitle", "Normal", _HEI, _LATIN, 10.5, ALIGN.CENTER, 0, 0, 8, 4, True),
    ("FigureTitle", "Normal", _HEI, _LATIN, 10.5, ALIGN.CENTER, 0, 0, 4, 8, False),
    ("Figure", "Normal", _SONG, _LATIN, 10.5, ALIGN.CENTER, 0, 0, 6, 2, True),
    ("CellHead", "Normal", _HEI, _LATIN, 9, ALIGN.CENTER, 0, 0, 0, 0, False),
    ("CellLabel", "Normal", _HEI, _LATIN, 9, ALIGN.LEFT, 0, 0, 0, 0, False),
    ("CellText", "Normal", _SONG, _LATIN, 9, ALIGN.LEFT, 0, 0, 0, 0, False),
    ("CellMiddle", "Normal", _SONG, _LATIN, 9, ALIGN.CENTER, 0, 0, 0, 0, False),
    ("CellCode", "Normal", _HEI, _CODE, 8, ALIGN.LEFT, 0, 0, 0, 0, False),
    ("Gap", "Normal", _SONG, _LATIN, 4, ALIGN.LEFT, 0, 0, 0, 0, False),
    ("CoverSmall", "Normal", _HEI, _LATIN, 10.5, ALIGN.LEFT, 0, 0, 0, 0, False),
    ("CoverKind", "Normal", _HEI, _LATIN, 22, ALIGN.CENTER, 0, 0, 40, 30, False),
    ("CoverNumber", "Normal", _HEI, _LATIN, 14, ALIGN.RIGHT, 0, 0, 0, 2, False),
    ("CoverTitle", "Normal", _HEI, _LATIN, 26, ALIGN.CENTER, 0, 0, 120, 14, False),
    ("CoverEnglish", "Normal", _SONG, _LATIN, 14, ALIGN.CENTER, 0, 0, 0, 16, False),
    ("CoverStage", "Normal", _SONG, _LATIN, 14, ALIGN.CENTER, 0, 0, 0, 6, False),
    ("CoverEdition", "Normal", _SONG, _LATIN, 9, ALIGN.CENTER, 0, 0, 0, 0, False),
    ("CoverDates", "Normal", _HEI, _LATIN, 14, ALIGN.LEFT, 0, 0, 150, 2, False),
    ("CoverPublisher", "Normal", _HEI, _LATIN, 16, ALIGN.CENTER, 0, 0, 8, 0, False),
)  # fmt: skip


def make_styles(document: Any) -> None:
    """Make or reshape every style the writer names; theme fonts and colours of the template are dropped."""
    normal = document.styles["Normal"]
    _faces(normal, _SONG, _LATIN, 10.5)
    normal.paragraph_format.line_spacing = 1.2
    normal.paragraph_format.space_after = Pt(0)
    for name, base, east, latin, size, alignment, first, left, before, after, keep in _STYLES:
        known = name in [style.name for style in document.styles]
        style = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
        _faces(style, east, latin, size)
        shape = style.paragraph_format
        shape.alignment, shape.keep_with_next, shape.keep_together = alignment, keep, keep
        shape.first_line_indent, shape.left_indent = Pt(first), Pt(left)
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.line_spacing = 1.0 if name.startswith(("Cell", "Gap")) else 1.2
        shape.widow_control = True
    for name in ("Contents1", "Contents2"):
        _leader(document.styles[name])


def _faces(style: Any, east: str, latin: str, size: float) -> None:
    properties = style.element.get_or_add_rPr()
    for old in list(properties):
        properties.remove(old)
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    fonts = OxmlElement("w:rFonts")
    for key, face in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", east)):
        fonts.set(qn(f"w:{key}"), face)
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks are Chinese
    properties.insert(0, fonts)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _leader(style: Any) -> None:
    """A right tab with dots at the edge of the text."""
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER  # noqa: PLC0415 — only here

    style.paragraph_format.tab_stops.add_tab_stop(Mm(165), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
