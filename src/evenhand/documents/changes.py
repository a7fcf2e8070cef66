"""Changes (变更): what came, went or became different between two editions, item by item."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from evenhand.documents.codes import list_digest
from evenhand.documents.model import Clause, Column, Paragraph, Table
from evenhand.documents.rulefiles import rule_ids
from evenhand.documents.wording import FOLDER, Matter, without_breaks
from evenhand.rulebook import CodeList
from evenhand.standards import ELEMENTS, EXTRACTS, TABLES

__all__ = ["KINDS", "Change", "Inventory", "change_clauses", "changes_between", "inventory_of"]

Inventory: TypeAlias = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Kind of thing → its identifier → its attributes."""

KINDS: Final = ("数据元", "来源数据项", "名录数据项", "代码表", "代码", "质量规则", "其他规则", "规则设定")
_LONGEST_LIST: Final = 2000
_SHOWN: Final = 90
_COLUMNS: Final = (
    Column(title="变化", width=14, centred=True),
    Column(title="标识", width=46, code=True),
    Column(title="名称", width=35),
    Column(title="内容", width=70),
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: kind of thing, 增加 / 删除 / 修改, identifier, title, and what became different."""

    kind: str
    what: str
    name: str
    title: str
    detail: str = ""


def inventory_of(matter: Matter) -> dict[str, dict[str, dict[str, str]]]:
    """Everything an edition says, item by item."""
    rules = {rule_id: entry for folder in _folders(matter) for d in matter.folder(folder).values() for rule_id, entry in rule_ids(d)}
    quality = {rule.id for rule in matter.quality}
    return {
        "数据元": {
            e.name: {
                "名称": e.title, "定义": e.meaning, "形态": e.shape.value, "格式": e.form, "同义名称": "、".join(e.aliases), "代码表": e.codes, "单位": e.unit,
                "遮盖": e.mask.value, "依据": e.law,
            }
            for e in ELEMENTS.values()
        },
        "来源数据项": {f"{s.name}.{f.name}": {"名称": f"{s.title}：{f.title}", "约束": "M" if f.required else "O"} for s in EXTRACTS.values() for f in s},
        "名录数据项": {
            f"{t.name}.{c.name}": {"名称": f"{t.title}：{c.title}", "类型": str(c.type), "说明": c.meaning, "遮盖": c.mask.value} for t in TABLES.values() for c in t.columns
        },
        "代码表": {
            name: {"名称": one.origin["title"], "来源": one.origin["source"], "核实程度": one.origin["confidence"], "条数": str(len(one.rows)), "校验值": list_digest(one)}
            for name, one in matter.lists.items()
        },
        "代码": {key: value for one in matter.lists.values() for key, value in _codes(one)},
        "质量规则": {rule_id: _flat(rules[rule_id]) for rule_id in sorted(rules) if rule_id in quality},
        "其他规则": {rule_id: _flat(rules[rule_id]) for rule_id in sorted(rules) if rule_id not in quality},
        "规则设定": dict(_settings(matter)),
    }  # fmt: skip


def changes_between(old: Inventory, new: Inventory) -> tuple[Change, ...]:
    """Every change, by kind, then by identifier."""
    return tuple(change for kind in KINDS for change in _changes(kind, old.get(kind, {}), new.get(kind, {})))


def change_clauses(changes: Sequence[Change]) -> tuple[Clause | Paragraph, ...]:
    """One clause per kind of thing that changed."""
    if not changes:
        return (Paragraph(text="与上一版相比没有变化。"),)
    clauses = []
    for kind in KINDS:
        own = [change for change in changes if change.kind == kind]
        count = Counter(change.what for change in own)
        said = "，".join(f"{what}{count[what]}项" for what in ("增加", "删除", "修改") if count[what])
        rows = tuple((c.what, c.name, c.title, c.detail or "—") for c in own)
        if rows:
            clauses.append(
                Clause(title=kind, blocks=(Paragraph(text=f"{said}。"), Table(title=f"{kind}的变更", columns=_COLUMNS, rows=rows)))
            )
    return tuple(clauses)


def _folders(matter: Matter) -> list[str]:
    return sorted(path.name for path in matter.pack.root.iterdir() if path.is_dir() and path.name not in {FOLDER, "codes"})


def _flat(entry: Mapping[str, Any]) -> dict[str, str]:
    """Attributes of a rule as text; the worked cases are left out, they say nothing new."""
    title = entry.get("title") or entry.get("field") or entry.get("evidence") or ""
    return {"名称": str(title)} | {str(k): without_breaks(v) for k, v in entry.items() if k not in {"id", "title", "cases"}}


def _codes(one: CodeList) -> Iterator[tuple[str, dict[str, str]]]:
    """Each entry of a list by its code; a code that stands twice gets its place beside it. The longest lists are told by checksum only."""
    if len(one.rows) > _LONGEST_LIST:
        return
    seen: Counter[str] = Counter()
    for row in one:
        code = row.get("code") or next(iter(row.values()))
        seen[code] += 1
        again = f"#{seen[code]}" if seen[code] > 1 else ""
        yield (
            f"{one.name}.{code}{again}",
            {"名称": row.get("name") or one.origin["title"]} | {k: v for k, v in row.items() if k not in {"code", "name"}},
        )


def _settings(matter: Matter) -> Iterator[tuple[str, dict[str, str]]]:
    """Top-level keys of rule files that hold no numbered rules."""
    for folder in _folders(matter):
        for file, document in matter.folder(folder).items():
            for key, value in document.items() if isinstance(document, dict) else ():
                if key != "read_on" and not any(rule_ids(value)):
                    yield (
                        f"{file}#{key}",
                        {
                            "名称": f"{document.get('term') or document.get('title') or document.get('group')}：{matter.key(key)}",
                            "值": without_breaks(value),
                        },
                    )


def _changes(kind: str, old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]) -> Iterable[Change]:
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before is None and after is not None:
            yield Change(kind=kind, what="增加", name=name, title=after.get("名称", ""))
        elif after is None and before is not None:
            yield Change(kind=kind, what="删除", name=name, title=before.get("名称", ""))
        elif before is not None and after is not None and before != after:
            keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key, "") != after.get(key, "")]
            detail = "\n".join(f"{key}：{_around(before.get(key, ''), after.get(key, ''))}" for key in keys)
            yield Change(kind=kind, what="修改", name=name, title=after.get("名称", ""), detail=detail)


def _around(before: str, after: str) -> str:
    """The part that differs, with a little of what stands before it."""
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))
    start = max(0, start - 10)
    cut = [
        f"{'…' if start else ''}{text[start : start + _SHOWN]}{'…' if len(text) > start + _SHOWN else ''}" or "空"
        for text in (before, after)
    ]
    return " → ".join(cut)
