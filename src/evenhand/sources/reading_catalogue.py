"""Reads `sources.toml` strictly and tells everything that is wrong with it at once."""

import codecs
import glob
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from evenhand.errors import BadInput, Message, Problem
from evenhand.rulebook import Pack, shipped_pack
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Catalogue, Source, digest_of
from evenhand.sources.nearness import nearest
from evenhand.standards import EXTRACTS, DataSet, Field, Shape

__all__ = ["read_catalogue"]

_TEXT: Final = ("name", "kind", "title", "url", "table", "query", "encoding", "delimiter", "sheet")
_KEYS: Final = (*_TEXT, "files", "delivery", "header_row", "columns", "units", "codes")
_MEASURED: Final = frozenset({Shape.MONEY, Shape.AREA})
_CODED: Final = frozenset({Shape.CODE, Shape.FLAG})
_MOST_SHOWN: Final = 12
_LONGEST_NAME: Final = 255
"""Bytes of a file's name that systems accept."""
_LONGEST_PATH: Final = 2048
"""Bytes of the whole, so that the folder of the catalogue finds room before it."""
_TOP: Final = ("source", "practice")
_NEEDED: Final = {"name": 'name = "registration"', "kind": 'kind = "registration"', "delivery": 'delivery = "2026-06-30"'}


def read_catalogue(path: Path, *, pack: Pack | None = None) -> Catalogue:
    """Read the catalogue of sources (来源清单); globs and database files are taken relative to it.

    Units and codes must be known to the rule pack; without one, to the pack that comes with the product.

    Raises:
        BadInput: with every fault of the file, each naming the source, the key and what is allowed.
    """
    content = _toml(path)
    folder = path.resolve().parent
    problems: list[Problem] = []
    problems += [_unknown(path, "顶层", key, _TOP) for key in sorted(content.keys() - set(_TOP))]
    practice = content.get("practice", False)
    if not isinstance(practice, bool):
        problems.append(
            Problem(say.BAD_VALUE, {"file": path, "place": "顶层", "key": "practice", "value": practice, "allowed": "true 或者 false"})
        )
    entries = content.get("source", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise BadInput([*problems, Problem(say.NO_SOURCES, {"file": path})])
    known = _Known(pack)
    readers = [
        _Entry(path, folder, place=f"第{n}个 source（{entry.get('name', '未命名')}）", entry=entry, known=known)
        for n, entry in enumerate(entries, 1)
    ]
    sources = [reader.source() for reader in readers]
    problems += [problem for reader in readers for problem in reader.problems]
    seen: set[str] = set()
    for reader in readers:
        name = str(reader.entry.get("name", ""))
        if name and name in seen:
            problems.append(reader.problem(say.NAME_TWICE, value=name))
        seen.add(name)
    if problems:
        raise BadInput(problems)
    return Catalogue(folder=folder, sources=tuple(s for s in sources if s), digest=digest_of(content), practice=bool(practice))


def _toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise BadInput(Problem(say.CATALOGUE_MISSING, {"file": path}))
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput(Problem(say.CATALOGUE_SYNTAX, {"file": path, "why": fault})) from fault


def _is_text_encoding(name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(b"a")  # Python has encodings that refuse everything, or cannot read on
        return bool(codecs.lookup(name)._is_text_encoding)  # noqa: SLF001 — there is no public way to ask
    except (LookupError, UnicodeError, AttributeError, TypeError):
        return False


def _is_possible(pattern: str) -> bool:
    return (
        "\x00" not in pattern
        and len(os.fsencode(pattern)) <= _LONGEST_PATH
        and all(len(os.fsencode(step)) <= _LONGEST_NAME for step in Path(pattern).parts)
    )


def _each_once(paths: Iterable[Path]) -> tuple[tuple[Path, ...], dict[Path, Path]]:
    """Every file once, the file itself rather than a link to it, in order; and the links left out, each with what is read instead."""
    alike: dict[str, list[Path]] = {}
    for path in paths:
        alike.setdefault(os.path.realpath(path), []).append(path)
    kept = {min(names, key=Path.is_symlink): names for names in alike.values()}
    return tuple(kept), {name: chosen for chosen, names in kept.items() for name in names if name != chosen}


def _unknown(path: Path, place: str, key: str, allowed: tuple[str, ...]) -> Problem:
    return Problem(
        say.UNKNOWN_KEY, {"file": path, "place": place, "key": key, "nearest": nearest(key, allowed), "allowed": "、".join(allowed)}
    )


class _Known:
    """What the rule pack knows of units and codes, read when first asked for."""

    def __init__(self, pack: Pack | None) -> None:
        self._given = pack

    @cached_property
    def _pack(self) -> Pack:
        return self._given or shipped_pack()

    @cached_property
    def _units(self) -> Mapping[str, Any]:
        return next((document for document in self._pack.documents("standardise").values() if document.get("name") == "units"), {})

    def units(self, shape: Shape) -> list[str]:
        """Units in which a value of this shape may be stated."""
        return list(self._units.get(shape.value, {}))

    def codes(self, field: Field) -> dict[str, str]:
        """Codes of the field's list with their names; nothing when the pack has no such list."""
        name = "flag" if field.shape is Shape.FLAG else field.element.codes
        return self._pack.codes(name).codes if name in self._pack.lists else {}


class _Entry:
    """One `[[source]]` while it is read; gathers its problems instead of stopping at the first."""

    def __init__(self, path: Path, folder: Path, *, place: str, entry: Mapping[str, Any], known: "_Known") -> None:
        self.path, self.folder, self.place, self.entry, self.known = path, folder, place, entry, known
        self.problems: list[Problem] = []
        self.links: dict[Path, Path] = {}

    def problem(self, message: Message, **fields: object) -> Problem:
        return Problem(message, {"file": self.path, "place": self.place} | fields)

    def refuse(self, message: Message, **fields: object) -> None:
        self.problems.append(self.problem(message, **fields))

    def source(self) -> Source | None:
        """Return the source, or None when something about it was refused."""
        for key in self.entry.keys() - set(_KEYS):
            self.problems.append(_unknown(self.path, self.place, key, _KEYS))
        for key, example in _NEEDED.items():
            if key not in self.entry:
                self.refuse(say.MISSING_KEY, key=key, example=example)
        text = {key: self._text(key) for key in _TEXT}
        dataset = EXTRACTS.get(text["kind"])
        if text["kind"] and dataset is None:
            self.refuse(say.UNKNOWN_KIND, value=text["kind"], nearest=nearest(text["kind"], EXTRACTS), allowed="、".join(EXTRACTS))
        self._check_form(text)
        files, patterns = self._files()
        delivery, header_row, url = self._delivery(), self._header_row(), self._url(text["url"])
        columns, units, codes = self._columns(dataset), self._units(dataset), self._codes(dataset)
        if self.problems or delivery is None:
            return None
        return Source(
            name=text["name"], kind=text["kind"], title=text["title"] or text["name"], delivery=delivery, files=files, patterns=patterns, url=url, table=text["table"],
            query=text["query"], encoding=text["encoding"], delimiter=text["delimiter"], sheet=text["sheet"], header_row=header_row, columns=columns, units=units, codes=codes, links=self.links,
        )  # fmt: skip

    def _text(self, key: str) -> str:
        value = self.entry.get(key, "")
        if not isinstance(value, str) or (key in self.entry and not value):
            self.refuse(say.BAD_VALUE, key=key, value=value if value != "" else "“”", allowed="非空文本")
            return ""
        return value

    def _check_form(self, text: Mapping[str, str]) -> None:
        ways = ("files" in self.entry, bool(text["url"]))
        if (
            sum(ways) != 1
            or (text["url"] and bool(text["table"]) == bool(text["query"]))
            or ("files" in self.entry and (text["table"] or text["query"]))
        ):
            self.refuse(say.FILES_OR_URL)
        if text["delimiter"] and (len(text["delimiter"]) != 1 or text["delimiter"] in '"\r\n'):
            self.refuse(say.BAD_VALUE, key="delimiter", value=text["delimiter"], allowed="一个字符，例如 , ; | 或者 \\t")
        if text["encoding"] and not _is_text_encoding(text["encoding"]):
            self.refuse(say.BAD_VALUE, key="encoding", value=text["encoding"], allowed="编码名称，例如 utf-8、gb18030、gbk、utf-16")

    def _files(self) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        patterns = self.entry.get("files", [])
        if (
            not isinstance(patterns, list)
            or not all(isinstance(p, str) and p for p in patterns)
            or ("files" in self.entry and not patterns)
        ):
            self.refuse(say.BAD_VALUE, key="files", value=patterns, allowed='文件名或者通配符的列表，例如 ["登记/*.csv"]')
            return (), ()
        found: dict[Path, None] = {}
        for pattern in patterns:
            if not _is_possible(pattern):
                self.refuse(
                    say.BAD_VALUE,
                    key="files",
                    value=f"{pattern[:40]}…",
                    allowed=f"每段不超过{_LONGEST_NAME}字节、全长不超过{_LONGEST_PATH}字节的文件名",
                )
                continue
            # A file may be called 台账[1].csv: a name that is there is no wildcard.
            literal = not glob.has_magic(pattern) or (self.folder / pattern).exists()
            matches = [pattern] if literal else sorted(glob.glob(pattern, root_dir=self.folder, recursive=True))  # noqa: PTH207 — Path.glob refuses absolute patterns
            kept = [self.folder / m for m in matches if not Path(m).name.startswith(("~$", "."))]
            if not kept:
                self.refuse(say.NO_MATCH, pattern=pattern, folder=self.folder)
            found |= dict.fromkeys(Path(os.path.normpath(m)) for m in kept)
        once, self.links = _each_once(found)
        return once, tuple(patterns)

    def _delivery(self) -> date | None:
        value = self.entry.get("delivery")
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        elif isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.refuse(say.BAD_VALUE, key="delivery", value=value, allowed="存在的日期，写作 2026-06-30")
        return None

    def _header_row(self) -> int:
        value = self.entry.get("header_row", 0)
        if type(value) is not int or value < 0 or ("header_row" in self.entry and value == 0):
            self.refuse(say.BAD_VALUE, key="header_row", value=value, allowed="从 1 起的行号")
            return 0
        return value

    def _url(self, url: str) -> str:
        """Put environment variables in, and let a relative SQLite path start at the catalogue."""
        for name in re.findall(r"\$\{(\w+)\}", url):
            if name not in os.environ:
                self.refuse(say.NO_ENVIRONMENT, name=name)
            url = url.replace(f"${{{name}}}", os.environ.get(name, ""))
        relative = re.fullmatch(r"(sqlite(?:\+\w+)?:///)([^/:].*)", url)
        return f"{relative[1]}{(self.folder / relative[2]).as_posix()}" if relative and relative[2] != ":memory:" else url

    def _table(self, key: str, dataset: DataSet | None, *, nested: bool = False) -> dict[str, Any]:
        """A table whose keys are fields of the data set."""
        table = self.entry.get(key, {})
        if not isinstance(table, dict):
            self.refuse(say.BAD_VALUE, key=key, value=table, allowed=f"一个表 [source.{key}]")
            return {}
        for name, value in table.items():
            if dataset and name not in dataset:
                self._unknown_field(dataset, name, f"[source.{key}]")
            if not isinstance(value, dict if nested else str):
                self.refuse(say.BAD_VALUE, key=f"{key}.{name}", value=value, allowed="一个表" if nested else "文本")
        return table

    def _units(self, dataset: DataSet | None) -> dict[str, str]:
        table = self._table("units", dataset)
        for field, unit in self._on_shapes("units", table, dataset, _MEASURED):
            allowed = self.known.units(field.shape)
            if isinstance(unit, str) and unit not in allowed:
                self.refuse(say.BAD_VALUE, key=f"units.{field.name}", value=f"“{unit}”", allowed=f"下列单位之一：{'、'.join(allowed)}")
        return table

    def _codes(self, dataset: DataSet | None) -> dict[str, dict[str, str]]:
        table = self._table("codes", dataset, nested=True)
        for field, codes in self._on_shapes("codes", table, dataset, _CODED):
            allowed = self.known.codes(field)
            for spelling, code in codes.items() if isinstance(codes, dict) else ():
                key = f"codes.{field.name}.{spelling}"
                if not isinstance(code, str) or not code:
                    self.refuse(say.BAD_VALUE, key=key, value=code, allowed='加引号的代码，例如 "10"')
                elif allowed and code not in allowed:
                    shown = [f"{one}（{title}）" if title != one else one for one, title in list(allowed.items())[:_MOST_SHOWN]]
                    rest = f"等{len(allowed)}个" if len(allowed) > _MOST_SHOWN else ""
                    self.refuse(say.BAD_VALUE, key=key, value=f"“{code}”", allowed=f"代码表中的代码：{'、'.join(shown)}{rest}")
        return table

    def _on_shapes(
        self, key: str, table: Mapping[str, Any], dataset: DataSet | None, shapes: frozenset[Shape]
    ) -> Iterator[tuple[Field, Any]]:
        """Entries of known fields of these shapes; a known field of another shape is refused with the fields that may stand here."""
        for name, value in table.items():
            if dataset is None or name not in dataset:
                continue
            if dataset[name].shape in shapes:
                yield dataset[name], value
            else:
                fitting = "、".join(f.name for f in dataset if f.shape in shapes)
                allowed = f"写在这些字段上：{fitting}" if fitting else f"不写：{dataset.title}没有这种字段"
                self.refuse(say.BAD_VALUE, key=f"{key}.{name}", value=value, allowed=allowed)

    def _columns(self, dataset: DataSet | None) -> dict[str, str] | None:
        if "columns" not in self.entry:
            return None
        table = self.entry["columns"]
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            self.refuse(say.BAD_VALUE, key="columns", value=table, allowed='一个表 [source.columns]，每行写 "列名" = "字段"')
            return {}
        if dataset:
            self.problems += list(self._column_problems(dataset, table))
        return table

    def _column_problems(self, dataset: DataSet, table: Mapping[str, str]) -> Iterator[Problem]:
        first: dict[str, str] = {}
        for header, name in table.items():
            if name not in dataset:
                self._unknown_field(dataset, name, f"[source.columns] “{header}”")
            elif name in first:
                yield self.problem(say.MAPPED_TWICE, first=first[name], second=header, field=name)
            first.setdefault(name, header)
        for needed in dataset.required:
            if needed.name not in first:
                yield self.problem(say.UNMAPPED_REQUIRED, field=needed.name, title=needed.title)

    def _unknown_field(self, dataset: DataSet, name: str, where: str) -> None:
        problem = self.problem(say.UNKNOWN_FIELD, kind=dataset.name, value=name, nearest=nearest(name, dataset.names))
        self.problems.append(Problem(problem.message, dict(problem.fields) | {"place": f"{self.place} {where}"}))
