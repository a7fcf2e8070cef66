"""The rules of jurisdiction of a pack: read, checked, frozen."""

import re
from datetime import date
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from evenhand.errors import BadInput, Problem
from evenhand.jurisdiction.messages import JURISDICTION_NO_RULES, JURISDICTION_RULES_BAD
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS, VOTERS

__all__ = ["JurisdictionRules", "VoteRules", "Zone", "read_jurisdiction_rules"]

PLACE_VOTERS: Final = ("zone", "town", "road", "county")
"""Who votes from the place, the most exact first."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Document(_Frozen):
    term: str
    name: str
    meaning: str
    source: str
    read_on: object
    confidence: str


class PlaceWeights(_Frozen):
    """Weight of each vote from the place."""

    zone: float = Field(gt=0)
    town: float = Field(gt=0)
    road: float = Field(gt=0)
    county: float = Field(gt=0)


class Road(_Frozen):
    """When the other sites of a road count as a vote."""

    least_sites: int = Field(ge=1)
    least_share: float = Field(gt=0.5, le=1)


class Levels(_Frozen):
    """Levels of offices as the list of agencies words them."""

    station: tuple[str, ...]
    bureau: tuple[str, ...]
    above: tuple[str, ...]


class Least(_Frozen):
    """Smallest shares of all votes, and how many kinds of source must agree with a correction."""

    agreed: float = Field(ge=0, le=1)
    corrected: float = Field(ge=0.5, le=1)
    agreeing: int = Field(ge=0)


class Area(_Frozen):
    """How an area is written in the list of agencies."""

    separators: str
    whole: tuple[str, ...]

    @field_validator("separators")
    @classmethod
    def _is_a_pattern(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as fault:
            raise ValueError(f"不是正则式：{fault}") from fault
        return text


class EvidenceWords(_Frozen):
    """Wording of the evidence of each voter."""

    zone: str
    town: str
    road: str
    county: str
    issuer: str
    source: str
    outside: str
    former: str
    closed: str


class ReasonWords(_Frozen):
    """Wording of the parts of a reason."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    empty: str
    unlisted: str
    closed: str
    stated: str
    elsewhere: str
    same: str
    place: str
    other_place: str
    no_place: str
    for_: str = Field(alias="for")
    against: str
    above: str
    unknown: str
    bureau: str


class VoteRules(_Document):
    """`jurisdiction/votes.yaml`."""

    place: PlaceWeights
    road: Road
    issuer: float = Field(gt=0)
    sources: dict[str, float] = Field(min_length=1)
    outside: float = Field(ge=0, le=1)
    levels: Levels
    doubt: float = Field(ge=0)
    least: Least
    due_working_days: int = Field(ge=1)
    area: Area
    evidence: EvidenceWords
    reasons: ReasonWords

    @field_validator("sources")
    @classmethod
    def _are_kinds(cls, sources: dict[str, float]) -> dict[str, float]:
        if unknown := sorted(kind for kind in sources if kind not in VOTERS or kind not in EXTRACTS):
            raise ValueError(f"没有写明机构的数据种类 {'、'.join(unknown)}")
        if wrong := sorted(kind for kind, weight in sources.items() if weight <= 0):
            raise ValueError(f"票重应大于零：{'、'.join(wrong)}")
        return sources

    @property
    def voters(self) -> tuple[str, ...]:
        """Every voter; tables call one by its place here."""
        return (*PLACE_VOTERS, "issuer", *self.sources)


class Zone(_Frozen):
    """One area with an office of its own that is no town: `words` in an address of `county` name it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    title: str
    county: str = Field(pattern="^[0-9]{6}$")
    words: tuple[str, ...] = Field(min_length=1)
    office: str
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"{self.id}：止日早于起日")
        return self


class _ZoneRules(_Document):
    zones: tuple[Zone, ...]

    @model_validator(mode="after")
    def _unique_ids(self) -> Self:
        ids = [zone.id for zone in self.zones]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"编号重复：{'、'.join(twice)}")
        return self


class JurisdictionRules(_Frozen):
    """Both files of `jurisdiction/`."""

    votes: VoteRules
    zones: tuple[Zone, ...]


def read_jurisdiction_rules(pack: Pack) -> JurisdictionRules:
    """Read `jurisdiction/votes.yaml` and `jurisdiction/zones.yaml`; raises BadInput with every fault of them."""
    documents = pack.documents("jurisdiction")
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for key, file, model in (("votes", "jurisdiction/votes.yaml", VoteRules), ("zones", "jurisdiction/zones.yaml", _ZoneRules)):
        if file not in documents:
            problems.append(Problem(JURISDICTION_NO_RULES, {"pack": pack.name, "file": file}))
            continue
        read[key] = pack.shaped(file, documents[file], model, JURISDICTION_RULES_BAD, problems)
    if problems:
        raise BadInput(problems)
    return JurisdictionRules(votes=read["votes"], zones=read["zones"].zones)
