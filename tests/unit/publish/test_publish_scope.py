"""Who may see what is part of every question; the pointer names a whole release or none."""

from pathlib import Path

import pytest

from evenhand.errors import BadInput
from evenhand.publish import Scope, current_name, point_to


@pytest.mark.parametrize("prefix", ["3", "35010", "3501022", "ab", "35a1"])
def test_a_prefix_that_is_no_level_is_refused(prefix: str):
    with pytest.raises(ValueError, match=prefix):
        Scope(prefix)


@pytest.mark.parametrize(
    ("scope", "level"),
    [
        (Scope.nothing(), "nothing"),
        (Scope("35"), "province"),
        (Scope("3501"), "city"),
        (Scope("350102"), "county"),
        (Scope("350102", office="华大所"), "office"),
    ],
)
def test_levels(scope: Scope, level: str):
    assert scope.level == level


def test_nobody_without_an_office_sees_anything():
    assert Scope.nothing().where("s") == ("false", [])


def test_no_pointer_means_no_release(tmp_path: Path):
    with pytest.raises(BadInput, match="还没有任何发布版"):
        current_name(tmp_path)


@pytest.mark.parametrize("name", ["../etc", "2026-06-30-zzzzzzzzzzzz", ""])
def test_a_pointer_to_anything_else_is_refused(name: str, tmp_path: Path):
    (tmp_path / "CURRENT").write_text(name, "utf-8")

    with pytest.raises(BadInput, match="PUB-01"):
        current_name(tmp_path)


def test_a_release_with_a_missing_table_is_refused(tmp_path: Path):
    name = "2026-06-30-0123456789ab"
    (tmp_path / name).mkdir()
    point_to(tmp_path, name)

    with pytest.raises(BadInput, match=r"manifest\.json"):
        current_name(tmp_path)
