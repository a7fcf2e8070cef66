"""Print any other rule file of the pack, whatever its folder: its meaning, its origin, its values.

A new rule file is printed without a line of code here: rows of like keys become a table, the rest a list of settings.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from evenhand.documents.model import Block, Clause, Column, Paragraph, Table
from evenhand.documents.wording import FOLDER, Matter, without_breaks

__all__ = ["other_rule_files", "rule_folder", "rule_ids"]

_HEAD: Final = ("term", "name", "meaning", "source", "read_on", "confidence", "title")
_WIDTH: Final = 165.0
_UNPRINTED: Final = ("cases",)  # worked cases stay in the file
_OWN: Final = ("quality", FOLDER)
_SETTINGS: Final = (Column(title="项", width=40), Column(title="值", width=125))
_NARROW, _WIDE = 5, 34


def rule_folder(matter: Matter, folder: str) -> tuple[Clause, ...]:
    """One clause per rule file of a folder of the pack."""
    return tuple(_file(matter, document) for document in matter.folder(folder).values() if isinstance(document, dict))


def other_rule_files(matter: Matter, printed: Sequence[str]) -> tuple[Clause | Paragraph, ...]:
    """Every rule file in a folder that no chapter names."""
    folders = sorted(path.name for path in matter.pack.root.iterdir() if path.is_dir())
    rest = [folder for folder in folders if folder not in {*printed, *_OWN}]
    found = tuple(clause for folder in rest for clause in rule_folder(matter, folder))
    return found or (Paragraph(text="规则包中没有其他规则文件。"),)


def rule_ids(value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every entry with an `id` in a parsed rule file, at any depth: its id and its other keys."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"], value
        for inner in value.values():
            yield from rule_ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from rule_ids(inner)


def _file(matter: Matter, document: Mapping[str, Any]) -> Clause:
    blocks: list[Block] = []
    if document.get("meaning"):
        blocks.append(Paragraph(text=without_breaks(document["meaning"])))
    source = document.get("source")
    said = "，".join(str(source[k]) for k in ("title", "article") if k in source) if isinstance(source, dict) else str(source or "平台约定")
    tag = str(document.get("confidence") or (source.get("tag") if isinstance(source, dict) else "") or "DESIGN")
    read = document.get("read_on") or (source.get("read_on") if isinstance(source, dict) else None)
    blocks.append(Paragraph(text=f"依据：{matter.basis(said, tag)}{f'；查阅日期{read}' if read else ''}。", kind="note"))
    settings: list[tuple[str, str]] = []
    for key, value in document.items():
        if key in _HEAD:
            continue
        rows = _rows(value)
        if rows:
            blocks.append(_table(matter, f"{document.get('term', '')}：{matter.key(key)}".lstrip("："), rows))
        else:
            settings += _settings(matter, matter.key(key), value)
    if settings:
        blocks.append(Table(title=f"{document.get('term') or document.get('title')}的设定", columns=_SETTINGS, rows=tuple(settings)))
    return Clause(title=str(document.get("term") or document.get("title") or document.get("group")), blocks=tuple(blocks))


def _rows(value: object) -> list[Mapping[str, Any]]:
    """The entries of a list of mappings, or one mapping that carries an id, or a mapping of such."""
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        return list(value)
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return [value]
    if isinstance(value, dict) and value and all(isinstance(v, dict) and isinstance(v.get("id"), str) for v in value.values()):
        return list(value.values())
    return []


def _table(matter: Matter, title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    keys = [key for key in dict.fromkeys(key for row in rows for key in row) if key not in _UNPRINTED]
    inner = [key for key in keys if any(_rows(row.get(key)) for row in rows)]
    outer = [key for key in keys if key not in inner]
    heads = [*(matter.key(key) for key in outer), *([matter.key("id"), matter.key("rules_detail")] if inner else [])]
    cells: list[tuple[str, ...]] = []
    for row in rows:
        own = tuple(_said(matter, row.get(key), plain=key in {"id", "title"}) for key in outer)
        entries = [entry for key in inner for entry in _rows(row.get(key))]
        cells += [(*(own if n == 0 else ("",) * len(own)), str(e.get("id", "—")), _detail(matter, e)) for n, e in enumerate(entries)] or (
            [(*own, "—", "—")] if inner else [own]
        )
    sizes = [min(_WIDE, max(_NARROW, len(head) + 1, *(_size(row[n]) for row in cells))) for n, head in enumerate(heads)]
    total = sum(sizes)
    columns = tuple(Column(title=head, width=round(_WIDTH * size / total, 1)) for head, size in zip(heads, sizes, strict=True))
    return Table(title=title, columns=columns, rows=tuple(cells))


def _detail(matter: Matter, entry: Mapping[str, Any]) -> str:
    """All that an inner rule says besides its id, a line for each key."""
    return "\n".join(f"{matter.key(key)}：{_said(matter, value)}" for key, value in entry.items() if key not in {"id", *_UNPRINTED})


def _size(text: str) -> float:
    """How much room a text asks for: Chinese signs count one, others a little over half."""
    return sum(1 if ord(sign) > 0x2E80 else 0.62 for sign in text) + 1  # noqa: PLR2004 — the first CJK block


def _settings(matter: Matter, title: str, value: object) -> Iterator[tuple[str, str]]:
    """Lines of settings: a mapping of mappings becomes one line per inner key."""
    if isinstance(value, dict) and any(isinstance(inner, dict | list) for inner in value.values()):
        for key, inner in value.items():
            yield from _settings(matter, f"{title}：{matter.key(key)}", inner)
    else:
        yield title, _said(matter, value)


def _said(matter: Matter, value: object, *, plain: bool = False) -> str:
    if isinstance(value, dict):
        operators = matter.words["operators"]
        if value and all(key in operators for key in value):
            return "、".join(str(operators[key]).format(_said(matter, inner)) for key, inner in value.items())
        return "；".join(_pair(matter, key, inner) for key, inner in value.items()) or "—"
    if isinstance(value, list):
        return "、".join(_said(matter, inner) for inner in value) or "—"
    if plain and value is not None:
        return without_breaks(value)
    return without_breaks(matter.cell(value))


def _pair(matter: Matter, key: str, value: object) -> str:
    compares = isinstance(value, dict) and bool(value) and all(inner in matter.words["operators"] for inner in value)
    return f"{matter.key(key)}{'' if compares else '＝'}{_said(matter, value)}"
