"""The ledger: one append-only chain per authority; each record holds the hash of the one before (台账).

A cancelled draw stays, with its reason and two approvals. There is no record that draws again.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from evenhand.draw.hashes import ALGORITHMS, digest
from evenhand.draw.messages import LEDGER_BROKEN, LEDGER_STEP
from evenhand.draw.tickets import SPEC
from evenhand.errors import BadInput, Problem

__all__ = [
    "APPROVERS",
    "FIRST",
    "RECORD_FIELDS",
    "appended",
    "entry_bytes",
    "entry_hash",
    "last_entry",
    "next_serial",
    "of_serial",
    "read_ledger",
]

FIRST: Final = "0" * 64
RECORD_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "commit": frozenset({"alg", "commit", "committed_at", "list_sha", "rules_sha", "signer"}), "input": frozenset({"source", "value", "received_at"}),
    "reveal": frozenset({"public", "proofs", "seed", "revealed_at"}), "result": frozenset({"drawn", "reserve", "result_sha"}), "void": frozenset({"reason", "approved_by"}),
    "replace": frozenset({"stratum", "gone", "next", "reason", "approved_by"}),
    "substitute": frozenset({"of", "visit", "role", "gone", "unable", "next", "reason", "approved_by"}),
}  # fmt: skip
_LISTS: Final = frozenset({"public", "proofs", "approved_by", "unable"})
_NUMBERS: Final = frozenset({"committed_at", "received_at", "revealed_at", "drawn", "reserve"})
_COMMON: Final = frozenset({"kind", "prev", "serial", "spec"})
_SERIAL: Final = re.compile(r"([0-9]{4})-([0-9]{6})")
APPROVERS: Final[Mapping[str, int]] = {"void": 2, "substitute": 2, "replace": 1}
_NUMBERED: Final = ("commit", "substitute")
Record = dict[str, Any]


def entry_bytes(record: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a record: JSON with sorted keys, no blanks, UTF-8 unescaped."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry_hash(record: Mapping[str, Any], *, algorithm: str = "sha256") -> str:
    """Return the hash that the next record must hold, and that a time stamp or signature is made over."""
    return digest(algorithm, entry_bytes(record))


def next_serial(records: Sequence[Mapping[str, Any]], year: int) -> str:
    """Return the next serial number of a year: numbers have no gaps. A draw takes one, and so does every substitute in a team."""
    taken = [found for one in records if one["kind"] in _NUMBERED and (found := _SERIAL.fullmatch(one["serial"])) and int(found[1]) == year]
    return _number(year, len(taken))


def _number(year: int, taken: int) -> str:
    return f"{year:04}-{taken + 1:06}"


def of_serial(records: Sequence[Mapping[str, Any]], serial: str, kind: str) -> list[Mapping[str, Any]]:
    """Return the records of one draw of one kind."""
    return [one for one in records if one["serial"] == serial and one["kind"] == kind]


def last_entry(records: Sequence[Mapping[str, Any]], serial: str, *, algorithm: str = "sha256") -> str:
    """Return the hash of the newest record that concerns a draw: printed on notices, it shows whether a later one was cut off; "" when there is none."""
    mine = [one for one in records if serial in {one["serial"], one.get("of")}]
    return entry_hash(mine[-1], algorithm=algorithm) if mine else ""


@dataclass
class _Chain:
    """What the records so far allow next; grows by one record at a time."""

    whole: bool = True
    last: dict[int, int] = field(default_factory=dict)
    committed_at: dict[str, int] = field(default_factory=dict)
    done: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    given: set[tuple[str, str]] = field(default_factory=set)
    seeds: set[str] = field(default_factory=set)

    def add(self, record: Mapping[str, Any]) -> None:
        kind, serial = record["kind"], record["serial"]
        self.done[serial].add(kind)
        if kind in _NUMBERED and (found := _SERIAL.fullmatch(serial)):
            self.last[int(found[1])] = int(found[2])
        if kind == "commit":
            self.committed_at[serial] = record["committed_at"]
        elif kind == "input":
            self.given.add((serial, record["source"]))
        elif kind == "reveal":
            self.seeds.add(record["seed"])

    def fault(self, record: Mapping[str, Any]) -> str:
        """Why a record may not come next; "" when it may."""
        kind, serial = record["kind"], record["serial"]
        if kind in _NUMBERED:
            return self._number_fault(serial) or (self._substitute_fault(record) if kind == "substitute" else "")
        done = self.done[serial]
        if "commit" not in done:
            return "还没有承诺" if self.whole else ""
        if "void" in done:
            return "已经作废，不能再写"
        rules = {
            "input": "reveal" in done and "种子已经公布，不能再录入", "reveal": "reveal" in done and "种子已经公布过",
            "result": ("reveal" not in done and "种子还没有公布") or ("result" in done and "结果已经写过"),
            "replace": "result" not in done and "还没有结果，无从替换",
        }  # fmt: skip
        return rules.get(kind) or self._content_fault(record)

    def _number_fault(self, serial: str) -> str:
        found = _SERIAL.fullmatch(serial)
        if not found:
            return "编号应写成 年份-六位数，如 2026-000001"
        if self.done[serial]:
            return "编号已经用过，或者在它的承诺以前就有记录"
        wanted = _number(int(found[1]), self.last.get(int(found[1]), 0))
        begins = not self.whole and not self.last  # a part of a chain may begin with any number, and goes on without gaps
        return "" if serial == wanted or begins else f"编号应为 {wanted}：台账编号不能跳号"

    def _substitute_fault(self, record: Mapping[str, Any]) -> str:
        done = self.done[record["of"]]
        if "void" in done:
            return f"{record['of']} 已经作废"
        if "result" not in done and (self.whole or "commit" in done):
            return f"{record['of']} 还没有结果，无从递补"
        return _approval_fault(record)

    def _content_fault(self, record: Mapping[str, Any]) -> str:
        serial = record["serial"]
        if record["kind"] == "input":
            if record["received_at"] <= self.committed_at[serial]:
                return "录入时间应在承诺之后"
            if (serial, record["source"]) in self.given:
                return f"来源 {record['source']} 已经录入"
        if record["kind"] == "reveal" and record["seed"] in self.seeds:
            return "种子与以前的一次相同"
        return _approval_fault(record) if record["kind"] in APPROVERS else ""


def _approval_fault(record: Mapping[str, Any]) -> str:
    if not str(record["reason"]).strip():
        return "须写明理由"
    least = APPROVERS[record["kind"]]
    return "" if len({str(one).strip() for one in record["approved_by"]} - {""}) >= least else f"须有 {least} 个不同的人批准"


def _chain_of(records: Iterable[Mapping[str, Any]]) -> _Chain:
    chain = _Chain()
    for one in records:
        chain.add(one)
    return chain


def appended(records: Sequence[Record], kind: str, serial: str, fields: Mapping[str, Any], *, algorithm: str = "sha256") -> Record:
    """Return the record that comes next; raises BadInput when it may not (DRAW-12).

    Args:
        records: the chain so far.
        kind: commit, input, reveal, result, void, replace or substitute.
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
    try:
        entry_bytes(record)
    except UnicodeEncodeError:
        why = "有不成字的符号"
    else:
        why = _chain_of(records).fault(record)
    if why:
        raise BadInput(Problem(LEDGER_STEP, {"serial": serial, "why": why}))
    return record


def read_ledger(data: bytes, *, whole: bool = True) -> list[Record]:
    """Return the records of a ledger; raises BadInput naming the first line that does not link, is not canonical, or may not stand there.

    Args:
        data: one record per line.
        whole: from the first record on; a part of a chain may begin anywhere, and hold records of draws whose commit lies before it.
    """
    records: list[Record] = []
    chain = _Chain(whole=whole)
    for line, raw in enumerate(data.split(b"\n")[:-1], 1):
        try:
            record = json.loads(raw)
        except (ValueError, RecursionError) as fault:
            raise BadInput(Problem(LEDGER_BROKEN, {"line": line, "why": "不是 JSON"})) from fault
        why = _line_fault(chain, records[-1] if records else None, record, raw)
        if why:
            raise BadInput(Problem(LEDGER_BROKEN, {"line": line, "why": why}))
        chain.add(record)
        records.append(record)
    if data and not data.endswith(b"\n"):
        raise BadInput(Problem(LEDGER_BROKEN, {"line": len(records) + 1, "why": "最后一行不完整"}))
    return records


def _line_fault(chain: _Chain, before: Record | None, record: Any, raw: bytes) -> str:
    if not isinstance(record, dict) or record.get("kind") not in RECORD_FIELDS:
        return "不是台账记录"
    if why := _shape_fault(record):
        return why
    try:
        if entry_bytes(record) != raw:
            return "不是规范的写法（键的次序、空格或者转义）"
    except UnicodeEncodeError:
        return "有不成字的符号"
    if record["prev"] not in (_links(before) if before else [FIRST if chain.whole else record["prev"]]):
        return "与上一行不相接：上一行被改动，或者中间少了记录"
    return chain.fault(record)


def _links(before: Record) -> Iterator[str]:
    """What may stand for the record before: its hash, by either function, since the draws of one ledger may use either."""
    return (entry_hash(before, algorithm=algorithm) for algorithm in ALGORITHMS)


def _shape_fault(record: Record) -> str:
    if set(record) != RECORD_FIELDS[record["kind"]] | _COMMON:
        return f"{record['kind']} 记录的字段应为 {'、'.join(sorted(RECORD_FIELDS[record['kind']] | _COMMON))}"
    if wrong := [name for name, value in record.items() if not _is_typed(name, value)]:
        return f"{'、'.join(wrong)} 的类型不对"
    return "" if record["spec"] == SPEC else f"规范标记应为 {SPEC}"


def _is_typed(name: str, value: Any) -> bool:
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, int) and not isinstance(value, bool) if name in _NUMBERS else isinstance(value, str)
