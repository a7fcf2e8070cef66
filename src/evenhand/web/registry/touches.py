"""What an open defect touches, in words."""

from collections.abc import Mapping
from typing import Any

from evenhand.standards import REACHES

__all__ = ["touched_shown"]


def touched_shown(touched: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a defect touches (`subjects` and the columns of REACHES), without the kinds of which there is nothing."""
    kinds = [{"title": "主体", "n": touched["subjects"], "unit": "户"}]
    kinds += [{"title": reach.title, "n": touched[reach.name], "unit": reach.unit} for reach in REACHES]
    return [kind for kind in kinds if kind["n"]]
