"""Write a plan: tables as Parquet and CSV, its proof in words, the dry run of offices, the classes and quotas of the weeks for a public draw."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evenhand.pipeline.planning.making import Plan
from evenhand.pipeline.spreadsheets import rows_to_csv
from evenhand.plan import LEVELS, WEEK, Period
from evenhand.standards import DOUBLE_RANDOM

__all__ = ["DAYS", "DRY_RUN", "at_week_ends", "dated", "keep_rest", "left_out_of", "write_plan", "write_tables"]

DRY_RUN: Final = (
    ("机构", "office"), ("主体", "subjects"), ("检查", "visits"), ("合并少入企", "saved"), ("路线", "tours"), ("需要人时", "hours"), ("现有人时", "room"), ("缺人时", "short"),
    ("补足须增派人数", "lacking"), ("期内持证人员", "people"), ("期内证件到期", "expiring"), ("无证协助人员", "helpers"), ("缺少的专业", "lines"), ("最高与平均之比", "peak"),
    ("排不下", "unplaced"),
)  # fmt: skip
"""Columns of the dry run: title and attribute of `OfficeLoad`."""
DAYS: Final[Mapping[str, tuple[str, str]]] = {"duties": ("r", "d"), "visits": ("lo", "hi")}
"""Tables with days and an organiser, and their columns of days."""
_ENDS: Final = ("r_end", "d_end")
_WEEKDAYS: Final = 5
_WORDS: Final[Mapping[Any, str]] = {True: "是", False: "否", "law": "法定", "approval": "批准", "ours": "自定"}


def write_plan(plan: Plan, out: Path) -> list[Path]:
    """Write the plan into a folder; return the files."""
    tables = {
        "duties": plan.duties,
        "visits": plan.visits,
        "served": plan.served,
        "left_out": plan.left_out,
        "apart": plan.apart,
        "over_budget": plan.over,
    }
    files = write_tables(out, tables, plan.period)
    rows_to_csv(
        out / "dry_run.csv", [title for title, _ in DRY_RUN], ([_shown(getattr(one, name)) for _, name in DRY_RUN] for one in plan.offices)
    )
    rows_to_csv(
        out / "week_list.csv", ("id", "stratum"), ((one, name) for name, ids in sorted(plan.weeks.classes.items()) for one in sorted(ids))
    )
    rows_to_csv(
        out / "week_quotas.csv", ("key", "quota"), ((f"{name}/{week}", count) for (name, week), count in sorted(plan.weeks.quotas.items()))
    )
    (out / "proof.md").write_text(_proof(plan), "utf-8")
    (out / "origin.txt").write_text(f"{plan.period.origin}\n", "utf-8")
    about = {"release": plan.release, "begin": plan.period.begin.isoformat(), "end": plan.period.end.isoformat(), "caps": list(plan.caps)}
    (out / "about.json").write_text(json.dumps(about, ensure_ascii=False) + "\n", "utf-8")
    return [*files, out / "dry_run.csv", out / "week_list.csv", out / "week_quotas.csv", out / "proof.md", out / "about.json"]


def write_tables(out: Path, tables: Mapping[str, pa.Table], period: Period) -> list[Path]:
    """Write tables of a plan as Parquet, and as CSV with Chinese headings; of duties and visits with days instead of numbers."""
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for name, table in tables.items():
        shown = dated(table, period, DAYS[name]) if name in DAYS else table
        pq.write_table(shown, out / f"{name}.parquet")
        titles = {column.name: column.title for column in DOUBLE_RANDOM[name].columns}
        columns = (_column(shown, one) for one in titles)
        rows_to_csv(out / f"{name}.csv", list(titles.values()), zip(*columns, strict=True))
        files += [out / f"{name}.parquet", out / f"{name}.csv"]
    return files


def keep_rest(plan: Path, out: Path) -> list[Path]:
    """Copy what an amendment never changes into the folder of the new plan: what the plan is, who was left out; return the tables copied."""
    if out.resolve() == plan.resolve():
        return []
    kept = [name for name in ("about.json", "origin.txt", "left_out.parquet", "left_out.csv") if (plan / name).is_file()]
    for name in kept:
        (out / name).write_bytes((plan / name).read_bytes())
    return [out / name for name in kept if name.startswith("left_out")]


def left_out_of(plan: Path) -> dict[str, str]:
    """Return the subjects that a plan on disk left out, with the reason; a plan without the table left out nobody."""
    path = plan / "left_out.parquet"
    return {row["subject"]: row["reason"] for row in pq.read_table(path).to_pylist()} if path.is_file() else {}


def _column(table: pa.Table, name: str) -> list[Any]:
    values = table[name].to_pylist()
    worded = name in _ENDS or pa.types.is_boolean(table.schema.field(name).type)
    return [_WORDS.get(value, value) for value in values] if worded else values


def _shown(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.2f}" if value < 100 else f"{value:.0f}"  # noqa: PLR2004 — hours in whole numbers, ratios with two digits
    return "、".join(value) if isinstance(value, tuple) else value


def dated(table: pa.Table, period: Period, columns: Sequence[str]) -> pa.Table:
    """Return duties or visits with days instead of numbers, and the organiser's name."""
    origin = pc.cast(pa.scalar(period.origin, pa.date32()), pa.int32())
    for name in columns:
        days = pc.cast(pc.cast(pc.add(table[name], origin), pa.int32()), pa.date32())
        table = table.set_column(table.column_names.index(name), name, days)
    levels = pc.take(pa.array(LEVELS, pa.string()), table["level"])
    return table.set_column(table.column_names.index("level"), "organiser", levels)


def _proof(plan: Plan) -> str:
    told = plan.coverage
    lines = [
        f"# 任务计划 {plan.period.begin} 至 {plan.period.end}", "", f"数据：发布版 {plan.release}。",
        f"任务 {plan.duties.num_rows:,} 项，合并为检查 {plan.visits.num_rows:,} 次，少 {plan.saved:,} 次。", f"各周负荷最高为平均的 {plan.peak:.2f} 倍。", "", "## 两年全覆盖", "",
        "| 主体 | 个数 |", "| --- | ---: |", f"| 在册、列入计划 | {told['live']:,} |", f"| 覆盖期限在计划期以后 | {told['until_the_end']:,} |",
        f"| 期限以内安排了全项目检查 | {told['in_time']:,} |", f"| 计划前已经超期，已安排补查 | {told['overdue']:,} |", f"| 没有安排上 | {told['missed']:,} |", "",
        "## 人力够不够", "", *_gap(plan), "", "## 没有列入计划的", "", "| 理由 | 个数 |", "| --- | ---: |",
    ]  # fmt: skip
    counts = plan.left_out.group_by("reason").aggregate([("subject", "count")]).to_pylist()
    lines += [f"| {row['reason']} | {row['subject_count']:,} |" for row in sorted(counts, key=lambda row: row["reason"])]
    lines += ["", "## 没有批准文号的专项，不产生任务", ""]
    lines += [f"- {name}：名单 {count:,} 个" for name, count in sorted(plan.unapproved.items())] or ["没有。"]
    lines += [
        "",
        "## 超过年度入企上限的",
        "",
        f"{plan.over.num_rows:,} 个主体，见 over_budget.csv。" if plan.over.num_rows else "没有（未公布上限的不计）。",
    ]
    short = [one for one in plan.offices if one.unplaced]
    lines += ["", "## 排不下的", ""]
    lines += [f"- {one.office}：{one.unplaced} 次检查的期限内没有工作日" for one in short] or ["没有。"]
    idle = at_week_ends(plan.visits)
    lines += ["", "## 所排的周里只有周末的日子的", "", "遇调休上班的不妨；其余请改自定的期限，或者当面安排。" if idle else "没有。", ""]
    lines += [f"- {office or '（不明）'}：{count} 次" for office, count in sorted(idle.items())]
    return "\n".join([*lines, ""])


def at_week_ends(visits: pa.Table) -> Counter[str]:
    """Return by office the visits whose days within their week are a Saturday or Sunday only; a week's capacity does not see them.

    >>> one = {"office": "甲", "week": 0, "lo": 5, "hi": 9}
    >>> dict(at_week_ends(pa.Table.from_pylist([one, one | {"lo": 4}, one | {"week": 1}])))
    {'甲': 1}
    """
    columns = (visits[name].to_pylist() for name in ("office", "week", "lo"))
    return Counter(office or "" for office, week, lo in zip(*columns, strict=True) if week is not None and lo >= WEEK * week + _WEEKDAYS)


def _gap(plan: Plan) -> list[str]:
    short = sorted((one for one in plan.offices if one.short), key=lambda one: -one.short)
    hours, room = sum(one.hours for one in plan.offices), sum(one.room for one in plan.offices)
    total = f"需要 {hours:,.0f} 人时，现有 {room:,.0f} 人时（持证至期末的人员、工作日、用于入企的比例）。"
    if not short:
        return [total, "", "各机构都够。"]
    lines = [
        total, "", f"{len(short)} 个机构不够，共缺 {sum(one.short for one in short):,.0f} 人时，补足须增派 {sum(one.lacking for one in short)} 人，或者放宽自定的期限、由上级派员。", "",
        "| 机构 | 需要 | 现有 | 缺 | 增派 |", "| --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    return lines + [f"| {one.office} | {one.hours:,.0f} | {one.room:,.0f} | {one.short:,.0f} | {one.lacking} |" for one in short]
