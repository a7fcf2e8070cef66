"""Notices and certificate of a draw: what they say is what the ledger holds, before and after; nothing of the future stands on the first."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from evenhand.cli.app import run
from evenhand.documents.certificates import certificate_pdf, first_notice_pdf
from evenhand.documents.fonts import find_faces
from evenhand.draw import of_serial, read_ledger
from evenhand.errors import BadInput
from evenhand.pipeline.drawing import act_of, cancel, commit_draw, replace_one
from tests.integration.draw.test_draw_pack import AGREED, AT, draft, drawn

SERIAL = "2027-000001"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    drawn(tmp_path / "ledger")
    return tmp_path / "ledger"


def test_paper_says_what_the_ledger_holds(ledger: Path) -> None:
    gone = (ledger / SERIAL / "result.tsv").read_text("utf-8").split("\t")[3]
    taken = replace_one(ledger, SERIAL, gone=gone, reason="已注销", approved_by=["林某"])

    act = act_of(ledger, SERIAL, agreed=AGREED)

    records = read_ledger((ledger / "ledger.jsonl").read_bytes())
    (commit,), (reveal,), (result,) = (of_serial(records, SERIAL, kind) for kind in ("commit", "reveal", "result"))
    assert (act.commit, act.list_hash, act.rules_hash) == (commit["commit"], commit["list_sha"], commit["rules_sha"])
    assert (act.seed, list(act.public), act.result_hash) == (reveal["seed"], reveal["public"], result["result_sha"])
    assert (act.drawn, act.reserve) == (result["drawn"], result["reserve"])
    assert act.changes == ((gone, taken, "已注销", "林某"),)
    assert act.excluded == (("歇业", "2"),)
    assert act.strata[0] == ("福州-餐饮-A", "30", "5", "随机", "1/6（16.7 %）")
    assert act.strata[1][3] == "全覆盖"
    assert act.committed_at == "2023-08-23 23:05:30（北京时间）"


def test_before_the_reveal_only_the_first_notice_exists(tmp_path: Path) -> None:
    commit_draw(tmp_path / "ledger", draft(), at=AT, signer="fuzhou-01", agreed=AGREED)

    assert run(["draw", "print", str(tmp_path / "ledger"), SERIAL, "--out", str(tmp_path / "out")]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{SERIAL}公告一.pdf"]


def test_after_it_all_three_and_the_same_bytes_again(ledger: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert run(["draw", "print", str(ledger), SERIAL, "--out", str(tmp_path / folder)]) == 0
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert names == {f"{SERIAL}{name}.pdf" for name in ("公告一", "公告二", "证书")}
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


def test_the_first_notice_is_the_same_before_and_after_the_draw(ledger: Path, tmp_path: Path) -> None:
    commit_draw(tmp_path / "early", draft(), at=AT, signer="fuzhou-01", agreed=AGREED, excluded={"歇业": 2})
    faces = find_faces()

    early = first_notice_pdf(act_of(tmp_path / "early", SERIAL, agreed=AGREED), faces)
    late = first_notice_pdf(act_of(ledger, SERIAL, agreed=AGREED), faces)

    assert early == late


def test_a_void_draw_says_so_and_counts(ledger: Path) -> None:
    cancel(ledger, SERIAL, reason="名单漏了一个镇", approved_by=["林某", "陈某"])

    act = act_of(ledger, SERIAL, agreed=AGREED)

    assert (act.cancelled, act.voids) == ("名单漏了一个镇", 1)
    assert certificate_pdf(act, find_faces()).startswith(b"%PDF")


def test_an_unknown_number_is_refused(ledger: Path) -> None:
    with pytest.raises(BadInput, match="没有编号 2027-000009"):
        act_of(ledger, "2027-000009", agreed=AGREED)


def test_the_printed_codes_can_be_scanned_and_say_what_the_ledger_says(ledger: Path) -> None:
    act = act_of(ledger, SERIAL, agreed=AGREED)

    page = pypdfium2.PdfDocument(certificate_pdf(act, find_faces()))[0].render(scale=150 / 72).to_numpy()
    read = {code.text for code in zxingcpp.read_barcodes(page)}

    assert read == {f"FSDR1 {SERIAL} C={act.commit}", f"FSDR1 {SERIAL} S={act.seed}", f"FSDR1 {SERIAL} R={act.result_hash}"}
