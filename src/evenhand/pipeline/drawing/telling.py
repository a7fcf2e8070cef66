"""What paper tells of a draw: read from its ledger and its files (抽取公告、抽取证书的内容)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from evenhand.draw import Act, Draft, beacon_time, drand_round, last_entry, of_serial, read_ledger
from evenhand.pipeline.drawing.agreed import Agreed
from evenhand.pipeline.drawing.method import strata_told, words_of
from evenhand.pipeline.drawing.shelf import LEDGER, draft_of

__all__ = ["METHODS_TOLD", "act_of", "sources_told"]

METHODS_TOLD: Final[Mapping[str, str]] = {
    "srs": "等概率抽取，分层", "pps": "按风险权重抽取，机会恰为权重之比", "multi": "多张票号，取最好的一张", "sealed": "等概率抽取，名单封存", "week": "排周", "exchange": "异地互查：哪几次检查",
    "teams": "选派检查人员：先求负荷均衡，其余由票号决定", "rounding": "两维名额取整",
}  # fmt: skip
_CHINA: Final = timezone(timedelta(hours=8))


def act_of(folder: Path, serial: str, *, agreed: Agreed) -> Act:
    """Return what paper tells of a draw, as far as it has come; raises BadInput when the ledger holds no such draw (DRAW-22)."""
    draft = draft_of(folder, serial)
    records = read_ledger((folder / LEDGER).read_bytes())
    committed = of_serial(records, serial, "commit")[0]
    beacon = beacon_time(draft.sources, committed["committed_at"])
    excluded = (folder / serial / "excluded.tsv").read_text("utf-8").splitlines()
    told: dict[str, Any] = {}
    if reveals := of_serial(records, serial, "reveal"):
        told = {"seed": reveals[0]["seed"], "revealed_at": _time(reveals[0]["revealed_at"]), "public": tuple(reveals[0]["public"])}
    if results := of_serial(records, serial, "result"):
        told |= {"drawn": results[0]["drawn"], "reserve": results[0]["reserve"], "result_hash": results[0]["result_sha"]}
    return Act(
        serial=serial, signer=committed["signer"], method=f"{METHODS_TOLD[draft.method]}；散列 {draft.algorithm}", words=words_of(draft), commit=draft.commit, list_hash=draft.list_hash, list_root=draft.list_root,
        rules_hash=draft.rules_hash, rows=len(draft.rows), committed_at=_time(committed["committed_at"]), beacon_at=_time(beacon) if beacon else "",
        sources=tuple(sources_told(draft, committed["committed_at"])), strata=tuple(strata_told(draft, agreed)),
        excluded=tuple((why, f"{int(count):,}") for why, count in (line.split("\t") for line in excluded)), changes=tuple(_changes(records, serial)),
        cancelled="".join(str(one["reason"]) for one in of_serial(records, serial, "void")), voids=sum(one["kind"] == "void" for one in records),
        last_entry=last_entry(records, serial, algorithm=draft.algorithm), **told,
    )  # fmt: skip


def _time(second: int) -> str:
    return datetime.fromtimestamp(second, _CHINA).strftime("%Y-%m-%d %H:%M:%S（北京时间）")


def sources_told(draft: Draft, committed_at: int) -> Iterator[str]:
    """Give each public value that was agreed, with the round or issue that counts and when it is known."""
    for one, rule in zip(draft.sources, _sources(draft), strict=True):
        known = one.known_from(committed_at)
        if one.kind == "drand":
            yield f"{one.number} {rule}，即第 {drand_round(committed_at, int(one.agreed[1]))} 轮，{_time(known or 0)}公布"
        elif one.kind == "kl8":
            yield f"{one.number} {rule}，即快乐8 第 {one.agreed[0]} 期，{_time(known or 0)}停止销售"
        else:
            yield f"{one.number} {rule}"


def _sources(draft: Draft) -> list[str]:
    rows = [line.split("\t") for line in draft.rules_data.decode("utf-8").splitlines()]
    return [row[2] for row in sorted(rows, key=lambda row: row[1]) if row[0] == "source"]


def _changes(records: Sequence[Mapping[str, Any]], serial: str) -> Iterator[tuple[str, ...]]:
    for one in records:
        if (one["kind"] == "replace" and one["serial"] == serial) or (one["kind"] == "substitute" and one["of"] == serial):
            yield str(one["gone"]), str(one["next"]), str(one["reason"]), "、".join(one["approved_by"])
