"""Every column expression can be written for Spark too: no function of one engine only."""

from types import ModuleType

import ibis
import pytest

from evenhand import identifiers

NUMBERS = [module for name in identifiers.__all__ if hasattr(module := getattr(identifiers, name), "reason_column")]


def test_all_twelve_numbers_are_asked() -> None:
    assert len(NUMBERS) == 12


@pytest.mark.parametrize("module", NUMBERS)
@pytest.mark.parametrize("name", ["clean_column", "reason_column", "valid_column", "warning_column"])
def test_column_expression_compiles_for_spark_as_for_duckdb(module: ModuleType, name: str) -> None:
    column = ibis.table({"n": "string"}, name="t").n

    expression = getattr(module, name)(column)

    assert "SELECT" in str(ibis.to_sql(expression, dialect="pyspark"))
    assert "SELECT" in str(ibis.to_sql(expression, dialect="duckdb"))


@pytest.mark.parametrize("module", NUMBERS)
def test_sister_modules_offer_the_same_functions_in_the_same_order(module: ModuleType) -> None:
    names = (
        "clean", "check", "is_valid", "reason", "show", "check_digit", "explain", "warnings", "build",
        "clean_column", "reason_column", "valid_column", "warning_column",
    )  # fmt: skip

    bound = [name for name in vars(module) if name in names]  # in the order of the file

    assert bound == list(names)
    assert set(names) <= set(module.__all__)
