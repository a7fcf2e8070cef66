"""Fixtures of the integration tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from web_fixtures import django_db_modify_db_settings, person, release, site  # noqa: F401 — shared with the browser tests


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of tests that run on both databases."""
    config.addinivalue_line("markers", "web: needs Django and a database; runs on SQLite and on PostgreSQL")
