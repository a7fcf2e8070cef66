"""Tags and a release together: queries, rules tried before they are adopted, agreement with the truth of a practice province."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv as pa_csv
import yaml

from evenhand.engine import Engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.exporting import export_table
from evenhand.publish import Condition, Page, Release, Scope, Search
from evenhand.rulebook import Pack, shipped_pack
from evenhand.tag import (
    NEEDED,
    Agreement,
    Both,
    Either,
    Family,
    Has,
    Node,
    Not,
    TagRules,
    agreement,
    failing_cases,
    families_of,
    parse_query,
    read_tag_file,
    read_tag_rules,
    tag_subjects,
)

__all__ = ["TagChange", "export_tagged", "find_tagged", "measure_tags", "tag_condition", "try_tags"]

Row = dict[str, Any]
EXAMPLES: Final = 20
NO_TRUTH: Final = Message(
    "TAG-05",
    zh="{path}：没有 tags.csv 和 records.csv。请给出演练省的 truth 目录。",
    en="{path}: no tags.csv and records.csv. Name the folder `truth` of a practice province.",
)
NOT_A_RULE_FILE: Final = Message(
    "TAG-06", zh="{path}：读不懂：{why}。请照 rules 中 tags 目录的文件写。", en="{path}: cannot be read: {why}."
)


@dataclass(frozen=True, kw_only=True)
class TagChange:
    """What one tag would gain and lose by new rules: counts, and some subjects of each with the evidence."""

    code: str
    value: str
    before: int
    after: int
    gained: int
    lost: int
    gains: Sequence[Row]
    losses: Sequence[Row]


def tag_condition(text: str, *, pack: Pack | None = None) -> Condition:
    """Return a tag query as a condition on subjects; raises BadInput with the place of the first fault."""
    return _condition(parse_query(text, _families(pack or shipped_pack())))


@cache
def _families(pack: Pack) -> Mapping[str, Family]:
    """What queries may name in a pack: read once per process, because a page asks at every search."""
    return families_of(read_tag_rules(pack))


def _condition(node: Node) -> Condition:
    match node:
        case Has(codes):
            if not codes:
                return Condition(sql="false")
            marks = ", ".join("?" * len(codes))
            return Condition(sql=f"s.rowid in (select n from tagged where code in ({marks}))", values=codes)  # noqa: S608 — marks only
        case Not(part):
            inner = _condition(part)
            return Condition(sql=f"not ({inner.sql})", values=inner.values)
        case Both(left, right) | Either(left, right):
            one, other = _condition(left), _condition(right)
            word = "and" if isinstance(node, Both) else "or"
            return Condition(sql=f"({one.sql} {word} {other.sql})", values=(*one.values, *other.values))


def find_tagged(release: Release, text: str, scope: Scope, *, page: int = 1, pack: Pack | None = None) -> Page:
    """Return one page of the subjects inside the scope that a tag query finds, with the total count."""
    return release.search(Search(also=tag_condition(text, pack=pack), page=page), scope)


def export_tagged(release: Release, text: str, scope: Scope, *, to: Path, unmasked: bool = False, pack: Pack | None = None) -> int:
    """Write all subjects that a tag query finds to a file, like `export_table`, and return their number."""
    ids = release.found_ids(Search(also=tag_condition(text, pack=pack)), scope)
    return export_table(release, "subject", to=to, unmasked=unmasked, english=False, only=ids)


def try_tags(release: Release, rule_file: Path, *, pack: Pack | None = None) -> list[TagChange]:
    """Give the tags of a rule file to the subjects of a release and compare with the tags they have (试算).

    Raises:
        BadInput: the file is no family of tag rules, or a worked case in it fails.
    """
    pack = pack or shipped_pack()
    try:
        document = yaml.safe_load(rule_file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise BadInput(Problem(NOT_A_RULE_FILE, {"path": rule_file, "why": str(fault).replace("\n", " ")})) from fault
    rules = read_tag_file(rule_file.name, document, pack)
    with TemporaryDirectory() as scratch, Engine(scratch=Path(scratch)) as engine:
        if problems := list(failing_cases(rules, engine=engine)):
            raise BadInput(problems)
        tables = {name: engine.read(release.folder / f"{name}.parquet") for name in NEEDED}
        new = engine.save(tag_subjects(tables, rules=rules, engine=engine, asof=release.asof).select("subject_id", "code", "evidence"))
        return list(_changes(rules, engine.read(release.folder / "tag.parquet"), new, tables["subject"], engine))


def _changes(rules: TagRules, held: ir.Table, new: ir.Table, subject: ir.Table, engine: Engine) -> list[TagChange]:
    codes = [tag.code for tag in rules.tags]
    old = held.filter(held.code.isin(codes)).select("subject_id", "code", "evidence")
    totals = {
        name: {row["code"]: row["total"] for row in engine.arrow(table.group_by("code").agg(total=table.count())).to_pylist()}
        for name, table in (("before", old), ("after", new))
    }
    gained, lost = (_differing(engine, one, other, subject) for one, other in ((new, old), (old, new)))
    return [
        TagChange(
            code=tag.code, value=tag.value, before=totals["before"].get(tag.code, 0), after=totals["after"].get(tag.code, 0),
            gained=gained.get(tag.code, (0, []))[0], lost=lost.get(tag.code, (0, []))[0],
            gains=gained.get(tag.code, (0, []))[1], losses=lost.get(tag.code, (0, []))[1],
        )
        for tag in rules.tags
        if tag.code in totals["before"] or tag.code in totals["after"] or tag.rules
    ]  # fmt: skip


def _differing(engine: Engine, one: ir.Table, other: ir.Table, subject: ir.Table) -> Mapping[str, tuple[int, list[Row]]]:
    """Per tag: how many subjects only `one` gives, and the first of them."""
    only = one.anti_join(other, ["subject_id", "code"])
    turn = only.mutate(turn=ibis.row_number().over(group_by="code", order_by="subject_id"), total=only.count().over(group_by="code"))
    shown = turn.filter(turn.turn < EXAMPLES).join(subject.select("subject_id", "name"), "subject_id").order_by("code", "subject_id")
    found: dict[str, tuple[int, list[Row]]] = {}
    for row in engine.arrow(shown).to_pylist():
        found.setdefault(row["code"], (row["total"], []))[1].append({name: row[name] for name in ("subject_id", "name", "evidence")})
    return found


def measure_tags(release: Release, truth: Path) -> list[Agreement]:
    """Compare the tags of a release with `truth/` of its practice province, tag by tag.

    A true subject is the subject that holds most of its records; what was split from it counts as not found.
    """
    if not (truth / "tags.csv").is_file() or not (truth / "records.csv").is_file():
        raise BadInput(Problem(NO_TRUTH, {"path": truth}))
    with TemporaryDirectory() as scratch, Engine(scratch=Path(scratch)) as engine:
        whose = engine.save(_main_subjects(release, truth, engine))
        listed = engine.table(pa_csv.read_csv(truth / "tags.csv")).rename(code="tag")
        true = listed.join(whose, [listed.subject.cast("string") == whose.subject]).select("subject_id", "code")
        given = engine.read(release.folder / "tag.parquet").semi_join(whose, "subject_id").select("subject_id", "code")
        # A grade is worked out, not found: nobody knows it better than its rules.
        graded = [tag.code for tag in read_tag_rules(shipped_pack()).reading("grade").tags]
        given = given.filter(~given.code.isin(graded))
        # Which side a row has is read from its own cells: a constant beside them may be moved past the join.
        both = given.outer_join(true, ["subject_id", "code"])
        pairs: pa.Table = engine.arrow(
            both.select(code=ibis.coalesce(both.code, both.code_right), given=both.code.notnull(), true=both.code_right.notnull())
        )
    return agreement(pairs)


def _main_subjects(release: Release, truth: Path, engine: Engine) -> ir.Table:
    """For each true subject, ours with most of its records; of several true subjects in one of ours, the one with most."""
    columns = pa_csv.ConvertOptions(
        include_columns=["file", "sheet", "row", "subject"], column_types={"subject": pa.string()}, strings_can_be_null=True
    )
    told = engine.table(pa_csv.read_csv(truth / "records.csv", convert_options=columns))
    record, membership = (engine.read(release.folder / f"{name}.parquet") for name in ("record", "membership"))
    keys = [record.file == told.file, record.sheet.fill_null("") == told.sheet.fill_null(""), record.row == told.row.cast("int64")]
    rows = told.filter(told.subject.notnull()).join(record, keys).select("record_id", "subject").join(membership, "record_id")
    counted = rows.group_by("subject", "subject_id").agg(total=rows.count())
    order = [ibis.desc("total"), "subject_id"]
    best = counted.mutate(turn=ibis.row_number().over(group_by="subject", order_by=order))
    best = best.filter(best.turn == 0)
    again = best.mutate(turn=ibis.row_number().over(group_by="subject_id", order_by=[ibis.desc("total"), "subject"]))
    return again.filter(again.turn == 0).select("subject", "subject_id")
