"""The governed data sets agree with themselves."""

import re

import ibis
import pyarrow as pa
import pytest

from evenhand.standards import ELEMENTS, EXTRACTS, PROVENANCE, TABLES, DataSet, Mask, mask_column, masked, raw_schema, standard_schema

NOTATION = re.compile(r"(an|a|n|d|dt)(\.\.)?\d+(,\d+)?|bl")


@pytest.mark.parametrize("name", ELEMENTS)
def test_forms_follow_the_notation_of_gb_t_19488(name: str):
    assert NOTATION.fullmatch(ELEMENTS[name].form)


@pytest.mark.parametrize("extract", EXTRACTS.values(), ids=EXTRACTS)
def test_keys_and_the_observed_day_are_fields_of_their_set(extract: DataSet):
    assert set(extract.key) <= set(extract.names)
    assert extract.observed in extract
    assert len(set(extract.names)) == len(extract.names)


@pytest.mark.parametrize("extract", EXTRACTS.values(), ids=EXTRACTS)
def test_the_standard_table_keeps_every_raw_text_beside_its_value(extract: DataSet):
    raw, standard = raw_schema(extract), standard_schema(extract)

    assert set(raw.names) < set(standard.names)
    assert [n for n in standard.names if n.endswith("_raw")] == [f"{n}_raw" for n in extract.names]
    assert [c.name for c in PROVENANCE] == list(standard.names[: len(PROVENANCE)])


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_ordered_by_their_own_columns(name: str):
    assert set(TABLES[name].order) <= set(TABLES[name].names)


def test_titles_of_one_extract_are_told_apart():
    for extract in EXTRACTS.values():
        assert len({field.title for field in extract}) == len(extract.fields), extract.name


@pytest.mark.parametrize("mask", Mask)
def test_scalar_and_column_hide_the_same(mask: Mask):
    values = ["张三", "欧阳小明", "13805911234", "0591-87654321", "5911234", "350102199001010016", "鼓楼区东街83号", "东街", "a", "", None]
    table = ibis.memtable(pa.table({"v": pa.array(values, pa.string())}))

    hidden = ibis.duckdb.connect().to_pyarrow(table.select(v=mask_column(table.v, mask)))["v"].to_pylist()

    assert hidden == [masked(value, mask) for value in values]
