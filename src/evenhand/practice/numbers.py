"""Numbers valid by construction, a whole column at a time: codes, licence numbers, resident IDs, phones.

Serials are drawn without memory: a subject's serial is a one-to-one scramble of its number, so that no two subjects of a
province share a code, however many chunks there are.

>>> uscc(text_column(["91"]), np.array([350100]), text_column(["M000100Y"])).tolist()
['91350100M000100Y43']
>>> checked("JY", np.array([1350102]), np.array([1]), widths=(7, 6)).tolist()
['JY13501020000011']
"""

from typing import Final

import numpy as np

from evenhand.identifiers.check_digits import (
    ALPHABET_31,
    ALPHABET_36,
    CHECKS_MOD11,
    CHECKS_MOD11_2,
    WEIGHTS_MOD11,
    WEIGHTS_MOD11_2,
    WEIGHTS_MOD31,
)
from evenhand.practice.text import Bytes, Ints, Text, digits, join, signs, text_column

__all__ = ["checked", "organisation_body", "resident_id", "scramble", "serials", "uscc"]

_OF_31: Final = np.frombuffer(ALPHABET_31.encode(), dtype=np.uint8)
_MA: Final = np.frombuffer(b"MA", dtype=np.uint8)


def _lookup(alphabet: str) -> Ints:
    values = np.zeros(128, dtype=np.int64)
    values[np.frombuffer(alphabet.encode(), dtype=np.uint8)] = np.arange(len(alphabet))
    return values


_VALUE_31: Final = _lookup(ALPHABET_31)
_VALUE_36: Final = _lookup(ALPHABET_36)


def _matrix(column: Text) -> Bytes:
    """Return a column of equally long ASCII texts as rows of codes."""
    width = len(column[0]) if len(column) else 1
    return column.astype(f"S{width}").view(np.uint8).reshape(len(column), width)


def scramble(numbers: Ints, *, size: int, key: int) -> Ints:
    """Return each number's place in a one-to-one shuffle of 0 … size-1; numbers that differ by a multiple of `size` collide."""
    factor = 387_420_489 % size | 1  # odd; made coprime below
    while np.gcd(factor, size) != 1:
        factor += 2
    return (numbers * factor + key) % size


def organisation_body(numbers: Ints, *, modern: np.typing.NDArray[np.bool_], key: int) -> Text:
    """Return the eight signs of an organisation code: `MA` and six signs since 2015, eight digits before."""
    serial = scramble(numbers, size=31**6, key=key)
    tail = _OF_31[serial[:, None] // 31 ** np.arange(5, -1, -1, dtype=np.int64) % 31]
    new = signs(np.hstack([np.broadcast_to(_MA, (len(numbers), 2)), tail]))
    old = digits(scramble(numbers, size=10**8, key=key), width=8)
    return np.where(modern, new, old)


def uscc(kind: Text, division: Ints, body: Text) -> Text:
    """Return unified social credit codes from department and category, division and the eight signs of the organisation code."""
    if not len(kind):
        return kind
    signs8 = _matrix(body)
    inner = np.frombuffer(CHECKS_MOD11.encode(), dtype=np.uint8)[_VALUE_36[signs8] @ np.array(WEIGHTS_MOD11) % 11]
    head = _matrix(join(kind, digits(division, width=6)))
    whole = np.hstack([head, signs8, inner[:, None]])
    outer = _OF_31[-(_VALUE_31[whole] @ np.array(WEIGHTS_MOD31)) % 31]
    return signs(np.hstack([whole, outer[:, None]]))


def checked(prefix: str, head: Ints, serial: Ints, *, widths: tuple[int, int]) -> Text:
    """Return numbers that end in a MOD 11,10 digit: SC, JY, YB and (with an empty prefix) registration numbers."""
    body = join(digits(head, width=widths[0]), digits(serial, width=widths[1]))
    if not len(body):
        return body
    product = np.full(len(body), 10, dtype=np.int64)
    for place in _matrix(body).T:
        product = ((product + place - 49) % 10 + 1) * 2 % 11
    return join(prefix, body, digits((11 - product) % 10, width=1))


def resident_id(division: Ints, born: Text, serial: Ints) -> Text:
    """Return resident IDs from county, birth date YYYYMMDD and a three-digit serial."""
    body = join(digits(division, width=6), born, digits(serial, width=3))
    if not len(body):
        return body
    check = text_column(list(CHECKS_MOD11_2))[(_matrix(body).astype(np.int64) - 48) @ np.array(WEIGHTS_MOD11_2) % 11]
    return join(body, check)


def serials(head: Ints, *, chunk: int, per_chunk: int, size: int, key: int) -> Ints:
    """Return serials unique within `head` over all chunks: a block per chunk, counted in order, then scrambled."""
    order = np.argsort(head, kind="stable")
    ranked = head[order]
    rank = np.empty(len(head), dtype=np.int64)
    rank[order] = np.arange(len(head)) - np.searchsorted(ranked, ranked, side="left")
    return scramble((chunk * per_chunk + rank) % size, size=size, key=key)
