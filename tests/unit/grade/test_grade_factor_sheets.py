"""What a business stated of its risk factors counts from its latest sheet, and only what it stated."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from evenhand.engine import Engine, open_engine
from evenhand.grade.gathering import NEEDED, build_traits
from evenhand.standards import EXTRACTS, TABLES, standard_schema

ASOF = date(2026, 6, 30)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One session for all."""
    with open_engine("duckdb", scratch=tmp_path_factory.mktemp("sheets"), memory_gib=1.0) as opened:
        yield opened


def traits(engine: Engine, sheets: list[dict[str, Any]]) -> dict[str, Any]:
    """What is known of the one subject S1 whose sheets these are, one record each."""
    rows: dict[str, list[dict[str, Any]]] = {
        "subject": [{"subject_id": "S1", "name": "示例超市"}],
        "factor_sheet": [{"record_id": f"R{n}", **sheet} for n, sheet in enumerate(sheets)],
        "membership": [{"record_id": f"R{n}", "subject_id": "S1"} for n, _ in enumerate(sheets)],
    }
    schemas = {name: (standard_schema(EXTRACTS[name]) if name in EXTRACTS else TABLES[name].schema).to_pyarrow() for name in NEEDED}
    tables = {name: engine.table(pa.Table.from_pylist(rows.get(name, []), schema=schema)) for name, schema in schemas.items()}
    [found] = engine.arrow(build_traits(tables, moves_months=12, asof=ASOF, engine=engine)).to_pylist()
    return found


def test_the_latest_sheet_counts(engine: Engine) -> None:
    found = traits(
        engine, [{"filled_on": date(2026, 3, 1), "sku_bulk": 120, "suppliers": 60}, {"filled_on": date(2025, 3, 1), "sku_bulk": 10}]
    )

    assert (found["sku_reported"], found["sku_bulk"], found["suppliers"]) == ("true", Decimal(120), Decimal(60))


def test_a_variety_that_was_not_filled_in_stays_unknown(engine: Engine) -> None:
    found = traits(engine, [{"filled_on": date(2026, 3, 1), "sku_bulk": 0}])

    assert (found["sku_reported"], found["sku_bulk"], found["sku_packed"]) == ("true", Decimal(0), None)


def test_a_sheet_of_a_maker_of_health_food_reports_no_varieties(engine: Engine) -> None:
    found = traits(engine, [{"filled_on": date(2026, 3, 1), "health_material": "提取物", "health_storage": "常温"}])

    assert (found["sku_reported"], found["health_material"], found["health_storage"]) == (None, "提取物", "常温")


def test_a_sheet_without_a_day_does_not_count(engine: Engine) -> None:
    assert traits(engine, [{"filled_on": None, "sku_bulk": 5}])["sku_reported"] is None
