"""Survey workbooks (人工调研): a sheet with drop-downs, checks and help, printed from the standards; filled, it is one more source."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from evenhand.engine import publish_file
from evenhand.errors import BadInput, Problem
from evenhand.rulebook import Pack
from evenhand.sources import messages as say
from evenhand.sources.nearness import nearest
from evenhand.standards import EXTRACTS, DataSet, Field, Shape

__all__ = ["SURVEY_SHEET", "write_survey"]

SURVEY_SHEET: Final = "填报"
_HEADER_ROW: Final = 2
"""Counted from 0: title, explanation, header."""
_LAST_ROW: Final = 2_002
_LONGEST_LIST: Final = 1_000
_NO_DAY: Final = datetime(2000, 1, 1)  # noqa: DTZ001 — a workbook knows no time zone; a fixed day keeps its bytes the same
_NUMBERS: Final = {Shape.INTEGER: "整数", Shape.MONEY: "数字", Shape.AREA: "数字"}
_KINDS: Final = {Shape.DATE: "日期", Shape.FLAG: "是、否", Shape.CODE: "从下拉列表选", **_NUMBERS}


def write_survey(path: Path, *, dataset: str, office: str, pack: Pack, rows: Iterable[Mapping[str, str]] = ()) -> int:
    """Write a survey workbook for one data set and one office; `rows` (field → text) are filled in already.

    Headers are the titles of the standard, so `collect` reads the filled workbook without a mapping. Codes and numbers of
    licences are text cells: a spreadsheet would round them. Checks warn and do not block: an odd value is better than none.

    Returns:
        Number of rows filled in.

    Raises:
        BadInput: no such data set.
    """
    if dataset not in EXTRACTS:
        raise BadInput(
            Problem(say.SURVEY_UNKNOWN, {"value": dataset, "nearest": nearest(dataset, EXTRACTS), "allowed": "、".join(EXTRACTS)})
        )
    standard = EXTRACTS[dataset]
    partial = path.with_name(f"{path.name}.partial")
    with xlsxwriter.Workbook(partial, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": standard.title, "created": _NO_DAY})
        sheet, guide, lists = book.add_worksheet(SURVEY_SHEET), book.add_worksheet("填写说明"), book.add_worksheet("代码")
        lists.hide()
        _write_top(sheet, standard, office, {"title": book.add_format({"bold": True, "font_size": 14}), **_header_formats(book)})
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for at, f in enumerate(standard):
            choices = _choices(f, pack)
            lists.write_column(0, at, choices)
            sheet.set_column(at, at, max(12, 2 * len(f.title) + 2), day if f.shape is Shape.DATE else None if f.shape in _NUMBERS else text)
            _check(sheet, at, f, len(choices))
        count = _fill(sheet, standard, rows)
        _write_guide(guide, standard, pack, book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"}))
    publish_file(partial, path)
    return count


def _header_formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    look = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
    return {"required": book.add_format({**look, "bg_color": "#FFE699"}), "optional": book.add_format({**look, "bg_color": "#DDEBF7"})}


def _write_top(sheet: Worksheet, standard: DataSet, office: str, formats: Mapping[str, Format]) -> None:
    width = len(standard.names) - 1
    sheet.merge_range(0, 0, 0, width, f"{standard.title}填报表（填报单位：{office}）", formats["title"])
    sheet.merge_range(1, 0, 1, width, "一行填写一项：" + standard.grain + "。黄色列必填；不要改动第3行的列名；各列的含义见“填写说明”。")
    for at, f in enumerate(standard):
        sheet.write_string(_HEADER_ROW, at, f.title, formats["required" if f.required else "optional"])
    sheet.freeze_panes(_HEADER_ROW + 1, 0)


def _choices(f: Field, pack: Pack) -> list[str]:
    """Names of the field's code list in the pack, or nothing when there is no list or it is too long to choose from."""
    if f.shape is Shape.FLAG:
        return ["是", "否"]
    if f.shape is not Shape.CODE or f.element.codes not in pack.lists:
        return []
    names = list(pack.codes(f.element.codes).codes.values())
    return names if len(names) <= _LONGEST_LIST else []


def _check(sheet: Worksheet, at: int, f: Field, choices: int) -> None:
    letter = xlsxwriter.utility.xl_col_to_name(at)
    rule: dict[str, Any]
    if choices:
        rule = {"validate": "list", "source": f"=代码!${letter}$1:${letter}${choices}"}
    elif f.shape is Shape.DATE:
        rule = {"validate": "date", "criteria": "between", "minimum": datetime(1949, 10, 1), "maximum": datetime(2099, 12, 31)}  # noqa: DTZ001 — as above
    elif f.shape in _NUMBERS:
        rule = {"validate": "integer" if f.shape is Shape.INTEGER else "decimal", "criteria": ">=", "value": 0}
    elif f.shape is Shape.USCC:
        rule = {"validate": "length", "criteria": "==", "value": 18}
    else:
        rule = {"validate": "any"}
    told = {
        "input_title": f.title[:32],
        "input_message": _advice(f)[:255],
        "error_type": "warning",
        "error_title": f.title[:32],
        "error_message": f"{f.title}：{_advice(f)}"[:255],
    }
    sheet.data_validation(_HEADER_ROW + 1, at, _LAST_ROW, at, rule | told)


def _advice(f: Field) -> str:
    unit = f"，单位：{f.element.unit}" if f.element.unit else ""
    return f"{f.element.meaning}。{_KINDS.get(f.shape, '文本')}{unit}。{'必填' if f.required else '可空'}。"


def _fill(sheet: Worksheet, standard: DataSet, rows: Iterable[Mapping[str, str]]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        for at, name in enumerate(standard.names):
            if row.get(name):
                sheet.write_string(_HEADER_ROW + count, at, row[name])
    return count


def _write_guide(sheet: Worksheet, standard: DataSet, pack: Pack, bold: Format, wrap: Format) -> None:
    for at, (title, width) in enumerate(
        (("列名", 22), ("含义", 50), ("怎样填", 18), ("表示格式", 12), ("单位", 8), ("必填", 8), ("可选值", 60), ("依据", 40))
    ):
        sheet.set_column(at, at, width, wrap)
        sheet.write_string(0, at, title, bold)
    for n, f in enumerate(standard, 1):
        cells = (
            f.title,
            f.element.meaning,
            _KINDS.get(f.shape, "文本"),
            f.element.form,
            f.element.unit,
            "是" if f.required else "",
            "、".join(_choices(f, pack)),
            f.element.law,
        )
        for at, cell in enumerate(cells):
            sheet.write_string(n, at, cell)
    sheet.freeze_panes(1, 1)
