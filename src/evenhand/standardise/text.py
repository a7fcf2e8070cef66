"""Text: what every cell goes through first: Unicode folded where safe, invisible signs dropped, spaces collapsed.

Folded: full-width letters, digits and signs to half-width (not the Chinese marks ，：；！？（）, which are right in Chinese text), and
the Kangxi radicals that only look like ordinary characters. Kept: ①, ㎡, ㈱ and the compatibility ideographs, whose folding
would change what was written. Dropped: zero-width, control, direction, variation and private-use signs, soft hyphens.

The costly functions run only where one cheap regular expression finds something to do (nine cells in ten: nothing).
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import ibis
import ibis.expr.types as ir

__all__ = ["BRACKETS", "blank_null_words", "clean_line", "clean_name_text", "clean_text", "clean_words", "plain_key", "plain_key_of"]

_CHINESE_MARKS: Final = "，：；！？（）"
_WIDE: Final = [chr(point) for point in range(0xFF01, 0xFF5F) if chr(point) not in _CHINESE_MARKS]
_RADICALS: Final = [
    chr(point)
    for point in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))
    if len(unicodedata.normalize("NFKC", chr(point))) == 1 and unicodedata.normalize("NFKC", chr(point)) != chr(point)
]
_FOLD_FROM: Final = "".join([*_WIDE, *_RADICALS])
_FOLD_TO: Final = "".join(unicodedata.normalize("NFKC", sign) for sign in _FOLD_FROM)

# Written as escapes: readable here, understood by RE2 and Java alike. Two classes: what becomes a space, what disappears.
_SPACES: Final = r"[\t\n\v\f\r\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000} ]+"
_INVISIBLE: Final = (
    r"[\x{0}-\x{8}\x{e}-\x{1f}\x{7f}-\x{84}\x{86}-\x{9f}\x{ad}\x{34f}\x{61c}\x{180e}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}"
    r"\x{3164}\x{e000}-\x{f8ff}\x{fe00}-\x{fe0f}\x{feff}\x{fff9}-\x{fffd}\x{e0000}-\x{e0fff}\x{f0000}-\x{10ffff}]"
)
_WIDE_SIGNS: Final = r"[\x{ff01}-\x{ff07}\x{ff0a}\x{ff0b}\x{ff0d}-\x{ff19}\x{ff1c}-\x{ff1e}\x{ff20}-\x{ff5e}\x{2e80}-\x{2fd5}]"
_TIDY: Final = r"\x{21}-\x{7e}\x{4e00}-\x{9fff}（），。：；、！？《》“”·"
_NEEDS_WORK: Final = rf"[^ {_TIDY}]|^ | $|  "
_NAME_NEEDS_WORK: Final = r"[^\x{30}-\x{39}\x{41}-\x{5a}\x{61}-\x{7a}\x{4e00}-\x{9fff}（）·]"

BRACKETS: Final = ("([{〔【［｛﹙﹝〖", ")]}〕】］｝﹚﹞〗")
"""Brackets that clerks type for （）, opening and closing."""

_OPENING, _CLOSING = (f"[{re.escape(signs)}]" for signs in BRACKETS)
_DOTS: Final = "[•・‧⋅∙●]"
_WORD_SPACE: Final = r"([0-9A-Za-z.,&'+]) ([0-9A-Za-z&])"


def clean_text(column: ir.StringValue) -> ir.StringValue:
    """Return the text folded, without invisible signs, spaces collapsed and cut at both ends; an empty cell is NULL.

    Raw line breaks become spaces. Idempotent: what is done once finds nothing more to do.
    """
    # Translating costs ten times a search: it runs only where one of its signs stands.
    half_width = column.re_search(_WIDE_SIGNS).ifelse(column.translate(_FOLD_FROM, _FOLD_TO), column)
    folded = half_width.re_replace(_INVISIBLE, "").re_replace(_SPACES, " ").strip()
    return column.re_search(_NEEDS_WORK).ifelse(folded, column).nullif("")


def clean_line(column: ir.StringValue) -> ir.StringValue:
    """Return the text as `clean_text` does, brackets as （）, and no space beside a Chinese character."""
    bracketed = _bracketed(clean_text(column))
    return (
        column.re_search(r"[^\x{30}-\x{39}\x{41}-\x{5a}\x{61}-\x{7a}\x{4e00}-\x{9fff}（）\-]")
        .ifelse(_closed_up(bracketed), column)
        .nullif("")
    )


def clean_name_text(column: ir.StringValue) -> ir.StringValue:
    """Return a name in storage form: as `clean_line`, middle dots as ·, no stray marks at either end."""
    dotted = _bracketed(clean_text(column)).re_replace(_DOTS, "·")
    trimmed = _closed_up(dotted).re_replace(r"^[，。、；：,;: ]+|[，。、；：,;: ]+$", "")
    return column.re_search(_NAME_NEEDS_WORK).ifelse(trimmed, column).nullif("")


def _bracketed(column: ir.StringValue) -> ir.StringValue:
    return column.re_replace(_OPENING, "（").re_replace(_CLOSING, "）")


def _closed_up(column: ir.StringValue) -> ir.StringValue:
    # A space survives only between two Latin words; the mark stands for it while all other spaces go. Twice, for one-letter words.
    kept = column.re_replace(_WORD_SPACE, r"\1" + "\x01" + r"\2").re_replace(_WORD_SPACE, r"\1" + "\x01" + r"\2")
    return kept.replace(" ", "").replace("\x01", " ")


def blank_null_words(column: ir.StringValue, words: Sequence[str]) -> ir.StringValue:
    """Return NULL where the cleaned cell is one of the words that mean "nothing was entered"."""
    if not words:
        return column
    # One text of all words, searched only for the few short cells: of a list, DuckDB would make a join over the whole row.
    listed = ibis.literal("\n".join(["", *words, ""])).contains("\n" + column + "\n")
    is_word = (column.length() <= max(map(len, words))).ifelse(listed, ibis.literal(value=False))
    return is_word.ifelse(ibis.null("string"), column)


def plain_key(column: ir.StringValue) -> ir.StringValue:
    """Return cleaned text as the key for look-ups in code lists: half-width brackets, no spaces, capitals."""
    return column.re_search("[（）：， a-z]").ifelse(column.translate("（）：，", "():,").replace(" ", "").upper(), column)


def plain_key_of(text: str) -> str:
    """Return the same key for one spelling of a rule file."""
    return text.translate(str.maketrans("（）：，", "():,")).replace(" ", "").upper()


def clean_words(column: ir.StringValue, words: Sequence[str]) -> ir.StringValue:
    """Return `clean_text` with null words as NULL."""
    return blank_null_words(clean_text(column), words)
