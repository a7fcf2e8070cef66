"""What the page of a model shows: the rules in words, and the scheme in force."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from evenhand.grade import GradeRules, Line, condition_text, frequency_lines, indicator_lines, trigger_lines
from evenhand.rulebook import cited
from evenhand.web.grades.plain import confidence, plain

__all__ = ["model_page"]


def model_page(rules: GradeRules, name: str, *, day: date, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of a model's page: the model, the scheme in force on a day, every rule as a line."""
    one = rules.models[name]
    scheme = rules.schemes[rules.chosen(name, on=day) or next(s.name for s in rules.schemes.values() if name in s.models)]
    terms = {s.name: s.term for s in rules.schemes.values()}

    def worded(lines: list[Line]) -> list[Line]:
        return [
            replace(line, source=plain(line.source, terms), note=plain(line.note, terms), confidence=confidence(line.confidence))
            for line in lines
        ]

    return {
        "model": one, "scheme": scheme, "covers": condition_text(one.covers, names) or "名录中的全部主体", "source": plain(cited(one.source), terms),
        "meaning": plain(one.meaning, terms), "scheme_meaning": plain(scheme.meaning, terms), "note": plain(one.source.note, terms),
        "indicators": worded(indicator_lines(one, scheme, rules, names)), "triggers": worded(trigger_lines(scheme, names)), "frequency": worded(frequency_lines(scheme)),
        "models": list(rules.models.values()), "choice": [(since, terms.get(of, of)) for since, of in sorted(rules.choice.get(name, {}).items())],
    }  # fmt: skip
