"""The nearest word, so that a refusal can say what was probably meant."""

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]


def nearest(word: str, among: Iterable[str]) -> str:
    """Return the word of `among` that looks most like `word`, or 无 when there is none at all.

    >>> nearest("registation", ["filing", "registration"])
    'registration'
    """
    choices = [choice for choice in among if choice]
    found = difflib.get_close_matches(word, choices, n=1, cutoff=0.0)
    return found[0] if found else "无"
