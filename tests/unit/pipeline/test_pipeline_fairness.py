"""Fairness audit: honest draws are not accused, a forgotten tail, a favoured office and a spared friend are; exact p against enumeration."""

import hashlib
import itertools
from collections.abc import Callable, Sequence
from math import comb, log2

import numpy as np
import pytest
from scipy import stats

from evenhand.draw import by_chance, by_risk, inclusion
from evenhand.pipeline.fairness import Frame, group_tests, never_drawn, pairings
from evenhand.pipeline.fairness.draws import Teamed, equal_chances
from evenhand.pipeline.fairness.groups import TAIL

SIZES = {"福州-餐饮-C": 300, "厦门-生产-A": 120, "泉州-销售-D": 1}
QUOTAS = {"福州-餐饮-C": 30, "厦门-生产-A": 40, "泉州-销售-D": 1}
STRATA = {name: [f"{name[:2]}{n:04}" for n in range(size)] for name, size in SIZES.items()}
IDS = [one for name in sorted(STRATA, key=str.encode) for one in STRATA[name]]
OFFICE = {one: f"所{n % 7}" for n, one in enumerate(IDS)}


def made(ids: Sequence[str], stratum: Sequence[int], drawn: Sequence[bool], quotas: Sequence[int], serial: str = "x") -> Frame:
    """A draw by equal chance."""
    of, places = np.array(stratum, np.int64), np.array(quotas, np.int64)
    return Frame(serial=serial, ids=ids, stratum=of, drawn=np.array(drawn, np.bool_), quotas=places, chances=equal_chances(of, places))


def frame(number: int, choose: Callable[[int], set[str]] | None = None) -> Frame:
    """One draw by ticket, or by somebody's own method."""
    seed = hashlib.sha256(f"{number}".encode()).hexdigest()
    taken = choose(number) if choose else {one.id for one in by_chance(STRATA, QUOTAS, seed, reserve_pct=0)}
    names = sorted(STRATA, key=str.encode)
    stratum = [place for place, name in enumerate(names) for _ in STRATA[name]]
    return made(IDS, stratum, [one in taken for one in IDS], [QUOTAS[name] for name in names], f"2027-{number:06}")


def honest(number: int) -> set[str]:
    return {one for one, drawn in zip(IDS, frame(number).drawn, strict=True) if drawn}


def swapped(number: int, out: Sequence[str], into: Sequence[str]) -> set[str]:
    """An honest draw in which somebody is quietly replaced by somebody else of the stratum."""
    taken = honest(number)
    for gone in out:
        if gone in taken:
            taken.remove(gone)
            taken.add(next(one for one in into if one not in taken and one[:2] == gone[:2]))
    return taken


def test_honest_draws_are_not_accused_and_their_p_is_evenly_spread() -> None:
    found = [group_tests([frame(100 * start + n) for n in range(8)], {"机构": OFFICE}) for start in range(60)]

    for place in (0, 1):
        tested = [one[place] for one in found]
        assert stats.kstest([one.p for one in tested], "uniform").pvalue > 0.001
        assert min(verdict.adjusted for one in tested for verdict in one.groups) > 0.001 / 60


def test_a_draw_that_forgets_the_tail_is_found_by_the_place_in_the_list() -> None:
    def paged(number: int) -> set[str]:
        """Random start, then every k-th row, and never the last rows of a list."""
        taken = set()
        for name, ids in STRATA.items():
            step = len(ids) // QUOTAS[name]
            start = number % step
            taken |= {ids[start + k * (step - 1 if step > 1 else 1)] for k in range(QUOTAS[name])}
        return taken

    test = group_tests([frame(n, paged) for n in range(20)], {})[0]

    assert test.dimension == TAIL
    assert test.p < 1e-6
    assert test.groups[0].group == "第10个十分之一"
    assert test.groups[0].adjusted < 1e-6
    assert test.groups[0].drawn < test.groups[0].expected / 2


def test_an_office_that_is_spared_is_named() -> None:
    spared, others = [one for one in IDS if OFFICE[one] == "所3"], [one for one in IDS if OFFICE[one] != "所3"]
    frames = [frame(n, lambda n: swapped(n, spared[:40], others)) for n in range(20)]

    office = next(one for one in group_tests(frames, {"机构": OFFICE}) if one.dimension == "机构")

    assert (office.groups[0].group, office.groups[0].how) == ("所3", "精确")
    assert office.groups[0].adjusted < 0.001
    assert all(one.adjusted > 0.001 for one in office.groups[1:])


def test_a_friend_who_is_never_drawn_stands_first_and_chance_is_told() -> None:
    friend = "厦门0007"
    frames = [frame(n, lambda n: swapped(n, [friend], IDS)) for n in range(40)]

    waiting = never_drawn(frames)

    assert waiting.rows[0][:2] == (friend, 40)
    assert waiting.rows[0][2] == pytest.approx(40 / 3)
    assert waiting.rows[0][3] == pytest.approx((2 / 3) ** 40)
    assert waiting.objects == 421
    assert waiting.expected == pytest.approx(300 * 0.9**40 + 120 * (2 / 3) ** 40)


def test_who_left_the_list_in_between_is_not_always_in_the_frame() -> None:
    gone = frame(1)
    keep = np.array([one != "福州0001" for one in IDS])
    short = made([one for one in IDS if one != "福州0001"], gone.stratum[keep].tolist(), gone.drawn[keep].tolist(), gone.quotas.tolist())

    assert never_drawn([frame(0), short, frame(2)]).objects == 420


def test_the_exact_p_is_that_of_enumeration() -> None:
    """Two strata of 6 and 5 with 2 and 2 drawn; a group holds three and two of them."""
    ids = [f"a{n}" for n in range(6)] + [f"b{n}" for n in range(5)]
    group = {one: "甲" if one in {"a0", "a1", "a2", "b0", "b1"} else "乙" for one in ids}
    every = [{*one, *other} for one, other in itertools.product(itertools.combinations(ids[:6], 2), itertools.combinations(ids[6:], 2))]
    assert len(every) == comb(6, 2) * comb(5, 2)
    counts = [sum(group[one] == "甲" for one in taken) for taken in every]
    share = {value: counts.count(value) / len(counts) for value in set(counts)}

    for taken, value in zip(every[::17], counts[::17], strict=True):
        drawn = made(ids, [0] * 6 + [1] * 5, [one in taken for one in ids], [2, 2])
        first = next(one for one in group_tests([drawn], {"组": group})[0].groups if one.group == "甲")
        assert first.p == pytest.approx(sum(p for p in share.values() if p <= share[value] * (1 + 1e-9)))
        assert first.expected == pytest.approx(sum(counts) / len(counts))


def test_full_coverage_and_empty_ledgers_have_nothing_to_test() -> None:
    every = made(["a", "b"], [0, 0], [True, True], [2])

    for frames in ([], [every]):
        tests = group_tests(frames, {"组": {"a": "甲", "b": "乙"}})
        assert [(one.freedom, one.p) for one in tests] == [(0, 1.0), (0, 1.0)]
    assert never_drawn([]).objects == 0


def test_pairs_are_measured_in_bits_against_what_could_be() -> None:
    edges = [(visit, role, person) for visit in ("V1", "V2", "V3", "V4") for role in "LE" for person in ("P1", "P2", "P3")]
    even = Teamed(serial="x", edges=tuple(edges), roster=(("V1", "L", "P1"), ("V1", "E", "P2"), ("V2", "L", "P2"), ("V2", "E", "P3"), ("V3", "L", "P1"), ("V3", "E", "P3")))  # fmt: skip
    one_pair = Teamed(serial="y", edges=tuple(edges), roster=tuple((visit, role, "P1" if role == "L" else "P2") for visit in ("V1", "V2", "V3") for role in "LE"))  # fmt: skip

    (spread,), (stuck,) = pairings([even], dict.fromkeys(("P1", "P2", "P3"), "甲所")), pairings([one_pair], {})

    assert (spread.office, spread.pairs, spread.possible) == ("甲所", 3, 3)
    assert spread.evenness == pytest.approx(1)
    assert stuck.bits == 0
    assert (stuck.office, stuck.commonest, stuck.times, stuck.most_bits) == ("（不明）", ("P1", "P2"), 3, log2(3))
    assert stuck.evenness == 0


WEIGHTS = {one: 1 + n % 9 for n, one in enumerate(STRATA["福州-餐饮-C"])}


def by_weight(number: int, spared: Sequence[str] = ()) -> Frame:
    """One draw of 30 by weight, honest or with friends quietly replaced by the first who was not drawn."""
    ids = list(WEIGHTS)
    whole, chances = inclusion(WEIGHTS, 30)
    taken = by_risk(WEIGHTS, 30, hashlib.sha256(f"{number}".encode()).hexdigest())
    others = [one for one in ids if one not in taken and one not in spared]
    drawn = {others.pop(0) if one in spared else one for one in taken}
    return Frame(
        serial=f"{number}", ids=ids, stratum=np.zeros(len(ids), np.int64), drawn=np.array([one in drawn for one in ids]), quotas=np.array([30]),
        chances=np.array([chances[one] / whole for one in ids]), weighted=True,
    )  # fmt: skip


def test_draws_by_weight_are_held_against_their_own_chances() -> None:
    office = {one: f"所{n % 7}" for n, one in enumerate(WEIGHTS)}
    heavy = {one: f"权重{weight}" for one, weight in WEIGHTS.items()}

    honest = group_tests([by_weight(n) for n in range(30)], {"机构": office, "权重": heavy})
    spared = group_tests([by_weight(n, [one for one in office if office[one] == "所3"][:30]) for n in range(30)], {"机构": office})

    assert [one.dimension for one in honest] == ["机构", "权重", TAIL, "机构（按权重）", "权重（按权重）", f"{TAIL}（按权重）"]
    assert min(verdict.adjusted for one in honest for verdict in one.groups) > 0.01
    friends = next(one for one in spared if one.dimension == "机构（按权重）")
    assert (friends.groups[0].group, friends.groups[0].how) == ("所3", "切尔诺夫界")
    assert friends.p == friends.groups[0].adjusted < 1e-6


def test_the_bound_is_never_below_the_exact_tail() -> None:
    for number in range(40):
        frames = [by_weight(number * 50 + n) for n in range(2)]
        group = {one: "甲" if n < 9 else "乙" for n, one in enumerate(WEIGHTS)}
        first = next(one for one in group_tests(frames, {"组": group})[2].groups if one.group == "甲")
        chances = np.concatenate([frame.chances[:9] for frame in frames])
        share = np.ones(1)
        for chance in chances:
            share = np.convolve(share, [1 - chance, chance])
        tail = share[: first.drawn + 1].sum() if first.drawn < first.expected else share[first.drawn :].sum()
        assert first.p >= min(1.0, tail)
