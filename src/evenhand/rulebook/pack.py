"""A rule pack on disk: found, read lazily, hashed as a whole, asked for a day."""

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

import evenhand
from evenhand.errors import BadInput, Message, Problem
from evenhand.rulebook.codes import CodeList, read_code_list
from evenhand.rulebook.located import line_of, read_located
from evenhand.rulebook.messages import PACK_BAD_FILE, PACK_NO_LIST, PACK_NOT_FOUND, PACK_STRANGE, PACK_TRAP, PARAMETER_BAD, PARAMETER_PLACE
from evenhand.rulebook.parameters import Parameter, Parameters
from evenhand.rulebook.references import resolve
from evenhand.rulebook.refusing import findings, nearest

__all__ = ["Pack", "load_pack", "shipped_pack"]

_Shape = TypeVar("_Shape", bound=BaseModel)
_FOLDERS: Final = (
    "cases", "codes", "documents", "golden", "grading", "jurisdiction", "link", "map", "parameters", "planning", "price", "quality", "repair", "standardise", "tags",
)  # fmt: skip


@dataclass(frozen=True)
class Pack:
    """One authority's rules. `documents("quality")` gives each file of that folder, parsed, by its path inside the pack.

    `on`: the day whose law is asked for where a rule refers to a dated value; None takes the newest of each.
    """

    root: Path
    on: date | None = None

    @property
    def name(self) -> str:
        """Name of the authority's folder."""
        return self.root.name

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every file of the pack: path, length and content, in path order."""
        total = hashlib.sha256()
        # Followed, because readers do: a folder that several packs share by a link is part of each.
        held = (Path(folder, file) for folder, _, files in os.walk(self.root, followlinks=True) for file in files)
        for path in sorted(held):
            content = path.read_bytes()
            total.update(f"{path.relative_to(self.root).as_posix()}\0{len(content)}\0".encode())
            total.update(content)
        return total.hexdigest()

    @cached_property
    def law(self) -> str:
        """SHA-256 of the rules as they stand on the day: the files, and since when each dated value in force is. Days between which no law changed share it."""
        since = {one.name: max((day for day in one.values if self.on is None or day <= self.on), default=None) for one in self.parameters}
        return hashlib.sha256(json.dumps([self.digest, since], sort_keys=True, default=str).encode()).hexdigest()

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """Names of the code lists."""
        return tuple(sorted(p.name.split(".")[0] for p in (self.root / "codes").glob("*.csv*")))

    def codes(self, name: str) -> CodeList:
        """Return the code list of that name; raises BadInput when the pack has none."""
        for path in (self.root / "codes" / f"{name}.csv", self.root / "codes" / f"{name}.csv.gz"):
            if path.is_file():
                return read_code_list(path)
        raise BadInput(Problem(PACK_NO_LIST, {"pack": self.name, "name": name}))

    def at(self, day: date) -> "Pack":
        """Return the same pack, asked for the law of a day."""
        return replace(self, on=day)

    @cached_property
    def parameters(self) -> Parameters:
        """The dated values of the law; raises BadInput with every fault of every file."""
        problems: list[Problem] = []
        found: dict[str, Parameter] = {}
        files: dict[str, str] = {}
        for file, document in self.plain_documents("parameters").items():
            made = self.shaped(file, document, Parameter, PARAMETER_BAD, problems)
            if made is None:
                continue
            stem, depth = Path(file).stem, len(Path(file).parts)
            if made.name != stem:
                problems.append(Problem(PARAMETER_PLACE, {"file": file, "why": f"name“{made.name}”与文件名“{stem}”不同"}))
            if depth != len(("parameters", "topic", "file")):
                problems.append(Problem(PARAMETER_PLACE, {"file": file, "why": "不在主题目录里"}))
            if made.name in found:
                problems.append(Problem(PARAMETER_PLACE, {"file": file, "why": f"参数“{made.name}”已在 {files[made.name]} 写过"}))
            found.setdefault(made.name, made)
            files.setdefault(made.name, file)
        problems += [
            Problem(PARAMETER_PLACE, {"file": path, "why": "不是 .yaml 文件，不会被读到"})
            for path in self._paths("parameters")
            if Path(path).suffix != ".yaml"
        ]
        if problems:
            raise BadInput(problems)
        return Parameters(found, files)

    def documents(self, folder: str) -> dict[str, Any]:
        """Return every YAML and TOML file below `folder`, parsed, in path order, dated values put in; raises BadInput naming each unreadable one."""
        found, parameters = self.plain_documents(folder), self.parameters
        problems: list[Problem] = []
        made: dict[str, Any] = {}
        for file, document in found.items():
            try:
                made[file] = resolve(document, parameters, on=self.on)
            except BadInput as refused:
                problems += misreferred(file, refused)
        if problems:
            raise BadInput(problems)
        return made

    def plain_documents(self, folder: str) -> dict[str, Any]:
        """Return the files as they stand, references to dated values as written."""
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        for file in self._paths(folder):
            path = self.root / file
            try:
                if path.suffix in {".yaml", ".yml"}:
                    read = read_located(path.read_text("utf-8"))
                    found[file] = read.document
                    problems += [Problem(PACK_TRAP, {"file": file, "line": n, "where": where, "why": why}) for n, where, why in read.traps]
                elif path.suffix == ".toml":
                    found[file] = tomllib.loads(path.read_text("utf-8"))
            except (yaml.YAMLError, ValueError) as fault:
                problems.append(Problem(PACK_BAD_FILE, {"file": file, "why": _unreadable(fault)}))
        if problems:
            raise BadInput(problems)
        return found

    def record(self, file: str, shape: type[_Shape], *, missing: Message, bad: Message) -> _Shape:
        """Return one file as a record; raises BadInput when it is not there, or with every fault of it."""
        documents = self.documents(file.partition("/")[0])
        if file not in documents:
            raise BadInput(Problem(missing, {"pack": self.name, "file": file}))
        problems: list[Problem] = []
        made = self.shaped(file, documents[file], shape, bad, problems)
        if made is None:
            raise BadInput(problems)
        return made

    def shaped(
        self, file: str, document: Any, shape: type[_Shape], bad: Message, problems: list[Problem], *, within: tuple[object, ...] = ()
    ) -> _Shape | None:  # fmt: skip
        """Return a document as a record; otherwise note every fault as `bad` with `file`, `where`, `why`, and return None. `within`: where in the file it stands."""
        try:
            return shape.model_validate(document)
        except ValidationError as fault:
            problems += [
                Problem(bad, {"file": file, "where": self.place(file, (*within, *at)), "why": why}) for at, why in findings(fault, shape)
            ]
            return None

    def place(self, file: str, at: Sequence[object]) -> str:
        """Return a place of a file in words, with its line: 第12行 bands.A."""
        path = self.root / file
        line = f"第{line_of(path.read_text('utf-8'), at)}行 " if path.suffix == ".yaml" and path.is_file() else ""
        return line + (".".join(map(str, at)) or "全文")

    @cached_property
    def counties(self) -> dict[str, Any]:
        """Borders of the counties as GeoJSON, by `adcode`; no features when the pack has none."""
        path = self.root / "map" / "counties.geojson"
        return json.loads(path.read_text("utf-8")) if path.is_file() else {"type": "FeatureCollection", "features": []}

    def strangers(self) -> Iterator[Problem]:
        """Name what lies in the pack and is read by nothing: a folder whose name is misspelt is otherwise silently left out."""
        for path in sorted(self.root.iterdir()):
            if path.name not in _FOLDERS and not path.name.startswith("."):
                yield Problem(PACK_STRANGE, {"found": path.name, "nearest": nearest(path.name, _FOLDERS), "known": "、".join(_FOLDERS)})

    def _paths(self, folder: str) -> list[str]:
        return sorted(p.relative_to(self.root).as_posix() for p in (self.root / folder).rglob("*") if p.is_file())


def misreferred(file: str, refused: BadInput) -> list[Problem]:
    """Return what is wrong with the references of one file to dated values, with the file."""
    return [Problem(PARAMETER_BAD, {"file": file, "where": "参数引用", "why": one.zh.removesuffix("。")}) for one in refused.problems]


def _unreadable(fault: Exception) -> str:
    mark = getattr(fault, "problem_mark", None)
    if mark is None:
        return str(fault).replace("\n", " ")
    return f"第{mark.line + 1}行第{mark.column + 1}列附近不合 YAML 的写法，请核对括号、引号、缩进和冒号后的空格"


def load_pack(root: Path | None) -> Pack:
    """Open the rule pack at `root`, or the one that comes with the product; raises BadInput when there is none."""
    if root is None:
        return shipped_pack()
    if not (root / "codes").is_dir():
        raise BadInput(Problem(PACK_NOT_FOUND, {"path": root}))
    return Pack(root.resolve())


def shipped_pack(name: str = "fujian") -> Pack:
    """Open a rule pack that comes with the product: beside the package in a wheel, at the top of a checkout."""
    package = Path(evenhand.__file__).parent
    roots = [package / "rules" / name, package.parents[1] / "rules" / name]
    return load_pack(next((root for root in roots if root.is_dir()), roots[0]))
