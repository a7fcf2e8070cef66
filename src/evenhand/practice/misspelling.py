"""Misspelling: what careless hands, scanners and spreadsheets make of one cell.

Each function returns another text than the one given.
"""

from typing import Final

import numpy as np

__all__ = [
    "confused",
    "garbled",
    "hidden",
    "mistyped",
    "one_sign",
    "other_form",
    "other_phone",
    "place_in",
    "reworded",
    "rounded",
    "transposed",
]

_CONFUSED: Final = {"0": "O", "1": "I", "5": "S", "2": "Z", "8": "B", "B": "8", "U": "V"}
_INVISIBLE: Final = ("\u200b", "\u00a0", "\ufeff", "\t", "\u3000")
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORMS: Final = ("有限责任公司", "有限公司")


def place_in(rng: np.random.Generator, size: int) -> int:
    """Draw a place from 0 to size-1."""
    return int(rng.integers(0, size))


def one_sign(text: str, rng: np.random.Generator) -> str:
    """Replace one sign by another of its sort."""
    places = [n for n, sign in enumerate(text) if sign.isascii() and sign.isalnum()]
    at = places[place_in(rng, len(places))]
    signs = (_ALPHABET[:10] if text[at].isdigit() else _ALPHABET[10:]).replace(text[at], "")
    return text[:at] + signs[place_in(rng, len(signs))] + text[at + 1 :]


def transposed(text: str, rng: np.random.Generator) -> str:
    """Swap two neighbours that differ."""
    places = [n for n in range(len(text) - 1) if text[n] != text[n + 1]]
    at = places[place_in(rng, len(places))]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def confused(text: str, rng: np.random.Generator) -> str:
    """Write one sign as the letter that looks like it."""
    places = [n for n, sign in enumerate(text) if sign in _CONFUSED]
    at = places[place_in(rng, len(places))]
    return text[:at] + _CONFUSED[text[at]] + text[at + 1 :]


def hidden(text: str, rng: np.random.Generator) -> str:
    """Put an invisible sign somewhere, most often at an end."""
    sign = _INVISIBLE[place_in(rng, len(_INVISIBLE))]
    at = (0, len(text), place_in(rng, len(text) + 1))[place_in(rng, 3)]
    return text[:at] + sign + text[at:]


def reworded(name: str, rng: np.random.Generator, *, region: str) -> str:
    """Write a name in another form: brackets, spaces, legal form, region, suffix."""
    ways = [f"{name[: len(name) // 2]} {name[len(name) // 2 :]}"]
    if "（" in name:
        ways += [name.replace("（", "(").replace("）", ")")] * 2
    if name.endswith("（个体工商户）"):
        ways += [name.removesuffix("（个体工商户）")] * 3
    if _FORMS[0] in name:
        ways.append(name.replace(_FORMS[0], _FORMS[1]))
    elif _FORMS[1] in name:
        ways.append(name.replace(_FORMS[1], _FORMS[0]))
    if region and name.startswith(region):
        ways += [name.removeprefix(region)] * 2
    elif region and not name.startswith(("福建", region[:2])):
        ways.append(region + name)
    return ways[place_in(rng, len(ways))]


def mistyped(name: str, rng: np.random.Generator, *, homonyms: dict[str, str]) -> str:
    """Replace one sign by one that sounds or looks alike; drop one when there is none."""
    places = [n for n, sign in enumerate(name) if homonyms.get(sign, sign) != sign]
    if places:
        at = places[place_in(rng, len(places))]
        return name[:at] + homonyms[name[at]] + name[at + 1 :]
    at = len(name) // 2
    return name[:at] + name[at + 1 :]


def rounded(text: str, rng: np.random.Generator) -> str:
    """Write a long number as a spreadsheet shows it, or as it saves it after 15 digits."""
    if not text[:-1].isdigit():
        return text[:-1] + "x"  # the X of a resident ID keeps the cell text; the clerk's small letter is all that differs
    if rng.random() < 0.7 or len(text) <= 15:
        mantissa = f"{float(text[:6]) / 10**5:.5f}"
        return f"{mantissa}E+{len(text) - 1}"
    return text[:15] + "0" * (len(text) - 15) if not text.endswith("000") else f"{float(text[:6]) / 10**5:.5f}E+{len(text) - 1}"


def other_form(text: str, rng: np.random.Generator) -> str:
    """Change the digit for the business form after JY."""
    others = "123".replace(text[2], "") + "4"
    return text[:2] + others[place_in(rng, len(others))] + text[3:]


def other_phone(text: str, rng: np.random.Generator) -> str:
    """Return another mobile number."""
    number = f"1{'35789'[place_in(rng, 5)]}{int(rng.integers(0, 10**9)):09d}"
    return number if number != text else number[::-1]


def garbled(text: str, rng: np.random.Generator) -> str:
    """Return a phone cell as careless hands leave it."""
    ways = (
        text[:-1],
        f"{text}/{text[:-4]}8888",
        f"电话{text}",
        text + "0",
        "无",
        f"{text[:3]} {text[3:7]} {text[7:]}",
        f"{text[0]}.{text[1:3]}E+10" if text.isdigit() else text[1:],
    )
    return ways[place_in(rng, len(ways))]
