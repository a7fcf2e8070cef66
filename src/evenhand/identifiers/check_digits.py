"""Check digits: four routines serve every number, each for one value and for a whole column.

| routine | serves | law |
| --- | --- | --- |
| `mod31` | unified social credit code | GB 32100-2015 |
| `mod11` | organisation code | GB 11714-1997 |
| `mod11_10` | registration number, SC, JY, YB | ISO 7064 MOD 11,10, GB/T 17710 |
| `mod11_2` | resident ID | ISO 7064 MOD 11-2, GB 11643-1999 |

The weights and alphabets are public, so that a generator can vectorise them.

>>> mod31("91350100M000100Y4"), mod11("MA1FL0LY"), mod11_10("31023000171614"), mod11_2("35010219900101001")
('3', '9', '6', '6')
"""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Final

import ibis
import ibis.expr.types as ir

__all__ = [
    "ALPHABET_31",
    "ALPHABET_36",
    "CHECKS_MOD11",
    "CHECKS_MOD11_2",
    "WEIGHTS_MOD11",
    "WEIGHTS_MOD11_2",
    "WEIGHTS_MOD31",
    "mod11",
    "mod11_2",
    "mod11_2_holds",
    "mod11_10",
    "mod11_10_holds",
    "mod11_holds",
    "mod31",
    "mod31_holds",
    "no_check_digit",
]

#: Signs of the unified social credit code; the index is the value. No I O S V Z.
ALPHABET_31: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: Signs of the organisation code; the index is the value.
ALPHABET_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS: Final = ALPHABET_36[:10]
_DIGITS_X: Final = f"{_DIGITS}X"

#: Powers of 3 mod 31.
WEIGHTS_MOD31: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
WEIGHTS_MOD11: Final = (3, 7, 9, 10, 5, 8, 4, 2)
WEIGHTS_MOD11_2: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

#: Check sign of the organisation code by (sum mod 11): 11 - 0 is written 0, 11 - 1 is written X.
CHECKS_MOD11: Final = "0X987654321"
#: Check sign of the resident ID by (sum mod 11).
CHECKS_MOD11_2: Final = "10X98765432"


def _weighted(body: str, *, weights: Sequence[int], alphabet: str) -> int:
    return sum(alphabet.index(sign) * weight for sign, weight in zip(body, weights, strict=True))


def mod31(body: str) -> str:
    """Return the check sign of 17 signs of `ALPHABET_31`; raises ValueError on any other text.

    The outer `mod 31` matters: a sum that is a multiple of 31 gives "0".

    >>> mod31("91350102X97A3HKJ0")
    '0'
    """
    return ALPHABET_31[-_weighted(body, weights=WEIGHTS_MOD31, alphabet=ALPHABET_31) % 31]


def mod11(body: str) -> str:
    """Return the check sign of the 8 signs of an organisation code (values base 36); raises ValueError on any other text.

    >>> mod11("D2143569")
    'X'
    """
    return CHECKS_MOD11[_weighted(body, weights=WEIGHTS_MOD11, alphabet=ALPHABET_36) % 11]


def mod11_2(body: str) -> str:
    """Return the check sign of the 17 digits of a resident ID; raises ValueError on any other text."""
    return CHECKS_MOD11_2[_weighted(body, weights=WEIGHTS_MOD11_2, alphabet=_DIGITS) % 11]


def mod11_10(body: str) -> str:
    """Return the check digit of any number of digits; raises ValueError on any other text.

    >>> mod11_10("1063501020001")
    '5'
    """
    product = 10
    for sign in body:
        product = ((product + _DIGITS.index(sign)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def no_check_digit(body: str) -> str:  # noqa: ARG001 - the door of a number without one
    """Return "": this number carries no check digit."""
    return ""


def _value(column: ir.StringValue, *, place: int, alphabet: str) -> ir.IntegerValue:
    # A search in a constant is three times faster on DuckDB than arithmetic on the character's code (0.48 s against 1.60 s
    # for 17 terms of a million codes), and never fails: a sign that is not in the alphabet counts -1, and another rule names it.
    return ibis.literal(alphabet).find(column.substr(place, 1)).cast("int16")


def _weighted_column(column: ir.StringValue, *, start: int, weights: Sequence[int], alphabet: str) -> ir.IntegerValue:
    terms = [_value(column, place=start + place, alphabet=alphabet) * weight for place, weight in enumerate(weights)]
    return reduce(add, terms)


def mod31_holds(column: ir.StringValue, *, start: int = 0) -> ir.BooleanValue:
    """Return whether the 18 signs from place `start` (counted from 0) end in their check sign; nonsense in, nonsense out, never an error.

    Measured on a million random codes, DuckDB, 2 threads, least of five runs: these 17 terms 0.49 s; look-up of three-sign
    groups by joins 0.23 s; arithmetic on character codes 0.97 s. The plain terms are kept: an expression over one column goes
    anywhere, a join changes the table, and four million codes stay within two seconds.
    """
    total = _weighted_column(column, start=start, weights=WEIGHTS_MOD31, alphabet=ALPHABET_31)
    return (total + _value(column, place=start + 17, alphabet=ALPHABET_31)) % 31 == 0


def mod11_holds(column: ir.StringValue, *, start: int = 0) -> ir.BooleanValue:
    """Return whether the nine signs of an organisation code from place `start` end in their check sign; nonsense in, nonsense out."""
    total = _weighted_column(column, start=start, weights=WEIGHTS_MOD11, alphabet=ALPHABET_36)
    return (total + _value(column, place=start + 8, alphabet=_DIGITS_X)) % 11 == 0


def mod11_2_holds(column: ir.StringValue, *, start: int = 0) -> ir.BooleanValue:
    """Return whether the 18 places of a resident ID from place `start` end in their check sign; nonsense in, nonsense out."""
    total = _weighted_column(column, start=start, weights=WEIGHTS_MOD11_2, alphabet=_DIGITS)
    return (total + _value(column, place=start + 17, alphabet=_DIGITS_X)) % 11 == 1


def mod11_10_holds(column: ir.StringValue, *, start: int, length: int) -> ir.BooleanValue:
    """Return whether `length` digits from place `start` are followed by their check digit; nonsense in, nonsense out.

    `(p + d) % 10 or 10` is written `(p + d - 1) % 10 + 1`, the same because p is never 0: each step then stands once.
    """
    product: ir.IntegerValue = ibis.literal(10, "int16")
    for place in range(start, start + length):
        product = ((product + _value(column, place=place, alphabet=_DIGITS) - 1) % 10 + 1) * 2 % 11
    return (product + _value(column, place=start + length, alphabet=_DIGITS)) % 10 == 1
