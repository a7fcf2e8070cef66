"""All grading rules of a pack, read and checked: models, schemes, common indicators, and which scheme is in force (分级规则)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from evenhand.errors import BadInput, Problem
from evenhand.grade.messages import GRADE_NO_MODEL, GRADE_NO_SCHEME
from evenhand.grade.shapes import Indicator, Model, Scheme, tenths

__all__ = ["GradeRules", "GroundWords", "dated_choice", "most"]


class GroundWords(BaseModel):
    """Words by which a source row is known as a ground: text it contains → class, the first that fits; checklist items of self-checks and recalls; months within which moves count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    penalty: dict[str, str]
    penalty_level: dict[str, str]
    complaint: dict[str, str]
    abnormal: dict[str, str]
    certificate: dict[str, str]
    self_check: tuple[str, ...]
    recall: tuple[str, ...]
    moves_months: int = Field(ge=1)


@dataclass(frozen=True, kw_only=True)
class GradeRules:
    """All of a pack. `choice`: by model, the scheme by first day in force; `later`: by scheme, its later states by first day; `history_from`: first day that is graded. `lists`: points in tenths by code, by name of the list and column."""

    models: Mapping[str, Model]
    schemes: Mapping[str, Scheme]
    common: Mapping[str, Indicator]
    choice: Mapping[str, Mapping[date, str]]
    later: Mapping[str, Mapping[date, str]]
    history_from: date
    words: GroundWords
    lists: Mapping[tuple[str, str], Mapping[str, int]]

    def model(self, name: str) -> Model:
        """Return the model of that name; raises BadInput naming those there are."""
        if name not in self.models:
            raise BadInput(Problem(GRADE_NO_MODEL, {"name": name, "known": "、".join(self.models)}))
        return self.models[name]

    def scheme(self, name: str) -> Scheme:
        """Return the scheme of that name; raises BadInput naming those there are."""
        if name not in self.schemes:
            raise BadInput(Problem(GRADE_NO_SCHEME, {"name": name, "known": "、".join(self.schemes)}))
        return self.schemes[name]

    def chosen(self, model: str, *, on: date) -> str | None:
        """Return the name of the scheme in force for a model on a day; None before the first."""
        past = [day for day in self.choice.get(model, {}) if day <= on]
        return self.choice[model][max(past)] if past else None

    def under(self, scheme: str, *, models: Iterable[str] = ()) -> "GradeRules":
        """Return the rules as if this scheme had always been in force, for the models given or all that it grades."""
        chosen = tuple(models) or self.scheme(scheme).models
        return replace(
            self, choice=dict(self.choice) | {key: dated_choice({date.min: self.scheme(scheme).name}, self.later) for key in chosen}
        )

    def indicators(self, model: str, scheme: Scheme) -> tuple[Indicator, ...]:
        """Return the indicators that count for a model under a scheme, in the order of its parts."""
        own = self.models[model].indicators
        used = [*own, *(one for one in self.common.values() if one.id in scheme.points)]
        return tuple(one for part in scheme.parts for one in used if one.part == part)


def dated_choice(choice: Mapping[date, str], later: Mapping[str, Mapping[date, str]]) -> dict[date, str]:
    """Return the scheme by first day in force, with the later states of each scheme put in where they begin while it is chosen."""
    found: dict[date, str] = {}
    days = sorted(choice)
    for day, following in zip(days, [*days[1:], date.max], strict=True):
        states = later.get(choice[day], {})
        begun = [first for first in states if first <= day]
        found[day] = states[max(begun)] if begun else choice[day]
        found |= {first: name for first, name in states.items() if day < first < following}
    return dict(sorted(found.items()))


def most(indicator: Indicator, scheme: Scheme) -> int:
    """Return the most tenths that an indicator can give under a scheme."""
    return tenths(scheme.points[indicator.id] if indicator.max is None else indicator.max)
