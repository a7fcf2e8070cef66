"""Formulas without results in XLSX workbooks: programs that never calculate write them, and a reader finds the cell empty."""

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from xlsxwriter.utility import xl_rowcol_to_cell

__all__ = ["uncalculated"]

_BLOCK: Final = 1 << 20
_FORMULA: Final = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 begins, where signs have two bytes and the search by bytes finds nothing."""


def uncalculated(path: Path, sheet: str) -> tuple[int, str]:
    """Return how many cells of a sheet hold a formula and no result, and the place of the first (B2); (0, "") for none.

    A formula whose result is the empty text has one. What is not read here (a damaged archive, a part that is no XML) is the reader's to refuse.

    Args:
        path: an XLSX workbook.
        sheet: name of one of its sheets.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            part = _part(archive, sheet)
            if not part or not _has_formulas(archive, part):
                return 0, ""
            with archive.open(part) as content:
                return _Cells().counted(content)
    except (zipfile.BadZipFile, zlib.error, ET.ParseError, expat.ExpatError):
        return 0, ""


def _has_formulas(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether the parser is needed at all: most sheets have no formula, and looking is much cheaper."""
    with archive.open(part) as content:
        rest = content.read(_BLOCK)
        if rest.startswith(_WIDE):
            return True
        while rest:
            if _FORMULA.search(rest):
                return True
            block = content.read(_BLOCK)
            rest = rest[-256:] + block if block else b""
    return False


class _Cells:
    """What the parser has met: the cell it is in, and how many lack a result."""

    def __init__(self) -> None:
        self.count, self.first = 0, ""
        self._row, self._column = 0, 0
        self._place, self._formula, self._result, self._in_value = "", False, False, False

    def counted(self, content: IO[bytes]) -> tuple[int, str]:
        """Read the sheet to its end."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self._begin, self._end, self._text
        parser.ParseFile(content)
        return self.count, self.first

    def _begin(self, name: str, said: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row, self._column = self._row + 1, 0
                if said.get("r", "").isdecimal():
                    self._row = int(said["r"])
            case "c":
                self._column += 1
                self._place = said.get("r") or xl_rowcol_to_cell(self._row - 1, self._column - 1)
                self._formula, self._result = False, said.get("t") == "str"
            case "f":
                self._formula = True
            case "v" | "is":
                self._in_value = True

    def _text(self, text: str) -> None:
        self._result |= self._in_value and bool(text)

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "is":
                self._in_value = False
            case "c":
                if self._formula and not self._result:
                    self.count, self.first = self.count + 1, self.first or self._place


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Name of the part of the archive that holds the sheet; "" when the workbook does not say."""
    names = {name.lower(): name for name in archive.namelist()}
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names.keys():
        return ""
    book = ET.fromstring(archive.read(names["xl/workbook.xml"]))  # noqa: S314 — the parser itself refuses entities that swell
    ties = ET.fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))  # noqa: S314
    # By local names: the strict form of the format has other namespaces.
    sheets = (one.attrib for one in book.iter() if one.tag.endswith("}sheet") and one.get("name") == sheet)
    link = next((value for said in sheets for key, value in said.items() if key.endswith("}id")), None)
    target = next((one.get("Target", "") for one in ties if link and one.get("Id") == link), "")
    part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
    return names.get(part.lower(), "")
