"""Looking: what other columns and other records say the code of a record is.

Every table of candidates has one row per record and candidate: record_id, code, way, told; none of them is confirmed yet.
"""

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.engine import Engine
from evenhand.identifiers import uscc
from evenhand.repair.mistyped import CODE_PATTERN, LENGTH, with_check_sign
from evenhand.repair.rules import Prefix
from evenhand.standards import EXTRACTS

__all__ = ["codes_of_subjects", "elsewhere", "from_parts", "raw_codes"]

_ALONE: Final = f"(?:^|[^0-9A-Z])({CODE_PATTERN})(?:[^0-9A-Z]|$)"


def raw_codes(extracts: Mapping[str, ir.Table]) -> ir.Table:
    """The code column as it came, where something shorter than a code stands in it: record_id, raw."""
    told = [t.filter(t.uscc_raw.length() < LENGTH).select("record_id", raw="uscc_raw") for kind, t in extracts.items() if _has_code(kind)]
    return ibis.union(*told, distinct=False) if len(told) > 1 else told[0]


def elsewhere(asked: ir.Table, extracts: Mapping[str, ir.Table], *, engine: Engine) -> ir.Table:
    """Codes that stand in another column of the same row (错列).

    Args:
        asked: record_id of the records asked about.
        extracts: extract tables by kind, as standardised.
        engine: saves the few rows of each kind, else every row of the extract would be searched before they are picked.
    """
    found = [_in_row(t, asked, kind, engine) for kind, t in extracts.items() if _has_code(kind)]
    return ibis.union(*found, distinct=False) if len(found) > 1 else found[0]


def _has_code(kind: str) -> bool:
    return EXTRACTS[kind].bears_subject and "uscc" in EXTRACTS[kind]


def _in_row(table: ir.Table, asked: ir.Table, kind: str, engine: Engine) -> ir.Table:
    titles = {f"{f.name}_raw": f.title for f in EXTRACTS[kind] if f.name != "uscc"} | {"extra": "其他列"}
    rows = engine.save(table.select("record_id", *titles).semi_join(asked, "record_id"))
    text = ibis.literal("｜").join([rows[name].fill_null("") for name in titles]).upper()
    rows = rows.mutate(code=text.re_extract(_ALONE, 1))
    rows = rows.filter(rows.code != "")
    where = ibis.cases(*[(rows[name].upper().contains(rows.code), ibis.literal(title)) for name, title in titles.items()], else_="")
    return rows.select("record_id", "code", way=ibis.literal("elsewhere"), told=ibis.literal("代码写在“") + where + ibis.literal("”栏"))


def codes_of_subjects(asked: ir.Table, codes: ir.Table, membership: ir.Table) -> ir.Table:
    """The code of the subject that each record was put to: record_id, code, link, evidence; none where a subject has two.

    Args:
        asked: record_id of the records asked about.
        codes: one row per code: code, and holder, a record that bears it and was not split off.
        membership: columns of `TABLES["membership"]`.
    """
    mine = membership.semi_join(asked, "record_id").select("record_id", "subject_id", link="rule", evidence="evidence")
    homes = membership.select("record_id", "subject_id").join(codes.select("code", record_id="holder"), "record_id")
    homes = homes.group_by("subject_id").agg(code=homes.code.min(), other=homes.code.max())
    return mine.join(homes.filter(homes.code == homes.other).select("subject_id", "code"), "subject_id").select(
        "record_id", "code", "link", "evidence"
    )


def from_parts(asked: ir.Table, *, prefixes: tuple[Prefix, ...]) -> ir.Table:
    """Codes put together from organisation code, division and the kind of name: what a code would be, never what it is.

    Args:
        asked: record_id, name, organisation_code, registration_no, county_code; the division is that of first registration, else the county.
        prefixes: which department and category a name speaks for.
    """
    first = asked.registration_no.re_search("^[0-9]{15}$").ifelse(asked.registration_no.left(6), ibis.null("string"))
    signs = ibis.cases(*[(asked.name.re_search(p.like), ibis.literal(p.signs)) for p in prefixes], else_=ibis.null("string"))
    body = signs + ibis.coalesce(first, asked.county_code) + asked.organisation_code
    rows = asked.filter(asked.organisation_code.re_search("^[0-9A-Z]{9}$")).select("record_id", body=body)
    rows = rows.filter(rows.body.notnull(), rows.body.length() == 17)  # noqa: PLR2004 — a code without its check sign
    told = ibis.literal("由登记管理部门和机构类别、区划、组织机构代码推算")
    rows = rows.mutate(code=with_check_sign(rows.body))
    return rows.filter(uscc.valid_column(rows.code)).select("record_id", "code", way=ibis.literal("parts"), told=told)
