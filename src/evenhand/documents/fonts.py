"""Fonts: one Chinese serif (宋体) and one sans (黑体) that this machine has; none is shipped."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typst

from evenhand.documents.messages import NO_FONT
from evenhand.errors import NotDone, Problem

__all__ = ["Faces", "find_faces"]

_SERIF: Final = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "NSimSun", "Songti SC", "FZShuSong-Z01")
_SANS: Final = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "SimHei", "Microsoft YaHei", "PingFang SC", "Heiti SC")


@dataclass(frozen=True, kw_only=True)
class Faces:
    """The two families in use and the fonts of the folders that hold them: no other font of the machine is looked at."""

    serif: str
    sans: str
    fonts: typst.Fonts


def find_faces(folder: Path | None = None) -> Faces:
    """Find the faces on the machine, or in `folder` alone; raises NotDone saying what to install."""
    fonts = typst.Fonts(include_system_fonts=folder is None, font_paths=[folder] if folder else [])
    held = {font.family: font.path for font in fonts.fonts() if font.path}
    serif = next((name for name in _SERIF if name in held), "")
    sans = next((name for name in _SANS if name in held), "")
    if not serif or not sans:
        raise NotDone(Problem(NO_FONT, {"wanted": f"{_SERIF[0]}、{_SANS[0]}"}))
    folders = sorted({Path(held[name] or "").parent for name in (serif, sans)})
    return Faces(serif=serif, sans=sans, fonts=typst.Fonts(include_system_fonts=False, font_paths=list(folders)))
