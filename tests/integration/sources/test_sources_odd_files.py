"""Deliveries with odd names, marks and spans: what is there is read whole, each file once."""

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evenhand.engine import Engine
from evenhand.errors import BadInput
from evenhand.sources import Collected, collect, read_catalogue

SOURCE = '[[source]]\nname = "{}"\nkind = "filing"\ndelivery = 2026-06-30\nfiles = ["{}"]\n'
TEXT = "备案编号,名称\nYB1,甲\n"


def _collect(folder: Path, entry: str) -> tuple[Collected, list[dict[str, Any]]]:
    (folder / "sources.toml").write_text(entry, "utf-8")
    with Engine(scratch=folder / "scratch") as engine:
        found = collect(read_catalogue(folder / "sources.toml"), out=folder / "out", engine=engine)
    rows = pq.read_table(folder / "out" / "filing.parquet").to_pylist()
    return found, sorted(rows, key=lambda row: (row["file"], row["row"]))


def test_sources_whose_names_begin_alike_are_both_read(tmp_path: Path) -> None:
    name = "福州市鼓楼区市场监督管理局小餐饮备案台账"
    for file in "ab":
        (tmp_path / f"{file}.csv").write_text(TEXT, "utf-8")

    found, _ = _collect(tmp_path, SOURCE.format(f"{name}甲", "a.csv") + SOURCE.format(f"{name}乙", "b.csv"))

    assert found.kinds["filing"] == 2


def test_a_file_name_with_brackets_is_no_wildcard_when_the_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "台账[1].csv").write_text(TEXT, "utf-8")

    assert _collect(tmp_path, SOURCE.format("s", "台账[1].csv"))[0].files[0].file == "台账[1].csv"


def test_a_link_to_a_file_beside_it_is_read_once_and_told(tmp_path: Path) -> None:
    (tmp_path / "台账.csv").write_text(TEXT, "utf-8")
    (tmp_path / "最新.csv").symlink_to("台账.csv")
    (tmp_path / "a.csv").symlink_to("台账.csv")

    found, rows = _collect(tmp_path, SOURCE.format("s", "*.csv"))

    assert [row["file"] for row in rows] == ["台账.csv"]
    assert [warning.code for warning in found.files[0].warnings] == ["SRC-53", "SRC-53"]
    assert "最新.csv：与 台账.csv 是同一个文件" in "".join(found.files[0].notes)


@pytest.mark.parametrize("name", ["长" * 90, "夹夹夹/" * 300])
def test_a_name_no_system_accepts_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"SRC-05 .*每段不超过255字节"):
        _collect(tmp_path, SOURCE.format("s", f"{name}.csv"))


def test_a_bad_byte_marks_its_row_also_below_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + TEXT.encode() + "YB2,乙\n".encode() * 40 + b"YB3,\xe4\xb8\n")

    found, rows = _collect(tmp_path, SOURCE.format("s", "a.csv"))

    assert (found.files[0].rows, found.files[0].faults, rows[-1]["fault"]) == (43, {"undecodable": 1}, "undecodable")


def test_a_web_page_in_utf_16_is_known_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("<html><table><tr><th>备案编号<th>名称<tr><td>YB1<td>甲</table></html>", "utf-16")

    assert _collect(tmp_path, SOURCE.format("s", "a.xls"))[1][0]["name"] == "甲"


def test_a_table_within_a_cell_is_part_of_its_text_and_scripts_are_not(tmp_path: Path) -> None:
    page = (
        '<meta charset="undefined"><table><tr><th>备案编号<th>名称</tr><tr><td>YB1<script>var a = 1;</script></td>'
        "<td>甲<table><tr><td>内</td><td>店</td></tr></table>尾</td></tr></table>"
    )
    (tmp_path / "a.xls").write_text(page, "utf-8")

    _, rows = _collect(tmp_path, SOURCE.format("s", "a.xls"))

    assert [(row["licence_no"], row["name"]) for row in rows] == [("YB1", "甲 内 店 尾")]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_a_moment_with_a_zone_gives_its_day_in_china(tmp_path: Path, zone: str) -> None:
    moment = pa.array([dt.datetime(2024, 1, 4, 16, tzinfo=dt.UTC)], pa.timestamp("us", zone))
    pq.write_table(pa.table({"备案编号": ["YB1"], "名称": ["甲"], "备案日期": moment}), tmp_path / "a.parquet")

    _, rows = _collect(tmp_path, SOURCE.format("s", "a.parquet"))

    assert "2024-01-05" in {rows[0].get("filed_on"), rows[0].get("issued_on"), *str(rows[0]["extra"]).split('"')}
