"""The key that signs sessions and forms: from the environment, or a file in the data folder that only its owner may read."""

import os
import secrets
from pathlib import Path

__all__ = ["secret_key"]

_FILE = "secret.key"


def secret_key(home: Path) -> str:
    """Return the signing key: `EVENHAND_SECRET_KEY`, else the file `secret.key` of the data folder, made on first use with mode 0600."""
    given = os.environ.get("EVENHAND_SECRET_KEY", "")
    return given or _kept(home / _FILE)


def _kept(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    if not file.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(64))
        try:
            os.link(fresh, file)  # refuses when another process was first: both then read the same key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text(encoding="ascii").strip()
