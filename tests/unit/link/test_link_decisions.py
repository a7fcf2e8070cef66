"""What people decided goes before the rules, and comes undone when it is withdrawn."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from evenhand.decisions import Apart, Decision, Decisions, Merge, RepairVerdict, Split, Withdrawal
from evenhand.engine import Engine
from evenhand.identifiers import organisation_code, uscc
from evenhand.link import Previous, link
from evenhand.rulebook import shipped_pack
from tests.factories.records import CODES, make_record, make_records

A, B = CODES[:2]
SHOP = {"name": "郑春梅早餐摊", "office": "华大所"}


def rid(number: int) -> str:
    """A record id of the right form."""
    return f"{number:024x}"


def said(kind: type[Decision], number: int, **about: Any) -> Decision:
    """One decision; a higher number is later."""
    return kind(id=f"d{number}", at=datetime(2026, 6, 1, number, tzinfo=UTC), by="陈静", why="现场核实", **about)


ROWS = [
    make_record(rid(1), uscc=A, name="闽味源小吃店"),
    make_record(rid(2), name="闽味源", licence_no="L2"),
    make_record(rid(3), uscc=B, name="和鼎茶行"),
    make_record(rid(4), **SHOP),
    make_record(rid(5), **SHOP),
    make_record(rid(6), name="老字号", licence_no="L6"),
    make_record(rid(7), uscc="91350102MA2XTE0T4F", name="闽味源小吃店"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    scratch: Path = tmp_path_factory.mktemp("spill")
    with Engine(scratch=scratch) as session:
        yield session


class World:
    """One run of link: who is with whom, the doubts, the forwards."""

    def __init__(
        self, engine: Engine, *decisions: Decision, rows: list[dict[str, Any]] | None = None, before: "World | None" = None
    ) -> None:
        previous = None
        if before:
            previous = Previous(
                membership=engine.table(
                    pa.Table.from_pylist([{"record_id": m["record_id"], "own_id": m["own_id"]} for m in before.members.values()])
                ),
                forward=engine.table(
                    pa.Table.from_pylist(
                        before.forward, schema=pa.schema({"old_id": pa.string(), "new_id": pa.string(), "why": pa.string()})
                    )
                ),
            )
        found = link(
            engine.table(make_records(rows or ROWS)),
            pack=shipped_pack(),
            engine=engine,
            decisions=Decisions(lines=decisions, digest="x"),
            previous=previous,
        )
        self.members = {m["record_id"]: m for m in engine.arrow(found.membership).to_pylist()}
        self.doubts = sorted(engine.arrow(found.conflict).to_pylist(), key=str)
        self.forward = engine.arrow(found.forward).to_pylist()

    def id(self, number: int) -> str:
        return str(self.members[rid(number)]["subject_id"])

    @property
    def groups(self) -> str:
        """Records by subject: `17 2 3 45 6`."""
        by_id = itertools.groupby(
            sorted(self.members, key=lambda r: (self.members[r]["subject_id"], r)), key=lambda r: self.members[r]["subject_id"]
        )
        return " ".join(sorted("".join(str(int(r, 16)) for r in rows) for _, rows in by_id))

    @property
    def rules(self) -> dict[int, str]:
        return {int(r, 16): m["rule"] for r, m in self.members.items()}


@pytest.fixture(scope="module")
def before(engine: Engine) -> World:
    return World(engine)


def test_the_rules_alone(before):
    assert before.groups == "17 2 3 45 6"


CASES: list[tuple[str, str, list[tuple[type[Decision], dict[str, Any]]]]] = [
    ("127 3 45 6", "a record and a code are one", [(Merge, {"subjects": (2, "A")})]),
    ("17 26 3 45", "two without codes are one", [(Merge, {"subjects": (2, 6)})]),
    ("17 2 3 45 6", "two valid codes are never one", [(Merge, {"subjects": ("A", "B")})]),
    ("17 2456 3", "merges that share a subject are one", [(Merge, {"subjects": (2, 6)}), (Merge, {"subjects": (6, 4)})]),
    ("127 3 45 6", "the later of two that would chain two codes is left out", [(Merge, {"subjects": ("A", 2)}), (Merge, {"subjects": ("B", 2)})]),
    ("17 2 3 4 5 6", "a split", [(Split, {"records": (5,)})]),
    ("1 2 3 4 57 6", "a split of two is one unit", [(Split, {"records": (7, 5)})]),
    ("17 2 3 4 5 6", "two that share a key are told apart", [(Apart, {"left": (4,), "right": (5,)})]),
    ("1 2 3 45 6 7", "a record and a code are told apart", [(Apart, {"left": (7,), "right": ("A",)})]),
    ("1 2 3 45 6 7", "a repair is refused", [(RepairVerdict, {"record": 7, "verdict": "reject", "code": "A"})]),
    ("17 23 45 6", "a repair is accepted", [(RepairVerdict, {"record": 2, "verdict": "accept", "code": "B"})]),
    ("13 2 45 6 7", "a valid code is replaced", [(RepairVerdict, {"record": 1, "verdict": "replace", "code": "B"})]),
    ("1 2 3 45 6 7", "a valid code is refused, and nobody has it now", [(RepairVerdict, {"record": 1, "verdict": "reject", "code": "A"})]),
    ("17 2 3 45 6", "a later split takes a record out of a merge", [(Merge, {"subjects": (2, 6)}), (Split, {"records": (6,)})]),
    ("17 26 3 45", "a later merge stands over a split", [(Split, {"records": (6,)}), (Merge, {"subjects": (2, 6)})]),
]  # fmt: skip
"""Groups, what they show, and the decisions; a number is a record, a letter a code. Every case is a small world of its own."""


def _code(letter: str, number: int) -> str:
    body = f"{'91350102MA' if letter == 'A' else '92350581MB'}{number:07d}"
    body = body[:16] + organisation_code.check_digit(body[8:16])
    return body + uscc.check_digit(body)


@pytest.fixture(scope="module")
def worlds(engine: Engine) -> World:
    rows, decisions = [], []
    for number, (_, _, told) in enumerate(CASES, start=1):
        places = {"A": _code("A", number), "B": _code("B", number)} | {n: rid(number * 16 + n) for n in range(1, 8)}
        for n, row in enumerate(ROWS, start=1):
            own = {
                column: f"{row[column]}{number}" for column in ("name", "name_match", "name_core", "office", "licence_no") if row[column]
            }
            code = {A: places["A"], B: places["B"], None: None}.get(
                row["uscc"], places["A"][:-1] + ("X" if places["A"][-1] != "X" else "Y")
            )
            rows.append(row | own | {"record_id": places[n], "uscc": code})
        for place, (kind, about) in enumerate(told):
            named = {k: tuple(places.get(r, r) for r in v) if isinstance(v, tuple) else places.get(v, v) for k, v in about.items()}
            decisions.append(kind(id=f"{number}-{place}", at=datetime(2026, 6, 1, place, tzinfo=UTC), by="陈静", why="现场核实", **named))
    return World(engine, *decisions, rows=rows)


@pytest.mark.parametrize("case", range(len(CASES)), ids=[told for _, told, _ in CASES])
def test_a_decision_changes_who_is_one_subject(worlds, case):
    by_id: dict[str, str] = {}
    for record, member in sorted(worlds.members.items()):
        number, place = divmod(int(record, 16), 16)
        if number == case + 1:
            by_id[member["subject_id"]] = by_id.get(member["subject_id"], "") + str(place)

    assert " ".join(sorted(by_id.values())) == CASES[case][0]


def test_a_withdrawn_decision_leaves_no_trace(engine, before):
    after = World(
        engine,
        said(Merge, 1, subjects=(rid(2), A)),
        said(Split, 2, records=(rid(5),)),
        said(Withdrawal, 3, decision="d1"),
        said(Withdrawal, 4, decision="d2"),
    )

    assert (after.members, after.doubts, after.forward) == (before.members, before.doubts, before.forward)


def test_withdrawing_gives_the_ids_back_in_the_next_release(engine, before):
    merged = World(engine, said(Merge, 1, subjects=(rid(2), rid(6))), before=before)
    restored = World(engine, before=merged)

    assert merged.id(2) == merged.id(6) in {before.id(2), before.id(6)}
    assert [(f["old_id"], f["new_id"]) for f in merged.forward] == [(max(before.id(2), before.id(6)), min(before.id(2), before.id(6)))]
    assert {r: m["subject_id"] for r, m in restored.members.items()} == {r: m["subject_id"] for r, m in before.members.items()}
    assert restored.forward == []


def test_independent_decisions_work_in_any_order(engine):
    decisions = [
        said(Merge, 1, subjects=(rid(2), rid(6))),
        said(Split, 2, records=(rid(5),)),
        said(RepairVerdict, 3, record=rid(7), verdict="reject", code=A),
    ]

    first, second = World(engine, *decisions), World(engine, *reversed(decisions))

    assert (first.members, first.doubts) == (second.members, second.doubts)


def test_decided_memberships_name_the_decision(engine):
    rules = World(
        engine,
        said(RepairVerdict, 1, record=rid(2), verdict="accept", code=B),
        said(Split, 2, records=(rid(5),)),
        said(Merge, 3, subjects=(rid(6), A)),
    ).rules

    assert (rules[2], rules[5], rules[6], rules[1]) == ("LK-D1", "LK-D2", "LK-D3", "LK-01")


def test_new_records_join_old_subjects_and_keep_their_ids(engine, before):
    more = [*ROWS, make_record(rid(0), **SHOP), make_record(rid(8), uscc=B, licence_no="L6")]

    after = World(engine, rows=more, before=before)

    assert after.groups == "045 17 2 368"
    assert after.id(0) == before.id(4) != World(engine, rows=more).id(0)  # a smaller record would have made another id
    assert after.id(6) == before.id(3)  # the subject with a code keeps its id …
    assert [(f["old_id"], f["new_id"]) for f in after.forward] == [(before.id(6), before.id(3))]  # … and the other leads to it
    last = World(engine, rows=more, before=after)
    assert {r: m["subject_id"] for r, m in last.members.items()} == {r: m["subject_id"] for r, m in after.members.items()}


def test_a_judged_pair_stays_away_until_its_evidence_changes(engine):
    rows = [
        make_record(rid(1), uscc=A, licence_no="L"),
        make_record(rid(2), uscc=B, licence_no="L"),
        make_record(rid(3), name="丙", licence_no="L"),
    ]
    first = World(engine, rows=rows)
    seen = tuple(d["evidence"] for d in first.doubts)
    judgement = said(Apart, 1, left=(A,), right=(B,), seen=seen)

    same = World(engine, judgement, rows=rows)
    more = World(
        engine,
        judgement,
        rows=[
            *rows,
            make_record(rid(4), uscc=A, registration_no="350102000000012"),
            make_record(rid(5), uscc=B, registration_no="350102000000012"),
        ],
    )

    assert (len(first.doubts), same.doubts) == (2, [])
    assert {d["judged"] for d in more.doubts} == {"2026-06-01 陈静：现场核实"}


def test_a_problem_follows_its_inspection(engine):
    shop = {"name": "闽味源小吃店", "licence_no": "L2"}
    rows = [
        make_record(rid(1), uscc=A, **shop),
        make_record(rid(2), kind="inspection", inspection_no="J1", **shop),
        make_record(rid(3), kind="inspection_problem", inspection_no="J1", name="另一个名称"),
        make_record(rid(4), kind="inspection_problem", inspection_no="J2", name="闽味源小吃店"),
        make_record(rid(5), kind="inspection_problem", inspection_no="J1", uscc=B, name="和鼎茶行"),
    ]

    world = World(engine, rows=rows)

    assert (world.groups, world.rules[3], world.rules[5]) == ("123 4 5", "LK-14", "LK-01")
