"""The ceremony on disk: commit, public values, reveal with the proof pack, cancel (抽取仪式)."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from evenhand.draw import Draft, appended_result, commit, digest, of_serial, record_input, result, reveal, void
from evenhand.draw.teams import draw_exchange, draw_teams, exchange_of, network_of, past_pairs, prices_bytes, roster_bytes, rotated
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing.agreed import Agreed
from evenhand.pipeline.drawing.method import SCRIPTS, method_page
from evenhand.pipeline.drawing.shelf import EXCLUDED, EXCLUDED_SHA, LEDGER, PROVED, Record, draft_of, locked, segment_bytes

NARROW_POOL: Final = Message(
    "DRAW-25",
    zh="层“{stratum}”只有 {rows} 个对象，名额 {quota}，不到 {multiple} 倍，随机的余地很小。请减少名额、改为全覆盖，或者报批后写明批准人（--narrow-approved-by）。",
    en="stratum {stratum} has {rows} rows for {quota} places, less than {multiple} times as many; have it approved.",
)
APPROVED_NARROW: Final = "narrow_pool_approved_by"
"""Parameter of the rules: who approved a pool that leaves little to chance."""
TOO_SOON: Final = Message(
    "DRAW-43",
    zh="来源 {source} 在承诺后 {wait} 秒就公布，至少要等 {least} 秒，其他公开值才来得及先录入。请改用以后的一轮、一期。",
    en="source {source} is known {wait} s after the commit, {least} s at least.",
)
TOO_MANY: Final = Message(
    "DRAW-44",
    zh="一次互查有 {people} 人、{places} 个位置，各机构又借还不平，超出求解程序能算的范围。请减少名额，或者分县、分周进行。",
    en="an exchange of {people} people and {places} places, out of balance, is more than the solver can hold; split it.",
)
__all__ = ["APPROVED_NARROW", "cancel", "commit_draw", "enter_value", "excluded_rule", "reveal_draw"]


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
    _check_pool(draft, agreed)
    _check_delay(draft, agreed, at)
    if draft.method == "teams" and (exchange := exchange_of(draft, "0" * 64)) and not exchange.fits:
        raise BadInput(Problem(TOO_MANY, {"people": len(draft.people), "places": len(exchange.network.places)}))
    with locked(folder) as records:
        records.append(commit(draft, records, at=at, signer=signer, least_bits=agreed.entropy_bits_min))
        held = folder / draft.serial
        held.mkdir(parents=True, exist_ok=True)
        (held / "list.tsv").write_bytes(draft.list_data)
        (held / "rules.tsv").write_bytes(draft.rules_data)
        (held / EXCLUDED).write_bytes(_excluded_bytes(excluded or {}))


def excluded_rule(excluded: Mapping[str, int]) -> tuple[str, str, str]:
    """Return the row of the rules that fixes the counts of who was left out."""
    return ("param", EXCLUDED_SHA, digest("sha256", _excluded_bytes(excluded)))


def _excluded_bytes(excluded: Mapping[str, int]) -> bytes:
    return "".join(f"{why}\t{count}\n" for why, count in sorted(excluded.items())).encode()


def _check_delay(draft: Draft, agreed: Agreed, at: int) -> None:
    """Refuse a value from outside that is known so soon after the commit that the other values cannot be recorded before it."""
    soon = [
        (one, wait)
        for one in draft.sources
        if (known := one.known_from(at)) is not None and 0 < (wait := known - at) < agreed.beacon_delay_s
    ]
    if soon:
        raise BadInput(Problem(TOO_SOON, {"source": one.number, "wait": wait, "least": agreed.beacon_delay_s}) for one, wait in soon)


def _check_pool(draft: Draft, agreed: Agreed) -> None:
    """Refuse strata in which little is left to chance, unless somebody approved it and the rules say who."""
    if draft.method not in {"multi", "pps", "sealed", "srs"} or draft.params.get(APPROVED_NARROW):
        return
    narrow = [(name, len(rows), draft.quotas[name]) for name, rows in sorted(draft.strata.items())]
    problems = [
        Problem(NARROW_POOL, {"stratum": name, "rows": rows, "quota": quota, "multiple": agreed.pool_multiple})
        for name, rows, quota in narrow
        if quota < rows < quota * agreed.pool_multiple
    ]
    if problems:
        raise BadInput(problems)


def enter_value(folder: Path, serial: str, *, source: str, value: str, at: int) -> None:
    """Write one public value into the ledger; raises BadInput for a late, wrong or second one."""
    draft = draft_of(folder, serial)
    with locked(folder) as records:
        records.append(record_input(draft, records, source=source, value=value, at=at))


def reveal_draw(folder: Path, serial: str, *, beacon: Mapping[str, str], proofs: Mapping[str, str], at: int, agreed: Agreed) -> Path:
    """Publish the seed, work out the result and write the proof pack; return its folder."""
    draft, held = draft_of(folder, serial), folder / serial
    with locked(folder) as records:
        records.append(reveal(draft, records, beacon=beacon, proofs=proofs, at=at))
        seed = of_serial(records, serial, "reveal")[0]["seed"]
        if draft.method == "teams":
            exchange = exchange_of(draft, seed)
            teams = draw_exchange(exchange) if exchange else draw_teams(network_of(draft, seed))
            past = past_pairs(draft)
            roster = teams.roster if past is None else rotated(network_of(draft, seed), teams.roster, past)
            if past is not None:
                (held / PROVED).write_bytes(roster_bytes(teams.roster))
            outcome = (roster_bytes(roster), len(roster), 0)
            (held / "prices.tsv").write_bytes(prices_bytes(teams.prices))
            for attempt, (tried, prices) in enumerate(teams.tied, 1):
                (held / f"result-{attempt}.tsv").write_bytes(roster_bytes(tried))
                (held / f"prices-{attempt}.tsv").write_bytes(prices_bytes(prices))
        else:
            outcome = result(draft, seed)
        records.append(appended_result(draft, records, outcome=outcome))
        (held / "result.tsv").write_bytes(outcome[0])
        _write_pack(folder, draft, records, agreed)
    return held


def _write_pack(folder: Path, draft: Draft, records: Sequence[Record], agreed: Agreed) -> None:
    """Write the chain from this draw's commit on, the method in words, and the verifiers."""
    held = folder / draft.serial
    (held / LEDGER).write_bytes(segment_bytes(records, draft.serial))
    page = method_page(draft, of_serial(records, draft.serial, "reveal")[0], agreed)
    (held / "method.md").write_text(page, "utf-8")
    scripts = files("evenhand.pipeline") / "proof"
    for name in SCRIPTS[draft.method] if draft.algorithm == "sha256" else ():
        (held / f"verify{name[-3:]}").write_bytes((scripts / f"{name}.txt").read_bytes())


def cancel(folder: Path, serial: str, *, reason: str, approved_by: Sequence[str]) -> None:
    """Cancel a draw: it stays in the ledger with its reason and two approvals, and cannot be taken up again."""
    draft = draft_of(folder, serial)
    with locked(folder) as records:
        records.append(void(records, serial, reason=reason, approved_by=approved_by, algorithm=draft.algorithm))
        if (folder / serial / LEDGER).is_file():
            (folder / serial / LEDGER).write_bytes(segment_bytes(records, serial))
