"""What the tree may hold: locks without hosts, nothing third-party, no trace of the machine it was written on, no secrets."""

import json
import re
from hashlib import sha256

import pytest
from tree import ROOT, tracked, tracked_texts

VENDOR = "src/evenhand/web/static/vendor/"
THIS = "tests/architecture/test_architecture_tree.py"  # holds what it looks for
TRACES = re.compile(r"pyp[i]\.org|python[h]osted|registry\.npm[j]s|pyp[i]\.tuna|/wor[k]/|\.\./share[d]|/home/[a-z]|/roo[t]/|/User[s]/[a-z]")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[0-9A-Za-z]{36}\b|\bxox[abp]-[0-9A-Za-z-]{20,}|django-insecure-\S{20}"
    r"|\b(?:SECRET_KEY|API_KEY|ACCESS_TOKEN|secret_key|api_key|access_token)\b\s*[:=]\s*[\"'][^\"'\s]{16,}"
)


def _found(pattern: re.Pattern[str]) -> dict[str, str]:
    return {name: hit.group() for name, text in tracked_texts().items() if name != THIS and (hit := pattern.search(text))}


def test_the_python_lock_pins_every_package_by_hash_and_names_no_host():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    packages = re.split(r"\n(?=\S)", lock.strip())

    assert "://" not in lock
    assert [package.splitlines()[0] for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_the_node_lock_pins_every_package_by_hash_and_names_no_host():
    text = (ROOT / "package-lock.json").read_text("utf-8")
    packages = {name: facts for name, facts in json.loads(text)["packages"].items() if name}

    assert '"resolved"' not in text
    assert [name for name, facts in packages.items() if "integrity" not in facts] == []


def test_the_packages_of_the_pages_are_named_exactly():
    named = json.loads((ROOT / "package.json").read_text("utf-8"))
    versions = {**named["dependencies"], **named["devDependencies"]}

    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_no_lock_that_records_hosts_is_in_the_tree():
    assert [path.name for path in tracked() if path.name in {"uv.lock", "pylock.toml", "yarn.lock", "poetry.lock"}] == []


def test_nothing_third_party_is_committed():
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]

    assert [
        name for name in names if name.startswith(VENDOR) or "node_modules/" in name or name.endswith((".min.js", ".min.css", ".whl"))
    ] == []


def test_every_vendored_file_has_the_bytes_that_its_list_states():
    listed = ROOT / VENDOR / "vendor.json"
    if not listed.is_file():
        pytest.skip("没有前端文件：./run setup。")
    facts = {item["file"]: item["sha256"] for item in json.loads(listed.read_text("utf-8"))["files"]}
    held = {path.name: sha256(path.read_bytes()).hexdigest() for path in listed.parent.iterdir() if path != listed}

    assert held == facts
    assert {"echarts.min.js", "tabler.min.css", "echarts.LICENSE.txt", "echarts.NOTICE.txt"} <= set(held)


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    assert _found(TRACES) == {}


def test_no_file_holds_what_looks_like_a_secret():
    assert _found(SECRETS) == {}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (TRACES, "https://" + "pypi" + ".org/simple"),
        (TRACES, "see " + "/work" + "/main"),
        (TRACES, "/home/li/x"),
        (SECRETS, "SECRET_KEY = '0123456789abcdef0'"),
        (SECRETS, "AKIAABCDEFGHIJKLMNOP"),
    ],
)
def test_the_search_for_traces_and_secrets_finds_each_kind(pattern: re.Pattern[str], text: str):
    assert pattern.search(text)
