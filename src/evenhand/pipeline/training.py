"""Train the likeness model on a release: records under one valid code are the same subject, so no labels are needed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log2
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from evenhand.engine import Engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.link import read_likeness, train
from evenhand.link.anchors import VALID
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS

__all__ = ["Shares", "retrained", "train_likeness"]

NO_MODEL: Final = Message(
    "LINK-03",
    zh="规则包“{pack}”没有 link/likeness.yaml。先写出要比较的各项和各档。",
    en="Pack {pack!r} has no link/likeness.yaml. Write the parts and levels to compare first.",
)
_LEVEL: Final = re.compile(r"(title: ([^,{}]+),.*?agree: )([0-9.e-]+)(, chance: )([0-9.e-]+)")
_PART: Final = re.compile(r"^ +title: (\S+)$|^ +- column: ")
_TRAINED: Final = re.compile(r"^trained: .*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Shares:
    """One level of one part: its shares among the same and among strangers, as the pack has them and as estimated.

    A share that the data cannot tell (no such pair) keeps the pack's value; `estimated` says whether both were estimated.
    """

    part: str
    level: str
    agree: float
    chance: float
    agree_before: float
    chance_before: float
    estimated: bool

    @property
    def bits(self) -> float:
        """Weight of the level as estimated, in bits."""
        return log2(self.agree / self.chance)

    @property
    def bits_before(self) -> float:
        """Weight of the level in the pack, in bits."""
        return log2(self.agree_before / self.chance_before)


def train_likeness(release: Path, *, pack: Pack, share: float, seed: int) -> list[Shares]:
    """Estimate the shares of every level from a release.

    Args:
        release: folder of one release.
        pack: its likeness model says what is compared.
        share: part of the codes that is used, 0 … 1.
        seed: of the pairs of strangers that are drawn.

    Raises:
        BadInput: the pack has no likeness model.
    """
    model = read_likeness(pack)
    if model is None:
        raise BadInput(Problem(NO_MODEL, {"pack": pack.name}))
    kinds = [kind for kind, extract in EXTRACTS.items() if extract.bears_subject]
    with TemporaryDirectory() as scratch, Engine(scratch=Path(scratch)) as engine:
        record = engine.read(release / "record.parquet")
        cored = record.filter(record.kind.isin(kinds), record.uscc_state.isin(VALID))
        cored = cored.mutate(core=cored.uscc, branch=cored.name_branch.fill_null(""))
        found = train(cored, model, share=share, seed=seed, engine=engine)
    told = []
    for part in model.parts:
        for level in (one for one in part.levels if one.agree and one.chance):
            agree, chance = found[part.column].get(level.title, (None, None))
            told.append(
                Shares(
                    part=part.title,
                    level=level.title,
                    agree=agree or level.agree or 0.0,
                    chance=chance or level.chance or 0.0,
                    agree_before=level.agree or 0.0,
                    chance_before=level.chance or 0.0,
                    estimated=bool(agree and chance),
                )
            )
    return told


def retrained(text: str, shares: Sequence[Shares], *, subjects: int, seed: int, share: float, day: date) -> str:
    """Return the text of `likeness.yaml` with new shares and a new line `trained`; comments and order stay."""
    new = {(one.part, one.level): one for one in shares}
    part, lines = "", []
    for line in text.splitlines(keepends=True):
        if (found := _PART.match(line)) and found[1]:
            part = found[1]
        level = _LEVEL.search(line)
        one = new.get((part, level[2])) if level else None
        if level and one:
            line = f"{line[: level.start()]}{level[1]}{_plain(one.agree)}{level[4]}{_plain(one.chance)}{line[level.end() :]}"  # noqa: PLW2901 — the line itself changes
        lines.append(line)
    trained = f"trained: {{subjects: {subjects}, seed: {seed}, share: {share}, day: {day.isoformat()}}}"
    return _TRAINED.sub(trained, "".join(lines), count=1)


def _plain(share: float) -> str:
    """Four digits that count, never with an exponent."""
    return f"{share:.12f}"[: max(8, 2 + 4 + next((n for n, digit in enumerate(f"{share:.12f}"[2:]) if digit != "0"), 0))].rstrip("0")
