"""Commands of the draw: draw commit, exchange, teams, input, reveal, replace, substitute, void, verify."""

import csv
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.asking import as_day
from evenhand.cli.console import screen, show_table
from evenhand.draw import label, make_draft, next_serial, of_ratio, read_ledger
from evenhand.draw.teams import Opened
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import (
    cancel,
    commit_draw,
    drawn_ids,
    enter_value,
    read_agreed,
    read_draft,
    replace_one,
    reveal_draw,
    roster_in,
    substitute_one,
    usual_sources,
    verify_pack,
)
from evenhand.pipeline.inspectors import library_of_release, read_library
from evenhand.pipeline.planning import open_plan
from evenhand.pipeline.teaming import exchange_frame, surroundings_of, team_frame, visits_of_week
from evenhand.publish import open_release
from evenhand.rulebook import load_pack

__all__ = ["register"]

BAD_LIST = Message(
    "DRAW-30",
    zh="{path}：{why}。名单是 CSV，列为 id、stratum，按风险加权的另有 weight。",
    en="{path}: {why}; a CSV with id, stratum, perhaps weight.",
)
BAD_QUOTA = Message(
    "DRAW-31",
    zh="名额“{text}”写法不对。写成 层=个数，或者 各层比例 如 5%。",
    en="quota `{text}`: write stratum=number, or a ratio such as 5%.",
)
BAD_COUNTS = Message("DRAW-33", zh="{path}：{why}。须是 CSV，列为 {columns}。", en="{path}: {why}; a CSV with {columns}.")
TOO_FEW_APPROVE = Message(
    "DRAW-32",
    zh="作废须有 {least} 个不同的人批准，现有 {found} 个。请用 --approved-by 各写一次。",
    en="{least} different approvers are needed, {found} given.",
)

Ledger = Annotated[Path, typer.Argument(metavar="台账目录", help="一个机关的抽取台账所在目录。")]
Serial = Annotated[str, typer.Argument(metavar="编号", help="抽取编号，如 2026-000001。")]
Rules = Annotated[Path | None, typer.Option("--rules", help="规则包目录；不写则用随产品发布的福建规则包。")]
Reason = Annotated[str, typer.Option(help="理由，写进台账。")]
Approved = Annotated[list[str], typer.Option("--approved-by", help="批准人；几个人就写几次。")]
_PARTS = 2
_SHOWN = 20


def _now() -> int:
    return int(time.time())


def commit_(
    folder: Ledger,
    frame: Annotated[Path, typer.Argument(metavar="名单", help="CSV：id、stratum（层），按风险加权的另有 weight。")],
    *,
    quota: Annotated[
        list[str],
        typer.Option("--quota", help="名额：层=个数，可写几次；或者一个比例，如 5%，各层进一取整；或者一个 CSV 文件，列为 key、quota。"),
    ],
    excluded: Annotated[Path | None, typer.Option("--excluded", help="没有进入名单的：CSV，列为 reason、subjects，写进档案。")] = None,
    signer: Annotated[str, typer.Option(help="作出承诺的机关或者人。")],
    method: Annotated[str, typer.Option(help="srs 等概率；pps 按权重；multi 倍率；sealed 封存；week 排周。")] = "srs",
    source: Annotated[
        list[str] | None, typer.Option("--source", help="公开值的约定，如 dice:20、drand:quicknet:600；不写则用这两个。")
    ] = None,
    rules: Rules = None,
) -> None:
    """冻结名单和名额，公布承诺：此后名单改一个字节都会被发现。

    示例：evenhand draw commit 台账 名单.csv --quota 5% --signer 鼓楼区市场监督管理局
    """
    agreed, rows = read_agreed(load_pack(rules)), _rows(frame)
    strata = Counter(row[1] for row in rows)
    quotas = _quotas(quota, strata)
    left = {row["reason"]: int(row["subjects"]) for row in _table(excluded, ("reason", "subjects"))}
    serial = _next(folder)
    named = tuple(source or usual_sources(agreed))
    draft = make_draft(rows, method=method, serial=serial, quotas=quotas, sources=named, reserve_pct=agreed.reserve_pct)
    commit_draw(folder, draft, at=_now(), signer=signer, agreed=agreed, excluded=left)
    if method != "week":
        table = [
            (name, size, quotas[name], label(size, quotas[name], least=agreed.random_label_min)) for name, size in sorted(strata.items())
        ]
        show_table(f"编号 {serial}", ("层", "对象", "名额", "称谓"), table)
    screen.print(
        f"承诺 {draft.commit}\n公布编号、承诺和公开值的约定（{'、'.join(named)}），然后录入骰子：evenhand draw input {folder} {serial} 01 dice:…"
    )


def _rows(frame: Path) -> list[tuple[str, ...]]:
    try:
        with frame.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = reader.fieldnames or []
            if missing := [name for name in ("id", "stratum") if name not in names]:
                raise BadInput(Problem(BAD_LIST, {"path": frame, "why": f"缺少列 {'、'.join(missing)}"}))
            wanted = [name for name in ("id", "stratum", "weight") if name in names]
            return [tuple((row[name] or "").strip() for name in wanted) for row in reader]
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(Problem(BAD_LIST, {"path": frame, "why": f"读不了（{fault}）"})) from fault


def _table(path: Path | None, columns: tuple[str, str]) -> list[dict[str, str]]:
    """Rows of a CSV of two columns, the second a whole number."""
    if path is None:
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(Problem(BAD_COUNTS, {"path": path, "why": f"读不了（{fault}）", "columns": "、".join(columns)})) from fault
    bad = [n for n, row in enumerate(rows, 2) if not row.get(columns[0]) or not (row.get(columns[1]) or "").isdigit()]
    if bad:
        raise BadInput(
            Problem(BAD_COUNTS, {"path": f"{path} 第{n}行", "why": "缺内容或者不是整数", "columns": "、".join(columns)}) for n in bad
        )
    return rows


def _quotas(texts: list[str], strata: Counter[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in texts:
        name, _, count = text.rpartition("=")
        ratio = text.removesuffix("%")
        if text.endswith(".csv"):
            found |= {row["key"]: int(row["quota"]) for row in _table(Path(text), ("key", "quota"))}
            continue
        if text.endswith("%") and ratio.isdigit():
            found |= {stratum: of_ratio(size, int(ratio), 100) for stratum, size in strata.items()}
        elif name and count.isdigit():
            found[name] = int(count)
        else:
            raise BadInput(Problem(BAD_QUOTA, {"text": text}))
    return found


def input_(
    folder: Ledger,
    serial: Serial,
    source: Annotated[str, typer.Argument(metavar="来源", help="来源编号，如 01。")],
    value: Annotated[str, typer.Argument(metavar="公开值", help="如 dice:73150928461937502846。")],
) -> None:
    """把一个公开值写进台账；须在信标公布之前。

    示例：evenhand draw input 台账 2026-000001 01 dice:73150928461937502846
    """
    enter_value(folder, serial, source=source, value=value, at=_now())
    screen.print(f"✓ {serial} 来源 {source} 已写进台账。")


def reveal_(
    folder: Ledger,
    serial: Serial,
    *,
    beacon: Annotated[list[str] | None, typer.Option("--beacon", help="信标的值：来源=值，如 02=drand:quicknet:轮次:散列。")] = None,
    proof: Annotated[list[str] | None, typer.Option("--proof", help="签名或者证明：来源=十六进制。")] = None,
    rules: Rules = None,
) -> None:
    """公布种子，算出结果，写出证明档案。

    示例：evenhand draw reveal 台账 2026-000001 --beacon 02=drand:quicknet:123:fb8f…
    """
    told = {name: dict(_pair(text) for text in given or []) for name, given in (("beacon", beacon), ("proof", proof))}
    held = reveal_draw(folder, serial, beacon=told["beacon"], proofs=told["proof"], at=_now(), agreed=read_agreed(load_pack(rules)))
    screen.print(f"✓ 结果和证明档案：{held}\n任何人可以核对：evenhand draw verify {held}，或者 python3 {held}/verify.py {held}")


def _pair(text: str) -> tuple[str, str]:
    parts = text.split("=", 1)
    if len(parts) != _PARTS:
        raise BadInput(Problem(BAD_QUOTA, {"text": text}))
    return parts[0], parts[1]


def replace_(
    folder: Ledger,
    serial: Serial,
    gone: Annotated[str, typer.Argument(metavar="对象", help="已关闭、迁出等不能检查的对象编号。")],
    *,
    reason: Reason,
    approved_by: Approved,
) -> None:
    """用同一层的下一个票号递补；没有“重抽”。

    示例：evenhand draw replace 台账 2026-000001 E003 --reason 已注销 --approved-by 林某
    """
    taken = replace_one(folder, serial, gone=gone, reason=reason, approved_by=approved_by)
    screen.print(f"✓ {gone} 由下一个票号 {taken} 递补，已写进台账。")


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


def void_(folder: Ledger, serial: Serial, *, reason: Reason, approved_by: Approved, rules: Rules = None) -> None:
    """作废一次抽取：编号、理由和批准人留在台账，不能恢复。

    示例：evenhand draw void 台账 2026-000001 --reason 名单漏了一个镇 --approved-by 林某 --approved-by 陈某
    """
    least = read_agreed(load_pack(rules)).void_approvers
    if len(set(approved_by)) < least:
        raise BadInput(Problem(TOO_FEW_APPROVE, {"least": least, "found": len(set(approved_by))}))
    cancel(folder, serial, reason=reason, approved_by=approved_by)
    screen.print(f"✓ {serial} 已作废，留在台账。")


Held = Annotated[Path, typer.Argument(metavar="发布版", help="发布版目录：上次检查、机构、电话取自它；没有 --library 时人员也取自它。")]
PlanAt = Annotated[Path, typer.Argument(metavar="计划", help="evenhand plan make 写出的目录。")]
Week = Annotated[str, typer.Option(help="哪一周：该周任一日，如 2026-07-06。")]
Area = Annotated[str, typer.Option(help="区划前缀：省两位、市四位、县六位。")]
Signer = Annotated[str, typer.Option(help="作出承诺的机关或者人。")]
Book = Annotated[Path | None, typer.Option("--library", help="检查人员库：XLSX，见 evenhand inspectors template；含请假和回避。")]


def exchange_(folder: Ledger, plan: PlanAt, *, week: Week, area: Area, signer: Signer, rules: Rules = None) -> None:
    """异地互查第一步：冻结一周的检查，各机构按比例拿出若干次，由票号决定是哪几次。

    示例：evenhand draw exchange 台账 计划 --week 2026-07-06 --area 3501 --signer 福州市市场监督管理局
    """
    agreed, visits = read_agreed(load_pack(rules)), visits_of_week(open_plan(plan), as_day(week), area)
    rows = [(row["visit"], row["office"]) for row in visits if row["office"] and not row["sealed"]]
    sizes = Counter(office for _, office in rows)
    quotas = {office: of_ratio(size, agreed.exchange_share_pct, 100) for office, size in sizes.items()}
    serial, named = _next(folder), usual_sources(agreed)
    draft = make_draft(rows, method="exchange", serial=serial, quotas=quotas, sources=named)
    commit_draw(folder, draft, at=_now(), signer=signer, agreed=agreed)
    show_table(f"编号 {serial}", ("项目", "个数"), [("检查", len(rows)), ("机构", len(sizes)), ("拿出互查", sum(quotas.values()))])
    screen.print(f"公布编号和公开值的约定（{'、'.join(named)}）；结果公布后 evenhand draw teams … --exchange {folder / serial}。")


def teams_(
    folder: Ledger, release: Held, plan: PlanAt, *, week: Week, area: Area, signer: Signer, library: Book = None,
    exchange: Annotated[Path | None, typer.Option("--exchange", help="异地互查：第一步的档案，这一次只派别的机构的人；第二步的档案，那几次已有外来的协办，只派主办。")] = None,
) -> None:  # fmt: skip
    """冻结一周的选派名单，公布承诺；公开值公布以后，每次检查派出两名持证人员，负荷最均衡，其余由票号决定。

    示例：evenhand draw teams 台账 发布版 计划 --week 2026-07-06 --area 350102 --signer 鼓楼区市场监督管理局 --library 人员库.xlsx
    """
    agreed, held, day = read_agreed(load_pack(None)), open_release(release), as_day(week)
    people = read_library(library, held, today=day) if library else library_of_release(held)
    around, told = surroundings_of(held), list[tuple[str, str, str]]()
    if exchange and read_draft(exchange).method == "exchange":
        frame, told = exchange_frame(open_plan(plan), people, week=day, prefix=area, around=around, visits=set(drawn_ids(exchange)))
        told.append(("param", "exchange_most", str(agreed.exchange_most_per_person)))
    else:
        frame = team_frame(
            open_plan(plan), people, week=day, prefix=area, around=around, exchanged=roster_in(exchange) if exchange else None
        )
    serial, named = _next(folder), usual_sources(agreed)
    told += [("person", one, load) for one, load in frame.people.items()]
    if frame.rows:
        draft = make_draft(frame.rows, method="teams", serial=serial, quotas={}, sources=named, more=told)
        commit_draw(folder, draft, at=_now(), signer=signer, agreed=agreed, excluded=frame.left_out)
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
        screen.print(f"公布编号和公开值的约定（{'、'.join(named)}），然后 evenhand draw input、reveal。")


def _next(folder: Path) -> str:
    held = folder / "ledger.jsonl"
    return next_serial(read_ledger(held.read_bytes()) if held.is_file() else [], time.gmtime().tm_year)


def verify_(folder: Annotated[Path, typer.Argument(metavar="档案", help="一次抽取的证明档案目录。")]) -> int:
    """核对一次抽取：只看档案里的文件，不用数据库；不符的指出第一处。

    示例：evenhand draw verify 台账/2026-000001
    """
    found = verify_pack(folder)
    if found.difference:
        screen.print(f"✗ 不符：{found.difference}")
        return 1
    screen.print(f"✓ 相符：{found.serial}，承诺 {found.commit}")
    if found.cancelled:
        screen.print(f"注意：这次抽取已经作废，理由：{found.cancelled}")
    return 0


def register(app: typer.Typer) -> None:
    """Add these commands."""
    draw = typer.Typer(name="draw", help="抽取仪式：承诺、公开值、种子、结果，任何人可以重算。", no_args_is_help=True)
    for name, command in (
        ("commit", commit_),
        ("input", input_),
        ("reveal", reveal_),
        ("replace", replace_),
        ("substitute", substitute_),
        ("void", void_),
        ("exchange", exchange_),
        ("teams", teams_),
        ("verify", verify_),
    ):
        draw.command(name)(command)
    app.add_typer(draw)
