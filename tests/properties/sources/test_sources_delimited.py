"""Laws of delimited text: the fast way and a slow way written from the rule give the same rows; encodings do not matter."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine import Engine
from evenhand.sources import decoding
from evenhand.sources.catalogue import Source
from evenhand.sources.delimited import read_delimited
from evenhand.sources.staging import staged_table

LINES_PER_RECORD = 100
SURE_WIDTH = 5


def _parse(text: str, delimiter: str) -> tuple[list[str], str]:
    """Cells of one record and how it ended: `whole`, `open` (a quote never closed) or `broken` (text behind a closing quote)."""
    cells, cell, quoted, n = [], "", False, 0
    fresh = True
    while n < len(text):
        sign = text[n]
        if quoted:
            if sign == '"' and text[n + 1 : n + 2] == '"':
                cell, n = cell + '"', n + 1
            elif sign == '"':
                quoted = False
                if text[n + 1 : n + 2] not in {"", delimiter}:
                    return cells, "broken"
            else:
                cell += sign
        elif sign == '"' and fresh:
            quoted, fresh = True, False
        elif sign == delimiter:
            cells, cell, fresh = [*cells, cell], "", True
        else:
            cell, fresh = cell + sign, False
        n += 1
    return [*cells, cell], "open" if quoted else "whole"


def _blunt(line: str, delimiter: str) -> list[str]:
    """Cells of a broken line: whole quoted cells lose their quotes, anything else ends at the next delimiter."""
    cells, rest = [], line
    while True:
        best = None
        if rest.startswith('"'):
            for end in range(1, len(rest) + 1):
                if end == len(rest) or rest[end] == delimiter:
                    inner, state = _parse(rest[:end], delimiter)
                    if state == "whole" and len(inner) == 1:
                        best = (inner[0], rest[end:])
                        break
        if best is None:
            head, sign, tail = rest.partition(delimiter)
            best = (head, sign + tail)
        cells.append(best[0])
        if not best[1]:
            return cells
        rest = best[1][1:]


def _records(text: str, delimiter: str, width: int) -> Iterator[tuple[list[str], bool]]:
    """Each record's cells, and whether a quote in it is unbalanced."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    at = 0
    while at < len(lines):
        cells, used = _one(lines, at, delimiter, width)
        yield (cells, False) if used else (_blunt(lines[at], delimiter), True)
        at += used or 1


def _one(lines: list[str], at: int, delimiter: str, width: int) -> tuple[list[str], int]:
    for stop in range(at + 1, min(at + LINES_PER_RECORD, len(lines)) + 1):
        if stop > at + 1 and width >= SURE_WIDTH and '"' not in lines[stop - 1] and lines[stop - 1].count(delimiter) == width - 1:
            return [], 0
        cells, state = _parse("\n".join(lines[at:stop]), delimiter)
        if state == "whole":
            return cells, stop - at
        if state == "broken":
            return [], 0
    return [], 0


HEADER = "名称,信用代码,住所,电话,备注"
WIDTH = 5
_CELL = st.sampled_from(
    [
        "",
        "a",
        "中",
        '"',
        '""',
        'x"y',
        '"q"',
        '"a,b"',
        '"a""b"',
        '"行\n行"',
        '"开',
        '关"',
        " ",
        "\x01",
        "'",
        "\\",
        "\t",
        '"b"c',
        "\ufeff",
        "c\rd",
    ]
)
_LINE = st.lists(_CELL, min_size=0, max_size=6).map(",".join)
_GOOD = st.lists(st.sampled_from(["甲", "", '"b,c"', '"d""e"', '"上\n下"', "6"]), min_size=WIDTH, max_size=WIDTH).map(",".join)
_BODY = st.lists(st.one_of(_LINE, _GOOD), min_size=1, max_size=25).map(lambda lines: "".join(f"{line}\n" for line in [*lines, "末,,,,"]))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as scratch, Engine(scratch=Path(scratch)) as one:
        yield one


def _source(**more: str) -> Source:
    return Source(name="s", kind="registration", title="s", delivery=date(2026, 6, 30), delimiter=",", **more)


def _read(engine: Engine, content: bytes, **more: str) -> tuple[list[tuple[object, ...]], int, int]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(content)
        part = read_delimited(path, _source(**more), file="a.csv", part=7, scratch=Path(folder))
        rows = engine.arrow(staged_table([part], engine)).to_pylist()
    assert {row["part"] for row in rows} == {7}
    found = sorted((r["row"], tuple(r[f"c{n}"] for n in range(WIDTH)), tuple(r["surplus"] or ()), r["fault"]) for r in rows)
    return found, part.total, part.blank


def _expected(body: str) -> tuple[list[tuple[object, ...]], int, int]:
    rows, total, blank = [], 1, 0
    for cells, broken in _records(body, ",", WIDTH):
        total += 1
        if not any(cells):
            blank += 1
            continue
        surplus = tuple(cells[WIDTH:]) if any(cells[WIDTH:]) else ()
        faults = [code for code, found in (("short", len(cells) < WIDTH), ("long", bool(surplus)), ("quote", broken)) if found]
        padded = tuple(cell or None for cell in (cells + [""] * WIDTH)[:WIDTH])
        rows.append((total, padded, surplus, " ".join(faults)))
    return rows, total, blank


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_BODY, block=st.integers(150, 400))
def test_the_fast_way_and_the_slow_way_give_the_same_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch, body: str, block: int) -> None:
    monkeypatch.setattr(decoding, "_BLOCK", block)

    assert _read(engine, f"{HEADER}\n{body}".encode()) == _expected(body)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_BODY, ends=st.sampled_from(["\n", "\r\n"]))
def test_encoding_and_line_ends_do_not_change_the_rows(engine: Engine, body: str, ends: str) -> None:
    text = f"{HEADER}\n{body}".replace("\n", ends)

    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert _read(engine, text.encode(encoding)) == _expected(body)
