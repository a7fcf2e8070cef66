"""Notices and the certificate of a draw as PDF, with QR codes of their hashes (抽取公告、抽取证书).

The first notice is printed after the commit, before any public value exists; the second tells the result; the certificate is the
whole act on paper. Each carries the hashes as QR codes: a phone shows the same text that the ledger holds.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Final

import segno

from evenhand.documents.fonts import Faces
from evenhand.documents.typst_writer import pdf_bytes, typst_string
from evenhand.draw import Act

__all__ = ["certificate_pdf", "first_notice_pdf", "second_notice_pdf"]

_ROWS: Final = 60
_STEP: Final = 32
Row = tuple[str, ...]


def first_notice_pdf(act: Act, faces: Faces) -> bytes:
    """The notice before the draw: number, commit, sources, times, quotas; the same whenever it is printed."""
    before = replace(act, seed="", result_hash="", cancelled="")
    body = [*_frozen(before), *_codes(before), *_strata(before), *_left(before)]
    return pdf_bytes("\n".join(_paper(faces, before, "随机抽取公告（一）", "名单已经冻结，公开值在此以后产生", body)), faces)


def second_notice_pdf(act: Act, faces: Faces) -> bytes:
    """The notice after the draw: seed, public values, hash of the result, exclusions, replacements and voids."""
    body = [*_result(act), *_codes(act), *_left(act), *_changes(act)]
    return pdf_bytes("\n".join(_paper(faces, act, "随机抽取公告（二）", "公开值已经产生，结果已经写进台账", body)), faces)


def certificate_pdf(act: Act, faces: Faces) -> bytes:
    """The certificate: the whole act, and how anybody checks it."""
    body = [*_frozen(act), *_result(act), *_codes(act), *_strata(act), *_left(act), *_changes(act), *_check(act)]
    return pdf_bytes("\n".join(_paper(faces, act, "随机抽取证书", "名单、承诺、公开值、种子和结果", body)), faces)


def _paper(faces: Faces, act: Act, title: str, below: str, body: Sequence[str]) -> Iterator[str]:
    yield f"#let serif = {typst_string(faces.serif)}\n#let sans = {typst_string(faces.sans)}\n#let running = {typst_string(f'{title}　{act.serial}')}"
    yield files("evenhand.documents").joinpath("certificate.typ").read_text("utf-8")
    yield f"#set document(title: {typst_string(f'{title} {act.serial}')}, date: none)"
    yield f"#head({typst_string(title)}, {typst_string(f'编号 {act.serial}　{act.signer}')})"
    yield f"#align(center, text(size: 10pt, {typst_string(below)}))"
    if act.cancelled:
        yield f"#align(center, text(size: 13pt, {typst_string(f'本次抽取已经作废：{act.cancelled}')}))"
    yield from body


def _facts(*rows: tuple[str, str, bool]) -> str:
    return (
        "#facts((" + "".join(f"({typst_string(name)}, {typst_string(value)}, {str(code).lower()}), " for name, value, code in rows) + "))"
    )


def _section(title: str) -> str:
    return f"#section({typst_string(title)})"


def _listing(widths: str, titles: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    heads = "".join(f"{typst_string(title)}, " for title in titles)
    cells = "".join("(" + "".join(f"{typst_string(cell)}, " for cell in row) + "), " for row in rows[:_ROWS])
    yield f"#listing({widths}, ({heads}), ({cells}))"
    if len(rows) > _ROWS:
        yield f"#text(size: 9pt, {typst_string(f'另有 {len(rows) - _ROWS} 行，见证明档案。')})"


def _frozen(act: Act) -> Iterator[str]:
    yield _section("名单和承诺")
    yield _facts(
        ("方法", act.method, False), ("名单", f"{act.rows:,} 行", False), ("承诺时间", act.committed_at, False), ("信标时间", act.beacon_at or "不用信标", False),
        ("公开值的约定", "\n".join(map(_breakable, act.sources)), True), ("承诺", act.commit, True), ("名单散列", act.list_hash, True), ("名单的根", act.list_root, True), ("规则散列", act.rules_hash, True),
    )  # fmt: skip


def _result(act: Act) -> Iterator[str]:
    yield _section("种子和结果")
    yield _facts(
        ("公布时间", act.revealed_at, False), ("公开值", "\n".join(map(_breakable, act.public)), True), ("种子", act.seed, True), ("结果", f"中选 {act.drawn:,}，候补 {act.reserve:,}", False),
        ("结果散列", act.result_hash, True), ("本次最近一条台账", act.last_entry, True), ("本台账作废", f"{act.voids} 次", False),
    )  # fmt: skip


def _strata(act: Act) -> Iterator[str]:
    if act.strata:
        yield _section("各层")
        yield from _listing("(1fr, 18mm, 18mm, 22mm, 30mm)", ("层", "对象", "名额", "称谓", "每个对象的机会"), act.strata)


def _left(act: Act) -> Iterator[str]:
    yield _section("没有进入名单的")
    if act.excluded:
        yield from _listing("(1fr, 25mm)", ("理由", "个数"), act.excluded)
    else:
        yield "没有。"


def _changes(act: Act) -> Iterator[str]:
    yield _section("抽取以后的递补")
    if act.changes:
        yield from _listing("(38mm, 38mm, 1fr, 34mm)", ("退出", "递补", "理由", "批准人"), act.changes)
    else:
        yield "没有。"


def _check(act: Act) -> Iterator[str]:
    yield _section("自己核对")
    told = f"{act.words}任何人可以下载证明档案，用其中的 verify.py（只需 Python 标准库）重算；改动任何一个字节都会被发现。"
    yield f"#text(size: 9pt, par({typst_string(told)}))"


def _codes(act: Act) -> Iterator[str]:
    texts = [("承诺", f"FSDR1 {act.serial} C={act.commit}")]
    if act.seed:
        texts += [("种子", f"FSDR1 {act.serial} S={act.seed}"), ("结果", f"FSDR1 {act.serial} R={act.result_hash}")]
    yield "#v(3mm)"
    yield "#codes((" + "".join(f"({typst_string(name)}, {typst_string(_qr(text))}), " for name, text in texts) + "))"


def _breakable(text: str) -> str:
    """Let a long value break: after a colon and after every 32 signs."""
    return ":\u200b".join("\u200b".join(part[n : n + _STEP] for n in range(0, len(part), _STEP)) for part in text.split(":"))


def _qr(text: str) -> str:
    """The QR code of a text as SVG, correction level M."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode("utf-8")
