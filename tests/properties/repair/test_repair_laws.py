"""Laws of repair that hold for any code and any slip."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand.engine import Engine
from evenhand.identifiers import uscc
from evenhand.identifiers.check_digits import ALPHABET_31
from tests.factories.records import make_record
from tests.factories.repairs import proposals

CODES = st.builds(
    uscc.build, department=st.sampled_from("159"), category=st.sampled_from("123"), division=st.sampled_from(["350102", "350203", "350981"]),
    body=st.text(ALPHABET_31, min_size=8, max_size=8),
).filter(uscc.is_valid)  # fmt: skip
SLIPS = st.tuples(st.integers(0, 17), st.sampled_from(ALPHABET_31 + "IOSVZ"))
FEW = settings(max_examples=5, suppress_health_check=list(HealthCheck))


def slipped(code: str, slip: tuple[int, str]) -> str:
    """The code with one other sign in one place; the next sign of the alphabet when the drawn one stands there already."""
    place, sign = slip
    other = sign if code[place] != sign else ALPHABET_31[(ALPHABET_31.index(sign) + 1) % 31]
    return code[:place] + other + code[place + 1 :]


@pytest.fixture
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spill")


@FEW
@given(drawn=st.lists(st.tuples(CODES, SLIPS), min_size=20, max_size=60, unique_by=lambda pair: pair[0]))
def test_a_slip_of_one_sign_in_a_registered_code_is_always_proposed_back(scratch, drawn):
    registered = [make_record(f"k{n:03}", kind="registration", uscc=code, uscc_state="valid") for n, (code, _) in enumerate(drawn)]
    wrong = [make_record(f"w{n:03}", uscc=slipped(code, slip), uscc_state="wrong") for n, (code, slip) in enumerate(drawn)]

    with Engine(scratch=scratch) as engine:
        told = proposals(engine, registered + wrong)

    assert all(code in [row["after"] for row in told[f"w{n:03}"]] for n, (code, _) in enumerate(drawn))


@FEW
@given(drawn=st.lists(st.tuples(CODES, SLIPS), min_size=20, max_size=60, unique_by=lambda pair: pair[0]))
def test_a_code_that_nobody_registered_is_never_adopted(scratch, drawn):
    rows = [
        make_record(
            f"w{n:03}",
            uscc=slipped(code, slip),
            uscc_state="wrong",
            organisation_code=code[8:17],
            county_code=code[2:8],
            name="某某食品有限公司",
        )
        for n, (code, slip) in enumerate(drawn)
    ]

    with Engine(scratch=scratch) as engine:
        told = proposals(engine, rows)

    assert {row["state"] for rows in told.values() for row in rows} <= {"hint"}


@FEW
@given(
    drawn=st.lists(st.tuples(CODES, SLIPS), min_size=10, max_size=30, unique_by=lambda pair: pair[0]),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_records_never_matters(scratch, drawn, order):
    rows = [
        make_record(f"k{n:03}", kind="registration", uscc=code, uscc_state="valid", phone=str(n % 3)) for n, (code, _) in enumerate(drawn)
    ]
    rows += [
        make_record(f"w{n:03}", uscc=slipped(code, slip), uscc_state="wrong", phone=str(n % 3)) for n, (code, slip) in enumerate(drawn)
    ]
    shuffled = order.sample(rows, len(rows))

    with Engine(scratch=scratch) as engine:
        assert proposals(engine, rows) == proposals(engine, shuffled)
