"""Write the workbook of the library: three sheets with drop-downs and help, filled with who is known already."""

from datetime import datetime
from pathlib import Path
from typing import Final

import xlsxwriter

from evenhand.pipeline.inspectors.library import REASONS, Library
from evenhand.pipeline.inspectors.reading import SHEETS
from evenhand.plan import LINES

__all__ = ["write_template"]

_NO_DAY: Final = datetime(2000, 1, 1)  # noqa: DTZ001 — a fixed day keeps the bytes the same
_LAST: Final = 20_000
_HELP: Final = {
    "人员编号": "一人一号，不重复", "所在机构": "机构名录里的全称；简称只有一个机构时也可以", "执法证": "有 或者 无；无证人员只能协助", "执法证号": "有证的须填",
    "执法证有效期至": "有证的须填，如 2027-06-30", "专业": f"可填 {'、'.join(LINES)}，以顿号分隔", "专家领域": "可以协办专家位的专业", "语言": "如 闽南语、莆仙话，以顿号分隔",
    "可用时间": "1 至 4，四分之几的工作时间；不填为 4", "本年已承担": "本年已去过的检查次数；不填为 0", "电话": "与被检查主体相同的自动回避",
    "起": "含当日", "止": "含当日", "事由": "", "主体": "主体编号或者统一社会信用代码", "理由": "从下拉列表选", "至": "曾任职等到期不再回避的日期；不填为长期", "姓名": "",
}  # fmt: skip


def write_template(path: Path, library: Library | None = None) -> int:
    """Write the workbook; return the number of people in it."""
    held = library or Library(people=())
    rows: dict[str, list[tuple[object, ...]]] = {
        "人员": [
            (
                one.number, one.name, one.office or one.stated, "有" if one.certified else "无", one.certificate, one.until.isoformat() if one.until else "", "、".join(one.lines),
                "、".join(one.expert), "、".join(one.languages), one.quarters, one.carried, one.phone,
            )
            for one in held.people
        ],
        "请假": [(one.number, one.first.isoformat(), one.last.isoformat(), one.reason) for one in held.leave],
        "回避": [(one.number, one.subject, one.reason, one.until.isoformat() if one.until else "") for one in held.bars],
    }  # fmt: skip
    with xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "执法检查人员名录库", "created": _NO_DAY})
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        text = book.add_format({"num_format": "@"})
        for name, columns in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for at, (title, needed) in enumerate(columns.items()):
                sheet.set_column(at, at, max(12, 2 * len(title) + 4, 42 if title == "所在机构" else 0), text)
                sheet.write_string(0, at, title, head)
                sheet.write_comment(0, at, ("必填。" if needed else "选填。") + _HELP[title])
            choices = {"执法证": ["有", "无"], "理由": list(REASONS[:-1])}
            for at, title in enumerate(columns):
                if title in choices:
                    sheet.data_validation(1, at, _LAST, at, {"validate": "list", "source": choices[title], "error_type": "warning"})
            for n, row in enumerate(rows[name], 1):
                for at, cell in enumerate(row):
                    sheet.write_string(n, at, str(cell))
    return len(held.people)
