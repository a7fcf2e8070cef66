"""Print any other rule file of the pack, whatever its folder: its meaning, its origin, its values.

A new rule file is printed without a line of code here: rows of like keys become a table, the rest a list of settings.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from evenhand.documents.model import Block, Clause, Column, Paragraph, Table
from evenhand.documents.speaking import visible
from evenhand.documents.wording import FOLDER, Matter, without_breaks

__all__ = ["column_widths", "other_rule_files", "rule_file", "rule_folder", "rule_ids"]

_HEAD: Final = ("term", "name", "meaning", "source", "read_on", "confidence", "title")
_WIDTH: Final = 165.0
_TAGS: Final = ("confidence", "tag")
_NAMED: Final = re.compile(r"\{([a-z_]+)\}")
_UNPRINTED: Final = ("cases",)  # worked cases stay in the file
_OWN: Final = ("quality", FOLDER)
_SETTINGS: Final = (Column(title="项", width=40), Column(title="值", width=125))
_MM_PER_SIGN: Final = 3.3
_MARGIN: Final = 2.8
_SHORT, _MOST = 26.0, 120.0
_BASIS: Final = "依据与确认"
_OTHERWISE: Final = "其他"
_COLUMNS: Final = 6
_LONG: Final = 100
_BY_NAME: Final = ("words",)  # a mapping whose keys are names given in the file


def rule_folder(matter: Matter, folder: str) -> tuple[Clause, ...]:
    """One clause per rule file of a folder of the pack."""
    return tuple(_file(matter, document) for document in matter.folder(folder).values() if isinstance(document, dict))


def rule_file(matter: Matter, file: str) -> tuple[Block, ...]:
    """What one rule file says, without a heading of its own: for a chapter that is about it."""
    document = matter.folder(file.partition("/")[0]).get(file)
    if not isinstance(document, dict):
        raise TypeError(f"规则包没有 {file}")
    return _file(matter, document).blocks


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
    rare = _rare(outer, rows)
    outer = [key for key in outer if key not in rare]
    heads = [
        *(_BASIS if any(_is_source(row.get(key)) for row in rows) else matter.key(key) for key in outer),
        *([_OTHERWISE] if rare else []),
        *([matter.key("id"), matter.key("rules_detail")] if inner else []),
    ]
    cells: list[tuple[str, ...]] = []
    for row in rows:
        own = tuple(_said(matter, row.get(key), plain=key in {"id", "title"}) for key in outer)
        if rare:
            own += (_detail(matter, {key: row[key] for key in rare if key in row}) or "—",)
        entries = [entry for key in inner for entry in _rows(row.get(key))]
        cells += [(*(own if n == 0 else ("",) * len(own)), str(e.get("id", "—")), _detail(matter, e)) for n, e in enumerate(entries)] or (
            [(*own, "—", "—")] if inner else [own]
        )
    sizes = [max(_size(head), *(_size(line) for row in cells for line in row[n].split("\n"))) for n, head in enumerate(heads)]
    columns = tuple(Column(title=head, width=width) for head, width in zip(heads, column_widths(sizes), strict=True))
    return Table(title=title, columns=columns, rows=tuple(cells))


def _rare(keys: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Keys that less than half of the rows have, where a column for each would leave none wide enough to read."""
    rare = [key for key in keys if 2 * sum(key in row for row in rows) < len(rows)]
    return rare if len(keys) > _COLUMNS and len(rare) > 1 else []


def _detail(matter: Matter, entry: Mapping[str, Any]) -> str:
    """All that an inner rule says besides its id, a line for each key."""
    return "\n".join(
        f"{matter.key(key)}：{matter.confidence(value) if key in _TAGS and isinstance(value, str) else _said(matter, value)}"
        for key, value in entry.items()
        if key not in {"id", *_UNPRINTED}
    )


def column_widths(sizes: Sequence[float]) -> tuple[float, ...]:
    """Share the width of the page, in millimetres: short columns get what they ask for, the others part the rest as they need it.

    >>> column_widths([4, 4, 100])
    (16.0, 16.0, 133.0)
    """
    asked = [size * _MM_PER_SIGN + _MARGIN for size in sizes]
    limit = max(_SHORT, _WIDTH / len(asked) / 2)
    short = [mm if mm <= limit else 0.0 for mm in asked]
    rest = _WIDTH - sum(short)
    weights = [0.0 if s else min(mm, _MOST) for mm, s in zip(asked, short, strict=True)]
    if not any(weights):  # all are short: stretch them
        return tuple(round(mm * _WIDTH / sum(short), 1) for mm in short)
    return tuple(round(s or rest * w / sum(weights), 1) for s, w in zip(short, weights, strict=True))


def _size(text: str) -> float:
    """How many signs wide a text is: Chinese signs count one, others a little over half."""
    return sum(1 if ord(sign) > 0x2E80 else 0.6 for sign in text)  # noqa: PLR2004 — the first CJK block


def _settings(matter: Matter, title: str, value: object) -> Iterator[tuple[str, str]]:
    """Lines of settings: a mapping of mappings becomes one line per inner key."""
    if isinstance(value, dict) and len(value) > _LONG:
        yield title, f"{len(value)} 项，见规则文件"  # the readings of all characters fill a page that nobody reads
    elif isinstance(value, dict) and any(isinstance(inner, dict | list) for inner in value.values()):
        for key, inner in value.items():
            named = title in {matter.key(name) for name in _BY_NAME}
            yield from _settings(matter, f"{title}：{key if named else matter.key(key)}", inner)
    else:
        yield title, _said(matter, value)


def _is_source(value: object) -> bool:
    return isinstance(value, dict) and {"title", "confidence"} <= set(value)


def _source(matter: Matter, source: Mapping[str, Any]) -> str:
    """Where a rule stands: title, number, article, confidence, note."""
    number = f"（{source['number']}）" if source.get("number") else ""
    said = matter.basis(f"{source['title']}{number}{source.get('article', '')}", str(source["confidence"]))
    return f"{said}；{source['note']}" if source.get("note") else said


def _said(matter: Matter, value: object, *, plain: bool = False) -> str:
    if isinstance(value, dict):
        if _is_source(value):
            return _source(matter, value)
        if _compares(matter, value):
            return "、".join(_compared(matter, key, inner) for key, inner in value.items())
        return "；".join(_pair(matter, key, inner) for key, inner in value.items()) or "—"
    if isinstance(value, list):
        return "、".join(_said(matter, inner) for inner in value) or "—"
    if plain and value is not None:
        return without_breaks(value)
    text = visible(without_breaks(matter.cell(value)))
    return _NAMED.sub(lambda hit: f"〔{matter.titles.get(hit[1], matter.key(hit[1]))}〕", text) if isinstance(value, str) else text


def _compares(matter: Matter, value: object) -> bool:
    """Whether a mapping compares one thing: `{min: 300, below: 1000}`."""
    return isinstance(value, dict) and bool(value) and all(key in matter.words["operators"] for key in value)


def _compared(matter: Matter, key: str, value: object) -> str:
    shown = str(value) if key == "has" else _said(matter, value)
    return str(matter.words["operators"][key]).format(shown)


def _pair(matter: Matter, key: str, value: object) -> str:
    if key in _TAGS and isinstance(value, str):
        return f"{matter.key(key)}＝{matter.confidence(value)}"
    return f"{matter.key(key)}{'' if _compares(matter, value) else '＝'}{_said(matter, value)}"
