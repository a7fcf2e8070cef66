"""The serving file: one read-only DuckDB file derived from a release, laid out for pages.

Subjects come sorted by place so that zone maps serve filters; every other table is sorted by subject so that one subject's rows lie
together. `gram` holds each pair of neighbouring characters of the names, sorted, so that two characters find a name without any extension.
"""

from pathlib import Path
from typing import Final

import duckdb

from evenhand.engine import publish_file
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS

__all__ = ["SERVING_FILE", "build_serving"]

SERVING_FILE: Final = "serving.duckdb"

# ruff: noqa: S608 — the statements are put together from the names of our own tables
_STATEMENTS: Final = (
    """create table subject as select row_number() over (order by city_code nulls last, county_code nulls last, subject_id)::int as n, *,
         concat_ws(' ', name, former_names) as search_text from read_parquet($folder || '/subject.parquet') order by n""",
    *(f"create table {t} as select * from read_parquet($folder || '/{t}.parquet') order by subject_id, record_id" for t in ("membership",)),
    *(
        f"create table {t} as select * from read_parquet($folder || '/{t}.parquet') order by subject_id"
        for t in ("licence", "site", "history")
    ),
    "create table place_of as select m.record_id, m.subject_id, s.county_code, s.name from membership m join subject s using (subject_id)",
    """create table finding as select p.subject_id, p.county_code, p.name, f.* from read_parquet($folder || '/finding.parquet') f
         left join place_of p using (record_id) order by p.subject_id, f.rule""",
    "create table check_count as select * from read_parquet($folder || '/check_count.parquet') order by all",
    "create table conflict as select * from read_parquet($folder || '/conflict.parquet') order by all",
    *(
        f"create table x_{kind} as select m.subject_id, x.* from read_parquet($folder || '/{kind}.parquet') x "
        f"join membership m using (record_id) order by m.subject_id, x.record_id"
        if extract.bears_subject
        else f"create table x_{kind} as select * from read_parquet($folder || '/{kind}.parquet') order by record_id"
        for kind, extract in EXTRACTS.items()
    ),
    """create table identity as select m.subject_id, r.record_id, r.kind, r.observed_on, r.uscc, r.uscc_state, r.name, r.place, r.office, r.county_code
         from read_parquet($folder || '/record.parquet') r join membership m using (record_id) order by m.subject_id, r.record_id""",
    "drop table place_of",
    """create table gram as select g, n from (select n, unnest(list_distinct(list_transform(range(1, len(search_text)), lambda i: search_text[i:i+1]))) as g
         from subject) order by g, n""",
    "create table gram_count as select g, count(*)::int as total from gram group by g order by g",
    "create index subject_by_id on subject(subject_id)",
    "create index subject_by_uscc on subject(uscc)",
    """create table facet as select city_code, county_code, office, status, uscc_state, forms, count(*)::int as total
         from subject group by all order by all""",
)


def build_serving(folder: Path, pack: Pack, *, threads: int = 2, memory_gib: float = 3.0) -> Path:
    """Build the serving file of the release in `folder` and return its path; an older one is replaced in one step."""
    partial = folder / f"{SERVING_FILE}.partial"
    partial.unlink(missing_ok=True)
    with duckdb.connect(str(partial), config={"threads": threads, "memory_limit": f"{memory_gib}GB", "temp_directory": str(folder / ".spill"),
                                              "preserve_insertion_order": "false"}) as con:  # fmt: skip
        divisions = pack.codes("divisions").arrow()  # noqa: F841 — DuckDB reads it by its name in the next statement
        con.execute("create table division as select code, name, level, parent_code from divisions order by code")
        for statement in _STATEMENTS:
            con.execute(statement, {"folder": str(folder)} if "$folder" in statement else None)
        con.execute("checkpoint")
    (folder / ".spill").rmdir() if (folder / ".spill").is_dir() else None
    publish_file(partial, folder / SERVING_FILE)
    return folder / SERVING_FILE
