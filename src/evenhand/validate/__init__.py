"""Validate: judge every row by the quality rules of the rule pack (质量检核).

Takes   standardised data sets with raw text beside each value, the table of records, quality rules as data, the day
Gives   findings (what is wrong with which row, what was there, what is proposed, why), and counts of passed, failed, cannot tell, not applicable
Never   changes or drops a row; refuses one; reads a clock; knows a number of law
Law     rules/<authority>/quality/, dimensions by GB/T 36344-2018

A condition is one line in a small language: TRUE passes, FALSE fails, NULL is read as the rule says for an empty cell.

>>> from evenhand.validate.language import parse
>>> sorted(parse("implies(licence_status == '10', valid_to >= asof)").names)
['asof', 'licence_status', 'valid_to']
>>> parse("open('/etc/passwd').read()")
Traceback (most recent call last):
ValueError: “open('/etc/passwd').read()”
"""

from evenhand.validate.cases import CaseResult, run_cases
from evenhand.validate.check import OUTCOMES, Checked, check
from evenhand.validate.reading import read_rules, read_weights
from evenhand.validate.rules import DIMENSIONS, Case, QualityRule

__all__ = ["DIMENSIONS", "OUTCOMES", "Case", "CaseResult", "Checked", "QualityRule", "check", "read_rules", "read_weights", "run_cases"]
