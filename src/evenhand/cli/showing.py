"""How the commands lay out a build, a subject and the quality of a release."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pyarrow.parquet as pq

from evenhand.cli.console import screen, show_table
from evenhand.pipeline import BuildReport
from evenhand.pipeline.deciding import UNFIT
from evenhand.publish import SubjectCard
from evenhand.repair import STATES as REPAIR_STATES
from evenhand.standards import ELEMENTS, TABLES, VOTERS, Mask, masked

__all__ = ["show_build", "show_card", "show_decisions", "show_quality"]

Row = dict[str, Any]
STATES = {"valid": "有效", "warning": "有疑点", "wrong": "错误", "empty": "空缺", "fail": "未通过", "unknown": "无法判断"}
_FIGURES = ("通过", "未通过", "无法判断", "不适用", "得分", "环比")
_HEAD = (
    "name",
    "uscc",
    "former_names",
    "legal_person",
    "phone",
    "place",
    "residence",
    "office",
    "forms",
    "status",
    "status_reason",
    "founded_on",
)


def show_build(report: BuildReport) -> None:
    """Print what a build made."""
    tables = report.manifest["tables"]
    rows = [("来源记录", tables["record"]["rows"]), ("主体", tables["subject"]["rows"]), ("证照", tables["licence"]["rows"]), ("场所", tables["site"]["rows"]),
            ("质量发现", tables["finding"]["rows"]), ("待复核归属", tables["conflict"]["rows"])]  # fmt: skip
    show_table("发布版内容", ("项目", "行数"), rows)
    screen.print(
        f"发布版 {report.release}\n用时 {sum(s.seconds for s in report.stages):.1f} 秒，内存峰值 {report.peak_bytes / 2**30:.2f} GiB。"
    )


def show_decisions(report: BuildReport) -> None:
    """Print what became of the decisions: how many in each state, and each that no longer fits the data."""
    rows = pq.read_table(report.release / "decision.parquet").to_pylist()
    counts = Counter(row["state"] for row in rows)
    screen.print(f"人工认定 {len(rows)} 条：{'，'.join(f'{state} {count} 条' for state, count in sorted(counts.items()))}。")
    odd = [row for row in rows if row["state"] in UNFIT]
    if odd:
        show_table(
            "不再适用的认定",
            ("编号", "种类", "所指", "状态", "说明"),
            [tuple(row[c] for c in ("decision", "kind", "about", "state", "note")) for row in odd],
        )


def _cell(name: str, value: object, *, unmasked: bool) -> str:
    if value is None:
        return "—"
    mask = ELEMENTS[name].mask if name in ELEMENTS else Mask.NONE
    return str(value) if unmasked or mask is Mask.INTERNAL else str(masked(str(value), mask))


def show_card(card: SubjectCard, *, unmasked: bool) -> None:
    """Print one subject with every reason."""
    subject, choices = card.subject, {choice["field"]: choice for choice in card.choices}
    titles = {column.name: column.title for column in TABLES["subject"].columns}
    head = [
        (
            titles[n],
            _cell(n, subject[n], unmasked=unmasked),
            choices.get(n, {}).get("reason", ""),
        )
        for n in _HEAD
    ]
    show_table(
        f"{subject['name'] or '（无名称）'}　{subject['subject_id']}　代码{STATES.get(subject['uscc_state'], '')}",
        ("项目", "取值", "为什么"),
        head,
    )
    show_table(
        "来源记录",
        ("种类", "来源", "文件", "工作表", "行", "归属依据", "把握"),
        ((r["kind_title"], r["source"], r["file"], r["sheet"] or "", r["row"], r["evidence"], r["score"]) for r in card.rows),
    )
    _table(
        "证照",
        card.licences,
        {"licence_no": "编号", "licence_kind": "种类", "status": "状态", "status_reason": "理由", "valid_to": "有效期至", "place": "场所"},
        unmasked=unmasked,
    )
    _table("场所", card.sites, {"place": "地址", "office": "监管机构", "is_main": "主要", "record_count": "记录"}, unmasked=unmasked)
    _table(
        "管辖判定",
        card.offices,
        {
            "state": "判定",
            "stated": "来源所写",
            "office": "判定的机构",
            "rival": "另一机构",
            "confidence": "把握",
            "reason": "理由",
            "due_on": "答复期限",
        },
        unmasked=True,
    )
    _table(
        "管辖投票",
        [{**vote, "voter": VOTERS.get(vote["voter"], vote["voter"])} for vote in card.office_votes],
        {"voter": "投票方", "office": "机构", "weight": "票重", "evidence": "依据"},
        unmasked=True,
    )
    _table(
        "标签",
        card.tags,
        {
            "family": "族",
            "value": "标签",
            "evidence": "为什么",
            "rule": "规则",
            "effective_from": "起",
            "effective_to": "止",
            "confidence": "把握",
        },
        unmasked=unmasked,
    )
    _table(
        "代码修复建议",
        [{**one, "state": REPAIR_STATES.get(one["state"], one["state"])} for one in card.repairs],
        {
            "record_id": "记录",
            "before": "原值",
            "after": "建议",
            "rank": "次序",
            "state": "处理",
            "confidence": "把握",
            "title": "规则",
            "evidence": "依据",
        },
        unmasked=True,
    )
    _table(
        "质量发现",
        card.findings,
        {"rule": "规则", "title": "名称", "field": "字段", "value": "原值", "proposal": "建议", "reason": "理由"},
        unmasked=True,
    )
    _table(
        "沿革",
        card.history,
        {"field": "字段", "value": "取值", "chosen": "采用", "reason": "理由", "first_seen": "最早", "last_seen": "最近"},
        unmasked=True,
    )


def _table(title: str, rows: Iterable[Row], columns: dict[str, str], *, unmasked: bool) -> None:
    body = [
        [_cell(name, row[name], unmasked=unmasked) if not isinstance(row[name], bool) else row[name] for name in columns] for row in rows
    ]
    if body:
        show_table(title, tuple(columns.values()), body)


def show_quality(quality: Row, *, by: str) -> bool:
    """Print the six dimensions and one breakdown; return whether a blocking rule failed."""
    show_table(
        "六个维度（GB/T 36344）",
        ("维度", *_FIGURES),
        [*([r["dimension"], *_scores(r)] for r in quality["dimensions"]), ["加权合计", *_scores(quality["whole"][0])]],
    )
    group = {"source": ("sources", "来源"), "office": ("offices", "机构"), "rule": ("rules", "规则")}.get(by, ("sources", "来源"))
    rows = sorted(quality[group[0]], key=lambda r: (r["score"] is None, r["score"]))
    name = "source" if by not in {"office", "rule"} else by
    show_table(
        f"按{group[1]}",
        (group[1], "名称", *_FIGURES),
        ([r[name] or "未知", r.get("title") or r.get("kind") or "", *_scores(r)] for r in rows),
    )
    return any(r["failed"] and r.get("severity") == "block" for r in quality["rules"])


def _scores(row: Row) -> tuple[object, ...]:
    score = "—" if row["score"] is None else f"{row['score']:.2%}"
    change = "—" if row["change"] is None else f"{row['change'] * 100:+.2f}"
    return row["passed"], row["failed"], row["unknown"], row["skipped"], score, change
