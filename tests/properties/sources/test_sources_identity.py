"""Laws of collecting: row order changes nothing but row numbers, and the same delivery gives the same bytes."""

import random
from pathlib import Path

import pyarrow.parquet as pq

from evenhand.engine import Engine
from evenhand.sources import collect, read_catalogue

HEADER = "名称,信用代码,住所,电话,备注"


def _collected(folder: Path, lines: list[str]) -> tuple[list[dict[str, object]], bytes]:
    (folder / "a.csv").write_text(HEADER + "\n" + "".join(f"{line}\n" for line in lines), "utf-8")
    (folder / "sources.toml").write_text(
        '[[source]]\nname = "登记"\nkind = "registration"\nfiles = ["a.csv"]\ndelivery = 2026-06-30\n', "utf-8"
    )
    with Engine(scratch=folder / "scratch") as engine:
        found = collect(read_catalogue(folder / "sources.toml"), out=folder / "out", engine=engine)
    assert found.kinds["registration"] == found.files[0].rows - found.files[0].above - found.files[0].blank
    path = folder / "out" / "registration.parquet"
    rows = pq.read_table(path).drop_columns(["row"]).to_pylist()
    return rows, path.read_bytes()


def test_row_order_changes_nothing_but_row_numbers(tmp_path: Path) -> None:
    lines = [f"店{n % 40},9135{n % 40},路{n % 7},,{'' if n % 3 else '注'}" for n in range(200)] + [
        "短,1",
        "短,1,,,",
        '"坏,2,3,4,5',
        "长,1,2,3,4,5",
        "",
        ",,,,",
    ]
    shuffled = random.Random(3).sample(lines, len(lines))
    (tmp_path / "x").mkdir()
    (tmp_path / "y").mkdir()

    assert _collected(tmp_path / "x", lines)[0] == _collected(tmp_path / "y", shuffled)[0]


def test_the_same_delivery_gives_the_same_bytes(tmp_path: Path) -> None:
    lines = [f"店{n},9135{n},路,,备注{n}" for n in range(300)]
    (tmp_path / "x").mkdir()
    (tmp_path / "y").mkdir()

    assert _collected(tmp_path / "x", lines)[1] == _collected(tmp_path / "y", lines)[1]
