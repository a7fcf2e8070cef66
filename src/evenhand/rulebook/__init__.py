"""Rulebook: reads a rule pack (one authority's law and conventions as data) and refuses a bad one.

Takes   a folder of rule files
Gives   code lists with their origin, rule documents, working days, one hash over all of it
Never   computes with the values; knows no province
Law     whatever the pack says, with its source

A pack is `rules/<authority>/`: `codes/*.csv[.gz]` (code lists), and YAML or TOML documents in the other folders.
"""

from evenhand.rulebook.calendar import Calendar, read_calendar
from evenhand.rulebook.codes import CodeList, read_code_list
from evenhand.rulebook.pack import Pack, load_pack, shipped_pack

__all__ = ["Calendar", "CodeList", "Pack", "load_pack", "read_calendar", "read_code_list", "shipped_pack"]
