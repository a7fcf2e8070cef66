"""The practice province as a whole: repeatable bytes, truth that points at its rows, faults at their rates."""

import csv
import hashlib
import io
import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import is_zipfile

import pytest
from python_calamine import load_workbook

from evenhand.identifiers import operation_licence, production_licence, uscc
from evenhand.practice import Faults, Province, write_province
from evenhand.practice.layout import Layout, read_layouts
from evenhand.practice.subjects import CHUNK
from evenhand.rulebook import shipped_pack

ASOF = date(2026, 6, 30)
SIGMAS = 5.0


def make_province(folder: Path, *, subjects: int, seed: int = 7) -> Province:
    return write_province(folder, subjects=subjects, seed=seed, asof=ASOF, pack=shipped_pack())


def digests(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    return make_province(tmp_path_factory.mktemp("practice"), subjects=2_800)


@pytest.fixture(scope="module")
def truth(province: Province) -> list[dict[str, str]]:
    return read_truth(province.folder)


@pytest.fixture(scope="module")
def layouts() -> dict[str, Layout]:
    return read_layouts(shipped_pack())


def read_truth(folder: Path) -> list[dict[str, str]]:
    with (folder / "truth" / "records.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def data_rows(path: Path, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Every data row of a file with its row number, read with other means than the product's own readers."""
    if layout.format == "xlsx":
        grid = load_workbook(str(path)).get_sheet_by_name(layout.sheet).to_python(skip_empty_area=False)
        first = len(layout.titles) + 2
        for number, row in enumerate(grid[first - 1 :], first):
            yield number, [str(int(c)) if isinstance(c, float) and c.is_integer() else str(c) for c in row]
    elif layout.format == "html":
        page = path.read_bytes().decode("gb18030")
        for number, row in enumerate(re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:], 2):
            yield number, re.findall(r"<td>(.*?)</td>", row, re.DOTALL)
    else:
        text = path.read_bytes().decode(layout.encoding)
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter), 1):
            if number > 1:
                yield number, row


@pytest.fixture(scope="module")
def read_rows(province: Province, layouts: dict[str, Layout]) -> dict[tuple[str, str, int], tuple[Layout, list[str]]]:
    found = {}
    for layout in layouts.values():
        for path in sorted(province.folder.glob(layout.pattern)):
            file = path.relative_to(province.folder).as_posix()
            found.update({(file, layout.sheet, number): (layout, row) for number, row in data_rows(path, layout)})
    return found


def test_same_seed_gives_the_same_bytes(tmp_path: Path):
    make_province(tmp_path / "a", subjects=300)
    make_province(tmp_path / "b", subjects=300)

    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_another_seed_gives_another_province(tmp_path: Path):
    rows = make_province(tmp_path / "a", subjects=200, seed=1).rows
    make_province(tmp_path / "b", subjects=200, seed=2)

    same = digests(tmp_path / "a").items() & digests(tmp_path / "b").items()
    assert any(rows.values())
    assert [file for file, _ in same if rows.get(file)] == []


def test_a_full_chunk_holds_the_same_subjects_in_a_larger_province(tmp_path: Path, province: Province):
    make_province(tmp_path, subjects=CHUNK)

    small = (tmp_path / "truth" / "subjects.csv").read_text("utf-8").splitlines()
    large = (province.folder / "truth" / "subjects.csv").read_text("utf-8").splitlines()
    assert len(small) == CHUNK + 1
    assert large[: CHUNK + 1] == small


def test_truth_has_one_line_for_each_row_of_each_file(province: Province, truth: list[dict[str, str]], read_rows: dict):
    told = Counter((line["file"], line["sheet"], int(line["row"])) for line in truth)

    assert set(told) == set(read_rows)
    assert set(told.values()) == {1}
    assert sum(province.rows.values()) == len(truth)


def test_truth_points_at_the_row_that_carries_the_name_of_its_subject(province: Province, truth: list[dict[str, str]], read_rows: dict):
    with (province.folder / "truth" / "subjects.csv").open(encoding="utf-8", newline="") as stream:
        names = {line["subject"]: line["name"] for line in csv.DictReader(stream)}
    told = [
        line
        for line in truth
        if line["subject"]
        and not set(line["faults"].split())
        & {"name_form", "name_typo", "name_former", "cell_missing", "invisible", "row_shifted", "row_truncated"}
    ]
    wrong = []
    for line in told:
        layout, row = read_rows[line["file"], line["sheet"], int(line["row"])]
        if row[layout.fields_at("name")] != names[line["subject"]]:
            wrong.append(line)

    assert len(told) > len(truth) / 2
    assert wrong == []


def test_codes_of_rows_without_a_fault_in_them_are_valid_and_the_true_ones(truth: list[dict[str, str]], read_rows: dict):
    seen = Counter()
    for line in truth:
        layout, row = read_rows[line["file"], line["sheet"], int(line["row"])]
        if any(
            fault.startswith(("uscc_", "row_", "licence_")) or fault in {"full_width", "invisible", "cell_missing"}
            for fault in line["faults"].split()
        ):
            continue
        cells = {name: row[n] for n, (_, name) in enumerate(layout.columns)}
        if code := cells.get("uscc"):
            assert code == line["uscc"]
            assert uscc.is_valid(code)
            seen["uscc"] += 1
        number = cells.get("licence_no", "")
        for prefix, module in (("JY", operation_licence), ("SC", production_licence)):
            if number.startswith(prefix):
                assert module.is_valid(number), number
                seen[prefix] += 1

    assert min(seen["uscc"], seen["JY"], seen["SC"]) > 50


def test_no_two_subjects_share_a_code_or_a_present_licence_number(province: Province, truth: list[dict[str, str]], read_rows: dict):
    with (province.folder / "truth" / "subjects.csv").open(encoding="utf-8", newline="") as stream:
        codes = [line["uscc"] for line in csv.DictReader(stream) if line["uscc"]]
    holders = defaultdict(set)
    for line in truth:
        layout, row = read_rows[line["file"], line["sheet"], int(line["row"])]
        if line["kind"].endswith("_licence") and not line["faults"] and (number := row[layout.fields_at("licence_no")]):
            holders[number].add(line["subject"])

    assert len(codes) == len(set(codes))
    assert [number for number, subjects in holders.items() if len(subjects) > 1] == []


def test_every_fault_of_the_sheet_is_planted_and_at_least_twenty_kinds(province: Province):
    planted = {code: count.planted for code, count in province.faults.items()}

    assert len(planted) >= 20
    assert set(planted) == {fault.code for fault in Faults.read()}
    assert [code for code, number in planted.items() if not number] == []


def test_each_fault_is_planted_at_its_rate(province: Province):
    # Doubled rows repeat what was decided before the doubling, hence the wider margin than five standard deviations of single rows.
    off = [
        (count.code, count.planted, count.tried)
        for count in province.faults.values()
        if abs(count.planted - count.rate * count.tried) > SIGMAS * math.sqrt(1.1 * count.tried * count.rate * (1 - count.rate)) + 1
    ]

    assert off == []


def test_the_fault_sheet_and_the_truth_count_the_same(province: Province, truth: list[dict[str, str]]):
    told = Counter(code for line in truth for code in line["faults"].split())

    assert told == {code: count.planted for code, count in province.faults.items()}


def test_rows_are_about_four_per_subject(province: Province, truth: list[dict[str, str]]):
    per_subject = sum(bool(line["subject"]) for line in truth) / province.subjects

    assert 3.5 < per_subject < 4.8


@pytest.mark.parametrize("kind", sorted({layout.kind for layout in read_layouts(shipped_pack()).values()}))
def test_every_kind_of_extract_is_delivered(kind: str, truth: list[dict[str, str]]):
    assert any(line["kind"] == kind for line in truth)


def test_files_come_in_every_format_bureaus_use(province: Province):
    files = [p for p in province.folder.rglob("*") if p.is_file() and "truth" not in p.parts]
    heads = {p: p.read_bytes()[:3000] for p in files}

    assert any(p.suffix == ".xlsx" and is_zipfile(p) for p in files)
    assert any(p.suffix == ".xls" and b"<table" in head for p, head in heads.items())
    assert any(head.startswith(b"\xef\xbb\xbf") for p, head in heads.items() if p.parent != province.folder)
    assert any(p.suffix == ".csv" and not _is_utf8(p) for p in files)
    assert any(p.suffix == ".csv" and _is_utf8(p) and not heads[p].startswith(b"\xef\xbb\xbf") for p in files)
    assert any(b"\t" in head.splitlines()[0] for p, head in heads.items() if p.suffix == ".txt")
    assert any(b";" in head.splitlines()[0] for p, head in heads.items() if p.suffix == ".csv")


def _is_utf8(path: Path) -> bool:
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_some_cells_hold_a_line_break_or_a_comma(read_rows: dict):
    cells = [cell for layout, row in read_rows.values() if layout.format == "csv" for cell in row]

    assert any("\n" in cell for cell in cells)
    assert any("," in cell for cell in cells)


def test_the_catalogue_names_every_header_it_maps_and_finds_every_file(province: Province, layouts: dict[str, Layout]):
    catalogue = tomllib.loads((province.folder / "sources.toml").read_text("utf-8"))["source"]

    assert [entry["name"] for entry in catalogue] == list(layouts)
    assert all(list(province.folder.glob(pattern)) for entry in catalogue for pattern in entry["files"])
    assert all(list(entry["columns"].values()) == list(layouts[entry["name"]].fields) for entry in catalogue)
    assert {"encoding" in entry for entry in catalogue if entry["files"][0].endswith(".csv")} == {True, False}


def test_a_source_without_rows_is_neither_written_nor_listed(tmp_path: Path, layouts: dict[str, Layout]):
    rows = make_province(tmp_path, subjects=1).rows

    listed = tomllib.loads((tmp_path / "sources.toml").read_text("utf-8"))["source"]
    assert 0 < len(listed) < len(layouts)
    assert all(list(tmp_path.glob(pattern)) for entry in listed for pattern in entry["files"])
    assert all(rows.values())


def test_progress_counts_the_subjects_up_to_the_last(tmp_path: Path):
    told: list[tuple[str, int, int]] = []

    write_province(tmp_path, subjects=CHUNK + 10, seed=1, asof=ASOF, pack=shipped_pack(), progress=lambda *step: told.append(step))

    assert told == [("practice", CHUNK, CHUNK + 10), ("practice", CHUNK + 10, CHUNK + 10)]


def test_a_fault_with_rate_zero_is_not_planted(tmp_path: Path):
    sheet = Faults(
        tuple(type(fault)(code=fault.code, title=fault.title, group=fault.group, rate=0.0, kinds=fault.kinds) for fault in Faults.read())
    )

    made = write_province(tmp_path, subjects=400, seed=1, asof=ASOF, pack=shipped_pack(), faults=sheet)

    assert {count.planted for count in made.faults.values()} == {0}
