"""Spoiling one cell: each fault leaves another text than before, of the kind its name says."""

import numpy as np
import pytest

from evenhand.identifiers import uscc
from evenhand.practice import misspelling

CODES = ("91350100M000100Y43", "91350102MA2XTE0T4E", "92350105MA8UAB1268")
SEEDS = range(30)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "change", [misspelling.one_sign, misspelling.transposed, misspelling.confused, misspelling.hidden, misspelling.garbled]
)
def test_a_spoiled_number_differs_from_the_right_one(code: str, change):
    assert all(change(code, np.random.default_rng(seed)) != code for seed in SEEDS)


@pytest.mark.parametrize("code", CODES)
def test_one_wrong_sign_makes_a_code_invalid(code: str):
    spoiled = [misspelling.one_sign(code, np.random.default_rng(seed)) for seed in SEEDS]

    assert not any(uscc.is_valid(text) for text in spoiled)
    assert {sum(a != b for a, b in zip(text, code, strict=True)) for text in spoiled} == {1}


@pytest.mark.parametrize("code", CODES)
def test_a_transposed_code_has_the_same_signs_in_another_order(code: str):
    spoiled = [misspelling.transposed(code, np.random.default_rng(seed)) for seed in SEEDS]

    assert {"".join(sorted(text)) for text in spoiled} == {"".join(sorted(code))}


def test_a_rounded_number_reads_as_a_spreadsheet_shows_it():
    shown = {misspelling.rounded("350102199001010016", np.random.default_rng(seed)) for seed in SEEDS}

    assert shown == {"3.50102E+17", "350102199001010000"}


@pytest.mark.parametrize(
    "name", ["福州市鼓楼区榕香小吃店", "闽香（福建）食品有限公司", "福州市鼓楼区榕香小吃店（个体工商户）", "福建省鑫源商贸有限责任公司"]
)
def test_a_name_in_another_form_is_another_text(name: str):
    assert all(misspelling.reworded(name, np.random.default_rng(seed), region="福州市鼓楼区") != name for seed in SEEDS)


def test_a_typed_wrong_name_uses_a_sign_that_sounds_or_looks_alike():
    assert misspelling.mistyped("鑫源店", np.random.default_rng(1), homonyms={"鑫": "兴"}) == "兴源店"


def test_a_name_without_look_alikes_loses_a_sign():
    assert misspelling.mistyped("甲乙丙", np.random.default_rng(1), homonyms={}) == "甲丙"
