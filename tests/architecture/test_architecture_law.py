"""No number of the law stands in Python: what the rule pack states as a dated value is not compared with, counted by or kept in code."""

import ast
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from tree import ROOT

from evenhand.rulebook import shipped_pack

SOURCE: Final = ROOT / "src" / "evenhand"
UNITS: Final = (
    "days",
    "months",
    "years",
    "working_days",
    "visits",
    "percent",
    "points",
    "least",
    "most",
    "cap",
    "persons",
    "minutes",
    "weeks",
)
SMALL, WHOLE = Decimal(2), Decimal(100)
"""Numbers up to the small one are counted with everywhere; the whole of a percentage is no rule of law."""

#: Places where a number that the law also knows means something else: file, number, why.
MEANS_SOMETHING_ELSE: Final[Mapping[tuple[str, int], str]] = {
    ("draw/canonical.py", 3): "columns of a row of the rules",
    ("cli/prices.py", 20): "rows shown on a screen",
    ("decisions/standing.py", 24): "length of the id of a record",
    ("pipeline/simulating.py", 12): "months a backtest looks ahead, chosen by the product",
    ("pipeline/planning/writing.py", 5): "weekdays of a week",
    ("plan/insert.py", 5): "weekdays of a week",
    ("plan/period.py", 7): "days of a week",
    ("publish/queries.py", 4): "length from which a text is looked for as a number",
    ("repair/proposing.py", 3): "proposals shown for one code",
    ("web/accounts/passwords.py", 3): "kinds of signs in a password",
    ("web/registry/figures.py", 12): "offices shown in a chart",
    ("web/settings.py", 15): "minutes a sign-in stays locked, set by the operator",
    ("validate/functions.py", 3): "number of arguments of a function of the rule language",
    ("validate/functions.py", 4): "number of arguments of a function of the rule language",
    ("validate/functions.py", 6): "number of arguments of a function of the rule language",
    ("validate/lookups.py", 5): "Friday, of the week",
    ("grade/advice.py", 36): "how far ahead an owner is advised, chosen by the product and no rule of law",
}


def stated() -> set[Decimal]:
    """All numbers that the dated values of the shipped pack hold."""

    def numbers(value: Any) -> Iterator[Decimal]:
        if isinstance(value, Decimal):
            yield value
        elif isinstance(value, Mapping | tuple):
            for one in value.values() if isinstance(value, Mapping) else value:
                yield from numbers(one)

    return {
        number
        for one in shipped_pack().parameters
        for dated in one.values.values()
        for number in numbers(dated.value)
        if number > SMALL and number != WHOLE
    }


def literals(tree: ast.AST) -> Iterator[tuple[int, Decimal]]:
    """Numbers that are compared with, given for a unit of time or count, or kept under a name that says such a unit."""
    for node in ast.walk(tree):
        asked: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            asked = [node.left, *node.comparators]
        elif isinstance(node, ast.keyword) and node.arg in UNITS:
            asked = [node.value]
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            names = [t.id.lower() for t in (node.targets if isinstance(node, ast.Assign) else [node.target]) if isinstance(t, ast.Name)]
            asked = [node.value] if any(name.strip("_").endswith(UNITS) for name in names) else []
        for one in asked:
            if isinstance(one, ast.Constant) and isinstance(one.value, int | float) and not isinstance(one.value, bool):
                yield one.lineno, Decimal(str(one.value))


def rooms() -> Iterator[str]:
    """Rooms that decide or tell: all but the practice province, whose numbers are of its own invention, and the shapes of identifiers."""
    yield from (
        path.name
        for path in sorted(SOURCE.iterdir())
        if path.is_dir() and path.name not in {"practice", "identifiers", "engine", "__pycache__"}
    )


def test_no_number_of_the_law_stands_in_python() -> None:
    law = stated()
    found = [
        f"{name}:{line}: {number}"
        for room in rooms()
        for path in sorted((SOURCE / room).rglob("*.py"))
        for line, number in literals(ast.parse(path.read_text("utf-8")))
        if number in law and ((name := path.relative_to(SOURCE).as_posix()), int(number)) not in MEANS_SOMETHING_ELSE
    ]

    assert found == []


def test_the_search_finds_what_it_looks_for() -> None:
    tree = ast.parse("if x > 90: pass\nlater(day, months=24)\nPUBLISH_DAYS = 20\nwidth = 20\n")

    assert sorted(literals(tree)) == [(1, Decimal(90)), (2, Decimal(24)), (3, Decimal(20))]
