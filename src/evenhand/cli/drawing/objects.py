"""Commands of a draw of objects: draw commit, input, reveal, print, replace, void, verify."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import screen, show_table
from evenhand.cli.drawing.frames import read_cells, read_counts, read_frame, read_quotas
from evenhand.cli.drawing.words import Approved, Ledger, Reason, Rules, Serial, Signer, Sources, next_number, now
from evenhand.documents.certificates import certificate_pdf, first_notice_pdf, second_notice_pdf
from evenhand.documents.fonts import find_faces
from evenhand.draw import make_draft, sealed_rows
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import (
    APPROVED_NARROW,
    act_of,
    cancel,
    commit_draw,
    enter_value,
    excluded_rule,
    named_sources,
    read_agreed,
    read_key,
    replace_one,
    reveal_draw,
    sources_told,
    strata_told,
    verify_pack,
)
from evenhand.rulebook import load_pack

__all__ = ["commit_", "input_", "next_", "print_", "replace_", "reveal_", "verify_", "void_"]

TOO_FEW_APPROVE = Message(
    "DRAW-32",
    zh="作废须有 {least} 个不同的人批准，现有 {found} 个。请用 --approved-by 各写一次。",
    en="{least} different approvers are needed, {found} given.",
)
BAD_PAIR = Message("DRAW-39", zh="“{text}”写法不对：写成 来源=内容，如 02=b75c…。", en="`{text}`: write source=value.")
NO_KEY = Message(
    "DRAW-38",
    zh="封存抽取要 --key 钥匙文件：没有则新建一个。钥匙交监督方保管，丢失就再也不能开封。",
    en="a sealed draw needs --key FILE; a new one is made when there is none.",
)
_PARTS = 2


def commit_(  # noqa: PLR0913 — each is an option of the command
    folder: Ledger,
    frame: Annotated[
        Path,
        typer.Argument(metavar="名单", help="CSV：id、stratum（层），按风险加权的另有 weight；两维名额是 row、column、numerator（分子）。"),
    ],
    *,
    quota: Annotated[
        list[str] | None,
        typer.Option("--quota", help="名额：层=个数，可写几次；或者一个比例，如 5%，各层进一取整；或者一个 CSV 文件，列为 key、quota。"),
    ] = None,
    excluded: Annotated[Path | None, typer.Option("--excluded", help="没有进入名单的：CSV，列为 reason、subjects，写进档案。")] = None,
    signer: Signer,
    method: Annotated[str, typer.Option(help="srs 等概率；pps 按权重；multi 倍率；sealed 封存；week 排周；rounding 两维名额。")] = "srs",
    source: Sources = None,
    key: Annotated[Path | None, typer.Option("--key", help="封存抽取的钥匙文件；没有则新建一个，交监督方保管。")] = None,
    denominator: Annotated[int, typer.Option(help="两维名额的分母。", min=1)] = 100,
    narrow_approved_by: Annotated[str, typer.Option(help="名单不到名额规定倍数的，写批准人。")] = "",
    rules: Rules = None,
) -> None:
    """冻结名单和名额，公布承诺：此后名单改一个字节都会被发现。

    示例：evenhand draw commit 台账 名单.csv --quota 5% --signer 鼓楼区市场监督管理局
    """
    agreed = read_agreed(load_pack(rules))
    rows, more = read_cells(frame, denominator) if method == "rounding" else (read_frame(frame), list[tuple[str, str, str]]())
    if method == "sealed":
        if key is None:
            raise BadInput(Problem(NO_KEY, {}))
        rows = list(sealed_rows([(row[0], row[1]) for row in rows], read_key(key, make=True), least=agreed.sealed_stratum_min))
    strata = Counter(row[1] for row in rows if method != "rounding")
    left = read_counts(excluded, ("reason", "subjects"))
    more += [excluded_rule(left)] if left else []
    more += [("param", APPROVED_NARROW, narrow_approved_by)] if narrow_approved_by else []
    serial, named = next_number(folder), named_sources(agreed, source)
    draft = make_draft(
        rows,
        method=method,
        serial=serial,
        quotas=read_quotas(quota or (), strata),
        sources=named,
        reserve_pct=agreed.reserve_pct,
        more=more,
    )
    at = now()
    commit_draw(folder, draft, at=at, signer=signer, agreed=agreed, excluded=left)
    if told := list(strata_told(draft, agreed)):
        show_table(f"编号 {serial}", ("层", "对象", "名额", "称谓", "每个对象的机会"), told)
    screen.print(
        f"承诺 {draft.commit}\n公布编号、承诺和公开值的约定，然后录入骰子：evenhand draw input {folder} {serial} 01 dice:…\n  "
        + "\n  ".join(sources_told(draft, at))
    )


def next_(folder: Ledger) -> None:
    """显示台账的下一个编号：公证人的份额要在承诺以前写上它。

    示例：evenhand draw next 台账
    """
    screen.print(next_number(folder))


def input_(
    folder: Ledger,
    serial: Serial,
    source: Annotated[str, typer.Argument(metavar="来源", help="来源编号，如 01。")],
    value: Annotated[str, typer.Argument(metavar="公开值", help="如 dice:73150928461937502846。")],
) -> None:
    """把一个公开值写进台账；须在信标公布之前。

    示例：evenhand draw input 台账 2026-000001 01 dice:73150928461937502846
    """
    enter_value(folder, serial, source=source, value=value, at=now())
    screen.print(f"✓ {serial} 来源 {source} 已写进台账。")


def reveal_(
    folder: Ledger,
    serial: Serial,
    *,
    proof: Annotated[
        list[str] | None, typer.Option("--proof", help="信标的签名或者 VRF 的证明：来源=十六进制。信标的值由签名得出，不必另写。")
    ] = None,
    beacon: Annotated[
        list[str] | None, typer.Option("--beacon", help="网站公布的信标值，用来与签名对照：来源=drand:quicknet:轮次:散列。")
    ] = None,
    rules: Rules = None,
) -> None:
    """公布种子，算出结果，写出证明档案。

    示例：evenhand draw reveal 台账 2026-000001 --proof 02=b75c69d0…
    """
    told = {name: dict(_pair(text) for text in given or []) for name, given in (("beacon", beacon), ("proof", proof))}
    held = reveal_draw(folder, serial, beacon=told["beacon"], proofs=told["proof"], at=now(), agreed=read_agreed(load_pack(rules)))
    screen.print(f"✓ 结果和证明档案：{held}\n任何人可以核对：evenhand draw verify {held}，或者 python3 {held}/verify.py {held}")


def _pair(text: str) -> tuple[str, str]:
    parts = text.split("=", 1)
    if len(parts) != _PARTS:
        raise BadInput(Problem(BAD_PAIR, {"text": text}))
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


def print_(
    folder: Ledger,
    serial: Serial,
    *,
    out: Annotated[Path, typer.Option("--out", help="写到哪个目录。")],
    fonts: Annotated[Path | None, typer.Option("--fonts", help="中文字体所在目录；不写则用系统里的宋体和黑体。")] = None,
    rules: Rules = None,
) -> None:
    """印制公告和证书（PDF，带散列的二维码）：承诺以后是公告一，公布以后是公告二和证书。

    示例：evenhand draw print 台账 2026-000001 --out 公告
    """
    faces, act = find_faces(fonts), act_of(folder, serial, agreed=read_agreed(load_pack(rules)))
    made = {"公告一": first_notice_pdf}
    if act.result_hash:
        made |= {"公告二": second_notice_pdf, "证书": certificate_pdf}
    out.mkdir(parents=True, exist_ok=True)
    for name, write in made.items():
        (out / f"{serial}{name}.pdf").write_bytes(write(act, faces))
    screen.print(f"✓ 已写到 {out}：{'、'.join(f'{serial}{name}.pdf' for name in made)}")


def void_(folder: Ledger, serial: Serial, *, reason: Reason, approved_by: Approved, rules: Rules = None) -> None:
    """作废一次抽取：编号、理由和批准人留在台账，不能恢复。

    示例：evenhand draw void 台账 2026-000001 --reason 名单漏了一个镇 --approved-by 林某 --approved-by 陈某
    """
    least = read_agreed(load_pack(rules)).void_approvers
    if len(set(approved_by)) < least:
        raise BadInput(Problem(TOO_FEW_APPROVE, {"least": least, "found": len(set(approved_by))}))
    cancel(folder, serial, reason=reason, approved_by=approved_by)
    screen.print(f"✓ {serial} 已作废，留在台账。")


def verify_(folder: Annotated[Path, typer.Argument(metavar="档案", help="一次抽取的证明档案目录。")]) -> int:
    """核对一次抽取：只看档案里的文件，不用数据库；不符的指出第一处。

    示例：evenhand draw verify 台账/2026-000001
    """
    found = verify_pack(folder)
    if found.difference:
        screen.print(f"✗ 不符：{found.difference}")
        return 1
    screen.print(
        f"✓ 相符：{found.serial}，承诺 {found.commit}\n本次最近一条台账 {found.last_entry}：应与最近一次公告上的相同，否则后面的记录（如作废）被截去。"
    )
    if found.unchecked:
        screen.print(f"注意：{found.unchecked}。")
    if found.cancelled:
        screen.print(f"注意：这次抽取已经作废，理由：{found.cancelled}")
    return 0
