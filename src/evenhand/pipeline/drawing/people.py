"""Pseudonyms of inspectors: what is published of a team draw names nobody; who is who lies beside the ledger, for the office alone (化名).

Tickets are taken over the pseudonyms. They are random and new for every draw, so no dictionary of names opens them; they are fixed before the
commit and long before the seed, so nobody gains by choosing them (个人信息保护法第三十四条).
"""

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

__all__ = ["hidden", "keep_names", "names_of"]
Rows = Sequence[tuple[str, str, str]]

_BESIDE: Final = "人员对照"


def hidden(
    rows: Rows, people: Mapping[str, str], rules: Rows, *, random: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[Rows, Rows, dict[str, str]]:
    """Return list and rules of a team draw under pseudonyms, and the pseudonym of each person, `P` and twelve hex digits.

    Args:
        rows: visit, role, number of the person.
        people: places carried and quarters of full time by number.
        rules: further rows; `home:` is followed by a number, `pair:` by two.
        random: source of bytes; never part of the draw.
    """
    names = _pseudonyms(people, random)
    told = [(kind, _named(key, names), value) for kind, key, value in rules]
    told += [("person", names[one], load) for one, load in people.items()]
    return [(visit, role, names[one]) for visit, role, one in rows], told, names


def _named(key: str, names: Mapping[str, str]) -> str:
    if key.startswith("home:"):
        return f"home:{names[key.removeprefix('home:')]}"
    if key.startswith("pair:"):
        return f"pair:{'/'.join(sorted(names[one] for one in key.removeprefix('pair:').split('/')))}"
    return key


def _pseudonyms(people: Mapping[str, str], random: Callable[[int], bytes]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for one in sorted(people):
        while (name := f"P{random(6).hex()}") in taken:
            pass
        taken[name] = one
    return {one: name for name, one in taken.items()}


def keep_names(folder: Path, serial: str, names: Mapping[str, str]) -> Path:
    """Write who is who beside the ledger, readable for its owner alone; never part of a proof pack."""
    held = folder / _BESIDE
    held.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = held / f"{serial}.tsv"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{pseudonym}\t{one}\n" for one, pseudonym in sorted(names.items()))
    return path


def names_of(folder: Path, serial: str) -> dict[str, str]:
    """Return by pseudonym the number of the person; empty when the draw has none or the names are not kept here."""
    path = folder / _BESIDE / f"{serial}.tsv"
    rows = path.read_text("utf-8").splitlines() if path.is_file() else []
    return {row.split("\t")[0]: row.split("\t")[1] for row in rows}
