"""Charts of the home and quality pages: which figures, in which order, leading where."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from evenhand.web.registry.charts import BLUE, Bar, bars
from evenhand.web.registry.templatetags.figures import percent, station, thousands
from evenhand.web.registry.wording import DIMENSIONS, USCC_STATES

__all__ = ["dimension_chart", "overview_charts"]

_MOST = 12
_MOST_PLACES = 20
_STATE_COLOURS = {"green": "#2f9e5b", "yellow": "#e2a400", "red": "#c92a2a", "secondary": "#868e96"}


def _link(**filters: str) -> str:
    return f"{reverse('search')}?{urlencode(filters)}"


def dimension_chart(dimensions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the share of checks passed by dimension; a dimension that no rule checks says so."""
    known = {row["dimension"]: row for row in dimensions}
    items = []
    for name in DIMENSIONS:
        score = known[name]["score"] if name in known else None
        url = f"{reverse('quality')}?{urlencode({'dimension': name})}#rules" if score is not None else ""
        items.append(Bar(name=name, value=score or 0, text="未检查" if score is None else percent(score), url=url))
    return bars("quality", "数据质量（按维度通过率）", items, largest=1)


def overview_charts(overview: Mapping[str, Any], *, level: str) -> list[dict[str, Any]]:
    """Return subjects by place, status, form and state of the code.

    Places are those below the reader's own (`level` of the scope): cities of a province, counties of a city, offices of a county; a station
    has none below it, and one bar of its own would tell nothing.
    """

    def chart(key: str, title: str, rows: Sequence[tuple[str, str, int]], field: str, most: int = _MOST) -> dict[str, Any]:
        if len(rows) > most:
            title = f"{title}（{len(rows)} 项中最多的 {most} 项）"
            rows = sorted(rows, key=lambda row: -row[2])
        colours = {code: _STATE_COLOURS[word.colour] for code, word in USCC_STATES.items()} if field == "code" else {}
        items = [
            Bar(
                name=name,
                value=n,
                text=thousands(n),
                url=_link(**{field: code}) if code and name != "未知" else "",
                colour=colours.get(code, BLUE),
            )
            for code, name, n in rows[:most]
        ]
        return bars(key, title, items)

    codes = [(state, USCC_STATES[state].title if state in USCC_STATES else state, n) for state, n in overview["uscc_states"]]
    offices = [(name, station(name), n) for name, n in overview["offices"]]
    places = {
        "province": ("各设区市主体数", overview["cities"], "city"),
        "city": ("各县（市、区）主体数", overview["counties"], "county"),
        "county": ("各监管机构主体数", offices, "office"),
    }
    by_place = [chart("places", *places[level], most=_MOST_PLACES)] if level in places else []
    return [
        *by_place,
        chart("status", "主体状态", [(name, name, n) for name, n in overview["status"]], "status"),
        chart("forms", "主体业态", [(name, name, n) for name, n in overview["forms"]], "form"),
        chart("codes", "统一社会信用代码", codes, "code"),
    ]
