"""Handbooks of the task models (用户服务手册): static, quarterly, dynamic; printed from the rules that plan, with worked cases that the planning code itself works out."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import evenhand
from evenhand.documents.fonts import find_faces
from evenhand.documents.matters import basis_of, matter_rows_table
from evenhand.documents.model import Block, Clause, Column, Document, Listing, Paragraph, Table
from evenhand.documents.numbering import numbered
from evenhand.documents.publishing import PrintedFile, write_document
from evenhand.documents.wording import UNSETTLED, handbook_cover
from evenhand.draw import label, quarterly
from evenhand.plan import STEPS, Duty, PlanRules, merge, read_plan_rules, why_apart
from evenhand.rulebook import Pack
from evenhand.standards import DOUBLE_RANDOM
from evenhand.tag import read_tag_rules

__all__ = ["print_task_handbooks", "task_handbooks_of"]

_SCREEN: Final = (Column(title="编号", width=15, code=True), Column(title="不列入计划的情形", width=45), Column(title="标签", width=45), Column(title="依据与确认", width=60))  # fmt: skip
_SYSTEM: Final = (Column(title="对象", width=40), Column(title="标签", width=50), Column(title="组织", width=18, centred=True), Column(title="依据与确认", width=57))  # fmt: skip
_EVENTS: Final = (Column(title="触发", width=25, code=True), Column(title="检查方式", width=30), Column(title="组织", width=30), Column(title="期限（工作日）", width=80))  # fmt: skip
_CASE: Final = (Column(title="算例", width=18), Column(title="任务（期限为计划内第几日）", width=72), Column(title="合并的结果", width=75))
_QUOTA: Final = (Column(title="应查次数", width=30, centred=True), Column(title="已查", width=25, centred=True), Column(title="剩余季度", width=25, centred=True), Column(title="本季名额", width=30, centred=True), Column(title="对象数和称谓", width=55))  # fmt: skip
_FILES: Final = (Column(title="文件", width=38, code=True), Column(title="内容", width=40), Column(title="一行是", width=87))
_STEPS: Final = (Column(title="次序", width=15, centred=True), Column(title="怎样进入已下达的计划", width=150))
_COMMANDS: Final = (Column(title="做什么", width=45), Column(title="命令", width=120, code=True))
_MERGED: Final[tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]] = (
    ("例一", (("日常", 0, 363), ("专项", 100, 160), ("复查", 140, 154), ("专项", 150, 200))),
    ("例二", (("日常", 0, 100), ("飞行", 50, 60), ("专项", 55, 120))),
    ("例三", (("专项", 0, 10), ("专项", 11, 20))),
    ("例四", (("体系", 0, 181), ("飞行", 100, 120), ("专项", 110, 130))),
)
_PLAN_FILES: Final = ("duties", "visits", "served", "left_out", "apart", "over_budget")


def print_task_handbooks(out: Path, *, pack: Pack, fonts: Path | None = None) -> tuple[PrintedFile, ...]:
    """Write the handbook of each task model into `out`, as .docx and .pdf; the same pack gives the same bytes.

    Raises:
        BadInput: the planning rules of the pack are wrong.
        NotDone: the machine has no Chinese fonts.
    """
    faces = find_faces(fonts)
    out.mkdir(parents=True, exist_ok=True)
    return tuple(file for document in task_handbooks_of(pack) for file in write_document(document, out, faces))


def task_handbooks_of(pack: Pack) -> tuple[Document, ...]:
    """Return the handbooks of the static, quarterly and dynamic model, numbered."""
    rules = read_plan_rules(pack)
    names = {tag.code: tag.value for tag in read_tag_rules(pack).tags}
    made = (
        ("静态任务模型", "static task model", _static(pack, rules, names)),
        ("季度任务模型", "quarterly task model", _quarterly(pack, rules, names)),
        ("动态任务模型", "dynamic task model", _dynamic(rules)),
    )
    return tuple(numbered(_handbook(term, english, (*clauses, _reading(), _appeal()), pack)) for term, english, clauses in made)


def _handbook(term: str, english: str, clauses: tuple[Clause, ...], pack: Pack) -> Document:
    title = f"{term}用户服务手册"
    return Document(
        cover=handbook_cover(title, f"User handbook: {english}"),
        foreword=(
            Paragraph(text=f"本手册由公衡{evenhand.__version__}从规则包“{pack.name}”（摘要{pack.digest[:12]}）印制，与系统编制计划所用的规则同出一源；算例由编制计划的程序当场算出。改动应写入规则包后重印。"),
            Paragraph(text=f"凡标有{UNSETTLED}的，来源是转载文本、记忆或者平台约定，使用前应由主管部门确认；容量、用时、冻结周数、限额等各数都是平台约定，可以更换。"),
        ),
        introduction=(), clauses=clauses, annexes=(), bibliography=(),
    )  # fmt: skip


def _static(pack: Pack, rules: PlanRules, names: dict[str, str]) -> Iterator[Clause]:
    yield Clause(
        title="用途和适用对象",
        blocks=(
            Paragraph(
                text="静态模型在年初由风险等级的频次和两年全覆盖推出全年的任务，把同一主体的任务合为最少的检查，再均衡到各机构、各周。"
            ),
            Paragraph(text="适用对象：名录中存续、有抽查事项的全部主体。不列入的逐条列明规则和个数。"),
        ),
    )
    yield Clause(title="需要的数据", blocks=_data("年度"))
    yield Clause(
        title="任务从何而来",
        blocks=(
            Paragraph(text="一年应查几次，取该主体各模型中最严的频次。一年几次的，全年平分为几个时段，每段一次，同一序列的各次不合并。"),
            Paragraph(
                text=f"每个主体每{_years(rules)}年至少一次覆盖全部检查要点的检查，按滚动计算；已经超期的，自计划开始起{rules.overdue_days}日内补查。飞行检查没有记为全项目的，不算覆盖。"
            ),
            matter_rows_table(pack),
            Table(title="每年一次体系检查的对象", columns=_SYSTEM, rows=_system(rules, names)),
        ),
    )
    yield _screening(rules, names)
    yield Clause(title="合并成检查", blocks=_merging(rules))
    yield Clause(
        title="排期和人力",
        blocks=(
            Paragraph(
                text=f"一个工作日的容量为一周的{rules.week_capacity_pct}%；节假日和调休按工作日历。检查在各自的窗口以内均衡到各周，哪一次排在哪一周由公开抽取的票号决定。"
            ),
            Paragraph(
                text=f"人力按每人每日{rules.minutes_per_day}分钟、其中{rules.field_share_pct}%用于入企、每次{rules.people_per_visit}名持证人员计算。不够的机构列出缺多少人时、增派几人可以补足。"
            ),
            Paragraph(text="计划附覆盖证明：多少主体的覆盖期限落在计划期内、多少已安排、没有安排上的逐个列明。"),
        ),
    )
    yield Clause(
        title="怎样使用",
        blocks=(
            _commands(
                ("编制全年计划", "evenhand plan make 发布版 --period 2027 --out 计划"),
                ("核对计划", "evenhand plan check 计划"),
                ("各周的公开抽取", "evenhand draw commit 台账 计划/week_list.csv --quota 计划/week_quotas.csv --method week --signer 机关"),
                ("按抽取结果定周", "evenhand plan weeks 计划 证明档案 --out 新计划"),
                ("检查以前拆分一次合并", "evenhand plan split 计划 检查编号 --out 新计划"),
            ),
        ),
    )


def _quarterly(pack: Pack, rules: PlanRules, names: dict[str, str]) -> Iterator[Clause]:
    yield Clause(
        title="用途和适用对象",
        blocks=(
            Paragraph(
                text="季度模型在每季度开始以前，按县区、事项、等级分层，算出本季名额，由公开抽取决定检查哪些主体；覆盖期限在本季到期的不经抽取，直接列入。"
            ),
            Paragraph(text="节日、学期和时令食品的专项，以取得批准文号的专项文件在本季加入，与抽中的任务合并。"),
        ),
    )
    yield Clause(title="需要的数据", blocks=_data("本季度"))
    least = int(pack.plain_documents("planning")["planning/draw.yaml"]["random_label_min"])
    cases = ((100, 40, 3), (100, 100, 2), (7, 0, 4), (0, 3, 1))
    rows = []
    for due, done, left in cases:
        quota = quarterly(due, done, left)
        rows.append(
            (str(due), str(done), str(left), str(quota), f"100 个对象：{label(100, min(quota, 100), least=least)}" if quota else "不抽")
        )
    yield Clause(
        title="名额怎样计算",
        blocks=(
            Paragraph(
                text="各层本季名额为（全年应查次数减已查次数）除以剩余季度数，进一取整；再减去不经抽取的到期覆盖，不超过可抽的对象数。"
            ),
            Table(title="名额算例", columns=_QUOTA, rows=tuple(rows)),
            Paragraph(text="今年的次数已经完成、三个月内上级已检查、最近三个月内已检查的，本季不进入名单，分别计数公布。"),
        ),
    )
    yield _screening(rules, names)
    yield Clause(
        title="抽取",
        blocks=(
            Paragraph(
                text="名单和名额一经承诺不得改动；公开值在承诺以后当众产生；层内票号小的中选，随后的为候补。任何人可以用证明档案重算。"
            ),
            Paragraph(text="层内对象不足规定个数，或者全部中选的，称为重点或者全覆盖，不称随机。已关闭、迁出的由候补递补，没有“重抽”。"),
        ),
    )
    yield Clause(title="合并成检查", blocks=_merging(rules))
    yield Clause(title="抽查事项", blocks=(matter_rows_table(pack),))
    yield Clause(
        title="怎样使用",
        blocks=(
            _commands(
                ("算出名单和名额", "evenhand plan quarter 发布版 --period 2026Q4 --out 季度"),
                ("承诺", "evenhand draw commit 台账 季度/frame.csv --quota 季度/quotas.csv --excluded 季度/excluded.csv --signer 机关"),
                ("录入骰子", "evenhand draw input 台账 编号 01 dice:…"),
                ("公布种子和结果", "evenhand draw reveal 台账 编号 --beacon 02=drand:…"),
                ("编制本季计划", "evenhand plan make 发布版 --period 2026Q4 --drawn 台账/编号 --campaign 专项.yaml --out 计划"),
            ),
        ),
    )


def _dynamic(rules: PlanRules) -> Iterator[Clause]:
    yield Clause(
        title="用途和适用对象",
        blocks=(
            Paragraph(
                text="动态模型处理随时到来的任务：抽检不合格、投诉举报、事故、等级变化、整改期满，以及临时的专项。它们进入已下达的计划，改动尽可能少。"
            ),
            Paragraph(text="由事件引起的任务属于有针对性的检查，不经抽取，也不称为随机；不受年度入企上限限制。"),
        ),
    )
    yield Clause(title="需要的数据", blocks=_data("本期"))
    rows = tuple((name, one.kind, one.level, str(one.working_days)) for name, one in rules.dynamic.items())
    yield Clause(
        title="什么引起任务",
        blocks=(
            Paragraph(text=f"最近{rules.recent_days}日内起作用的触发产生下列任务；触发本身的规定见风险分级模型手册。"),
            Table(title="触发和任务", columns=_EVENTS, rows=rows),
            Paragraph(
                text="专项以一个文件写明编号、名称、批准文号、批准机关和日期、起止、组织层级、对象和项目。没有批准文号的只列出，不产生任务。"
            ),
        ),
    )
    yield Clause(title="合并成检查", blocks=_merging(rules))
    steps = tuple((str(n), words) for n, words in enumerate(STEPS.values(), 1))
    yield Clause(
        title="怎样进入已下达的计划",
        blocks=(
            Table(title="进入计划的次序", columns=_STEPS, rows=steps),
            Paragraph(
                text=f"最近{rules.frozen_weeks}周和已告知企业的日期不动；一周超过平均的{rules.week_cap_pct}%时，以最少的改期疏解，改动哪几次由票号决定；窗口内没有别的周的照列不移。"
            ),
            Paragraph(text="调整报告逐次列出原定的周、现在的周、步骤和理由；检查总次数与全部重新编制相同。"),
        ),
    )
    yield Clause(
        title="怎样使用",
        blocks=(
            _commands(
                ("临时专项进入计划", "evenhand plan add 计划 发布版 专项.yaml --today 2026-07-20 --out 新计划"),
                ("核对", "evenhand plan check 新计划"),
                ("人员变动", "evenhand draw substitute 台账 编号 检查 人员 --reason 理由 --approved-by 甲 --approved-by 乙"),
            ),
        ),
    )


def _years(rules: PlanRules) -> int:
    return int(rules.full_check_years)


def _data(span: str) -> tuple[Block, ...]:
    items = (
        "名录发布版：主体、标签、风险等级和频次、检查记录、机构；",
        f"{span}的工作日历；日历没有载入的日子，程序停下并说明，不按周末推算；",
        "抽查事项清单、筛选规则和约定（规则包）；",
        "已取得批准文号的专项文件；",
        "检查人员库：证件有效期、专业、请假、回避。",
    )
    return (Listing(items=items),)


def _screening(rules: PlanRules, names: dict[str, str]) -> Clause:
    rows = tuple(
        (one.id, one.term, "、".join(names.get(code, code) for code in one.tags) or "—", basis_of(one.source)) for one in rules.screening
    )
    text = "按次序逐条判断，只计第一个理由；每条排除的个数随计划列出，排除的主体逐个写明规则。"
    return Clause(title="筛选", blocks=(Paragraph(text=text), Table(title="筛选规则", columns=_SCREEN, rows=rows)))


def _system(rules: PlanRules, names: dict[str, str]) -> tuple[tuple[str, ...], ...]:
    def told(codes: tuple[str, ...]) -> str:
        return "、".join(names.get(code, code) for code in codes)

    return tuple(
        (one.term, told(one.tags) + (f"；同时：{told(one.also)}" if one.also else ""), one.level, basis_of(one.source))
        for one in rules.system
    )


def _merging(rules: PlanRules) -> tuple[Block, ...]:
    rows = []
    for name, told in _MERGED:
        duties = [Duty(id=f"{n}", subject="S", kind=kind, r=first, d=last) for n, (kind, first, last) in enumerate(told, 1)]
        visits = merge(duties, rules.policy)
        why = next((why for one, other in pairwise(duties) if (why := why_apart(one, other, rules.policy))), "")
        said = "\n".join(f"第{visit.lo}至{visit.hi}日一次：任务{'、'.join(visit.children)}" for visit in visits)
        asked = "\n".join(f"{one.id} {one.kind} 第{one.r}至{one.d}日" for one in duties)
        rows.append((name, asked, f"{len(visits)} 次检查\n{said}" + (f"\n不能再少：{why}" if len(visits) > 1 and why else "")))
    return (
        Paragraph(
            text="同一主体的任务，期限有共同的日子、检查类相容的合为一次；合并的结果是能够做到的最少次数。一次检查完成的各项任务分别办结，检查以前可以拆分。"
        ),
        Paragraph(
            text="飞行检查不得事先告知，不与要事先告知的全项目检查合为一次；专项和复查可以随任一种检查进行。"
            if rules.policy == "strict"
            else "飞行检查按全项目进行并记录，可以完成日常任务。"
        ),
        Table(title="合并算例", columns=_CASE, rows=tuple(rows)),
    )


def _commands(*rows: tuple[str, str]) -> Table:
    return Table(title="命令", columns=_COMMANDS, rows=rows)


def _reading() -> Clause:
    rows = tuple((f"{name}.csv", DOUBLE_RANDOM[name].title, DOUBLE_RANDOM[name].grain) for name in _PLAN_FILES)
    more = (
        ("dry_run.csv", "预演", "一个机构：检查、人时、缺口、期内到期的证件"),
        ("proof.md", "覆盖证明", "两年全覆盖、人力、未列入和没有批准文号的专项"),
    )
    return Clause(title="怎样读结果", blocks=(Table(title="计划的文件", columns=_FILES, rows=(*rows, *more)),))


def _appeal() -> Clause:
    items = (
        "企业可以询问自己为什么被列入、机会多大，答复以证明档案为准；",
        "监管所认为任务、窗口、管辖有误的，应以人工决定更正名录，或者报批后另案处理，不应在计划文件上直接改动；",
        "检查人员应回避的，在选派以前登记；选派以后由递补办理，另占一个编号。",
    )
    return Clause(title="异议和更正", blocks=(Listing(items=items),))
