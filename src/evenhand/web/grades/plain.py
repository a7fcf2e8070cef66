"""Sources and notes of rule files in the words of documents: marks of confidence and names of schemes are for those who write rules."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from evenhand.rulebook import shipped_pack

__all__ = ["confidence", "plain"]

_MARK: Final = re.compile(r"(VERIFIED†?|DESIGN|RECALLED)(?: (\d+))?")
_QUESTION: Final = re.compile(r"（O\d+）")
"""The number of an open question: the page has its own badge for what is not settled."""


@cache
def _words() -> Mapping[str, Any]:
    return dict(shipped_pack().documents("documents")["documents/words.yaml"]["confidence_words"])


def confidence(mark: str) -> str:
    """Return how sure we are, in words.

    >>> confidence("VERIFIED†"), confidence("RECALLED 85")
    ('经转载核实', '待核对（约85%可能正确）')
    """
    name, _, share = mark.partition(" ")
    return str(_words().get(name, mark)).format(percent=share)


def plain(text: str, schemes: Mapping[str, str]) -> str:
    """Return a source or a note without internal marks. `schemes`: terms by name.

    >>> plain("取 2016 年表格（VERIFIED†），要点表待确认（O5）", {})
    '取 2016 年表格（经转载核实），要点表待确认'
    >>> plain("平台默认方案 FJ-DEFAULT；同 N2016", {"FJ-DEFAULT": "平台默认方案", "N2016": "2016 年全国办法"})
    '平台默认方案；同2016 年全国办法'
    """
    text = _MARK.sub(lambda found: confidence(found[0]), _QUESTION.sub("", text))
    for name, term in schemes.items():
        text = re.sub(rf"(?:{re.escape(term)})? ?(?<![\w-]){re.escape(name)}(?![\w-])", term, text)
    return text
