"""Print the list of matters (随机抽查事项清单): what may be inspected at whom, on which ground."""

from typing import Final

from evenhand.documents.model import Column, Table
from evenhand.documents.wording import Matter as Wording
from evenhand.plan import read_matters
from evenhand.rulebook import cited
from evenhand.tag import read_tag_rules

__all__ = ["matter_list"]

_COLUMNS: Final = (
    Column(title="编号", width=12, code=True), Column(title="事项", width=25), Column(title="类别", width=10, centred=True), Column(title="对象", width=28), Column(title="比例、频次", width=18, centred=True),
    Column(title="专业、用时", width=18, centred=True), Column(title="检查项目组和依据", width=54),
)  # fmt: skip


def matter_list(matter: Wording) -> Table:
    """One line per matter; objects by the names of their tags."""
    names = {tag.code: tag.value for tag in read_tag_rules(matter.pack).tags}
    rows = tuple(
        (
            one.id, one.term, one.rank, "、".join(names.get(code, code) for code in one.objects), f"{one.ratio_pct}%\n{one.frequency}", f"{one.line}\n{one.minutes}分钟",
            f"{'、'.join(one.groups)}\n依据：{cited(one.basis)}；{one.first_day.isoformat()}起",
        )
        for one in read_matters(matter.pack).matters
    )  # fmt: skip
    return Table(title="随机抽查事项清单", mark="t-matters", columns=_COLUMNS, rows=rows)
