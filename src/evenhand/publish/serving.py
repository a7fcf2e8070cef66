"""The serving file: one read-only DuckDB file derived from a release, laid out for pages.

Subjects come sorted by place so that zone maps serve filters, and their place in the table (`rowid`) is the order of lists. What hangs on a
subject is sorted by subject so that its rows lie together. Source rows keep the order of the release, by record: a subject's few records
are named by `membership`, and zone maps find each of them. `gram` lists, for each pair of neighbouring characters of the names, the subjects
that have it, so that two characters find a name without any extension. `tagged` lists, for each tag, the places of its subjects in `subject`.

A finding lies with the office that answers for it now: the settled one of its subject; without a subject the one that its record names, in
the county of the record or else of that office.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

import duckdb

from evenhand.engine import publish_file
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS

__all__ = ["COMMON", "LAYOUT", "SERVING_FILE", "WEIGHED", "build_serving"]

SERVING_FILE: Final = "serving.duckdb"

COMMON: Final = 200_000
"""Above so many names, looking a pair up is dearer than reading all names: such pairs are only counted."""

WEIGHED: Final = (
    "kind", "source", "observed_on", "uscc", "uscc_state", "organisation_code", "registration_no", "name", "legal_person", "phone", "residence", "place",
    "place_key", "office",
)  # fmt: skip
"""Columns of `record` that the choice of values looks at; they lie beside the membership, so that one subject's are read at once."""

# ruff: noqa: S608 — the statements are put together from the names of our own tables
_STATEMENTS: Final = (
    "create table subject as select * from read_parquet($folder || '/subject.parquet') order by city_code nulls last, county_code nulls last, subject_id",
    f"""create table membership as select m.*, {", ".join(f"r.{name}" for name in WEIGHED)} from read_parquet($folder || '/membership.parquet') m
         join read_parquet($folder || '/record.parquet') r using (record_id) order by m.subject_id, m.record_id""",
    *(
        f"create table {t} as select * from read_parquet($folder || '/{t}.parquet') order by subject_id"
        for t in (
            "licence",
            "licence_period",
            "site",
            "site_move",
            "relation",
            "jurisdiction",
            "jurisdiction_vote",
            "reach",
            "trait",
            "ground",
            "grade",
        )
    ),
    """create table repair as select m.subject_id, p.* from read_parquet($folder || '/repair.parquet') p
         join membership m using (record_id) order by m.subject_id, p.record_id, p.rank, p.after""",
    """create table finding as select m.subject_id, case when s.subject_id is null then coalesce(w.county_code, a.county_code) else s.county_code end as county_code,
           case when s.subject_id is null then nullif(f.office, '') else s.office end as office, f.* exclude (office), w.file, w.sheet, w.row, r.price
         from read_parquet($folder || '/finding.parquet') f left join membership m using (record_id) left join subject s using (subject_id)
         left join reach r using (subject_id) left join (select record_id, county_code, file, sheet, row from read_parquet($folder || '/record.parquet')
                    where record_id in (select record_id from read_parquet($folder || '/finding.parquet'))) w using (record_id)
         left join (select agency, min(agency_code[:6]) as county_code from read_parquet($folder || '/agency.parquet') where agency is not null
                    group by agency having count(distinct agency_code[:6]) = 1) a on a.agency = f.office order by m.subject_id, f.rule""",
    """create table pair as select c.*, m.subject_id as between_id, a.price + b.price
           + case when m.subject_id is null or m.subject_id in (c.left_id, c.right_id) then 0 else coalesce(o.price, 0) end as price
         from read_parquet($folder || '/conflict.parquet') c join reach a on a.subject_id = c.left_id join reach b on b.subject_id = c.right_id
         left join membership m using (record_id) left join reach o on o.subject_id = m.subject_id""",
    *(
        f"create table {name} as select * from read_parquet($folder || '/{t}.parquet')"
        for name, t in (
            ("history", "history"),
            ("tag", "tag"),
            ("check_count", "check_count"),
            ("price", "price"),
            ("decision", "decision"),
            ("link_weight", "link_weight"),
            *((f"x_{k}", k) for k in EXTRACTS),
        )
    ),
    f"""create table gram as select g, count(*)::int as total, case when count(*) <= {COMMON} then list(n) end as subjects
         from (select n, unnest(list_transform(range(1, len(c)), lambda i: c[i] || c[i + 1])) as g
               from (select rowid as n, string_split(concat_ws(' ', name, former_names), '') as c from subject)) group by g order by g""",
    """create table tagged as select t.code, s.rowid as n from tag t join subject s using (subject_id) order by t.code, n""",
    "create index subject_by_id on subject(subject_id)",
    "create index subject_by_uscc on subject(uscc)",
    """create table facet as select city_code, county_code, office, status, uscc_state, forms, count(*)::int as total
         from subject group by all order by all""",
)

_DIVISION: Final = "create table division (code varchar, name varchar, level varchar, parent_code varchar, own boolean)"
LAYOUT: Final = sha256("\n".join((_DIVISION, *_STATEMENTS)).encode()).hexdigest()[:16]
"""Names the tables of the file: a program that asks other tables than the file holds must build the file anew."""


def build_serving(folder: Path, pack: Pack, *, threads: int = 2, memory_gib: float = 3.0) -> Path:
    """Build the serving file of the release in `folder` and return its path; an older one is replaced in one step."""
    partial = folder / f"{SERVING_FILE}.partial"
    partial.unlink(missing_ok=True)
    with duckdb.connect(str(partial), config={"threads": threads, "memory_limit": f"{memory_gib}GB", "temp_directory": str(folder / ".spill"),
                                              "preserve_insertion_order": "false"}) as con:  # fmt: skip
        con.execute(_DIVISION)
        for name in [one for one in ("divisions", "divisions_outside") if one in pack.lists]:
            listed = pack.codes(name).arrow()  # noqa: F841 — DuckDB reads it by its name in the next statement
            con.execute("insert into division select code, name, level, parent_code, ? from listed order by code", [name == "divisions"])
        for statement in _STATEMENTS:
            con.execute(statement, {"folder": str(folder)} if "$folder" in statement else None)
        con.execute("create table layout as select ? as digest", [LAYOUT])
        con.execute("checkpoint")
    (folder / ".spill").rmdir() if (folder / ".spill").is_dir() else None
    publish_file(partial, folder / SERVING_FILE)
    return folder / SERVING_FILE
