"""Options of the charts: plain data that one script on the page draws, and a table for who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["BLUE", "Bar", "bars"]

BLUE: Final = "#1d4f9c"
_ROW_PX: Final = 30
_FRAME_PX: Final = 10


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: what it stands for, its figure, the page behind it, and its colour when it has one of its own."""

    name: str
    value: float
    text: str
    url: str = ""
    colour: str = BLUE


def bars(key: str, title: str, items: Sequence[Bar], *, largest: float | None = None) -> dict[str, Any]:
    """Return a chart of lying bars, first item on top; `largest` fixes the end of the axis."""
    option = {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 72, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "max": largest, "show": False, "axisLabel": {"show": False}},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [bar.name for bar in items],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"fontSize": 13, "color": "#3b4a5f", "width": 150, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 16,
                "barMinHeight": 0 if largest else 2,
                "itemStyle": {"borderRadius": 4},
                "label": {"show": True, "position": "right", "color": "#1b2a41", "fontSize": 13},
                "data": [
                    {"value": bar.value, "url": bar.url, "itemStyle": {"color": bar.colour}, "label": {"formatter": bar.text}}
                    for bar in items
                ],
            }
        ],
        "animationDuration": 300,
    }
    return {
        "key": key,
        "script": f"chart-{key}",
        "title": title,
        "items": items,
        "option": option,
        "height": _FRAME_PX + _ROW_PX * max(len(items), 1),
    }
