"""The questions that a serving file answers, as text. Values are always bound; only the fixed parts below are put together."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from evenhand.publish.scope import Scope
from evenhand.publish.serving import COMMON, WEIGHED
from evenhand.publish.shapes import Search
from evenhand.standards import REACHES, OfficeState

__all__ = [
    "AGENCIES", "BRANCHES", "CHOICES", "DISPUTED", "DISPUTES", "DISPUTES_BY_PRICE", "DIVIDED", "DIVISIONS", "FACET", "FIND", "FINDINGS", "FORMS", "GRADES", "MEMBERS", "OF_SUBJECT", "PAIRS", "PAIRS_TOTAL", "PRICES", "QUALITY", "QUALITY_GROUPS",
    "REFERENCES", "REPAIRS", "ROWS", "SEARCH", "STRICTEST", "SUBJECT", "SUBJECTS", "TOTALS", "WEIGHED_RECORDS", "WEIGHTS", "agencies_where", "disputes_where", "findings_where", "office_scope", "pairs_where", "search_where",
]  # fmt: skip

TOTALS: Final = {
    "subjects": "select sum(total) from facet s where {where}",
    "records": "select sum(record_count) from subject s where {where}",
    "licences": "select sum(licence_count) from subject s where {where}",
    "sites": "select sum(site_count) from subject s where {where}",
    "findings": "select count(*) from finding s where s.outcome = 'fail' and {where}",
}
FACET: Final = {
    column: f"select {column} as value, sum(total) as total from facet s where {{where}} group by 1 order by 2 desc, 1"  # noqa: S608 — column from this list
    for column in ("status", "uscc_state", "office")
}
FORMS: Final = "select unnest(string_split(coalesce(forms, '未知'), '、')) as value, sum(total) as total from facet s where {where} group by 1 order by 2 desc, 1"
DIVIDED: Final = {
    name: f"""select s.{column} as code, coalesce(d.name, '未知') as name, sum(s.total) as total from facet s left join division d on d.code = s.{column}
    where {{where}} group by 1, 2 order by 1 nulls last"""  # noqa: S608 — column from this list
    for name, column in (("cities", "city_code"), ("counties", "county_code"))
}
CHOICES: Final = {
    "cities": "select distinct d.code, d.name from facet s join division d on d.code = s.city_code where {where} order by 1",
    "counties": "select distinct d.code, d.name, s.city_code as city from facet s join division d on d.code = s.county_code where {where} order by 1",
    "offices": "select distinct office as value from facet s where {where} and office is not null order by 1",
    "statuses": "select status as value from facet s where {where} and status is not null group by 1 order by sum(total) desc",
}
SEARCH: Final = """select s.subject_id, s.name, s.former_names, s.uscc, s.uscc_state, s.place, s.residence, d.name as county_name, s.office, s.forms, s.status, s.licence_count,
    s.record_count, s.finding_count, s.subject_type from subject s left join division d on d.code = s.county_code where {where} order by s.rowid limit ? offset ?"""
FIND: Final = """select distinct subject_id from (select subject_id from subject where subject_id = ? or uscc = ?
    union all select subject_id from licence where licence_no = ?)"""
SUBJECT: Final = """select s.*, d.name as county_name, c.name as city_name, t.name as town_name from subject s
    left join division d on d.code = s.county_code left join division c on c.code = s.city_code left join division t on t.code = s.town_code
    where s.subject_id = ? and {where}"""
OF_SUBJECT: Final = {
    "licences": "select * from licence where subject_id = ? order by valid_to desc nulls last, licence_no",
    "sites": "select * from site where subject_id = ? order by is_main desc, record_count desc, site_id",
    "periods": "select * from licence_period where subject_id = ? order by chain_id, chain_order",
    "moves": "select * from site_move where subject_id = ? order by moved_on, to_site_id",
    "relations": "select * from relation where subject_id = ? order by kind, other_name",
    "findings": "select * exclude (subject_id, county_code) from finding where subject_id = ? order by rule, record_id, field",
    "reach": "select * from reach where subject_id = ?",
    "offices": "select * from jurisdiction where subject_id = ? order by is_main desc, site_id",
    "office_votes": "select * from jurisdiction_vote where subject_id = ? order by site_id, weight desc, voter, office",
    "repairs": "select * exclude (subject_id) from repair where subject_id = ? order by record_id, rank, after",
    "tags": "select * exclude (subject_id) from tag where subject_id = ? order by code",
    "history": "select * from history where subject_id = ? order by field, chosen desc, last_seen desc nulls last, value",
}
BRANCHES: Final = "select s.subject_id, s.name, s.place, s.status from relation r join subject s using (subject_id) where r.other_id = ? and {where} order by s.name, 1"
MEMBERS: Final = "select record_id, rule, score, evidence, observed_on, kind from membership where subject_id = ? order by record_id"
WEIGHED_RECORDS: Final = f"select record_id, {', '.join(WEIGHED)} from membership where subject_id = ? order by record_id"  # noqa: S608 — our own columns
WEIGHTS: Final = "select * from link_weight where record_id in ({marks}) order by record_id, part_order"
ROWS: Final = "select * from x_{kind} where record_id in ({marks}) order by source, delivery, file, sheet, row"
"""Rows of one kind by their records; written out, because zone maps serve a list of values and not a subquery."""
QUALITY: Final = """select {group}, dimension, sum(passed)::bigint as passed, sum(failed)::bigint as failed, sum(unknown)::bigint as unknown,
    sum(skipped)::bigint as skipped, sum(findings)::bigint as findings
    from (select rule, dimension, kind, source, office, passed, failed, unknown, skipped, 0 as findings from check_count s where {where}
          union all select s.rule, d.dimension, s.kind, s.source, s.office, 0, 0, 0, 0, 1 from finding s
          join (select distinct rule, dimension from check_count) d using (rule) where s.outcome = 'fail' and {found}) s group by all order by all"""
"""Checks of the rows that name an office (`where`), beside the findings that an office answers for now (`found`).

The answers of a row are counted before anyone knows its subject, so what passed can only be told by the office that the row names; a share
needs both sides counted alike. The findings are kept row by row and lie where `finding` says.
"""
QUALITY_GROUPS: Final = {
    "rule": "rule",
    "source": "source, kind",
    "office": "case when s.office in (select agency from x_agency) then s.office else '' end as office",
}
FINDINGS: Final = """select f.*, n.name from
    (select s.subject_id, s.rule, s.record_id, s.kind, s.source, s.office, s.field, s.outcome, s.severity, s.value, s.proposal, s.reason, s.confidence, s.file, s.sheet, s.row, s.price
     from finding s where {where} order by s.price desc nulls last, s.rule, s.subject_id nulls last, s.record_id, s.field limit ? offset ?) f left join subject n using (subject_id)
    order by f.price desc nulls last, f.rule, f.subject_id nulls last, f.record_id, f.field"""
PRICES: Final = f"""select item, rule, sum(subjects)::bigint as subjects, {", ".join(f"sum({r.name})::bigint as {r.name}" for r in REACHES)}, sum(price)::bigint as price
    from price s where {{where}} group by all order by price desc, item, rule"""  # noqa: S608 — columns of the standard
PAIRS: Final = """select p.* from pair p join subject l on l.subject_id = p.left_id join subject r on r.subject_id = p.right_id where {where}
    order by p.price desc, p.rule, p.left_id, p.right_id limit ? offset ?"""
PAIRS_TOTAL: Final = (
    "select count(*) as n from pair p join subject l on l.subject_id = p.left_id join subject r on r.subject_id = p.right_id where {where}"
)
REPAIRS: Final = """select p.*, r.price from repair p join subject s using (subject_id) left join reach r using (subject_id) where {where}
    order by r.price desc nulls last, p.record_id limit ? offset ?"""

DISPUTES: Final = """select j.*, s.name, t.place, {inside} as inside from jurisdiction j join subject s using (subject_id) left join site t using (site_id)
    where {where} order by j.due_on nulls last, j.county_code nulls last, j.subject_id, j.site_id nulls first limit ? offset ?"""


DIVISIONS: Final = """select d.code, d.level, case d.level when 'county' then concat(p.name, d.name) else d.name end as area
    from division d left join division p on p.code = d.parent_code where d.own and d.level in ('province', 'prefecture', 'county') order by 1"""
AGENCIES: Final = "select distinct agency from x_agency s where {where} and agency is not null order by 1"
DISPUTED: Final = f"j.state = '{OfficeState.DISPUTED.value}'"
DISPUTES_BY_PRICE: Final = """select j.*, t.place, r.price from jurisdiction j left join site t using (site_id) left join reach r on r.subject_id = j.subject_id
    where {where} order by r.price desc nulls last, j.subject_id, j.site_id nulls first limit ? offset ?"""
SUBJECTS: Final = "select s.* from subject s where s.subject_id in ({marks}) and {where}"
REFERENCES: Final = """select distinct reference from (select record_id as reference, subject_id from membership where record_id in (select unnest(?))
    union all select uscc, subject_id from subject where uscc in (select unnest(?))) join subject s using (subject_id) where {where}"""


def search_where(
    search: Search, scope: Scope, rarest: Callable[[Sequence[str]], list[tuple[str, int]]], *, on: date
) -> tuple[str, list[object]]:
    """Return the condition of a search inside a scope, with its values. `on`: day of the grades asked for."""
    base, scoped = scope.where("s")
    parts, values = [f"({base})"], list[object](scoped)
    for column, value in (
        ("city_code", search.city),
        ("county_code", search.county),
        ("office", search.office),
        ("status", search.status),
        ("uscc_state", search.uscc_state),
    ):
        if value:
            parts.append(f"s.{column} = ?")
            values.append(value)
    if search.form:
        parts.append("list_contains(string_split(s.forms, '、'), ?)")
        values.append(search.form)
    if search.grade or search.model:
        graded, known = _graded_where(search)
        parts.append(f"s.subject_id in ({graded})")
        values += [on, on, *known]
    if search.also:
        parts.append(f"({search.also.sql})")
        values += search.also.values
    text = search.text.strip()
    if text.isascii() and len(text) >= 4 and text.isalnum():  # noqa: PLR2004 — shorter texts are parts of names
        number = text.upper()
        parts.append(
            "(starts_with(s.uscc, ?) or s.subject_id = ? or s.subject_id in (select subject_id from licence where starts_with(licence_no, ?)))"
        )
        values += [number, text, number]
    elif text:
        for gram, total in rarest([text[i : i + 2] for i in range(len(text) - 1)])[:2]:
            if total <= COMMON:
                parts.append("s.rowid in (select unnest(subjects) from gram where g = ?)")
                values.append(gram)
        parts.append("(contains(s.name, ?) or contains(s.former_names, ?))")
        values += [text, text]
    return " and ".join(parts), values


def office_scope(scope: Scope) -> tuple[str, list[object]]:
    """Return the condition that keeps the counts of the offices inside a scope, as the rows name them."""
    if scope.level in {"nothing", "province"}:
        return ("true" if scope.prefix else "false"), []
    if scope.office:
        return "s.office = ?", [scope.office]
    return "s.office in (select agency from x_agency where starts_with(agency_code, ?))", [scope.prefix]


def agencies_where(scope: Scope) -> tuple[str, list[object]]:
    """Return the condition on the list of agencies that keeps those inside a scope."""
    if scope.office:
        return "s.agency = ?", [scope.office]
    return ("starts_with(s.agency_code, ?)", [scope.prefix]) if scope.prefix else ("false", [])


def pairs_where(scope: Scope) -> tuple[str, list[object]]:
    """Return the condition of the pairs both of whose subjects lie inside a scope: whoever sees only one must not learn of the other."""
    (left, ours), (right, theirs) = scope.where("l"), scope.where("r")
    return f"{left} and {right}", [*ours, *theirs]


def disputes_where(scope: Scope) -> tuple[str, list[object]]:
    """Return the condition of the disputes that a scope takes part in: those about its places and those in which one of its offices is named."""
    disputed = DISPUTED
    if scope.level in {"nothing", "province"}:
        return (disputed if scope.prefix else "false"), []
    if scope.office:
        return f"{disputed} and ? in (j.office, j.rival)", [scope.office]
    here, values = scope.where("j")
    ours = "(select agency from x_agency where starts_with(agency_code, ?))"
    return f"{disputed} and ({here} or j.office in {ours} or j.rival in {ours})", [*values, scope.prefix, scope.prefix]


def findings_where(scope: Scope, *, outcome: str, rule: str, source: str, office: str) -> tuple[str, list[object]]:
    """Return the condition of a list of findings that the offices inside a scope answer for now, with its values."""
    base, scoped = scope.where("s")
    parts, values = [f"({base})"], list[object](scoped)
    for column, value in (("outcome", outcome), ("rule", rule), ("source", source), ("office", office)):
        if value:
            parts.append(f"s.{column} = ?")
            values.append(value)
    return " and ".join(parts), values


_STANDS: Final = "g.known_to is null and g.begins_on <= ? and (g.ends_on is null or g.ends_on > ?)"
_FOOD: Final = "g.model <> 'credit'"
GRADES: Final = f"""select g.model, g.grade, count(*)::int as total from grade g join subject s using (subject_id)
    where {_STANDS} and {{where}} group by all order by all"""  # noqa: S608 — fixed parts
"""Subjects by model and grade on a day."""
STRICTEST: Final = f"""select grade, office, county_code, count(*)::int as total
    from (select max(g.grade) as grade, s.office, s.county_code from grade g join subject s using (subject_id)
          where {_STANDS} and {_FOOD} and {{where}} group by g.subject_id, s.office, s.county_code) group by all order by all"""  # noqa: S608 — fixed parts
"""Subjects by their strictest grade of the food models, office and county on a day: each subject once."""


def _graded_where(search: Search) -> tuple[str, list[object]]:
    """Return the question for the subjects that have a grade on a day: of one model, or as the strictest of the food models."""
    asked: list[object] = [*([search.model] if search.model else []), *([search.grade] if search.grade else [])]
    if search.model:
        return f"select g.subject_id from grade g where {_STANDS} and g.model = ?{' and g.grade = ?' if search.grade else ''}", asked  # noqa: S608 — fixed parts
    return f"select g.subject_id from grade g where {_STANDS} and {_FOOD} group by 1 having max(g.grade) = ?", asked  # noqa: S608 — fixed parts
