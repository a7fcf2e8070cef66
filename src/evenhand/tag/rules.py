"""Tag rules: families, tags and rules as a pack states them, read, checked, frozen. Every fault of a pack is told at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from evenhand.errors import BadInput, Problem
from evenhand.rulebook import Pack
from evenhand.tag.conditions import columns_of, placeholders, problems_of, words_of
from evenhand.tag.messages import TAG_NO_RULES, TAG_RULES_BAD
from evenhand.tag.views import COLUMNS
from evenhand.tag.words import Words

__all__ = ["Absent", "Rule", "RuleCases", "Tag", "TagFamily", "TagRules", "read_tag_file", "read_tag_rules"]

Where = Mapping[str, Any]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Absent(_Frozen):
    """What a subject must not have: no row of `read` that passes `where`."""

    read: str
    where: dict[str, Any] = Field(default_factory=dict)


class RuleCases(_Frozen):
    """Worked cases of one rule: rows of its view that must, and must not, give the tag."""

    yes: tuple[dict[str, Any], ...] = Field(min_length=1)
    no: tuple[dict[str, Any], ...] = Field(min_length=1)


class Rule(_Frozen):
    """One way to a tag: the rows of `read` that pass `where`.

    `count`: least number of rows, or of different values of `of`. `none`: what the subject must not have besides. `column`, `by`: under `each`, the
    column that holds the list's `by`. `from`, `to`: columns of the period; `lasts_days`: its length when there is no `to`. `law` and `confidence`:
    of the rule, where they differ from the file's. `certainty`: how sure the tag is, from 0 to 1.
    """

    id: str
    version: int = Field(ge=1)
    read: str
    where: dict[str, Any] = Field(default_factory=dict)
    count: int = Field(default=1, ge=1)
    of: str = ""
    none: tuple[Absent, ...] = ()
    column: str = ""
    by: str = ""
    evidence: str
    since: str = Field(default="", alias="from")
    until: str = Field(default="", alias="to")
    lasts_days: int | None = Field(default=None, ge=1)
    law: str = ""
    confidence: str = ""
    certainty: float = Field(default=1.0, gt=0, le=1)
    cases: RuleCases | None = None

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, data: Any) -> Any:
        """Let one absence stand without a list."""
        return data | {"none": [data["none"]]} if isinstance(data, dict) and isinstance(data.get("none"), dict) else data

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.read not in COLUMNS:
            raise ValueError(f"{self.id}：没有视图 {self.read}；可用 {'、'.join(COLUMNS)}")
        used = columns_of(self.where) | {name for name in (self.since, self.until, self.column, self.of) if name}
        if unknown := sorted((used | set(placeholders(self.evidence)) - {"count"}) - set(COLUMNS[self.read])):
            raise ValueError(f"{self.id}：{self.read} 没有列 {'、'.join(unknown)}")
        if faults := problems_of(self.where):
            raise ValueError(f"{self.id}：{'；'.join(faults)}")
        for absent in self.none:
            if columns_of(absent.where) - set(COLUMNS.get(absent.read, ())) or absent.read not in COLUMNS:
                raise ValueError(f"{self.id}：none 的视图或者列不存在")
        if self.count > 1 and set(placeholders(self.evidence)) - {"count"}:
            raise ValueError(f"{self.id}：计数的规则，依据里只能写 {{count}}")
        return self


class Tag(_Frozen):
    """One tag value: code, official wording, short names for queries, and the rules that give it.

    `opposites`: names of its absence. `scale` and `rank`: its place among comparable values (sizes, grades).
    """

    code: str = Field(pattern=r"^T[0-9]{2}-[0-9A-Z]+$")
    value: str
    aliases: tuple[str, ...] = ()
    opposites: tuple[str, ...] = ()
    scale: str = ""
    rank: int = 0
    note: str = ""
    rules: tuple[Rule, ...] = ()


class TagFamily(_Frozen):
    """One file of `tags/`: a family with its dictionaries and tags. `each` adds one tag per code of a list, under rules of their own."""

    family: str = Field(pattern=r"^T[0-9]{2}$")
    term: str
    name: str
    meaning: str
    source: str
    read_on: object
    confidence: str
    note: str = ""
    aliases: tuple[str, ...] = ()
    words: dict[str, Words] = Field(default_factory=dict)
    tags: tuple[Tag, ...] = ()
    each: tuple["EachTag", ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for tag in self.tags:
            if not tag.code.startswith(self.family):
                raise ValueError(f"{tag.code} 不属于 {self.family}")
        for rule in self.rules():
            conditions = [rule.where, *(absent.where for absent in rule.none)]
            if unknown := sorted(set().union(*map(words_of, conditions)) - set(self.words)):
                raise ValueError(f"{rule.id}：没有词典 {'、'.join(unknown)}")
        return self

    def rules(self) -> Iterator[Rule]:
        """Walk the rules, those of `each` too."""
        for tag in self.tags:
            yield from tag.rules
        for each in self.each:
            yield from each.rules


class EachTag(_Frozen):
    """Tags made from a code list: `prefix` and the column `code_column` give the code; rules compare their `column` with the list's `by`."""

    prefix: str
    codes: str
    code_column: str
    filter: dict[str, str] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class TagRules:
    """All families of a pack, with the tags made from code lists.

    `members`: for each rule of an `each`, the values of its column and the tag code each gives.
    """

    families: tuple[TagFamily, ...]
    tags: tuple[Tag, ...]
    members: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str]

    def reading(self, view: str) -> "TagRules":
        """Return only the rules that read one view, with their tags and families."""
        kept = {t.code: t.model_copy(update={"rules": tuple(r for r in t.rules if r.read == view)}) for t in self.tags}
        tags = tuple(tag for tag in kept.values() if tag.rules)
        families = [
            f.model_copy(update={"tags": tuple(t for t in tags if t.code in {own.code for own in f.tags}), "each": ()})
            for f in self.families
        ]
        return TagRules(families=tuple(f for f in families if f.tags), tags=tags, members={}, files=self.files)

    def family_of(self, code: str) -> TagFamily:
        """Return the family of a tag code; KeyError when there is none."""
        for family in self.families:
            if code.startswith(family.family):
                return family
        raise KeyError(code)


def read_tag_rules(pack: Pack) -> TagRules:
    """Read every file of `tags/`; raises BadInput with every fault of them."""
    documents = pack.documents("tags")
    if not documents:
        raise BadInput(Problem(TAG_NO_RULES, {"pack": pack.name}))
    return _rules(documents, pack)


def read_tag_file(name: str, document: Any, pack: Pack) -> TagRules:
    """Read one family outside a pack, such as a rule that is to be tried; raises BadInput with every fault of it."""
    return _rules({name: document}, pack)


def _rules(documents: Mapping[str, Any], pack: Pack) -> TagRules:
    problems: list[Problem] = []
    families: dict[str, TagFamily] = {}
    for file, document in documents.items():
        made = pack.shaped(file, document, TagFamily, TAG_RULES_BAD, problems)
        if made is not None:
            families[file] = made
    tags = [tag for family in families.values() for tag in family.tags]
    members: dict[str, dict[str, str]] = {}
    for family in families.values():
        for each in family.each:
            listed = [row for row in pack.codes(each.codes) if all(row[key] == value for key, value in each.filter.items())]
            rows = [row for row in listed if row[each.code_column].isdigit()]
            named = {row[each.code_column]: Tag(code=each.prefix + row[each.code_column], value=row["name"]) for row in rows}
            tags += named.values()
            for rule in each.rules:
                members[rule.id] = {row[rule.by]: named[row[each.code_column]].code for row in rows}
    problems += [*_doubled(families, tags)]
    if problems:
        raise BadInput(problems)
    return TagRules(
        families=tuple(families.values()),
        tags=tuple(sorted(tags, key=lambda tag: tag.code)),
        members=members,
        files={family.family: file for file, family in families.items()},
    )


def _doubled(families: Mapping[str, TagFamily], tags: list[Tag]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for file, family in families.items():
        for key in (family.family, *(tag.code for tag in family.tags), *(rule.id for rule in family.rules())):
            if key in seen:
                yield Problem(TAG_RULES_BAD, {"file": file, "where": key, "why": f"编号重复，已在 {seen[key]} 出现"})
            seen[key] = file
    codes = [tag.code for tag in tags]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Problem(TAG_RULES_BAD, {"file": "tags", "where": code, "why": "同一编号有两个标签"})


TagFamily.model_rebuild()
