"""Commit, seed and tickets: from two files and some public values to an order nobody chose (票号).

A ticket depends on the seed, a purpose and an id, and on nothing else: a row added or taken away leaves the order of the others.

>>> seed = "0f958b637fb4af4e43c82f421b16d8ac088c091f6e74599c7e3f1bb9c097d564"
>>> ticket(seed, "obj", "E001")[:16]
'9fc805d69092bef2'
>>> t24(ticket(seed, "load", "I0")), t40(ticket(seed, "pair", "V0", "L", "I0"))
(5011576, 484926398754)
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from evenhand.draw.hashes import digest

__all__ = ["SIGNS", "SPEC", "below", "commit_of", "ranked", "seed_of", "share_commitment", "t24", "t40", "t256", "ticket", "tickets"]

SPEC: Final = "FSDR1"
SIGNS: Final = 64
"""Hex digits of a ticket. All tickets are as long, so a ticket with its id behind it, as one text, sorts as the pair: many times less memory is jumped through."""
_WHOLE: Final = 256


def _hash(algorithm: str, *parts: str) -> str:
    return digest(algorithm, "|".join(parts).encode())


def commit_of(list_hash: str, rules_hash: str, *, algorithm: str = "sha256") -> str:
    """Return C, which fixes list and rules before any public value exists."""
    return _hash(algorithm, SPEC, "commit", list_hash, rules_hash)


def seed_of(commit: str, values: Sequence[str], *, algorithm: str = "sha256") -> str:
    """Return S from the commit and the public values, in the order of the source rows."""
    return _hash(algorithm, SPEC, "seed", commit, *values)


def share_commitment(serial: str, party: str, value: str, *, algorithm: str = "sha256") -> str:
    """Return what a party files before the commit, so that it cannot choose its share later."""
    return _hash(algorithm, SPEC, "share", serial, party, value)


def ticket(seed: str, purpose: str, *ids: str, algorithm: str = "sha256") -> str:
    """Return the ticket of an id, or of ids joined by `|`, for one purpose: 64 hex digits; the smaller goes first."""
    return _hash(algorithm, seed, purpose, *ids)


def tickets(seed: str, purpose: str, ids: Iterable[str], *, algorithm: str = "sha256") -> Iterator[str]:
    """Give the tickets of many ids, in their order."""
    before = f"{seed}|{purpose}|"
    return (digest(algorithm, f"{before}{one}".encode()) for one in ids)


def ranked(seed: str, purpose: str, ids: Sequence[str], *, first: int | None = None, algorithm: str = "sha256") -> list[tuple[str, str]]:
    """Return (ticket, id) in draw order; equal tickets, never seen, go by id. `first`: so many only."""
    order = sorted([held + one for held, one in zip(tickets(seed, purpose, ids, algorithm=algorithm), ids, strict=True)])
    return [(text[:SIGNS], text[SIGNS:]) for text in order[:first]]


def t24(of: str) -> int:
    """Return the integer of the first 6 hex digits."""
    return int(of[:6], 16)


def t40(of: str) -> int:
    """Return the integer of the first 10 hex digits."""
    return int(of[:10], 16)


def t256(of: str) -> int:
    """Return the integer of all 64 hex digits."""
    return int(of, 16)


def below(most: int, of: str) -> int:
    """Return a random integer from 0 to `most` - 1 out of a ticket."""
    return t256(of) * most >> _WHOLE
