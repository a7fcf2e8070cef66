"""Measure: how often proposals are right, rule by rule, against a known truth.

>>> rows = pa.table({"rule": ["RP-01", None], "state": ["auto", None], "right": [True, False], "repairable": [True, True], "known": [True, True]})
>>> count_answers(rows)[0].precision, count_answers(rows)[-1].recall
(1.0, 0.5)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

__all__ = ["Answers", "count_answers"]

ALL = "合计"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """First proposals of one rule in one state: how many, how many right, of how many repairable codes in the whole.

    `rule` is "合计" for all rules, `state` "合计" for all states. `sought`: records that were asked about and can be repaired at all.
    `reached`: right proposals among those.
    """

    rule: str
    state: str
    told: int
    right: int
    reached: int
    sought: int

    @property
    def wrong(self) -> int:
        """Proposals that are not what is true, those for records that truly have no code among them."""
        return self.told - self.right

    @property
    def precision(self) -> float | None:
        """Share of right proposals; None when there are none."""
        return self.right / self.told if self.told else None

    @property
    def recall(self) -> float | None:
        """Share of the repairable codes that these proposals put right; None when none is repairable."""
        return self.reached / self.sought if self.sought else None


def count_answers(rows: pa.Table) -> list[Answers]:
    """Count first proposals by rule and state, then the states, then all.

    Args:
        rows: one row per record without a right code: `rule`, `state` (NULL without a proposal), `right`, `repairable`, and `total`
            when a row stands for several.
    """
    groups = rows.to_pylist()
    sought = sum(_size(g) for g in groups if g["repairable"])

    def answers(rule: str, state: str, picked: Iterable[dict[str, Any]]) -> Answers:
        told = list(picked)
        return Answers(
            rule=rule, state=state, told=sum(map(_size, told)), right=sum(_size(g) for g in told if g["right"]),
            reached=sum(_size(g) for g in told if g["right"] and g["repairable"]), sought=sought,
        )  # fmt: skip

    named = [g for g in groups if g["rule"]]
    by_rule = [
        answers(*key, (g for g in named if (g["rule"], g["state"]) == key)) for key in sorted({(g["rule"], g["state"]) for g in named})
    ]
    by_state = [answers(ALL, state, (g for g in named if g["state"] == state)) for state in sorted({g["state"] for g in named})]
    return [*by_rule, *by_state, answers(ALL, ALL, named)]


def _size(group: dict[str, Any]) -> int:
    return int(group.get("total", 1))
