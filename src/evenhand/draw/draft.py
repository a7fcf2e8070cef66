"""The two frozen files of a draw, written and read: the list and its rules (一次抽取的冻结文件)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from evenhand.draw.canonical import METHODS, Row, list_bytes, read_rows, rules_bytes
from evenhand.draw.hashes import ALGORITHMS, digest
from evenhand.draw.messages import BAD_ROW, NO_QUOTA, RULES_LACK, STRATA_DIFFER
from evenhand.draw.sealing import merkle_root
from evenhand.draw.sources import Source, read_source
from evenhand.draw.tickets import commit_of
from evenhand.errors import BadInput, Problem

__all__ = ["Draft", "make_draft", "open_draft"]

_REQUIRED: Final = ("alg", "method", "serial")
_WITH_RESERVE: Final = ("multi", "pps", "sealed", "srs")
_COUNT: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_COUNTS: Final = ("denominator", "exchange_most", "reserve_pct")
"""Parameters that are whole numbers; so is every `pair:…`."""
_WHOLE: Final = 100


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The two frozen files of a draw, read."""

    list_data: bytes
    rules_data: bytes
    rows: tuple[Row, ...]
    params: Mapping[str, str]
    quotas: Mapping[str, int]
    cells: Mapping[str, int]
    people: Mapping[str, str]
    sources: tuple[Source, ...]

    @property
    def serial(self) -> str:
        """Number in the ledger."""
        return self.params["serial"]

    @property
    def method(self) -> str:
        """How it is drawn: one of `METHODS`."""
        return self.params["method"]

    @property
    def algorithm(self) -> str:
        """Hash of the draw."""
        return self.params["alg"]

    @cached_property
    def list_hash(self) -> str:
        """L."""
        return digest(self.algorithm, self.list_data)

    @cached_property
    def list_root(self) -> str:
        """Root of the tree over the lines of the list."""
        return merkle_root(self.list_data.splitlines())

    @cached_property
    def rules_hash(self) -> str:
        """Q."""
        return digest(self.algorithm, self.rules_data)

    @cached_property
    def commit(self) -> str:
        """C."""
        return commit_of(self.list_hash, self.rules_hash, algorithm=self.algorithm)

    @cached_property
    def strata(self) -> dict[str, list[Row]]:
        """Rows by stratum."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row[1], []).append(row)
        return found


def make_draft(
    rows: Sequence[Row], *, method: str, serial: str, quotas: Mapping[str, int], sources: Sequence[str], reserve_pct: int = 0, algorithm: str = "sha256",
    more: Sequence[Row] = (),
) -> Draft:  # fmt: skip
    """Freeze a list and its rules; raises BadInput naming every row, quota and source that may not stand. `more`: further rows of the rules (param, cell, person)."""
    rules: list[Row] = [("param", "alg", algorithm), ("param", "method", method), ("param", "serial", serial)]
    rules += [("param", "reserve_pct", str(reserve_pct))] if method in _WITH_RESERVE else []
    rules += more
    rules += [("quota", key, str(count)) for key, count in quotas.items()]
    rules += [("source", f"{place:02}", rule) for place, rule in enumerate(sources, 1)]
    return open_draft(list_bytes(rows, method), rules_bytes(rules))


def open_draft(list_data: bytes, rules_data: bytes) -> Draft:
    """Read the two files of a draw; raises BadInput when they are not canonical or do not fit each other."""
    rules = read_rows(rules_data, "rules.tsv")
    rules_bytes(rules)
    held: dict[str, dict[str, str]] = {"param": {}, "quota": {}, "cell": {}, "source": {}, "person": {}}
    for kind, key, value in rules:
        held[kind][key] = value
    params = held["param"]
    lacking = [name for name in (*_REQUIRED, *(["reserve_pct"] if params.get("method") in _WITH_RESERVE else [])) if name not in params]
    if lacking:
        raise BadInput(Problem(RULES_LACK, {"names": "、".join(lacking)}))
    if params["method"] not in METHODS or params["alg"] not in ALGORITHMS:
        known = {"method": "、".join(METHODS), "alg": "、".join(ALGORITHMS)}
        raise BadInput(
            Problem(BAD_ROW, {"row": f"param / {name} / {params[name]}", "why": f"可用 {choices}"})
            for name, choices in known.items()
            if params[name] not in choices.split("、")
        )
    _check_counts(params)
    rows = read_rows(list_data, "list.tsv")
    list_bytes(rows, params["method"])
    draft = Draft(
        list_data=list_data, rules_data=rules_data, rows=tuple(rows), params=params, quotas={key: int(value) for key, value in held["quota"].items()},
        cells={key: int(value) for key, value in held["cell"].items()}, people=held["person"], sources=tuple(read_source(key, held["source"][key]) for key in sorted(held["source"])),
    )  # fmt: skip
    _check_strata(draft)
    return draft


def _check_counts(params: Mapping[str, str]) -> None:
    """Whole numbers are written in one way only, and a reserve is no more than the quota."""
    problems = [
        Problem(BAD_ROW, {"row": f"param / {name} / {text}", "why": "须为 0 以上的整数，不写前导零；候补至多 100%"})
        for name, text in sorted(params.items())
        if (name in _COUNTS or name.startswith("pair:")) and (not _COUNT.fullmatch(text) or (name == "reserve_pct" and int(text) > _WHOLE))
    ]
    if problems:
        raise BadInput(problems)


def _check_strata(draft: Draft) -> None:
    """Each stratum has its quota row and the reverse, no quota passes its stratum, and the weeks of a class hold all its visits."""
    if draft.method == "rounding":
        if {row[0] for row in draft.rows} != set(draft.cells) or int(draft.params.get("denominator", 0)) < 1:
            raise BadInput(Problem(STRATA_DIFFER, {"stratum": "（两维）", "why": "名单的格与规则的 cell 行不同，或者缺 denominator"}))
        return
    if draft.method == "teams":
        _check_people(draft)
    if draft.method == "week":
        _check_weeks(draft)
    if draft.method in {"teams", "week"}:
        return
    problems = [Problem(STRATA_DIFFER, {"stratum": name, "why": "没有名额"}) for name in draft.strata if name not in draft.quotas]
    problems += [
        Problem(STRATA_DIFFER, {"stratum": name, "why": "有名额，名单里没有对象"}) for name in draft.quotas if name not in draft.strata
    ]
    problems += [
        Problem(STRATA_DIFFER, {"stratum": name, "why": f"只有 {len(rows)} 个对象，名额却是 {draft.quotas[name]}"})
        for name, rows in draft.strata.items()
        if draft.quotas.get(name, 0) > len(rows)
    ]
    if problems:
        raise BadInput(problems)


def _check_weeks(draft: Draft) -> None:
    """Quotas of a draw of weeks are `class/week`; those of a class add up to its visits, and no other class has any."""
    held: dict[str, int] = dict.fromkeys(draft.strata, 0)
    problems = []
    for key, count in draft.quotas.items():
        name, _, week = key.rpartition("/")
        if name not in draft.strata or not _COUNT.fullmatch(week):
            problems.append(Problem(BAD_ROW, {"row": f"quota / {key} / {count}", "why": "排周的名额应写成 类/周序号，类在名单里"}))
        else:
            held[name] += count
    problems += [
        Problem(NO_QUOTA, {"text": f"类“{name}”", "found": held[name], "expected": len(rows)})
        for name, rows in draft.strata.items()
        if held[name] != len(rows)
    ]
    if problems:
        raise BadInput(problems)


def _check_people(draft: Draft) -> None:
    """Each inspector of the list has a person row `places carried/quarters`, and the reverse."""
    named = {row[2] for row in draft.rows}
    problems = [Problem(STRATA_DIFFER, {"stratum": one, "why": "没有 person 行"}) for one in sorted(named - set(draft.people))]
    problems += [Problem(STRATA_DIFFER, {"stratum": one, "why": "有 person 行，名单里没有"}) for one in sorted(set(draft.people) - named)]
    problems += [
        Problem(BAD_ROW, {"row": f"person / {one} / {told}", "why": "应写成 已承担的位置/四分之几工时，如 3/4"})
        for one, told in sorted(draft.people.items())
        if not re.fullmatch(r"(0|[1-9][0-9]*)/[1-4]", told)
    ]
    if problems:
        raise BadInput(problems)
