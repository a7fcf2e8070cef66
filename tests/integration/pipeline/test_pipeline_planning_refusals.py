"""What planning refuses in one clear sentence: periods, campaign files, plans on disk, names that nobody bears."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evenhand.errors import BadInput
from evenhand.pipeline.planning import (
    PlanFolder,
    check_campaigns,
    check_subjects,
    check_visits,
    frames_of,
    make_plan,
    open_plan,
    period_of,
    read_campaigns,
)
from evenhand.plan import Inputs, campaigns_of
from evenhand.publish import Release
from evenhand.rulebook import shipped_pack
from tests.integration.pipeline.conftest import ASOF

PACK = shipped_pack()
STATED: dict[str, Any] = {
    "id": "ZX2026-09", "term": "月饼专项", "approval": {"number": "闽市监函〔2026〕88号", "by": "省局", "day": date(2026, 7, 1)},
    "from": date(2026, 8, 10), "to": date(2026, 9, 20), "tags": ["T01-04"],
}  # fmt: skip


def campaign(**changed: object) -> Any:
    return campaigns_of({"专项.yaml": STATED | changed})[0]


def test_a_period_without_a_working_day_is_told(held: Release) -> None:
    with pytest.raises(BadInput, match="没有工作日"):
        make_plan(held, PACK, period=period_of("2026-07-04..2026-07-05", asof=ASOF))


def test_a_plan_begins_in_the_middle_of_a_quarter(held: Release) -> None:
    made = make_plan(held, PACK, period=period_of("2026-07-16..2026-09-30", asof=ASOF))

    assert [row for row in made.duties.to_pylist() if row["r"] > row["d"]] == []


@pytest.mark.parametrize("text", ["9999", "9999Q4", "2032-01-01..2032-12-31"])
def test_a_period_years_ahead_is_a_slip_of_the_pen(text: str) -> None:
    with pytest.raises(BadInput, match=r"5 年以后|读不懂"):
        period_of(text, asof=ASOF)


def test_the_frame_of_a_quarter_is_of_one_quarter(held: Release) -> None:
    with pytest.raises(BadInput, match="不在一个季度之内"):
        frames_of(held, PACK, period=period_of("2026", asof=ASOF), listed={})


@pytest.mark.parametrize("line", ["from: 2026-02-30", "from: 2026-02-20 25:00:00"])
def test_a_day_or_time_that_is_none_is_told_with_its_file(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.yaml").write_text(f"id: ZX\n{line}\n", "utf-8")

    with pytest.raises(BadInput, match=r"a\.yaml.*不存在的日期或者时刻"):
        read_campaigns([tmp_path / "a.yaml"])


@pytest.mark.parametrize(
    "changed", [[], {"caps": None}, {"caps": ["x"]}, {"caps": [100]}, {"begin": 5}, {"release": None}, {"end": "9999-12-31"}, {"end": "2020-01-01"}]
)  # fmt: skip
def test_an_about_file_that_is_odd_is_told(quarter: PlanFolder, tmp_path: Path, changed: Any) -> None:
    shutil.copytree(quarter.folder, tmp_path / "plan")
    about = json.loads((tmp_path / "plan" / "about.json").read_text("utf-8"))
    (tmp_path / "plan" / "about.json").write_text(json.dumps(about | changed if changed else []), "utf-8")

    with pytest.raises(BadInput, match=r"about\.json 读不了（.+）"):
        open_plan(tmp_path / "plan")


def test_a_plan_without_its_visits_is_told(quarter: PlanFolder, tmp_path: Path) -> None:
    shutil.copytree(quarter.folder, tmp_path / "plan")
    (tmp_path / "plan" / "visits.parquet").unlink()

    with pytest.raises(BadInput, match=r"缺 visits\.parquet"):
        open_plan(tmp_path / "plan")


def test_a_campaign_with_the_number_of_a_trigger_is_refused(held: Release) -> None:
    with pytest.raises(BadInput, match="是规则里触发的编号"):
        make_plan(held, PACK, period=period_of("2026Q3", asof=ASOF), inputs=Inputs(campaigns=(campaign(id="FJ-T3"),)))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"tags": ["T99-99"]}, "标签 T99-99"),
        ({"tags": ["T01-4"]}, "T01-4（最接近的是 T01-"),
        ({"tags": [], "subjects": ["S0000000000000000", "不存在"]}, "主体 S0000000000000000"),
        ({"areas": ["9999"]}, "地区 9999"),
        ({"tags": [], "listed": True}, "名单 ZX2026-09"),
    ],
)
def test_a_campaign_that_names_nothing_real_is_refused(held: Release, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_campaigns([campaign(**changed)], held, PACK)

    assert told in str(refused.value)


def test_names_that_are_unknown_beside_real_ones_are_told(held: Release) -> None:
    told = check_campaigns([campaign(tags=["T01-04", "T99-99"], areas=["3501", "9999"]), campaign(id="ZX2")], held, PACK)

    assert len(told) == 1
    assert "T99-99" in told[0]
    assert "9999" in told[0]


def test_a_list_that_names_nobody_is_refused(held: Release, quarter: PlanFolder) -> None:
    subject, visit = quarter.table("visits")["subject"][0].as_py(), quarter.table("visits")["visit"][0].as_py()

    check_subjects({subject: "理由"}, held, "另案.csv")
    check_visits([visit], [visit], "已告知.csv")
    with pytest.raises(BadInput, match=r"另案\.csv：发布版里没有 S0"):
        check_subjects({subject: "理由", "S0": "理由"}, held, "另案.csv")
    with pytest.raises(BadInput, match=f"已告知.csv：计划里没有 {visit}0（最接近的是 {visit}）"):
        check_visits([f"{visit}0"], [visit], "已告知.csv")
