"""How often each object stood in a frame and was drawn, what chance made of it, and who was never drawn (从未抽中)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evenhand.pipeline.fairness.draws import Frame

__all__ = ["Waiting", "never_drawn"]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Objects in frames where chance decided: how many, how many never drawn, how many chance would leave, and of each of those times framed, times it should have been drawn, and the chance to be left out every time, the most surprising first."""

    objects: int
    never: int
    expected: float
    rows: tuple[tuple[str, int, float, float], ...]


def never_drawn(frames: Sequence[Frame], *, least: int = 2) -> Waiting:
    """Return who was never drawn although in at least `least` frames, and always in the frame from the first to the last draw of its ledger.

    Always: in every draw between the first in which it stood and the last of all.
    """
    ids: dict[str, int] = {}
    for frame in frames:
        for one in frame.ids:
            ids.setdefault(one, len(ids))
    framed, drawn, first = (np.zeros(len(ids), np.int64) for _ in range(3))
    hoped, spared = np.zeros(len(ids)), np.ones(len(ids))
    first[:] = len(frames)
    for number, frame in enumerate(frames):
        rows = np.array([ids[one] for one in frame.ids], np.int64)
        framed[rows] += 1
        drawn[rows] += frame.drawn
        hoped[rows] += frame.chances
        spared[rows] *= 1 - frame.chances
        first[rows] = np.minimum(first[rows], number)
    always = (framed >= least) & (framed == len(frames) - first)
    names = list(ids)
    left = [(names[n], int(framed[n]), float(hoped[n]), float(spared[n])) for n in np.flatnonzero(always & (drawn == 0))]
    return Waiting(
        objects=int(always.sum()), never=len(left), expected=float(spared[always].sum()), rows=tuple(sorted(left, key=lambda row: (row[3], row[0])))
    )  # fmt: skip
