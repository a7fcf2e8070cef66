"""Options of the charts."""

from evenhand.web.registry.charts import Bar, bars, county_map, steps


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


def test_a_share_of_fewer_than_twenty_is_grey_and_every_share_says_of_how_many() -> None:
    items = [
        Bar(name="甲县", value=100, text="甲县：100%", of=19),
        Bar(name="乙县", value=5, text="乙县：5%", of=20),
        Bar(name="丙县", value=7, text="丙县：7%"),
    ]
    few, enough, unsaid = county_map("map", "图", items, most=100)["option"]["series"][0]["data"]

    assert (few["value"], "areaColor" in few["itemStyle"]) == (None, True)
    assert (enough["value"], "itemStyle" in enough) == (5, False)
    assert [one["tooltip"]["formatter"] for one in (few, enough, unsaid)] == ["甲县：100%（共 19 个）", "乙县：5%（共 20 个）", "丙县：7%"]
