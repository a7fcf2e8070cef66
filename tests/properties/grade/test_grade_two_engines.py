"""Grading by sums over marks and grading written from the text give the same periods, on twenty thousand generated subjects."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evenhand.engine import open_engine
from evenhand.grade import GRADES, GROUNDS, Dossier, GradeRules, grade_subjects, periods, shipped_rules
from tests.factories.grades import ground_table, make_dossiers, trait_table

COUNT = 5_000
BEGIN, END = date(2023, 9, 1), date(2026, 6, 30)  # over the day on which the scheme changes
RULES = shipped_rules()
TOLD = (
    "subject_id", "model", "scheme", "begins_on", "ends_on", "grade", "due", "held", "base", "lift", "triggers", "score", "low", "high", "best", "worst",
    "known_percent",
)  # fmt: skip


def book(dossier: Dossier, rules: GradeRules, since: dict[str, date]) -> list[dict[str, Any]]:
    """The periods of one subject, from the text."""
    found = []
    for model in rules.models.values():
        for p in periods(dossier, model, rules, begin=BEGIN, end=END, since=since):
            told = p.standing
            fired = {one.trigger.id for one in told.fired}
            found.append({
                "subject_id": dossier.subject_id, "model": model.name, "scheme": p.scheme, "begins_on": p.begins, "ends_on": p.ends, "grade": GRADES[p.grade],
                "due": GRADES[told.due], "held": p.held, "base": GRADES[told.base], "lift": told.lift, "best": GRADES[told.best], "worst": GRADES[told.worst],
                "score": Decimal(told.score) / 10, "low": Decimal(told.low) / 10, "high": Decimal(told.high) / 10, "known_percent": told.known_percent,
                "triggers": " ".join(t.id for t in rules.schemes[p.scheme].triggers if t.id in fired),
            })  # fmt: skip
    return sorted(found, key=lambda row: (row["model"], row["begins_on"]))


# Drawing every cell by Hypothesis would take an hour; it draws the seed, and the seed names the subjects. A seed has nothing to shrink.
@settings(max_examples=4, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate), deadline=None)
@given(seed=st.integers(0, 2**32), untold=st.sampled_from(["", "recall", "sampling"]))
def test_the_sums_and_the_text_give_the_same_periods(tmp_path_factory: Any, seed: int, untold: str) -> None:
    dossiers = make_dossiers(seed, COUNT)
    since = {kind: date(2022, 1, 1) for kind in GROUNDS if kind != untold}
    folder: Path = tmp_path_factory.mktemp("grade")

    with open_engine("duckdb", scratch=folder, memory_gib=2) as engine:
        table = grade_subjects(
            engine.table(trait_table(dossiers)), engine.table(ground_table(dossiers)), rules=RULES, models=tuple(RULES.models), begin=BEGIN, end=END, since=since,
            engine=engine,
        )  # fmt: skip
        rows = engine.arrow(table.select(*TOLD).order_by(["subject_id", "model", "begins_on"])).to_pylist()

    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["subject_id"], []).append(row)
    for dossier in dossiers:
        assert found.get(dossier.subject_id, []) == book(dossier, RULES, since), dossier
