"""Commands around what is hidden and what is given: draw open, ask, share, vrf."""

import re
import secrets
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.console import screen, show_table
from evenhand.cli.drawing.frames import read_frame
from evenhand.cli.drawing.words import Ledger, Rules, Serial
from evenhand.draw import proof_output, prove, public_key, share_commitment
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing import STATES, ask_pack, open_sealed, publish_opened, read_agreed, read_key
from evenhand.pipeline.spreadsheets import rows_to_csv
from evenhand.rulebook import load_pack

__all__ = ["ask_", "open_", "share_", "vrf_"]

BAD_COMMIT = Message(
    "DRAW-37",
    zh="“{text}”不是承诺：应为公告一上的 64 位十六进制。",
    en="`{text}` is no commit: 64 hex digits as on the first notice.",
)
BAD_SHARE = Message("DRAW-40", zh="“{text}”写法不对：{why}。", en="`{text}` is not written as it should be.")
Key = Annotated[Path, typer.Option("--key", help="钥匙文件：一行 64 位十六进制，由监督方保管。")]


def open_(
    folder: Ledger, serial: Serial, frame: Annotated[Path, typer.Argument(metavar="名单", help="封存时用的那份名单，CSV：id、stratum。")], *, key: Key,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个 CSV 文件：检查以前只给办案的人看。")] = None,
    one: Annotated[list[str] | None, typer.Option("--id", help="只开这些对象；不写则全部。")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="把全部开封写进档案（opened.csv），任何人可以核对；须在检查全部结束以后。")] = False,
) -> int:  # fmt: skip
    """开封：用钥匙把盲码换回对象。检查以前查谁中选，检查以后逐行或者全部公开。

    示例：evenhand draw open 台账 2026-000004 名单.csv --key 钥匙 --out 密件.csv
    """
    found = open_sealed(folder, serial, [(row[0], row[1]) for row in read_frame(frame)], read_key(key), only=one or ())
    if out:
        rows_to_csv(out, ("对象", "层", "盐", "盲码", "结果"), [(r.id, r.stratum, r.salt, r.blind, STATES[r.state]) for r in found.rows])
    drawn = [row.id for row in found.rows if row.state == "D"]
    screen.print(f"开封 {len(found.rows)} 个对象，其中中选 {len(drawn)} 个" + (f"；明细在 {out}" if out else ""))
    if found.why_not_all:
        screen.print(f"✗ {found.why_not_all}。")
    if publish:
        screen.print(f"✓ 已公开：{publish_opened(folder, found)}。evenhand draw verify 会逐行核对。")
    return 1 if found.strange else 0


def ask_(
    folder: Ledger, serial: Serial, one: Annotated[str, typer.Argument(metavar="对象", help="对象编号；封存抽取写盲码。")], *, rules: Rules = None
) -> int:  # fmt: skip
    """答复一个对象：在不在名单里、机会多大、票号、结果，以及不用全部名单也能核对的证明。

    示例：evenhand draw ask 台账 2026-000001 E003
    """
    told = ask_pack(folder / serial, one, agreed=read_agreed(load_pack(rules)))
    show_table(f"编号 {serial} · {one}", ("项目", "内容"), told.rows)
    if told.proof:
        screen.print(f"名单的根 {told.root}\n这一行到根的路：\n" + "\n".join(f"  {side} {other}" for side, other in told.proof))
        screen.print("叶 = SHA-256(00 ‖ 行)，节点 = SHA-256(01 ‖ 左 ‖ 右)；L 表示旁边的值在左。算到最后等于根，这一行就在名单里。")
    return 0 if told.proof else 1


def share_(
    serial: Serial,
    party: Annotated[str, typer.Argument(metavar="参与方", help="字母、数字和连字符，如 notary-1。")],
    value: Annotated[str, typer.Option("--value", help="64 位十六进制；不写则由本机取一个随机数。")] = "",
) -> None:
    """公证人、代表或者群众出一份随机数：先交承诺，信标公布以前再公开数值。

    示例：evenhand draw share 2026-000001 notary-1
    """
    told = value or secrets.token_hex(32)
    asked = (
        (serial, r"[0-9]{4}-[0-9]{6}", "编号写成 2026-000001"),
        (party, r"[0-9A-Za-z-]{1,64}", "参与方只用字母、数字和连字符"),
        (told, r"[0-9a-f]{64}", "数值是 64 位十六进制"),
    )
    if wrong := [Problem(BAD_SHARE, {"text": text, "why": why}) for text, form, why in asked if not re.fullmatch(form, text)]:
        raise BadInput(wrong)
    screen.print(
        f"承诺以前交出（evenhand draw commit 的 --source）：share:{party}:{share_commitment(serial, party, told)}\n"
        f"自己保管，承诺以后、信标以前公开（evenhand draw input）：share:{party}:{told}"
    )


def vrf_(
    key: Annotated[Path, typer.Argument(metavar="钥匙", help="第二机关的私钥文件；没有则新建一个。")],
    commit: Annotated[str, typer.Argument(metavar="承诺", help="公告一上的承诺；不写则只显示公钥。")] = "",
) -> None:
    """第二机关的可验证随机数：先登记公钥，承诺公布以后对它算一次。

    示例：evenhand draw vrf 私钥 becc995df5bc15c4e49cd9a9f22d68aaeac2ffe1387ae561318c26a29445a983
    """
    secret = read_key(key, make=True)
    screen.print(f"公钥，抽取以前登记（--source）：vrf:{public_key(secret).hex()}")
    if commit:
        if not re.fullmatch(r"[0-9a-f]{64}", commit):
            raise BadInput(Problem(BAD_COMMIT, {"text": commit}))
        proof = prove(secret, f"FSDR1|vrf|{commit}".encode())
        screen.print(
            f"公开值（draw input）：vrf:{public_key(secret).hex()}:{proof_output(proof)}\n证明（draw reveal --proof 来源=…）：{proof.hex()}"
        )
