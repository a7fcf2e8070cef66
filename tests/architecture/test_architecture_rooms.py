"""The rooms of the house: who imports whom, what a pure room may name, what each room's card says, how long a file may be."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tree import ROOMS, ROOT, SRC, forbidden_names, missing_card_lines, parsed

PURE = ("identifiers", "standards", "standardise", "validate", "link", "golden", "grade", "draw")
LONGEST = 500
PURE_TABLES: frozenset[str] = frozenset()  # long files that hold nothing but a table, by name


def test_imports_go_down_the_stairs_and_never_sideways():
    linter = Path(sys.executable).with_name("lint-imports")

    told = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout + told.stderr


def test_every_room_stands_in_the_import_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    named = set(re.findall(r"\w+", " ".join(contracts[0]["layers"])))

    assert [room for room in ROOMS if room not in named] == []


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_names_no_clock_file_network_or_chance(room: str):
    found = {path.relative_to(SRC).as_posix(): forbidden_names(tree) for path, tree in parsed(SRC / room)}

    assert found, "the room is empty"
    assert {name: places for name, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "line",
    [
        "import time",
        "import os.path",
        "from pathlib import Path",
        "open('x')",
        "date.today()",
        "datetime.now()",
        "import random",
        "import numpy as np; np.random.rand()",
        "from urllib import request",
        "ibis.now()",
    ],
)
def test_the_search_for_impure_names_finds_each_kind(line: str):
    assert forbidden_names(ast.parse(line)) != []


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_opens_with_its_card(room: str):
    card = ast.get_docstring(ast.parse((SRC / room / "__init__.py").read_text("utf-8")))

    assert missing_card_lines(card) == []


def test_a_card_without_a_line_is_found():
    assert missing_card_lines("Room: does.\n\nTakes   rows\nGives   rows\nNever   reads a clock\n") == ["Law"]


def test_no_file_is_longer_than_a_reader_can_hold():
    lengths = {path.relative_to(SRC).as_posix(): len(path.read_text("utf-8").splitlines()) for path in SRC.rglob("*.py")}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST and name not in PURE_TABLES} == {}


def test_each_command_shows_an_example():
    from evenhand.cli import app

    helps = {command.name: command.callback.__doc__ or "" for command in app.registered_commands if command.callback}

    assert len(helps) > 5
    assert [name for name, text in helps.items() if f"示例：evenhand {name}" not in text] == []
