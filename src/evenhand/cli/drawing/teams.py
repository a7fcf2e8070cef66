"""Commands of a draw of teams: draw exchange, teams, substitute."""

import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.asking import as_day
from evenhand.cli.console import screen, show_table
from evenhand.cli.drawing.words import Approved, Ledger, Reason, Rules, Serial, Signer, Sources, next_number, now
from evenhand.draw import make_draft, of_ratio
from evenhand.draw.teams import PAIR_ROTATION, Opened
from evenhand.pipeline.drawing import (
    commit_draw,
    drawn_ids,
    excluded_rule,
    hidden,
    keep_names,
    named_sources,
    pairs_so_far,
    read_agreed,
    read_draft,
    roster_in,
    substitute_one,
    teams_in,
)
from evenhand.pipeline.inspectors import library_at
from evenhand.pipeline.planning import open_plan
from evenhand.pipeline.spreadsheets import rows_to_csv
from evenhand.pipeline.teaming import exchange_frame, surroundings_of, team_frame, visits_of_week
from evenhand.publish import open_release
from evenhand.rulebook import load_pack

__all__ = ["exchange_", "roster_", "substitute_", "teams_"]

Held = Annotated[Path, typer.Argument(metavar="发布版", help="发布版目录：上次检查、机构、电话取自它；没有 --library 时人员也取自它。")]
PlanAt = Annotated[Path, typer.Argument(metavar="计划", help="evenhand plan make 写出的目录。")]
Week = Annotated[str, typer.Option(help="哪一周：该周任一日，如 2026-07-06。")]
Area = Annotated[str, typer.Option(help="区划前缀：省两位、市四位、县六位。")]
Book = Annotated[Path | None, typer.Option("--library", help="检查人员库：XLSX，见 evenhand inspectors template；含请假和回避。")]
_SHOWN = 20
_PLACES = {"L": "主办", "E": "协办", "X": "协办（外来）", "A1": "协助"}


def exchange_(folder: Ledger, plan: PlanAt, *, week: Week, area: Area, signer: Signer, source: Sources = None, rules: Rules = None) -> None:
    """异地互查第一步：冻结一周的检查，各机构按比例拿出若干次，由票号决定是哪几次。

    示例：evenhand draw exchange 台账 计划 --week 2026-07-06 --area 3501 --signer 福州市市场监督管理局
    """
    agreed, visits = read_agreed(load_pack(rules)), visits_of_week(open_plan(plan), as_day(week), area)
    rows = [(row["visit"], row["office"]) for row in visits if row["office"] and not row["sealed"]]
    sizes = Counter(office for _, office in rows)
    quotas = {office: of_ratio(size, agreed.exchange_share_pct, 100) for office, size in sizes.items()}
    serial, named = next_number(folder), named_sources(agreed, source)
    draft = make_draft(rows, method="exchange", serial=serial, quotas=quotas, sources=named)
    commit_draw(folder, draft, at=now(), signer=signer, agreed=agreed)
    show_table(f"编号 {serial}", ("项目", "个数"), [("检查", len(rows)), ("机构", len(sizes)), ("拿出互查", sum(quotas.values()))])
    screen.print(f"公布编号和公开值的约定（{'、'.join(named)}）；结果公布后 evenhand draw teams … --exchange {folder / serial}。")


def teams_(  # noqa: PLR0913 — each is an option of the command
    folder: Ledger, release: Held, plan: PlanAt, *, week: Week, area: Area, signer: Signer, library: Book = None, source: Sources = None,
    exchange: Annotated[Path | None, typer.Option("--exchange", help="异地互查：第一步的档案，这一次只派别的机构的人；第二步的档案，那几次已有外来的协办，只派主办。")] = None,
    rotate: Annotated[bool, typer.Option("--rotate-pairs", help="搭档轮换：今年常在一起的，与别的检查交换协办；各人的次数不变。")] = False,
) -> None:  # fmt: skip
    """冻结一周的选派名单，公布承诺；公开值公布以后，每次检查派出两名持证人员，负荷最均衡，其余由票号决定。

    示例：evenhand draw teams 台账 发布版 计划 --week 2026-07-06 --area 350102 --signer 鼓楼区市场监督管理局 --library 人员库.xlsx
    """
    agreed, held, day = read_agreed(load_pack(None)), open_release(release), as_day(week)
    people = library_at(held, library, day)
    around, told = surroundings_of(held), list[tuple[str, str, str]]()
    if exchange and read_draft(exchange).method == "exchange":
        frame, told = exchange_frame(open_plan(plan), people, week=day, prefix=area, around=around, visits=set(drawn_ids(exchange)))
        told.append(("param", "exchange_most", str(agreed.exchange_most_per_person)))
    else:
        frame = team_frame(
            open_plan(plan), people, week=day, prefix=area, around=around, exchanged=roster_in(exchange) if exchange else None
        )
    serial, named = next_number(folder), named_sources(agreed, source)
    if rotate:
        met = pairs_so_far(folder, time.gmtime().tm_year)
        told.append(("param", PAIR_ROTATION, "1"))
        told += [
            ("param", f"pair:{one}/{other}", str(count)) for (one, other), count in sorted(met.items()) if {one, other} <= set(frame.people)
        ]
    if frame.rows:
        told.append(excluded_rule(frame.left_out))
        rows, more, names = hidden(frame.rows, frame.people, told)
        draft = make_draft(rows, method="teams", serial=serial, quotas={}, sources=named, more=more)
        commit_draw(folder, draft, at=now(), signer=signer, agreed=agreed, excluded=frame.left_out)
        screen.print(f"档案里的人员用化名；对照表 {keep_names(folder, serial, names)} 不公开，随台账保存。")
    counts = [
        ("检查", len({row[0] for row in frame.rows})),
        ("可派人员", len(frame.people)),
        ("可派的人次", len(frame.rows)),
        ("由阶梯补足的检查", len(frame.relaxed)),
    ]
    show_table(f"编号 {serial}", ("项目", "个数"), counts)
    show_table("没有进入选派的", ("理由", "人次"), sorted(frame.left_out.items()))
    for note in people.notes:
        screen.print(f"注意：{note}")
    if frame.unfilled:
        screen.print(f"✗ 派不出合格人员的检查 {len(frame.unfilled)} 次：")
        screen.print("\n".join(f"  {one.visit}：{one.told}" for one in frame.unfilled[:_SHOWN]))
    if frame.rows:
        screen.print(f"公布编号和公开值的约定（{'、'.join(named)}），然后 evenhand draw input、reveal；派单用 evenhand draw roster。")


def substitute_(
    folder: Ledger, serial: Serial, visit: Annotated[str, typer.Argument(metavar="检查", help="检查编号。")],
    gone: Annotated[str, typer.Argument(metavar="人员", help="不能去的人员编号。")], *, reason: Reason, approved_by: Approved,
    unable: Annotated[list[str] | None, typer.Option("--unable", help="同时也不能去的其他人员；几个人就写几次。")] = None,
) -> None:  # fmt: skip
    """选派以后有人回避、生病或者证件过期：空出的一个位置按同样两条规则递补，须两人批准，另占一个编号。

    示例：evenhand draw substitute 台账 2026-000003 V1 FJ000007 --reason 申请回避 --approved-by 林某 --approved-by 陈某
    """
    opened = Opened(visit=visit, gone=gone, unable=unable or (), reason=reason, approved_by=approved_by)
    number, person = substitute_one(folder, serial, opened, year=time.gmtime().tm_year)
    screen.print(f"✓ {gone} 由 {person} 递补，台账编号 {number}。")


def roster_(
    folder: Ledger, serial: Serial, release: Held, *, out: Annotated[Path, typer.Option("--out", help="写到哪个 CSV 文件。")], library: Book = None,
    week: Annotated[str, typer.Option(help="该周任一日；有人员库时用来核对证件，不写则用今天。")] = "",
) -> None:  # fmt: skip
    """派单：一次选派的结果，化名换成编号、姓名和机构，递补已经算入。不公开。

    示例：evenhand draw roster 台账 2026-000003 发布版 --library 人员库.xlsx --out 派单.csv
    """
    held = open_release(release)
    day = as_day(week) if week else as_day(time.strftime("%Y-%m-%d"))
    people = {one.number: one for one in library_at(held, library, day).people}
    rows = [
        (visit, _PLACES.get(role, role), person, people[person].name if person in people else "", people[person].office if person in people else "")
        for visit, role, person in teams_in(folder / serial)
    ]  # fmt: skip
    rows_to_csv(out, ("检查", "位置", "人员编号", "姓名", "机构"), rows)
    screen.print(f"✓ {len({row[0] for row in rows})} 次检查、{len(rows)} 个位置：{out}")
    if unknown := sorted({row[2] for row in rows if row[2] not in people}):
        screen.print(f"注意：{len(unknown)} 个编号不在人员库里（{'、'.join(unknown[:6])}）；没有对照表的机器只看得到化名。")
