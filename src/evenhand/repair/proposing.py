"""Proposing: candidates from everywhere, confirmed, named by a rule, ranked."""

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from evenhand.decisions import Decisions, no_decisions
from evenhand.engine import Engine
from evenhand.repair.looking import codes_of_subjects, elsewhere, from_parts, raw_codes
from evenhand.repair.mistyped import candidates_of_text
from evenhand.repair.rules import METHODS, RepairRule, RepairRules, read_repair_rules
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, TABLES

__all__ = ["NEEDED", "propose"]

_KINDS: Final = tuple(kind for kind, extract in EXTRACTS.items() if extract.bears_subject)
NEEDED: Final = tuple(kind for kind in _KINDS if "uscc" in EXTRACTS[kind])
"""Extract tables that `propose` reads."""
_OPEN: Final = ("wrong", "empty")
_MOST: Final = 3
_ALONE: Final = ("namesake", "parts")


def propose(
    record: ir.Table,
    membership: ir.Table,
    extracts: Mapping[str, ir.Table],
    *,
    pack: Pack,
    engine: Engine,
    decisions: Decisions | None = None,
) -> ir.Table:
    """Propose the codes that records without a right one must have (代码修复).

    Args:
        record: one row per row of every delivery, columns of `TABLES["record"]`.
        membership: which subject each record was put to, columns of `TABLES["membership"]`.
        extracts: the tables of `NEEDED` as standardised: other columns of the same row.
        pack: its `repair/codes.yaml` holds the rules with their measured precision.
        engine: saves what is used twice.
        decisions: what people decided; none when not given.

    Returns:
        Columns of `TABLES["repair"]`: one row per record and proposal, at most three that stand per record.

    Raises:
        BadInput: the pack's repair rules are missing or bad.
    """
    rules, decisions = read_repair_rules(pack), decisions or no_decisions()
    asked = engine.save(_asked(record, decisions, rules, engine))
    held = _held(record.filter(record.kind.isin(_KINDS)), decisions, rules, engine)
    found = _found(asked, held, membership, extracts, rules, engine)
    confirmed = engine.save(_confirmed(found, asked, held, rules))
    guessed = _guessed(asked.anti_join(confirmed, "record_id"), held, rules, engine)
    told = engine.save(ibis.union(_judged(confirmed, rules), _judged(guessed, rules), distinct=False))
    return _worded(_ranked(told, decisions, rules, engine), asked, extracts)


def _compared(rules: RepairRules) -> list[str]:
    return sorted({*rules.agree, "name_match", "organisation_code", "registration_no"})


def _asked(record: ir.Table, decisions: Decisions, rules: RepairRules, engine: Engine) -> ir.Table:
    """Records without a right code, and those whose code a person settled (kinds that bear no subject have no state)."""
    rows = record.filter(record.uscc_state.isin(_OPEN))
    if decisions.codes.num_rows:
        settled = engine.table(decisions.codes)
        rows = record.filter(record.uscc_state.isin(_OPEN) | record.record_id.isin(settled.record_id))
    return rows.select("record_id", "uscc", "uscc_state", *sorted({*_compared(rules), "name", "county_code"}))


def _held(bearing: ir.Table, decisions: Decisions, rules: RepairRules, engine: Engine) -> ir.Table:
    """Records with a code that passes both check signs, or that a person settled: record_id, code, witness and what is compared."""
    own = bearing.filter(bearing.uscc_state == "valid").mutate(code=bearing.uscc)
    if decisions.codes.num_rows:
        settled = engine.table(decisions.codes).select(settled_id="record_id", settled_code="code")
        whole = bearing.left_join(settled, bearing.record_id == settled.settled_id)
        code = whole.settled_code.coalesce((whole.uscc_state == "valid").ifelse(whole.uscc, ibis.null("string")))
        own = whole.mutate(code=code).filter(ibis._.code.notnull())
    # A record that people split off its subject, or whose code they refused, confirms nothing.
    if decisions.units.num_rows:
        own = own.anti_join(engine.table(decisions.units), "record_id")
    if decisions.forbidden.num_rows:
        own = own.anti_join(engine.table(decisions.forbidden), ["record_id", "code"])
    # The register speaks before other records; then the smallest record, so that the witness is always the same.
    witness = (own.kind == "registration").ifelse(ibis.literal("0"), ibis.literal("1")) + own.record_id + ibis.literal("｜") + own.source
    return own.select("record_id", "code", *_compared(rules), witness=witness)


def _found(
    asked: ir.Table, held: ir.Table, membership: ir.Table, extracts: Mapping[str, ir.Table], rules: RepairRules, engine: Engine
) -> ir.Table:
    """One row per record and candidate that some record bears: record_id, code, way, told, link, evidence."""
    codes = held.group_by("code").agg(holder=ibis._.witness.min())
    codes = engine.save(codes.mutate(holder=codes.holder.substr(1).split("｜")[0]))
    wrong = asked.filter(asked.uscc_state == "wrong").select("record_id", text="uscc")
    typed = engine.save(candidates_of_text(wrong, codes, confusable=rules.confusable, engine=engine).semi_join(codes, "code"))
    put = engine.save(codes_of_subjects(asked.select("record_id"), codes, membership))
    # The rest of the row, dozens of columns, is read only for records that nothing else speaks for.
    spoken = ibis.union(typed.select("record_id"), put.select("record_id"), distinct=False)
    silent = engine.save(asked.select("record_id").anti_join(spoken, "record_id"))
    beside = elsewhere(silent, extracts, engine=engine).semi_join(codes, "code")
    seen = ibis.union(typed, beside.select(*typed.columns), distinct=False)
    order = ibis.cases(*[(seen.way == way, n) for n, way in enumerate(METHODS)], else_=len(METHODS)).cast("int8")
    seen = seen.mutate(order=order).group_by("record_id", "code").agg(way=ibis._.way.argmin(ibis._.order), told=ibis._.told.min())
    both = seen.outer_join(put, ["record_id", "code"])
    return engine.save(
        both.select(
            id=ibis.row_number().over(ibis.window()), record_id=both.record_id.coalesce(both.record_id_right), code=both.code.coalesce(both.code_right),
            way="way", told="told", link="link", evidence="evidence",
        )
    )  # fmt: skip


def _sides(asked: ir.Table, held: ir.Table, rules: RepairRules) -> tuple[ir.Table, ir.Table]:
    """What is compared, on the side of the records asked about and on that of records with a code."""
    mine = asked.select("record_id", mine="name_match", **{f"mine_{n}": asked[c] for n, c in enumerate(rules.agree)})
    return mine, held.select("code", "witness", their="name_match", **{f"their_{n}": held[c] for n, c in enumerate(rules.agree)})


def _agreed(pairs: ir.Table, rules: RepairRules) -> dict[str, ir.Value]:
    """Of pairs of a record and a record with a code: the witness, and per compared column whether any agrees."""
    agreed = {f"agree_{n}": (pairs[f"mine_{n}"] == pairs[f"their_{n}"]).fill_null(False).max() for n in range(len(rules.agree))}  # noqa: FBT003
    return {"witness": pairs.witness.min(), **agreed}


def _confirmed(found: ir.Table, asked: ir.Table, held: ir.Table, rules: RepairRules) -> ir.Table:
    """Candidates with who confirms them and which columns agree with some record of that code: adds witness, agree_0 and so on."""
    mine, theirs = _sides(asked, held, rules)
    pairs = found.select("id", "record_id", "code").join(mine, "record_id").join(theirs, "code")
    met = pairs.group_by("id").agg(**_agreed(pairs, rules))
    return found.join(met, "id").drop("id")


def _guessed(left: ir.Table, held: ir.Table, rules: RepairRules, engine: Engine) -> ir.Table:
    """Candidates of records for which nothing was found: few namesakes, else the code put together from parts (which nobody confirms)."""
    left = engine.save(left)
    null = ibis.null("string")
    mine, theirs = _sides(left, held, rules)
    pairs = mine.join(theirs, mine.mine == theirs.their)
    named = engine.save(pairs.group_by("record_id", "code").agg(**_agreed(pairs, rules)))
    total = named.group_by("record_id").agg(total=named.count())
    named = named.semi_join(total.filter(total.total <= rules.most_namesakes), "record_id")
    named = named.mutate(way=ibis.literal("namesake"), told=ibis.literal("与同名主体的代码对照"))
    parts = from_parts(left.anti_join(named, "record_id"), prefixes=rules.prefixes)
    parts = parts.mutate(witness=null, **{f"agree_{n}": ibis.literal(value=False) for n in range(len(rules.agree))})
    return ibis.union(named, parts.select(*named.columns), distinct=False).mutate(link=null, evidence=null)


def _fits(rows: ir.Table, rule: RepairRule) -> ir.BooleanValue:
    asked = [rows.agreeing >= rule.agreeing]
    # The guesses are a way of their own; every other rule may be told by the subject alone.
    asked.append(rows.way.isin(rule.ways) if rule.ways else rows.way.isnull() | rows.way.notin(_ALONE))
    if rule.link:
        asked.append(rows.link.notnull() if rule.link is True else rows.link.isin(rule.link))
    return ibis.and_(*asked).fill_null(False)  # noqa: FBT003 — Ibis takes it by position


def _judged(rows: ir.Table, rules: RepairRules) -> ir.Table:
    """Candidates with the first rule that fits: order, agreeing, agreed (in words); those that fit none are left out."""
    agreed = [rows[f"agree_{n}"] for n in range(len(rules.agree))]
    words = ibis.literal("").join(
        [a.ifelse(ibis.literal(f"、{word}"), ibis.literal("")) for a, word in zip(agreed, rules.agree.values(), strict=True)]
    )
    rows = rows.mutate(agreeing=sum((a.cast("int64") for a in agreed), ibis.literal(0, "int64")), agreed=words.substr(1))
    order = ibis.cases(*[(_fits(rows, rule), n) for n, rule in enumerate(rules.rules)], else_=None).cast("int64")
    rows = rows.mutate(order=order)
    return rows.filter(rows.order.notnull()).select(
        "record_id", "code", "order", "agreeing", "agreed", "told", "link", "evidence", "witness"
    )


def _ranked(told: ir.Table, decisions: Decisions, rules: RepairRules, engine: Engine) -> ir.Table:
    """Proposals in their order, with rule, title, confidence and state; what people settled or refused stands apart."""
    null = ibis.null("string")
    settled = engine.table(decisions.codes)
    refused = engine.table(decisions.forbidden).group_by(no_record="record_id", no_code="code").agg(no=ibis._.decision.min())
    rows = told.left_join(refused, [told.record_id == refused.no_record, told.code == refused.no_code]).drop("no_record", "no_code")
    rows = _placed(rows.anti_join(settled, "record_id"), engine)

    def of_rule(values: list[ir.Value], other: ir.Value) -> ir.Value:
        return ibis.cases(*[(rows.order == n, value) for n, value in enumerate(values)], else_=other)

    sure = [ibis.literal(str(r.confidence)).cast("float64") for r in rules.rules]  # from text every engine reads the nearest number
    own = of_rule(sure, ibis.literal(0.0))
    best = ibis.cases(*[(rows.best == n, value) for n, value in enumerate(sure)], else_=ibis.literal(0.0))
    # Only one of them can be right: those behind share what the first leaves.
    confidence = (rows["rank"] == 1).ifelse(own, ibis.least(own, 1 - best))
    automatic = rows.order.isin([n for n, r in enumerate(rules.rules) if rules.automatic(r)] or [-1])
    hint = rows.order.isin([n for n, r in enumerate(rules.rules) if "parts" in r.ways] or [-1])
    state = ibis.cases(
        (rows.no.notnull(), "rejected"), (hint, "hint"), (automatic & (rows["rank"] == 1) & (rows.standing == 1), "auto"), else_="review"
    )
    rows = rows.select(
        "record_id", "code", "told", "agreed", "link", "evidence", "witness", "no", rank=rows["rank"].cast("int64"),
        rule=of_rule([ibis.literal(r.id) for r in rules.rules], ibis.literal("")), title=of_rule([ibis.literal(r.title) for r in rules.rules], ibis.literal("")),
        confidence=rows.no.notnull().ifelse(ibis.literal(0.0), confidence), state=state,
    )  # fmt: skip
    decided = settled.select(
        "record_id", "code", told=null, agreed=null, link=null, evidence=null, witness=null, no=settled.decision, rank=ibis.literal(1, "int64"),
        rule=ibis.literal(rules.decided.id), title=ibis.literal(rules.decided.title), confidence=ibis.literal(1.0), state=ibis.literal("decided"),
    )  # fmt: skip
    return ibis.union(rows, decided.select(*rows.columns), distinct=False)


def _placed(rows: ir.Table, engine: Engine) -> ir.Table:
    """Add rank from 1 (refused ones last), best (the order of the first), standing (how many are not refused); beyond the most, none.

    Nearly every record has one candidate: only the others are put in order.
    """
    counts = rows.group_by("record_id").agg(total=rows.count())
    many = engine.save(counts.filter(counts.total > 1).select("record_id"))
    one = rows.anti_join(many, "record_id")
    one = one.mutate(rank=ibis.literal(1, "int64"), best=ibis._.order, standing=ibis._.no.isnull().cast("int64"))
    some = rows.semi_join(many, "record_id").mutate(refused=ibis._.no.notnull())
    by = {"group_by": "record_id", "order_by": ["refused", "order", ibis.desc("agreeing"), "code"]}
    some = some.mutate(
        rank=ibis.row_number().over(**by) + 1,
        best=some.order.first().over(**by),
        standing=(~some.refused).cast("int64").sum().over(group_by="record_id"),
    )
    some = some.filter((some["rank"] <= _MOST) | some.refused)
    return engine.save(ibis.union(one, some.select(*one.columns), distinct=False))


def _worded(ranked: ir.Table, asked: ir.Table, extracts: Mapping[str, ir.Table]) -> ir.Table:
    """The rows of `TABLES["repair"]`: the text as it came beside what is proposed, and the evidence in one sentence."""
    raw = raw_codes(extracts).semi_join(asked.filter(asked.uscc_state != "wrong"), "record_id").rename(raw_id="record_id")
    was = asked.select("record_id", text="uscc")
    rows = ranked.join(was, "record_id")
    rows = rows.left_join(raw, rows.record_id == raw.raw_id)
    where = ibis.cases((rows.witness.startswith("0"), "市场主体登记"), (rows.witness.notnull(), "其他来源"), else_="")
    parts = rows.witness.substr(1).split("｜")
    told = [
        rows.no.notnull().ifelse(ibis.literal("人工认定：") + rows.no, ibis.literal("")),
        rows.told.notnull().ifelse(ibis.literal("；") + rows.told, ibis.literal("")),
        rows.link.notnull().ifelse(
            ibis.literal("；已归入该代码的主体（") + rows.link + ibis.literal(" ") + rows.evidence + ibis.literal("）"), ibis.literal("")
        ),
        (rows.agreed.fill_null("") != "").ifelse(ibis.literal("；一致：") + rows.agreed, ibis.literal("")),
        rows.witness.notnull().ifelse(
            ibis.literal("；由") + where + ibis.literal("“") + parts[1] + ibis.literal("”的记录 ") + parts[0] + ibis.literal(" 证实"),
            ibis.literal(""),
        ),
    ]
    evidence = ibis.literal("").join(told).re_replace("^；", "")
    return rows.select(
        "record_id", "rank", "rule", "title", "confidence", "state",
        field=ibis.literal("uscc"), before=rows.text.coalesce(rows.raw), after=rows.code, evidence=evidence,
    ).select(*TABLES["repair"].names).cast(TABLES["repair"].schema)  # fmt: skip
