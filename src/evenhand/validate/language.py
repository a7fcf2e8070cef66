"""The language of conditions: Python's own grammar, cut down to a list, and read into column expressions.

Allowed: names (fields of the data set), text, numbers, True, False, None; `and or not`, comparisons (also chained), `in (…)`,
`+ - * /`, `a if c else b`, and calls of the functions in `validate.functions`. Everything else is refused by name.

Truth has three values, as in SQL: what cannot be told from an empty cell is NULL, and the rule says how it reads that.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import ibis

from evenhand.rulebook import Pack
from evenhand.validate.functions import TABLE_FUNCTIONS, VALUE_FUNCTIONS, Cell, Function
from evenhand.validate.numbers import KNOWN, Known

__all__ = ["Expression", "Scope", "compile_expression", "function_named", "is_boolean", "known_column", "name_of", "parse", "table_calls"]

_COMPARE: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_ALLOWED: Final = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Compare, ast.In, ast.NotIn, ast.IfExp,
    ast.Call, ast.Name, ast.Load, ast.Constant, ast.Tuple, ast.List, *_COMPARE, *_ARITHMETIC,
)  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """One parsed expression: its text and its tree."""

    text: str
    tree: ast.expr

    @property
    def names(self) -> set[str]:
        """Names of fields and columns it reads."""
        functions = {id(call.func) for call in ast.walk(self.tree) if isinstance(call, ast.Call)}
        return {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name) and id(node) not in functions}

    @property
    def calls(self) -> tuple[ast.Call, ...]:
        """Every call in it."""
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What names and table functions mean for one table: columns by name, joined columns by the text of the call."""

    columns: Mapping[str, Cell]
    joined: Mapping[str, Cell]
    pack: Pack


def parse(text: str) -> Expression:
    """Parse one expression; raises ValueError naming what is not part of the language."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as fault:
        raise ValueError(f"“{text.strip()}”") from fault
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ValueError(  # noqa: TRY004 — one kind of refusal for every fault of a text
                f"“{ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__}”"
            )
        if isinstance(node, ast.Call) and (node.keywords or not isinstance(node.func, ast.Name)):
            raise ValueError(f"“{ast.unparse(node)}”")
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in node.ops) and not _is_membership(node):
            raise ValueError(f"“{ast.unparse(node)}”")
    return Expression(text.strip(), tree.body)


def _is_membership(node: ast.Compare) -> bool:
    return len(node.ops) == 1 and isinstance(node.comparators[0], ast.Tuple | ast.List)


def name_of(call: ast.Call) -> str:
    """Return the name of the function called; `parse` lets only plain names be called."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def function_named(name: str) -> Function | None:
    """Return the function of that name, or None."""
    return VALUE_FUNCTIONS.get(name) or TABLE_FUNCTIONS.get(name)


def table_calls(expressions: Iterator[Expression] | Sequence[Expression]) -> dict[str, ast.Call]:
    """Return each distinct call of a table function, by its text, in order of first use."""
    found: dict[str, ast.Call] = {}
    for expression in expressions:
        for call in expression.calls:
            if name_of(call) in TABLE_FUNCTIONS:
                found.setdefault(ast.unparse(call), call)
    return found


def compile_expression(tree: ast.expr, scope: Scope) -> Cell:  # noqa: C901, PLR0911 — one line per form of the language
    """Return the column expression of a tree; Ibis raises its own error when types do not fit."""
    match tree:
        case ast.Constant(value=value):
            return ibis.null() if value is None else value
        case ast.Name(id=name):
            return scope.columns[name]
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return [compile_expression(item, scope) for item in items]
        case ast.BoolOp(op=op, values=values):
            return reduce(
                operator.and_ if isinstance(op, ast.And) else operator.or_, [compile_expression(value, scope) for value in values]
            )
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ~compile_expression(operand, scope)
        case ast.UnaryOp(operand=operand):
            return -compile_expression(operand, scope)
        case ast.BinOp(left=left, op=sign, right=right):
            return _ARITHMETIC[type(sign)](compile_expression(left, scope), compile_expression(right, scope))
        case ast.IfExp(test=test, body=body, orelse=other):
            return compile_expression(test, scope).ifelse(compile_expression(body, scope), compile_expression(other, scope))
        case ast.Compare():
            return _compare(tree, scope)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, args, tree, scope)
    raise ValueError(ast.unparse(tree))


def _compare(tree: ast.Compare, scope: Scope) -> Cell:
    first = compile_expression(tree.left, scope)
    if isinstance(tree.ops[0], ast.In | ast.NotIn):
        inside = first.isin(compile_expression(tree.comparators[0], scope))
        return ~inside if isinstance(tree.ops[0], ast.NotIn) else inside
    parts = []
    for sign, right in zip(tree.ops, tree.comparators, strict=True):
        second = compile_expression(right, scope)
        parts.append(_COMPARE[type(sign)](first, second))
        first = second
    return reduce(operator.and_, parts)


def _call(name: str, args: Sequence[ast.expr], tree: ast.Call, scope: Scope) -> Cell:
    if name in TABLE_FUNCTIONS:
        return scope.joined[ast.unparse(tree)]
    function = VALUE_FUNCTIONS[name]
    values = [compile_expression(arg, scope) for arg in args]
    value = function.build(*values, pack=scope.pack) if function.lists else function.build(*values)
    known = known_column(tree)
    if known is None or known.column not in scope.columns:
        return value
    # A CASE works its second branch out only for the rows that need it; an OR works out both for all.
    return ibis.cases((known.holds(scope.columns), ibis.literal(True)), else_=value)  # noqa: FBT003 — a constant


def known_column(call: ast.Call) -> Known | None:
    """Return where `record` already answers this call, or None."""
    known = KNOWN.get(name_of(call))
    return known if known and isinstance(call.args[0], ast.Name) and call.args[0].id == known.argument else None


def is_boolean(value: Cell) -> bool:
    """Whether a compiled expression answers yes, no or cannot tell."""
    return isinstance(value, bool) or (isinstance(value, ibis.Expr) and value.type().is_boolean())
