"""The stages in their order: each reads the folders of earlier stages and writes its own tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

import pyarrow as pa

from evenhand.decisions import choose_offices, choose_values
from evenhand.golden import golden
from evenhand.grade import NEEDED as GRADE_NEEDS
from evenhand.grade import grade_register, read_grade_rules
from evenhand.jurisdiction import NEEDED as OFFICE_NEEDS
from evenhand.jurisdiction import responsible_offices, settled
from evenhand.link import Previous, link, read_likeness, read_link_rules
from evenhand.pipeline.deciding import decision_rows
from evenhand.pipeline.reusing import with_kept, without
from evenhand.pipeline.tracing import Facts, Run
from evenhand.price import NEEDED as PRICE_NEEDS
from evenhand.price import price, read_price_rules
from evenhand.publish import COUNTS, figures
from evenhand.repair import NEEDED as REPAIR_NEEDS
from evenhand.repair import propose, read_repair_rules
from evenhand.sources import collect
from evenhand.standardise import identify, standardise_extract
from evenhand.standards import EXTRACTS, TABLES, standard_schema
from evenhand.tag import NEEDED, read_tag_rules, tag_grades, tag_subjects
from evenhand.validate import check, read_rules, read_weights

__all__ = ["BY_KIND", "STAGES", "Kept", "Progress", "Stage", "StageDone"]

Kept = Literal["", "done", "taken"]
"""Why a stage did not run: an earlier run of this build had done it, or its tables were taken over from the previous release; "": it ran."""


@dataclass(frozen=True, kw_only=True)
class StageDone:
    """One finished stage: its Chinese title, rows written, seconds, why it did not run."""

    name: str
    title: str
    rows: int
    seconds: float
    kept: Kept


class Progress(Protocol):
    """What a build tells while it runs."""

    def started(self, name: str, title: str) -> None:
        """Tell that a stage begins."""

    def advanced(self, done: int, total: int, text: str) -> None:
        """Tell how far the stage is."""

    def finished(self, stage: StageDone) -> None:
        """Tell that a stage is done."""


@dataclass(frozen=True)
class Stage:
    """One stage: name, Chinese title, and the function that writes its tables into a folder and returns row counts and facts."""

    name: str
    title: str
    work: Callable[[Run, Path], Facts]


def _sources(run: Run, out: Path) -> Facts:
    collected = collect(without(run.catalogue, run.kept), out=out, engine=run.engine.beside(), progress=run.advance)
    report = with_kept(collected.to_json(), run.kept)
    return {"rows": report["kinds"], "collected": report}


def _standardise(run: Run, out: Path) -> Facts:
    units = run.engine.table(_rows(run.catalogue.units, ("source", "field", "unit")))
    codes = run.engine.table(_rows(run.catalogue.codes, ("source", "field", "spelling", "code")))
    rows: Facts = {}
    for done, (kind, raw) in enumerate(run.extracts("sources").items()):
        run.advance(done, len(EXTRACTS) + 1, EXTRACTS[kind].title)
        if kind in run.kept:
            rows[kind] = run.take_over(kind, out)
            continue
        if run.engine.count(raw):
            table = standardise_extract(raw, EXTRACTS[kind], pack=run.pack, units=units, codes=codes, engine=run.engine)
        else:
            table = run.engine.table(standard_schema(EXTRACTS[kind]).to_pyarrow().empty_table())
        rows[kind] = run.engine.write(table, out / f"{kind}.parquet", order=("record_id",))
    run.advance(len(EXTRACTS), len(EXTRACTS) + 1, TABLES["record"].title)
    if "record" in run.kept:
        return {"rows": rows | {"record": run.take_over("record", out)}}
    standard = {kind: run.engine.read(out / f"{kind}.parquet") for kind in EXTRACTS}
    return {"rows": rows | run.write({"record": identify(standard, pack=run.pack, engine=run.engine)}, out)}


def _rows(rows: Sequence[tuple[str, ...]], names: tuple[str, ...]) -> pa.Table:
    return pa.table({name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)})


def _validate(run: Run, out: Path) -> Facts:
    rules = read_rules(run.pack)
    checked = check(
        run.extracts("standardise"), run.table("standardise", "record"), rules=rules, asof=run.asof, engine=run.engine, pack=run.pack
    )
    listed = [
        {
            "rule": r.id,
            "title": r.title,
            "dimension": r.dimension,
            "severity": r.severity,
            "remedy": r.remedy,
            "law": f"{r.law.title}{r.law.article}",
        }
        for r in rules
    ]
    rows = run.write({"finding": checked.findings, "check_count": checked.counts}, out)
    counts = run.engine.read(out / "check_count.parquet")
    sums = run.engine.arrow(counts.group_by("dimension").agg(**{name: counts[name].sum().cast("int64") for name in COUNTS})).to_pylist()
    weights = read_weights(run.pack)
    return {"rows": rows, "quality_rules": listed, "quality": {"weights": weights} | figures(sums, weights=weights)}


def _link(run: Run, out: Path) -> Facts:
    held, old = run.before("membership"), run.before("forward")
    before = None if held is None or old is None else Previous(membership=held.select("record_id", "own_id"), forward=old)
    decided = run.decided("merge", "split", "apart", "repair")
    linked = link(run.table("standardise", "record"), pack=run.pack, engine=run.engine, decisions=decided, previous=before)
    return {
        "rows": run.write(
            {"membership": linked.membership, "conflict": linked.conflict, "forward": linked.forward, "link_weight": linked.weights}, out
        ),
        "link_rules": read_link_rules(run.pack).titles | (model.titles if (model := read_likeness(run.pack)) else {}),
    }


def _repair(run: Run, out: Path) -> Facts:
    record, membership = run.table("standardise", "record"), run.table("link", "membership")
    extracts = {kind: run.table("standardise", kind) for kind in REPAIR_NEEDS}
    proposed = propose(record, membership, extracts, pack=run.pack, engine=run.engine, decisions=run.decided("repair", "split", "apart"))
    return {"rows": run.write({"repair": proposed}, out), "repair_rules": read_repair_rules(run.pack).titles}


def _golden(run: Run, out: Path) -> Facts:
    made = golden(
        run.extracts("standardise"), run.table("standardise", "record"), run.table("link", "membership"), run.table("validate", "finding"),
        pack=run.pack, engine=run.engine, asof=run.asof,
    )  # fmt: skip
    subject, history = choose_values(made.subject, made.history, run.table("link", "membership"), run.decided("value"))
    levels = {name: getattr(made, name) for name in ("licence", "licence_period", "site", "site_move", "relation")}
    return {"rows": run.write({"subject": subject, **levels, "history": history}, out)}


def _jurisdiction(run: Run, out: Path) -> Facts:
    stages = {"subject": "golden", "site": "golden", "licence": "golden", "membership": "link"}
    tables = {name: run.table(stages.get(name, "standardise"), name) for name in OFFICE_NEEDS}
    made = responsible_offices(tables, pack=run.pack, engine=run.engine, asof=run.asof)
    decided = choose_offices(made.jurisdiction, tables["membership"], tables["subject"], run.decided("office"))
    rows = run.write({"jurisdiction": decided, "jurisdiction_vote": made.jurisdiction_vote}, out)
    written = run.engine.read(out / "jurisdiction.parquet")
    agencies = run.engine.save(tables["agency"].filter(tables["agency"].agency.notnull()).select("agency").distinct())
    listed = agencies if run.engine.count(agencies) else None
    register = {name: settled(tables[name], written, listed, key=f"{name}_id") for name in ("subject", "site")}
    return {"rows": rows | run.write(register, out)}


def _tag(run: Run, out: Path) -> Facts:
    stages = {"subject": "jurisdiction", "licence": "golden", "membership": "link"}
    tables = {name: run.table(stages.get(name, "standardise"), name) for name in NEEDED}
    rules = read_tag_rules(run.pack)
    rows = run.write({"tag": tag_subjects(tables, rules=rules, engine=run.engine, asof=run.asof)}, out)
    return {"rows": rows, "tag_families": [{"family": f.family, "term": f.term, "meaning": f.meaning} for f in rules.families]}


def _grade(run: Run, out: Path) -> Facts:
    stages = {
        "subject": "jurisdiction",
        "licence": "golden",
        "site": "jurisdiction",
        "site_move": "golden",
        "membership": "link",
        "tag": "tag",
    }
    tables = {name: run.table(stages.get(name, "standardise"), name) for name in GRADE_NEEDS}
    rules = read_grade_rules(run.pack)
    made = grade_register(tables, rules=rules, asof=run.asof, engine=run.engine, previous=run.before("grade"))
    rows = run.write({"trait": made.trait, "ground": made.ground, "grade": made.grade}, out)
    grade = run.engine.read(out / "grade.parquet")
    tags = tag_grades(tables["tag"], tables["subject"], grade, rules=read_tag_rules(run.pack), engine=run.engine, asof=run.asof)
    rows |= run.write({"tag": tags}, out)
    return {"rows": rows, "grounds_since": {kind: day.isoformat() for kind, day in made.since.items()}}


def _price(run: Run, out: Path) -> Facts:
    stages = {"record": "standardise", "finding": "validate", "membership": "link", "conflict": "link", "repair": "repair", "tag": "grade", "grade": "grade", "jurisdiction": "jurisdiction", "subject": "jurisdiction", "site": "jurisdiction"}  # fmt: skip
    priced = price({name: run.table(stages.get(name, "golden"), name) for name in PRICE_NEEDS}, rules=read_price_rules(run.pack))
    return {"rows": run.write({"reach": priced.reach, "price": priced.price}, out)}


def _decisions(run: Run, out: Path) -> Facts:
    rows = decision_rows(
        run.decided(), membership=run.table("link", "membership"), subject=run.table("jurisdiction", "subject"),
        jurisdiction=run.table("jurisdiction", "jurisdiction"), engine=run.engine,
    )  # fmt: skip
    return {"rows": run.write({"decision": run.engine.table(rows)}, out)}


STAGES: Final = (
    Stage("sources", "读取来源", _sources),
    Stage("standardise", "规范化", _standardise),
    Stage("validate", "质量检查", _validate),
    Stage("link", "归并主体", _link),
    Stage("repair", "修复代码", _repair),
    Stage("golden", "择优成册", _golden),
    Stage("jurisdiction", "判定管辖", _jurisdiction),
    Stage("tag", "贴标签", _tag),
    Stage("grade", "评定等级", _grade),
    Stage("price", "计算代价", _price),
    Stage("decisions", "核对认定", _decisions),
)
"""The stages before publishing, in their order."""

BY_KIND: Final = ("sources", "standardise")
"""Stages whose tables are taken over from the previous release kind by kind; the later ones as wholes."""
