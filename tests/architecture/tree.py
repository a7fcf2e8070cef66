"""What the architecture tests look at: the files of the tree as git will carry them, and their parsed Python."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

__all__ = ["ROOMS", "ROOT", "SRC", "TEXT_LIMIT", "forbidden_names", "missing_card_lines", "parsed", "tracked", "tracked_texts"]

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "evenhand"
ROOMS = sorted(folder.parent.name for folder in SRC.glob("*/__init__.py"))
TEXT_LIMIT = 2_000_000

# Modules that reach the clock, files, the network, the machine or chance.
_OUTSIDE = frozenset(
    {
        "asyncio",
        "ftplib",
        "glob",
        "http",
        "io",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "platform",
        "random",
        "requests",
        "secrets",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "urllib3",
        "uuid",
        "zoneinfo",
        "calamine",
        "python_calamine",
        "sqlalchemy",
        "duckdb",
        "django",
    }
)
_CALLS = frozenset({"open", "input", "print", "__import__", "eval", "exec"})
_METHODS = frozenset(
    {
        "now",
        "utcnow",
        "today",
        "fromtimestamp",
        "read_text",
        "write_text",
        "read_bytes",
        "write_bytes",
        "read_parquet",
        "read_csv",
        "to_parquet",
        "to_csv",
        "random",
        "default_rng",
        "shuffle",
        "uuid4",
        "current_timestamp",
        "current_date",
    }
)


def tracked() -> list[Path]:
    """Every file that git carries, or would carry once added; the whole tree where there is no git."""
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", "node_modules", "wheelhouse", "var"} & set(path.parts)]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@cache
def tracked_texts() -> dict[str, str]:
    """Text of each tracked file that is text, by its path in the tree."""
    texts = {}
    for path in tracked():
        raw = path.read_bytes()[:TEXT_LIMIT]
        if b"\0" not in raw:
            texts[path.relative_to(ROOT).as_posix()] = raw.decode("utf-8", errors="replace")
    return texts


def parsed(folder: Path) -> list[tuple[Path, ast.Module]]:
    """Every Python file of a folder with its syntax tree."""
    return [(path, ast.parse(path.read_text("utf-8"))) for path in sorted(folder.rglob("*.py"))]


def forbidden_names(tree: ast.Module) -> list[str]:
    """Where a pure file names the clock, files, the network, the machine or chance: `line: name`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names if name.name.split(".")[0] in _OUTSIDE]
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in _OUTSIDE:
            found.append((node.lineno, str(node.module)))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            found.append((node.lineno, node.func.id))
        elif isinstance(node, ast.Attribute) and node.attr in _METHODS:
            found.append((node.lineno, node.attr))
    return [f"{line}: {name}" for line, name in found]


def missing_card_lines(docstring: str | None) -> list[str]:
    """Lines that a room's card must have and does not."""
    return [word for word in ("Takes", "Gives", "Never", "Law") if not re.search(rf"^{word}\s+\S", docstring or "", re.MULTILINE)]
