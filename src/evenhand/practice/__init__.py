"""Practice province (演练省): extracts as bureaus really export them, with planted faults and the truth beside them.

Takes   a folder, a number of subjects, a seed, a day of delivery, a rule pack, a sheet of faults with rates
Gives   the extracts (CSV, XLSX, one HTML table named .xls), `sources.toml`, `缺陷清单.csv`, and `truth/`
Never   reads a clock or the network; uses a real business, person or address
Law     shapes of numbers as in `identifiers`; divisions and code lists from the rule pack

Subjects are drawn in chunks of 2,500 from `[seed, chunk]` alone, as columns. From the columns each source's rows are made,
written in that source's words, spoiled by the fault sheet, shuffled, and appended to the source's files. `truth/records.csv`
has one line per row of every file: which subject, site, code and office it truly speaks of, and which faults it carries.
Rows are counted as a spreadsheet shows them: the header is row 1 of a CSV, and a line break inside a cell does not count.

>>> Faults.read().rates["uscc_empty"]
0.06
"""

from evenhand.practice.faults import Fault, Faults
from evenhand.practice.province import FaultCount, Province, write_province

__all__ = ["Fault", "FaultCount", "Faults", "Province", "write_province"]
