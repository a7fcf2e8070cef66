"""The page of a subject explains its values as the build chose them."""

import pyarrow.parquet as pq

from evenhand.pipeline import BuildReport
from evenhand.pipeline.reading import subject_card
from evenhand.publish import Scope, open_release
from evenhand.rulebook import shipped_pack

PROVINCE = Scope("35")
TOLD = ("value", "chosen", "rule", "reason", "record_id", "record_count", "source_count", "first_seen", "last_seen")


def test_the_explanation_of_a_subject_is_its_history(built: BuildReport):
    release, pack = open_release(built.release), shipped_pack()
    history: dict[str, set[tuple[object, ...]]] = {}
    for row in pq.read_table(built.release / "history.parquet").to_pylist():
        history.setdefault(row["subject_id"], set()).add((row["field"], *(row[name] for name in TOLD)))
    subjects = sorted(history)[:150]

    cards = {subject: subject_card(release, subject, PROVINCE, pack=pack) for subject in subjects}

    assert len(subjects) == 150
    for subject, card in cards.items():
        assert card is not None, subject
        told = {(c["field"], *(one[name] for name in TOLD)) for c in card.choices for one in c["candidates"] if len(c["candidates"]) > 1}
        assert told == history[subject], subject


def test_every_chosen_value_of_the_explanation_is_in_the_register(built: BuildReport):
    release, pack = open_release(built.release), shipped_pack()
    subjects = pq.read_table(built.release / "subject.parquet", columns=["subject_id"])["subject_id"].to_pylist()[:100]

    for subject in subjects:
        card = subject_card(release, subject, PROVINCE, pack=pack)
        assert card is not None
        fields = {choice["field"]: choice["value"] for choice in card.choices if choice["field"] not in {"status", "organisation_code"}}
        assert {name: card.subject[name] for name in fields} == fields, subject
