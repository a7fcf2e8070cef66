"""Rows of the sheets on which larger food sellers and makers of health food state their static risk factors."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from evenhand.practice.rows import Chunk, Rows, identity
from evenhand.practice.subjects import Trade
from evenhand.practice.text import Text, blank, draw, text_column

__all__ = ["factor_rows"]

_MORE: Final = 29  # part of the seed of factor sheets
_HEALTH_MAKER: Final = "T05-01"
_LARGE: Final = 300.0
"""Floor space in square metres from which sellers are asked for the sheet."""
_ANSWERED: Final = 0.7
#: Usual number of varieties for each square metre: packed, chilled, frozen, loose, loose chilled, loose frozen; and of suppliers.
_PER_SQUARE_METRE: Final = {
    "sku_packed": 1.6, "sku_packed_chilled": 0.25, "sku_packed_frozen": 0.12, "sku_bulk": 0.15, "sku_bulk_chilled": 0.05, "sku_bulk_frozen": 0.04, "suppliers": 0.08,
}  # fmt: skip
_HEALTH: Final = {
    "health_material": ("普通食品", "药食同源", "新资源食品", "维生素矿物质", "可用于保健食品的物品", "提取物"), "health_formula": ("单方", "复方"),
    "health_function": ("易非法添加", "其他"), "health_unsuitable": ("均已标注", "仅少年儿童", "仅孕妇乳母", "均未标注"), "health_storage": ("常温", "冷藏冷冻"),
}  # fmt: skip


def factor_rows(chunk: Chunk, addresses: Text) -> Iterator[Rows]:
    """Give one sheet for most larger sellers, and one for each maker of health food."""
    subjects, more = chunk.subjects, chunk.more(_MORE)
    sells = (subjects.trade == Trade.SALE) & (subjects.area >= _LARGE) & (more.random(len(subjects)) < _ANSWERED)
    makes = chunk.tags.held.get(_HEALTH_MAKER, np.zeros(len(subjects), dtype=bool))
    who = np.flatnonzero((sells | makes) & (subjects.cancelled < 0))
    maker, n = makes[who], len(who)
    cells = dict(identity(chunk, who, who, addresses)) | {
        "licence_no": chunk.licence[who],
        "filled_on": chunk.world.today - more.integers(20, 400, n),
    }
    for name, usual in _PER_SQUARE_METRE.items():
        count = np.round(subjects.area[who] * usual * np.exp(0.6 * more.standard_normal(n))).astype(np.int64)
        cells[name] = np.where(maker, -1, count)
    for name, words in _HEALTH.items():
        cells[name] = np.where(maker, draw(text_column(list(words)), more, n), blank(n))
    yield Rows(source="factor_sheet", who=who, spot=who, office=subjects.office[who], cells=cells)
