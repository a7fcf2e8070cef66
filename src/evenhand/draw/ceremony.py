"""One draw from frozen files to result: what was committed, the seed, and who is drawn (一次抽取).

Takes the two canonical files as bytes, the public values and the ledger; gives records and the bytes of the result.
"""

from collections.abc import Mapping, Sequence

from evenhand.draw.beacon import beacon_value, is_signature
from evenhand.draw.choosing import Drawn, by_chance, by_several_tickets, result_bytes, week_lots
from evenhand.draw.draft import Draft
from evenhand.draw.hashes import digest
from evenhand.draw.ledger import Record, appended, of_serial
from evenhand.draw.margins import rounded
from evenhand.draw.messages import LEDGER_STEP
from evenhand.draw.pivotal import by_risk
from evenhand.draw.quotas import of_ratio
from evenhand.draw.sources import LEAST_BITS, Source, beacon_time, check_form, check_sources, check_value, drand_round
from evenhand.draw.tickets import ranked, seed_of, ticket
from evenhand.errors import BadInput, Problem

__all__ = ["appended_result", "commit", "record_input", "result", "reveal", "void"]


def commit(draft: Draft, records: Sequence[Record], *, at: int, signer: str, least_bits: int) -> Record:
    """Return the record that publishes C, before any public value exists."""
    check_sources(draft.sources, least_bits=least_bits, at=at)
    fields = {
        "alg": draft.algorithm,
        "commit": draft.commit,
        "committed_at": at,
        "list_sha": draft.list_hash,
        "rules_sha": draft.rules_hash,
        "signer": signer,
    }
    return appended(records, "commit", draft.serial, fields, algorithm=draft.algorithm)


def record_input(draft: Draft, records: Sequence[Record], *, source: str, value: str, at: int) -> Record:
    """Return the record of one public value that lies open before the beacon speaks; raises BadInput for a late or wrong one."""
    told = next((one for one in draft.sources if one.number == source), None)
    if told is None:
        raise BadInput(
            Problem(
                LEDGER_STEP, {"serial": draft.serial, "why": f"没有来源 {source}；约定的有 {'、'.join(s.number for s in draft.sources)}"}
            )
        )
    committed = _committed(draft, records)
    if told.kind == "drand":
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": "信标的值不先录入：公布时连同签名一起给"}))
    if why := _out_of_time(draft.sources, told, committed, at):
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": why}))
    if told.kind == "vrf":  # its proof comes with the reveal
        check_form(told, value)
    else:
        check_value(told, value, serial=draft.serial, commit=draft.commit, committed_at=committed, algorithm=draft.algorithm)
    return appended(records, "input", draft.serial, {"source": source, "value": value, "received_at": at}, algorithm=draft.algorithm)


def _out_of_time(sources: Sequence[Source], told: Source, committed: int, at: int) -> str:
    """Why a value may not enter at this second; "" when it may."""
    ends, known = beacon_time(sources, committed), told.known_from(committed)
    if at < committed:
        return "比承诺还早"
    if known is not None:
        return "" if at >= known else f"这一期到 {known} 才停止销售，还没有号码"
    return "外来的公开值（信标、快乐8）已经可以知道，迟到的不收；份额未公开的写 absent" if ends is not None and at >= ends else ""


def _untimely(draft: Draft, records: Sequence[Record], committed: int, at: int) -> str:
    """Why the seed may not be published at this second, or an input stands at a wrong one; "" when the order is commit, inputs, values from outside, reveal."""
    ends = max((known for one in draft.sources if (known := one.known_from(committed)) is not None), default=committed)
    if at < ends:
        return f"外来的公开值要到 {ends} 才公布，现在是 {at}"
    by_number = {one.number: one for one in draft.sources}
    for entry in of_serial(records, draft.serial, "input"):
        told = by_number.get(entry["source"])
        why = _out_of_time(draft.sources, told, committed, entry["received_at"]) if told else "没有约定这个来源"
        if why or entry["received_at"] > at:
            return f"来源 {entry['source']} 录入的时间不对：{why or '晚于公布种子'}"
    return ""


def _committed(draft: Draft, records: Sequence[Record]) -> int:
    held = of_serial(records, draft.serial, "commit")
    if not held:
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": "还没有承诺"}))
    if held[0]["commit"] != draft.commit:
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": "名单或者规则与承诺时不同"}))
    return int(held[0]["committed_at"])


def reveal(draft: Draft, records: Sequence[Record], *, beacon: Mapping[str, str], proofs: Mapping[str, str], at: int) -> Record:
    """Return the record of all public values and the seed.

    Args:
        draft: the frozen files.
        records: the ledger so far.
        beacon: values by source number that are read only now (drand); all others lie in the ledger.
        proofs: signature or proof by source number, hex; a beacon's value follows from its signature and need not be given.
        at: Unix second.

    Raises:
        BadInput: a value is missing, late or not the one agreed.
    """
    committed = _committed(draft, records)
    check_sources(draft.sources, least_bits=LEAST_BITS, at=committed)  # once more, for those who verify
    late = {one.number for one in draft.sources if one.kind == "drand"}  # all others lie open before the beacon speaks
    given = _signed_values(draft, committed, proofs) | {name: value for name, value in beacon.items() if name in late}
    given |= {one["source"]: str(one["value"]) for one in of_serial(records, draft.serial, "input")}
    missing = [one.number for one in draft.sources if one.number not in given]
    if missing:
        raise BadInput(
            Problem(LEDGER_STEP, {"serial": draft.serial, "why": f"来源 {'、'.join(missing)} 还没有公开值：信标给签名，其他的先录入台账"})
        )
    if why := _untimely(draft, records, committed, at):
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": why}))
    for one in draft.sources:
        check_value(
            one, given[one.number], serial=draft.serial, commit=draft.commit, committed_at=committed, proof=proofs.get(one.number, ""), algorithm=draft.algorithm,
        )  # fmt: skip
    values = [given[one.number] for one in draft.sources]
    fields = {
        "public": values, "proofs": [proofs.get(one.number, "") for one in draft.sources], "seed": seed_of(draft.commit, values, algorithm=draft.algorithm),
        "revealed_at": at,
    }  # fmt: skip
    return appended(records, "reveal", draft.serial, fields, algorithm=draft.algorithm)


def _signed_values(draft: Draft, committed: int, proofs: Mapping[str, str]) -> dict[str, str]:
    """Values of the beacon by source: its round follows from the commit, the value from its signature."""
    return {
        one.number: beacon_value(drand_round(committed, int(one.agreed[1])), proofs[one.number])
        for one in draft.sources
        if one.kind == "drand" and is_signature(proofs.get(one.number, ""))
    }


def appended_result(draft: Draft, records: Sequence[Record], *, outcome: tuple[bytes, int, int] | None = None) -> Record:
    """Return the record of the result: numbers drawn and in reserve, and the hash of `result.tsv`; raises BadInput before the reveal.

    `outcome`: what was worked out elsewhere, as `result` would give it: teams need a solver.
    """
    held = of_serial(records, draft.serial, "reveal")
    if not held:
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": "种子还没有公布"}))
    data, drawn, reserve = outcome or result(draft, held[0]["seed"])
    fields = {"drawn": drawn, "reserve": reserve, "result_sha": digest(draft.algorithm, data)}
    return appended(records, "result", draft.serial, fields, algorithm=draft.algorithm)


def result(draft: Draft, seed: str) -> tuple[bytes, int, int]:
    """Return the bytes of `result.tsv`, how many are drawn and how many in reserve: the same from any machine."""
    pct = int(draft.params.get("reserve_pct", 0))
    if draft.method == "week":
        weeks = week_lots(*_week_rules(draft), seed, algorithm=draft.algorithm)
        rows = sorted(f"{one}\t{week}\n".encode() for one, week in weeks.items())
        return b"".join(rows), len(rows), 0
    if draft.method == "rounding":
        counts = rounded(draft.cells, int(draft.params["denominator"]), seed, algorithm=draft.algorithm)
        return b"".join(sorted(f"{key}\t{count}\n".encode() for key, count in counts.items())), sum(counts.values()), 0
    drawn = _drawn(draft, seed, pct)
    taken = sum(one.state == "D" for one in drawn)
    if taken != sum(draft.quotas.values()):
        raise ArithmeticError("the numbers drawn are not the quotas")
    return result_bytes(drawn), taken, len(drawn) - taken


def _drawn(draft: Draft, seed: str, pct: int) -> list[Drawn]:
    if draft.method == "multi":
        weights = {name: {row[0]: int(row[2]) for row in rows} for name, rows in draft.strata.items()}
        return by_several_tickets(weights, draft.quotas, seed, reserve_pct=pct, algorithm=draft.algorithm)
    if draft.method == "pps":
        return [one for name in sorted(draft.strata, key=str.encode) for one in _by_risk(draft, name, seed, pct)]
    ids = {name: [row[0] for row in rows] for name, rows in draft.strata.items()}
    purpose = "exch" if draft.method == "exchange" else "obj"
    return by_chance(ids, draft.quotas, seed, reserve_pct=pct, algorithm=draft.algorithm, purpose=purpose)


def _by_risk(draft: Draft, stratum: str, seed: str, pct: int) -> list[Drawn]:
    quota, rows = draft.quotas[stratum], draft.strata[stratum]
    taken = sorted(by_risk({row[0]: int(row[2]) for row in rows}, quota, seed, algorithm=draft.algorithm))
    kept = set(taken)
    left = [row[0] for row in rows if row[0] not in kept]
    spare = ranked(seed, "sub", left, first=of_ratio(quota, pct, 100), algorithm=draft.algorithm)
    found = [
        Drawn(stratum=stratum, rank=n, state="D", id=one, ticket=ticket(seed, "piv-order", one, algorithm=draft.algorithm))
        for n, one in enumerate(taken, 1)
    ]
    return found + [Drawn(stratum=stratum, rank=n, state="R", id=one, ticket=of) for n, (of, one) in enumerate(spare, quota + 1)]


def _week_rules(draft: Draft) -> tuple[dict[str, list[str]], dict[tuple[str, int], int]]:
    quotas = {(key.rpartition("/")[0], int(key.rpartition("/")[2])): count for key, count in draft.quotas.items()}
    return {name: [row[0] for row in rows] for name, rows in draft.strata.items()}, quotas


def void(records: Sequence[Record], serial: str, *, reason: str, approved_by: Sequence[str], algorithm: str = "sha256") -> Record:
    """Return the record that cancels a draw: it stays in the ledger, with its reason and two approvals (作废)."""
    return appended(records, "void", serial, {"reason": reason, "approved_by": list(approved_by)}, algorithm=algorithm)
