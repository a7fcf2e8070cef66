"""A ceremony on disk: the pack is verified by us, by twenty lines that know nothing of us, and by the shell; any change is found and named."""

import json
import shutil
from pathlib import Path

import pytest

from evenhand.cli.app import run
from evenhand.draw import (
    CAN_CHECK_BEACON,
    Draft,
    blind_of,
    entry_bytes,
    entry_hash,
    make_draft,
    merkle_root,
    of_serial,
    proven_root,
    read_ledger,
    salt_of,
    sealed_rows,
)
from evenhand.errors import BadInput
from evenhand.pipeline.drawing import (
    APPROVED_NARROW,
    ask_pack,
    cancel,
    commit_draw,
    enter_value,
    named_sources,
    read_agreed,
    replace_one,
    reveal_draw,
    verify_pack,
)
from evenhand.rulebook import shipped_pack
from tests.factories.beacon import AT, BEACON, SIGNATURE
from tests.factories.ceremonies import stranger

AGREED = read_agreed(shipped_pack())
DICE = "dice:73150928461937502846"
ROWS = [(f"E{n:04}", f"福州-餐饮-{'ABC'[n % 3]}", str(1 + n % 4)) for n in range(90)]
QUOTAS = {"福州-餐饮-A": 5, "福州-餐饮-B": 30, "福州-餐饮-C": 0}


def draft(serial: str = "2027-000001", rows: list[tuple[str, ...]] | None = None, **changed: object) -> Draft:
    told = {"method": "srs", "quotas": QUOTAS, "sources": named_sources(AGREED, None), "reserve_pct": AGREED.reserve_pct} | changed
    return make_draft(rows or ROWS, serial=serial, **told)


def drawn(ledger: Path, serial: str = "2027-000001", *, at: int = AT, **changed: object) -> Path:
    """A whole ceremony; returns the folder of the proof pack."""
    commit_draw(ledger, draft(serial, **changed), at=at, signer="fuzhou-01", agreed=AGREED, excluded={"歇业": 2})
    enter_value(ledger, serial, source="01", value=DICE, at=at + 60)
    return reveal_draw(ledger, serial, beacon={}, proofs={"02": SIGNATURE}, at=at + 900, agreed=AGREED)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One honest pack; tests that change it copy it first."""
    return drawn(tmp_path_factory.mktemp("draw") / "ledger")


def test_the_pack_is_verified_by_three_programs_that_share_no_line(pack: Path) -> None:
    assert verify_pack(pack).difference == ""
    assert stranger(pack) == (0, f"OK / 相符 2027-000001 {verify_pack(pack).commit}\n")
    assert stranger(pack, "sh", str(pack / "verify.sh"))[0] == 0


def test_the_verifier_of_a_stranger_is_short_and_asks_for_nothing_of_ours(pack: Path) -> None:
    text = (pack / "verify.py").read_text("utf-8")

    assert "evenhand" not in text
    assert len([line for line in text.splitlines() if line.strip()]) <= 20


@pytest.mark.parametrize("name", ["list.tsv", "rules.tsv", "result.tsv", "ledger.jsonl"])
def test_one_changed_byte_of_any_file_is_found_and_named(pack: Path, tmp_path: Path, name: str) -> None:
    data = (pack / name).read_bytes()
    for place in range(3, len(data), max(len(data) // 40, 1)):
        folder = tmp_path / f"{place}"
        shutil.copytree(pack, folder)
        (folder / name).write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])

        try:
            told = verify_pack(folder).difference
        except BadInput as refused:
            told = refused.problems[0].zh
        assert told, (name, place)
        if name in {"list.tsv", "result.tsv"}:
            assert name in told or "名单" in told, told


@pytest.mark.parametrize("name", ["list.tsv", "rules.tsv", "result.tsv", "ledger.jsonl"])
def test_the_strangers_program_finds_it_too(pack: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(pack, folder)
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])

    assert stranger(folder)[0] != 0


def test_swapped_rows_of_the_result_are_named_by_their_line(pack: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(pack, folder)
    lines = (folder / "result.tsv").read_bytes().splitlines(keepends=True)
    (folder / "result.tsv").write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))

    assert verify_pack(folder).difference.startswith("result.tsv 第1行：应为")


def test_a_forged_quota_with_a_matching_ledger_still_breaks_the_chain(pack: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(pack, folder)
    records = [json.loads(line) for line in (folder / "ledger.jsonl").read_bytes().splitlines()]
    records[0]["signer"] = "somebody else"
    (folder / "ledger.jsonl").write_bytes(b"".join(entry_bytes(one) + b"\n" for one in records))

    with pytest.raises(BadInput, match="台账第2行：与上一行不相接"):
        verify_pack(folder)


def test_the_next_draw_stands_on_the_chain_and_has_another_seed(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    drawn(ledger)
    second = drawn(ledger, "2027-000002", at=AT + 1)

    records = read_ledger((ledger / "ledger.jsonl").read_bytes())
    assert [one["prev"] for one in records[1:]] == [entry_hash(one) for one in records[:-1]]
    assert len({one["seed"] for one in records if one["kind"] == "reveal"}) == 2
    assert verify_pack(second).difference == ""


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda ledger: drawn(ledger, "2027-000003"), "台账编号不能跳号"),
        (lambda ledger: drawn(ledger, "2027-000001"), "编号已经用过"),
        (lambda ledger: enter_value(ledger, "2027-000001", source="01", value=DICE, at=AT + 2_000), "迟到的不收"),
        (
            lambda ledger: reveal_draw(ledger, "2027-000001", beacon={}, proofs={"02": SIGNATURE}, at=AT + 2_000, agreed=AGREED),
            "种子已经公布过",
        ),
        (lambda ledger: cancel(ledger, "2027-000001", reason="重抽", approved_by=["林", "林"]), "2 个不同的人"),
        (lambda ledger: cancel(ledger, "2027-000001", reason=" ", approved_by=["林", "陈"]), "须写明理由"),
    ],
)
def test_what_may_not_be_done_leaves_the_ledger_as_it_was(tmp_path: Path, act, words: str) -> None:  # type: ignore[no-untyped-def]
    ledger = tmp_path / "ledger"
    drawn(ledger)
    before = (ledger / "ledger.jsonl").read_bytes()

    with pytest.raises(BadInput) as refused:
        act(ledger)

    assert words in refused.value.problems[0].zh
    assert (ledger / "ledger.jsonl").read_bytes() == before


def test_a_cancelled_draw_stays_and_cannot_be_taken_up_again(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    commit_draw(ledger, draft(), at=AT, signer="fuzhou-01", agreed=AGREED)
    cancel(ledger, "2027-000001", reason="名单漏了一个镇", approved_by=["林", "陈"])

    with pytest.raises(BadInput, match="已经作废"):
        enter_value(ledger, "2027-000001", source="01", value=DICE, at=AT + 60)
    assert of_serial(read_ledger((ledger / "ledger.jsonl").read_bytes()), "2027-000001", "void")[0]["approved_by"] == ["林", "陈"]


def test_before_the_beacon_speaks_nothing_is_revealed(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    commit_draw(ledger, draft(), at=AT, signer="fuzhou-01", agreed=AGREED)
    enter_value(ledger, "2027-000001", source="01", value=DICE, at=AT + 60)

    with pytest.raises(BadInput, match="要到 1692803733 才公布"):
        reveal_draw(ledger, "2027-000001", beacon={}, proofs={"02": SIGNATURE}, at=AT + 300, agreed=AGREED)
    assert not (ledger / "2027-000001" / "result.tsv").exists()


def test_another_round_of_the_beacon_is_refused(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    commit_draw(ledger, draft(), at=AT, signer="fuzhou-01", agreed=AGREED)
    enter_value(ledger, "2027-000001", source="01", value=DICE, at=AT + 60)

    with pytest.raises(BadInput, match="应是第"):
        reveal_draw(
            ledger, "2027-000001", beacon={"02": BEACON.replace(":123:", ":124:")}, proofs={"02": SIGNATURE}, at=AT + 900, agreed=AGREED
        )


def test_who_is_gone_is_replaced_by_the_next_ticket_until_none_is_left(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    held = drawn(ledger)
    rows = [line.split("\t") for line in (held / "result.tsv").read_text("utf-8").splitlines() if line.startswith("福州-餐饮-A")]
    spare = [row[3] for row in rows if row[2] == "R"]

    assert replace_one(ledger, "2027-000001", gone=rows[0][3], reason="已注销", approved_by=["林"]) == spare[0]
    with pytest.raises(BadInput, match="候补已经用完"):
        replace_one(ledger, "2027-000001", gone=rows[1][3], reason="已注销", approved_by=["林"])


@pytest.mark.parametrize("method", ["pps", "multi"])
def test_other_methods_give_packs_that_verify(tmp_path: Path, method: str) -> None:
    held = drawn(tmp_path / "ledger", method=method)

    rows = [line.split("\t") for line in (held / "result.tsv").read_text("utf-8").splitlines()]
    assert {name: sum(row[0] == name and row[2] == "D" for row in rows) for name in QUOTAS} == QUOTAS
    assert verify_pack(held).difference == ""


def test_a_sealed_pack_verifies_and_names_nobody(tmp_path: Path) -> None:
    key = bytes(range(32))
    rows = sealed_rows([(row[0], "福州-餐饮") for row in ROWS], key, least=AGREED.sealed_stratum_min)
    held = drawn(tmp_path / "ledger", rows=rows, method="sealed", quotas={"福州-餐饮": 6})

    assert verify_pack(held).difference == ""
    assert [row[0] for row in ROWS if row[0].encode() in b"".join((held / name).read_bytes() for name in ("list.tsv", "result.tsv"))] == []
    blinds = {blind for blind, _ in rows}
    assert {blind_of(row[0], "福州-餐饮", salt_of(key, row[0])) for row in ROWS} == blinds  # the key opens every row


def test_the_commands_run_a_ceremony(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frame = tmp_path / "名单.csv"
    frame.write_text("id,stratum\n" + "".join(f"{row[0]},{row[1]}\n" for row in ROWS), "utf-8")
    ledger = tmp_path / "台账"

    assert run(["draw", "commit", str(ledger), str(frame), "--quota", "10%", "--signer", "鼓楼区局"]) == 0
    assert "承诺" in capsys.readouterr().out
    serial = next(path.name for path in ledger.iterdir() if path.is_dir())
    assert run(["draw", "reveal", str(ledger), serial]) == 2
    assert "来源 01、02 还没有公开值" in capsys.readouterr().err
    assert run(["draw", "void", str(ledger), serial, "--reason", "演练", "--approved-by", "林", "--approved-by", "陈"]) == 0


@pytest.mark.parametrize(("change", "code"), [(False, 0), (True, 1)])
def test_the_command_tells_by_its_exit_code(
    pack: Path, tmp_path: Path, change: bool, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(pack, folder)
    if change:
        (folder / "result.tsv").write_bytes((folder / "result.tsv").read_bytes()[:-200])

    assert run(["draw", "verify", str(folder)]) == code
    assert ("不符" if change else "相符") in capsys.readouterr().out


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        ({}, "来源 02 还没有公开值"),
        ({"02": "b7"}, "来源 02 还没有公开值"),
        ({"02": SIGNATURE.replace("b75c", "b75d")}, "不是信标这一轮的签名"),
        ({"02": "8" * 96}, "不是信标这一轮的签名"),
    ],
)
@pytest.mark.skipif(not CAN_CHECK_BEACON, reason="drand-verify has no wheel for this Python")
def test_a_beacon_that_the_network_did_not_sign_is_refused(tmp_path: Path, proof: dict[str, str], words: str) -> None:
    commit_draw(tmp_path, draft(), at=AT, signer="fuzhou-01", agreed=AGREED)
    enter_value(tmp_path, "2027-000001", source="01", value=DICE, at=AT + 60)

    with pytest.raises(BadInput, match=words):
        reveal_draw(tmp_path, "2027-000001", beacon={}, proofs=proof, at=AT + 900, agreed=AGREED)


@pytest.mark.parametrize(("beacon", "words"), [({"01": DICE}, "来源 01 还没有公开值"), ({"01": DICE, "02": BEACON[:-1] + "d"}, "来源 01")])
def test_dice_thrown_after_the_beacon_spoke_do_not_enter_by_the_reveal(tmp_path: Path, beacon: dict[str, str], words: str) -> None:
    commit_draw(tmp_path, draft(), at=AT, signer="fuzhou-01", agreed=AGREED)

    with pytest.raises(BadInput, match=words):
        reveal_draw(tmp_path, "2027-000001", beacon=beacon, proofs={"02": SIGNATURE}, at=AT + 900, agreed=AGREED)


def test_the_website_s_value_is_held_against_the_signature(tmp_path: Path) -> None:
    commit_draw(tmp_path, draft(), at=AT, signer="fuzhou-01", agreed=AGREED)
    enter_value(tmp_path, "2027-000001", source="01", value=DICE, at=AT + 60)

    with pytest.raises(BadInput, match="不是所附签名的 SHA-256"):
        reveal_draw(tmp_path, "2027-000001", beacon={"02": BEACON[:-1] + "d"}, proofs={"02": SIGNATURE}, at=AT + 900, agreed=AGREED)


OTHERS: dict[str, tuple[list[tuple[str, ...]], dict[str, int], list[tuple[str, str, str]]]] = {
    "week": (
        [(f"V{n}", "某所/3/5" if n < 6 else "某所/7/8") for n in range(10)],
        {"某所/3/5/3": 1, "某所/3/5/4": 3, "某所/3/5/5": 2, "某所/7/8/7": 0, "某所/7/8/8": 4},
        [],
    ),
    "exchange": ([(f"V{n}", "甲所" if n < 6 else "乙所") for n in range(10)], {"甲所": 2, "乙所": 1}, []),
    "pps": ([(f"V{n:02}", "甲层" if n < 30 else "乙层", str(1 + n * n % 17)) for n in range(40)], {"甲层": 11, "乙层": 5}, []),
    "multi": ([(f"V{n:02}", "甲层" if n < 30 else "乙层", str(1 + n % 4)) for n in range(40)], {"甲层": 11, "乙层": 0}, []),
    "rounding": (
        [(f"V{row}/餐饮{column}",) for row in range(7) for column in range(5)],
        {},
        [("cell", f"V{row}/餐饮{column}", str(row * 37 % 23 * 11 + column * 9)) for row in range(7) for column in range(5)]
        + [("param", "denominator", "100")],
    ),
}


@pytest.mark.parametrize("method", list(OTHERS))
def test_every_method_has_a_strangers_verifier(tmp_path: Path, method: str) -> None:
    rows, quotas, more = OTHERS[method]
    reserve = AGREED.reserve_pct if method in {"pps", "multi"} else 0
    frozen = make_draft(
        rows, method=method, serial="2027-000001", quotas=quotas, sources=named_sources(AGREED, None), more=more, reserve_pct=reserve
    )
    commit_draw(tmp_path, frozen, at=AT, signer="fuzhou-01", agreed=AGREED)
    enter_value(tmp_path, "2027-000001", source="01", value=DICE, at=AT + 60)
    pack = reveal_draw(tmp_path, "2027-000001", beacon={}, proofs={"02": SIGNATURE}, at=AT + 900, agreed=AGREED)

    assert verify_pack(pack).difference == ""
    assert stranger(pack)[0] == 0
    lines = (pack / "result.tsv").read_bytes().splitlines(keepends=True)
    (pack / "result.tsv").write_bytes(b"".join([lines[0].replace(b"V", b"W"), *lines[1:]]))
    code, said = stranger(pack)
    assert (code != 0, "result" in said) == (True, True)


@pytest.mark.parametrize("method", ["srs", "pps", "multi"])
def test_the_method_page_tells_the_chances_of_its_own_method(tmp_path: Path, method: str) -> None:
    page = (drawn(tmp_path, method=method) / "method.md").read_text("utf-8")

    assert "| 福州-餐饮-B | 30 | 30 | 全覆盖 |" in page
    assert "verify.py" in page
    assert ("| 福州-餐饮-A | 30 | 5 | 随机 | 1/6（16.7 %） |" in page) == (method == "srs")
    assert ("| 福州-餐饮-A | 1 | 8 | 1/15（6.7 %） |" in page) == (method == "pps")
    assert ("机会与权重不成正比" in page) == (method == "multi")


@pytest.mark.parametrize(("quota", "approved", "kept"), [(15, "", True), (16, "", False), (16, "局长办公会", True), (30, "", True)])
def test_a_stratum_that_leaves_little_to_chance_needs_an_approval(tmp_path: Path, quota: int, approved: str, kept: bool) -> None:
    more = [("param", APPROVED_NARROW, approved)] if approved else []
    frozen = draft(quotas=QUOTAS | {"福州-餐饮-A": quota}, more=more)

    if kept:
        commit_draw(tmp_path, frozen, at=AT, signer="fuzhou-01", agreed=AGREED)
    else:
        with pytest.raises(BadInput, match="层“福州-餐饮-A”只有 30 个对象，名额 16，不到 2 倍"):
            commit_draw(tmp_path, frozen, at=AT, signer="fuzhou-01", agreed=AGREED)
    assert (tmp_path / "2027-000001" / "list.tsv").exists() == kept


def test_a_business_gets_its_chance_and_a_proof_that_needs_no_other_row(pack: Path) -> None:
    one = next(row[0] for row in ROWS if row[1] == "福州-餐饮-A")

    told = ask_pack(pack, one, agreed=AGREED)

    lines = (pack / "list.tsv").read_bytes().splitlines()
    line = next(line for line in lines if line.startswith(one.encode()))
    assert dict(told.rows)["机会"] == "1/6（16.7 %）"
    assert proven_root(line, told.proof) == merkle_root(lines) == told.root
    assert told.root in (pack / "method.md").read_text("utf-8")
    assert dict(ask_pack(pack, "E999", agreed=AGREED).rows) == {
        "在名单里": "不在",
        "承诺": verify_pack(pack).commit,
        "没有进入名单：歇业": "2 个",
    }


def test_asked_after_a_replacement_the_answer_tells_both(tmp_path: Path) -> None:
    held = drawn(tmp_path)
    rows = [line.split("\t") for line in (held / "result.tsv").read_text("utf-8").splitlines() if line.startswith("福州-餐饮-A")]
    spare = replace_one(tmp_path, "2027-000001", gone=rows[0][3], reason="已注销", approved_by=["林"])

    gone, came = (dict(ask_pack(held, one, agreed=AGREED).rows) for one in (rows[0][3], spare))

    assert (gone["结果"][:2], gone["递补以后"]) == ("中选", "由下一个票号递补，不再检查")
    assert (came["结果"][:2], came["递补以后"]) == ("候补", "中选")
