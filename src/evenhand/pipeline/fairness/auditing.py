"""The audit of one ledger, and its files for pages and people."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from evenhand.pipeline.fairness.draws import Ledger, read_draws
from evenhand.pipeline.fairness.groups import GroupTest, group_tests
from evenhand.pipeline.fairness.objects import Waiting, never_drawn
from evenhand.pipeline.fairness.pairs import Pairing, pairings
from evenhand.pipeline.inspectors import library_of_release
from evenhand.pipeline.spreadsheets import rows_to_csv
from evenhand.publish import Release

__all__ = ["Fairness", "audit_ledger", "groups_of_release", "write_fairness"]

_SIZE: Final = "T09"
_UNKNOWN: Final = "（不明）"


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """What was found: the draws, a test per dimension, who waits, the pairs, and places taken and given up by person; `level` is the p from which a finding is told as unusual."""

    ledger: Ledger
    tests: tuple[GroupTest, ...]
    waiting: Waiting
    pairs: tuple[Pairing, ...]
    people: Mapping[str, tuple[int, int]]
    level: float

    @property
    def unusual(self) -> list[str]:
        """Everything that chance would hardly make, in words; empty when nothing is."""
        told = [f"编号 {one.serial}：{one.difference}" for one in self.ledger.made if one.difference]
        for test in self.tests:
            if test.freedom and test.p < self.level:
                told.append(f"{test.dimension}：各组合计 χ²={test.chi2:.1f}，自由度 {test.freedom}，p={test.p:.2g}")
            told += [
                f"{test.dimension}“{one.group}”：在名单 {one.framed} 次，应抽中 {one.expected:.1f}，抽中 {one.drawn}，校正后 p={one.adjusted:.2g}"
                for one in test.groups
                if one.adjusted < self.level
            ]
        told += [
            f"对象 {one}：{framed} 次都在名单，应抽中 {hoped:.1f} 次，从未抽中（机会 {spared:.2g}）"
            for one, framed, hoped, spared in self.waiting.rows
            if spared * self.waiting.objects < self.level
        ]
        return told


def groups_of_release(release: Release) -> dict[str, dict[str, str]]:
    """Return by dimension (机构, 业态, 县区, 规模) the group of each subject of a release."""
    columns = ["subject_id", "office", "forms", "county_code"]
    rows = pq.read_table(release.folder / "subject.parquet", columns=columns).to_pylist()
    tags = pq.read_table(
        release.folder / "tag.parquet", columns=["subject_id", "code", "value", "effective_to"], filters=[("family", "=", _SIZE)]
    )
    sizes = {
        row["subject_id"]: row["value"] for row in sorted(tags.to_pylist(), key=lambda row: (row["effective_to"] is None, row["code"]))
    }
    return {
        "机构": {row["subject_id"]: row["office"] or _UNKNOWN for row in rows},
        "业态": {row["subject_id"]: (row["forms"] or _UNKNOWN).split("、")[0] for row in rows},
        "县区": {row["subject_id"]: row["county_code"] or _UNKNOWN for row in rows},
        "规模": sizes,
    }


def audit_ledger(folder: Path, release: Release | None, *, level: float) -> Fairness:
    """Audit a ledger: verify every draw, then test those that verify and stand.

    Args:
        folder: of the ledger.
        release: names office, trade, size and county of the subjects and the office of each inspector; without it only the place in the list is tested.
        level: p from which a finding is told as unusual.
    """
    ledger = read_draws(folder)
    offices = {one.number: one.office for one in library_of_release(release).people} if release else {}
    taken = Counter(person for team in ledger.teams for _, _, person in team.roster)
    people = {one: (taken[one], ledger.opened.get(one, 0)) for one in sorted({*taken, *ledger.opened})}
    return Fairness(
        ledger=ledger, tests=tuple(group_tests(ledger.frames, groups_of_release(release) if release else {})), waiting=never_drawn(ledger.frames),
        pairs=tuple(pairings(ledger.teams, offices)), people=people, level=level,
    )  # fmt: skip


def write_fairness(found: Fairness, out: Path) -> list[Path]:
    """Write `fairness.json` for pages and five tables as CSV: draws, groups, never, pairs, people."""
    out.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "draws": (
            ("编号", "方法", "名单行数", "抽中", "递补", "作废理由", "核对不符"),
            (
                (one.serial, one.method, one.rows, one.drawn, "；".join(f"{why} {count}" for why, count in sorted(one.changed.items())), one.cancelled, one.difference)
                for one in found.ledger.made
            ),
        ),
        "groups": (
            ("维度", "组", "在名单次数", "抽中", "应抽中", "p", "校正后 p", "算法"),
            (
                (test.dimension, one.group, one.framed, one.drawn, f"{one.expected:.2f}", f"{one.p:.6g}", f"{one.adjusted:.6g}", one.how)
                for test in found.tests
                for one in test.groups
            ),
        ),
        "never": (
            ("对象", "在名单次数", "应抽中", "一直抽不中的机会"),
            ((one, framed, f"{hoped:.3f}", f"{spared:.6g}") for one, framed, hoped, spared in found.waiting.rows),
        ),
        "pairs": (
            ("机构", "检查", "出现的搭档", "可能的搭档", "均匀程度（比特）", "最大（比特）", "最常见的搭档", "次数"),
            (
                (one.office, one.visits, one.pairs, one.possible, f"{one.bits:.3f}", f"{one.most_bits:.3f}", "、".join(one.commonest), one.times)
                for one in found.pairs
            ),
        ),
        "people": (("人员", "承担的位置", "空出的位置"), ((one, taken, opened) for one, (taken, opened) in found.people.items())),
    }  # fmt: skip
    for name, (header, rows) in tables.items():
        rows_to_csv(out / f"{name}.csv", header, rows)
    (out / "fairness.json").write_text(json.dumps(_page(found), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return [out / "fairness.json", *(out / f"{name}.csv" for name in tables)]


def _page(found: Fairness) -> dict[str, Any]:
    """What a page shows: figures, tests, unusual findings; long lists stay in their tables."""
    return {
        "level": found.level,
        "draws": found.ledger.figures,
        "tests": [asdict(one) for one in found.tests],
        "waiting": {"objects": found.waiting.objects, "never": found.waiting.never, "expected": found.waiting.expected},
        "pairs": [asdict(one) | {"evenness": one.evenness} for one in found.pairs],
        "unusual": found.unusual,
    }  # fmt: skip
