"""Laws of standardising: cleaning twice changes nothing; raw text is untouched; schemas are as declared; order never matters."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine import Engine
from evenhand.rulebook import Pack, shipped_pack
from evenhand.standardise import identify, standardise_extract
from evenhand.standards import EXTRACTS, PROVENANCE, TABLES, Shape, raw_schema, standard_schema

NASTY: Final = [
    "", " ", "\u3000", "\ufeff", "\u200b", "无", "-", "NULL", "（）", "()", "((", "））", "，，", "A B C D", "a  b", "甲 乙", "甲\u00a0乙", "１２３", "①㎡", "⽼", "\ue000", "老王·店", "•", "ＮＵＬＬ", " 无 ",
    "12,000", "1,200万元", "50万", "3亩", "1E5", "-", "0", "00", "2023年1月5日", "二〇二三年十月十日", "44931", "长期", "138 0591 1234", "(0591)87654321", "0591-87654321转8", "350182", "鼓楼区", "闽侯县上街镇",
    "华大所", "所", "局", "市监所", "鼓楼区工商局", "派出所", "市场监督管理所", "91350100M000100Y43", "jy1350102 0000011", "是", "×", "餐饮服务经营者（批发）", "（批发）", "a\x00b", "\t\n", "，老王。", "。", "ｦ", "豈", "𠮷", "\U000f0001",
]  # fmt: skip
_SIGNS: Final = "无 -/（）()[]【】，,。.·•#0123456789一二十〇年月日号路街区市县省所局店甲乙AaＡ１\u3000\u00a0\u200b\ufeff\ue000⽼㎡①万元亩'"
EMPTY: Final = {"units": ("source", "field", "unit"), "codes": ("source", "field", "spelling", "code")}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(scratch=tmp_path_factory.mktemp("scratch"), threads=1, memory_gib=0.5) as session:
        yield session


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped_pack()


def _raw(kind: str, cells: list[str | None], **columns: Any) -> pa.Table:
    """A raw extract with each cell in every field."""
    size = len(cells)
    provenance = {
        "kind": [kind] * size,
        "source": ["甲"] * size,
        "file": ["a.csv"] * size,
        "sheet": [""] * size,
        "fault": [""] * size,
        "extra": [""] * size,
    }
    known = (
        provenance | {"record_id": [f"{kind}{n:04}" for n in range(size)], "row": list(range(size)), "delivery": [None] * size} | columns
    )
    schema = raw_schema(EXTRACTS[kind]).to_pyarrow()
    return pa.table({field.name: pa.array(known.get(field.name, cells), field.type) for field in schema}, schema=schema)


def _standard(engine: Engine, pack: Pack, raw: pa.Table) -> ibis.Table:
    small = {name: ibis.memtable(pa.table({column: pa.array([], pa.string()) for column in columns})) for name, columns in EMPTY.items()}
    return standardise_extract(ibis.memtable(raw), EXTRACTS[raw["kind"][0].as_py()], pack=pack, engine=engine, **small)


def _texts(engine: Engine, table: ibis.Table, kind: str) -> pa.Table:
    """Standard values as text, the way a clerk would retype them."""
    flags = {True: "是", False: "否", None: None}
    done = engine.arrow(table.order_by("record_id"))
    columns = {}
    for field in EXTRACTS[kind]:
        values = done[field.name].to_pylist()
        columns[field.name] = [flags[v] for v in values] if field.shape is Shape.FLAG else [None if v is None else str(v) for v in values]
    return _raw(kind, done["record_id"].to_pylist(), **columns)


def _twice(engine: Engine, pack: Pack, cells: list[str | None], *, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        once = _standard(engine, pack, _raw(kind, cells))
        texts = _texts(engine, once, kind)
        again = _texts(engine, _standard(engine, pack, texts), kind)
        assert again.to_pylist() == texts.to_pylist()


def test_cleaning_twice_changes_nothing_for_nasty_cells(engine, pack):
    _twice(engine, pack, NASTY, kinds=("operation_licence", "registration"))


@given(st.lists(st.one_of(st.text(_SIGNS, max_size=12), st.text(max_size=8)), min_size=150, max_size=300))
@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])
def test_cleaning_twice_changes_nothing(cells):
    cells = [cell.encode("utf-8", "ignore").decode() for cell in cells]
    with tempfile.TemporaryDirectory() as scratch, Engine(scratch=Path(scratch), threads=1, memory_gib=0.5) as session:
        _twice(session, shipped_pack(), cells, kinds=("operation_licence",))


def test_every_extract_keeps_its_rows_its_raw_text_and_its_schema(engine, pack):
    for kind, extract in EXTRACTS.items():
        raw = _raw(kind, NASTY)
        table = _standard(engine, pack, raw)
        done = engine.arrow(table.order_by("record_id"))

        assert table.schema() == standard_schema(extract), kind
        assert done.select([c.name for c in PROVENANCE]).to_pylist() == raw.select([c.name for c in PROVENANCE]).to_pylist()
        assert {name: done[f"{name}_raw"].to_pylist() for name in extract.names} == dict.fromkeys(extract.names, NASTY)


def test_every_row_of_every_kind_is_in_record_once(engine, pack):
    standard = {kind: engine.save(_standard(engine, pack, _raw(kind, NASTY[:12]))) for kind in EXTRACTS}
    record = identify(standard, pack=pack, engine=engine)

    assert record.schema() == TABLES["record"].schema
    assert sorted(engine.arrow(record)["record_id"].to_pylist()) == sorted(f"{kind}{n:04}" for kind in EXTRACTS for n in range(12))
