"""What a release tells of a subject on a day is what a build with that as-of day tells."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evenhand.cli.app import run
from evenhand.engine import Engine
from evenhand.golden import golden
from evenhand.pipeline import BuildReport
from evenhand.pipeline.onday import subject_on_day
from evenhand.publish import Scope, open_release
from evenhand.rulebook import shipped_pack
from evenhand.standards import EXTRACTS

PROVINCE = Scope("35")


@pytest.mark.parametrize("day", [date(2014, 3, 1), date(2021, 9, 30), date(2025, 3, 1), date(2026, 6, 30)])
def test_the_status_on_a_day_is_that_of_a_build_as_of_that_day(built: BuildReport, tmp_path: Path, day: date):
    release, pack = open_release(built.release), shipped_pack()
    with Engine(scratch=tmp_path) as engine:
        held = {name: engine.read(built.release / f"{name}.parquet") for name in (*EXTRACTS, "record", "membership", "finding")}
        record, membership, finding = (held.pop(name) for name in ("record", "membership", "finding"))
        made = golden(held, record, membership, finding, pack=pack, engine=engine, asof=day)
        subjects = sorted(engine.arrow(made.subject.select("subject_id", "status", "status_reason")).to_pylist(), key=str)[::3]
        licences = engine.arrow(made.licence.select("subject_id", "licence_no", "status", "status_reason", "soon")).to_pylist()

    for subject in subjects:
        card = subject_on_day(release, subject["subject_id"], day, PROVINCE, pack=pack)
        assert card is not None
        assert (card.standing.status, card.standing.reason) == (subject["status"], subject["status_reason"]), subject["subject_id"]
        mine = [
            (row["licence_no"], row["status"], row["status_reason"], row["soon"])
            for row in licences
            if row["subject_id"] == subject["subject_id"]
        ]
        told = [(row["licence_no"], row["status"], row["status_reason"], row["soon"]) for row in card.licences]
        assert sorted(told, key=str) == sorted((one for one in mine if one[1] != "未生效"), key=str), subject["subject_id"]
    assert len(subjects) > 100


def test_show_on_a_day_tells_status_licences_and_places(built: BuildReport, capsys: pytest.CaptureFixture[str]):
    moved = pq.read_table(built.release / "site_move.parquet").to_pylist()[0]

    code = run(["show", str(built.release), moved["subject_id"], "--on", moved["moved_on"].isoformat()])

    told = capsys.readouterr().out
    assert code == 0
    assert f"{moved['moved_on']} 这一天" in told
    assert "迁址" in told
    assert "的证照" in told


def test_a_place_that_was_left_is_no_longer_in_use(built: BuildReport):
    release = open_release(built.release)
    move = pq.read_table(built.release / "site_move.parquet").to_pylist()[0]

    before, after = (
        subject_on_day(release, move["subject_id"], day, PROVINCE) for day in (date.fromordinal(move["moved_on"].toordinal() - 1), move["moved_on"])
    )  # fmt: skip

    assert before
    assert after
    assert move["from_site_id"] in {site["site_id"] for site in before.sites}
    assert move["from_site_id"] not in {site["site_id"] for site in after.sites}
    assert move["to_site_id"] in {site["site_id"] for site in after.sites}


def test_a_day_that_is_none_is_refused(built: BuildReport, capsys: pytest.CaptureFixture[str]):
    subject = pq.read_table(built.release / "subject.parquet", columns=["subject_id"])["subject_id"][0].as_py()

    assert run(["show", str(built.release), subject, "--on", "去年"]) == 2
    assert "不是日期" in capsys.readouterr().err
