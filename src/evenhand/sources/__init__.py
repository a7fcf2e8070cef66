"""Sources (数据来源): raw extracts as bureaus export them become rows with an origin.

Takes   a catalogue (`sources.toml`), the files and databases it names
Gives   one raw table per kind of extract: provenance, every field as the text it came as; a report whose counts add up
Never   cleans, repairs or drops a value; guesses in silence: what was detected is stated
Law     GB/T 36344 (completeness of collection)

A bad file is refused, all bad files together, each with its place and remedy. A bad row is kept and marked (`fault`).
"""

from evenhand.sources.catalogue import Catalogue, Source
from evenhand.sources.collecting import collect
from evenhand.sources.reading_catalogue import read_catalogue
from evenhand.sources.report import Collected, FileReport
from evenhand.sources.staging import FAULTS
from evenhand.sources.survey import SURVEY_SHEET, write_survey

__all__ = ["FAULTS", "SURVEY_SHEET", "Catalogue", "Collected", "FileReport", "Source", "collect", "read_catalogue", "write_survey"]
