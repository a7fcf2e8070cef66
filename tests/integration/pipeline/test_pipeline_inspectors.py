"""The library of inspectors: written, filled, read, refused with every fault at once, asked."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from evenhand.cli.app import run
from evenhand.errors import BadInput
from evenhand.pipeline import BuildReport
from evenhand.pipeline.inspectors import (
    Bar,
    Inspector,
    Leave,
    Library,
    Wanted,
    bars_of,
    find,
    library_of_release,
    read_library,
    write_template,
)
from evenhand.pipeline.inspectors.reading import agencies_of
from evenhand.publish import Release, open_release

TODAY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def release(built: BuildReport) -> Release:
    """The release of the province, open."""
    return open_release(built.release)


def one(office: str, **how: object) -> Inspector:
    told = {
        "number": "P1",
        "name": "林某",
        "office": office,
        "certified": True,
        "until": date(2028, 1, 1),
        "lines": ("餐饮",),
        "certificate": "13000000001",
    }
    return Inspector(**(told | how))  # type: ignore[arg-type]


def test_what_was_written_is_read_again(release: Release, tmp_path: Path) -> None:
    office, subject = agencies_of(release)[0], _subject(release)
    library = Library(
        people=(
            one(office, expert=("餐饮",), languages=("闽南语",), quarters=2, carried=3, phone="13900000000"),
            one(office, number="P2", certified=False, until=None, certificate=""),
        ),
        leave=(Leave(number="P1", first=date(2026, 8, 1), last=date(2026, 8, 9), reason="年假"),),
        bars=(Bar(number="P1", subject=subject, reason="曾在该单位任职", until=date(2027, 1, 1)),),
    )

    write_template(tmp_path / "库.xlsx", library)
    again = read_library(tmp_path / "库.xlsx", release, today=TODAY)

    assert (again.people, again.leave, again.bars) == (library.people, library.leave, library.bars)


def test_the_template_of_a_release_keeps_a_name_that_several_offices_share_and_the_check_lists_them(
    release: Release, tmp_path: Path
) -> None:
    held = library_of_release(release)
    blank = [person for person in held.people if not person.stated]
    unsure = [person for person in held.people if person.name and person.stated and not person.office]
    write_template(tmp_path / "库.xlsx", held)

    assert unsure
    with pytest.raises(BadInput) as refused:
        read_library(tmp_path / "库.xlsx", release, today=TODAY)
    told = [problem.zh for problem in refused.value.problems]
    wanting = "\n".join(one for one in told if "请写全称" in one or "不在机构名录里" in one)
    assert [person.stated for person in unsure if f"“{person.stated}”" not in wanting] == []
    assert sum("所在机构：空着" in one for one in told) == len(blank)


def _subject(release: Release) -> str:
    return str(pq.read_table(release.folder / "subject.parquet", columns=["subject_id"])["subject_id"][0].as_py())


def book(path: Path, **sheets: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for n, row in enumerate(rows):
                for at, cell in enumerate(row):
                    sheet.write_string(n, at, cell)
    return path


HEAD = ["人员编号", "姓名", "所在机构", "执法证", "执法证号", "执法证有效期至", "专业", "可用时间"]


def test_every_fault_of_a_file_is_told_with_sheet_row_and_column(release: Release, tmp_path: Path) -> None:
    office = agencies_of(release)[0]
    rows = [
        HEAD, ["P1", "林某", office, "有", "13000000001", "2028-01-01", "餐饮", "4"], ["P1", "陈某", "天上市场监督管理所", "也许", "", "", "烹饪", "7"],
        ["P3", "", office, "有", "13000000001", "明年", "销售", ""], ["P4", "黄某", office, "有", "", "", "", ""],
    ]  # fmt: skip
    path = book(
        tmp_path / "坏.xlsx", 人员=rows, 请假=[["人员编号", "起", "止"], ["P1", "2026-08-09", "2026-08-01"], ["P9", "2026-08-01", "2026-08-02"]],
        回避=[["人员编号", "主体", "理由"], ["P1", "没有这家", "不喜欢"]],
    )  # fmt: skip

    with pytest.raises(BadInput) as refused:
        read_library(path, release, today=TODAY)

    told = "\n".join(problem.zh for problem in refused.value.problems)
    for words in (
        "人员第3行 人员编号：“P1”出现 2 次", "“天上市场监督管理所”不在机构名录里", "“也许”应为 有 或者 无", "“烹饪”不认识；可填 生产、销售、餐饮、特殊食品", "“7”应为 1 至 4 的整数",
        "人员第4行 姓名：空着", "人员第5行 执法证号：有执法证的须填写", "2026-08-01 早于起 2026-08-09", "“P9”不在工作表“人员”里", "“不喜欢”不认识", "没有编号或者统一社会信用代码“没有这家”",
    ):  # fmt: skip
        assert words in told


def test_a_short_name_of_several_offices_is_not_guessed(release: Release, tmp_path: Path) -> None:
    names = agencies_of(release)
    short = next(name for name in {one.split("管理局")[-1] for one in names} if name and sum(one.endswith(name) for one in names) > 1)

    with pytest.raises(BadInput, match="请写全称"):
        read_library(book(tmp_path / "短.xlsx", 人员=[HEAD, ["P1", "林某", short, "无", "", "", "", ""]]), release, today=TODAY)


@pytest.mark.parametrize("content", [b"not a workbook", b""])
def test_what_is_no_workbook_is_told(release: Release, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)

    with pytest.raises(BadInput, match="读不了"):
        read_library(tmp_path / "x.xlsx", release, today=TODAY)


def test_missing_columns_are_named(release: Release, tmp_path: Path) -> None:
    (tmp_path / "人员.csv").write_text("人员编号,姓名\nP1,林某\n", "utf-8")

    with pytest.raises(BadInput, match="缺少列 所在机构、执法证"):
        read_library(tmp_path / "人员.csv", release, today=TODAY)


def test_certificates_that_end_soon_are_noted(release: Release, tmp_path: Path) -> None:
    office = agencies_of(release)[0]
    rows = [
        HEAD,
        ["P1", "林某", office, "有", "13000000001", "2026-08-01", "餐饮", ""],
        ["P2", "陈某", office, "有", "13000000002", "2026-06-01", "餐饮", ""],
    ]

    notes = read_library(book(tmp_path / "a.xlsx", 人员=rows), release, today=TODAY).notes

    assert notes == ("林某（P1）的执法证 2026-08-01 到期", "陈某（P2）的执法证 2026-06-01 到期，已不能主办")


def test_each_wish_filters_and_says_how_many_it_left_out() -> None:
    library = Library(
        people=(
            one("甲所", number="P1"), one("甲所", number="P2", lines=("销售",)), one("甲所", number="P3", certified=False, until=None), one("乙所", number="P4"),
            one("甲所", number="P5", until=date(2026, 1, 1)), one("甲所", number="P6", carried=9), one("甲所", number="P7", languages=("闽南语",), expert=("生产",)),
        ),
        leave=(Leave(number="P7", first=TODAY, last=TODAY),),
    )  # fmt: skip

    found, failed = find(library, Wanted(day=TODAY, office="甲", lines=("餐饮",), certified=True, free=True))
    helpers, _ = find(library, Wanted(day=TODAY, certified=False))
    expert, _ = find(library, Wanted(day=TODAY, expert="生产", language="闽南语"))

    assert [person.number for person in found] == ["P1", "P6"]
    assert failed == {"不在这些机构": 1, "没有有效的执法证": 2, "没有这些专业": 1, "请假": 1}
    assert [person.number for person in helpers] == ["P3"]
    assert [person.number for person in expert] == ["P7"]


def test_bars_join_what_was_declared_and_what_phones_show() -> None:
    library = Library(
        people=(one("甲所", phone="139"), one("甲所", number="P2")),
        bars=(
            Bar(number="P2", subject="S1", reason="有利害关系"),
            Bar(number="P2", subject="S2", reason="曾在该单位任职", until=date(2026, 6, 30)),
        ),
    )

    assert bars_of(library, {"139": ["S9"]}, TODAY) == {("P1", "S9"): "电话与该主体相同", ("P2", "S1"): "有利害关系"}


def test_a_release_has_people_with_and_without_certificate(release: Release) -> None:
    people = library_of_release(release).people

    assert {person.certified for person in people} == {True, False}
    assert len({person.number for person in people}) == len(people)


def test_the_commands_run(release: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(release.folder)
    assert run(["inspectors", "template", folder, str(tmp_path / "库.xlsx"), "--office", "鼓楼"]) == 0
    assert run(["inspectors", "find", folder, "--day", "2026-07-06", "--office", "鼓楼", "--line", "餐饮", "--certified"]) == 0
    office = agencies_of(release)[0]
    path = book(tmp_path / "a.xlsx", 人员=[HEAD, ["P1", "林某", office, "有", "13000000001", "2026-08-01", "餐饮", ""]])
    assert run(["inspectors", "check", folder, str(path), "--today", "2026-07-01"]) == 0

    out = capsys.readouterr().out
    assert "没有这些专业" in out
    assert "2026-08-01 到期" in out
