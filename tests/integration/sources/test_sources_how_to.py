"""The how-to "your own extract in five minutes" works as printed, in both languages."""

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evenhand.engine import Engine
from evenhand.sources import collect, read_catalogue
from evenhand.standards import EXTRACTS

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"


def _block(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (HOW_TO / page).read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("page", ["own-extract.zh-CN.md", "own-extract.md"])
def test_the_printed_catalogue_reads_the_printed_extract(tmp_path: Path, page: str) -> None:
    (tmp_path / "餐饮台账.csv").write_text(_block("own-extract.zh-CN.md", "csv"), "gb18030")
    (tmp_path / "sources.toml").write_text(_block(page, "toml"), "utf-8")

    with Engine(scratch=tmp_path / "scratch") as engine:
        found = collect(read_catalogue(tmp_path / "sources.toml"), out=tmp_path / "out", engine=engine)

    rows = pq.read_table(tmp_path / "out" / "operation_licence.parquet").sort_by("row").to_pylist()
    assert [(row["row"], row["name"], row["uscc"], row["extra"]) for row in rows] == [
        (3, "老王面馆", "92350102MA2XTE0T4B", '{"备注":"老街"}'),
        (4, "小李奶茶", None, None),
    ]
    assert (found.files[0].encoding, found.files[0].header_row, found.files[0].unknown) == ("gb18030", 2, ("备注",))


@pytest.mark.parametrize("page", ["own-extract.zh-CN.md", "own-extract.md"])
def test_every_kind_is_printed_with_the_columns_it_must_have(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", (HOW_TO / page).read_text("utf-8"), re.MULTILINE)

    assert {kind: re.findall(r"`(\w+)`", columns) for kind, columns in rows} == {
        kind: [field.name for field in one.fields if field.required] for kind, one in EXTRACTS.items()
    }
