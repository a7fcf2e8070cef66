"""A stage has no way to what it reads but the methods of its run, which note what was read: otherwise it might be kept when it should not."""

import ast
from collections.abc import Iterator

import pytest
from tree import SRC

NOTED = {"pack", "asof", "catalogue", "kept", "decided", "table", "extracts", "before"}
HARMLESS = {"engine", "advance", "write", "take_over"}
"""They write into the folder of the stage, work out what they are given, or tell how far it is."""
READERS = {"open", "Path", "read_table", "read_text", "read_bytes", "read_parquet", "read_json", "read_csv"}


def unnoted(function: ast.FunctionDef) -> Iterator[str]:
    """Each place at which a stage could read what nobody notes."""
    told = [node.value for node in ast.walk(function) if isinstance(node, ast.Attribute)]
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == "run" and node not in told:
            yield f"{node.lineno}: the run is handed on"
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "run" and node.attr not in NOTED | HARMLESS:
            yield f"{node.lineno}: run.{node.attr}"
        if isinstance(node, ast.Call):
            asked = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if asked in READERS:
                yield f"{node.lineno}: {asked}"
            if asked == "read" and not all(ast.unparse(one).startswith("out / ") for one in node.args):
                yield f"{node.lineno}: {ast.unparse(node)}"


def stages(text: str) -> list[ast.FunctionDef]:
    """The functions that are given a run."""
    return [
        node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "run"
    ]


def test_a_stage_reads_only_what_is_noted() -> None:
    found = {one.name: list(unnoted(one)) for one in stages((SRC / "pipeline" / "steps.py").read_text("utf-8"))}

    assert len(found) == 11
    assert {name: places for name, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "line",
    [
        "run.given.previous",
        "run.folder / 'link'",
        "run.engine.read(run.before / 'x.parquet')",
        "other(run)",
        "open('x')",
        "pq.read_table('x')",
        "run.done['link']",
    ],
)
def test_the_search_finds_other_ways(line: str) -> None:
    assert list(unnoted(stages(f"def _stage(run, out):\n    {line}\n")[0])) != []
