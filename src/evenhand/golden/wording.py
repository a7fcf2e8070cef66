"""Wording: a reason from a template of the rules, with values of the row in its places."""

import functools
import operator
from string import Formatter

import ibis
import ibis.expr.types as ir

__all__ = ["filled"]


def filled(template: str, **values: ir.Value | str | int) -> ir.StringValue:
    """Return the template with each `{name}` replaced by the value of that name; NULL when a value of the row is.

    KeyError when the template names a value that is not given: rules are read before, by tests of every template.
    """
    parts: list[ir.StringValue] = []
    for text, name, _, _ in Formatter().parse(template):
        if text:
            parts.append(ibis.literal(text))
        if name is not None:
            value = values[name]
            parts.append(value.cast("string") if isinstance(value, ir.Value) else ibis.literal(str(value)))
    return functools.reduce(operator.add, parts, ibis.literal("")) if len(parts) != 1 else parts[0]
