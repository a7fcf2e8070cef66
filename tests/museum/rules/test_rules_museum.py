"""A museum of broken rule packs: each refused in the words that stand beside it, with file, line and what to write instead.

One file per mistake: the file of the pack it breaks, what is told, and either the whole file (below `===`) or the lines taken
out and put in (below `---`).
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evenhand.errors import BadInput
from evenhand.pipeline.checking import READERS
from evenhand.rulebook import Pack, shipped_pack

ROOM = Path(__file__).parent
BROKEN = sorted(ROOM.glob("*.broken"))
PARTS = ("parameters", "grading", "quality", "planning")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parts of the shipped pack that the museum breaks, whole."""
    root = tmp_path_factory.mktemp("museum") / "sound"
    for part in PARTS:
        shutil.copytree(shipped_pack().root / part, root / part)
    shutil.copytree(shipped_pack().root / "codes", root / "codes", ignore=shutil.ignore_patterns("*.gz"))
    return root


def told(pack: Pack, file: str) -> list[str]:
    """What is refused when the pack is read by the reader of the broken file."""
    asked: dict[str, Callable[[Pack], Any]] = {
        "codes": lambda p: p.codes(Path(file).stem), "gradings": lambda p: p and raise_all(p), "parameters": READERS["grading"],
    }  # fmt: skip
    folder = file.partition("/")[0]
    with pytest.raises(BadInput) as refused:
        asked.get(folder, READERS.get(folder, READERS["grading"]))(pack)
    return [f"{problem.code} {problem.zh}" for problem in refused.value.problems]


def raise_all(pack: Pack) -> None:
    if strange := list(pack.strangers()):
        raise BadInput(strange)


def spoilt(sound: Path, folder: Path, case: str) -> tuple[Pack, str, str]:
    """A copy of the pack with one mistake; the broken file, and what should be told."""
    head, whole, text = case.partition("\n===\n")
    if not whole:
        head, _, text = case.partition("\n---\n")
    stated = dict(line.split(": ", 1) for line in head.splitlines())
    shutil.copytree(sound, folder)
    path = folder / stated["file"]
    if not whole:
        out = "\n".join(line[2:] for line in text.splitlines() if line.startswith("- "))
        put = "\n".join(line[2:] for line in text.splitlines() if line.startswith("+ "))
        before = path.read_text("utf-8")
        assert before.count(out) >= 1, f"the pack no longer holds what the museum breaks: {out}"
        text = before.replace(out, put, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return Pack(folder), stated["file"], stated["told"]


@pytest.mark.parametrize("case", BROKEN, ids=lambda path: path.stem)
def test_a_broken_pack_is_refused_in_these_words(sound: Path, tmp_path: Path, case: Path) -> None:
    pack, file, expected = spoilt(sound, tmp_path / "fujian", case.read_text("utf-8"))

    assert expected in told(pack, file)


def test_the_museum_is_large_enough_and_each_piece_tells_something_else() -> None:
    expected = [case.read_text("utf-8").splitlines()[1] for case in BROKEN]

    assert len(BROKEN) >= 40
    assert len(set(expected)) == len(expected)


def test_faults_of_several_files_are_told_together(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "fujian")
    for name in ("full_check_years", "team_least"):
        path = tmp_path / "fujian" / "parameters" / "inspection" / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace("unit: ", "unit: 旧"), "utf-8")

    with pytest.raises(BadInput) as refused:
        _ = Pack(tmp_path / "fujian").parameters

    assert [problem.fields["file"] for problem in refused.value.problems] == [f"parameters/inspection/{name}.yaml" for name in ("full_check_years", "team_least")]  # fmt: skip
