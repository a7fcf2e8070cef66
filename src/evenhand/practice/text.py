"""Columns of text: NumPy object arrays of str, joined, drawn and written without a loop over fields.

>>> join("第", digits(np.array([7, 12]), width=3), "号").tolist()
['第007号', '第012号']
>>> day_text(np.array([19362, -1])).tolist()
['2023-01-05', '']
"""

from collections.abc import Sequence
from datetime import date
from functools import cache, reduce
from operator import add
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "DIALECTS",
    "Bytes",
    "Flags",
    "Ints",
    "Text",
    "add_years",
    "as_text",
    "blank",
    "day_number",
    "day_text",
    "digits",
    "draw",
    "join",
    "signs",
    "text_column",
    "weighted",
]

Text: TypeAlias = npt.NDArray[np.object_]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Bytes: TypeAlias = npt.NDArray[np.uint8]

_LAST_DAY: Final = date(2060, 12, 31)
_EPOCH: Final = date(1970, 1, 1)

#: Ways a day is written; the last ones are met only as planted faults.
DIALECTS: Final = ("2023-01-05", "2023/1/5", "20230105", "2023.1.5", "2023年1月5日", "2023-01-05 00:00:00", "二〇二三年一月五日", "44931")
_HAN: Final = str.maketrans("0123456789", "〇一二三四五六七八九")


def text_column(values: Sequence[str]) -> Text:
    """Return a column of these values."""
    column: Text = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def blank(size: int) -> Text:
    """Return a column of empty cells."""
    column: Text = np.full(size, "", dtype=object)
    return column


def join(*parts: Text | str) -> Text:
    """Put columns and fixed words side by side; at least one part is a column."""
    return reduce(add, parts)  # type: ignore[arg-type] # object arrays add element by element


def signs(body: Bytes) -> Text:
    """Return rows of ASCII codes as text; one row of the matrix per value."""
    width = body.shape[1]
    column: Text = np.ascontiguousarray(body).view(f"S{width}").ravel().astype(f"U{width}").astype(object)
    return column


def digits(numbers: Ints, *, width: int) -> Text:
    """Return whole numbers as text, zero-filled to `width`; higher places are cut off."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return signs((numbers[:, None] // powers % 10 + 48).astype(np.uint8))


def as_text(numbers: npt.NDArray[np.number]) -> Text:
    """Return numbers as people write them: no zero-fill, no `.0`; a negative number is an empty cell."""
    return text_column(["" if n < 0 else f"{n:.2f}".rstrip("0").rstrip(".") if isinstance(n, float) else str(n) for n in numbers.tolist()])


def draw(pool: Text, rng: np.random.Generator, size: int) -> Text:
    """Draw `size` words from a pool, each as likely."""
    picked: Text = pool[rng.integers(0, len(pool), size)]
    return picked


def weighted(weights: npt.ArrayLike, rng: np.random.Generator, size: int) -> Ints:
    """Draw `size` indices, each as likely as its weight says."""
    steps = np.cumsum(np.asarray(weights, dtype=float))
    drawn: Ints = np.searchsorted(steps, rng.random(size) * steps[-1], side="right").astype(np.int64)
    return np.minimum(drawn, len(steps) - 1)


def day_number(day: date) -> int:
    """Return the day as days since 1970-01-01."""
    return (day - _EPOCH).days


def add_years(days: Ints, years: int) -> Ints:
    """Return the same day `years` later; 29 February becomes 1 March; -1 stays -1."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    later: Ints = ((months + 12 * years).astype("datetime64[D]") + (dates - months.astype("datetime64[D]"))).astype(np.int64)
    return np.where(days < 0, -1, later)


def _han_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    text = ("" if tens == 0 else "十" if tens == 1 else f"{tens}十") + (str(ones) if ones else "")
    return text.translate(_HAN)


def _written(iso: str, *, dialect: int) -> str:  # noqa: PLR0911 — one return per dialect reads as the table it is
    y, m, d = iso.split("-")
    match dialect:
        case 1:
            return f"{y}/{int(m)}/{int(d)}"
        case 2:
            return y + m + d
        case 3:
            return f"{y}.{int(m)}.{int(d)}"
        case 4:
            return f"{y}年{int(m)}月{int(d)}日"
        case 5:
            return f"{iso} 00:00:00"
        case 6:
            return f"{y.translate(_HAN)}年{_han_number(int(m))}月{_han_number(int(d))}日"
        case 7:
            return str(day_number(date.fromisoformat(iso)) + 25569)  # serial of the 1900 date system
        case _:
            return iso


@cache
def _calendar(dialect: int) -> Text:
    iso = np.datetime_as_string(np.arange(0, day_number(_LAST_DAY) + 1).astype("datetime64[D]")).tolist()
    return text_column([*(_written(day, dialect=dialect) for day in iso), ""])


def day_text(days: Ints, *, dialect: int = 0) -> Text:
    """Return days as text in one of `DIALECTS`; -1 is an empty cell."""
    written: Text = _calendar(dialect)[days]
    return written
