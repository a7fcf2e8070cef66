"""The sealed draw for flight checks: verifiable at once, readable only afterwards (封存抽取).

The published list holds blinds instead of ids. Who has the salt of a row can open that row; who has the key can open all.

>>> key = bytes(range(32))
>>> salt_of(key, "E001")[:16], blind_of("E001", "福州-餐饮", salt_of(key, "E001"))[:16]
('5e84bcb6f2798b95', '3e749f2522c615ca')
"""

import hashlib
import hmac
from collections.abc import Sequence

from evenhand.draw.canonical import list_bytes, read_rows
from evenhand.draw.hashes import digest
from evenhand.draw.messages import TOO_FEW_SEALED
from evenhand.draw.tickets import SPEC
from evenhand.errors import BadInput, Problem

__all__ = ["blind_of", "inclusion_proof", "merkle_root", "proven_root", "salt_of", "sealed_rows"]


def salt_of(key: bytes, one: str) -> str:
    """Return the salt of an id under the escrowed key of 32 bytes."""
    return hmac.new(key, one.encode(), hashlib.sha256).hexdigest()


def blind_of(one: str, stratum: str, salt: str, *, algorithm: str = "sha256") -> str:
    """Return what stands for an id in the published list."""
    return digest(algorithm, f"{SPEC}|leaf|{one}|{stratum}|{salt}".encode())


def sealed_rows(objects: Sequence[tuple[str, str]], key: bytes, *, least: int, algorithm: str = "sha256") -> list[tuple[str, str]]:
    """Return the rows (blind, coarse stratum) of a sealed list; raises BadInput for each bad or repeated id, and for each stratum with fewer than `least` objects."""
    objects = [
        (one, stratum) for one, stratum, *_ in read_rows(list_bytes(objects, "srs"), "list.tsv")
    ]  # blind, no fault of an id could be seen any more
    sizes: dict[str, int] = {}
    for _, stratum in objects:
        sizes[stratum] = sizes.get(stratum, 0) + 1
    small = [Problem(TOO_FEW_SEALED, {"stratum": name, "rows": size, "least": least}) for name, size in sizes.items() if size < least]
    if small:
        raise BadInput(small)
    return [(blind_of(one, stratum, salt_of(key, one), algorithm=algorithm), stratum) for one, stratum in objects]


def _leaf(line: bytes) -> bytes:
    return hashlib.sha256(b"\0" + line).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs


def merkle_root(lines: Sequence[bytes]) -> str:
    """Return the root over the lines of a list, as RFC 6962 builds it: an odd node moves up."""
    level = [_leaf(line) for line in lines]
    while len(level) > 1:
        level = _above(level)
    return level[0].hex()


def inclusion_proof(lines: Sequence[bytes], place: int) -> list[tuple[str, str]]:
    """Return the way from one line to the root: (side, hash) of each neighbour; side `L` or `R`."""
    level, found = [_leaf(line) for line in lines], []
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            found.append(("L" if other < place else "R", level[other].hex()))
        level, place = _above(level), place // 2
    return found


def proven_root(line: bytes, proof: Sequence[tuple[str, str]]) -> str:
    """Return the root that a line and its way lead to: equal to the published one, the line was in the list."""
    held = _leaf(line)
    for side, other in proof:
        held = _node(bytes.fromhex(other), held) if side == "L" else _node(held, bytes.fromhex(other))
    return held.hex()
