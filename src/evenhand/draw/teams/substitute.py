"""One place opened after the draw: the same two rules for this place alone, with the same tickets (选派以后的递补).

Who comes next is foreseeable, and nobody can choose it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from evenhand.draw.draft import Draft
from evenhand.draw.ledger import Record, appended, of_serial
from evenhand.draw.messages import LEDGER_STEP, NO_SUBSTITUTE
from evenhand.draw.teams.frozen import exchange_of, network_of
from evenhand.draw.teams.network import Edge, Network
from evenhand.errors import BadInput, Problem

__all__ = ["Opened", "roster_now", "substitute", "substituted"]

_UNBOUNDED: Final = 10**9


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A place that opened: the visit, who held it, others who can no longer go either, why (recusal, sickness, expired certificate), and the two people who approved."""

    visit: str
    gone: str
    unable: Sequence[str] = ()
    reason: str
    approved_by: Sequence[str]


def substituted(
    network: Network,
    roster: Sequence[Edge],
    *,
    visit: str,
    gone: str,
    unable: Collection[str] = (),
    home: Mapping[str, str] | None = None,
    most: int = _UNBOUNDED,
) -> Edge:
    """Return the edge that takes the place of somebody who can no longer go.

    Args:
        network: of the draw, with its seed.
        roster: as it stands now, earlier substitutes included.
        visit: whose place opens.
        gone: who held it.
        unable: others who can no longer go.
        home: office of each person, for an exchange: the lending office fills its own place where it can, so that the balance stays.
        most: places per person in an exchange.

    Raises:
        BadInput: that person does not go to that visit, or nobody is left for the place (DRAW-18).
    """
    role = next((role for one, role, person in roster if (one, person) == (visit, gone)), None)
    if role is None:
        raise BadInput(Problem(NO_SUBSTITUTE, {"visit": visit, "why": f"{gone} 不在这次检查的名单里"}))
    loads = Counter(person for _, _, person in roster)
    barred = {gone, *unable} | {person for one, _, person in roster if one == visit}
    able = [person for edge_visit, edge_role, person in network.edges if (edge_visit, edge_role) == (visit, role) and person not in barred]
    able = [person for person in able if loads[person] < most]
    if not able:
        raise BadInput(Problem(NO_SUBSTITUTE, {"visit": visit, "why": f"{role} 的位置没有别的人可派，请由上一级派员"}))
    offices = home or {}

    def cost(person: str) -> tuple[bool, int, int, str]:
        other = offices.get(person) != offices.get(gone)
        return other, network.load_cost(person, loads[person] + 1), next(network.pair_costs([(visit, role, person)])), person

    return visit, role, min(able, key=cost)


def _next(draft: Draft, seed: str, roster: Sequence[Edge], *, visit: str, gone: str, unable: Collection[str]) -> Edge:
    exchange = exchange_of(draft, seed)
    if exchange is None:
        return substituted(network_of(draft, seed), roster, visit=visit, gone=gone, unable=unable)
    return substituted(exchange.network, roster, visit=visit, gone=gone, unable=unable, home=exchange.home, most=exchange.most)


def roster_now(draft: Draft, seed: str, roster: Iterable[Edge], records: Sequence[Mapping[str, Any]]) -> tuple[Edge, ...]:
    """Return who goes where once all substitutes of the ledger have come in.

    Raises:
        BadInput: a substitute is not the one that the rules give (DRAW-12, DRAW-18).
    """
    now = tuple(roster)
    for one in (record for record in records if record["kind"] == "substitute" and record["of"] == draft.serial):
        edge = _next(draft, seed, now, visit=one["visit"], gone=one["gone"], unable=one["unable"])
        if edge[1:] != (one["role"], one["next"]):
            why = f"检查 {one['visit']} 的{one['role']}应由 {edge[2]} 递补，台账写的是 {one['next']}"
            raise BadInput(Problem(LEDGER_STEP, {"serial": one["serial"], "why": why}))
        now = _with(now, edge, one["gone"])
    return now


def _with(roster: Sequence[Edge], edge: Edge, gone: str) -> tuple[Edge, ...]:
    return tuple(sorted([*(one for one in roster if one != (edge[0], edge[1], gone)), edge]))


def substitute(draft: Draft, records: Sequence[Record], roster: Sequence[Edge], opened: Opened, *, serial: str) -> Record:
    """Return the record, under a number of its own, of who takes a place that opened.

    Args:
        draft: frozen files of the team draw.
        records: the ledger so far.
        roster: as drawn.
        opened: the place.
        serial: next number of the ledger.
    """
    held = of_serial(records, draft.serial, "reveal")
    if not held:
        raise BadInput(Problem(LEDGER_STEP, {"serial": draft.serial, "why": "种子还没有公布"}))
    seed = str(held[0]["seed"])
    now = roster_now(draft, seed, roster, records)
    visit, role, person = _next(draft, seed, now, visit=opened.visit, gone=opened.gone, unable=opened.unable)
    fields = {
        "of": draft.serial, "visit": visit, "role": role, "gone": opened.gone, "unable": sorted(opened.unable), "next": person, "reason": opened.reason,
        "approved_by": list(opened.approved_by),
    }  # fmt: skip
    return appended(records, "substitute", serial, fields, algorithm=draft.algorithm)
