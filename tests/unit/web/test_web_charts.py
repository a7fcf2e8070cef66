"""Options of the charts."""

from evenhand.web.registry.charts import Bar, bars, steps


def test_a_grade_is_held_until_the_day_of_the_next() -> None:
    chart = steps("time", "等级", [("等级", "#123456", [("2024-03-01", 0), ("2025-05-06", 2)])], grades="ABCD", last="2026-06-30")
    (line,) = chart["option"]["series"]

    # ECharts steps along its axis of categories; here that is the upright one, so "start" goes level first and "end" would jump at once.
    assert chart["option"]["yAxis"]["type"] == "category"
    assert line["step"] == "start"
    assert line["data"] == [["2024-03-01", 0], ["2025-05-06", 2], ["2026-06-30", 2]]


def test_nothing_is_drawn_without_colour_and_keeps_its_figure() -> None:
    chart = bars(
        "grades", "等级", [Bar(name="C 级", value=0, text="0", colour="#b57f00"), Bar(name="D 级", value=3, text="3", colour="#c92a2a")]
    )

    drawn = [(bar["itemStyle"]["color"], bar["label"]["formatter"]) for bar in chart["option"]["series"][0]["data"]]
    assert drawn == [("transparent", "0"), ("#c92a2a", "3")]
