"""Options of the charts: plain data that one script on the page draws, and a table for who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["BLUE", "FEW", "GREY", "Bar", "bars", "county_map", "steps"]

BLUE: Final = "#1d4f9c"
FEW: Final = 20
"""A share of fewer tells nothing: one of three would look like the worst place of all."""
GREY: Final = "#c3ccd8"
_ROW_PX: Final = 30
_FRAME_PX: Final = 10


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: what it stands for, its figure, the page behind it, its colour when it has one of its own; of how many the figure is a share."""

    name: str
    value: float
    text: str
    url: str = ""
    colour: str = BLUE
    of: int | None = None


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
                "cursor": "default",
                "barMaxWidth": 16,
                "barMinHeight": 0 if largest else 2,
                "itemStyle": {"borderRadius": 4},
                "label": {"show": True, "position": "right", "color": "#1b2a41", "fontSize": 13},
                "data": [
                    {
                        "value": bar.value,
                        "url": bar.url,
                        # Nothing must not look like a bar of least length; the value stays, because its figure hangs on it.
                        "itemStyle": {"color": bar.colour if bar.value else "transparent"},
                        "label": {"formatter": bar.text},
                    }
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


def county_map(key: str, title: str, items: Sequence[Bar], *, most: float) -> dict[str, Any]:
    """Return a map of counties: `items` by the county's name, coloured by their value from 0 to `most`; borders come from the page's map file.

    A share of fewer than FEW is grey.
    """
    script = f"chart-{key}"
    option = {
        "aria": {"enabled": True},
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "visualMap": {
            "min": 0, "max": max(most, 1), "left": 8, "bottom": 8, "itemHeight": 90, "precision": 0, "text": [f"{max(most, 1):.0f}%", "0"],
            "inRange": {"color": ["#eaf3ec", "#f6e3a1", "#e2a400", "#c92a2a"]},
        },
        "series": [
            {
                "type": "map", "map": script, "nameProperty": "name", "roam": False, "aspectScale": 0.9, "selectedMode": False,
                "itemStyle": {"borderColor": "#93a1b5", "borderWidth": 0.6, "areaColor": "#f3f5f8"},
                "emphasis": {"label": {"show": True, "color": "#1b2a41"}, "itemStyle": {"areaColor": "#b9d0f0"}},
                "data": [_county(bar) for bar in items],
            }
        ],
        "animationDuration": 300,
    }  # fmt: skip
    return {"key": key, "script": script, "title": title, "items": items, "option": option, "height": 460}


def _county(bar: Bar) -> dict[str, Any]:
    told = {"name": bar.name, "url": bar.url, "tooltip": {"formatter": bar.text if bar.of is None else f"{bar.text}（共 {bar.of:,} 个）"}}
    if bar.of is not None and bar.of < FEW:
        return told | {"value": None, "itemStyle": {"areaColor": GREY}}
    return told | {"value": bar.value}


def steps(
    key: str, title: str, lines: Sequence[tuple[str, str, Sequence[tuple[str, int]]]], *, grades: Sequence[str], last: str
) -> dict[str, Any]:
    """Return a chart of grades over time, a stepped line each: name, colour, and its (day, place of the grade) in order, held up to `last`."""
    series = [
        {
            # The axis of categories is the base of a stepped line, here the upright one: "start" then holds a grade until the next day.
            "type": "line", "step": "start", "name": name, "symbolSize": 7, "lineStyle": {"width": 2.5, "color": colour}, "itemStyle": {"color": colour},
            "data": [[day, place] for day, place in points] + ([[last, points[-1][1]]] if points else []),
        }
        for name, colour, points in lines
    ]  # fmt: skip
    option = {
        "aria": {"enabled": True}, "legend": {"show": len(series) > 1, "top": 0, "icon": "roundRect", "itemHeight": 4},
        "grid": {"left": 8, "right": 24, "top": 30 if len(series) > 1 else 10, "bottom": 4, "containLabel": True}, "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "time", "axisLabel": {"formatter": "{yyyy}-{MM}", "hideOverlap": True}},
        "yAxis": {"type": "category", "data": list(grades), "inverse": True, "boundaryGap": True}, "series": series, "animationDuration": 300,
    }  # fmt: skip
    return {"key": key, "script": f"chart-{key}", "title": title, "option": option, "height": 190}
