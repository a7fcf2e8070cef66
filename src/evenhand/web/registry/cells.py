"""The history of one cell as the subject page shows it: each source row's way to the value that stands, and what people decided; veiled."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from evenhand.pipeline.cells import Cell, CellHistory
from evenhand.publish import SubjectCard
from evenhand.web.registry.comparison import spelt
from evenhand.web.registry.subject import rule_named
from evenhand.web.registry.veil import Veil, veil_for

__all__ = ["cell_context"]

_STEPS: Final = (("raw", "来源原文"), ("standard", "规范值"), ("identified", "记录采用"))
"""The steps of a value in their order; a step that changes nothing is not told."""


def cell_context(card: SubjectCard, history: CellHistory, *, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of the history of one field: rows with their steps, the value and its reason, other values, decisions."""
    veil = veil_for(card.subject, card.rows, findings=card.findings)
    name = history.element

    def shown(value: object) -> object:
        return veil.value(name, value)

    return {
        "subject": {"subject_id": card.subject["subject_id"], "name": veil.value("name", card.subject["name"])},
        "history": history,
        "rule": rule_named(history.rule),
        "value": shown(history.value),
        "reason": veil.text(history.reason),
        "rows": [_way(cell, history.value, name, veil) | {"source": titles.get(cell.source, cell.source)} for cell in history.cells],
        "others": [
            {**row, "value": veil.value(name, row["value"], record=row["record_id"]), "reason": veil.text(row["reason"])}
            for row in history.others
        ],
        "decisions": [{**row, "why": veil.text(row["why"]), "note": veil.text(row["note"])} for row in history.decisions],
    }


def _way(cell: Cell, chosen: str | None, name: str, veil: Veil) -> dict[str, Any]:
    """One source row: where it lies, the steps that changed something, the repair proposed, whether its value is the one that stands."""
    steps: list[dict[str, Any]] = []
    for step, title in _STEPS:
        value = getattr(cell, step)
        if value is not None and (not steps or value != steps[-1]["real"]):
            steps.append({"title": title, "value": veil.value(name, value, record=cell.record_id), "real": value})
    for before, after in pairwise(steps):
        before["value"] = spelt(before["value"], after["value"])
    return {
        "cell": cell,
        "steps": [{"title": step["title"], "value": step["value"]} for step in steps],
        "repair": veil.text(cell.repair),
        "chosen": chosen is not None and chosen in {cell.standard, cell.identified},
    }
