"""Wording: what printed text says for the marks, keys and values of code and rule files; the words come from the rule pack."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import evenhand
from evenhand.documents.model import Cover
from evenhand.rulebook import CodeList, Pack
from evenhand.standards import ELEMENTS, EXTRACTS, TABLES, Element
from evenhand.validate import QualityRule, read_rules

__all__ = ["FOLDER", "UNSETTLED", "Matter", "handbook_cover", "without_breaks"]

FOLDER: Final = "documents"
UNSETTLED: Final = "【待主管部门确认】"
"""Marks in a handbook what is not settled law."""


@cache
def _parsed(pack: Pack, folder: str) -> Mapping[str, Any]:
    return pack.documents(folder)


@dataclass(frozen=True)
class Matter:
    """All that documents are printed from: the standards in code, the rule pack, the words."""

    pack: Pack

    @cached_property
    def quality(self) -> tuple[QualityRule, ...]:
        """The quality rules, as the checks read them."""
        return read_rules(self.pack)

    def folder(self, name: str) -> Mapping[str, Any]:
        """Every rule file of a folder of the pack, parsed once."""
        return _parsed(self.pack, name)

    @cached_property
    def words(self) -> Mapping[str, Any]:
        """`documents/words.yaml`."""
        return self.folder(FOLDER).get(f"{FOLDER}/words.yaml") or {}

    @cached_property
    def references(self) -> Mapping[str, Any]:
        """`documents/references.yaml`."""
        return self.folder(FOLDER).get(f"{FOLDER}/references.yaml") or {}

    @cached_property
    def lists(self) -> Mapping[str, CodeList]:
        """Every code list by its name."""
        return {name: self.pack.codes(name) for name in self.pack.lists}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """English name of an element or a column, else of a data set or a table → its Chinese title."""
        columns = {c.name: c.title for table in TABLES.values() for c in table.columns}
        return {**self.sets, **columns, **{e.name: e.title for e in ELEMENTS.values()}}

    @cached_property
    def sets(self) -> Mapping[str, str]:
        """English name of a data set or a table of a release → its Chinese title."""
        return {name: thing.title for group in (TABLES, EXTRACTS) for name, thing in group.items()}

    def key(self, name: object) -> str:
        """Chinese word for a key of a rule file or a column of a code list."""
        return str(self.words["keys"].get(str(name), self.titles.get(str(name), name)))

    def cell(self, value: object) -> str:
        """Chinese word for a value of a rule file or a code list; what has none stays."""
        if value is None or value == "":
            return "—"
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if text in self.titles:
            return self.titles[text]
        return str(self.words["cells"].get(text, text))

    def confidence(self, tag: str) -> str:
        """How sure we are, in words: `RECALLED 90` → 待核对（约90%可能正确）."""
        mark, _, percent = str(tag).partition(" ")
        return str(self.words["confidence_words"].get(mark, tag)).format(percent=percent.strip("% "))

    def basis(self, source: str, tag: str) -> str:
        """Source and confidence on one line: 依据与核实程度."""
        return f"{source}［{self.confidence(tag)}］"

    def element_basis(self, element: Element) -> str:
        """Source and confidence of a data element; without a law it is the platform's own."""
        return self.basis(element.law or "业务约定", self.tag_of(element.law))

    def tag_of(self, law: str) -> str:
        """Confidence of a standard or law named in a text; DESIGN when the references know none."""
        known = [*self.references["standards"], *self.references["laws"]]
        found = [entry for entry in known if entry["mark"] in law]
        return str(max(found, key=lambda entry: len(entry["mark"]))["tag"]) if found else "DESIGN"

    def range_of(self, element: Element) -> str:
        """Value range (值域) of an element: its code list by title, else its form."""
        if element.codes:
            return f"代码表“{self.lists[element.codes].origin['title']}”" if element.codes in self.lists else element.codes
        return {"d8": "公历日期", "bl": "是、否"}.get(element.form, "—")

    def grade(self, mask: str) -> str:
        """Security grade of a mask: L1 to L4."""
        return str(self.words["masks"][mask][0])

    def sets_of(self, names: Sequence[str]) -> str:
        """Titles of data sets; all of them, or all that speak of a subject, in one word."""
        if len(names) == len(EXTRACTS):
            return "全部来源数据集"
        subjects = {name for name, extract in EXTRACTS.items() if extract.bears_subject}
        if set(names) == subjects:
            return "全部主体类来源数据集"
        return "、".join(self.sets[name] for name in names)


def handbook_cover(title: str, english: str) -> Cover:
    """The cover of a handbook (用户服务手册)."""
    return Cover(
        kind="用户服务手册", number="编号待定", title=title, english=english, stage="（草案）", ics="", ccs="", published="", in_force="", publisher="福建省市场监督管理局",
        file=title, edition=f"公衡{evenhand.__version__}",
    )  # fmt: skip


def without_breaks(text: object) -> str:
    """One line of text: line ends and runs of blanks become one blank."""
    return re.sub(r"\s+", " ", str(text)).strip()
