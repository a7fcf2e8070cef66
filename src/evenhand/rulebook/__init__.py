"""Rulebook: reads a rule pack (one authority's law and conventions as data) and refuses a bad one.

Takes   a folder of rule files
Gives   dated values ("the value on that day"), code lists with their origin, rule documents, working days, the
        difference of two packs in words, one hash over all of it
Never   computes with the values; knows no province
Law     whatever the pack says, with its source

A pack is `rules/<authority>/`: `parameters/<topic>/*.yaml` (dated values of the law), `codes/*.csv[.gz]` (code lists), and
YAML or TOML documents in the other folders, which refer to the dated values by name.

>>> from datetime import date
>>> shipped_pack().parameters.value("publish_result_days", on=date(2026, 1, 1))
Decimal('20')
"""

from evenhand.rulebook.calendar import Calendar, add_months, read_calendar
from evenhand.rulebook.codes import CodeList, read_code_list
from evenhand.rulebook.difference import Change, pack_changes, value_text
from evenhand.rulebook.pack import Pack, load_pack, misreferred, shipped_pack
from evenhand.rulebook.parameters import Dated, Parameter, Parameters, Source, cited
from evenhand.rulebook.references import days_of_change, names_of, resolve
from evenhand.rulebook.refusing import findings, worded

__all__ = [
    "Calendar", "Change", "CodeList", "Dated", "Pack", "Parameter", "Parameters", "Source", "add_months", "cited", "days_of_change", "findings", "load_pack", "misreferred", "names_of", "pack_changes", "read_calendar", "read_code_list", "resolve", "shipped_pack", "value_text", "worded",
]  # fmt: skip
