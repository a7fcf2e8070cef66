"""The three models over a whole release: matters, campaigns and their approval, a quarter that is drawn, a late campaign, weeks by a public draw, a merge undone."""

import json
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from evenhand.cli.app import run
from evenhand.errors import BadInput
from evenhand.pipeline import BuildReport
from evenhand.pipeline.drawing import read_agreed
from evenhand.pipeline.planning import (
    Plan,
    PlanFolder,
    drawn_by,
    frames_of,
    insert_campaign,
    make_plan,
    open_plan,
    period_of,
    plan_faults,
    read_campaigns,
    split_visit,
    weeks_from,
    write_displacement,
    write_frames,
    write_plan,
)
from evenhand.plan import WEEK, Inputs, campaigns_of, read_matters, read_plan_rules
from evenhand.publish import Release, open_release
from evenhand.rulebook import load_pack, shipped_pack
from tests.factories.ceremonies import ceremony
from tests.integration.pipeline.conftest import ASOF

PACK = shipped_pack()
AGREED = read_agreed(PACK)
PERIOD = period_of("2026Q3", asof=ASOF)
SCHOOLS: dict[str, Any] = {
    "id": "ZX2026-07", "term": "2026年秋季校园食品安全专项检查", "approval": {"number": "闽市监食协〔2026〕31号", "by": "福建省市场监督管理局", "day": date(2026, 7, 20)},
    "from": date(2026, 8, 24), "to": date(2026, 9, 18), "tags": ["T01-04"], "minutes": 60,
}  # fmt: skip
TODAY = date(2026, 8, 3)


def campaign(**changed: object) -> Any:
    return campaigns_of({"专项.yaml": SCHOOLS | changed})[0]


@pytest.fixture(scope="module")
def release(built: BuildReport) -> Release:
    """The release of the province, open."""
    return open_release(built.release)


@pytest.fixture(scope="module")
def plan(release: Release) -> Plan:
    """The third quarter by the static model."""
    return make_plan(release, PACK, period=PERIOD)


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> PlanFolder:
    """The same, written and opened."""
    out = tmp_path_factory.mktemp("plan")
    write_plan(plan, out)
    return open_plan(out)


def drawn(ledger: Path, frame: list[tuple[str, str]], quotas: dict[str, int], *, method: str = "srs") -> Path:
    """A whole ceremony."""
    return ceremony(ledger, frame, method=method, quotas=quotas, reserve_pct=10)


# matters


def test_every_matter_has_article_ratio_frequency_and_day() -> None:
    for one in read_matters(PACK).matters:
        assert one.basis.article
        assert 1 <= one.ratio_pct <= 100
        assert one.first_day <= ASOF


def test_a_visit_carries_the_matters_and_lines_of_its_subject(plan: Plan, release: Release) -> None:
    lines = {one.id: one.line for one in read_matters(PACK).matters}
    objects = {code: one.id for one in read_matters(PACK).matters for code in one.objects}
    held: dict[str, set[str]] = {}
    for row in pq.read_table(release.folder / "tag.parquet", columns=["subject_id", "code"]).to_pylist():
        if row["code"] in objects:
            held.setdefault(row["subject_id"], set()).add(objects[row["code"]])
    full = [row for row in plan.visits.to_pylist() if row["full"]]

    assert full
    assert all(set(row["matters"].split()) <= held[row["subject"]] for row in full)
    assert all(set(row["lines"].split()) == {lines[one] for one in row["matters"].split() if one in lines} for row in full)


def test_special_food_makers_get_one_system_inspection(plan: Plan) -> None:
    system = Counter(row["subject"] for row in plan.duties.to_pylist() if row["kind"] == "体系")

    assert system
    assert set(system.values()) == {1}


def test_nobody_is_asked_more_in_a_quarter_than_its_year_leaves(plan: Plan, release: Release) -> None:
    year = make_plan(release, PACK, period=period_of("2026", asof=ASOF))
    count = Counter(row["subject"] for row in year.duties.to_pylist() if row["series"])

    assert all(times <= count[one] for one, times in Counter(row["subject"] for row in plan.duties.to_pylist() if row["series"]).items())


# campaigns


def test_an_approved_campaign_becomes_duties_and_rides_on_visits(release: Release, plan: Plan) -> None:
    made = make_plan(release, PACK, period=PERIOD, inputs=Inputs(campaigns=(campaign(),)))
    rows = [row for row in made.duties.to_pylist() if row["id"].startswith("ZX2026-07-")]

    assert rows
    assert {row["approval"] for row in rows} == {"闽市监食协〔2026〕31号"}
    assert made.visits.num_rows < plan.visits.num_rows + len(rows)
    assert not list(_faults(made))


def _faults(plan: Plan) -> list[str]:
    windows = {row["visit"]: row for row in plan.visits.to_pylist()}
    duties = {row["id"]: row for row in plan.duties.to_pylist()}
    return [
        row["duty"]
        for row in plan.served.to_pylist()
        if not duties[row["duty"]]["r"] <= windows[row["visit"]]["lo"] <= windows[row["visit"]]["hi"] <= duties[row["duty"]]["d"]
    ]


def test_a_campaign_without_approval_creates_no_duty_and_is_told(release: Release, plan: Plan) -> None:
    made = make_plan(release, PACK, period=PERIOD, inputs=Inputs(campaigns=(campaign(approval=None),)))

    assert made.duties.equals(plan.duties)
    assert any(name.startswith("ZX2026-07") for name in made.unapproved)
    assert any(name.startswith("ZX2026-02") for name in plan.unapproved)


def test_a_list_of_the_release_becomes_duties_once_it_is_approved(release: Release) -> None:
    listed = campaign(id="ZX2026-02", tags=(), listed=True, **{"from": date(2026, 3, 1), "to": date(2026, 8, 31)})

    made = make_plan(release, PACK, period=PERIOD, inputs=Inputs(campaigns=(listed,)))

    assert any(row["id"].startswith("ZX2026-02-") for row in made.duties.to_pylist())
    assert not any(name.startswith("ZX2026-02") for name in made.unapproved)


def test_all_faults_of_all_campaign_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(SCHOOLS | {"level": "乡镇", "minutes": 0}, allow_unicode=True), "utf-8")
    (tmp_path / "b.yaml").write_text("id: [", "utf-8")
    (tmp_path / "c.yaml").write_text(
        yaml.safe_dump({"id": "Z", "term": "无对象", "from": date(2026, 1, 2), "to": date(2026, 1, 1)}, allow_unicode=True), "utf-8"
    )

    with pytest.raises(BadInput) as refused:
        read_campaigns([tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml")])

    told = "\n".join(problem.zh for problem in refused.value.problems)
    assert "没有层级“乡镇”" in told
    assert "minutes" in told
    assert "b.yaml" in told
    assert "to 早于 from" in told


# screening and budget


def test_subjects_of_another_case_are_left_out_with_their_reason(release: Release, plan: Plan) -> None:
    one = plan.duties["subject"][0].as_py()

    made = make_plan(release, PACK, period=PERIOD, inputs=Inputs(listed={one: "立案调查（林某批准）"}))

    assert one not in made.duties["subject"].to_pylist()
    assert {row["reason"] for row in made.left_out.to_pylist() if row["subject"] == one} == {"SC-8 另案处理中：立案调查（林某批准）"}


def test_the_dry_run_adds_up(plan: Plan) -> None:
    assert sum(one.visits for one in plan.offices) == plan.visits.num_rows
    assert sum(one.saved for one in plan.offices) == plan.saved
    minutes = sum(plan.visits["minutes"].to_pylist())
    assert sum(one.hours for one in plan.offices) == pytest.approx(minutes * read_plan_rules(PACK).people_per_visit / 60)
    assert all((one.lacking > 0) == (one.short > 0) for one in plan.offices)
    assert any(one.expiring for one in plan.offices)


def test_tours_are_small_and_of_one_office_week_and_class(plan: Plan) -> None:
    sizes = Counter((row["office"], row["tour"]) for row in plan.visits.to_pylist() if row["tour"])

    assert max(sizes.values()) <= read_plan_rules(PACK).bundle_max
    assert {row["tour"] is None for row in plan.visits.to_pylist() if row["week"] is None} <= {True}
    for row in plan.visits.to_pylist():
        if row["tour"]:
            assert row["tour"].startswith(f"{row['week']}-{row['class']}-")


def test_every_pair_of_neighbouring_visits_says_why_it_stayed_apart(plan: Plan) -> None:
    visits = Counter(row["subject"] for row in plan.visits.to_pylist())

    assert plan.apart.num_rows == sum(count - 1 for count in visits.values())
    assert all(row["reason"] for row in plan.apart.to_pylist())


# quarterly


@pytest.fixture(scope="module")
def quarter(release: Release, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Frames of the quarter, and the proof pack of their draw."""
    frames = frames_of(release, PACK, period=PERIOD, listed={})
    out = tmp_path_factory.mktemp("quarter")
    write_frames(frames, out)
    rows = [(row["id"], row["stratum"]) for row in frames.frame.to_pylist()]
    quotas = {row["stratum"]: row["quota"] for row in frames.quota.to_pylist() if row["pool"]}
    return out, drawn(tmp_path_factory.mktemp("ledger"), rows, quotas)


def test_the_quota_of_a_quarter_is_what_the_year_leaves_over_its_quarters(release: Release) -> None:
    found = frames_of(release, PACK, period=PERIOD, listed={})

    for row in found.quota.to_pylist():
        assert row["due"] == -(-row["owed"] // 2)
        assert row["quota"] == min(max(row["due"] - row["bound"], 0), row["pool"])
    assert found.frame.num_rows == sum(row["pool"] for row in found.quota.to_pylist())
    excluded = sum(row["subjects"] for row in found.excluded.to_pylist() if not row["why"].startswith("SC-"))
    assert found.frame.num_rows + excluded == sum(row["subjects"] for row in found.quota.to_pylist())


def test_the_quarterly_plan_holds_who_was_drawn_and_who_is_due_and_nobody_else(
    release: Release, plan: Plan, quarter: tuple[Path, Path]
) -> None:
    chosen = drawn_by([quarter[1]])

    made = make_plan(release, PACK, period=PERIOD, inputs=Inputs(drawn=chosen))

    routine = [row for row in made.duties.to_pylist() if row["series"]]
    assert {row["subject"] for row in routine if row["origin"] == "随机"} == set(chosen)
    assert made.coverage["missed"] == 0
    assert {row["origin"] for row in routine} == {"随机", "全覆盖"}
    assert all(row["reason"] == "抽取 2027-000001" for row in routine if row["origin"] == "随机")
    assert max(Counter(row["subject"] for row in routine).values()) == 1


def test_a_forged_draw_cannot_enter_a_plan(quarter: tuple[Path, Path], tmp_path: Path) -> None:
    shutil.copytree(quarter[1], tmp_path / "pack")
    path = tmp_path / "pack" / "result.tsv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[1:]), "utf-8")

    with pytest.raises(BadInput, match="核对不符"):
        drawn_by([tmp_path / "pack"])


# weeks by a public draw


def test_weeks_come_from_a_public_draw_of_the_classes(folder: PlanFolder, plan: Plan, tmp_path: Path) -> None:
    rows = [(one, name) for name, ids in plan.weeks.classes.items() for one in ids]
    quotas = {f"{name}/{week}": count for (name, week), count in plan.weeks.quotas.items()}
    pack = drawn(tmp_path / "ledger", rows, quotas, method="week")

    changed = weeks_from(folder, pack, tmp_path / "out")

    again = open_plan(tmp_path / "out")
    assert list(plan_faults(again)) == []
    told = dict(line.split("\t") for line in (pack / "result.tsv").read_text("utf-8").splitlines())
    assert {row["visit"]: row["week"] for row in again.table("visits").to_pylist() if row["week"] is not None} == {
        one: int(week) for one, week in told.items()
    }
    by_week = Counter((row["office"], row["week"]) for row in folder.table("visits").to_pylist())
    assert Counter((row["office"], row["week"]) for row in again.table("visits").to_pylist()) == by_week
    assert changed > 0


def test_a_draw_of_other_visits_is_refused(folder: PlanFolder, tmp_path: Path) -> None:
    pack = drawn(tmp_path / "ledger", [("V1", "甲/0/1"), ("V2", "甲/0/1")], {"甲/0/1/0": 1, "甲/0/1/1": 1}, method="week")

    with pytest.raises(BadInput, match="不是这份计划里有周的检查"):
        weeks_from(folder, pack, tmp_path / "out")


# late campaigns


def test_a_late_campaign_loses_nothing_and_leaves_frozen_weeks_alone(release: Release, folder: PlanFolder, tmp_path: Path) -> None:
    found = insert_campaign(folder, release, PACK, campaign(), today=TODAY, seed="ab" * 32)
    write_displacement(folder, found, tmp_path / "new", campaign())
    new = open_plan(tmp_path / "new")
    frozen = folder.period.number(TODAY) // WEEK + 1 + read_plan_rules(PACK).frozen_weeks
    before = {row["visit"]: row["week"] for row in folder.table("visits").to_pylist()}
    after = {row["visit"]: row["week"] for row in new.table("visits").to_pylist()}

    assert list(plan_faults(new)) == []
    assert new.table("duties").num_rows == folder.table("duties").num_rows + sum(found.steps.values())
    assert {one: week for one, week in before.items() if week is not None and week < frozen} == {
        one: week for one, week in after.items() if one in before and before[one] is not None and before[one] < frozen
    }
    assert after.keys() >= {one for one, week in before.items() if week is not None and week < frozen}
    assert (tmp_path / "new" / "displacement.md").read_text("utf-8").startswith("# 调整报告")


def test_every_change_of_date_stands_in_the_report(release: Release, folder: PlanFolder) -> None:
    found = insert_campaign(folder, release, PACK, campaign(), today=TODAY, seed="ab" * 32)
    before = {row["visit"]: row["week"] for row in folder.table("visits").to_pylist()}
    served = {row["duty"]: row["visit"] for row in folder.table("served").to_pylist()}
    told = {row.visit for row in found.rows}
    week = {row["visit"]: row["week"] for row in found.visits.to_pylist()}

    changed = {
        row["visit"] for row in found.served.to_pylist() if row["duty"] in served and before[served[row["duty"]]] != week[row["visit"]]
    }
    assert changed <= told
    assert all(row.reason for row in found.rows)


def test_the_visits_after_a_late_campaign_are_those_of_a_plan_made_anew_for_each_untouched_subject(
    release: Release, folder: PlanFolder
) -> None:
    """Before the plan begins nothing is frozen but its first weeks; a campaign after them costs no visit that a full plan would spare."""
    early = PERIOD.begin - timedelta(days=60)

    found = insert_campaign(folder, release, PACK, campaign(), today=early, seed="ab" * 32)
    anew = make_plan(release, PACK, period=PERIOD, inputs=Inputs(campaigns=(campaign(),)))

    frozen = WEEK * (1 + read_plan_rules(PACK).frozen_weeks)
    late = {row["subject"] for row in folder.table("visits").to_pylist() if row["week"] is not None and row["week"] * WEEK < frozen}
    mine = Counter(row["subject"] for row in found.visits.to_pylist() if row["subject"] not in late)
    theirs = Counter(row["subject"] for row in anew.visits.to_pylist() if row["subject"] not in late)
    assert mine == theirs
    assert set(found.steps) & {"absorb", "move", "regroup"}


def test_told_visits_keep_their_week(release: Release, folder: PlanFolder) -> None:
    told = frozenset(row["visit"] for row in folder.table("visits").to_pylist())
    before = {row["visit"]: row["week"] for row in folder.table("visits").to_pylist()}

    found = insert_campaign(folder, release, PACK, campaign(), today=TODAY, seed="ab" * 32, told=told)

    after = {row["visit"]: row["week"] for row in found.visits.to_pylist()}
    assert {one: after[one] for one in before} == before
    assert found.changed == 0


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"approval": None}, "没有批准文号"), ({"from": date(2027, 1, 1), "to": date(2027, 2, 1)}, "不在计划期")],
)
def test_a_campaign_that_may_not_enter_is_refused(release: Release, folder: PlanFolder, changed: dict[str, object], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        insert_campaign(folder, release, PACK, campaign(**changed), today=TODAY, seed="ab" * 32)


def test_a_campaign_enters_once(release: Release, folder: PlanFolder, tmp_path: Path) -> None:
    found = insert_campaign(folder, release, PACK, campaign(), today=TODAY, seed="ab" * 32)
    write_displacement(folder, found, tmp_path, campaign())

    with pytest.raises(BadInput, match="已经有专项 ZX2026-07"):
        insert_campaign(open_plan(tmp_path), release, PACK, campaign(), today=TODAY, seed="ab" * 32)


def test_a_crowded_office_moves_the_fewest_visits(release: Release, folder: PlanFolder, tmp_path: Path) -> None:
    """All of a campaign in one week: what the cap allows stays, the rest moves or is told."""
    one = campaign(**{"from": date(2026, 8, 24), "to": date(2026, 8, 28)})

    found = insert_campaign(folder, release, PACK, one, today=TODAY, seed="ab" * 32)

    assert found.over
    assert {row.step for row in found.rows} >= {"new"}
    report = write_displacement(folder, found, tmp_path, one)
    assert "窗口内没有别的周" in report[-1].read_text("utf-8")


# secrecy


@pytest.mark.parametrize("policy", ["strict", "permissive"])
def test_only_visits_that_serve_an_unannounced_duty_are_sealed(release: Release, policy: str, tmp_path: Path) -> None:
    """Flight checks in July, a campaign in November, routine duties all year: what meets no flight check is announced, and the plan is found whole."""
    shutil.copytree(PACK.root, tmp_path / "pack")
    rules = tmp_path / "pack" / "planning" / "plan.yaml"
    rules.write_text(rules.read_text("utf-8").replace("policy: strict", f"policy: {policy}"), "utf-8")
    flights = campaign(
        id="FX2026",
        kind="飞行",
        approval=SCHOOLS["approval"] | {"day": date(2026, 7, 1)},
        **{"from": date(2026, 7, 6), "to": date(2026, 7, 17)},
    )
    later = campaign(id="ZX2026-11", **{"from": date(2026, 11, 2), "to": date(2026, 11, 20)})

    made = make_plan(release, load_pack(tmp_path / "pack"), period=period_of("2026", asof=ASOF), inputs=Inputs(campaigns=(flights, later)))
    write_plan(made, tmp_path / "plan")

    secret = {row["id"] for row in made.duties.to_pylist() if row["sealed"]}
    due = {row["visit"] for row in made.served.to_pylist() if row["duty"] in secret}
    assert due
    assert {row["visit"] for row in made.visits.to_pylist() if row["sealed"]} == due
    assert list(plan_faults(open_plan(tmp_path / "plan"))) == []


# undoing


def test_a_merge_is_undone_and_nothing_is_lost(release: Release, tmp_path: Path) -> None:
    made = make_plan(release, PACK, period=PERIOD, inputs=Inputs(campaigns=(campaign(),)))
    write_plan(made, tmp_path / "a")
    held = open_plan(tmp_path / "a")
    visit = next(row["visit"] for row in held.table("visits").to_pylist() if row["duties"] > 1)
    children = {row["duty"] for row in held.table("served").to_pylist() if row["visit"] == visit}

    ids = split_visit(held, visit, tmp_path / "b")

    again = open_plan(tmp_path / "b")
    assert len(ids) == len(children)
    assert list(plan_faults(again)) == []
    assert {row["duty"] for row in again.table("served").to_pylist() if row["visit"] in ids} == children
    assert again.table("visits").num_rows == held.table("visits").num_rows + len(children) - 1
    with pytest.raises(BadInput, match="没有什么可拆"):
        split_visit(again, ids[0], tmp_path / "c")


def test_a_damaged_plan_is_found(folder: PlanFolder, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    shutil.copytree(folder.folder, out)
    served = pq.read_table(out / "served.parquet")
    pq.write_table(served.slice(1), out / "served.parquet")
    visits = pq.read_table(out / "visits.parquet").to_pylist()
    visits[0]["hi"] += timedelta(days=400)
    pq.write_table(type(served).from_pylist(visits, schema=pq.read_schema(out / "visits.parquet")), out / "visits.parquet")

    faults = list(plan_faults(open_plan(out)))

    assert any("没有检查完成它" in fault for fault in faults)
    assert any("的期限不在任务" in fault for fault in faults)
    assert run(["plan", "check", str(out)]) == 1


def test_what_is_no_plan_is_told(tmp_path: Path) -> None:
    (tmp_path / "about.json").write_text(json.dumps({"begin": "x"}), "utf-8")

    with pytest.raises(BadInput, match="不是 evenhand plan 写出的计划"):
        open_plan(tmp_path)


# commands


def test_the_commands_of_a_quarter_run_end_to_end(
    release: Release, folder: PlanFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "专项.yaml"
    spec.write_text(yaml.safe_dump(SCHOOLS, allow_unicode=True), "utf-8")
    told = tmp_path / "已告知.csv"
    told.write_text("visit\n" + folder.table("visits")["visit"][0].as_py() + "\n", "utf-8")
    left = tmp_path / "另案.csv"
    left.write_text(f"subject,reason,approved_by\n{folder.table('visits')['subject'][1].as_py()},立案调查,林某\n", "utf-8")

    assert run(["plan", "quarter", str(release.folder), "--period", "2026Q3", "--out", str(tmp_path / "q"), "--leave-out", str(left)]) == 0
    assert (
        run(
            [
                "draw",
                "commit",
                str(tmp_path / "台账"),
                str(tmp_path / "q" / "frame.csv"),
                "--quota",
                str(tmp_path / "q" / "quotas.csv"),
                "--signer",
                "省局",
            ]
        )
        == 0
    )
    assert (
        run(
            [
                "plan",
                "add",
                str(folder.folder),
                str(release.folder),
                str(spec),
                "--today",
                "2026-08-03",
                "--out",
                str(tmp_path / "n"),
                "--told",
                str(told),
            ]
        )
        == 0
    )
    assert run(["plan", "check", str(tmp_path / "n")]) == 0
    out = capsys.readouterr().out
    assert "抽取名额" in out
    assert "SC-8 另案处理中" in out
    assert "新增检查" in out


def test_the_annual_cap_names_who_would_be_seen_too_often(release: Release, tmp_path: Path) -> None:
    root = tmp_path / "pack"
    shutil.copytree(PACK.root, root)
    path = root / "planning" / "plan.yaml"
    path.write_text(path.read_text("utf-8").replace("annual_cap: {}", "annual_cap: {A: 1, B: 1, C: 1, D: 1}"), "utf-8")

    made = make_plan(release, load_pack(root), period=period_of("2026", asof=ASOF))

    assert made.over.num_rows > 0
    assert all(row["done"] + row["planned"] > row["cap"] for row in made.over.to_pylist())
    assert any(row["reason"].startswith("SC-7") for row in made.left_out.to_pylist())
