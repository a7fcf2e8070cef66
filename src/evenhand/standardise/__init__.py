"""Standardise (规范化): one way of writing for every value; the text as it came stays beside it.

Takes   extract tables of raw text, the rule pack, what the sources say about their units and spellings
Gives   the same rows with typed standard values; one table of identity columns over all kinds (`record`)
Never   drops or adds a row, corrects a number, guesses a level of an address that could be two; reads a clock, file, network or chance
Law     rules/<authority>/standardise/, rules/<authority>/codes/

One cleaning per shape (`standards.Shape`), each in a file of its own, each idempotent: cleaning a clean value changes nothing. What
cannot be read becomes NULL (dates, numbers) or stays as typed (texts, codes); in both cases a quality rule sees the raw text.
Names and addresses are taken apart once per distinct text.
"""

from evenhand.standardise.dictionaries import read_dictionaries
from evenhand.standardise.extract import standardise_extract
from evenhand.standardise.identify import identify

__all__ = ["identify", "read_dictionaries", "standardise_extract"]
