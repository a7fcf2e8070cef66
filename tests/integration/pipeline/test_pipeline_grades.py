"""Grades of a whole build: the table and the explanation agree, both times are kept, rules can be tried, and grades looked back at."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.cli.app import run
from evenhand.engine import Engine
from evenhand.errors import BadInput
from evenhand.grade import GRADES, shipped_rules, with_known
from evenhand.pipeline import BuildReport
from evenhand.pipeline.grades import grade_cards
from evenhand.pipeline.simulating import backtest, backtest_table, changed_rules, compare_releases, simulate
from evenhand.publish import Release, open_release
from evenhand.standards import TABLES
from tests.integration.pipeline.conftest import ASOF

RULES = shipped_rules()


@pytest.fixture(scope="module")
def release(built: BuildReport) -> Release:
    """The release of the province, open."""
    return open_release(built.release)


def rows(release: Release, name: str) -> list[dict[str, Any]]:
    return pq.read_table(release.folder / f"{name}.parquet").to_pylist()


def test_the_table_of_grades_is_what_the_explanation_says_of_every_subject(release: Release) -> None:
    stated: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows(release, "grade"):
        stated.setdefault(row["subject_id"], []).append((row["model"], row["begins_on"], row["ends_on"], row["grade"], row["score"] * 10))
    subjects = [row["subject_id"] for row in rows(release, "subject")]

    for subject in subjects:
        told = [
            (card.model.name, p.begins, p.ends, GRADES[p.grade], p.standing.score)
            for card in grade_cards(release, subject, RULES)
            for p in card.periods
        ]
        graded_now = {model for model, begins, ends, *_ in stated.get(subject, []) if begins <= ASOF and (ends is None or ends > ASOF)}
        assert sorted(told, key=str) == sorted((row for row in stated.get(subject, []) if row[0] in graded_now), key=str)


def test_every_licensed_subject_has_a_grade_and_a_frequency(release: Release) -> None:
    graded = {row["subject_id"] for row in rows(release, "grade") if row["model"] != "credit" and row["visits_two_years"]}
    licensed = {row["subject_id"] for row in rows(release, "tag") if row["family"] == "T01" and row["code"] <= "T01-08"}

    assert licensed <= graded
    assert licensed


def test_grades_become_tags(release: Release) -> None:
    tags = {(row["subject_id"], row["code"]) for row in rows(release, "tag") if row["code"].startswith("T10-F")}
    now = {
        (row["subject_id"], f"T10-F{row['grade']}")
        for row in rows(release, "grade")
        if row["model"] != "credit" and row["begins_on"] <= ASOF and (row["ends_on"] is None or row["ends_on"] > ASOF)
    }

    assert tags == now


def _grade(**changes: Any) -> dict[str, Any]:
    usual = {"subject_id": "S1", "model": "sale", "scheme": "FJ-DEFAULT", "begins_on": date(2026, 1, 1), "ends_on": None, "grade": "A", "due": "A", "held": False, "base": "A", "lift": 0, "triggers": "", "score": 10, "low": 10, "high": 10, "known_to": None}  # fmt: skip
    return dict.fromkeys(TABLES["grade"].names) | usual | changes


def test_what_was_stated_keeps_its_day_and_what_was_wrong_keeps_its_place(tmp_path: Path) -> None:
    schema = TABLES["grade"].schema.to_pyarrow()
    before = [_grade(known_from=date(2026, 3, 31)), _grade(subject_id="S2", known_from=date(2026, 3, 31))]
    now = [_grade(), _grade(subject_id="S2", grade="C", due="C")]

    with Engine(scratch=tmp_path) as engine:
        made = with_known(
            engine.table(pa.Table.from_pylist(now, schema=schema)),
            engine.table(pa.Table.from_pylist(before, schema=schema)),
            asof=ASOF,
            engine=engine,
        )
        found = engine.arrow(made.order_by(["subject_id", "known_from"])).to_pylist()

    assert [(r["subject_id"], r["grade"], r["known_from"], r["known_to"]) for r in found] == [
        ("S1", "A", date(2026, 3, 31), None),
        ("S2", "A", date(2026, 3, 31), ASOF),
        ("S2", "C", ASOF, None),
    ]


def test_a_simulation_without_change_moves_nobody(release: Release) -> None:
    found = simulate(release, changed_rules(RULES, []), minutes=90)

    assert all(before == after for _, before, after in found.moves)
    assert found.visits[0] == found.visits[1] > 0


def test_a_lower_border_moves_subjects_up_and_asks_more_visits(release: Release) -> None:
    found = simulate(release, changed_rules(RULES, ["FJ-DEFAULT.bands.A=20"]), minutes=90)

    assert all(before <= after for _, before, after in found.moves)
    assert found.visits[0] < found.visits[1]
    assert sum(row["hours"] for row in found.offices) == (found.visits[1] - found.visits[0]) * 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("FJ.bands.A=1", "没有这样的方案或者字段"),
        ("FJ-DEFAULT.bands.E=1", "没有字段"),
        ("FJ-DEFAULT.bands.A=很低", "应为数；现为“很低”"),
        ("FJ-DEFAULT.bands.A=50", "界限须 A < B < C"),
        ("FJ-DEFAULT.frequency.A.years=5", "A 级频次低于每 2 年一次的下限"),
        ("FJ-DEFAULT.points.D-1=20", "应为 40 分"),
    ],
)
def test_a_change_that_the_rules_refuse_is_told(change: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        changed_rules(RULES, [change])

    assert said in refused.value.problems[0].zh


def test_changes_are_judged_together_and_every_fault_is_told() -> None:
    bands = changed_rules(RULES, ["FJ-DEFAULT.bands.A=50", "FJ-DEFAULT.bands.B=60", "FJ-DEFAULT.bands.C=70"]).schemes["FJ-DEFAULT"].bands
    assert (bands.A, bands.B, bands.C) == (50, 60, 70)

    with pytest.raises(BadInput) as refused:
        changed_rules(RULES, ["FJ-DEFAULT.bands.A=很低", "FJ-DEFAULT.points.D-1=很高"])
    assert len(refused.value.problems) == 2


def test_a_release_compared_with_itself_differs_nowhere(release: Release) -> None:
    found = compare_releases(release, release, rules=RULES)

    assert (found.periods, found.subjects, found.tasks) == ((), (), ())


def test_what_a_trigger_ordered_is_told_when_only_one_release_knows_of_it(release: Release, tmp_path: Path) -> None:
    corrected = Path(shutil.copytree(release.folder, tmp_path / "corrected"))
    table = rows(release, "grade")
    subject, model = next((row["subject_id"], row["model"]) for row in table if "FJ-T3" in (row["triggers"] or ""))
    for row in table:
        if (row["subject_id"], row["model"]) == (subject, model):
            row["triggers"] = row["triggers"].replace("FJ-T3", "").strip()
    pq.write_table(pa.Table.from_pylist(table, schema=pq.read_schema(corrected / "grade.parquet")), corrected / "grade.parquet")
    other = Release(corrected)

    needless, missed = (compare_releases(*pair, rules=RULES).tasks for pair in ((release, other), (other, release)))

    assert [(row["subject_id"], row["trigger"], row["needless"]) for row in needless] == [(subject, "FJ-T3", True)]
    assert [(row["needless"], row["task"]) for row in missed] == [(False, "整改期限届满后 10 个工作日内复查")]


def test_looking_back_counts_who_was_inspected_afterwards(release: Release) -> None:
    found = backtest(release, on=date(2025, 6, 30))

    assert 0 < found.failed < found.count
    assert sum(row.count for row in found.grades) == found.count == sum(row.count for row in found.offices)
    assert sum(row.expected for row in found.offices) == pytest.approx(found.failed)


def test_who_stated_varieties_is_graded_by_them_and_nobody_else(release: Release) -> None:
    stated = {row["subject_id"] for row in rows(release, "trait") if row["sku_reported"] == "true"}
    full = {row["subject_id"] for row in rows(release, "grade") if row["model"] == "sale_full"}
    simple = {row["subject_id"] for row in rows(release, "grade") if row["model"] == "sale"}

    assert full
    assert full <= stated
    assert simple & stated == set()


def test_any_table_of_scores_and_outcomes_can_be_looked_back_at(tmp_path: Path) -> None:
    table = tmp_path / "别的城市.csv"
    table.write_text("subject,day,score,outcome\na,2026-01-01,10,0\nb,2026-01-01,20,1\nc,2026-01-01,15,0\n", "utf-8")

    assert backtest_table(table).auc == 1.0


def test_a_table_without_outcomes_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("subject,day\na,2026-01-01\n", "utf-8")

    with pytest.raises(BadInput) as refused:
        backtest_table(table)
    assert "缺少列 score、outcome" in refused.value.problems[0].zh


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show", "{release}", "{subject}"], 0, "总分"),
        (["show", "{release}", "{subject}", "--on", "2025-01-01", "--known", "2026-06-30"], 0, "各时期"),
        (["suppose", "{release}", "{subject}", "--event", "refusal"], 0, "如果发生"),
        (["advise", "{release}", "{subject}"], 0, "现为"),
        (["simulate", "{release}", "--set", "FJ-DEFAULT.bands.A=20"], 0, "全省每年检查"),
        (["backtest", "{release}", "--on", "2025-06-30"], 0, "区分度"),
        (["compare", "{release}", "{release}"], 0, "被推翻的时期"),
        (["show", "{release}", "无此编号"], 2, "没有“无此编号”"),
        (["show", "{release}", "{subject}", "--on", "2019-01-01"], 2, "不在可以评定的日期之内"),
        (["show", "{release}", "{subject}", "--model", "meal"], 2, "没有模型“meal”"),
        (["suppose", "{release}", "{subject}", "--event", "flood"], 2, "没有“flood”这种事件"),
        (["backtest", "{release}", "--on", "2026-06-30"], 2, "无从检验"),
    ],
)
def test_each_command_answers(release: Release, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str) -> None:
    graded = [row for row in rows(release, "grade") if row["model"] == "catering"]
    since = {row["subject_id"] for row in graded if row["begins_on"] <= date(2025, 1, 1)}
    subject = next(row["subject_id"] for row in graded if row["ends_on"] is None and row["subject_id"] in since)

    left = run(["grade", *(word.format(release=release.folder, subject=subject) for word in words)])

    told = capsys.readouterr()
    assert (left, said in told.out + told.err) == (code, True), told
