"""What a hand slips into: one message before anything is written, never a stack of lines; what people wrote is shown as they wrote it."""

from pathlib import Path

import pytest

from evenhand.cli.app import run
from evenhand.draw import blind_of, make_draft, salt_of, sealed_rows
from evenhand.errors import BadInput
from evenhand.pipeline.drawing import commit_draw, read_agreed
from evenhand.rulebook import shipped_pack
from tests.factories.beacon import AT

LIST = "id,stratum\n" + "".join(f"E{n:03},A\n" for n in range(40))
SIGNED = ("--signer", "福州市局")


def written(folder: Path, **files: str) -> dict[str, str]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return {name: str(folder / f"{name}.csv") for name in files}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--quota", "5%", "--method", "foo"), "可用 "),
        (("--quota", "A=²"), "写法不对"),
        (("--quota", "①%"), "写法不对"),
        (("--quota", "A/20=3", "--method", "week"), "名额合计 3，应为 40"),
        (("--quota", "A=40", "--method", "week"), "类/周序号"),
        (("--quota", "A/020=40", "--method", "week"), "类/周序号"),
        (("--quota", "B/20=5", "--quota", "A/20=40", "--method", "week"), "类在名单里"),
        (("--quota", "5%", "--narrow-approved-by", "林\u2028某"), "控制字符"),
        (("--quota", "{quotas}"), "写了两次"),
        (("--quota", "5%", "--excluded", "{twice}"), "写了两次"),
        (("--quota", "5%", "--excluded", "{tab}"), "有制表符"),
        (("--quota", "5%", "--source", "kl8:2027001:202613012100", "--source", "dice:20"), "没有这个时刻"),
    ],
)
def test_a_slip_is_told_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    files = written(
        tmp_path, list=LIST, quotas="key,quota\nA,3\nA,5\n", twice="reason,subjects\n注销,5\n注销,7\n", tab='reason,subjects\n"注\t销",5\n'
    )

    code = run(["draw", "commit", str(tmp_path / "台账"), files["list"], *(word.format(**files) for word in words), *SIGNED])

    assert code == 2
    assert told in "".join(capsys.readouterr().err.split("\n"))
    assert not (tmp_path / "台账" / "ledger.jsonl").is_file() or not (tmp_path / "台账" / "ledger.jsonl").read_bytes()


def test_brackets_in_names_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = written(tmp_path, list=LIST.replace(",A", ",餐饮[/B]:sun:"))

    assert run(["draw", "commit", str(tmp_path / "台账"), files["list"], "--quota", "10%", *SIGNED]) == 0
    assert "餐饮[/B]:sun:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [("reveal", "--proof", "02=ab"), ("print", "--out", "公告"), ("replace", "E001", "--reason", "注销", "--approved-by", "林")]
)
def test_a_number_with_a_slash_is_no_number(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    files = written(tmp_path, list=LIST)
    run(["draw", "commit", str(tmp_path / "台账"), files["list"], "--quota", "10%", *SIGNED])
    serial = next(path.name for path in (tmp_path / "台账").iterdir() if path.is_dir())

    assert run(["draw", words[0], str(tmp_path / "台账"), f"{serial}/", *words[1:]]) == 2
    assert "没有编号" in capsys.readouterr().err


def test_ids_are_checked_before_they_are_blinded() -> None:
    rows = [(f"E{n:03}", "A") for n in range(40)]
    for bad, words in ((("E001", "B"), "编号重复"), (("店|甲", "A"), "编号只用"), (("", "A"), "编号只用")):
        with pytest.raises(BadInput, match=words):
            sealed_rows([*rows, bad], bytes(32), least=1)


def test_a_stratum_is_blinded_as_the_list_writes_it() -> None:
    composed, apart = "Caf\u00e9", "Cafe\u0301"
    blinded = sealed_rows([("E1", apart)], bytes(32), least=1)

    assert blinded == [(blind_of("E1", composed, salt_of(bytes(32), "E1")), composed)]


def test_too_many_tickets_for_one_are_refused() -> None:
    with pytest.raises(BadInput, match="票数须为"):
        make_draft([("E1", "A", "2000000000"), ("E2", "A", "1")], method="multi", serial="2027-000001", quotas={"A": 1}, sources=("dice:20", "drand:quicknet:600"))  # fmt: skip


def test_an_exchange_beyond_the_solver_is_refused_before_the_commit(tmp_path: Path) -> None:
    home = {f"I{office:02}{n:02}": f"O{office:02}" for office in range(1, 20) for n in range(15)}
    rows = [(f"V{n:03}", "X", one) for n in range(600) for one in home]
    more = [("param", "exchange_most", "6"), *(("param", f"home:{one}", office) for one, office in home.items())]
    more += [("param", f"seat:V{n:03}", "O00") for n in range(600)] + [("person", one, "40/1") for one in home]
    frozen = make_draft(rows, method="teams", serial="2027-000001", quotas={}, sources=("dice:20", "drand:quicknet:600"), more=more)

    with pytest.raises(BadInput, match="超出求解程序能算的范围"):
        commit_draw(tmp_path, frozen, at=AT, signer="福州市局", agreed=read_agreed(shipped_pack()))
    assert not (tmp_path / "ledger.jsonl").exists()
