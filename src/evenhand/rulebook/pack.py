"""A rule pack on disk: found, read lazily, hashed as a whole."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

import evenhand
from evenhand.errors import BadInput, Problem
from evenhand.rulebook.codes import CodeList, read_code_list
from evenhand.rulebook.messages import PACK_BAD_FILE, PACK_NO_LIST, PACK_NOT_FOUND

__all__ = ["Pack", "load_pack", "shipped_pack"]


@dataclass(frozen=True)
class Pack:
    """One authority's rules. `documents("quality")` gives each file of that folder, parsed, by its path inside the pack."""

    root: Path

    @property
    def name(self) -> str:
        """Name of the authority's folder."""
        return self.root.name

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every file of the pack: path, length and content, in path order."""
        total = hashlib.sha256()
        for path in sorted(p for p in self.root.rglob("*") if p.is_file()):
            content = path.read_bytes()
            total.update(f"{path.relative_to(self.root).as_posix()}\0{len(content)}\0".encode())
            total.update(content)
        return total.hexdigest()

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

    def documents(self, folder: str) -> dict[str, Any]:
        """Return every YAML and TOML file below `folder`, parsed, in path order; raises BadInput naming each unreadable one."""
        found: dict[str, Any] = {}
        problems = []
        for path in sorted((self.root / folder).rglob("*")):
            try:
                if path.suffix in {".yaml", ".yml"}:
                    found[path.relative_to(self.root).as_posix()] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
                elif path.suffix == ".toml":
                    found[path.relative_to(self.root).as_posix()] = tomllib.loads(path.read_text("utf-8"))
            except (yaml.YAMLError, ValueError) as fault:
                problems.append(
                    Problem(PACK_BAD_FILE, {"file": path.relative_to(self.root).as_posix(), "why": str(fault).replace("\n", " ")})
                )
        if problems:
            raise BadInput(problems)
        return found


def load_pack(root: Path) -> Pack:
    """Open the rule pack at `root`; raises BadInput when there is none."""
    if not (root / "codes").is_dir():
        raise BadInput(Problem(PACK_NOT_FOUND, {"path": root}))
    return Pack(root.resolve())


def shipped_pack(name: str = "fujian") -> Pack:
    """Open a rule pack that comes with the product: beside the package in a wheel, at the top of a checkout."""
    package = Path(evenhand.__file__).parent
    roots = [package / "rules" / name, package.parents[1] / "rules" / name]
    return load_pack(next((root for root in roots if root.is_dir()), roots[0]))
