"""Laws of the identifiers: scalar and column agree on right and spoilt numbers; cleaning twice changes nothing; one wrong sign is seen."""

import random
import re
from collections.abc import Callable
from types import ModuleType

import ibis
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.identifiers import (
    CodeTables,
    IdentifierError,
    check_digits,
    division,
    filing_no,
    landline,
    mobile,
    operation_licence,
    organisation_code,
    production_licence,
    registration_no,
    resident_id,
    small_registration_no,
    special_food_no,
    uscc,
)

Chance = random.Random
DIVISIONS = ("350102", "350427", "350999", "110105", "100000", "650101")
# Signs that clerks, scanners and spreadsheets put in: letters by mistake, full width, invisible, private use, symbols, Kangxi radicals.
NOISE = (
    "OISZVQ0179XAJYabx"
    "\uff10\uff11\uff19\uff21\uff58\u2460\u2160\u00b2"
    " \u3000\u200b\ufeff\u00ad\t\n\ue000"
    "-\uff0d\u2014\u00b7'_.,/()\uff08\uff09\uff0b\uff05"
    "国食健字号\u2fb7\U0001d7d9\u00e9"
)


def digits(chance: Chance, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def signs(chance: Chance, count: int) -> str:
    return "".join(chance.choices(check_digits.ALPHABET_31, k=count))


def make_uscc(chance: Chance) -> str:
    return uscc.build(department=signs(chance, 1), category=signs(chance, 1), division=chance.choice(DIVISIONS), body=signs(chance, 8))


def make_resident_id(chance: Chance) -> str:
    born = f"{chance.choice((1900, 1960, 1985, 2000, 2023)):04}{chance.randint(1, 13):02}{chance.randint(1, 31):02}"
    full = resident_id.build(division=chance.choice((*DIVISIONS, "810000", "911124")), born=born, sequence=digits(chance, 3))
    return full if chance.random() < 0.7 else full[:6] + full[8:17]


MAKERS: dict[ModuleType, Callable[[Chance], str]] = {
    uscc: make_uscc,
    organisation_code: lambda chance: organisation_code.build(body="".join(chance.choices(check_digits.ALPHABET_36, k=8))),
    registration_no: lambda chance: chance.choice(
        (registration_no.build(office=chance.choice(DIVISIONS), sequence=digits(chance, 8)), digits(chance, 13))
    ),
    resident_id: make_resident_id,
    production_licence: lambda chance: chance.choice(
        (
            production_licence.build(category="1" + digits(chance, 2), division=chance.choice(DIVISIONS), sequence=digits(chance, 4)),
            "QS" + digits(chance, 12),
        )
    ),
    operation_licence: lambda chance: operation_licence.build(
        kind=chance.choice("123"), division=chance.choice(DIVISIONS), sequence=digits(chance, 6)
    ),
    filing_no: lambda chance: filing_no.build(kind=chance.choice("12"), division=chance.choice(DIVISIONS), sequence=digits(chance, 6)),
    special_food_no: lambda chance: chance.choice(
        (
            special_food_no.build(prefix=chance.choice(("国食健注G", "国食注字YP", "国食健字J")), year=2019, sequence=digits(chance, 4)),
            special_food_no.build(prefix="食健备G", year=2021, province="35", sequence=digits(chance, 6)),
            f"卫食健字(1997)第{digits(chance, 4)}号",
        )
    ),
    small_registration_no: lambda chance: small_registration_no.build(letters="闽小餐", digits=digits(chance, 12)),
    mobile: lambda chance: (
        chance.choice(("", "+86", "86", "0086")) + mobile.build(start=f"1{chance.choice('23456789')}8", rest=digits(chance, 8))
    ),
    landline: lambda chance: (
        chance.choice(("", "", "+86", "(")) + landline.build(area=chance.choice(("0591", "010", "0593")), local=digits(chance, 8))
    ),
    division: lambda chance: division.build(county=chance.choice(DIVISIONS), township=chance.choice(("", "007"))),
}
NUMBERS = sorted(MAKERS, key=lambda module: module.__name__)


def spoil(text: str, chance: Chance) -> str:
    """Change, drop, double, swap or insert up to two signs, or leave the number as it is."""
    for _ in range(chance.choice((0, 0, 1, 1, 1, 2))):
        place = chance.randrange(len(text) + 1)
        act = chance.randrange(4)
        sign = chance.choice(NOISE)
        text = (
            text[:place] + sign + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + sign + text[place:],
            text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :],
        )[act]
    return text


def spoilt(module: ModuleType, *, count: int = 2000, seed: int = 1) -> list[str]:
    chance = Chance(f"{module.__name__} {seed}")
    return ["", " ", *(spoil(MAKERS[module](chance), chance) for _ in range(count))]


def columns(module: ModuleType, texts: list[str]) -> dict[str, list[object]]:
    table = ibis.memtable(pa.table({"raw": [*texts, None]}))
    cleaned = table.select(raw="raw", clean=module.clean_column(table.raw))
    asked = cleaned.select(
        clean="clean",
        reason=module.reason_column(cleaned.clean),
        valid=module.valid_column(cleaned.clean),
        warning=module.warning_column(cleaned.clean),
        raw_reason=module.reason_column(cleaned.raw),
    )
    found: dict[str, list[object]] = ibis.duckdb.connect().to_pyarrow(asked).to_pydict()
    assert [values.pop() for values in found.values()] == [None] * 5
    return found


@pytest.mark.parametrize("module", NUMBERS)
def test_scalar_and_column_say_the_same_of_two_thousand_numbers(module: ModuleType) -> None:
    texts = spoilt(module)
    cleaned = [module.clean(text) for text in texts]

    found = columns(module, texts)

    assert found["clean"] == cleaned
    assert found["reason"] == [module.reason(text) for text in cleaned]
    assert found["valid"] == [module.is_valid(text) for text in cleaned]
    assert found["raw_reason"] == [module.reason(text) for text in texts]
    assert len(set(found["reason"])) >= 3  # right, and wrong in several ways


TABLELESS = {"organisation_check", "filing_check", "legacy"}


@pytest.mark.parametrize("module", NUMBERS)
def test_warning_column_says_what_the_scalar_says_without_tables(module: ModuleType) -> None:
    texts = [module.clean(text) for text in spoilt(module, count=400, seed=2)]

    found = columns(module, texts)

    expected = ["".join(doubt.reason for doubt in module.warnings(text, tables=CodeTables())) for text in texts]
    assert found["warning"] == expected
    assert set(expected) <= {"", *TABLELESS}


@pytest.mark.parametrize("module", NUMBERS)
def test_refusal_names_the_same_reason_in_both_languages(module: ModuleType) -> None:
    for text in (module.clean(text) for text in spoilt(module, count=200, seed=3)):
        if not module.is_valid(text):
            with pytest.raises(IdentifierError) as refusal:
                module.check(text)
            assert refusal.value.reason == module.reason(text)
            assert re.fullmatch(r"ID-\d\d", refusal.value.fault.code)
            assert refusal.value.fault.zh
            assert refusal.value.fault.en


@pytest.mark.parametrize("module", NUMBERS)
@given(text=st.text(max_size=24))
def test_cleaning_twice_changes_nothing(module: ModuleType, text: str) -> None:
    once = module.clean(text)

    assert module.clean(once) == once


@pytest.mark.parametrize("module", NUMBERS)
@given(seed=st.integers(0, 10**6))
def test_shown_number_cleans_back_to_itself(module: ModuleType, seed: int) -> None:
    number = module.clean(MAKERS[module](Chance(seed)))

    assert module.clean(module.show(number)) == number


CHECKED = {
    uscc: check_digits.ALPHABET_31,
    registration_no: "0123456789",
    production_licence: "0123456789",
    operation_licence: "0123456789",
    resident_id: "0123456789",
}


@pytest.mark.parametrize("module", [module for module in NUMBERS if module in CHECKED])
@given(data=st.data())
def test_one_wrong_sign_is_always_seen(module: ModuleType, data: st.DataObject) -> None:
    number = MAKERS[module](Chance(data.draw(st.integers(0, 10**6))))
    assume(module.is_valid(number))
    assume(len(number) == module.SHAPE.layouts[0].length)  # older forms carry no check sign
    place = data.draw(st.integers(0, len(number) - 1))
    sign = data.draw(st.sampled_from(CHECKED[module]).filter(lambda sign: sign != number[place]))

    assert not module.is_valid(number[:place] + sign + number[place + 1 :])


@given(seed=st.integers(0, 10**6), place=st.integers(0, 7), sign=st.sampled_from(check_digits.ALPHABET_36))
def test_one_wrong_sign_of_an_organisation_code_is_seen_unless_the_values_differ_by_eleven(seed: int, place: int, sign: str) -> None:
    code = MAKERS[organisation_code](Chance(seed))
    difference = check_digits.ALPHABET_36.index(sign) - check_digits.ALPHABET_36.index(code[place])

    assert organisation_code.is_valid(code[:place] + sign + code[place + 1 :]) == (difference % 11 == 0)


@given(seed=st.integers(0, 10**6))
def test_repair_gives_back_the_code_when_one_letter_was_misread(seed: int) -> None:
    chance = Chance(seed)
    code = make_uscc(chance)
    misread = {"0": "O", "1": "I", "2": "Z", "5": "S", "U": "V", "Y": "V"}
    places = [place for place in range(18) if code[place] in misread]
    assume(places)
    place = chance.choice(places)

    assert code in uscc.repairs(code[:place] + misread[code[place]] + code[place + 1 :])
