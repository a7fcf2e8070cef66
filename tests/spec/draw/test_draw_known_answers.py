"""Known answers of the draw, byte for byte: whoever writes the method anew must come to the same."""

import hashlib

import pytest

from evenhand.draw.canonical import list_bytes
from evenhand.draw.ceremony import appended_result, commit, record_input, result, reveal
from evenhand.draw.choosing import by_chance, by_several_tickets, week_lots
from evenhand.draw.draft import make_draft
from evenhand.draw.ledger import FIRST, entry_bytes, entry_hash
from evenhand.draw.sealing import blind_of, inclusion_proof, merkle_root, proven_root, salt_of
from evenhand.draw.tickets import commit_of, seed_of, share_commitment, ticket

SEED = "0f958b637fb4af4e43c82f421b16d8ac088c091f6e74599c7e3f1bb9c097d564"
ROWS = [
    ("E001", "福州-餐饮-C", "3"), ("E002", "福州-餐饮-C", "1"), ("E003", "福州-餐饮-C", "2"), ("E010", "福州-餐饮-A", "1"), ("E011", "福州-餐饮-A", "1"), ("E100", "厦门-生产-D", "4"),
]  # fmt: skip
QUOTAS = {"厦门-生产-D": 1, "福州-餐饮-A": 1, "福州-餐饮-C": 2}
DICE = "dice:73150928461937502846"
SIGNATURE = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92"
BEACON = "drand:quicknet:123:fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc"
COMMITTED = 1692803130


def draft(**changed):
    told = {"method": "srs", "serial": "2023-000001", "quotas": QUOTAS, "sources": ["dice:20", "drand:quicknet:600"], "reserve_pct": 10}
    return make_draft(ROWS, **(told | changed))


def test_list_rules_commit_and_seed():
    made = draft()

    assert (len(made.list_data), len(made.rules_data)) == (138, 199)
    assert made.list_hash == "eba635af0d66813a5deb8d25fba5f5001422eb060d7f022dc0a12aa91507870c"
    assert made.rules_hash == "a5057104ccf4bbaef15f61c6b5172cb663d1302634e59c39f5c9e3af86a6e5c5"
    assert made.commit == "becc995df5bc15c4e49cd9a9f22d68aaeac2ffe1387ae561318c26a29445a983"
    assert seed_of(made.commit, [DICE, BEACON]) == SEED


def test_one_letter_in_the_list_changes_the_commit():
    made = draft()
    other = hashlib.sha256(made.list_data.replace(b"E002", b"E0O2")).hexdigest()

    assert commit_of(other, made.rules_hash).startswith("6cbc371f633b5228")


def test_tickets():
    assert ticket(SEED, "obj", "E001") == "9fc805d69092bef215bbf8aea6d94e81d6a8ccdabc1590b9ff765394795464e4"
    assert ticket(SEED, "week", "E001").startswith("7939cac13b94e8ee")
    assert ticket(SEED, "load", "I0").startswith("4c7878315d048b08")
    assert ticket(SEED, "pair", "V0", "L", "I0").startswith("70e7dda122e70d6d")


def test_result():
    data, drawn, reserve = result(draft(), SEED)
    rows = [line.split("\t") for line in data.decode().splitlines()]

    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("厦门-生产-D", "D", "E100"), ("福州-餐饮-A", "D", "E010"), ("福州-餐饮-A", "R", "E011"), ("福州-餐饮-C", "D", "E003"), ("福州-餐饮-C", "D", "E001"), ("福州-餐饮-C", "R", "E002"),
    ]  # fmt: skip
    assert (len(data), drawn, reserve) == (540, 4, 2)
    assert hashlib.sha256(data).hexdigest() == "671258baaefa30267ccd4775cde64063998f21c2e23a753416c622c014097aa7"


def test_ledger():
    made = draft()
    records = [commit(made, [], at=COMMITTED, signer="fuzhou-01", least_bits=64)]
    records.append(record_input(made, records, source="01", value=DICE, at=1692803700))
    records.append(reveal(made, records, beacon={"02": BEACON}, proofs={"02": SIGNATURE}, at=1692803760))
    records.append(appended_result(made, records))

    assert entry_bytes(records[1]).decode() == (
        '{"kind":"input","prev":"f5f949c44f506ded49ef2d10476f080197b29bf652ff5c9d403ce4454d58d9ff","received_at":1692803700,"serial":"2023-000001",'
        '"source":"01","spec":"FSDR1","value":"dice:73150928461937502846"}'
    )
    assert records[0]["prev"] == FIRST
    assert [len(entry_bytes(record)) for record in records] == [424, 203, 466, 231]
    assert [entry_hash(record) for record in records] == [
        "f5f949c44f506ded49ef2d10476f080197b29bf652ff5c9d403ce4454d58d9ff", "f59c49292bdfec2ba1c9f3ae4e24a7476c5cd585162df9c7065a9c0bbcaac9fb",
        "def2d2c43a540373032801a1e2bdeba93eb6ec598ff505ab38550c2c53924e93", "42539f4e5efe3edfe87fc5cc6819912ed1b7fce85da97470b340bae8fd255a6f",
    ]  # fmt: skip


def test_sm3():
    made = draft(algorithm="sm3")
    seed = seed_of(made.commit, [DICE, BEACON], algorithm="sm3")

    assert made.list_hash.startswith("7b40c0ce8feda4e0")
    assert made.commit.startswith("2cf1ebadd2329e72")
    assert seed.startswith("a0a893602fafe371")
    assert ticket(seed, "obj", "E001", algorithm="sm3") == "19daba19c9965cd5b952145243f16edc321ecc1423d7f4460ed5ced6013c6326"


def test_compatibility_signs_are_composed_and_full_width_stays():
    data = list_bytes([("E1", "\uf9d1\u5408\uff21")], "srs")

    assert data.decode() == "E1\t六合Ａ\n"
    assert hashlib.sha256(data).hexdigest() == "e486ad2aff0c776ee4769359af26be9692685c051f52d06d949eea6e562b5e44"


def test_share():
    told = share_commitment("2023-000001", "supervisor", "11" * 32)

    assert told == "bb7ab9c60bfa2fa7ce05113b83bd45af46700b85d214d853848aa1662a86bdf3"


def test_several_tickets():
    weights = {"U1": 1, "U2": 1, "U3": 2, "U4": 2, "U5": 3, "U6": 3, "U7": 4, "U8": 8}

    drawn = by_several_tickets({"S": weights}, {"S": 8}, SEED, reserve_pct=0)

    assert [one.id for one in drawn] == ["U8", "U5", "U4", "U6", "U1", "U2", "U7", "U3"]


def test_weeks():
    visits = [f"V{n}" for n in range(6)]

    weeks = week_lots({"O/3/5": visits}, {("O/3/5", 3): 1, ("O/3/5", 4): 3, ("O/3/5", 5): 2}, SEED)

    assert {week: sorted(one for one in weeks if weeks[one] == week) for week in (3, 4, 5)} == {
        3: ["V1"],
        4: ["V2", "V4", "V5"],
        5: ["V0", "V3"],
    }


def test_sealed():
    key = bytes(range(32))

    assert (salt_of(key, "E001")[:16], salt_of(key, "E010")[:16]) == ("5e84bcb6f2798b95", "757941ef6bd0c6d1")
    assert blind_of("E001", "福州-餐饮", salt_of(key, "E001")) == "3e749f2522c615cac987e20c040faecb6cdab8f0ea471cf1ff0498dd0abca62d"
    assert blind_of("E010", "福州-餐饮", salt_of(key, "E010")) == "52cefbb031736b9a5442fbef24ce744c448bbbb7f176f104d600b6548df72332"


def test_merkle_root():
    lines = draft().list_data.splitlines()

    assert merkle_root(lines) == "059d7da8880114059e43a9e724827cef5e6ee3ece4b5cb9a61bc5f1302a768cc"
    assert [proven_root(line, inclusion_proof(lines, place)) for place, line in enumerate(lines)] == [merkle_root(lines)] * 6


SIZES = [
    (2_999, 1_000, "4f937e03db973474", "E001524", "E000876", "51f8c5a52efc", "E002412", "82ecc431dc3fb825"),
    (5_999, 2_000, "3e9675ec6b24c567", "E001524", "E000267", "532d14030c2c", "E002836", "6dd7586344e0096f"),
    (12_000, 3_000, "e327083a12692989", "E001524", "E009259", "3e692fa87cca", "E007583", "7dddb5da84289d8d"),
    (20_000, 1_000, "a911093bc40ba35a", "E001524", "E009271", "0cf8a838aeb8", "E001571", "38679180fc807cb4"),
    (60_000, 10, "87d5d1f890ff013d", "E001524", "E059585", "00098130ff9d", "E002450", "1e33c4131a4d1ef9"),
    (199, 100, "56acb1002f95cddb", "E000019", "E000098", "775853f3f935", "E000169", "b8869edad2b3cc69"),
]


@pytest.mark.parametrize(("size", "quota", "listed", "first", "last", "of_last", "following", "drawn_hash"), SIZES)
def test_awkward_sizes(size, quota, listed, first, last, of_last, following, drawn_hash):
    ids = [f"E{n:06}" for n in range(1, size + 1)]
    assert hashlib.sha256(list_bytes([(one, "S") for one in ids], "srs")).hexdigest().startswith(listed)

    drawn = by_chance({"S": ids}, {"S": quota}, SEED, reserve_pct=100 if quota < 60 else 1)

    taken = [one for one in drawn if one.state == "D"]
    assert (taken[0].id, taken[-1].id, taken[-1].ticket[:12]) == (first, last, of_last)
    assert drawn[quota].id == following
    told = "".join(f"{one}\n" for one in sorted(one.id for one in taken)).encode()
    assert hashlib.sha256(told).hexdigest().startswith(drawn_hash)
