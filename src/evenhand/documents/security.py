"""Print the security grades and masks (安全分级与遮盖), shown on invented values by the very function that masks."""

from typing import Final

from evenhand.documents.model import Column, Table
from evenhand.documents.wording import Matter
from evenhand.standards import ELEMENTS, Mask, masked

__all__ = ["confidence_legend", "mask_examples", "security_grades"]

_GRADES: Final = (
    Column(title="级", width=10, centred=True), Column(title="名称", width=20, centred=True), Column(title="范围", width=48), Column(title="使用", width=47), Column(title="数据元", width=40),
)  # fmt: skip
_MASKS: Final = (
    Column(title="级", width=10, centred=True),
    Column(title="方式", width=45),
    Column(title="适用数据元", width=45),
    Column(title="原值（虚构）", width=35),
    Column(title="显示", width=30),
)
_LEGEND: Final = (Column(title="记号", width=24, code=True), Column(title="写法", width=38), Column(title="含义", width=103))
_SAMPLES: Final[dict[Mask, tuple[str, ...]]] = {
    Mask.PERSON: ("张小明", "欧阳小明"), Mask.PHONE: ("13805911234", "0591-87654321"), Mask.IDENTITY: ("350102199001010016",), Mask.ADDRESS: ("鼓楼区东街83号中山大厦1层",),
    Mask.SECRET: ("举报人姓名",),
}  # fmt: skip
_FEW: Final = 12


def security_grades(matter: Matter) -> Table:
    """One line per grade with the elements of that grade."""
    rows = []
    for grade, (name, what, use) in matter.words["grades"].items():
        own = [e.title for e in ELEMENTS.values() if matter.grade(e.mask.value) == grade]
        shown = "、".join(own) if len(own) <= _FEW else f"其余{len(own)}个数据元"
        rows.append((grade, name, what, use, shown or "本文件的数据元中没有"))
    return Table(title="数据安全分级", mark="t-grades", columns=_GRADES, rows=tuple(rows))


def mask_examples(matter: Matter) -> Table:
    """One line per mask and sample."""
    rows = []
    for mask, samples in _SAMPLES.items():
        titles = "、".join(e.title for e in ELEMENTS.values() if e.mask is mask) or "—"
        for n, sample in enumerate(samples):
            way = matter.words["masks"][mask.value][1]
            rows.append(
                (matter.grade(mask.value), way if n == 0 else "同上", titles if n == 0 else "同上", sample, masked(sample, mask) or "")
            )
    return Table(title="遮盖方式", mark="t-masks", columns=_MASKS, rows=tuple(rows))


def confidence_legend(matter: Matter) -> Table:
    """What the marks of confidence mean."""
    meanings = matter.words["confidence_meanings"]
    rows = tuple((mark, matter.confidence(f"{mark} 90" if mark == "RECALLED" else mark), meanings[mark]) for mark in meanings)
    return Table(title="核实程度", mark="t-confidence", columns=_LEGEND, rows=rows)
