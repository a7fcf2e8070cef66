"""Handbooks of the risk models (用户服务手册): one per model, printed from the rules that grade, with the worked cases that check them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import evenhand
from evenhand.documents.fonts import find_faces
from evenhand.documents.model import Block, Clause, Column, Document, Listing, Paragraph, Table
from evenhand.documents.numbering import numbered
from evenhand.documents.publishing import PrintedFile, write_document
from evenhand.documents.wording import UNSETTLED, handbook_cover
from evenhand.grade import (
    FACTS,
    GRADES,
    GROUNDS,
    Case,
    GradeRules,
    Line,
    Model,
    Period,
    Scheme,
    case_period,
    condition_text,
    frequency_lines,
    indicator_lines,
    read_cases,
    read_grade_rules,
    sentences,
    trigger_lines,
)
from evenhand.rulebook import Pack, cited, names_of, value_text
from evenhand.tag import read_tag_rules

__all__ = ["handbooks_of", "print_handbooks"]

_POINTS: Final = (
    Column(title="编号", width=15, code=True), Column(title="指标", width=24), Column(title="部分", width=17, centred=True), Column(title="最高分", width=13, centred=True),
    Column(title="怎样计分", width=56), Column(title="依据与确认", width=40),
)  # fmt: skip
_TRIGGERS: Final = (Column(title="编号", width=17, code=True), Column(title="事件", width=44), Column(title="效果和期限", width=60), Column(title="依据与确认", width=44))  # fmt: skip
_FREQUENCY: Final = (Column(title="事项", width=22), Column(title="规定", width=91), Column(title="依据与确认", width=52))
_CASES: Final = (Column(title="编号", width=14, code=True), Column(title="情形", width=64), Column(title="日期", width=22, centred=True), Column(title="结果", width=65))  # fmt: skip
_DATA: Final = (Column(title="数据", width=45), Column(title="用途", width=120))
_LIST: Final = (Column(title="编号", width=16, code=True), Column(title="类别", width=26), Column(title="类别名称", width=26), Column(title="品种明细", width=67), Column(title="档次", width=16, centred=True), Column(title="静态分", width=14, centred=True))  # fmt: skip
_SHOWN: Final = 2
_CHANGES: Final = (Column(title="自", width=24, centred=True), Column(title="规定", width=81), Column(title="依据", width=60))
_WORKED: Final = (Column(title="编号", width=34, code=True), Column(title="情形", width=95), Column(title="分值", width=36, code=True))


def print_handbooks(out: Path, *, pack: Pack, fonts: Path | None = None) -> tuple[PrintedFile, ...]:
    """Write the handbook of every model into `out`, as .docx and .pdf; the same pack gives the same bytes.

    Raises:
        BadInput: the grading rules or the cases of the pack are wrong.
        NotDone: the machine has no Chinese fonts.
    """
    faces = find_faces(fonts)
    out.mkdir(parents=True, exist_ok=True)
    return tuple(file for document in handbooks_of(pack) for file in write_document(document, out, faces))


def handbooks_of(pack: Pack) -> tuple[Document, ...]:
    """Return the handbook of every model of a pack, numbered."""
    rules = read_grade_rules(pack)
    names = {tag.code: tag.value for tag in read_tag_rules(pack).tags}
    cases = [case for each in read_cases(pack).values() for case in each]
    return tuple(numbered(_handbook(model, rules, names, cases, pack)) for model in rules.models.values())


def _handbook(model: Model, rules: GradeRules, names: Mapping[str, str], cases: Sequence[Case], pack: Pack) -> Document:
    name = rules.choice[model.name][max(rules.choice[model.name])] if model.name in rules.choice else ""
    scheme = rules.schemes[name] if name else next(s for s in rules.schemes.values() if model.name in s.models)
    mine = [
        (case, period) for case in cases if case.model == model.name and not case.expect.points and (period := case_period(case, rules))
    ]
    title = f"{model.term.removesuffix('风险')}风险分级模型用户服务手册"
    return Document(
        cover=handbook_cover(title, f"User handbook of the risk model: {model.name}"),
        foreword=(
            Paragraph(text=f"本手册由公衡{evenhand.__version__}从规则包“{pack.name}”（摘要{pack.digest[:12]}）印制，与系统评定等级所用的规则同出一源；改动应写入规则包后重印。"),
            Paragraph(text=f"凡标有{UNSETTLED}的值，来源是转载文本、记忆或者平台约定，使用前应由主管部门确认。"),
        ),
        introduction=(), clauses=tuple(_clauses(model, scheme, rules, names, mine)), annexes=(*_annexes(model, pack), *_worked(model, scheme, rules, cases), *_changes(model, scheme, rules, pack)), bibliography=(cited(model.source), cited(scheme.source)),
    )  # fmt: skip


def _clauses(
    model: Model, scheme: Scheme, rules: GradeRules, names: Mapping[str, str], cases: Sequence[tuple[Case, Period]]
) -> Iterator[Clause]:
    yield Clause(
        title="用途和适用对象",
        blocks=(
            Paragraph(text=model.meaning),
            Paragraph(text=f"适用对象：{condition_text(model.covers, names) or '名录中的全部主体'}。"),
            Paragraph(text=f"方案：{scheme.term}（{scheme.name}）。{scheme.meaning}"),
            Paragraph(
                text="起用："
                + "；".join(f"{day.isoformat()}起用{one}" for day, one in sorted(rules.choice.get(model.name, {}).items()))
                + "。改换方案只影响起用日以后的时期。"
            ),
        ),
    )
    yield Clause(title="需要的数据", blocks=(_data(model, scheme, rules),))
    points = tuple((r.id, r.term, r.part, r.most, "\n".join(r.rule), _basis(r)) for r in indicator_lines(model, scheme, rules, names))
    said = "、".join(f"{term}{scheme.parts[part].normalize():f}分" for part, term in scheme.part_terms.items())
    yield Clause(
        title="计分",
        blocks=(
            Paragraph(text=f"总分100分，由{said}相加；分数越高，风险越高。分值以0.1分为最小单位，逐项四舍五入后相加。"),
            Table(title="指标和分值", columns=_POINTS, rows=points),
        ),
    )
    rows = tuple((r.term, "\n".join(r.rule), _basis(r)) for r in frequency_lines(scheme))
    yield Clause(title="等级和检查频次", blocks=(Table(title="等级界限和检查频次", columns=_FREQUENCY, rows=rows),))
    yield Clause(title="动态触发", blocks=tuple(_triggers(scheme, names)))
    if cases:
        yield Clause(title="算例", blocks=tuple(_cases(cases, model, scheme, names)))
    yield Clause(title="怎样读结果", blocks=_reading())
    yield Clause(title="异议和更正", blocks=_appeal())


def _annexes(model: Model, pack: Pack) -> Iterator[Clause]:
    """Print the code lists that give points, whole."""
    for listed in [way.listed for one in model.indicators for way in one.ways if way.listed]:
        codes = pack.codes(listed.codes)
        rows = tuple(
            (row[listed.key], row["category"], row["class"], row["varieties"], row["risk_level"], row[listed.points] or "—")
            for row in codes
        )
        note = f"来源：{codes.origin['source']}。{codes.origin.get('note', '')}"
        table = Table(title=codes.origin["title"], columns=_LIST, rows=rows, notes=(note,))
        yield Clause(title=codes.origin["title"], kind="annex", nature="规范性", blocks=(table,))


def _worked(model: Model, scheme: Scheme, rules: GradeRules, cases: Sequence[Case]) -> Iterator[Clause]:
    """Print the cases of single indicators: on each border, just above it, and in each situation."""
    used = {one.id for one in rules.indicators(model.name, scheme)}
    rows = tuple(
        (case.id, case.title, "、".join(f"{name} {points} 分" for name, points in case.expect.points.items() if name in used))
        for case in cases
        if used & set(case.expect.points)
        and (case.model == model.name or (set(case.expect.points) <= set(rules.common) and not case.scheme))
    )
    if rows:
        text = "每一分段的界限上和刚超过界限各一例，每一种情形各一例；各指标分别计分，不是总分。"
        yield Clause(
            title="分值算例",
            kind="annex",
            nature="资料性",
            blocks=(Paragraph(text=text), Table(title="分值算例", columns=_WORKED, rows=rows)),
        )


def _changes(model: Model, scheme: Scheme, rules: GradeRules, pack: Pack) -> Iterator[Clause]:
    """Print what changed from which day: the schemes taken into use, and every dated value that the scheme in force refers to."""
    rows = [
        (day, f"起用{rules.schemes[name].term}（{name}）", cited(rules.schemes[name].source))
        for day, name in rules.choice.get(model.name, {}).items()
    ]
    stated: Mapping[str, Any] = next(
        (one for one in pack.plain_documents("grading/schemes").values() if one.get("name") == scheme.name.partition("@")[0]), {}
    )
    for name in dict.fromkeys(names_of(stated)):
        one = pack.parameters.get(name)
        rows += [
            (day, f"{one.term}：{value_text(dated.value, one.unit, one.labels)}", cited(dated.source)) for day, dated in one.values.items()
        ]
    table = Table(title="变更记录", columns=_CHANGES, rows=tuple((day.isoformat(), *told) for day, *told in sorted(rows)))
    text = "改动只加新的日期，不改旧的；某日的等级按当日的规定评定。两个规则包的全部不同可以用“evenhand rules diff”列出。"
    yield Clause(title="变更记录", kind="annex", nature="资料性", blocks=(Paragraph(text=text), table))


def _basis(line: Line) -> str:
    return line.source + ("" if line.settled else UNSETTLED) + (f"\n{line.note}" if line.note else "")


def _data(model: Model, scheme: Scheme, rules: GradeRules) -> Table:
    facts: dict[str, list[str]] = {}
    for one in rules.indicators(model.name, scheme):
        for way in one.ways:
            for fact in (*way.when, *([way.fact] if way.fact else [])):
                facts.setdefault(FACTS[fact].title, []).append(one.term)
        told = one.ratio or one.active or one.latest
        if told:
            facts.setdefault(GROUNDS[told.ground], []).append(one.term)
    for trigger in scheme.triggers:
        for ground in (*([trigger.ground] if trigger.ground else []), *trigger.grounds):
            facts.setdefault(GROUNDS[ground], []).append(trigger.term)
    return Table(title="数据和用途", columns=_DATA, rows=tuple((title, "、".join(dict.fromkeys(used))) for title, used in facts.items()))


def _triggers(scheme: Scheme, names: Mapping[str, str]) -> Iterator[Block]:
    yield Paragraph(
        text=f"触发按先后次序起作用：直接评定等级的优先；其余上调的，同一类只计最强的一项，各类相加，合计不超过{scheme.cap}级；没有上调的，才下调，至多一级。"
    )
    if scheme.guard_days:
        yield Paragraph(text=f"等级变动后{scheme.guard_days}日内不再变动，情形严重的上调除外；期满仍应变动的，期满之日变动。")
    rows = tuple((r.id, r.term, "\n".join(r.rule), _basis(r)) for r in trigger_lines(scheme, names))
    yield Table(title="触发事件", columns=_TRIGGERS, rows=rows)


def _cases(cases: Sequence[tuple[Case, Period]], model: Model, scheme: Scheme, names: Mapping[str, str]) -> Iterator[Block]:
    yield Paragraph(text="下列算例随规则一起检验，规则改动后结果不符的，规则包不能通过检查。")
    rows = []
    for case, period in cases:
        told = period.standing
        score = f"得分{case.expect.score}＝{told.score / 10:g}；" if case.expect.score else f"得分{told.score / 10:g}；"
        fired = "、".join(dict.fromkeys(one.trigger.id for one in told.fired))
        rows.append((case.id, case.title, case.asked.isoformat(), f"{score}{GRADES[period.grade]}级" + (f"；触发{fired}" if fired else "")))
    yield Table(title="算例", columns=_CASES, rows=tuple(rows))
    for case, period in [one for one in cases if one[1].scheme == scheme.name][:_SHOWN]:
        yield Paragraph(text=f"例如{case.id}（{case.title}），给经营者的说明是：")
        yield Listing(items=tuple(sentences(period, model, scheme, names)))


def _reading() -> tuple[Block, ...]:
    return (
        Listing(items=(
            "等级是所问那一天起作用的等级；应评等级是没有稳定保护时的等级，两者不同的标明“暂缓”。",
            "已知程度是有数据的指标占全部分值的百分数。没有数据的指标不当作没有风险，按写明的比例计分，并给出补齐以后最好和最差的等级。",
            "起止日期是等级成立的日期；得知日期是发布版首次写明的日期。后来的数据推翻以前的等级的，旧等级保留并注明失效日期。",
            "检查频次是最低频次，专项检查、投诉举报和抽检引起的检查另计；每两年至少一次全项目检查的下限不因等级降低。",
        )),
    )  # fmt: skip


def _appeal() -> tuple[Block, ...]:
    return (
        Paragraph(text="经营者对等级有异议的，向日常监督管理机构提出，写明哪一项得分或者哪一条触发不对，并附凭据。机构核对来源记录："),
        Listing(
            items=(
                "来源记录有误的，在来源系统更正，下一发布版自动重评；",
                "归属或者代码有误的，用人工认定更正，记入认定文件；",
                "规则理解不一致的，报省局业务处室书面答复。",
            )
        ),
        Paragraph(text="更正以后，evenhand grade compare 列出因此不同的等级、频次和应当重新安排的检查。"),
    )
