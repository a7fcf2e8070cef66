"""The ledger: one append-only chain per authority; each record holds the hash of the one before (台账).

A cancelled draw stays, with its reason and two approvals. There is no record that draws again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from evenhand.draw.hashes import digest
from evenhand.draw.messages import LEDGER_BROKEN, LEDGER_STEP
from evenhand.draw.tickets import SPEC
from evenhand.errors import BadInput, Problem

__all__ = ["FIRST", "appended", "entry_bytes", "entry_hash", "next_serial", "of_serial", "read_ledger"]

FIRST: Final = "0" * 64
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "commit": frozenset({"alg", "commit", "committed_at", "list_sha", "rules_sha", "signer"}), "input": frozenset({"source", "value", "received_at"}),
    "reveal": frozenset({"public", "proofs", "seed", "revealed_at"}), "result": frozenset({"drawn", "reserve", "result_sha"}), "void": frozenset({"reason", "approved_by"}),
    "replace": frozenset({"stratum", "gone", "next", "reason", "approved_by"}),
}  # fmt: skip
_COMMON: Final = frozenset({"kind", "prev", "serial", "spec"})
_SERIAL: Final = re.compile(r"([0-9]{4})-([0-9]{6})")
_APPROVERS: Final = 2
Record = dict[str, Any]


def entry_bytes(record: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a record: JSON with sorted keys, no blanks, UTF-8 unescaped."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_hash(record: Mapping[str, Any], *, algorithm: str = "sha256") -> str:
    """Return the hash that the next record must hold, and that a time stamp or signature is made over."""
    return digest(algorithm, entry_bytes(record))


def next_serial(records: Sequence[Mapping[str, Any]], year: int) -> str:
    """Return the next serial number of a year: numbers have no gaps."""
    taken = [found for one in records if one["kind"] == "commit" and (found := _SERIAL.fullmatch(one["serial"])) and int(found[1]) == year]
    return f"{year:04}-{len(taken) + 1:06}"


def of_serial(records: Sequence[Mapping[str, Any]], serial: str, kind: str) -> list[Mapping[str, Any]]:
    """Return the records of one draw of one kind."""
    return [one for one in records if one["serial"] == serial and one["kind"] == kind]


def appended(records: Sequence[Record], kind: str, serial: str, fields: Mapping[str, Any], *, algorithm: str = "sha256") -> Record:
    """Return the record that comes next; raises BadInput when it may not (DRAW-12).

    Args:
        records: the chain so far.
        kind: commit, input, reveal, result, void or replace.
        serial: number of the draw.
        fields: those of the kind.
        algorithm: hash of the chain.
    """
    record = {
        "kind": kind,
        "prev": entry_hash(records[-1], algorithm=algorithm) if records else FIRST,
        "serial": serial,
        "spec": SPEC,
        **fields,
    }
    why = _fault(records, record)
    if why:
        raise BadInput(Problem(LEDGER_STEP, {"serial": serial, "why": why}))
    return record


def read_ledger(data: bytes, *, whole: bool = True, algorithm: str = "sha256") -> list[Record]:
    """Return the records of a ledger; raises BadInput naming the first line that does not link, is not canonical, or may not stand there.

    Args:
        data: one record per line.
        whole: from the first record on; a part of a chain may begin anywhere, and hold records of draws whose commit lies before it.
        algorithm: hash of the chain.
    """
    records: list[Record] = []
    for line, raw in enumerate(data.split(b"\n")[:-1], 1):
        try:
            record = json.loads(raw)
        except ValueError as fault:
            raise BadInput(Problem(LEDGER_BROKEN, {"line": line, "why": "不是 JSON"})) from fault
        why = _line_fault(records, record, raw, algorithm, whole=whole)
        if why:
            raise BadInput(Problem(LEDGER_BROKEN, {"line": line, "why": why}))
        records.append(record)
    if data and not data.endswith(b"\n"):
        raise BadInput(Problem(LEDGER_BROKEN, {"line": len(records) + 1, "why": "最后一行不完整"}))
    return records


def _line_fault(records: Sequence[Record], record: Any, raw: bytes, algorithm: str, *, whole: bool) -> str:
    if not isinstance(record, dict) or record.get("kind") not in _FIELDS:
        return "不是台账记录"
    if set(record) != _FIELDS[record["kind"]] | _COMMON:
        return f"{record['kind']} 记录的字段应为 {'、'.join(sorted(_FIELDS[record['kind']] | _COMMON))}"
    if record["spec"] != SPEC:
        return f"规范标记应为 {SPEC}"
    if entry_bytes(record) != raw:
        return "不是规范的写法（键的次序、空格或者转义）"
    start = FIRST if whole else record.get("prev")
    if record.get("prev") != (entry_hash(records[-1], algorithm=algorithm) if records else start):
        return "与上一行不相接：上一行被改动，或者中间少了记录"
    return _fault(records, record, whole=whole)


def _fault(records: Sequence[Record], record: Record, *, whole: bool = True) -> str:
    kind, serial = record["kind"], record["serial"]
    if kind == "commit":
        return _commit_fault(records, record, whole=whole)
    done = {one["kind"] for one in records if one["serial"] == serial}
    if "commit" not in done:
        return "还没有承诺" if whole else ""
    if "void" in done:
        return "已经作废，不能再写"
    rules = {
        "input": "reveal" in done and "种子已经公布，不能再录入", "reveal": "reveal" in done and "种子已经公布过",
        "result": ("reveal" not in done and "种子还没有公布") or ("result" in done and "结果已经写过"),
        "replace": "result" not in done and "还没有结果，无从替换",
    }  # fmt: skip
    return rules.get(kind) or _content_fault(records, record)


def _commit_fault(records: Sequence[Record], record: Record, *, whole: bool) -> str:
    found = _SERIAL.fullmatch(record["serial"])
    if not found:
        return "编号应写成 年份-六位数，如 2026-000001"
    if any(one["kind"] == "commit" and one["serial"] == record["serial"] for one in records):
        return "编号已经用过"
    wanted = next_serial(records, int(found[1]))
    return "" if record["serial"] == wanted or not whole else f"编号应为 {wanted}：台账编号不能跳号"


def _content_fault(records: Sequence[Record], record: Record) -> str:
    serial = record["serial"]
    commit = of_serial(records, serial, "commit")[0]
    if record["kind"] == "input":
        if record["received_at"] <= commit["committed_at"]:
            return "录入时间应在承诺之后"
        if any(one["source"] == record["source"] for one in of_serial(records, serial, "input")):
            return f"来源 {record['source']} 已经录入"
    if record["kind"] == "reveal" and any(one["kind"] == "reveal" and one["seed"] == record["seed"] for one in records):
        return "种子与以前的一次相同"
    if record["kind"] in {"void", "replace"}:
        if not str(record["reason"]).strip():
            return "须写明理由"
        if len(set(record["approved_by"])) < (_APPROVERS if record["kind"] == "void" else 1):
            return f"作废须有 {_APPROVERS} 个不同的人批准"
    return ""
