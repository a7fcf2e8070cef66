"""The library of inspectors (执法检查人员名录库): read from a release or a workbook, checked, asked, and barred from what they may not inspect."""

from evenhand.pipeline.inspectors.finding import Wanted, find
from evenhand.pipeline.inspectors.library import Bar, Inspector, Leave, Library, bars_of
from evenhand.pipeline.inspectors.reading import library_at, library_of_release, read_library
from evenhand.pipeline.inspectors.template import write_template

__all__ = [
    "Bar",
    "Inspector",
    "Leave",
    "Library",
    "Wanted",
    "bars_of",
    "find",
    "library_at",
    "library_of_release",
    "read_library",
    "write_template",
]
