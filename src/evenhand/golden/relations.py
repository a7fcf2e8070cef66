"""Relations: the head office of a branch, by the name that the branch bears (分支机构)."""

import re

import ibis
import ibis.expr.types as ir

from evenhand.golden.gathering import Gathered
from evenhand.golden.level_rules import BranchRules
from evenhand.golden.wording import filled
from evenhand.standards import TABLES

__all__ = ["relation_rows"]


def relation_rows(record: ir.Table, gathered: Gathered, subject: ir.Table, rules: BranchRules) -> ir.Table:
    """The table `relation`: one row per branch; `other_id` is NULL when no subject, or more than one, has the name of the head office.

    Args:
        record: one row per record, with matching form and branch part of the name.
        gathered: numbers of records and subjects.
        subject: the table `subject`: the chosen name decides.
        rules: `golden/levels.yaml`, `branch`.
    """
    forms = "|".join(map(re.escape, sorted(rules.legal_forms, key=lambda form: (-len(form), form))))
    named = record.filter(record.name_branch.notnull()).select("name", "name_match", "name_branch").distinct()
    branch = subject.select("subject_id", "name").join(named, "name")
    # The shortest beginning that is a name with a legal form; what follows is the branch part.
    branch = branch.mutate(head_name=branch.name_match.re_extract(f"^(.+?(?:{forms})).+$", 1).nullif(""))
    branch = branch.filter(branch.head_name.notnull())
    heads = branch.select("head_name").distinct()
    held = record.join(heads, record.name_match == heads.head_name).select("record_id", "head_name").join(gathered.numbers, "record_id")
    bearers = held.select("sid", "head_name").distinct().join(gathered.subjects, "sid").group_by("head_name")
    found = bearers.agg(head_count=ibis._.count(), head_id=ibis._.subject_id.min())
    rows = branch.left_join(found, "head_name")
    count = rows.head_count.fill_null(0)
    words = {"name_branch": rows.name_branch, "other_name": rows.head_name, "count": count}
    one = count == 1
    evidence = ibis.cases(
        (one, filled(rules.named.evidence, **words)), (count == 0, filled(rules.missing, **words)), else_=filled(rules.several, **words)
    )
    told = rows.mutate(
        kind=ibis.literal(rules.kind), other_name=rows.head_name, other_id=one.ifelse(rows.head_id, ibis.null("string")),
        rule=ibis.literal(rules.named.id), evidence=evidence, confidence=one.ifelse(ibis.literal(rules.named.confidence), ibis.null("float64")),
    )  # fmt: skip
    return told.select(*TABLES["relation"].names).cast(TABLES["relation"].schema)
