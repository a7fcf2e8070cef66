"""Cleaning of numbers: one table of characters serves the single value and the whole column.

Folded as Unicode NFKC does it: every character whose NFKC form is one ASCII sign (full-width, circled, Roman, superscript
…), and the Kangxi radicals that look like ordinary Chinese characters. Dropped: spaces, hyphens and dashes, invisible,
control and private-use signs, and the apostrophe that spreadsheets put before a number. Small letters become capitals.

>>> clean_text(" ９１３５０１００－ｍ０００１００ｙ４３\u200b")
'91350100M000100Y43'
>>> clean_text(clean_text("sc 1063501\u00ad0200015"))
'SC10635010200015'
"""

import re
import unicodedata
from typing import Final

import ibis
import ibis.expr.types as ir

__all__ = ["DROPPED", "FOLDED", "clean_text", "clean_text_column"]

# The basic plane without NUL and the surrogates.
_BMP: Final = [chr(point) for point in (*range(1, 0xD800), *range(0xE000, 0x10000))]
_KANGXI: Final = range(0x2E80, 0x2FE0)
# Apostrophe, grave and acute accents, single quotation marks.
_APOSTROPHES: Final = "'`\u00b4\u2018\u2019"
# U+2212 is a minus, U+30FC the long-vowel sign an input method puts for a dash, U+00B7 the middle dot.
_DASHES: Final = "\u2212\u30fc\uff70\u00b7_~"


def _folded_form(sign: str) -> str:
    """Return the one sign that `sign` becomes: NFKC, then ASCII capitals; "" when it is dropped."""
    form = unicodedata.normalize("NFKC", sign)
    if len(form) != 1 or (not form.isascii() and ord(sign) not in _KANGXI):
        form = sign
    if form.isascii():
        form = form.upper()
    is_dash = unicodedata.category(form) == "Pd" or form in _DASHES
    is_invisible = unicodedata.category(form) in {"Cc", "Cf", "Co", "Zs", "Zl", "Zp"} or "\ufe00" <= form <= "\ufe0f"  # variation selectors
    return "" if is_dash or is_invisible or form in _APOSTROPHES or sign in _APOSTROPHES else form


_FORMS: Final = {sign: _folded_form(sign) for sign in _BMP}
#: Signs that become another sign.
FOLDED: Final = {sign: form for sign, form in _FORMS.items() if form and form != sign}
#: Signs that disappear; private-use signs (U+E000 to U+F8FF) are among them.
DROPPED: Final = "".join(sign for sign, form in _FORMS.items() if not form)

_TABLE: Final = str.maketrans({**FOLDED, **dict.fromkeys(DROPPED, "")})
_RARE: Final = "[\ue000-\uf8ff]"
_DROPPED_FEW: Final = "".join(sign for sign in DROPPED if not "\ue000" <= sign <= "\uf8ff")
_FROM: Final = "".join(FOLDED) + _DROPPED_FEW
_TO: Final = "".join(FOLDED.values())
# Of ASCII and Chinese characters nothing is folded but small letters, and these few are dropped.
_PLAIN: Final = r"^[ -~\x{4e00}-\x{9fff}]*\z"
_DROPPED_PLAIN: Final = f"[{re.escape(''.join(sign for sign in DROPPED if ' ' <= sign <= '~'))}]"


def clean_text(text: str) -> str:
    """Return the number as the rules write it: half-width capitals without spaces, hyphens and invisible signs.

    Idempotent: cleaning twice changes nothing. Nothing is corrected; a wrong letter stays wrong.
    """
    return text.translate(_TABLE)


def clean_text_column(column: ir.StringValue) -> ir.StringValue:
    """Return the column cleaned as `clean_text` does; NULL stays NULL.

    A cell of capitals and digits only is passed through untouched: the cheap test spares nine cells in ten. Most others need no
    table of 757 characters, which costs ten times a search.
    """
    folded = column.re_replace(_RARE, "").translate(_FROM, _TO)
    return ibis.cases(
        (~column.re_search("[^0-9A-Z]"), column),
        (column.re_search(_PLAIN), column.upper().re_replace(_DROPPED_PLAIN, "")),
        else_=folded,
    )
