"""One draw from frozen files to result: what was committed, the seed, and who is drawn (一次抽取).

Takes the two canonical files as bytes, the public values and the ledger; gives records and the bytes of the result.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from evenhand.draw.beacon import beacon_value, is_signature
from evenhand.draw.canonical import METHODS, Row, list_bytes, read_rows, rules_bytes
from evenhand.draw.choosing import Drawn, by_chance, by_several_tickets, result_bytes, week_lots
from evenhand.draw.hashes import ALGORITHMS, digest
from evenhand.draw.ledger import Record, appended, of_serial
from evenhand.draw.margins import rounded
from evenhand.draw.messages import BAD_ROW, LEDGER_STEP, RULES_LACK, STRATA_DIFFER
from evenhand.draw.pivotal import by_risk
from evenhand.draw.quotas import of_ratio
from evenhand.draw.sealing import merkle_root
from evenhand.draw.sources import Source, beacon_time, check_form, check_sources, check_value, drand_round, read_source
from evenhand.draw.tickets import commit_of, ranked, seed_of, ticket
from evenhand.errors import BadInput, Problem

__all__ = ["Draft", "appended_result", "commit", "make_draft", "open_draft", "record_input", "result", "reveal", "void"]

_REQUIRED: Final = ("alg", "method", "serial")
_WITH_RESERVE: Final = ("multi", "pps", "sealed", "srs")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The two frozen files of a draw, read."""

    list_data: bytes
    rules_data: bytes
    rows: tuple[Row, ...]
    params: Mapping[str, str]
    quotas: Mapping[str, int]
    cells: Mapping[str, int]
    people: Mapping[str, str]
    sources: tuple[Source, ...]

    @property
    def serial(self) -> str:
        """Number in the ledger."""
        return self.params["serial"]

    @property
    def method(self) -> str:
        """How it is drawn: one of `METHODS`."""
        return self.params["method"]

    @property
    def algorithm(self) -> str:
        """Hash of the draw."""
        return self.params["alg"]

    @cached_property
    def list_hash(self) -> str:
        """L."""
        return digest(self.algorithm, self.list_data)

    @cached_property
    def list_root(self) -> str:
        """Root of the tree over the lines of the list."""
        return merkle_root(self.list_data.splitlines())

    @cached_property
    def rules_hash(self) -> str:
        """Q."""
        return digest(self.algorithm, self.rules_data)

    @cached_property
    def commit(self) -> str:
        """C."""
        return commit_of(self.list_hash, self.rules_hash, algorithm=self.algorithm)

    @cached_property
    def strata(self) -> dict[str, list[Row]]:
        """Rows by stratum."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row[1], []).append(row)
        return found


def make_draft(
    rows: Sequence[Row], *, method: str, serial: str, quotas: Mapping[str, int], sources: Sequence[str], reserve_pct: int = 0, algorithm: str = "sha256",
    more: Sequence[Row] = (),
) -> Draft:  # fmt: skip
    """Freeze a list and its rules; raises BadInput naming every row, quota and source that may not stand. `more`: further rows of the rules (param, cell, person)."""
    rules: list[Row] = [("param", "alg", algorithm), ("param", "method", method), ("param", "serial", serial)]
    rules += [("param", "reserve_pct", str(reserve_pct))] if method in _WITH_RESERVE else []
    rules += more
    rules += [("quota", key, str(count)) for key, count in quotas.items()]
    rules += [("source", f"{place:02}", rule) for place, rule in enumerate(sources, 1)]
    return open_draft(list_bytes(rows, method), rules_bytes(rules))


def open_draft(list_data: bytes, rules_data: bytes) -> Draft:
    """Read the two files of a draw; raises BadInput when they are not canonical or do not fit each other."""
    rules = read_rows(rules_data, "rules.tsv")
    rules_bytes(rules)
    held: dict[str, dict[str, str]] = {"param": {}, "quota": {}, "cell": {}, "source": {}, "person": {}}
    for kind, key, value in rules:
        held[kind][key] = value
    params = held["param"]
    lacking = [name for name in (*_REQUIRED, *(["reserve_pct"] if params.get("method") in _WITH_RESERVE else [])) if name not in params]
    if lacking:
        raise BadInput(Problem(RULES_LACK, {"names": "、".join(lacking)}))
    if params["method"] not in METHODS or params["alg"] not in ALGORITHMS:
        known = {"method": "、".join(METHODS), "alg": "、".join(ALGORITHMS)}
        raise BadInput(
            Problem(BAD_ROW, {"row": f"param / {name} / {params[name]}", "why": f"可用 {choices}"})
            for name, choices in known.items()
            if params[name] not in choices.split("、")
        )
    rows = read_rows(list_data, "list.tsv")
    list_bytes(rows, params["method"])
    draft = Draft(
        list_data=list_data, rules_data=rules_data, rows=tuple(rows), params=params, quotas={key: int(value) for key, value in held["quota"].items()},
        cells={key: int(value) for key, value in held["cell"].items()}, people=held["person"], sources=tuple(read_source(key, held["source"][key]) for key in sorted(held["source"])),
    )  # fmt: skip
    _check_strata(draft)
    return draft


def _check_strata(draft: Draft) -> None:
    """Each stratum has its quota row and the reverse, and no quota passes its stratum."""
    if draft.method == "rounding":
        if {row[0] for row in draft.rows} != set(draft.cells) or int(draft.params.get("denominator", 0)) < 1:
            raise BadInput(Problem(STRATA_DIFFER, {"stratum": "（两维）", "why": "名单的格与规则的 cell 行不同，或者缺 denominator"}))
        return
    if draft.method == "teams":
        _check_people(draft)
    if draft.method in {"teams", "week"}:
        return
    problems = [Problem(STRATA_DIFFER, {"stratum": name, "why": "没有名额"}) for name in draft.strata if name not in draft.quotas]
    problems += [
        Problem(STRATA_DIFFER, {"stratum": name, "why": "有名额，名单里没有对象"}) for name in draft.quotas if name not in draft.strata
    ]
    problems += [
        Problem(STRATA_DIFFER, {"stratum": name, "why": f"只有 {len(rows)} 个对象，名额却是 {draft.quotas[name]}"})
        for name, rows in draft.strata.items()
        if draft.quotas.get(name, 0) > len(rows)
    ]
    if problems:
        raise BadInput(problems)


def _check_people(draft: Draft) -> None:
    """Each inspector of the list has a person row `places carried/quarters`, and the reverse."""
    named = {row[2] for row in draft.rows}
    problems = [Problem(STRATA_DIFFER, {"stratum": one, "why": "没有 person 行"}) for one in sorted(named - set(draft.people))]
    problems += [Problem(STRATA_DIFFER, {"stratum": one, "why": "有 person 行，名单里没有"}) for one in sorted(set(draft.people) - named)]
    problems += [
        Problem(BAD_ROW, {"row": f"person / {one} / {told}", "why": "应写成 已承担的位置/四分之几工时，如 3/4"})
        for one, told in sorted(draft.people.items())
        if not re.fullmatch(r"(0|[1-9][0-9]*)/[1-4]", told)
    ]
    if problems:
        raise BadInput(problems)


def commit(draft: Draft, records: Sequence[Record], *, at: int, signer: str, least_bits: int) -> Record:
    """Return the record that publishes C, before any public value exists."""
    check_sources(draft.sources, least_bits=least_bits)
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
    ends = beacon_time(draft.sources, committed)
    if told.kind == "drand":
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": "信标的值不先录入：公布时连同签名一起给"}))
    if ends is not None and at >= ends:
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": "信标已经公布，迟到的公开值不收；份额未公开的写 absent"}))
    if told.kind == "vrf":  # its proof comes with the reveal
        check_form(told, value)
    else:
        check_value(told, value, serial=draft.serial, commit=draft.commit, committed_at=committed)
    return appended(records, "input", draft.serial, {"source": source, "value": value, "received_at": at}, algorithm=draft.algorithm)


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
    late = {one.number for one in draft.sources if one.kind == "drand"}  # all others lie open before the beacon speaks
    given = _signed_values(draft, committed, proofs) | {name: value for name, value in beacon.items() if name in late}
    given |= {one["source"]: str(one["value"]) for one in of_serial(records, draft.serial, "input")}
    missing = [one.number for one in draft.sources if one.number not in given]
    if missing:
        raise BadInput(
            Problem(LEDGER_STEP, {"serial": draft.serial, "why": f"来源 {'、'.join(missing)} 还没有公开值：信标给签名，其他的先录入台账"})
        )
    ends = beacon_time(draft.sources, committed)
    if ends is not None and at < ends:
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": f"信标要到 {ends} 才公布，现在是 {at}"}))
    for one in draft.sources:
        check_value(
            one, given[one.number], serial=draft.serial, commit=draft.commit, committed_at=committed, proof=proofs.get(one.number, "")
        )
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
