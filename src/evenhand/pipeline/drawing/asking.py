"""What one business may ask of a draw: is it in the list, what was its chance, what came of it, with a proof that needs no other row (答复当事人)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evenhand.draw import Draft, drawn_now, inclusion_proof, of_serial, read_ledger
from evenhand.pipeline.drawing.agreed import Agreed
from evenhand.pipeline.drawing.method import chance_of, strata_told
from evenhand.pipeline.drawing.shelf import LEDGER, STATES, read_draft, read_result

__all__ = ["Answer", "ask_pack"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is told: rows of name and value; root of the list and the way from the object's line to it, both empty when it is not in the list."""

    rows: tuple[tuple[str, str], ...]
    root: str = ""
    proof: tuple[tuple[str, str], ...] = ()


def ask_pack(pack: Path, one: str, *, agreed: Agreed) -> Answer:
    """Answer for one object of a draw; raises BadInput when the pack cannot be read."""
    draft = read_draft(pack)
    lines = draft.list_data.splitlines()
    place = next((n for n, line in enumerate(lines) if line.split(b"\t")[0].decode() == one), None)
    if place is None:
        excluded = (pack / "excluded.tsv").read_text("utf-8").splitlines() if (pack / "excluded.tsv").is_file() else []
        told = [("在名单里", "不在"), ("承诺", draft.commit)]
        told += [(f"没有进入名单：{why}", f"{count} 个") for why, _, count in (line.partition("\t") for line in excluded)]
        return Answer(rows=tuple(told))
    row = draft.rows[place]
    told = [
        ("在名单里", f"第 {place + 1} 行，共 {len(lines)} 行"),
        *_stratum(draft, row, agreed),
        ("承诺", draft.commit),
        *_outcome(pack, draft, one),
    ]
    return Answer(rows=tuple(told), root=draft.list_root, proof=tuple(inclusion_proof(lines, place)))


def _stratum(draft: Draft, row: Sequence[str], agreed: Agreed) -> Iterator[tuple[str, str]]:
    for name, size, quota, called, _ in strata_told(draft, agreed):
        if name == row[1]:
            yield "层", name
            yield "该层", f"{size} 个对象，名额 {quota}，称 {called}"
            yield "机会", chance_of(draft, row)


def _outcome(pack: Path, draft: Draft, one: str) -> Iterator[tuple[str, str]]:
    if not (pack / "result.tsv").is_file() or not (pack / LEDGER).is_file():
        yield "结果", "还没有公布"
        return
    records, rows = read_ledger((pack / LEDGER).read_bytes(), whole=False), read_result((pack / "result.tsv").read_bytes())
    yield "种子", str(of_serial(records, draft.serial, "reveal")[0]["seed"])
    if draft.method in {"rounding", "teams", "week"}:
        yield from (("结果", "，".join(row[1:])) for row in rows if row[0] == one)
        return
    found = next((row for row in rows if row[3] == one), None)
    yield "结果", f"{STATES[found[2]]}，第 {found[1]} 名，票号 {found[4]}" if found else STATES[""]
    now = drawn_now(rows, of_serial(records, draft.serial, "replace"))
    if found and (found[2] == "D") != (one in now):
        yield "递补以后", "中选" if one in now else "由下一个票号递补，不再检查"
    yield from (("作废", str(void["reason"])) for void in of_serial(records, draft.serial, "void"))
