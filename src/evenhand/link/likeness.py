"""Likeness: what the keys leave open is compared, part by part, with the records of subjects that have a valid code (Splink).

Only open records and the coded records that share a block with one are compared, so a province's residue takes seconds. The model is data
of the pack; `trained` says what it was estimated from. Two coded subjects never meet here: an open record joins one code or none.
"""

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from splink import SettingsCreator, block_on

from evenhand.engine import Engine
from evenhand.link.likeness_rules import Likeness, Part

if TYPE_CHECKING:
    from splink import Linker

__all__ = ["COMPARED", "Liked", "likeness", "settings_of", "train"]

COMPARED: Final = (
    "name_match",
    "name_core",
    "former_name",
    "legal_person",
    "phone",
    "place_key",
    "county_code",
    "town_code",
    "road",
    "office",
    "licence_no",
)
"""Columns of a record that the model may speak of, beside `name_sound`."""


@dataclass(frozen=True, kw_only=True)
class Liked:
    """What the model says about open records."""

    decided: ir.Table
    """One row per record that joins a code: record_id, low, high, order, rule, evidence, score."""
    doubtful: ir.Table
    """One row per record whose best code is not sure: record_id, code, evidence."""
    weights: ir.Table
    """One row per record, its best code and part compared: columns of `TABLES["link_weight"]`."""


def likeness(still_open: ir.Table, cored: ir.Table, model: Likeness, *, order: int, engine: Engine) -> Liked:
    """Compare open records with coded ones and keep the best code of each.

    Args:
        still_open: one row per record, with `branch` and the columns of COMPARED.
        cored: one row per record with a valid code in `core`.
        model: the model of the pack.
        order: place of this rule behind the keys.
        engine: runs the comparison.
    """
    columns = ["branch", *COMPARED]
    names = ibis.union(still_open.select("name_core"), cored.select("name_core"), distinct=True)
    sounds = engine.save(_sounds(names, model))
    wanted = engine.save(_sounded(still_open.select("record_id", *columns), sounds))
    held = _sounded(cored.select("record_id", "core", *columns), sounds)
    near = [
        held.semi_join(wanted.select("branch", *block).drop_null().distinct(), ["branch", *block]).select("record_id")
        for block in model.blocks
    ]
    near = engine.save(ibis.union(*near, distinct=True))  # ids first: each block then reads its own few columns only
    known = held.semi_join(near, "record_id").drop("record_id").distinct()
    known = engine.save(known.mutate(unique_id=ibis.row_number().cast("string")))
    names = [*columns, "name_sound", "unique_id", "core"]
    wanted = engine.save(wanted.mutate(unique_id=wanted.record_id, core=ibis.null("string")).select(*names))
    pairs = _scored(wanted, known.select(*names), _frequencies(cored, model), model, engine)
    best = engine.save(_best(pairs))
    told = engine.save(_told(best, model))
    bits = model.thresholds
    sure = (told.weight >= bits.auto) & (told.second.isnull() | (told.weight - told.second >= bits.margin))
    decided = told.filter(sure).select(
        "record_id", low="core", high="core", order=ibis.literal(order, "int64"), rule=ibis.literal(model.id), evidence="evidence", score="probability",
    )  # fmt: skip
    doubtful = told.filter(~sure, told.weight >= bits.review).select("record_id", code="core", evidence="evidence")
    state = sure.ifelse(ibis.literal("自动归入"), (told.weight >= bits.review).ifelse(ibis.literal("待复核"), ibis.literal("不归入")))
    return Liked(decided=decided, doubtful=doubtful, weights=_weights(told.mutate(state=state), model))


def settings_of(model: Likeness, *, link: bool) -> SettingsCreator:
    """The model in Splink's words: linking two tables, or one with itself for training."""
    return SettingsCreator(
        link_type="link_only" if link else "dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=[_comparison(part) for part in model.parts],
        blocking_rules_to_generate_predictions=[block_on("branch", *block) for block in model.blocks],
        probability_two_random_records_match=model.prior,
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,
        additional_columns_to_retain=["core"],
    )


def train(
    cored: ir.Table, model: Likeness, *, share: float, seed: int, engine: Engine
) -> dict[str, dict[str, tuple[float | None, float | None]]]:
    """Estimate the shares of each level from the data themselves: records under one valid code are the same subject.

    Args:
        cored: one row per record with a valid code in `core`.
        model: what is compared; its shares are not used.
        share: which part of the codes is used, 0 … 1, picked by their digest.
        seed: of the pairs of strangers that are drawn.
        engine: runs the estimation.

    Returns:
        By part and level: (agree, chance); None where the data have no such pair.
    """
    picked = cored.core.hexdigest("md5").substr(0, 4) < ibis.literal(f"{int(share * 0x10000):04x}")
    rows = engine.save(cored.filter(picked).select("record_id", "core", "branch", *COMPARED))
    rows = _sounded(rows, engine.save(_sounds(rows, model)))
    rows = engine.save(rows.rename(unique_id="record_id"))
    # Strangers are drawn from one record per code: in a small release, pairs of one subject would pass for chance.
    first = rows.filter(rows.unique_id == rows.unique_id.min().over(group_by="core"))
    strangers = engine.linker([engine.save(first)], settings_of(model, link=False))
    strangers.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=seed)
    same = engine.linker([rows], settings_of(model, link=False))
    same.training.estimate_m_from_label_column("core")
    agree, chance = (_shares(linker, share) for linker, share in ((same, "m_probability"), (strangers, "u_probability")))
    return {part: {level: (value, chance[part].get(level)) for level, value in levels.items()} for part, levels in agree.items()}


def _shares(linker: "Linker", share: str) -> dict[str, dict[str, float | None]]:
    """By part and level, the share that was estimated; None where no pair fell into the level."""
    told: dict[str, dict[str, float | None]] = {}
    for part in linker.misc.save_model_to_json()["comparisons"]:
        told[part["output_column_name"]] = {level["label_for_charts"]: level.get(share) for level in part["comparison_levels"]}
    return told


def _comparison(part: Part) -> dict[str, Any]:
    levels: list[dict[str, Any]] = []
    for level in part.levels:
        told: dict[str, Any] = {"sql_condition": level.when, "label_for_charts": level.title}
        if level.empty:
            told["is_null_level"] = True
        else:
            told |= {"m_probability": level.agree, "u_probability": level.chance}
        if level.rare:
            told |= {"tf_adjustment_column": level.rare, "tf_adjustment_weight": 1.0}
        levels.append(told)
    return {"output_column_name": part.column, "comparison_levels": levels}


def _sounds(names: ir.Table, model: Likeness) -> ir.Table:
    """One row per distinct `name_core` whose signs all have a sound: heard_core, name_sound. Homophones sound the same."""
    signs = [(sign, sound) for sound, together in model.sounds.items() for sign in together]
    schema = pa.schema({"sign": pa.string(), "sound": pa.string()})
    sounds = ibis.memtable(pa.table([[sign for sign, _ in signs], [sound for _, sound in signs]], schema=schema))
    taken = names.filter(names.name_core.notnull()).select("name_core").distinct()
    taken = taken.mutate(sign=taken.name_core.split("")).unnest("sign", offset="at")
    heard = taken.left_join(sounds, "sign")
    whole = heard.group_by("name_core").agg(
        name_sound=heard.sound.group_concat(" ", order_by=heard["at"]), gaps=heard.sound.isnull().cast("int64").sum()
    )
    return whole.filter(whole.gaps == 0).select(heard_core="name_core", name_sound="name_sound")


def _sounded(table: ir.Table, sounds: ir.Table) -> ir.Table:
    return table.left_join(sounds, table.name_core == sounds.heard_core).drop("heard_core")


def _frequencies(cored: ir.Table, model: Likeness) -> dict[str, ir.Table]:
    """How often each value of a column occurs among all coded records: what is rare weighs more."""
    columns = sorted({level.rare for part in model.parts for level in part.levels if level.rare})
    counted = {column: cored.filter(cored[column].notnull()).group_by(column).agg(count=ibis._.count()) for column in columns}
    return {
        column: table.select(column, **{f"tf_{column}": table["count"] / table["count"].sum().over().cast("float64")})
        for column, table in counted.items()
    }


def _scored(wanted: ir.Table, known: ir.Table, frequencies: Mapping[str, ir.Table], model: Likeness, engine: Engine) -> ir.Table:
    linker = engine.linker([wanted, engine.save(known)], settings_of(model, link=True), frequencies)
    pairs = linker.inference.predict(threshold_match_weight=min(model.thresholds.review, 0.0) - 5)
    return engine.named(pairs.physical_name)


def _best(pairs: ir.Table) -> ir.Table:
    """One row per open record: its best code, the weight of the next best code, and the weights of the best pair."""
    pairs = pairs.mutate(record_id=pairs.unique_id_l, core=pairs.core_r, other=pairs.unique_id_r)
    rank = ibis.row_number().over(group_by=["record_id", "core"], order_by=[ibis.desc("match_weight"), "other"])
    each = pairs.mutate(rank=rank).filter(ibis._.rank == 0).drop("rank")
    by_weight = ibis.window(group_by="record_id", order_by=[ibis.desc("match_weight"), "core"])
    ranked = each.mutate(rank=ibis.row_number().over(by_weight), second=each.match_weight.lead(1).over(by_weight))
    return ranked.filter(ranked["rank"] == 0).drop("rank")


def _told(best: ir.Table, model: Likeness) -> ir.Table:
    """Evidence in words: each part that says something, its outcome and its weight, then the sum."""
    words: list[ir.StringValue] = []
    parts: dict[str, ir.Value] = {}
    for part in model.parts:
        level, weight = _level(best, part), _weight(best, part)
        parts |= {f"level_{part.column}": level, f"weight_{part.column}": weight}
        said = ibis.literal(part.title) + level + ibis.literal("（") + _signed(weight) + ibis.literal("）；")
        words.append((level == part.levels[0].title).ifelse(ibis.literal(""), said))
    evidence = ibis.literal(f"{model.title}：") + functools.reduce(operator.add, words) + ibis.literal("合计 ") + _signed(best.match_weight)
    return best.select(
        "record_id",
        "core",
        "second",
        weight=best.match_weight.round(2),
        probability=best.match_probability.round(6),
        evidence=evidence,
        **parts,
    )


def _level(best: ir.Table, part: Part) -> ir.StringValue:
    """Title of the level that held: Splink numbers them upwards from the last, the empty one is −1."""
    others = [level for level in part.levels if not level.empty]
    gamma = best[f"gamma_{part.column}"]
    cases = [(gamma == len(others) - 1 - n, ibis.literal(level.title)) for n, level in enumerate(others)]
    return ibis.cases(*cases, else_=ibis.literal(next((level.title for level in part.levels if level.empty), "")))


def _weight(best: ir.Table, part: Part) -> ir.FloatingValue:
    """Weight of the part in bits, the rareness of the value included."""
    rare = any(level.rare for level in part.levels)
    plain = best[f"mw_{part.column}"]
    return (plain + best[f"mw_tf_adj_{part.column}"]).round(2) if rare else plain.round(2)


def _signed(weight: ir.FloatingValue) -> ir.StringValue:
    tenths = (weight * 10).round().cast("int64")
    size = tenths.abs()
    number = (size // 10).cast("string") + ibis.literal(".") + (size % 10).cast("string")
    return (tenths < 0).ifelse(ibis.literal("−"), ibis.literal("+")) + number


def _weights(told: ir.Table, model: Likeness) -> ir.Table:
    """One row per record and part: the bars of the waterfall."""
    rows = [
        told.select(
            "record_id", code="core", state="state", total="weight", part=ibis.literal(part.title), part_order=ibis.literal(n, "int64"),
            outcome=told[f"level_{part.column}"], weight=told[f"weight_{part.column}"],
        )
        for n, part in enumerate(model.parts)
    ]  # fmt: skip
    return ibis.union(*rows, distinct=False)
