"""A browser on the site: headless Chromium of the system, logged in, watched for faults and for requests that leave the site."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

sys.path.insert(0, str(Path(__file__).parents[1] / "integration" / "web"))

from web_fixtures import Person, django_db_modify_db_settings, person, release  # noqa: F401 — shared with the web tests

_VENDOR = Path(__file__).parents[2] / "src" / "evenhand" / "web" / "static" / "vendor"


def _missing() -> str:
    if not (os.environ.get("CHROMIUM") or shutil.which("chromium")):
        return "没有找到 chromium：apt-get install -y --no-install-recommends chromium，或设置 CHROMIUM。"
    fonts = shutil.which("fc-list")
    if fonts and not subprocess.run([fonts, ":lang=zh"], capture_output=True, text=True, check=False).stdout:
        return "没有中文字体：apt-get install -y fonts-noto-cjk。"
    return "" if (_VENDOR / "tabler.min.css").is_file() else "没有前端文件：./run setup。"


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker; let one warning of a plugin pass."""
    config.addinivalue_line("markers", "browser: needs chromium and a Chinese font")
    # A fixture of a plugin of pytest-playwright (base_url) is written in a way that pytest will drop.
    config.addinivalue_line("filterwarnings", "ignore:Session-scoped fixtures defined as instance methods:pytest.PytestRemovedIn10Warning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip with one plain sentence where something is missing on this machine."""
    missing = _missing()
    for item in items:
        if missing and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's chromium; --no-sandbox is needed as root."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Sit at a desktop in China."""
    return {**browser_context_args, "locale": "zh-CN", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(autouse=True)
def watched(context: BrowserContext) -> Iterator[None]:
    """Fail when a page asks for anything outside the site, raises, or writes an error to the console."""
    away: list[str] = []
    faults: list[str] = []
    here = ("http://localhost", "http://127.0.0.1", "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(here) else away.append(request.url))
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    context.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield
    assert (away, faults) == ([], [])


@pytest.fixture
def site(settings: Settings, release: Path, transactional_db: None, tmp_path: Path) -> None:  # noqa: F811 — the server's thread must see what the test wrote
    """Put the site on the small release, with a database that other threads see."""
    settings.EVENHAND_RELEASES = release
    settings.EVENHAND_DECISIONS = tmp_path / "decisions.jsonl"


@pytest.fixture
def address(live_server: LiveServer, site: None) -> str:
    """Address of the server."""
    return str(live_server.url)


@pytest.fixture
def logged_in(person: Person, context: BrowserContext, address: str) -> Callable[[str], None]:  # noqa: F811
    """Log one of the people in by cookie."""

    def log_in(name: str) -> None:
        cookies = person(name).cookies
        context.add_cookies([{"name": key, "value": morsel.value, "url": address} for key, morsel in cookies.items()])

    return log_in
