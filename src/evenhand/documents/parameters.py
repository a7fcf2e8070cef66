"""Print the dated values of the law (规定中的数): a clause and a table per topic, a line per day on which a value changed."""

from collections.abc import Iterator
from typing import Final

from evenhand.documents.model import Clause, Column, Table
from evenhand.documents.wording import Matter
from evenhand.rulebook import Parameter, cited, value_text

__all__ = ["TOPICS", "parameter_tables"]

TOPICS: Final = {"grading": "风险分级", "inspection": "监督检查", "draw": "随机抽查", "limits": "期限", "calendar": "期间计算"}
"""What each folder of `parameters/` is about."""

_COLUMNS: Final = (
    Column(title="参数", width=30), Column(title="含义", width=42), Column(title="自", width=19, centred=True), Column(title="值", width=30), Column(title="依据与确认", width=44),
)  # fmt: skip


def parameter_tables(matter: Matter) -> tuple[Clause, ...]:
    """One clause per topic; a value that changed has a line per day, the newest last."""
    held = matter.pack.parameters
    topics = dict.fromkeys(file.split("/")[1] for file in held.files.values())
    return tuple(
        Clause(
            title=TOPICS[topic],
            blocks=(
                Table(
                    title=f"规定中的数：{TOPICS[topic]}",
                    columns=_COLUMNS,
                    rows=tuple(row for one in held if held.files[one.name].split("/")[1] == topic for row in _rows(matter, one)),
                ),
            ),
        )
        for topic in topics
    )


def _rows(matter: Matter, one: Parameter) -> Iterator[tuple[str, ...]]:
    for place, (day, dated) in enumerate(one.values.items()):
        head = (one.term, one.meaning) if place == 0 else ("", "")
        note = "；".join(filter(None, (dated.note, dated.source.note)))
        basis = matter.basis(cited(dated.source), dated.source.confidence)
        yield *head, day.isoformat(), value_text(dated.value, one.unit, one.labels), f"{basis}；{note}" if note else basis
