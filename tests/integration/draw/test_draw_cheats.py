"""Packs of somebody who cheats and knows the format: hashes, seed and chain are worked out anew, so that only the order of things gives it away."""

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evenhand.draw import commit_of, digest, entry_bytes, entry_hash, make_draft, open_draft, read_ledger, result, seed_of
from evenhand.errors import BadInput
from evenhand.pipeline.drawing import commit_draw, enter_value, excluded_rule, read_agreed, reveal_draw, verify_pack
from evenhand.rulebook import shipped_pack
from tests.factories.beacon import AT, SIGNATURE
from tests.factories.ceremonies import ceremony, stranger

AGREED = read_agreed(shipped_pack())
BEACON_AT = AT + 603
DICE = "dice:73150928461937502846"
ROWS = [(f"E{n:03}", "A") for n in range(40)]
SERIAL = "2027-000001"
Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One honest pack; every cheat changes a copy."""
    ledger = tmp_path_factory.mktemp("cheats") / "ledger"
    frozen = make_draft(
        ROWS,
        method="srs",
        serial=SERIAL,
        quotas={"A": 4},
        sources=("dice:20", "drand:quicknet:600"),
        reserve_pct=10,
        more=[excluded_rule({"歇业": 7})],
    )
    commit_draw(ledger, frozen, at=AT, signer="fuzhou-01", agreed=AGREED, excluded={"歇业": 7})
    enter_value(ledger, SERIAL, source="01", value=DICE, at=AT + 60)
    return reveal_draw(ledger, SERIAL, beacon={}, proofs={"02": SIGNATURE}, at=AT + 900, agreed=AGREED)  # fmt: skip


def relinked(records: Records) -> bytes:
    linked: Records = []
    for one in records:
        linked.append(one | {"prev": entry_hash(linked[-1]) if linked else "0" * 64})
    return b"".join(entry_bytes(one) + b"\n" for one in linked)


def forged(pack: Path, to: Path, change: Callable[[Records], Records], rules: Callable[[bytes], bytes] = bytes) -> Path:
    """A copy whose records and rules were changed, with every hash, the seed, the result and the chain made to fit."""
    shutil.copytree(pack, to)
    data = rules((pack / "rules.tsv").read_bytes())
    (to / "rules.tsv").write_bytes(data)
    records = change([json.loads(line) for line in (pack / "ledger.jsonl").read_bytes().splitlines()])
    by_kind = {one["kind"]: one for one in records}
    listed = (pack / "list.tsv").read_bytes()
    by_kind["commit"] |= {"rules_sha": digest("sha256", data), "commit": commit_of(digest("sha256", listed), digest("sha256", data))}
    by_kind["reveal"]["seed"] = seed_of(by_kind["commit"]["commit"], by_kind["reveal"]["public"])
    try:
        frozen = open_draft(listed, data)
        outcome = result(frozen, by_kind["reveal"]["seed"])
        (to / "result.tsv").write_bytes(outcome[0])
        by_kind["result"] |= {"drawn": outcome[1], "reserve": outcome[2], "result_sha": digest("sha256", outcome[0])}
    except BadInput:
        pass  # the files themselves are refused
    (to / "ledger.jsonl").write_bytes(relinked(records))
    return to


def late(records: Records) -> Records:
    """The dice are thrown until they please, once the beacon is known."""
    records[1] |= {"received_at": BEACON_AT + 17, "value": "dice:00000000000000000287"}
    records[2]["public"][0] = records[1]["value"]
    return records


def before(records: Records) -> Records:
    records[1]["received_at"] = AT - 5000
    return [records[1], records[0], *records[2:]]


def result_first(records: Records) -> Records:
    return [records[3], *records[:3]]


def other_round(records: Records) -> Records:
    """A later round of the beacon, picked among many; its signature is invented, as long as only the hash is looked at."""
    signature = "ab" * 48
    records[2]["public"][1] = f"drand:quicknet:999:{digest('sha256', bytes.fromhex(signature))}"
    records[2]["proofs"][1] = signature
    return records


def more_values(records: Records) -> Records:
    records[2]["public"].append("dice:1")
    records[2]["proofs"].append("")
    return records


def other_hash(records: Records) -> Records:
    records[0]["alg"] = "sm3"
    return records


def too_early(records: Records) -> Records:
    records[2]["revealed_at"] = AT + 30
    return records


def without_dice(records: Records) -> Records:
    records[2] |= {"public": records[2]["public"][1:], "proofs": records[2]["proofs"][1:]}
    return [records[0], *records[2:]]


CHEATS = {
    "values after the beacon": (late, bytes, "迟到的不收"),
    "a value before the commit": (before, bytes, "编号已经用过，或者在它的承诺以前就有记录"),
    "the result before the draw": (result_first, bytes, "编号已经用过，或者在它的承诺以前就有记录"),
    "another round": (other_round, bytes, "应是第 123 轮"),
    "one value more": (more_values, bytes, "一一对应"),
    "another hash": (other_hash, bytes, "承诺不是由这两个文件得出"),
    "revealed too early": (too_early, bytes, "才公布"),
    "one kind of value only": (without_dice, lambda rules: rules.replace(b"source\t01\tdice:20\n", b""), "至少两种"),
    "nobody drawn": (list, lambda rules: rules.replace(b"reserve_pct\t10", b"reserve_pct\t-100"), "须为 0 以上的整数"),
    "numbers written in another way": (list, lambda rules: rules.replace(b"reserve_pct\t10", b"reserve_pct\t1_0"), "须为 0 以上的整数"),
}


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_with_all_hashes_in_order_is_found(pack: Path, tmp_path: Path, name: str) -> None:
    change, rules, words = CHEATS[name]
    folder = forged(pack, tmp_path / "pack", change, rules)

    try:
        told = verify_pack(folder).difference
    except BadInput as refused:
        told = refused.problems[0].zh

    assert words in told


@pytest.mark.parametrize(
    "name",
    [
        "values after the beacon",
        "a value before the commit",
        "the result before the draw",
        "another round",
        "one value more",
        "another hash",
    ],
)
def test_the_strangers_program_finds_the_same_cheats(pack: Path, tmp_path: Path, name: str) -> None:
    change, rules, _ = CHEATS[name]

    assert stranger(forged(pack, tmp_path / "pack", change, rules))[0] != 0


def test_who_was_left_out_cannot_be_counted_anew(pack: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(pack, folder)
    (folder / "excluded.tsv").write_text("歇业\t999\n", "utf-8")

    assert verify_pack(folder).difference == "excluded.tsv：没有进入名单的个数与承诺的散列不同"


def test_a_number_left_out_of_the_middle_of_a_segment_is_named(pack: Path) -> None:
    records = [json.loads(line) for line in (pack / "ledger.jsonl").read_bytes().splitlines()]
    records.append({"kind": "commit", "serial": "2027-000009", "spec": "FSDR1"} | {name: records[0][name] for name in ("alg", "commit", "committed_at", "list_sha", "rules_sha", "signer")})  # fmt: skip

    with pytest.raises(BadInput, match="编号应为 2027-000002"):
        read_ledger(relinked(records), whole=False)


def test_a_void_cut_off_at_the_end_shows_in_the_last_hash(pack: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(pack, folder)
    records = read_ledger((folder / "ledger.jsonl").read_bytes())
    void = {"kind": "void", "serial": SERIAL, "spec": "FSDR1", "reason": "名单漏了一个镇", "approved_by": ["林", "陈"]}
    (folder / "ledger.jsonl").write_bytes(relinked([*records, void]))

    whole, cut = verify_pack(folder), verify_pack(pack)

    assert (whole.cancelled, cut.cancelled) == ("名单漏了一个镇", "")
    assert whole.last_entry != cut.last_entry


ISSUE = "kl8:2027001:1692806400"  # its sale ends well after the commit
NUMBERS = "-".join(f"{n:02}" for n in range(1, 21))


@pytest.fixture
def lottery(tmp_path: Path) -> Path:
    """A committed draw whose values are dice and a named issue of the lottery."""
    frozen = make_draft(ROWS, method="srs", serial=SERIAL, quotas={"A": 4}, sources=("dice:20", ISSUE), reserve_pct=10)
    commit_draw(tmp_path / "ledger", frozen, at=AT, signer="fuzhou-01", agreed=AGREED)
    return tmp_path / "ledger"


def test_a_lottery_decides_by_the_issue_named_before_and_the_dice_lie_open_first(lottery: Path) -> None:
    ends = int(ISSUE.rsplit(":", maxsplit=1)[1])
    for source, value, at, words in (
        ("02", f"kl8:2027001:{NUMBERS}", ends - 1, "还没有号码"),
        ("02", f"kl8:2026365:{NUMBERS}", ends + 600, "约定的是第 2027001 期"),
        ("01", DICE, ends, "迟到的不收"),
    ):
        with pytest.raises(BadInput, match=words):
            enter_value(lottery, SERIAL, source=source, value=value, at=at)
    enter_value(lottery, SERIAL, source="01", value=DICE, at=ends - 60)
    enter_value(lottery, SERIAL, source="02", value=f"kl8:2027001:{NUMBERS}", at=ends + 1800)

    pack = reveal_draw(lottery, SERIAL, beacon={}, proofs={}, at=ends + 1900, agreed=AGREED)

    assert verify_pack(pack).difference == ""
    assert stranger(pack)[0] == 0


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (("dice:20", "kl8:2027001:1692803000"), "在承诺以前就停止销售了"),
        (("dice:20", f"kl8:2027001:{AT + 300}"), "至少要等 600 秒"),
        (("dice:20", "drand:quicknet:1"), "至少要等 600 秒"),
        (("dice:20", "drand:quicknet:99999999999"), "不认识的来源"),
        (("dice:9999999", "drand:quicknet:600"), "不认识的来源"),
        (("dice:20", "kl8:600"), "不认识的来源"),
        (("dice:20", f"vrf:{'01' + '00' * 31}"), "公钥不能用"),
    ],
)
def test_values_that_come_too_soon_or_never_are_refused_before_the_commit(tmp_path: Path, sources: tuple[str, ...], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        commit_draw(tmp_path, make_draft(ROWS, method="srs", serial=SERIAL, quotas={"A": 4}, sources=sources, reserve_pct=10), at=AT, signer="fuzhou-01", agreed=AGREED)  # fmt: skip
    assert not (tmp_path / SERIAL).exists()


def test_draws_with_either_hash_stand_in_one_ledger(tmp_path: Path) -> None:
    for number, algorithm in enumerate(("sm3", "sha256", "sm3"), 1):
        serial, at = f"2027-{number:06}", AT
        frozen = make_draft(
            ROWS,
            method="srs",
            serial=serial,
            quotas={"A": 4},
            sources=("dice:20", "drand:quicknet:600"),
            reserve_pct=10,
            algorithm=algorithm,
        )
        commit_draw(tmp_path, frozen, at=at, signer="fuzhou-01", agreed=AGREED)
        enter_value(tmp_path, serial, source="01", value=f"dice:{number:020}", at=at + 60)
        pack = reveal_draw(tmp_path, serial, beacon={}, proofs={"02": SIGNATURE}, at=at + 900, agreed=AGREED)

        assert verify_pack(pack).difference == "", algorithm
    assert [len(list(held)) for _, held in itertools.groupby(read_ledger((tmp_path / "ledger.jsonl").read_bytes()), key=lambda one: one["serial"])] == [4, 4, 4]  # fmt: skip


EDGES = [(f"V{n}", role, f"I{k}") for n in range(4) for role in "LE" for k in range(4)]
PEOPLE = [("person", f"I{k}", "0/4") for k in range(4)]


def reversed_result(folder: Path) -> bytes:
    lines = (folder / "result.tsv").read_bytes().splitlines(keepends=True)
    return b"".join(reversed(lines))


@pytest.mark.parametrize(
    ("name", "forge", "words"),
    [
        ("result.tsv", reversed_result, "不是规范的写法"),
        ("prices.tsv", lambda folder: b"".join(f"{node}\t{int(price) + 5}\n".encode() for node, price in (line.split("\t") for line in (folder / "prices.tsv").read_text().splitlines())), "不是由名单得出的价格"),
        ("prices.tsv", lambda folder: b"".join(reversed((folder / "prices.tsv").read_bytes().splitlines(keepends=True))), "不是规范的写法"),
        ("ledger.jsonl", lambda folder: (folder / "ledger.jsonl").read_bytes().replace(b'"drawn":8', b'"drawn":1'), "个数不符"),
    ],
)  # fmt: skip
def test_a_roster_written_in_another_way_or_miscounted_is_named(
    tmp_path: Path, name: str, forge: Callable[[Path], bytes], words: str
) -> None:
    folder = ceremony(tmp_path / "ledger", EDGES, method="teams", more=PEOPLE)
    assert verify_pack(folder).difference == ""
    (folder / name).write_bytes(forge(folder))
    records = [json.loads(line) for line in (folder / "ledger.jsonl").read_bytes().splitlines()]
    records[3]["result_sha"] = digest("sha256", (folder / "result.tsv").read_bytes())
    (folder / "ledger.jsonl").write_bytes(relinked(records))

    assert words in verify_pack(folder).difference
