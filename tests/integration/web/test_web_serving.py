"""From an empty folder to a running server."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_release import STATION

from evenhand.errors import BadInput
from evenhand.web.accounts.demo import DEMO_PASSWORD
from evenhand.web.secret import secret_key
from evenhand.web.serving import serve

_PREPARE = (
    "from pathlib import Path; from evenhand.web.serving import prepare; print(prepare(Path({home!r}), Path({releases!r}), demo={demo}))"
)
_SERVE = (
    "from pathlib import Path; from evenhand.web.serving import serve;"
    "serve(Path({home!r}), Path({releases!r}), port={port}, workers=1, threads=2)"
)


def _python(code: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND", "DJANGO"))}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=bare)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, release: Path) -> Path:
    """Return a data folder prepared for the demo."""
    home = tmp_path_factory.mktemp("home") / "new"
    told = _python(_PREPARE.format(home=str(home), releases=str(release), demo=True))
    assert STATION in told.stdout
    assert DEMO_PASSWORD in told.stdout
    return home


@pytest.fixture(scope="module")
def address(home: Path, release: Path) -> Iterator[str]:
    """Address of a server that runs on it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND", "DJANGO"))}
    server = subprocess.Popen([sys.executable, "-c", _SERVE.format(home=str(home), releases=str(release), port=port)], env=bare)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=20) == 0


def _read(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 — our own server
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as fault:
        return fault.code, dict(fault.headers), fault.read()


def test_the_server_shows_the_login_page_with_files_that_may_be_kept(address: str) -> None:
    status, _, page = _read(f"{address}/")
    style = re.search(r'href="(/static/evenhand/site\.[0-9a-f]+\.css)"', page.decode())

    assert status == 200
    assert style
    assert "max-age=315360000" in _read(f"{address}{style[1]}")[1]["Cache-Control"]


def test_a_foreign_host_name_is_refused(address: str) -> None:
    request = urllib.request.Request(f"{address}/accounts/login/", headers={"Host": "evil.example"})  # noqa: S310 — our own server

    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request, timeout=20)  # noqa: S310 — our own server


def test_only_the_owner_reads_the_data_folder_and_its_key(home: Path) -> None:
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600


def test_preparing_without_demo_makes_no_account(tmp_path: Path, release: Path) -> None:
    assert _python(_PREPARE.format(home=str(tmp_path / "home"), releases=str(release), demo=False)).stdout.strip() == "[]"


def test_preparing_twice_keeps_the_key(home: Path, release: Path) -> None:
    before = (home / "secret.key").read_text("ascii")
    _python(_PREPARE.format(home=str(home), releases=str(release), demo=True))

    assert (home / "secret.key").read_text("ascii") == before


def test_a_key_from_the_environment_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENHAND_SECRET_KEY", "given")

    assert secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_without_a_data_folder_nothing_is_served() -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        _python("from evenhand.web.wsgi import application")

    assert "WEB-05" in refused.value.stderr


def test_reading_the_settings_leaves_nothing_behind(tmp_path: Path) -> None:
    aside = f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}"
    told = _python(f"{aside}; from evenhand.web.settings import EVENHAND_HOME; print(EVENHAND_HOME)")

    assert told.stdout.startswith(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_named_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EVENHAND_HOME", "EVENHAND_RELEASES", "EVENHAND_STATIC", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))  # put back afterwards: serve sets them
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(BadInput, match="--port"):
            serve(tmp_path, tmp_path, port=taken.getsockname()[1])
