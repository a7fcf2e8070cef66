"""Responsible: the order of the steps, and the two tables they give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.errors import BadInput
from evenhand.jurisdiction.areas import read_areas
from evenhand.jurisdiction.deciding import decide, vote_rows
from evenhand.jurisdiction.rules import read_jurisdiction_rules
from evenhand.jurisdiction.votes import cast_votes, gather_units
from evenhand.rulebook import Pack, read_calendar
from evenhand.standards import TABLES

__all__ = ["NEEDED", "Jurisdiction", "responsible_offices"]

NEEDED: Final = ("agency", "record", "membership", "subject", "site", "licence")
"""Tables the decision is made from."""


@dataclass(frozen=True, kw_only=True)
class Jurisdiction:
    """Columns of `TABLES`: the decision on each place of business, and every vote it rests on."""

    jurisdiction: ir.Table
    jurisdiction_vote: ir.Table


def responsible_offices(tables: Mapping[str, ir.Table], *, pack: Pack, engine: Engine, asof: date) -> Jurisdiction:
    """Decide which office answers for each place of business (日常监督管理机构).

    Args:
        tables: those `NEEDED`: the standardised list of agencies, records, membership, subjects with the office golden chose, sites, licences.
        pack: its `jurisdiction/` holds voters, weights, thresholds, zones; its calendar the working days.
        engine: saves what is used twice.
        asof: day on which areas must hold; disputes fall due some working days later.

    Raises:
        BadInput: the pack's rules of jurisdiction are missing or bad.
    """
    rules = read_jurisdiction_rules(pack)
    areas = read_areas(tables["agency"], rules, pack=pack, engine=engine, asof=asof)
    units = gather_units(tables["subject"], tables["site"], areas, engine=engine)
    cast = cast_votes(units, tables, areas, rules.votes, engine=engine)
    decided = decide(cast, areas, rules.votes, due=_due(pack, asof, rules.votes.due_working_days), engine=engine)
    votes = vote_rows(cast, areas, rules.votes)
    shaped = {
        name: table.select(*TABLES[name].names).cast(TABLES[name].schema)
        for name, table in (("jurisdiction", decided), ("jurisdiction_vote", votes))
    }
    return Jurisdiction(**shaped)


def _due(pack: Pack, asof: date, working_days: int) -> date | None:
    """Day until which disputes are to be answered; None while the holidays of that year are not loaded: the register does not wait for them."""
    try:
        return read_calendar(pack).after(asof, working_days=working_days)
    except BadInput:
        return None
