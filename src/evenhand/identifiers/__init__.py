"""Identifiers: what a number says, and why it cannot be right (编码校验与解读).

Takes   text, or columns of text; code tables of the rule pack for the meaning of the parts
Gives   for each number the same functions in the same order, for one value and for a million rows
Never   reads a clock, a file, the network or a random source; rejects what is only old or unlisted; repairs silently
Law     GB 32100, GB 11714, GS15, GB 11643, GB/T 2260, GB/T 17710; the licensing rules of food production and operation

| module | number |
| --- | --- |
| `uscc`, `organisation_code`, `registration_no` | who is registered |
| `production_licence`, `operation_licence`, `filing_no`, `small_registration_no`, `special_food_no` | what is licensed |
| `resident_id`, `mobile`, `landline` | persons and telephones |
| `division` | where |

Each offers `clean`, `check` (raises with reason, place, sentence), `is_valid`, `reason`, `show`, `check_digit`, `explain`, `warnings`,
`build`, and over columns `clean_column`, `reason_column`, `valid_column`, `warning_column`. Clean first: the others judge the
text as it stands. A reason is "" when the number is right; NULL in, NULL out. Errors (reasons) make a number wrong; warnings
are doubts about a right one. What all have alike is written in `doors`. `consistency` asks whether two numbers agree; `check_digits` holds the shared routines.

>>> from evenhand.identifiers import uscc
>>> uscc.reason(uscc.clean("91350100 m000100y 43")), uscc.reason("91350100M000100Y44")
('', 'check')
"""

from evenhand.identifiers import (
    check_digits,
    consistency,
    division,
    filing_no,
    landline,
    mobile,
    operation_licence,
    organisation_code,
    production_licence,
    registration_no,
    resident_id,
    small_registration_no,
    special_food_no,
    uscc,
)
from evenhand.identifiers.code_tables import CodeTables, DivisionPeriod, Part
from evenhand.identifiers.refusals import Fault, IdentifierError

__all__ = [
    "CodeTables", "DivisionPeriod", "Fault", "IdentifierError", "Part", "check_digits", "consistency", "division", "filing_no",
    "landline", "mobile", "operation_licence", "organisation_code", "production_licence", "registration_no", "resident_id",
    "small_registration_no", "special_food_no", "uscc",
]  # fmt: skip
