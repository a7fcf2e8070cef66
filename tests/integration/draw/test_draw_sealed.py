"""A sealed draw from its key to its opening, by the commands; values of a second authority and of a witness."""

import csv
import stat
from pathlib import Path

import pytest

from evenhand.cli.app import run
from evenhand.draw import proof_output, prove, public_key, read_ledger, share_commitment
from evenhand.errors import BadInput
from evenhand.pipeline.drawing import enter_value, open_sealed, publish_opened, read_key, reveal_draw, teams_in, verify_pack
from evenhand.pipeline.fairness import audit_ledger
from tests.integration.draw.test_draw_pack import AGREED, DICE

ROWS = [(f"E{n:03}", "福州-餐饮" if n < 90 else "厦门-生产") for n in range(120)]
VALUE = "11" * 32


def written(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_text("id,stratum\n" + "".join(f"{one},{stratum}\n" for one, stratum in rows), "utf-8")
    return path


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, str]:
    """A sealed draw, committed by command and revealed with the proof of a second authority and a witness's share."""
    frame, ledger, secret = written(tmp_path / "名单.csv", ROWS), tmp_path / "台账", read_key(tmp_path / "second", make=True)
    number = len([*ledger.glob("20*")]) + 1
    sources = [f"vrf:{public_key(secret).hex()}", f"share:notary-1:{share_commitment(f'2026-{number:06}', 'notary-1', VALUE)}", "dice:20"]
    words = [
        "draw",
        "commit",
        str(ledger),
        str(frame),
        "--method",
        "sealed",
        "--quota",
        "10%",
        "--signer",
        "省局",
        "--key",
        str(tmp_path / "key"),
    ]
    assert run([*words, *(word for source in sources for word in ("--source", source))]) == 0
    committed = read_ledger((ledger / "ledger.jsonl").read_bytes())[0]
    serial, proof = str(committed["serial"]), prove(secret, f"FSDR1|vrf|{committed['commit']}".encode())
    at = int(committed["committed_at"])
    values = {"01": f"vrf:{public_key(secret).hex()}:{proof_output(proof)}", "03": DICE}
    values["02"] = f"share:notary-1:{VALUE}" if serial.startswith("2026") else "share:notary-1:absent"
    for source, value in values.items():
        enter_value(ledger, serial, source=source, value=value, at=at + 10)
    reveal_draw(ledger, serial, beacon={}, proofs={"01": proof.hex()}, at=at + 60, agreed=AGREED)
    return ledger, serial


def test_the_key_is_for_its_owner_alone_and_no_id_stands_in_the_pack(sealed: tuple[Path, str], tmp_path: Path) -> None:
    ledger, serial = sealed

    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert verify_pack(ledger / serial).difference == ""
    text = b"".join(path.read_bytes() for path in (ledger / serial).iterdir() if path.suffix in {".tsv", ".md", ".jsonl"})
    assert [one for one, _ in ROWS if one.encode() + b"\t" in text] == []


def test_before_the_visit_the_key_tells_who_is_drawn_and_afterwards_opens_all(sealed: tuple[Path, str], tmp_path: Path) -> None:
    ledger, serial = sealed
    words = ["draw", "open", str(ledger), serial, str(tmp_path / "名单.csv"), "--key", str(tmp_path / "key")]

    assert run([*words, "--out", str(tmp_path / "密件.csv")]) == 0
    told = list(csv.DictReader((tmp_path / "密件.csv").read_text("utf-8-sig").splitlines()))
    assert {row["层"]: sum(one["结果"] == "中选" and one["层"] == row["层"] for one in told) for row in told} == {
        "福州-餐饮": 9,
        "厦门-生产": 3,
    }
    assert not (ledger / serial / "opened.csv").exists()
    assert run([*words, "--publish"]) == 0
    assert verify_pack(ledger / serial).difference == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("未中", "中选", 1), "应为未中，写的是中选"),
        (lambda text: text.replace("E000,", "E777,", 1), "得不出名单里的盲码"),
        (lambda text: "\n".join(text.split("\n")[:-3]) + "\n", "没有开封"),
    ],
)
def test_a_forged_opening_is_found(sealed: tuple[Path, str], tmp_path: Path, change, words: str) -> None:  # type: ignore[no-untyped-def]
    ledger, serial = sealed
    path = publish_opened(ledger, open_sealed(ledger, serial, ROWS, read_key(tmp_path / "key")))
    path.write_text(change(path.read_text("utf-8")), "utf-8")

    assert words in verify_pack(ledger / serial).difference


def test_a_list_that_is_not_the_sealed_one_opens_nothing_and_is_not_published(sealed: tuple[Path, str], tmp_path: Path) -> None:
    ledger, serial = sealed
    other = written(tmp_path / "另一份.csv", [*ROWS[1:], ("E900", "福州-餐饮")])
    words = ["draw", "open", str(ledger), serial, str(other), "--key", str(tmp_path / "key")]

    found = open_sealed(ledger, serial, [*ROWS[1:], ("E900", "福州-餐饮")], read_key(tmp_path / "key"))

    assert (found.strange, len(found.closed)) == (("E900",), 1)
    assert run(words) == 1
    with pytest.raises(BadInput, match="有 1 个对象不在承诺的名单里（E900），名单还有 1 行打不开"):
        publish_opened(ledger, found)


def test_a_sealed_draw_without_a_key_and_a_key_that_is_none_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = written(tmp_path / "名单.csv", ROWS)
    (tmp_path / "bad").write_text("secret", "ascii")
    words = ["draw", "commit", str(tmp_path / "台账"), str(frame), "--method", "sealed", "--quota", "10%", "--signer", "省局"]

    assert run(words) == 2
    assert "DRAW-38" in capsys.readouterr().err
    assert run([*words, "--key", str(tmp_path / "bad")]) == 2
    assert "DRAW-34" in capsys.readouterr().err
    assert not (tmp_path / "台账").exists()


def test_the_commands_of_a_second_authority_and_a_witness_tell_what_to_file_and_what_to_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["draw", "share", "2026-000007", "notary-1", "--value", VALUE]) == 0
    said = capsys.readouterr().out
    assert f"share:notary-1:{share_commitment('2026-000007', 'notary-1', VALUE)}" in said
    assert f"share:notary-1:{VALUE}" in said
    assert run(["draw", "vrf", str(tmp_path / "second"), "ab" * 32]) == 0
    secret = read_key(tmp_path / "second")
    proof = prove(secret, b"FSDR1|vrf|" + b"ab" * 32)
    assert f"vrf:{public_key(secret).hex()}:{proof_output(proof)}" in capsys.readouterr().out.replace("\n", "")
    assert run(["draw", "vrf", str(tmp_path / "second"), "abc"]) == 2


def test_quotas_on_two_margins_are_drawn_by_command(tmp_path: Path) -> None:
    frame = tmp_path / "格.csv"
    frame.write_text("row,column,numerator\n甲所,餐饮,250\n甲所,销售,130\n乙所,餐饮,40\n乙所,销售,360\n", "utf-8")

    assert run(["draw", "commit", str(tmp_path / "台账"), str(frame), "--method", "rounding", "--signer", "省局"]) == 0
    rules = next((tmp_path / "台账").glob("*/rules.tsv")).read_text("utf-8")
    assert "cell\t乙所/销售\t360\n" in rules
    assert "param\tdenominator\t100\n" in rules


def test_a_sealed_draw_enters_the_audit_once_it_is_opened(sealed: tuple[Path, str], tmp_path: Path) -> None:
    ledger, serial = sealed
    before = audit_ledger(ledger, None, level=0.001).ledger.frames

    publish_opened(ledger, open_sealed(ledger, serial, ROWS, read_key(tmp_path / "key")))

    (after,) = audit_ledger(ledger, None, level=0.001).ledger.frames
    assert before == ()
    assert (sorted(after.ids), int(after.drawn.sum())) == ([one for one, _ in ROWS], 12)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["roster", "{led}", "{no}", "nowhere", "--out", "x.csv"], "DRAW-27"),
        (["substitute", "{led}", "{no}", "V1", "P1", "--reason", "x", "--approved-by", "a", "--approved-by", "b"], "DRAW-27"),
        (["replace", "{led}", "{no}", "E001", "--reason", "x", "--approved-by", "a"], "DRAW-26"),
        (["share", "2026-1", "a b", "--value", "zz"], "DRAW-40"),
    ],
)
def test_a_question_to_the_wrong_draw_is_answered_in_one_sentence(
    tmp_path: Path, words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["draw", "commit", str(tmp_path / "led"), str(written(tmp_path / "l.csv", ROWS)), "--quota", "10%", "--signer", "省局"]) == 0
    serial = next(path.name for path in (tmp_path / "led").glob("20*"))
    if words[0] == "roster":  # the release is opened first
        with pytest.raises(BadInput, match="没有派人"):
            teams_in(tmp_path / "led" / serial)
        return

    assert run(["draw", *(word.format(led=tmp_path / "led", no=serial) for word in words)]) == 2
    assert code in capsys.readouterr().err
