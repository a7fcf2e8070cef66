"""What grading may look at: the allow-list of facts about a subject, and of kinds of grounds (等级依据). No inspector, no office stands on it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["FACTS", "GROUNDS", "Fact", "Kind"]


class Kind(StrEnum):
    """What a fact holds. `codes`: several codes between spaces; `number`; `word`: one value; `day`."""

    CODES = "codes"
    NUMBER = "number"
    WORD = "word"
    DAY = "day"


@dataclass(frozen=True)
class Fact:
    """One fact: Chinese title, kind, unit."""

    title: str
    kind: Kind
    unit: str = ""


_WORD, _NUMBER = Kind.WORD, Kind.NUMBER

FACTS: Final[dict[str, Fact]] = {
    "tags": Fact("主体标签", Kind.CODES),
    "subject_type": Fact("主体类型", _WORD),
    "founded": Fact("成立日期", Kind.DAY),
    "wholesale": Fact("是否批发", _WORD),
    "sale_area": Fact("销售面积", _NUMBER, "平方米"),
    "room_area": Fact("餐饮面积", _NUMBER, "平方米"),
    "small_area": Fact("三小场所面积", _NUMBER, "平方米"),
    "diners": Fact("就餐人数（餐次）", _NUMBER, "人"),
    "outlets": Fact("配送门店数", _NUMBER, "家"),
    "co_located": Fact("同一地址的主体数", _NUMBER, "个"),
    "related_bad": Fact("同一负责人名下的失信、吊销主体数", _NUMBER, "个"),
    "moves": Fact("近一年迁址次数", _NUMBER, "次"),
    "sku_reported": Fact("是否填报单品数", _WORD),
    "sku_packed": Fact("常温预包装单品数", _NUMBER, "个"),
    "sku_packed_chilled": Fact("冷藏预包装单品数", _NUMBER, "个"),
    "sku_packed_frozen": Fact("冷冻预包装单品数", _NUMBER, "个"),
    "sku_bulk": Fact("常温散装单品数", _NUMBER, "个"),
    "sku_bulk_chilled": Fact("冷藏散装单品数", _NUMBER, "个"),
    "sku_bulk_frozen": Fact("冷冻散装单品数", _NUMBER, "个"),
    "suppliers": Fact("供货者数", _NUMBER, "家"),
    "health_material": Fact("保健食品主要原料", _WORD),
    "health_formula": Fact("保健食品配方", _WORD),
    "health_function": Fact("保健功能", _WORD),
    "health_unsuitable": Fact("不适宜人群标注", _WORD),
    "health_storage": Fact("保健食品贮存条件", _WORD),
}
"""Facts by name: the columns of `trait` besides the subject."""

GROUNDS: Final[dict[str, str]] = {
    "inspection": "监督检查",
    "sampling": "监督抽检",
    "complaint": "投诉举报",
    "penalty": "行政处罚",
    "credit": "信用类别",
    "abnormal": "经营异常名录",
    "dishonest": "严重违法失信名单",
    "certificate": "体系认证和政府质量奖",
    "refusal": "拒绝检查",
    "accident": "食品安全事故",
    "impact": "造成恶劣社会影响的违法",
    "recall": "召回和停止生产经营",
    "self_check": "自查问题",
}
"""Kinds of grounds by name: what happened to a subject, one row each in `ground`."""
