"""Commands on grades: show, suppose, advise, compare, simulate, backtest."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from evenhand.cli.asking import as_day
from evenhand.cli.cells import NOT_FOUND
from evenhand.cli.console import screen, show_table
from evenhand.errors import BadInput, Message, Problem
from evenhand.grade import (
    GRADES,
    GROUNDS,
    Advice,
    Backtest,
    GradeRules,
    Ground,
    Model,
    Period,
    advise,
    point_rows,
    read_grade_rules,
    sentences,
    what_if,
)
from evenhand.pipeline.grades import GradeCard, dossier_of, grade_cards, release_day, since_of, stated_grades
from evenhand.pipeline.simulating import backtest, backtest_table, changed_rules, compare_releases, counter_examples, simulate
from evenhand.publish import Release, open_release
from evenhand.rulebook import load_pack
from evenhand.tag import read_tag_rules

__all__ = ["register"]

ReleaseFolder = Annotated[Path, typer.Argument(help="发布版目录，或者存放发布版的目录（取当前版）。")]
Number = Annotated[str, typer.Argument(metavar="编号", help="主体编号、统一社会信用代码或者许可证编号。")]
ModelName = Annotated[str, typer.Option("--model", help="只看一个模型，如 catering。")]
Rules = Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")]

NOT_COVERED: Final = Message(
    "GRD-06",
    zh="没有模型适用于“{number}”：它没有在册的食品生产经营资格，或者在所问的日期还没有成立。",
    en="no model covers {number}: it holds no standing licence, or was not founded on that day.",
)
NO_EVENT: Final = Message("GRD-07", zh="没有“{kind}”这种事件。可用：{known}。", en="no event {kind}; there are {known}.")


def _rules(path: Path | None) -> GradeRules:
    return read_grade_rules(load_pack(path))


def _tag_names(path: Path | None) -> dict[str, str]:
    return {tag.code: tag.value for tag in read_tag_rules(load_pack(path)).tags}


def _found(held: Release, number: str) -> str:
    subject = held.find(number)
    if subject is None:
        raise BadInput(Problem(NOT_FOUND, {"release": held.name, "number": number}))
    return subject


def _cards(held: Release, number: str, rules: GradeRules, *, model: str, on: date | None, known: date | None = None) -> list[GradeCard]:
    wanted = rules.model(model).name if model else ""
    cards = [c for c in grade_cards(held, _found(held, number), rules, on=on, known=known) if not wanted or c.model.name == wanted]
    if not cards:
        raise BadInput(Problem(NOT_COVERED, {"number": number}))
    return cards


def show(
    release: ReleaseFolder,
    number: Number,
    *,
    model: ModelName = "",
    on: Annotated[str, typer.Option("--on", help="哪一天的等级，如 2026-03-31；不写则为数据截止日。")] = "",
    known: Annotated[str, typer.Option("--known", help="只按这一天以前得知的数据评定；不写则按全部数据。")] = "",
    rules: Rules = None,
) -> None:
    """一个主体的等级：得分的每一项、触发、时期、理由和依据。

    示例：evenhand grade show 发布版 S000001 --on 2026-03-31
    """
    held, read, names = open_release(release), _rules(rules), _tag_names(rules)
    day, knew = as_day(on) if on else None, as_day(known) if known else None
    for card in _cards(held, number, read, model=model, on=day, known=knew):
        scheme = read.schemes[card.now.scheme]
        screen.print(f"\n■ {card.model.term}")
        for sentence in sentences(card.now, card.model, scheme, names):
            screen.print(f"  {sentence}")
        show_table(
            "逐项得分",
            ("编号", "指标", "部分", "得分", "最高", "可能", "理由", "依据"),
            [
                (r.id, r.term, r.part, r.points, r.most, r.range, r.why, r.source + ("" if r.settled else " ※"))
                for r in point_rows(card.now, scheme, names)
            ],
        )
        screen.print("  ※ 分值待主管部门确认")
        show_table("各时期", ("起", "止", "等级", "得分", "触发", "方案"), [_period(p) for p in card.periods])
    if knew:
        rows = stated_grades(held, _found(held, number), on=day or release_day(held), known=knew)
        show_table(
            f"{knew} 的发布版所写",
            ("模型", "等级", "得分", "起", "得知"),
            [(r["model"], r["grade"], r["score"], r["begins_on"], r["known_from"]) for r in rows],
        )


def _period(period: Period) -> tuple[object, ...]:
    told = period.standing
    triggers = " ".join(dict.fromkeys(f.trigger.id for f in told.fired))
    return (
        period.begins,
        period.ends or "—",
        GRADES[period.grade] + ("（暂缓）" if period.held else ""),
        told.score / 10,
        triggers,
        period.scheme,
    )


def suppose(
    release: ReleaseFolder,
    number: Number,
    event: Annotated[
        list[str], typer.Option("--event", help="设想的事件：种类[:结果[:级别]]，如 sampling:不合格:省抽、refusal、inspection:不符合。")
    ],
    *,
    model: ModelName = "",
    on: Annotated[str, typer.Option("--on", help="设想在哪一天发生；不写则为数据截止日。")] = "",
    rules: Rules = None,
) -> None:
    """情景推演：如果发生这些事，等级和检查频次从哪一天起怎样变。

    示例：evenhand grade suppose 发布版 S000001 --event sampling:不合格:省抽
    """
    held, read = open_release(release), _rules(rules)
    day = as_day(on) if on else release_day(held)
    events = [_event(text, day) for text in event]
    dossier, since = dossier_of(held, _found(held, number)), since_of(held)
    for card in _cards(held, number, read, model=model, on=None):
        assert dossier  # noqa: S101 — a card was made from it
        before, after = what_if(dossier, events, card.model, read, asof=release_day(held), since=since)
        show_table(f"{card.model.term}：现在", ("起", "止", "等级", "得分", "触发", "方案"), [_period(p) for p in before])
        show_table(f"{card.model.term}：如果发生", ("起", "止", "等级", "得分", "触发", "方案"), [_period(p) for p in after])


def _event(text: str, day: date) -> Ground:
    kind, outcome, level = [*text.split(":"), "", ""][:3]
    if kind not in GROUNDS:
        raise BadInput(Problem(NO_EVENT, {"kind": kind, "known": "、".join(f"{name}（{title}）" for name, title in GROUNDS.items())}))
    return Ground(kind=kind, day=day, outcome=outcome or None, level=level or None)


def advice(
    release: ReleaseFolder,
    number: Number,
    *,
    model: ModelName = "",
    target: Annotated[str, typer.Option("--target", help="希望达到的等级；不写则比现在好一级。")] = "",
    rules: Rules = None,
) -> None:
    """改进建议：最少做哪几件合法的事能达到更好的等级，从哪一天起算。

    示例：evenhand grade advise 发布版 S000001 --target B
    """
    held, read = open_release(release), _rules(rules)
    dossier, since = dossier_of(held, _found(held, number)), since_of(held)
    for card in _cards(held, number, read, model=model, on=None):
        assert dossier  # noqa: S101 — a card was made from it
        _say_advice(card.model, card.grade, advise(dossier, card.model, read, asof=release_day(held), since=since, target=target))


def _say_advice(model: Model, grade: str, found: Advice | None) -> None:
    if found is None:
        screen.print(f"{model.term}：现为 {grade} 级，不需要改进。")
    elif not found.ways:
        screen.print(f"{model.term}：现为 {grade} 级；三年内没有做得到的办法达到 {found.target} 级，须先减少静态风险（变更许可）。")
    for steps, day in found.ways if found else ():
        said = "；".join(step.text for step in steps) if steps else "不再发生新的问题"
        screen.print(f"{model.term}：现为 {grade} 级；{said}，{day} 起为 {found.target if found else ''} 级或者更好。")


def simulate_change(
    release: ReleaseFolder,
    *,
    change: Annotated[list[str] | None, typer.Option("--set", help="改一个值：方案.字段=值，如 FJ-DEFAULT.bands.A=25；可写多次。")] = None,
    scheme: Annotated[str, typer.Option("--scheme", help="改用这个方案，如 N2016。")] = "",
    minutes: Annotated[int, typer.Option("--minutes", min=1, help="一次检查每名检查人员所用分钟数，两人一组。")] = 90,
    rules: Rules = None,
) -> None:
    """政策模拟：签发之前，看改动权重、界限、频次或者方案后，等级怎样变、各机构每年多多少次检查和多少人时。

    示例：evenhand grade simulate 发布版 --set FJ-DEFAULT.bands.A=25
    """
    held = open_release(release)
    found = simulate(held, changed_rules(_rules(rules), change or [], scheme=scheme), minutes=minutes)
    show_table("等级变动", ("模型", "现在", "改后", "主体"), [(*move, count) for move, count in found.moves.items()])
    show_table(
        "各机构每年检查次数（变动最大的二十个）",
        ("机构", "主体", "现在", "改后", "人时增减"),
        [
            (r["office"] or "（不明）", r["subjects"], float(r["before"]), float(r["after"]), round(float(r["hours"]), 1))
            for r in found.offices[:20]
        ],
    )
    show_table(
        "变动最大的主体",
        ("主体编号", "名称", "模型", "现在", "改后", "现得分", "改后得分"),
        [(r["subject_id"], r["name"], r["model"], r["old_grade"], r["grade"], r["old_score"], r["score"]) for r in found.most],
    )
    before, after = found.visits
    screen.print(f"全省每年检查 {before:,} 次，改后 {after:,} 次。")


def compare(
    old: Annotated[Path, typer.Argument(help="更正之前的发布版。")],
    new: Annotated[Path, typer.Argument(help="更正之后的发布版。")],
    *,
    rules: Rules = None,
) -> None:
    """更正后重评：前一发布版的等级，哪些被后来的数据推翻。

    列出等级和检查频次因此不同的主体，以及本不该安排或者漏了安排的飞行检查和复查。

    示例：evenhand grade compare 发布版/2026-05-31-… 发布版/2026-06-30-…
    """
    found = compare_releases(open_release(old), open_release(new), rules=_rules(rules))
    show_table(
        "被推翻的时期",
        ("主体编号", "模型", "起", "止", "等级", "得分", "触发"),
        [(r["subject_id"], r["model"], r["begins_on"], r["ends_on"], r["grade"], r["score"], r["triggers"]) for r in found.periods],
    )
    show_table(
        "等级或者频次不同的主体",
        ("主体编号", "模型", "原等级", "新等级", "原两年次数", "新两年次数"),
        [
            (r["subject_id"], r["model"], r["grade"], r["new_grade"], r["visits_two_years"], r["new_visits_two_years"])
            for r in found.subjects
        ],
    )
    show_table(
        "因事件安排的任务",
        ("主体编号", "模型", "任务", "起因", "自", "原来"),
        [
            (
                r["subject_id"],
                r["model"],
                r["task"],
                f"{r['term']}（{r['trigger']}）",
                r["since"],
                "本不该安排" if r["needless"] else "漏了安排",
            )
            for r in found.tasks
        ],
    )


def look_back(
    release: Annotated[Path, typer.Argument(help="发布版目录；或者一个 CSV 表（列 subject、day、score、outcome）。")],
    *,
    on: Annotated[str, typer.Option("--on", help="评定等级的日期；检验此后十二个月内的第一次检查。")] = "",
    model: ModelName = "",
) -> None:
    """回溯检验：某日的等级能不能预示此后的检查结果，并列出反例。检查人员宽严的影响另列，不进入等级。

    示例：evenhand grade backtest 发布版 --on 2025-06-30
    """
    if release.suffix == ".csv":
        return _say_backtest(backtest_table(release))
    held = open_release(release)
    day = as_day(on) if on else release_day(held).replace(year=release_day(held).year - 1)
    _say_backtest(backtest(held, on=day, model=model))
    titles = {"mild": "反例：A 级，此后检查不符合", "harsh": "反例：D 级，此后检查符合"}
    for name, rows in counter_examples(held, on=day).items():
        show_table(
            titles[name],
            ("主体编号", "名称", "模型", "得分", "触发", "检查日期", "不符合项"),
            [(r["subject_id"], r["name"], r["model"], r["score"], r["triggers"], r["found_on"], r["failed"]) for r in rows],
        )
    return None


def _say_backtest(found: Backtest) -> None:
    def shown(value: float | None) -> str:
        return "无法计算" if value is None else f"{value:.3f}"

    screen.print(f"此后受检 {found.count:,} 个，其中发现严重问题 {found.failed:,} 个。")
    screen.print(f"区分度（AUC）{shown(found.auc)}；同一检查人员之内 {shown(found.auc_within)}。0.5 等于随机。")
    show_table("各等级", ("等级", "受检", "严重", "倍数"), [(r.grade, r.count, r.failed, shown(r.lift)) for r in found.grades])
    show_table(
        "各机构：实际与按等级应有之数（相差最大的十个）",
        ("机构", "受检", "严重", "应有"),
        [(r.office or "（不明）", r.count, r.failed, round(r.expected, 1)) for r in found.offices[:10]],
    )


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="风险等级：说明、推演、建议、比较、模拟、检验。", no_args_is_help=True, rich_markup_mode=None)
    for name, command in (
        ("show", show),
        ("suppose", suppose),
        ("advise", advice),
        ("simulate", simulate_change),
        ("compare", compare),
        ("backtest", look_back),
    ):
        group.command(name)(command)
    app.add_typer(group, name="grade")
