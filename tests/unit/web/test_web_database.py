"""Addresses of databases."""

from pathlib import Path

import pytest

from evenhand.errors import BadInput
from evenhand.web.database import database, sqlite


def test_no_address_means_none() -> None:
    assert database("") is None


def test_a_socket_folder_in_the_query_is_the_host() -> None:
    found = database("postgresql://postgres:@/evenhand?host=/tmp/some%20where")

    assert found
    assert (found["NAME"], found["USER"], found["HOST"], found["OPTIONS"]) == ("evenhand", "postgres", "/tmp/some where", {})


def test_signs_in_name_and_password_are_read_back() -> None:
    found = database("postgres://a%40b:c%2Fd@db.example/e%20f")

    assert found
    assert (found["USER"], found["PASSWORD"], found["NAME"], found["HOST"], found["PORT"]) == ("a@b", "c/d", "e f", "db.example", "")


def test_a_sqlite_address_names_a_file() -> None:
    found = database("sqlite:////srv/evenhand/db.sqlite3")

    assert found == sqlite(Path("/srv/evenhand/db.sqlite3"))


def test_writers_of_sqlite_take_their_lock_at_once() -> None:
    assert sqlite(Path("db"))["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize("address", ["mysql://root@db/evenhand", "evenhand.sqlite3", "oracle://x"])
def test_an_unknown_kind_is_refused_with_what_is_allowed(address: str) -> None:
    with pytest.raises(BadInput, match="postgresql://"):
        database(address)
