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
    "mod11_2_column",
    "mod11_10",
    "mod11_10_column",
    "mod11_column",
    "mod31",
    "mod31_column",
]

#: Signs of the unified social credit code; the index is the value. No I O S V Z.
ALPHABET_31: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: Signs of the organisation code; the index is the value.
ALPHABET_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

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
    return CHECKS_MOD11_2[_weighted(body, weights=WEIGHTS_MOD11_2, alphabet=ALPHABET_36[:10]) % 11]


def mod11_10(body: str) -> str:
    """Return the check digit of any number of digits; raises ValueError on any other text.

    >>> mod11_10("1063501020001")
    '5'
    """
    product = 10
    for sign in body:
        product = ((product + ALPHABET_36[:10].index(sign)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def _sign(column: ir.StringValue, place: int) -> ir.StringValue:
    return column.substr(place, 1)


def _digit(column: ir.StringValue, place: int) -> ir.IntegerValue:
    # The code of "0" is 48. Never fails: a sign that is no digit gives a wrong sum, and another rule names it.
    return _sign(column, place).ascii_str().cast("int16") - 48


def _value_36(column: ir.StringValue, place: int) -> ir.IntegerValue:
    code = _sign(column, place).ascii_str().cast("int16")
    return (code > 57).ifelse(code - 55, code - 48)


def _value_31(column: ir.StringValue, place: int) -> ir.IntegerValue:
    return ibis.literal(ALPHABET_31).find(_sign(column, place)).cast("int16")


def _pick(signs: str, index: ir.IntegerValue) -> ir.StringValue:
    return ibis.literal(signs).substr(index, 1)


def mod31_column(column: ir.StringValue, *, start: int = 0) -> ir.StringValue:
    """Return the check sign of the 17 signs from place `start` (counted from 0); cells that are no code give nonsense, never an error."""
    terms = [_value_31(column, start + place) * weight for place, weight in enumerate(WEIGHTS_MOD31)]
    return _pick(ALPHABET_31, (31 - reduce(add, terms) % 31) % 31)


def mod11_column(column: ir.StringValue, *, start: int = 0) -> ir.StringValue:
    """Return the check sign of the 8 signs of an organisation code from place `start`; nonsense in, nonsense out."""
    terms = [_value_36(column, start + place) * weight for place, weight in enumerate(WEIGHTS_MOD11)]
    return _pick(CHECKS_MOD11, reduce(add, terms) % 11)


def mod11_2_column(column: ir.StringValue, *, start: int = 0) -> ir.StringValue:
    """Return the check sign of the 17 digits from place `start`; nonsense in, nonsense out."""
    terms = [_digit(column, start + place) * weight for place, weight in enumerate(WEIGHTS_MOD11_2)]
    return _pick(CHECKS_MOD11_2, reduce(add, terms) % 11)


def mod11_10_column(column: ir.StringValue, *, start: int, length: int) -> ir.StringValue:
    """Return the check digit of `length` digits from place `start`; nonsense in, nonsense out.

    `(p + d) % 10 or 10` is written `(p + d - 1) % 10 + 1`, the same because p is never 0: each step then stands once.
    """
    product: ir.IntegerValue = ibis.literal(10, "int16")
    for place in range(start, start + length):
        product = ((product + _digit(column, place) - 1) % 10 + 1) * 2 % 11
    return ((11 - product) % 10).cast("string")
