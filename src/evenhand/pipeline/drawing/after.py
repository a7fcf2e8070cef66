"""What changes after a draw: the next reserve ticket for an object, a substitute in a team; the ledger tells each, and nothing is drawn again (递补)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from evenhand.draw import Draft, drawn_now, next_serial, of_serial, read_ledger, replace_drawn
from evenhand.draw.teams import EXCHANGE_ROLE, Opened, Pair, pairs_in, roster_now, substitute
from evenhand.errors import BadInput, Message, Problem
from evenhand.pipeline.drawing.people import names_of
from evenhand.pipeline.drawing.shelf import LEDGER, draft_of, edges_of, locked, read_draft, read_result, segment_bytes
from evenhand.pipeline.drawing.verifying import verify_pack

__all__ = ["drawn_ids", "pairs_so_far", "replace_one", "roster_in", "substitute_one", "teams_in"]

NOT_SOUND: Final = Message(
    "DRAW-24", zh="档案 {path} 核对不符：{why}。不符的抽取不能使用。", en="proof pack {path} does not verify: {why}."
)
NO_RESULT: Final = Message(
    "DRAW-26", zh="编号 {serial} 还没有结果。请先公布种子（evenhand draw reveal）。", en="draw {serial} has no result yet; reveal it first."
)
NOT_TEAMS: Final = Message(
    "DRAW-27",
    zh="编号 {serial} 的方法是 {method}，没有派人。请用选派的编号（evenhand draw teams）。",
    en="draw {serial} is {method}, not teams.",
)
_TEAMS: Final = "teams"


def replace_one(folder: Path, serial: str, *, gone: str, reason: str, approved_by: Sequence[str]) -> str:
    """Put the next reserve ticket in the place of one drawn; return its id."""
    draft, held = draft_of(folder, serial), folder / serial
    _done(held, draft)
    with locked(folder) as records:
        rows = read_result((held / "result.tsv").read_bytes())
        record = replace_drawn(draft, records, rows, gone=gone, reason=reason, approved_by=approved_by)
        records.append(record)
        (held / LEDGER).write_bytes(segment_bytes(records, serial))
    return str(record["next"])


def substitute_one(folder: Path, serial: str, opened: Opened, *, year: int) -> tuple[str, str]:
    """Put who the rules give in a place of a team that opened; return the number of the record and the person.

    People may be told by number or by pseudonym; the ledger holds pseudonyms, what is returned is the number where it is known here.

    Args:
        folder: of the authority's ledger.
        serial: of the team draw.
        opened: the place.
        year: of the new number.
    """
    draft, held = draft_of(folder, serial), folder / serial
    _done(held, draft, teams=True)
    with locked(folder) as records:
        roster, names = edges_of(read_result((held / "result.tsv").read_bytes())), names_of(folder, serial)
        secret = {one: pseudonym for pseudonym, one in names.items()}
        told = replace(opened, gone=secret.get(opened.gone, opened.gone), unable=[secret.get(one, one) for one in opened.unable])
        record = substitute(draft, records, roster, told, serial=next_serial(records, year))
        records.append(record)
        (held / LEDGER).write_bytes(segment_bytes(records, serial))
    return str(record["serial"]), names.get(str(record["next"]), str(record["next"]))


def _done(pack: Path, draft: Draft, *, teams: bool = False) -> None:
    """Refuse a draw without result (DRAW-26), and one that sends nobody where people are asked for (DRAW-27)."""
    if teams and draft.method != _TEAMS:
        raise BadInput(Problem(NOT_TEAMS, {"serial": draft.serial, "method": draft.method}))
    if not (pack / "result.tsv").is_file():
        raise BadInput(Problem(NO_RESULT, {"serial": draft.serial}))


def _sound(pack: Path) -> None:
    verdict = verify_pack(pack)
    if why := verdict.difference or (f"已经作废（{verdict.cancelled}）" if verdict.cancelled else ""):
        raise BadInput(Problem(NOT_SOUND, {"path": pack, "why": why}))


def drawn_ids(pack: Path) -> dict[str, str]:
    """Return what stands drawn in a proof pack, replacements made, with its stratum; raises BadInput when the pack does not verify or is void (DRAW-24)."""
    _sound(pack)
    records = read_ledger((pack / LEDGER).read_bytes(), whole=False)
    return drawn_now(read_result((pack / "result.tsv").read_bytes()), of_serial(records, read_draft(pack).serial, "replace"))


def roster_in(pack: Path, role: str = EXCHANGE_ROLE) -> dict[str, str]:
    """Return who takes one place by visit, substitutes in; raises BadInput when the pack does not verify or is void (DRAW-24)."""
    return {visit: person for visit, place, person in teams_in(pack) if place == role}


def pairs_so_far(folder: Path, year: int) -> Counter[Pair]:
    """Return how often each two people, told by number, worked together in the team draws of a year that stand."""
    path, seen = folder / LEDGER, Counter[Pair]()
    records = read_ledger(path.read_bytes()) if path.is_file() else []
    void = {record["serial"] for record in records if record["kind"] == "void"}
    for record in records:
        serial = str(record["serial"])
        if (
            record["kind"] == "result"
            and serial not in void
            and serial.startswith(f"{year}-")
            and read_draft(folder / serial).method == _TEAMS
        ):
            seen.update(pairs_in(teams_in(folder / serial)))
    return seen


def teams_in(pack: Path) -> list[tuple[str, str, str]]:
    """Return who goes where now, substitutes in: visit, role, number of the person (the pseudonym where the names are not kept here), sorted.

    Raises:
        BadInput: the pack does not verify or is void (DRAW-24), is not one of teams (DRAW-27), or has no result (DRAW-26).
    """
    draft = read_draft(pack)
    _done(pack, draft, teams=True)
    _sound(pack)
    records = read_ledger((pack / LEDGER).read_bytes(), whole=False)
    drawn = edges_of(read_result((pack / "result.tsv").read_bytes()))
    now = roster_now(draft, str(of_serial(records, draft.serial, "reveal")[0]["seed"]), drawn, records)
    names = names_of(pack.parent, draft.serial)
    return sorted((visit, role, names.get(person, person)) for visit, role, person in now)
