"""Read the library from a release, from a workbook with the sheets 人员, 请假, 回避, or from a CSV of people; all faults of a file are told together."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.inspectors.library import REASONS, Bar, Inspector, Leave, Library
from evenhand.plan import LINES
from evenhand.publish import Release

__all__ = ["SHEETS", "agencies_of", "library_at", "library_of_release", "office_of", "read_library"]

NO_LIBRARY: Final = Message(
    "LIB-01", zh="{path} 读不了：{why}。人员库是 XLSX（工作表 人员、请假、回避）或者一个人员 CSV。", en="{path} cannot be read: {why}."
)
BAD_LIBRARY: Final = Message("LIB-02", zh="{path} {sheet}第{row}行 {column}：{why}。", en="{path}, {sheet}, row {row}, {column}: {why}.")
NO_COLUMN: Final = Message("LIB-03", zh="{path} {sheet} 缺少列 {columns}。", en="{path}, {sheet}: columns {columns} are missing.")

SHEETS: Final[Mapping[str, Mapping[str, bool]]] = {
    "人员": {
        "人员编号": True, "姓名": True, "所在机构": True, "执法证": True, "执法证号": False, "执法证有效期至": False, "专业": False, "专家领域": False, "语言": False,
        "可用时间": False, "本年已承担": False, "电话": False,
    },
    "请假": {"人员编号": True, "起": True, "止": True, "事由": False},
    "回避": {"人员编号": True, "主体": True, "理由": True, "至": False},
}  # fmt: skip
"""Columns of each sheet; true: must be filled in."""
_SOON: Final = 90
_FULL_TIME: Final = 4
Row = dict[str, str]


def agencies_of(release: Release) -> tuple[str, ...]:
    """Return the full names of the agencies of a release, sorted."""
    return tuple(
        sorted({str(one) for one in pq.read_table(release.folder / "agency.parquet", columns=["agency"])["agency"].to_pylist() if one})
    )


def office_of(stated: str, agencies: Sequence[str]) -> str:
    """Return the agency that a stated name means: itself, or the only one that ends with it; "" otherwise."""
    found = [stated] if stated in agencies else [one for one in agencies if stated and one.endswith(stated)]
    return found[0] if len(found) == 1 else ""


def library_of_release(release: Release) -> Library:
    """Return the people of a release's personnel extracts."""
    agencies = agencies_of(release)
    rows = pq.read_table(release.folder / "inspector.parquet").to_pylist()
    offices = {name: office_of(name, agencies) for name in {str(row["agency"] or "") for row in rows}}
    found = {
        row["inspector_no"]: Inspector(
            number=row["inspector_no"], name=row["inspector"] or "", office=offices[str(row["agency"] or "")], certified=bool(row["certified"]), until=row["certificate_to"],
            lines=_split(row["lines"] or ""), certificate=row["certificate_no"] or "", phone=row["phone"] or "", stated=row["agency"] or "",
        )
        for row in rows
        if row["inspector_no"]
    }  # fmt: skip
    return Library(people=tuple(found[key] for key in sorted(found)))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[、，,；;\s]+", text) if part)


@dataclass
class _Reader:
    """One file while it is read: what it says, and what is wrong with it."""

    path: Path
    agencies: Sequence[str]
    subjects: Mapping[str, str]
    today: date
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, sheet: str, row: int, column: str, why: str) -> None:
        self.problems.append(Problem(BAD_LIBRARY, {"path": self.path, "sheet": sheet, "row": row, "column": column, "why": why}))

    def day(self, sheet: str, row: int, column: str, text: str) -> date | None:
        if not text:
            return None
        try:
            return date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
        except ValueError:
            self.fault(sheet, row, column, f"“{text}”不是日期，写成 2026-12-31")
            return None

    def whole(self, sheet: str, row: int, column: str, text: str, *, least: int, most: int, other: int) -> int:
        if not text:
            return other
        if not text.isdigit() or not least <= int(text) <= most:
            self.fault(sheet, row, column, f"“{text}”应为 {least} 至 {most} 的整数")
            return other
        return int(text)


def read_library(path: Path, release: Release, *, today: date) -> Library:
    """Read a library and check it against the agencies and subjects of a release.

    Args:
        path: workbook or CSV of people.
        release: names of agencies; numbers and credit codes of subjects.
        today: certificates that end before it, or soon after it, are noted.

    Raises:
        BadInput: with every fault of the file: sheet, row, column, why.
    """
    table = pq.read_table(release.folder / "subject.parquet", columns=["subject_id", "uscc"]).to_pylist()
    subjects = {row["subject_id"]: row["subject_id"] for row in table} | {row["uscc"]: row["subject_id"] for row in table if row["uscc"]}
    reader = _Reader(path=path, agencies=agencies_of(release), subjects=subjects, today=today)
    sheets = _sheets(path)
    for name, rows in sheets.items():
        _check_columns(reader, name, rows)
    if reader.problems:
        raise BadInput(reader.problems)
    people = list(_people(reader, sheets["人员"]))
    known = {one.number for one in people}
    leave = list(_leave(reader, sheets.get("请假", []), known))
    bars = list(_bars(reader, sheets.get("回避", []), known))
    if reader.problems:
        raise BadInput(reader.problems)
    return Library(
        people=tuple(sorted(people, key=lambda one: one.number)), leave=tuple(leave), bars=tuple(bars), notes=tuple(reader.notes)
    )


def _sheets(path: Path) -> dict[str, list[Row]]:
    try:
        if path.suffix.lower() == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                return {"人员": _records(list(csv.reader(file)))}
        with CalamineWorkbook.from_path(path) as book:
            held = {name: _records(book.get_sheet_by_name(name).to_python()) for name in SHEETS if name in book.sheet_names}
    except (OSError, UnicodeDecodeError, CalamineError) as fault:
        raise BadInput(Problem(NO_LIBRARY, {"path": path, "why": str(fault)})) from fault
    if "人员" not in held:
        raise BadInput(Problem(NO_LIBRARY, {"path": path, "why": "没有工作表“人员”"}))
    return held


def _records(rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Rows by header; the number of the row in the sheet stands under ""."""
    if not rows:
        return [{"": "1"}]
    names = [_text(cell) for cell in rows[0]]
    found = [
        {"": str(n)} | dict(zip(names, map(_text, row), strict=False))
        for n, row in enumerate(rows[1:], 2)
        if any(_text(cell) for cell in row)
    ]
    return found or [dict.fromkeys(names, "") | {"": "1"}]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _check_columns(reader: _Reader, sheet: str, rows: Sequence[Row]) -> None:
    if missing := [name for name, needed in SHEETS[sheet].items() if needed and name not in rows[0]]:
        reader.problems.append(Problem(NO_COLUMN, {"path": reader.path, "sheet": sheet, "columns": "、".join(missing)}))


def _filled(reader: _Reader, sheet: str, rows: Sequence[Row]) -> Iterator[tuple[int, Callable[[str], str]]]:
    """Rows whose needed cells are filled; the others are told."""
    for row in rows:
        number = int(row[""])
        if number == 1:
            continue
        lacking = [name for name, needed in SHEETS[sheet].items() if needed and not row.get(name)]
        for name in lacking:
            reader.fault(sheet, number, name, "空着")
        if not lacking:
            yield number, lambda name, row=row: row.get(name, "")  # type: ignore[misc]


def _people(reader: _Reader, rows: Sequence[Row]) -> Iterator[Inspector]:
    sheet = "人员"
    numbers = Counter(row.get("人员编号", "") for row in rows)
    papers = Counter(row.get("执法证号", "") for row in rows if row.get("执法证号"))
    for n, cell in _filled(reader, sheet, rows):
        number = cell("人员编号")
        if numbers[number] > 1:
            reader.fault(sheet, n, "人员编号", f"“{number}”出现 {numbers[number]} 次")
        until = reader.day(sheet, n, "执法证有效期至", cell("执法证有效期至"))
        _check_certificate(reader, n, cell, until, papers)
        yield Inspector(
            number=number, name=cell("姓名"), office=_office(reader, n, cell("所在机构")), certified=cell("执法证") == "有", until=until, lines=_lines(reader, n, cell, "专业"),
            certificate=cell("执法证号"), expert=_lines(reader, n, cell, "专家领域"), languages=_split(cell("语言")),
            quarters=reader.whole(sheet, n, "可用时间", cell("可用时间"), least=1, most=_FULL_TIME, other=_FULL_TIME),
            carried=reader.whole(sheet, n, "本年已承担", cell("本年已承担"), least=0, most=10_000, other=0), phone=cell("电话"),
        )  # fmt: skip


def _check_certificate(reader: _Reader, n: int, cell: Callable[[str], str], until: date | None, papers: Mapping[str, int]) -> None:
    if cell("执法证") not in {"有", "无"}:
        reader.fault("人员", n, "执法证", f"“{cell('执法证')}”应为 有 或者 无")
    if cell("执法证") != "有":
        return
    for name in ("执法证号", "执法证有效期至"):
        if not cell(name):
            reader.fault("人员", n, name, "有执法证的须填写")
    if papers[cell("执法证号")] > 1:
        reader.fault("人员", n, "执法证号", f"“{cell('执法证号')}”出现 {papers[cell('执法证号')]} 次")
    who = f"{cell('姓名')}（{cell('人员编号')}）"
    if until and (until - reader.today).days < _SOON:
        reader.notes.append(f"{who}的执法证 {until} 到期" + ("，已不能主办" if until < reader.today else ""))
    if not cell("专业"):
        reader.notes.append(f"{who}没有填专业，只能占不限专业的位置")


def _office(reader: _Reader, n: int, stated: str) -> str:
    office = office_of(stated, reader.agencies)
    if not office:
        several = [one for one in reader.agencies if one.endswith(stated)]
        why = f"可以是 {'、'.join(several[:3])} 等 {len(several)} 个机构，请写全称" if several else "不在机构名录里"
        reader.fault("人员", n, "所在机构", f"“{stated}”{why}")
    return office


def _lines(reader: _Reader, n: int, cell: Callable[[str], str], column: str) -> tuple[str, ...]:
    held = _split(cell(column))
    if unknown := [one for one in held if one not in LINES]:
        reader.fault("人员", n, column, f"“{'、'.join(unknown)}”不认识；可填 {'、'.join(LINES)}")
    return held


def _leave(reader: _Reader, rows: Sequence[Row], known: set[str]) -> Iterator[Leave]:
    sheet = "请假"
    for n, cell in _filled(reader, sheet, rows):
        first, last = (reader.day(sheet, n, name, cell(name)) for name in ("起", "止"))
        _known_person(reader, sheet, n, cell("人员编号"), known)
        if first and last and last < first:
            reader.fault(sheet, n, "止", f"{last} 早于起 {first}")
        elif first and last:
            yield Leave(number=cell("人员编号"), first=first, last=last, reason=cell("事由"))


def _bars(reader: _Reader, rows: Sequence[Row], known: set[str]) -> Iterator[Bar]:
    sheet = "回避"
    for n, cell in _filled(reader, sheet, rows):
        _known_person(reader, sheet, n, cell("人员编号"), known)
        if cell("理由") not in REASONS[:-1]:
            reader.fault(sheet, n, "理由", f"“{cell('理由')}”不认识；可填 {'、'.join(REASONS[:-1])}")
        until = reader.day(sheet, n, "至", cell("至"))
        subject = reader.subjects.get(cell("主体"), "")
        if not subject:
            reader.fault(sheet, n, "主体", f"主体库里没有编号或者统一社会信用代码“{cell('主体')}”")
        yield Bar(number=cell("人员编号"), subject=subject, reason=cell("理由"), until=until)


def _known_person(reader: _Reader, sheet: str, row: int, number: str, known: set[str]) -> None:
    if number not in known:
        reader.fault(sheet, row, "人员编号", f"“{number}”不在工作表“人员”里")


def library_at(release: Release, path: Path | None, today: date) -> Library:
    """Return the library of a file, checked; without one that of the release."""
    return read_library(path, release, today=today) if path else library_of_release(release)
