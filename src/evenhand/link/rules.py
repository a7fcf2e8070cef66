"""The linking rules of a pack: read, checked, frozen."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from evenhand.link.messages import LINK_NO_RULES, LINK_RULES_BAD
from evenhand.rulebook import Pack
from evenhand.standards import TABLES

__all__ = ["Doubt", "Key", "Limits", "LinkRules", "read_link_rules"]

_FILE = "link/keys.yaml"
_COLUMNS = frozenset(TABLES["record"].names)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Key(_Frozen):
    """One reason to join (归属依据): columns that must be equal and filled on both sides.

    `tier`: keys of one tier are asked together, those of the next only about what is still open. `against`: columns of the other side, when they differ. `code_within`: the codes of both sides may differ by so many edits.
    `veto`: filled on both sides and never equal refuses the join. `distinctive`: the name must not be common. `like`, `unlike`: patterns
    that the first part must and must not match.
    """

    id: str
    title: str
    parts: tuple[str, ...] = Field(min_length=1)
    score: float = Field(gt=0, le=1)
    tier: Literal["number", "name", "core", "weak"] = "name"
    against: tuple[str, ...] = ()
    code_within: int = Field(default=0, ge=0, le=2)
    veto: tuple[str, ...] = ()
    distinctive: bool = False
    like: str = ""
    unlike: str = ""

    @property
    def theirs(self) -> tuple[str, ...]:
        """Columns of the side that has a valid code, in the order of `parts`."""
        return self.against or self.parts

    @model_validator(mode="after")
    def _known_columns(self) -> Self:
        unknown = sorted({*self.parts, *self.against, *self.veto} - _COLUMNS)
        if unknown:
            raise ValueError(f"{self.id}：来源记录没有列 {'、'.join(unknown)}")
        if self.against and len(self.against) != len(self.parts):
            raise ValueError(f"{self.id}：against 与 parts 列数不同")
        return self


class Limits(_Frozen):
    """When a name is too thin to decide with an area alone."""

    shortest_name: int = Field(ge=1)
    most_namesakes: int = Field(ge=1)


class Doubt(_Frozen):
    """One kind of line in the review list."""

    id: str
    title: str


class Doubts(_Frozen):
    """The kinds of lines in the review list."""

    number_shared: Doubt
    undecided: Doubt
    contradicted: Doubt


class People(_Frozen):
    """How memberships that people decided are named."""

    code: Doubt
    split: Doubt
    merge: Doubt


class LinkRules(_Frozen):
    """The whole file: one exact key, keys to attach by in order of trust, keys among what is left."""

    term: str
    name: str
    meaning: str
    source: str
    read_on: object
    confidence: str
    exact: Key
    attach: tuple[Key, ...]
    group: tuple[Key, ...]
    alone: Key
    limits: Limits
    common_names: tuple[str, ...]
    follow: Key
    doubts: Doubts
    people: People

    @model_validator(mode="after")
    def _unique_ids(self) -> Self:
        ids = [key.id for key in (self.exact, *self.attach, *self.group, self.alone)]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"编号重复：{'、'.join(twice)}")
        return self

    @property
    def titles(self) -> dict[str, str]:
        """Titles by id, of the reasons to join and of the kinds of doubt."""
        listed: list[Key | Doubt] = [
            self.exact,
            *self.attach,
            self.follow,
            *self.group,
            self.alone,
            *(said for named in (self.doubts, self.people) for _, said in named),
        ]
        return {rule.id: rule.title for rule in listed}


def read_link_rules(pack: Pack) -> LinkRules:
    """Read `link/keys.yaml` of the pack; raises BadInput with every fault of it."""
    return pack.record(_FILE, LinkRules, missing=LINK_NO_RULES, bad=LINK_RULES_BAD)
