"""The two hash functions of the draw: SHA-256 from the standard library, SM3 (GB/T 32905-2016) written out.

>>> digest("sha256", b"abc")[:16]
'ba7816bf8f01cfea'
>>> digest("sm3", b"abc")  # the example of the standard
'66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Final

__all__ = ["ALGORITHMS", "digest"]

ALGORITHMS: Final = ("sha256", "sm3")
_WORD: Final = 0xFFFFFFFF
_START: Final = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def digest(algorithm: str, data: bytes) -> str:
    """Return the hash of `data` as 64 lower-case hex digits; `algorithm` is one of `ALGORITHMS`, KeyError otherwise."""
    return hashlib.sha256(data).hexdigest() if algorithm == "sha256" else _OTHERS[algorithm](data)


def _turned(word: int, places: int) -> int:
    places %= 32
    return (word << places | word >> (32 - places)) & _WORD if places else word


def _sm3(data: bytes) -> str:
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    state: tuple[int, ...] = _START
    for at in range(0, len(padded), 64):
        state = _block(state, padded[at : at + 64])
    return "".join(f"{word:08x}" for word in state)


def _block(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = [int.from_bytes(block[n : n + 4], "big") for n in range(0, 64, 4)]
    for n in range(16, 68):
        x = words[n - 16] ^ words[n - 9] ^ _turned(words[n - 3], 15)
        words.append(x ^ _turned(x, 15) ^ _turned(x, 23) ^ _turned(words[n - 13], 7) ^ words[n - 6])
    a, b, c, d, e, f, g, h = state
    for n in range(64):
        early = n < 16  # noqa: PLR2004 — the standard's first sixteen rounds
        left = _turned((_turned(a, 12) + e + _turned(0x79CC4519 if early else 0x7A879D8A, n)) & _WORD, 7)
        right = left ^ _turned(a, 12)
        mixed = (a ^ b ^ c) if early else (a & b | a & c | b & c)
        chosen = (e ^ f ^ g) if early else (e & f | ~e & g)
        one, two = (mixed + d + right + (words[n] ^ words[n + 4])) & _WORD, (chosen + h + left + words[n]) & _WORD
        a, b, c, d = one, a, _turned(b, 9), c
        e, f, g, h = two ^ _turned(two, 9) ^ _turned(two, 17), e, _turned(f, 19), g
    return tuple(before ^ after for before, after in zip(state, (a, b, c, d, e, f, g, h), strict=True))


_OTHERS: Final[Mapping[str, Callable[[bytes], str]]] = {"sm3": _sm3}
