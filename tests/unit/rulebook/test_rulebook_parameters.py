"""Dated values: what holds on a day, how rules refer to them, and how a change is told."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from evenhand.errors import BadInput
from evenhand.grade import read_grade_rules
from evenhand.rulebook import Pack, pack_changes, shipped_pack

LATER = """  2027-01-01:
    value: {A: {visits: 1, years: 2}, B: {visits: 1, years: 1}, C: {visits: 3, years: 1}, D: {visits: 4, years: 1}}
    source: {title: 示例办法, article: 第九条, read_on: 2026-11-25, confidence: VERIFIED}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """A copy of the parts of the shipped pack that hold and use dated values."""
    root = tmp_path / "fujian"
    for part in ("parameters", "grading"):
        shutil.copytree(shipped_pack().root / part, root / part)
    shutil.copytree(shipped_pack().root / "codes", root / "codes", ignore=shutil.ignore_patterns("*.gz"))
    return Pack(root)


def add(pack: Pack, file: str, text: str) -> Pack:
    path = pack.root / file
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    return Pack(pack.root)


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("licence_years", date(2015, 9, 30), Decimal(3)),
        ("licence_years", date(2015, 10, 1), Decimal(5)),
        ("full_check_years", date(2022, 3, 15), Decimal(2)),
        ("complaint_accept_days", date(2026, 4, 14), Decimal(7)),
    ],
)
def test_a_value_holds_from_its_first_day(name: str, day: date, value: Decimal) -> None:
    assert shipped_pack().parameters.value(name, on=day) == value


@pytest.mark.parametrize(
    ("name", "day", "code", "words"),
    [
        ("full_check_years", date(2022, 3, 14), "RULE-10", "自 2022-03-15 起才有规定，2022-03-14 还没有"),
        (
            "items_sampled",
            date(2022, 3, 15),
            "RULE-11",
            "在 2022-03-15 已经废止，依据 《食品生产经营监督检查管理办法》（总局令第49号）第二十七条",
        ),
        ("full_check_year", date(2026, 1, 1), "RULE-09", "没有参数“full_check_year”；是不是 full_check_years"),
    ],
)
def test_what_is_not_in_force_is_refused(name: str, day: date, code: str, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        shipped_pack().parameters.value(name, on=day)

    assert refusal.value.problems[0].code == code
    assert words in refusal.value.problems[0].zh


def test_the_day_before_it_was_repealed_the_old_value_holds() -> None:
    assert shipped_pack().parameters.value("items_sampled", on=date(2022, 3, 14))["catering_key"] == 3


def test_a_scheme_follows_the_value_it_refers_to_from_the_day_it_changes(pack: Pack) -> None:
    rules = read_grade_rules(add(pack, "parameters/grading/visit_frequency_draft.yaml", LATER))

    before, after = (rules.scheme(str(rules.chosen("catering", on=day))) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert (before.frequency["D"].visits, after.frequency["D"].visits) == (3, 4)
    assert after.name == "FJ-DEFAULT@2027-01-01"
    assert rules.chosen("credit", on=date(2027, 1, 1)) == "FJ-CREDIT"


def test_a_scheme_named_by_a_user_follows_its_values_too(pack: Pack) -> None:
    rules = read_grade_rules(add(pack, "parameters/grading/visit_frequency_draft.yaml", LATER)).under("D2022", models=["production"])

    assert [rules.chosen("production", on=day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == ["D2022", "D2022@2027-01-01"]


def test_the_pack_asked_for_a_day_gives_the_law_of_that_day(pack: Pack) -> None:
    later = add(pack, "parameters/limits/publish_penalty_days.yaml", LATER.replace(LATER.splitlines()[1], "    value: 7"))
    (later.root / "quality").mkdir()
    (later.root / "quality" / "x.yaml").write_text(
        "words: 不超过${publish_penalty_days}日\nnumber: {parameter: publish_penalty_days}\n", "utf-8"
    )

    said = [later.at(day).documents("quality")["quality/x.yaml"] for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert said == [{"words": "不超过20日", "number": 20}, {"words": "不超过7日", "number": 7}]


def test_days_between_which_no_law_changed_share_a_digest(pack: Pack) -> None:
    days = (date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 16))  # complaints are taken up sooner from the second day on

    before, first, after = (pack.at(day).law for day in days)
    assert before != first == after


def test_a_change_is_told_with_its_day_from_what_to_what_and_why(pack: Pack, tmp_path: Path) -> None:
    old = Pack(Path(shutil.copytree(pack.root, tmp_path / "old")))
    new = add(pack, "parameters/grading/visit_frequency_draft.yaml", LATER)
    choice = new.root / "grading" / "choice.yaml"
    choice.write_text(
        choice.read_text("utf-8").replace("small: {2024-01-01: FJ-DEFAULT}", "small: {2024-01-01: FJ-DEFAULT, 2027-01-01: D2022}"), "utf-8"
    )
    flags = new.root / "codes" / "flag.csv"
    flags.write_text(flags.read_text("utf-8") + "9,不详,\n", "utf-8")

    assert [change.text for change in pack_changes(old, new)] == [
        "自 2027-01-01 起，“年度监督检查频次（征求意见稿）”C 由 每年 2 次 改为 每年 3 次；D 由 每年 3 次 改为 每年 4 次（依据 《示例办法》第九条，VERIFIED）",
        "models.small.2027-01-01 新增：D2022",
        "增加 9",
    ]
    assert next(change.text for change in pack_changes(new, old)).startswith("“年度监督检查频次（征求意见稿）”删去自 2027-01-01 起的规定")
    assert pack_changes(old, old) == ()
