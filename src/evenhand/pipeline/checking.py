"""Read a whole rule pack with every reader of the product and tell all its faults at once (规则包检查)."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from evenhand.engine import open_engine
from evenhand.errors import BadInput, Message, Problem
from evenhand.golden import read_golden_rules
from evenhand.grade import GradeRules, read_grade_rules
from evenhand.grade import failing_cases as failing_grade_cases
from evenhand.jurisdiction import read_jurisdiction_rules
from evenhand.link import read_likeness, read_link_rules
from evenhand.pipeline.drawing import read_agreed
from evenhand.plan import read_approvals, read_matters, read_plan_rules, read_seasons
from evenhand.price import read_price_rules
from evenhand.repair import read_repair_rules
from evenhand.rulebook import Pack, read_calendar
from evenhand.standardise import read_dictionaries
from evenhand.tag import TagRules, read_tag_rules
from evenhand.tag import failing_cases as failing_tag_cases
from evenhand.validate import QualityRule, read_rules, read_weights, run_cases

__all__ = ["READERS", "check_pack"]


def _all(pack: Pack, *readers: Callable[[Pack], Any]) -> tuple[Any, ...]:
    """What several readers make of a pack; raises BadInput with the faults of all of them."""
    found: list[Any] = []
    problems: list[Problem] = []
    for reader in readers:
        try:
            found.append(reader(pack))
        except BadInput as refused:
            problems += refused.problems
    if problems:
        raise BadInput(problems)
    return tuple(found)


READERS: Final[Mapping[str, Callable[[Pack], Any]]] = {
    "parameters": lambda pack: pack.parameters,
    "quality": lambda pack: (read_weights(pack), read_rules(pack))[1],
    "standardise": read_dictionaries,
    "link": lambda pack: (read_link_rules(pack), read_likeness(pack))[0],
    "golden": read_golden_rules,
    "repair": read_repair_rules,
    "jurisdiction": read_jurisdiction_rules,
    "tags": read_tag_rules,
    "price": read_price_rules,
    "grading": read_grade_rules,
    "calendar": read_calendar,
    "planning": lambda pack: _all(pack, read_plan_rules, read_agreed, read_matters, read_approvals, read_seasons),
}
"""What reads each part of a pack."""

_CASE_FAILS: Final = Message(
    "RULE-16",
    zh="规则 {rule} 的示例“{case}”应为 {expected}，按规则得 {found}。请改正规则或者示例。",
    en="rule {rule}, case `{case}`: expected {expected}, the rule gives {found}. Correct the rule or the case.",
)


def check_pack(pack: Pack, *, cases: bool = True) -> dict[str, Any]:
    """Return what each reader made of the pack, by name; raises BadInput with every fault of every file.

    Args:
        pack: the rule pack.
        cases: whether worked cases are run as well.
    """
    problems = list(pack.strangers())
    read: dict[str, Any] = {}
    for name, reader in READERS.items():
        try:
            read[name] = reader(pack)
        except BadInput as refused:
            problems += refused.problems
    for name in pack.lists:
        try:
            pack.codes(name)
        except BadInput as refused:
            problems += refused.problems
    if cases and not problems:
        problems += _failing(pack, read)
    if problems:
        raise BadInput({(one.code, one.zh): one for one in problems}.values())
    return read


def _failing(pack: Pack, read: Mapping[str, Any]) -> Iterator[Problem]:
    grading: GradeRules = read["grading"]
    tags: TagRules = read["tags"]
    quality: tuple[QualityRule, ...] = read["quality"]
    yield from failing_grade_cases(pack, grading)
    with TemporaryDirectory(prefix="evenhand-") as folder, open_engine("duckdb", scratch=Path(folder), memory_gib=2.0) as engine:
        yield from failing_tag_cases(tags, engine=engine)
        for result in run_cases(quality, engine=engine, pack=pack):
            if result.outcome != result.case.expect:
                told = {
                    "rule": result.rule.id,
                    "case": result.case.title or result.case.rows[0],
                    "expected": result.case.expect,
                    "found": result.outcome,
                }
                yield Problem(_CASE_FAILS, told)
