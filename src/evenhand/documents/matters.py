"""Print the list of matters (随机抽查事项清单): what may be inspected at whom, on which ground."""

from typing import Final

from evenhand.documents.model import Column, Table
from evenhand.documents.wording import UNSETTLED
from evenhand.documents.wording import Matter as Wording
from evenhand.plan import read_matters
from evenhand.rulebook import Pack, Source, cited
from evenhand.tag import read_tag_rules

__all__ = ["basis_of", "matter_list", "matter_rows_table"]

_COLUMNS: Final = (
    Column(title="编号", width=12, code=True), Column(title="事项", width=25), Column(title="类别", width=10, centred=True), Column(title="对象", width=28), Column(title="比例、频次", width=18, centred=True),
    Column(title="专业、用时", width=18, centred=True), Column(title="检查项目组和依据", width=54),
)  # fmt: skip


def basis_of(source: Source) -> str:
    """Where a rule stands, marked unless it is settled law, with its note."""
    said = cited(source) + ("" if source.confidence == "VERIFIED" else UNSETTLED)
    return f"{said}；{source.note}" if source.note else said


def matter_list(matter: Wording) -> Table:
    """One line per matter; objects by the names of their tags."""
    return matter_rows_table(matter.pack)


def matter_rows_table(pack: Pack) -> Table:
    """The same from a pack."""
    names = {tag.code: tag.value for tag in read_tag_rules(pack).tags}
    rows = tuple(
        (
            one.id, one.term, one.rank, "、".join(names.get(code, code) for code in one.objects), f"{one.ratio_pct}%\n{one.frequency}", f"{one.line}\n{one.minutes}分钟",
            f"{'、'.join(one.groups)}\n依据：{basis_of(one.basis)}；{one.first_day.isoformat()}起",
        )
        for one in read_matters(pack).matters
    )  # fmt: skip
    return Table(
        title="随机抽查事项清单",
        mark="t-matters",
        columns=_COLUMNS,
        rows=rows,
        notes=(f"编号、比例和用时{UNSETTLED}：{read_matters(pack).source.note}",),
    )
