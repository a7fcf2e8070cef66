"""What the desk shows of each doubt, veiled: both sides with their evidence, what it touches, what may be decided, what was decided already."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from evenhand.decisions import Decision
from evenhand.standards import TABLES, VOTERS
from evenhand.web.registry.comparison import weighed
from evenhand.web.registry.touches import touched_shown
from evenhand.web.registry.veil import Veil, is_natural_person, veil_for
from evenhand.web.review.offers import Offer, same_matter

__all__ = ["dispute_shown", "pair_shown", "repair_shown", "settled"]

Row = Mapping[str, Any]
_FIELDS: Final = ("name", "uscc", "legal_person", "phone", "place", "residence", "office", "status", "licence_count", "record_count")
_OF_RECORD: Final = ("name", "uscc", "legal_person", "phone", "place", "residence", "office")
_TITLES: Final = {column.name: column.title for column in TABLES["subject"].columns}


def settled(offers: Sequence[Offer], waiting: Iterable[Decision]) -> Decision | None:
    """Return the decision that settles this doubt at the next build; None while it is open."""
    return next((decision for decision in waiting if same_matter(decision, offers)), None)


def pair_shown(pair: Row) -> dict[str, Any]:
    """Return one doubtful pair: its two subjects and the record between them as columns, line by line."""
    sides = (pair["left"], pair["right"])
    veil = _veil([*sides, *([pair["between"]] if pair["between"] else [])], pair["record"])
    left, right = (_values(side, _FIELDS, veil_for(side)) for side in sides)
    record = _values(pair["record"], _OF_RECORD, veil) if pair["record"] else {}
    lines = [
        {"title": _TITLES[name], "left": left[name], "right": right[name], "record": record.get(name), "state": _state(sides, name)}
        for name in _FIELDS
        if any(side[name] not in {None, ""} for side in sides) or record.get(name)
    ]
    return {
        **pair, **weighed(pair["weights"]), "lines": lines, "evidence": veil.text(pair["evidence"]), "judged": veil.text(pair["judged"]),
        "key": {"rule": pair["rule"], "left": pair["left_id"], "right": pair["right_id"]},
        "sides": [{"word": word, "name": value["name"], "code": value["uscc"]} for word, value in (("甲", left), ("乙", right))],
        "touches": touched_shown(pair["touched"]),
    }  # fmt: skip


def repair_shown(repair: Row) -> dict[str, Any]:
    """Return one doubtful code: the row that has it, the proposals with their evidence."""
    veil = _veil([repair["subject"]], repair["record"])
    proposals = [
        {**one, "evidence": veil.text(one["evidence"]), "before": veil.text(one["before"]) if one["before"] else ""}
        for one in (repair, *repair["others"])
    ]
    row = _values(repair["record"], _OF_RECORD, veil) if repair["record"] else {}
    return {
        **repair, "key": {"record": repair["record_id"]}, "proposals": proposals, "before": proposals[0]["before"], "name": veil_for(repair["subject"]).value("name", repair["subject"]["name"]),
        "lines": [{"title": _TITLES[name], "value": row[name]} for name in _OF_RECORD if name != "uscc" and row.get(name)],
        "touches": touched_shown(repair["touched"]),
    }  # fmt: skip


def dispute_shown(dispute: Row) -> dict[str, Any]:
    """Return one disputed place of business with the votes."""
    veil = _veil([dispute["subject"]], None)
    return {
        **dispute, "key": {"subject": dispute["subject_id"]}, "name": veil.value("name", dispute["subject"]["name"]), "place": veil.value("place", dispute["place"]), "reason": veil.text(dispute["reason"]),
        "votes": [{**vote, "title": VOTERS.get(vote["voter"], vote["voter"]), "evidence": veil.text(vote["evidence"])} for vote in dispute["votes"]],
        "touches": touched_shown(dispute["touched"]),
    }  # fmt: skip


def _veil(subjects: Sequence[Row], record: Row | None) -> Veil:
    """One veil over texts that speak of several subjects: it knows the values of all of them, and of the record."""
    veil = Veil(natural_person=any(is_natural_person(subject) for subject in subjects))
    for row in (*subjects, *([record] if record else [])):
        for name, value in row.items():
            veil.knows(name.removesuffix("_raw"), value)
    return veil


def _values(row: Row, names: Sequence[str], veil: Veil) -> dict[str, Any]:
    return {name: veil.value(name, row.get(name)) for name in names}


def _state(sides: Sequence[Row], name: str) -> str:
    if name.endswith("_count") or not all(side[name] for side in sides):
        return ""
    return "agrees" if sides[0][name] == sides[1][name] else "differs"
