"""Which database holds the working records: SQLite in the data folder, or PostgreSQL by its address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from evenhand.errors import BadInput, Message, Problem

__all__ = ["database", "sqlite"]

_UNKNOWN = Message(
    "WEB-01",
    zh="数据库地址以“{scheme}:”开头，本系统不认识。EVENHAND_DATABASE_URL 请写成 postgresql://用户:密码@主机/库名 或 sqlite:///文件。",
    en="Unknown database address “{scheme}:”. Set EVENHAND_DATABASE_URL to postgresql://user:password@host/name or sqlite:///file.",
)


def sqlite(file: Path) -> dict[str, Any]:
    """Return the settings of a SQLite file.

    Write transactions take their lock at once (IMMEDIATE): with Django's default, two writers that read first and write
    later fail with "database is locked". The test database is a file too: threads of one test share it.
    """
    pragmas = "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;PRAGMA cache_size=-64000;PRAGMA temp_store=MEMORY;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        "TEST": {"NAME": file.with_name(f"test-{file.name}")},
    }


def database(address: str) -> dict[str, Any] | None:
    """Return Django's settings for a database address, or None when there is no address.

    A PostgreSQL address may carry the folder of a Unix socket in its query (`?host=/run/postgresql`); other words of the query
    are handed on as options.

    Raises:
        BadInput: the address names a kind of database that is not known.

    >>> database("") is None
    True
    >>> found = database("postgresql://officer:p%40ss@db.example:5433/evenhand?sslmode=require")
    >>> found["HOST"], found["PORT"], found["PASSWORD"], found["OPTIONS"]
    ('db.example', '5433', 'p@ss', {'sslmode': 'require'})
    >>> database("postgresql://postgres:@/evenhand?host=/tmp/socket")["HOST"]
    '/tmp/socket'
    """
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path.removeprefix("/"))))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadInput(Problem(_UNKNOWN, {"scheme": parts.scheme}))
    words = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": words.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": words,
    }
