"""Formulas without results in XLSX workbooks: programs that never calculate write them, and a reader finds the cell empty."""

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, Final
from xml.etree import ElementTree as ET

__all__ = ["uncalculated"]

_BLOCK: Final = 1 << 20
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_END: Final = re.compile(rb"</(?:\w+:)?c>")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")
_CELL: Final = re.compile(rb"<(?:\w+:)?c ([^>]*)>")
_PLACE: Final = re.compile(rb'r="([A-Z]+[0-9]+)"')
_VALUE: Final = re.compile(rb"<(?:\w+:)?v(?: [^>]*)?>[^<]")


def uncalculated(path: Path, sheet: str) -> tuple[int, str]:
    """Return how many cells of a sheet hold a formula and no result, and the place of the first (B2); (0, "") for none.

    A formula whose result is the empty text has one. The sheet is read as a stream of bytes, once.

    Args:
        path: a sound XLSX workbook.
        sheet: name of one of its sheets.
    """
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        if part not in archive.namelist():
            return 0, ""
        with archive.open(part) as content:
            return _counted(content)


def _counted(content: IO[bytes]) -> tuple[int, str]:
    count, first, rest = 0, "", b""
    while block := content.read(_BLOCK):
        *cells, rest = _END.split(rest + block)
        for cell in cells:
            if _FORMULA.search(cell) and not _VALUE.search(cell):
                said = _CELL.findall(cell)[-1]  # before it stand cells without content, which are closed in themselves
                if b't="str"' not in said:
                    place = _PLACE.search(said)
                    count, first = count + 1, first or (place.group(1).decode() if place else "?")
    return count, first


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Name of the part of the archive that holds the sheet; "" when the workbook does not say."""
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 — the parser itself refuses entities that swell
        ties = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ET.ParseError):
        return ""
    link = next((one.get(_LINK) for one in book.iter(f"{_MAIN}sheet") if one.get("name") == sheet), None)
    target = next((one.get("Target", "") for one in ties if link and one.get("Id") == link), "")
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target) if target else ""
