"""Print the dated values of the law (规定中的数): a clause and a table per topic, a line per day on which a value changed."""

from datetime import date
from typing import Final

from evenhand.documents.model import Clause, Column, Table
from evenhand.documents.wording import Matter
from evenhand.rulebook import Dated, Parameter, Parameters, cited, value_text

__all__ = ["dated_values", "note_of", "parameter_tables"]

TOPICS: Final = {"grading": "风险分级", "inspection": "监督检查", "draw": "随机抽查", "limits": "期限", "calendar": "期间计算"}
"""What each folder of `parameters/` is about."""

_COLUMNS: Final = (
    Column(title="参数", width=30), Column(title="含义", width=42), Column(title="自", width=19, centred=True), Column(title="值", width=30), Column(title="依据与确认", width=44),
)  # fmt: skip


def dated_values(held: Parameters) -> dict[str, list[tuple[Parameter, date, Dated]]]:
    """Return all values by the title of their topic, in the order of print: the parameter, the day a value begins, the value."""
    found: dict[str, list[tuple[Parameter, date, Dated]]] = {}
    for one in held:
        topic = held.files[one.name].split("/")[1]
        found.setdefault(TOPICS.get(topic, topic), []).extend((one, day, dated) for day, dated in one.values.items())
    return found


def note_of(dated: Dated) -> str:
    """Return how a value is read and what its source remarks."""
    return "；".join(filter(None, (dated.note, dated.source.note)))


def parameter_tables(matter: Matter) -> tuple[Clause, ...]:
    """One clause per topic; a value that changed has a line per day, the newest last."""
    return tuple(
        Clause(
            title=topic,
            blocks=(Table(title=f"规定中的数：{topic}", columns=_COLUMNS, rows=tuple(_row(matter, *value) for value in values)),),
        )
        for topic, values in dated_values(matter.pack.parameters).items()
    )


def _row(matter: Matter, one: Parameter, day: date, dated: Dated) -> tuple[str, ...]:
    head = (one.term, one.meaning) if day == min(one.values) else ("", "")
    basis, note = matter.basis(cited(dated.source), dated.source.confidence), note_of(dated)
    return *head, day.isoformat(), value_text(dated.value, one.unit, one.labels), f"{basis}；{note}" if note else basis
