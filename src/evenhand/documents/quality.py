"""Print the quality rules (质量规则): for people, for machines, and their worked cases; and the six dimensions of evaluation."""

from collections.abc import Iterator
from typing import Final

from evenhand.documents.model import Clause, Column, Paragraph, Table
from evenhand.documents.speaking import spoken, visible
from evenhand.documents.wording import Matter, without_breaks
from evenhand.validate import DIMENSIONS, Case, QualityRule, read_weights
from evenhand.validate.functions import TABLE_FUNCTIONS, VALUE_FUNCTIONS
from evenhand.validate.rules import INDICATORS

__all__ = ["quality_cases", "quality_conditions", "quality_dimensions", "quality_functions", "quality_rules"]

_RULES: Final = (
    Column(title="编号", width=24, code=True), Column(title="名称和要求", width=52), Column(title="维度\n指标", width=15, centred=True), Column(title="适用", width=25),
    Column(title="依据与核实程度", width=27), Column(title="处置", width=22),
)  # fmt: skip
_CONDITIONS: Final = (
    Column(title="编号", width=24, code=True), Column(title="判定范围", width=36, code=True), Column(title="应满足的条件", width=59, code=True),
    Column(title="空值", width=15, centred=True), Column(title="建议值", width=31, code=True),
)  # fmt: skip
_CASES: Final = (
    Column(title="编号", width=24, code=True), Column(title="输入", width=113), Column(title="结论", width=28, centred=True),
)  # fmt: skip
_DIMENSIONS: Final = (
    Column(title="维度", width=16, centred=True), Column(title="权重%", width=12, centred=True), Column(title="指标", width=60), Column(title="计算方法", width=55), Column(title="规则数", width=22, centred=True),
)  # fmt: skip
_FUNCTIONS: Final = (
    Column(title="函数", width=45, code=True),
    Column(title="参数数", width=18, centred=True),
    Column(title="含义", width=102),
)
_FEW_SETS: Final = 4


def quality_rules(matter: Matter) -> tuple[Clause, ...]:
    """One clause per rule file; one line per rule."""
    clauses = []
    for group, rules in _groups(matter):
        table = Table(title=f"{group}的质量规则", columns=_RULES, rows=tuple(_rule(matter, rule) for rule in rules))
        clauses.append(Clause(title=group, blocks=(table,)))
    return tuple(clauses)


def quality_conditions(matter: Matter) -> tuple[Clause, ...]:
    """The same rules as machines read them."""
    clauses = []
    for group, rules in _groups(matter):
        rows = tuple(
            (
                rule.id, visible(rule.when.text) if rule.when else "—", visible(rule.condition.text), matter.words["empties"][rule.empty],
                f"{rule.proposal.text}（把握{rule.confidence}）" if rule.proposal else "—",
            )
            for rule in rules
        )  # fmt: skip
        clauses.append(Clause(title=group, blocks=(Table(title=f"{group}的判定式", columns=_CONDITIONS, rows=rows),)))
    return tuple(clauses)


def quality_functions(matter: Matter) -> Table:
    """What each function of a condition means."""
    del matter  # the functions say it themselves
    known = {**VALUE_FUNCTIONS, **TABLE_FUNCTIONS}
    rows = tuple((name, str(f.least) if f.least == f.most else f"{f.least}～{f.most}", f.meaning) for name, f in known.items())
    return Table(title="判定式的函数", mark="t-functions", columns=_FUNCTIONS, rows=rows)


def quality_cases(matter: Matter) -> tuple[Clause, ...]:
    """The worked cases beside each rule."""
    clauses = []
    for group, rules in _groups(matter):
        rows = tuple((rule.id, _input(matter, case), _answer(matter, case)) for rule in rules for case in rule.cases)
        clauses.append(Clause(title=group, blocks=(Table(title=f"{group}的算例", columns=_CASES, rows=rows),)))
    return tuple(clauses)


def quality_dimensions(matter: Matter) -> tuple[Table | Paragraph, ...]:
    """The six dimensions with weights, indicators, formulas and how many rules serve each."""
    weights, words = read_weights(matter.pack), matter.words["indicators"]
    rows = []
    for dimension in DIMENSIONS:
        names = "；".join(f"{code} {words['names'].get(code, '')}" for code in INDICATORS[dimension])
        count = sum(rule.dimension == dimension for rule in matter.quality)
        rows.append((dimension, str(weights[dimension]), names, words["formulas"][dimension], str(count)))
    table = Table(title="质量评价的维度、权重和指标", mark="t-dimensions", columns=_DIMENSIONS, rows=tuple(rows))
    said = (
        f"维度：{matter.basis('GB/T 36344-2018', matter.tag_of('GB/T 36344-2018'))}；"
        f"指标和计算方法：{matter.confidence(words['tag'])}；权重：{matter.confidence('DESIGN')}。"
    )
    return table, Paragraph(text=said, kind="note")


def _groups(matter: Matter) -> Iterator[tuple[str, list[QualityRule]]]:
    """Title of each rule file and its rules in the order of the file."""
    for file, document in matter.folder("quality").items():
        own = {rule.id: rule for rule in matter.quality if rule.file == file}
        if own:
            yield document["group"], [own[entry["id"]] for entry in document["rules"]]


def _rule(matter: Matter, rule: QualityRule) -> tuple[str, ...]:
    title = matter.titles.get(rule.field, rule.field)
    sets = matter.sets_of(rule.data)
    shown = sets if len(rule.data) <= _FEW_SETS or sets.startswith("全部") else f"含该项的{len(rule.data)}个来源数据集"
    when = f"条件：{spoken(rule.when.tree, matter)}。\n" if rule.when else ""
    needed = f"要求：{spoken(rule.condition.tree, matter)}。"
    return (
        f"{rule.id}\n{matter.words['severities'][rule.severity]}",
        f"{rule.title}。\n{when}{needed}空值按{matter.words['empties'][rule.empty]}处理。",
        f"{rule.dimension}\n{rule.indicator}",
        f"{title}\n{shown}",
        matter.basis(f"{rule.law.title}，{rule.law.article}", rule.law.tag),
        rule.remedy,
    )


def _input(matter: Matter, case: Case) -> str:
    """The judged row first, then the other rows of its data set, then rows of other data sets."""
    parts = [case.title] if case.title else []
    parts += [f"第{n}行：{_row(matter, row)}" if len(case.rows) > 1 else _row(matter, row) for n, row in enumerate(case.rows, 1)]
    parts += [f"{matter.sets[name]}：{_row(matter, row)}" for name, rows in case.others.items() for row in rows]
    return "；".join(parts)


def _row(matter: Matter, row: object) -> str:
    pairs = row.items() if isinstance(row, dict) else ()
    said = []
    for name, value in pairs:
        plain = name.removesuffix("_raw")
        title = matter.titles.get(plain, plain) + ("原文" if name.endswith("_raw") else "")
        said.append(
            f"{title}={'空' if value in (None, '') else matter.cell(value) if isinstance(value, bool) else visible(without_breaks(value))}"
        )
    return "，".join(said) or "（空行）"


def _answer(matter: Matter, case: Case) -> str:
    word = str(matter.words["outcomes"][case.expect])
    return f"{word}\n建议{case.proposal}" if case.proposal else word
