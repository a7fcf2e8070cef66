"""Precision and recall are counted over pairs of records."""

import pyarrow as pa

from evenhand.link import pairwise


def test_a_false_join_lowers_precision_and_a_miss_lowers_recall():
    told = pairwise(pa.table({"subject_id": ["S1", "S1", "S1", "S2"], "truth": ["a", "a", "b", "b"]}))

    assert (told.found, told.true, told.right) == (3, 2, 1)
    assert (told.precision, told.recall) == (1 / 3, 1 / 2)


def test_nothing_to_join_counts_as_right():
    told = pairwise(pa.table({"subject_id": pa.array([], pa.string()), "truth": pa.array([], pa.string())}))

    assert (told.precision, told.recall) == (1.0, 1.0)
