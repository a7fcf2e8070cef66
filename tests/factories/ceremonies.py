"""A whole ceremony in one line: committed, dice thrown, revealed by a round of the beacon that really happened."""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from evenhand.draw import make_draft
from evenhand.pipeline.drawing import commit_draw, enter_value, named_sources, read_agreed, reveal_draw
from evenhand.rulebook import shipped_pack
from tests.factories.beacon import AT, SIGNATURE

AGREED = read_agreed(shipped_pack())
_DICE = 73150928461937502846


def steady(start: int = 0) -> Callable[[int], bytes]:
    """Return a source of bytes that gives the same in every run: for pseudonyms that a test can rely on."""
    numbers = count(start)
    return lambda size: hashlib.sha256(f"{next(numbers)}".encode()).digest()[:size]


def ceremony(
    ledger: Path, rows: Iterable[tuple[str, ...]], *, number: int = 1, method: str = "srs", quotas: Mapping[str, int] | None = None,
    excluded: Mapping[str, int] | None = None, **told: Any,
) -> Path:  # fmt: skip
    """Return the folder of the proof pack of draw `number` of 2027; further words go to `make_draft`."""
    serial = f"2027-{number:06}"
    draft = make_draft(list(rows), method=method, serial=serial, quotas=quotas or {}, sources=named_sources(AGREED, None), **told)
    commit_draw(ledger, draft, at=AT, signer="福建省局", agreed=AGREED, excluded=excluded)
    enter_value(ledger, serial, source="01", value=f"dice:{_DICE + number}", at=AT + 60)
    return reveal_draw(ledger, serial, beacon={}, proofs={"02": SIGNATURE}, at=AT + 900, agreed=AGREED)


def stranger(pack: Path, *words: str) -> tuple[int, str]:
    """Return exit code and words of a program that knows nothing of us, run on a pack: its own `verify.py` when none is named."""
    told = subprocess.run(
        [*(words or (sys.executable, "-I", "-S", str(pack / "verify.py"))), str(pack)], capture_output=True, text=True, check=False
    )
    return told.returncode, told.stdout + told.stderr
