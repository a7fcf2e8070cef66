"""Print the reference pages that come from the rules; `--check` fails when a committed page no longer says what the rules say."""

import sys
from pathlib import Path

from evenhand.documents.parameters import dated_values, note_of
from evenhand.rulebook import cited, shipped_pack, value_text

ROOT = Path(__file__).resolve().parents[1]


def parameters() -> str:
    """Return the page of all dated values, a table per topic."""
    held = shipped_pack().parameters
    lines = [
        "# 规定中的数：随规则包发布的全部参数",
        "",
        (
            "本页由 `tools/printed.py` 从 `rules/fujian/parameters` 印出，不手改。每个参数按生效日期列出历次的值；核实程度一栏：VERIFIED 已核对原文，"
            "VERIFIED† 只见于转载，RECALLED nn 凭专业记忆、约 nn% 可能正确，DESIGN 为平台默认值。除 VERIFIED 外，**待主管部门确认**；O1 至 O21 见[待确认事项](open-questions.zh-CN.md)。"
        ),
    ]
    for topic, values in dated_values(held).items():
        lines += [
            "",
            f"## {topic}",
            "",
            "| 名称 | 参数名（命令里用） | 含义 | 自 | 值 | 依据 | 核实程度 |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        for one, day, dated in values:
            head = (one.term, f"`{one.name}`", one.meaning) if day == min(one.values) else ("", "", "")
            note = note_of(dated)
            cells = (
                *head,
                str(day),
                value_text(dated.value, one.unit, one.labels),
                cited(dated.source) + (f"（{note}）" if note else ""),
                dated.source.confidence,
            )
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


PAGES = {"docs/reference/parameters.zh-CN.md": parameters}


def main() -> int:
    """Write every page, or compare."""
    stale = []
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text("utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, "utf-8")
    for name in stale:
        print(f"✗ {name}：与规则不符，请运行 python tools/printed.py / differs from the rules, run tools/printed.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
