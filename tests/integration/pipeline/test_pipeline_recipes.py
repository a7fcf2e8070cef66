"""A recipe is what its signer signed, whole, or it is refused."""

import shutil
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evenhand.cli.app import run
from evenhand.decisions import ChosenValue, add_decision
from evenhand.errors import BadInput
from evenhand.pipeline.recipes import make_keys, opened_recipe, sign_recipe
from evenhand.publish import current_name
from evenhand.rulebook import shipped_pack

CODE = "91350102MA2XTE0T4E"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def signed(tmp_path: Path) -> dict[str, Any]:
    key = tmp_path / "chen.key"
    public = make_keys(key)
    ledger = tmp_path / "decisions.jsonl"
    add_decision(ledger, ChosenValue(id="d1", at=NOON, by="陈静", why="电话核实", subject=CODE, field="phone", value="13800138000"))
    out = tmp_path / "recipe.zip"
    sign_recipe(out, pack=shipped_pack(), decisions=ledger, key=key, by="陈静", at=NOON)
    return {"out": out, "public": public, "key": key, "ledger": ledger}


def refused(path: Path, signer: Path) -> set[str]:
    with pytest.raises(BadInput) as refusal, opened_recipe(path, signer=signer):
        pass
    return {problem.code for problem in refusal.value.problems}


def rewritten(path: Path, change: dict[str, bytes]) -> Path:
    """The archive with some files changed, added (or, by an empty content, left out)."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()} | change
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in held.items():
            if content:
                archive.writestr(name, content)
    return other


def test_an_opened_recipe_holds_the_pack_and_the_decisions_that_were_signed(signed):
    with opened_recipe(signed["out"], signer=signed["public"]) as held:
        assert held.pack.digest == shipped_pack().digest
        assert held.pack.name == "fujian"
        assert held.decisions
        assert held.decisions.read_bytes() == signed["ledger"].read_bytes()


def test_the_same_content_signed_twice_is_the_same_file(signed, tmp_path):
    again = tmp_path / "again.zip"
    sign_recipe(again, pack=shipped_pack(), decisions=signed["ledger"], key=signed["key"], by="陈静", at=NOON)

    assert again.read_bytes() == signed["out"].read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        {"decisions.jsonl": b"{}\n"},
        {"decisions.jsonl": b""},
        {"rules/link/more.yaml": b"a: 1\n"},
        {"rules/../../outside.txt": b"x"},
    ],
    ids=["changed", "left out", "added", "added outside"],
)
def test_a_file_that_was_not_signed_is_told(signed, change):
    assert refused(rewritten(signed["out"], change), signed["public"]) == {"RCP-05"}


def test_a_changed_statement_and_another_signer_are_refused(signed, tmp_path):
    with zipfile.ZipFile(signed["out"]) as archive:
        text = archive.read("recipe.json")
    other = make_keys(tmp_path / "lin.key")

    assert refused(rewritten(signed["out"], {"recipe.json": text.replace("陈静".encode(), "林二".encode())}), signed["public"]) == {
        "RCP-04"
    }
    assert refused(signed["out"], other) == {"RCP-04"}


def test_what_is_no_recipe_or_no_key_is_told(signed, tmp_path):
    plain = tmp_path / "plain.zip"
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "a")

    assert refused(plain, signed["public"]) == {"RCP-03"}
    assert refused(tmp_path / "none.zip", signed["public"]) == {"RCP-03"}
    assert refused(signed["out"], signed["ledger"]) == {"RCP-01"}


def test_keys_are_private_and_never_replaced(signed):
    assert stat.S_IMODE(signed["key"].stat().st_mode) == 0o600
    with pytest.raises(BadInput) as refusal:
        make_keys(signed["key"])
    assert {problem.code for problem in refusal.value.problems} == {"RCP-02"}


def test_a_recipe_replays_on_next_months_delivery_and_lists_what_no_longer_fits(province, built, signed, tmp_path, capsys):
    delivered = tmp_path / "province"
    shutil.copytree(province, delivered)
    complaints = next(delivered.rglob("*投诉*.csv"))
    lines = complaints.read_bytes().splitlines(keepends=True)
    complaints.write_bytes(b"".join(lines[: len(lines) // 2]))  # another delivery than the one the recipe was made on
    words = ["build", str(delivered / "sources.toml"), "--as-of", "2026-07-31", "--memory", "2"]
    recipe = ["--recipe", str(signed["out"]), "--signer", str(signed["public"])]

    assert run([*words, "--out", str(tmp_path / "a"), *recipe]) == 0
    told = capsys.readouterr().out
    assert run([*words, "--out", str(tmp_path / "b"), "--decisions", str(signed["ledger"])]) == 0

    assert "不再适用的认定" in told  # no subject of the province has the code that the recipe names
    assert CODE in told
    by_recipe, by_hand = ((tmp_path / out / current_name(tmp_path / out)) for out in "ab")
    assert by_recipe.name == by_hand.name != built.release.name
    assert (by_recipe / "manifest.json").read_bytes() == (by_hand / "manifest.json").read_bytes()
    assert (by_recipe / "subject.parquet").read_bytes() == (by_hand / "subject.parquet").read_bytes()


def test_a_recipe_stands_alone_and_needs_a_signer(province, signed, tmp_path, capsys):
    words = [
        "build",
        str(province / "sources.toml"),
        "--as-of",
        "2026-07-31",
        "--out",
        str(tmp_path / "out"),
        "--recipe",
        str(signed["out"]),
    ]

    assert run(words) == 2
    assert run([*words, "--signer", str(signed["public"]), "--decisions", str(signed["ledger"])]) == 2
    assert capsys.readouterr().err.count("--recipe") >= 2
