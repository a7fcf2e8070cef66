"""What the page of a model shows: the rules in words, and the scheme in force."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from evenhand.grade import GradeRules, condition_text, frequency_lines, indicator_lines, trigger_lines
from evenhand.rulebook import cited

__all__ = ["model_page"]


def model_page(rules: GradeRules, name: str, *, day: date, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of a model's page: the model, the scheme in force on a day, every rule as a line."""
    one = rules.models[name]
    scheme = rules.schemes[rules.chosen(name, on=day) or next(s.name for s in rules.schemes.values() if name in s.models)]
    return {
        "model": one, "scheme": scheme, "covers": condition_text(one.covers, names) or "名录中的全部主体", "source": cited(one.source),
        "indicators": indicator_lines(one, scheme, rules, names), "triggers": trigger_lines(scheme, names), "frequency": frequency_lines(scheme),
        "models": list(rules.models.values()), "choice": sorted(rules.choice.get(name, {}).items()),
    }  # fmt: skip
