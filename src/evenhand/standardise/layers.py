"""Layers: a cleaning is a short row of steps, and all fields take their first step together, then their second, and so on.

A step may name the cell several times. Written into one another the steps would multiply (three uses of three uses of three …);
one projection per layer keeps the expression as long as the sum of its steps.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import count

import ibis.expr.types as ir

__all__ = ["Step", "apply_steps", "plain"]

Step = Callable[[ir.Value, ir.StringValue], ir.Value]
"""From the cell and the name of the row's source to the cell after this step."""


def plain(clean: Callable[..., ir.Value]) -> Step:
    """Return a step from a cleaning that needs only the cell."""

    def step(cell: ir.Value, _source: ir.StringValue) -> ir.Value:
        return clean(cell)

    return step


def apply_steps(table: ir.Table, steps: Mapping[str, Sequence[Step]]) -> ir.Table:
    """Return the table with each named column after all its steps; column needed besides: source."""
    for depth in count():
        layer = {name: row[depth](table[name], table.source) for name, row in steps.items() if depth < len(row)}
        if not layer:
            return table
        table = table.mutate(**layer)
    raise AssertionError  # pragma: no cover — count() never ends
