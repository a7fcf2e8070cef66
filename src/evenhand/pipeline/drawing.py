"""A draw on disk: one folder with the ledger of an authority and a folder for each draw; the proof pack and its verification (抽取档案).

台账目录/ledger.jsonl
台账目录/2026-000001/  list.tsv rules.tsv result.tsv excluded.tsv method.md verify.py verify.sh
"""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from evenhand.draw import (
    Draft,
    appended_result,
    commit,
    digest,
    entry_bytes,
    label,
    of_serial,
    open_draft,
    read_ledger,
    record_input,
    replace_drawn,
    result,
    reveal,
    void,
)
from evenhand.draw.teams import (
    EXCHANGE_ROLE,
    Exchange,
    Network,
    Person,
    draw_exchange,
    draw_teams,
    exchange_faults,
    faults_of,
    prices_bytes,
    read_prices,
    roster_bytes,
)
from evenhand.errors import BadInput, Message, Problem
from evenhand.rulebook import Pack, Source

__all__ = [
    "Agreed",
    "Verdict",
    "cancel",
    "commit_draw",
    "drawn_ids",
    "enter_value",
    "exchange_of",
    "network_of",
    "read_agreed",
    "read_draft",
    "replace_one",
    "reveal_draw",
    "roster_in",
    "usual_sources",
    "verify_pack",
]

AGREED_MISSING: Final = Message(
    "DRAW-20", zh="规则包 {pack} 没有 {file}。请补上，可照随产品发布的规则包。", en="pack {pack} has no {file}; add it."
)
AGREED_BAD: Final = Message("DRAW-21", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")
NO_DRAW: Final = Message("DRAW-22", zh="{folder} 没有编号 {serial} 的抽取。请核对编号和目录。", en="{folder} holds no draw {serial}.")
NO_FILE: Final = Message(
    "DRAW-23",
    zh="{path} 不存在或者读不了。档案须有 list.tsv、rules.tsv、ledger.jsonl 和 result.tsv。",
    en="{path} is missing or cannot be read.",
)

NOT_SOUND: Final = Message(
    "DRAW-24", zh="档案 {path} 核对不符：{why}。不符的抽取不能使用。", en="proof pack {path} does not verify: {why}."
)

_LEDGER: Final = "ledger.jsonl"
Record = dict[str, Any]


class Agreed(BaseModel):
    """What an authority agreed for its draws (`planning/draw.yaml`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    name: str
    meaning: str
    source: Source
    beacon_delay_s: int = Field(ge=60)
    entropy_bits_min: int = Field(ge=64)
    reserve_pct: int = Field(ge=0, le=100)
    random_label_min: int = Field(ge=2)
    pool_multiple: int = Field(ge=1)
    sealed_stratum_min: int = Field(ge=2)
    void_approvers: int = Field(ge=2)
    exchange_share_pct: int = Field(ge=0, le=100)
    exchange_most_per_person: int = Field(ge=1)


def read_agreed(pack: Pack) -> Agreed:
    """Read what was agreed; raises BadInput with every fault of the file."""
    return pack.record("planning/draw.yaml", Agreed, missing=AGREED_MISSING, bad=AGREED_BAD)


@contextmanager
def _ledger(folder: Path) -> Iterator[list[Record]]:
    """The whole ledger, locked against a second writer while a record is added."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _LEDGER
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        records = read_ledger(file.read())
        known = len(records)
        yield records
        file.seek(0, os.SEEK_END)
        for record in records[known:]:
            file.write(entry_bytes(record) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _draft(folder: Path, serial: str) -> Draft:
    held = folder / serial
    if not (held / "list.tsv").is_file():
        raise BadInput(Problem(NO_DRAW, {"folder": folder, "serial": serial}))
    return read_draft(held)


def read_draft(pack: Path) -> Draft:
    """Return the frozen files of a proof pack; raises BadInput when they cannot be read."""
    try:
        return open_draft((pack / "list.tsv").read_bytes(), (pack / "rules.tsv").read_bytes())
    except OSError as fault:
        raise BadInput(Problem(NO_FILE, {"path": pack})) from fault


def usual_sources(agreed: Agreed) -> tuple[str, ...]:
    """Return the public values of a draw when none are named: twenty dice and the beacon."""
    return ("dice:20", f"drand:quicknet:{agreed.beacon_delay_s}")


def commit_draw(folder: Path, draft: Draft, *, at: int, signer: str, agreed: Agreed, excluded: Mapping[str, int] | None = None) -> None:
    """Freeze list and rules and publish their commit; nothing is written when the ledger or the sources refuse.

    Args:
        folder: of the authority's ledger.
        draft: list and rules, with the next number of the ledger.
        at: Unix second of the commit.
        signer: who commits.
        agreed: of the authority.
        excluded: number of objects left out, by reason.
    """
    with _ledger(folder) as records:
        records.append(commit(draft, records, at=at, signer=signer, least_bits=agreed.entropy_bits_min))
        held = folder / draft.serial
        held.mkdir(parents=True, exist_ok=True)
        (held / "list.tsv").write_bytes(draft.list_data)
        (held / "rules.tsv").write_bytes(draft.rules_data)
        (held / "excluded.tsv").write_text("".join(f"{why}\t{count}\n" for why, count in sorted((excluded or {}).items())), "utf-8")


def enter_value(folder: Path, serial: str, *, source: str, value: str, at: int) -> None:
    """Write one public value into the ledger; raises BadInput for a late, wrong or second one."""
    draft = _draft(folder, serial)
    with _ledger(folder) as records:
        records.append(record_input(draft, records, source=source, value=value, at=at))


def reveal_draw(folder: Path, serial: str, *, beacon: Mapping[str, str], proofs: Mapping[str, str], at: int, agreed: Agreed) -> Path:
    """Publish the seed, work out the result and write the proof pack; return its folder."""
    draft, held = _draft(folder, serial), folder / serial
    with _ledger(folder) as records:
        records.append(reveal(draft, records, beacon=beacon, proofs=proofs, at=at))
        seed = of_serial(records, serial, "reveal")[0]["seed"]
        if draft.method == "teams":
            exchange = exchange_of(draft, seed)
            teams = draw_exchange(exchange) if exchange else draw_teams(network_of(draft, seed))
            outcome = (roster_bytes(teams.roster), len(teams.roster), 0)
            (held / "prices.tsv").write_bytes(prices_bytes(teams.prices))
        else:
            outcome = result(draft, seed)
        records.append(appended_result(draft, records, outcome=outcome))
        (held / "result.tsv").write_bytes(outcome[0])
        _write_pack(folder, draft, records, agreed)
    return held


def _write_pack(folder: Path, draft: Draft, records: Sequence[Record], agreed: Agreed) -> None:
    """Write the chain from this draw's commit on, the method in words, and the verifiers."""
    held = folder / draft.serial
    first = next(n for n, one in enumerate(records) if one["serial"] == draft.serial)
    (held / _LEDGER).write_bytes(b"".join(entry_bytes(one) + b"\n" for one in records[first:]))
    (held / "method.md").write_text(_method(draft, records, agreed), "utf-8")
    scripts = files("evenhand.pipeline") / "proof"
    for name in ("verify.py", "verify.sh"):
        script = scripts / f"{name.replace('verify', f'verify_{draft.method}')}.txt"
        if script.is_file() and draft.algorithm == "sha256":
            (held / name).write_bytes(script.read_bytes())


def _method(draft: Draft, records: Sequence[Record], agreed: Agreed) -> str:
    seed = of_serial(records, draft.serial, "reveal")[0]
    lines = [
        f"# 抽取 {draft.serial}", "", f"方法 {draft.method}，散列 {draft.algorithm}。名单与规则在公开值产生之前已经承诺：`{draft.commit}`。",
        f"公开值：{'；'.join(f'`{value}`' for value in seed['public'])}。种子：`{seed['seed']}`。", "",
        "每个对象的票号是“种子|obj|编号”的散列；同一层中票号小的中选，随后的为候补。票号只取决于种子和编号：多一个或者少一个对象，不改变其他对象的次序。", "",
        "## 各层", "", "| 层 | 对象 | 名额 | 称谓 | 每个对象的机会 |", "| --- | ---: | ---: | --- | ---: |",
    ]  # fmt: skip
    for name, rows in sorted(draft.strata.items(), key=lambda item: item[0].encode()) if draft.quotas else ():
        quota = draft.quotas.get(name, 0)
        lines.append(f"| {name} | {len(rows)} | {quota} | {label(len(rows), quota, least=agreed.random_label_min)} | {quota}/{len(rows)} |")
    said = ["", "名录库中没有进入名单的，各排除理由和个数见 excluded.tsv。", "", "## 自己核对", ""]
    said += ["`python3 verify.py .`（只需 Python 标准库），或者 `sh verify.sh .`（只需 sha256sum、sort、awk）。", ""]
    return "\n".join([*lines, *said])


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a verification found: nothing wrong, or the first difference with its file and place."""

    serial: str
    commit: str
    difference: str


def verify_pack(folder: Path) -> Verdict:
    """Verify a proof pack from its files alone: chain, hashes, seed, times, every line of the result; names the first difference.

    Raises:
        BadInput: a file is missing, or not in canonical form.
    """
    data = {}
    names = ["list.tsv", "rules.tsv", _LEDGER, "result.tsv"]
    for name in [*names, *(["prices.tsv"] if (folder / "prices.tsv").is_file() else [])]:
        try:
            data[name] = (folder / name).read_bytes()
        except OSError as fault:
            raise BadInput(Problem(NO_FILE, {"path": folder / name})) from fault
    records = read_ledger(data[_LEDGER], whole=False)
    draft = open_draft(data["list.tsv"], data["rules.tsv"])
    return Verdict(
        serial=draft.serial,
        commit=draft.commit,
        difference=next(_differences(draft, records, data["result.tsv"], data.get("prices.tsv", b"")), ""),
    )


def _differences(draft: Draft, records: Sequence[Record], told: bytes, prices: bytes) -> Iterator[str]:
    kinds = {kind: of_serial(records, draft.serial, kind) for kind in ("commit", "input", "reveal", "result")}
    if not kinds["commit"]:
        yield f"ledger.jsonl：没有编号 {draft.serial} 的承诺"
        return
    held = kinds["commit"][0]
    if held["list_sha"] != draft.list_hash:
        yield "list.tsv：与承诺的散列不同，名单在承诺以后被改动"
    if held["rules_sha"] != draft.rules_hash:
        yield "rules.tsv：与承诺的散列不同，规则在承诺以后被改动"
    if held["commit"] != draft.commit:
        yield "ledger.jsonl：承诺不是由这两个文件得出"
    before = (
        records[: next(n for n, one in enumerate(records) if one["kind"] == "reveal" and one["serial"] == draft.serial)]
        if kinds["reveal"]
        else []
    )
    if not kinds["reveal"] or not kinds["result"]:
        yield "ledger.jsonl：没有公布种子或者没有结果"
        return
    seen = kinds["reveal"][0]
    values = {one.number: value for one, value in zip(draft.sources, seen["public"], strict=False)}
    proofs = {one.number: proof for one, proof in zip(draft.sources, seen["proofs"], strict=False)}
    try:
        again = reveal(draft, list(before), beacon=values, proofs=proofs, at=seen["revealed_at"])
    except BadInput as refused:
        yield f"ledger.jsonl：{refused.problems[0].zh}"
        return
    inputs = {one["source"]: one["value"] for one in kinds["input"]}
    if wrong := [name for name, value in inputs.items() if values.get(name) != value]:
        yield f"ledger.jsonl：来源 {'、'.join(wrong)} 公布的值与录入的不同"
    if again["seed"] != seen["seed"]:
        yield "ledger.jsonl：种子不是由承诺和公开值得出"
    if draft.method == "teams":
        yield from _team_differences(draft, seen["seed"], kinds["result"][0], told, prices)
    else:
        yield from _result_differences(draft, seen["seed"], kinds["result"][0], told)


def network_of(draft: Draft, seed: str) -> Network:
    """Return the network of a team draw from its frozen files and seed."""
    people = {one: Person(carried=int(told.split("/")[0]), quarters=int(told.split("/")[1])) for one, told in draft.people.items()}
    return Network(edges=tuple((row[0], row[1], row[2]) for row in draft.rows), people=people, seed=seed, algorithm=draft.algorithm)


def exchange_of(draft: Draft, seed: str) -> Exchange | None:
    """Return the exchange of a team draw whose rules name one; None for the teams of an office."""
    most = draft.params.get("exchange_most")
    if most is None:
        return None
    home, seat = (
        {key.removeprefix(f"{kind}:"): name for key, name in draft.params.items() if key.startswith(f"{kind}:")}
        for kind in ("home", "seat")
    )
    return Exchange(network=network_of(draft, seed), home=home, seat=seat, most=int(most))


def _team_differences(draft: Draft, seed: str, held: Mapping[str, Any], told: bytes, prices: bytes) -> Iterator[str]:
    """Prove a roster by its prices, without a solver."""
    if held["result_sha"] != digest(draft.algorithm, told):
        yield "result.tsv：与台账记录的散列不同"
    try:
        roster = tuple((visit, role, person) for visit, role, person in (line.split("\t") for line in told.decode("utf-8").splitlines()))
        priced = read_prices(prices)
    except ValueError:
        yield "result.tsv 或者 prices.tsv：不是三列名单、两列价格"
        return
    exchange = exchange_of(draft, seed)
    faults = exchange_faults(exchange, roster, priced) if exchange else faults_of(network_of(draft, seed), roster, priced)
    yield from (f"result.tsv：{fault}" for fault in faults)


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


def replace_one(folder: Path, serial: str, *, gone: str, reason: str, approved_by: Sequence[str]) -> str:
    """Put the next reserve ticket in the place of one drawn; return its id."""
    draft = _draft(folder, serial)
    with _ledger(folder) as records:
        rows = read_rows_of_result((folder / serial / "result.tsv").read_bytes())
        record = replace_drawn(draft, records, rows, gone=gone, reason=reason, approved_by=approved_by)
        records.append(record)
    return str(record["next"])


def read_rows_of_result(data: bytes) -> list[tuple[str, ...]]:
    """Return the rows of `result.tsv`: stratum, rank, state, id, ticket. They are in rank order, not in that of their bytes."""
    return [tuple(line.split("\t")) for line in data.decode("utf-8").splitlines()]


def _sound(pack: Path) -> None:
    if difference := verify_pack(pack).difference:
        raise BadInput(Problem(NOT_SOUND, {"path": pack, "why": difference}))


def drawn_ids(pack: Path) -> dict[str, str]:
    """Return what was drawn in a proof pack, with its stratum; raises BadInput when the pack does not verify (DRAW-24)."""
    _sound(pack)
    return {row[3]: row[0] for row in read_rows_of_result((pack / "result.tsv").read_bytes()) if row[2] == "D"}


def roster_in(pack: Path) -> dict[str, str]:
    """Return who takes the place from elsewhere, by visit, in the proof pack of an exchange; raises BadInput when it does not verify (DRAW-24)."""
    _sound(pack)
    rows = [line.split("\t") for line in (pack / "result.tsv").read_text("utf-8").splitlines()]
    return {visit: person for visit, role, person in rows if role == EXCHANGE_ROLE}


def cancel(folder: Path, serial: str, *, reason: str, approved_by: Sequence[str]) -> None:
    """Cancel a draw: it stays in the ledger with its reason and two approvals, and cannot be taken up again."""
    draft = _draft(folder, serial)
    with _ledger(folder) as records:
        records.append(void(records, serial, reason=reason, approved_by=approved_by, algorithm=draft.algorithm))
