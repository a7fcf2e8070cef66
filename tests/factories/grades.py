"""Subjects for tests of grading: dossiers drawn from a seed, and the tables that the batch engine reads for the same subjects."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from evenhand.grade import FACTS, GROUNDS, Dossier, Ground
from evenhand.standards import TABLES

__all__ = ["ground_table", "make_dossier", "make_dossiers", "trait_table"]

_TAGS = [
    "T01-01", "T01-03", "T01-04", "T01-05", "T01-06", "T01-07", "T04-01", "T04-03", "T04-04", "T04-05", "T04-06", "T04-07", "T04-09", "T04-11", "T05-01", "T05-02",
    "T05-03", "T05-05", "T03-0401", "T03-104", "T03-1401", "T03-114", "T07-01", "T07-02", "T08-01", "T12-07", "T11-02",
]  # fmt: skip
_OUTCOMES: dict[str, list[str | None]] = {
    "certificate": ["HACCP", "GMP", "质量奖", None],
    "inspection": ["符合", "基本符合", "不符合", None],
    "sampling": ["合格", "不合格"],
    "complaint": ["属实", "不实"],
    "credit": ["A", "B", "C", "D", None],
    "abnormal": ["年报", "失联"],
}
_AREAS = ["20", "50", "150", "150.5", "200", "200.01", "500", "1000", "3000", "3000.5"]


def make_dossier(**facts: Any) -> Dossier:
    """One shop that sells prepackaged food, founded long ago, without any ground; `facts` over it, `grounds` beside."""
    grounds = facts.pop("grounds", ())
    usual = {"tags": frozenset({"T01-03", "T04-03"}), "subject_type": "个体工商户", "founded": date(2015, 1, 1), "sale_area": Decimal(100)}
    return Dossier(subject_id="S1", facts=usual | facts, grounds=tuple(grounds))


def make_dossiers(seed: int, count: int) -> list[Dossier]:
    """Subjects of every model with grounds of every kind, many of them on borders, some on one day, some without a cell."""
    chance = random.Random(seed)
    return [_dossier(chance, n) for n in range(count)]


def _dossier(chance: random.Random, n: int) -> Dossier:
    facts: dict[str, Any] = {"tags": frozenset(chance.sample(_TAGS, chance.randrange(1, 7)))}
    if chance.random() < 0.9:
        facts["founded"] = date(2015, 1, 1) + timedelta(days=chance.randrange(4190))
    if chance.random() < 0.8:
        facts["subject_type"] = chance.choice(["企业", "个体工商户"])
    facts |= {name: Decimal(chance.choice(_AREAS)) for name in ("room_area", "sale_area", "small_area") if chance.random() < 0.6}
    if chance.random() < 0.3:
        facts["diners"] = Decimal(chance.choice([50, 51, 300, 500, 501, 3000]))
    if chance.random() < 0.1:
        facts |= {"sku_reported": "true", "sku_packed": Decimal(chance.choice([0, 500, 501]))}
    if chance.random() < 0.2:
        facts["health_material"] = chance.choice(["提取物", "普通食品"])
    facts |= {name: Decimal(chance.choice([0, 0, 1, 2, 9])) for name in ("co_located", "related_bad", "moves")}
    return Dossier(subject_id=f"S{n:06d}", facts=facts, grounds=tuple(_ground(chance) for _ in range(chance.randrange(9))))


def _ground(chance: random.Random) -> Ground:
    kind = chance.choice(list(GROUNDS))
    day = date(2023, 6, 1) + timedelta(days=chance.randrange(1125))
    return Ground(
        kind=kind, day=day, until=day + timedelta(days=chance.randrange(400)) if chance.random() < 0.6 else None,
        level=chance.choice(["国抽", "县抽", "罚款", "吊销", None]), outcome=chance.choice(_OUTCOMES.get(kind, [None])),
        total=chance.choice([None, 0, 20, 45]), failed=chance.choice([None, 0, 2, 9]), key_failed=chance.choice([None, 0, 1, 3]),
    )  # fmt: skip


def trait_table(dossiers: Sequence[Dossier]) -> pa.Table:
    """The facts of dossiers as the table `trait`."""
    rows = [{"subject_id": d.subject_id} | {name: _cell(d, name) for name in FACTS} for d in dossiers]
    return pa.Table.from_pylist(rows, schema=TABLES["trait"].schema.to_pyarrow())


def _cell(dossier: Dossier, name: str) -> Any:
    value = dossier.facts.get(name)
    return f" {' '.join(sorted(value))} " if isinstance(value, frozenset) else value


def ground_table(dossiers: Sequence[Dossier]) -> pa.Table:
    """The grounds of dossiers as the table `ground`."""
    names = [name for name in TABLES["ground"].names if name not in {"subject_id", "record_id"}]
    rows = [{"subject_id": d.subject_id, "record_id": ""} | {name: getattr(g, name) for name in names} for d in dossiers for g in d.grounds]
    return pa.Table.from_pylist(rows, schema=TABLES["ground"].schema.to_pyarrow())
