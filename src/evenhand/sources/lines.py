"""Lines of a block of text as numbers: where each ends, and which may not be cut at every delimiter. Whole arrays, no loop over lines."""

import re
from collections.abc import Sequence
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lines", "Places"]

Places = NDArray[np.int64]
"""Places of bytes in a text, or numbers of lines, in order."""

_LF, _CR, _QUOTE = b'\n\r"'
_MARK: Final = re.compile("\ufeff".encode())


class Lines(Sequence[str]):
    r"""The lines of a UTF-8 text that ends with a line feed; line ends (LF or CR LF) are no part of them.

    >>> list(Lines(b"a,b\r\nc\n"))
    ['a,b', 'c']
    """

    def __init__(self, text: bytes) -> None:
        """Find the line ends."""
        self.text = text
        self._bytes = np.frombuffer(text, np.uint8)
        self.ends: Places = np.flatnonzero(self._bytes == _LF)
        self.starts: Places = np.concatenate([[0], self.ends + 1])
        """Where each line starts; one more than there are lines: the last is the end of the text."""

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.ends)

    @overload
    def __getitem__(self, n: int) -> str: ...
    @overload
    def __getitem__(self, n: slice) -> Sequence[str]: ...
    def __getitem__(self, n: int | slice) -> str | Sequence[str]:
        """Return one line, or several, decoded."""
        if isinstance(n, slice):
            return [self[k] for k in range(*n.indices(len(self)))]
        return self.text[self.starts[n] : self.ends[n]].removesuffix(b"\r").decode()

    def doubtful(self, delimiter: bytes) -> Places:
        """Lines that may not be cut at every delimiter outside quotes, in order.

        A line may when its quotes stand around whole cells, and inside only doubled, and it has no carriage return of its own. A
        byte order mark is doubtful too: at the start of a text, readers take it for no part of it.
        """
        if len(delimiter) > 1 or delimiter in b'\n\r"':
            return np.arange(len(self))
        marks = np.array([found.start() for found in _MARK.finditer(self.text)], np.int64)
        return np.unique(np.concatenate([self._odd_quotes(delimiter[0]), self._of(self._lone_returns()), self._of(marks)]))

    def _of(self, places: Places) -> Places:
        """Lines in which these places lie."""
        return np.searchsorted(self.ends, places)

    def _lone_returns(self) -> Places:
        returns = np.flatnonzero(self._bytes == _CR)
        return returns[self._bytes[returns + 1] != _LF]

    def _odd_quotes(self, delimiter: int) -> Places:
        """Lines in which some quote neither opens a cell, nor closes one, nor is half of a doubled one.

        Within a line the first quote must open, the second close, and so on; the two halves of a doubled quote close and open again.
        """
        quotes = np.flatnonzero(self._bytes == _QUOTE)
        if not len(quotes):
            return quotes
        line = self._of(quotes)
        opens = (np.arange(len(quotes)) - np.searchsorted(quotes, self.starts)[line]) % 2 == 0
        before, after = self._bytes[quotes - 1], self._bytes[quotes + 1]
        at_start = (quotes == self.starts[line]) | (before == delimiter) | (before == _QUOTE)
        at_end = (after == delimiter) | (after == _QUOTE) | (after == _LF)
        closes_line = np.flatnonzero(after == _CR)
        at_end[closes_line] = self._bytes[quotes[closes_line] + 2] == _LF
        never_closed = opens & np.append(line[1:] != line[:-1], [True])
        return line[np.where(opens, ~at_start, ~at_end) | never_closed]
