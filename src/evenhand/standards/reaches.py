"""What an error about a subject touches (影响项): the declared list. A new kind of result joins it by one more row."""

from dataclasses import dataclass
from typing import Final

__all__ = ["REACHES", "Reach"]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One kind of thing that hangs on a subject: name, Chinese title, unit, and where it is counted.

    `table`: a derived table with a `subject_id`. `kinds`: instead, source rows of these kinds that belong to the subject.
    """

    name: str
    title: str
    unit: str
    table: str = ""
    kinds: tuple[str, ...] = ()


REACHES: Final = (
    Reach(name="licences", title="证照", unit="张", table="licence"),
    Reach(name="sites", title="经营场所", unit="处", table="site"),
    Reach(name="inspections", title="监督检查", unit="次", kinds=("inspection",)),
    Reach(name="grounds", title="等级依据", unit="条", kinds=("inspection_problem", "sampling", "complaint", "penalty", "credit")),
    Reach(name="grades", title="风险等级", unit="段", table="grade"),
    Reach(name="campaigns", title="专项名单", unit="条", kinds=("campaign",)),
    Reach(name="tags", title="标签", unit="个", table="tag"),
)
"""In the order in which they are shown. Duties, draws and report rows join when their tables stand."""
