"""A dossier: what is known of one subject when it is graded: facts, and grounds with their days (等级依据)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evenhand.grade.shapes import Test

__all__ = ["Dossier", "Ground", "Value", "passes"]

Value = str | Decimal | date | frozenset[str] | None


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One thing that happened. `until`: when it was put right or ended, None while open. `known_on`: day of the delivery that told it.

    `total`, `failed`, `key_failed`: checklist items of an inspection. `number`, `text`: how the source calls it.
    """

    kind: str
    day: date
    until: date | None = None
    known_on: date | None = None
    level: str | None = None
    outcome: str | None = None
    total: int | None = None
    failed: int | None = None
    key_failed: int | None = None
    number: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """One subject: facts by name (`FACTS`; missing means not known), grounds in any order."""

    subject_id: str
    facts: Mapping[str, Value]
    grounds: tuple[Ground, ...] = ()


def passes(facts: Mapping[str, Value], condition: Mapping[str, Test]) -> bool:
    """Return whether the facts pass every test. What is not known passes only `empty: true`, and `none` for a set of codes.

    >>> passes({"tags": frozenset({"T01-01"})}, {"tags": Test(any=("T01-01",), none=("T05-01",))})
    True
    >>> passes({}, {"sale_area": Test(upto=Decimal(200))})
    False
    """
    return all(_passes(facts.get(name), test) for name, test in condition.items())


def _passes(value: Value, test: Test) -> bool:
    if test.empty is not None and (value is None) is not test.empty:
        return False
    held = value if isinstance(value, frozenset) else frozenset()
    if (test.any and held.isdisjoint(test.any)) or not held.isdisjoint(test.none):
        return False
    if test.one_of and value not in test.one_of:
        return False
    if test.above is None and test.upto is None:
        return True
    if not isinstance(value, Decimal):
        return False
    return (test.above is None or value > test.above) and (test.upto is None or value <= test.upto)
