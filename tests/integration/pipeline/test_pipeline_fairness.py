"""The audit of a real ledger: every number told, forged and void draws left out by name, groups taken from the release, files for a page."""

import csv
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evenhand.cli.app import run
from evenhand.draw import make_draft
from evenhand.pipeline.drawing import cancel, commit_draw, enter_value, named_sources, read_agreed, replace_one, reveal_draw
from evenhand.pipeline.fairness import audit_ledger, write_fairness
from evenhand.publish import Release
from evenhand.rulebook import shipped_pack
from tests.factories.beacon import AT, SIGNATURE

AGREED = read_agreed(shipped_pack())


@pytest.fixture(scope="module")
def ledger(held: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four draws over all subjects of the release: one replaced an object, one is void, one was forged; a fifth waits."""
    folder = tmp_path_factory.mktemp("ledger")
    ids = pq.read_table(held.folder / "subject.parquet", columns=["subject_id"])["subject_id"].to_pylist()
    rows = [(one, "ABC"[n % 3]) for n, one in enumerate(sorted(ids))]
    for number in range(1, 6):
        serial, at = f"2027-{number:06}", AT
        draft = make_draft(
            rows, method="srs", serial=serial, quotas={"A": 9, "B": 20, "C": 40}, sources=named_sources(AGREED, None), reserve_pct=10
        )
        commit_draw(folder, draft, at=at, signer="福建省局", agreed=AGREED)
        if number == 5:
            break
        enter_value(folder, serial, source="01", value=f"dice:{73150928461937502846 + number}", at=at + 60)
        reveal_draw(folder, serial, beacon={}, proofs={"02": SIGNATURE}, at=at + 900, agreed=AGREED)
    gone = (folder / "2027-000001" / "result.tsv").read_text("utf-8").split("\t")[3]
    replace_one(folder, "2027-000001", gone=gone, reason="已注销", approved_by=["林某"])
    cancel(folder, "2027-000002", reason="名单漏了一个镇", approved_by=["林某", "陈某"])
    path = folder / "2027-000003" / "result.tsv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[1], lines[0], *lines[2:]]) + "\n", "utf-8")
    return folder


def test_every_number_is_told_and_only_sound_draws_are_tested(ledger: Path, held: Release) -> None:
    found = audit_ledger(ledger, held, level=AGREED.audit_alert_p)

    made = {one.serial: one for one in found.ledger.made}
    assert [frame.serial for frame in found.ledger.frames] == ["2027-000001", "2027-000004"]
    assert dict(made["2027-000001"].changed) == {"已注销": 1}
    assert made["2027-000002"].cancelled == "名单漏了一个镇"
    assert made["2027-000003"].difference.startswith("result.tsv 第1行")
    assert made["2027-000005"].pending
    assert [one.split("：")[0] for one in found.unusual] == ["编号 2027-000003"]


def test_groups_come_from_the_release_and_add_up(ledger: Path, held: Release) -> None:
    found = audit_ledger(ledger, held, level=AGREED.audit_alert_p)

    assert [one.dimension for one in found.tests] == ["机构", "业态", "县区", "规模", "名单位置"]
    for test in found.tests:
        assert sum(one.drawn for one in test.groups) == 2 * 69
        assert sum(one.expected for one in test.groups) == pytest.approx(2 * 69)
        assert 0 < test.p <= 1
    offices = {one.group for one in found.tests[0].groups}
    assert offices <= {*pq.read_table(held.folder / "subject.parquet", columns=["office"])["office"].to_pylist(), "（不明）"}


def test_files_hold_the_same_figures_and_the_command_tells_by_its_exit(ledger: Path, held: Release, tmp_path: Path) -> None:
    found = audit_ledger(ledger, held, level=AGREED.audit_alert_p)
    write_fairness(found, tmp_path / "files")
    page = json.loads((tmp_path / "files" / "fairness.json").read_text("utf-8"))
    with (tmp_path / "files" / "never.csv").open(encoding="utf-8-sig", newline="") as file:
        never = list(csv.DictReader(file))

    assert page["draws"] == {"made": 5, "tested": 2, "teams": 0, "void": 1, "pending": 1, "differing": 1, "changed": 1}
    assert len(never) == page["waiting"]["never"] == found.waiting.never
    honest = tmp_path / "ledger"
    shutil.copytree(ledger, honest)
    assert run(["draw", "audit", str(ledger), "--release", str(held.folder), "--out", str(tmp_path / "one")]) == 1
    assert (tmp_path / "one" / "fairness.json").is_file()


def test_a_folder_without_a_ledger_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["draw", "audit", str(tmp_path), "--out", str(tmp_path / "out")]) != 0
    assert "没有台账" in "".join(capsys.readouterr())
