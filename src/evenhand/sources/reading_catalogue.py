"""Reads `sources.toml` strictly and tells everything that is wrong with it at once."""

import codecs
import glob
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from evenhand.errors import BadInput, Message, Problem
from evenhand.sources import messages as say
from evenhand.sources.catalogue import Catalogue, Source, digest_of
from evenhand.sources.nearness import nearest
from evenhand.standards import EXTRACTS, DataSet

__all__ = ["read_catalogue"]

_TEXT: Final = ("name", "kind", "title", "url", "table", "query", "encoding", "delimiter", "sheet")
_KEYS: Final = (*_TEXT, "files", "delivery", "header_row", "columns", "units", "codes")
_TOP: Final = ("source", "practice")
_NEEDED: Final = {"name": 'name = "registration"', "kind": 'kind = "registration"', "delivery": 'delivery = "2026-06-30"'}


def read_catalogue(path: Path) -> Catalogue:
    """Read the catalogue of sources (来源清单); globs and database files are taken relative to it.

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
    readers = [
        _Entry(path, folder, place=f"第{n}个 source（{entry.get('name', '未命名')}）", entry=entry) for n, entry in enumerate(entries, 1)
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
        return bool(codecs.lookup(name)._is_text_encoding)  # noqa: SLF001 — there is no public way to ask
    except LookupError:
        return False


def _unknown(path: Path, place: str, key: str, allowed: tuple[str, ...]) -> Problem:
    return Problem(
        say.UNKNOWN_KEY, {"file": path, "place": place, "key": key, "nearest": nearest(key, allowed), "allowed": "、".join(allowed)}
    )


class _Entry:
    """One `[[source]]` while it is read; gathers its problems instead of stopping at the first."""

    def __init__(self, path: Path, folder: Path, *, place: str, entry: Mapping[str, Any]) -> None:
        self.path, self.folder, self.place, self.entry = path, folder, place, entry
        self.problems: list[Problem] = []

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
        columns, units, codes = self._columns(dataset), self._table("units", dataset), self._codes(dataset)
        if self.problems or delivery is None:
            return None
        return Source(
            name=text["name"], kind=text["kind"], title=text["title"] or text["name"], delivery=delivery, files=files, patterns=patterns, url=url, table=text["table"],
            query=text["query"], encoding=text["encoding"], delimiter=text["delimiter"], sheet=text["sheet"], header_row=header_row, columns=columns, units=units, codes=codes,
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
            matches = sorted(glob.glob(pattern, root_dir=self.folder, recursive=True)) or ([pattern] if not glob.has_magic(pattern) else [])  # noqa: PTH207 — Path.glob refuses absolute patterns
            kept = [self.folder / m for m in matches if not Path(m).name.startswith(("~$", "."))]
            if not kept:
                self.refuse(say.NO_MATCH, pattern=pattern, folder=self.folder)
            found |= dict.fromkeys(Path(os.path.normpath(m)) for m in kept)
        return tuple(found), tuple(patterns)

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

    def _codes(self, dataset: DataSet | None) -> dict[str, dict[str, str]]:
        table = self._table("codes", dataset, nested=True)
        for name, codes in table.items():
            for spelling, code in codes.items() if isinstance(codes, dict) else ():
                if not isinstance(code, str) or not code:
                    self.refuse(say.BAD_VALUE, key=f"codes.{name}.{spelling}", value=code, allowed='加引号的代码，例如 "10"')
        return table

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
