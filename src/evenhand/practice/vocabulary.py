"""Words of the practice province, read from the package's TOML."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, Self

from evenhand.practice.text import Text, text_column

__all__ = ["Vocabulary"]


@dataclass(frozen=True)
class Vocabulary:
    """The words by section and name; `words("place", "roads")` gives one pool as a column."""

    sections: dict[str, Any]

    @classmethod
    def shipped(cls) -> Self:
        """Read the words that come with the package."""
        shipped = [tomllib.loads((files("evenhand.practice") / name).read_text("utf-8")) for name in ("vocabulary.toml", "tags.toml")]
        return cls({**shipped[0], **shipped[1]})

    def words(self, *path: str) -> Text:
        """Return one pool of words as a column."""
        found: Any = self.sections
        for name in path:
            found = found[name]
        return text_column(found.split() if isinstance(found, str) else [str(word) for word in found])

    def rows(self, *path: str) -> list[list[Any]]:
        """Return one small table of the vocabulary."""
        found: Any = self.sections
        for name in path:
            found = found[name]
        return list(found)

    @cached_property
    def homonyms(self) -> dict[str, str]:
        """Sign to the next sign of its line of look-alikes."""
        pairs: dict[str, str] = {}
        for line in self.sections["brand"]["homonyms"]:
            for sign, other in zip(line, line[1:] + line[0], strict=True):
                pairs.setdefault(sign, other)
        return pairs
