"""Handbooks of the task models: printed from the rules in force, with worked cases that agree with the planning code and the specification, and commands that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evenhand.cli.app import run
from evenhand.documents import print_task_handbooks, task_handbooks_of
from evenhand.documents.model import Clause, Document, Table
from evenhand.documents.numbering import walk
from evenhand.rulebook import shipped_pack


@pytest.fixture(scope="module")
def books() -> dict[str, Document]:
    return {one.cover.title.partition("任务")[0]: one for one in task_handbooks_of(shipped_pack())}


def tables(book: Document) -> dict[str, Table]:
    return {block.title: block for clause in walk(book.clauses) for block in clause.blocks if isinstance(block, Table)}


def clauses(book: Document) -> Iterator[Clause]:
    return walk(book.clauses)


def test_there_is_one_for_each_model(books: dict[str, Document]) -> None:
    assert set(books) == {"静态", "季度", "动态"}


def test_worked_merges_are_those_of_the_specification(books: dict[str, Document]) -> None:
    told = {row[0]: row[2].splitlines() for row in tables(books["静态"])["合并算例"].rows}

    assert told["例一"][:2] == ["1 次检查", "第150至154日一次：任务3、2、4、1"]
    assert told["例二"][0] == "2 次检查"
    assert told["例三"][0] == "2 次检查"
    assert "没有共同的日子" in told["例三"][-1]
    assert told["例四"][0] == "2 次检查"


def test_quotas_are_rounded_up_and_never_negative(books: dict[str, Document]) -> None:
    assert [row[:4] for row in tables(books["季度"])["名额算例"].rows] == [
        ("100", "40", "3", "20"),
        ("100", "100", "2", "0"),
        ("7", "0", "4", "2"),
        ("0", "3", "1", "0"),
    ]


def test_every_screening_rule_and_matter_is_printed_and_what_is_not_settled_is_marked(books: dict[str, Document]) -> None:
    for name in ("静态", "季度"):
        held = tables(books[name])
        screening = {row[0]: row[3] for row in held["筛选规则"].rows}
        assert list(screening) == [f"SC-{n}" for n in range(1, 9)]
        assert "待主管部门确认" in screening["SC-8"]
        assert "待主管部门确认" not in screening["SC-3"]
        assert [row[0] for row in held["随机抽查事项清单"].rows] == [f"M{n:02}" for n in range(1, 12)]


def test_commands_of_the_handbooks_exist_with_their_options(books: dict[str, Document], capsys: pytest.CaptureFixture[str]) -> None:
    lines = {row[1] for book in books.values() for row in tables(book)["命令"].rows}

    for line in sorted(lines):
        _, group, command, *words = line.split()
        assert run([group, command, "--help"]) == 0
        told = "".join(capsys.readouterr())
        for option in (word for word in words if word.startswith("--")):
            assert option in told, line


def test_no_english_word_of_the_code_is_left_in_the_text(books: dict[str, Document]) -> None:
    for book in books.values():
        for table in tables(book).values():
            if table.title != "命令":
                cells = [cell for row in table.rows for cell, column in zip(row, table.columns, strict=True) if not column.code]
                assert [cell for cell in cells if re.search(r"[a-z]{4,}", cell)] == [], table.title


def test_the_same_pack_gives_the_same_bytes(tmp_path: Path) -> None:
    first = print_task_handbooks(tmp_path / "a", pack=shipped_pack())
    second = print_task_handbooks(tmp_path / "b", pack=shipped_pack())

    assert len(first) == 6
    assert [one.sha256 for one in first] == [one.sha256 for one in second]
