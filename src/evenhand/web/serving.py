"""Serving: make the data folder ready, then run the server (上线运行)."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from evenhand.errors import BadInput, EvenhandError, Message, Problem

__all__ = ["open_records", "prepare", "serve", "work"]

_TAKEN = Message(
    "WEB-04",
    zh="地址 {host}:{port} 不能监听（{reason}）。请换一个端口（--port），或者先停止占用它的程序。",
    en="Cannot listen on {host}:{port} ({reason}). Choose another port (--port) or stop what occupies it.",
)
_STATION_OF = "350102"


def _environment(home: Path, releases: Path) -> None:
    os.environ["EVENHAND_HOME"] = str(home.resolve())
    os.environ["EVENHAND_RELEASES"] = str(releases.resolve())
    os.environ["EVENHAND_STATIC"] = "collected"
    os.environ["DJANGO_SETTINGS_MODULE"] = "evenhand.web.settings"


def open_records(home: Path, releases: Path) -> None:
    """Make the data folder and its database ready, so that models may be imported: the same ones that `serve` uses.

    Args:
        home: data folder; made when missing, readable by its owner only.
        releases: folder of releases.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    _environment(home, releases)
    import django  # noqa: PLC0415 — reads the environment set above
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def prepare(home: Path, releases: Path, *, demo: bool = False) -> list[tuple[str, str, str]]:
    """Migrate the database, collect the static files and, for the demo only, make its accounts.

    Args:
        home: data folder; made when missing, readable by its owner only.
        releases: folder of releases.
        demo: make one account per role, with a password everybody knows.

    Returns:
        One (role and area, username, password) per demo account; nothing without `demo`.
    """
    open_records(home, releases)
    from django.core.management import call_command  # noqa: PLC0415 — reads the environment set above

    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    if not demo:
        return []
    from evenhand.web.accounts.demo import create_demo_accounts  # noqa: PLC0415 — models may be imported only after the apps are loaded

    return create_demo_accounts(station=_a_station(releases))


def _a_station(releases: Path) -> str:
    """Return the office of the demo county that has the most subjects, or "" when the release has none."""
    from evenhand.publish import Scope, current_release  # noqa: PLC0415 — only the demo asks the release

    try:
        release = current_release(releases)
    except EvenhandError:
        return ""
    offices = release.overview(Scope(_STATION_OF))["offices"]
    return next((name for name, _ in offices if name.endswith("所")), "")


def serve(home: Path, releases: Path, *, host: str = "127.0.0.1", port: int = 8000, workers: int = 2, threads: int = 8) -> NoReturn:
    """Become the server: this process is replaced by gunicorn and ends with it.

    Replaced, not forked: a process that built a release holds the engine's threads, which a fork would break. A worker for background jobs is started
    beside it and ends with it.

    Raises:
        BadInput: WEB-04, the port is taken or may not be used.
    """
    _environment(home, releases)
    _check_free(host, port)
    names = dict.fromkeys(["localhost", "127.0.0.1", "[::1]", host, socket.gethostname()])
    os.environ.setdefault("EVENHAND_HOSTS", ",".join(names))
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    words = [
        sys.executable, "-m", "gunicorn", "evenhand.web.wsgi:application", "--bind", bind,
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads), "--keep-alive", "30",
        "--timeout", "60", "--graceful-timeout", "10", "--log-level", "warning", "--worker-tmp-dir", str(home.resolve()),
    ]  # fmt: skip
    sys.stdout.flush()
    sys.stderr.flush()
    worker = [sys.executable, "-m", "evenhand.cli", "worker", "--home", str(home), "--releases", str(releases), "--with", str(os.getpid())]
    subprocess.Popen(worker)  # noqa: S603 — no shell; every word is ours
    os.execv(sys.executable, words)  # noqa: S606 — no shell; every word is ours


def work(home: Path, releases: Path, *, parent: int | None = None) -> None:
    """Do background jobs until interrupted, or as long as the process `parent` is this one's parent."""
    _environment(home, releases)
    import django  # noqa: PLC0415 — reads the environment set above

    django.setup()
    from evenhand.web.jobs.working import work as work_on  # noqa: PLC0415 — models may be imported only after the apps are loaded

    work_on(parent=parent)


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise BadInput(Problem(_TAKEN, {"host": host, "port": port, "reason": fault.strerror})) from fault
