"""Verification of a proof pack from its files alone: chain, hashes, seed, times, every line of the result, and what was put in its place since (核对)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenhand.draw import CAN_CHECK_BEACON, Draft, digest, drawn_now, last_entry, of_serial, open_draft, read_ledger, result, reveal
from evenhand.draw.teams import (
    exchange_faults,
    exchange_of,
    exchange_prices,
    faults_of,
    is_exchange_tied,
    is_tied,
    network_of,
    past_pairs,
    prices_bytes,
    prices_of,
    read_prices,
    roster_bytes,
    roster_now,
    rotated,
)
from evenhand.errors import BadInput, Problem
from evenhand.pipeline.drawing.opening import check_opened
from evenhand.pipeline.drawing.shelf import EXCLUDED, EXCLUDED_SHA, LEDGER, NO_FILE, OPENED, PROVED, Record, edges_of, read_result

__all__ = ["Verdict", "verify_pack"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a verification found: nothing wrong, or the first difference with its file and place; `cancelled`: why the draw is void, "" when it stands.

    `unchecked`: what could not be checked on this machine, "" when all was. `last_entry`: hash of the newest record of this draw, to be
    compared with the newest notice: a record cut off at the end leaves no other trace.
    """

    serial: str
    commit: str
    difference: str
    cancelled: str = ""
    unchecked: str = ""
    last_entry: str = ""


def verify_pack(folder: Path) -> Verdict:
    """Verify a proof pack from its files alone: chain, hashes, seed, times, every line of the result; names the first difference.

    Raises:
        BadInput: a file is missing, or not in canonical form.
    """
    data = {}
    names = ["list.tsv", "rules.tsv", LEDGER, "result.tsv"]
    for name in [
        *names,
        *sorted(path.name for path in folder.glob("prices*.tsv")),
        *sorted(path.name for path in folder.glob("result-*.tsv")),
        *(name for name in (OPENED, PROVED, EXCLUDED) if (folder / name).is_file()),
    ]:
        try:
            data[name] = (folder / name).read_bytes()
        except OSError as fault:
            raise BadInput(Problem(NO_FILE, {"path": folder / name})) from fault
    records = read_ledger(data[LEDGER], whole=False)
    draft = open_draft(data["list.tsv"], data["rules.tsv"])
    return Verdict(
        serial=draft.serial,
        commit=draft.commit,
        difference=next(_differences(draft, records, data), ""),
        cancelled="".join(str(one["reason"]) for one in of_serial(records, draft.serial, "void")),
        last_entry=last_entry(records, draft.serial, algorithm=draft.algorithm),
        unchecked="信标的签名没有核对：本机没有 drand-verify（pip install evenhand[beacon]），只核对了散列和轮次"
        if not CAN_CHECK_BEACON and any(one.kind == "drand" for one in draft.sources)
        else "",
    )


def _differences(draft: Draft, records: Sequence[Record], data: Mapping[str, bytes]) -> Iterator[str]:
    kinds = {kind: of_serial(records, draft.serial, kind) for kind in ("commit", "input", "reveal", "result")}
    if not kinds["commit"]:
        yield f"ledger.jsonl：没有编号 {draft.serial} 的承诺"
        return
    yield from _commit_differences(draft, kinds["commit"][0], data)
    if not kinds["reveal"] or not kinds["result"]:
        yield "ledger.jsonl：没有公布种子或者没有结果"
        return
    seen, outcome = kinds["reveal"][0], kinds["result"][0]
    wrong = list(_seed_differences(draft, records, seen, kinds["input"]))
    yield from wrong
    if wrong:
        return
    if draft.method == "teams":
        yield from _team_differences(draft, seen["seed"], outcome, data)
    else:
        yield from _result_differences(draft, seen["seed"], outcome, data["result.tsv"])
    yield from _later_differences(draft, seen["seed"], records, data)


def _commit_differences(draft: Draft, held: Mapping[str, Any], data: Mapping[str, bytes]) -> Iterator[str]:
    if held["list_sha"] != draft.list_hash:
        yield "list.tsv：与承诺的散列不同，名单在承诺以后被改动"
    if held["rules_sha"] != draft.rules_hash:
        yield "rules.tsv：与承诺的散列不同，规则在承诺以后被改动"
    if held["commit"] != draft.commit or held["alg"] != draft.algorithm:
        yield "ledger.jsonl：承诺不是由这两个文件得出"
    if (wanted := draft.params.get(EXCLUDED_SHA)) and wanted != digest("sha256", data.get(EXCLUDED, b"")):
        yield "excluded.tsv：没有进入名单的个数与承诺的散列不同"


def _seed_differences(
    draft: Draft, records: Sequence[Record], seen: Mapping[str, Any], given: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """The seed must be that of the values agreed, each in its time: the reveal is done again with what lay in the ledger before it."""
    before = records[: next(n for n, one in enumerate(records) if one is seen)]
    values = {one.number: value for one, value in zip(draft.sources, seen["public"], strict=False)}
    proofs = {one.number: proof for one, proof in zip(draft.sources, seen["proofs"], strict=False)}
    try:
        again = reveal(draft, list(before), beacon=values, proofs=proofs, at=seen["revealed_at"])
    except BadInput as refused:
        yield f"ledger.jsonl：{refused.problems[0].zh}"
        return
    inputs = {one["source"]: one["value"] for one in given}
    if wrong := [name for name, value in inputs.items() if values.get(name) != value]:
        yield f"ledger.jsonl：来源 {'、'.join(wrong)} 公布的值与录入的不同"
    if (again["public"], again["proofs"]) != (seen["public"], seen["proofs"]):
        yield "ledger.jsonl：公布的值与约定的来源不是一一对应"
    if again["seed"] != seen["seed"]:
        yield "ledger.jsonl：种子不是由承诺和公开值得出"


def _later_differences(draft: Draft, seed: str, records: Sequence[Record], data: Mapping[str, bytes]) -> Iterator[str]:
    """Replacements and substitutes must be those that the tickets give; what was opened must be what was sealed."""
    rows = read_result(data["result.tsv"])
    if OPENED in data:
        yield from check_opened(draft, rows, data[OPENED])
    try:
        if draft.method == "teams":
            roster_now(draft, seed, edges_of(rows), records)
        elif replaced := of_serial(records, draft.serial, "replace"):
            drawn_now(rows, replaced)
    except BadInput as refused:
        yield f"ledger.jsonl：{refused.problems[0].zh}"


def _team_differences(draft: Draft, seed: str, held: Mapping[str, Any], data: Mapping[str, bytes]) -> Iterator[str]:
    """Prove a roster by its prices, without a solver; every attempt before it must be one beside which another was as good."""
    if held["result_sha"] != digest(draft.algorithm, data["result.tsv"]):
        yield "result.tsv：与台账记录的散列不同"
    past = past_pairs(draft)
    before = sum(name.startswith("result-") for name in data)
    for attempt in range(1, before + 2):
        last = attempt == before + 1
        names = (("result.tsv" if past is None else PROVED), "prices.tsv") if last else (f"result-{attempt}.tsv", f"prices-{attempt}.tsv")
        try:
            roster = edges_of(read_result(data.get(names[0], b"")))
            priced = read_prices(data.get(names[1], b""))
        except ValueError:
            yield f"{names[0]} 或者 {names[1]}：不是三列名单、两列价格"
            return
        exchange, network = exchange_of(draft, seed, attempt=attempt), network_of(draft, seed, attempt=attempt)
        if roster_bytes(roster) != data[names[0]]:
            yield f"{names[0]}：不是规范的写法（各行按字节递增，一行一个换行）"
            return
        if last:
            if (held["drawn"], held["reserve"]) != (len(roster), 0):
                yield "ledger.jsonl：结果记录的个数不符"
            faults = exchange_faults(exchange, roster, priced) if exchange else faults_of(network, roster, priced)
            told = [f"{names[0]}：{fault}" for fault in faults]
            if not told and data[names[1]] != prices_bytes(exchange_prices(exchange, roster) if exchange else prices_of(network, roster)):
                told = [f"{names[1]}：不是由名单得出的价格，或者不是规范的写法"]
            yield from told
            if past is not None and roster_bytes(rotated(network_of(draft, seed), roster, past)) != data["result.tsv"]:
                yield "result.tsv：不是由名单按搭档轮换的规则得出"
        elif not (is_exchange_tied(exchange, roster, priced) if exchange else is_tied(network, roster, priced)):
            yield f"{names[0]}：第 {attempt} 次并没有同样好的另一个名单，不应再试"


def _result_differences(draft: Draft, seed: str, held: Mapping[str, Any], told: bytes) -> Iterator[str]:
    data, drawn, reserve = result(draft, seed)
    right, given = data.split(b"\n"), told.split(b"\n")
    for line, (one, other) in enumerate(zip(right, given, strict=False), 1):
        if one != other:
            yield f"result.tsv 第{line}行：应为“{one.decode()}”，现为“{other.decode(errors='replace')}”"
    if len(right) != len(given):
        yield f"result.tsv：应有 {len(right) - 1} 行，现有 {len(given) - 1} 行"
    if (held["drawn"], held["reserve"], held["result_sha"]) != (drawn, reserve, digest(draft.algorithm, data)):
        yield "ledger.jsonl：结果记录的个数或者散列不符"
