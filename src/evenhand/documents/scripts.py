"""Scripts (底稿): the prose of a document as YAML in the rule pack, with the places where data are printed into it.

A clause has `title`, perhaps `mark`, `text`, `terms`, `clauses`. An entry of `text` is a sentence, a list of items, or a mapping with
one of `note`, `dash` (items without letters), `figure`, `print` (a printer by name; further keys are its arguments).
`{@mark}` becomes the number of what carries that mark; `{#name}` a count: `{#elements}`, `{#rules}` …
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import evenhand
from evenhand.documents import codes, datasets, elements, matters, parameters, quality, rulefiles, security
from evenhand.documents.changes import Change, change_clauses
from evenhand.documents.messages import NO_SCRIPT, SCRIPT_BAD
from evenhand.documents.model import Block, Clause, Cover, Document, Figure, Listing, Paragraph, Term
from evenhand.documents.numbering import mapped, numbered, texts
from evenhand.documents.wording import FOLDER, Matter
from evenhand.errors import BadInput, Problem
from evenhand.standards import DOUBLE_RANDOM, ELEMENTS, EXTRACTS, TABLES

__all__ = ["documents_of", "facts_of"]

_COVER: Final = ("kind", "number", "title", "english", "stage", "ics", "ccs", "published", "in_force", "publisher", "file")
_YEAR: Final = re.compile(r"((?:GB|GS)(?:/T)? ?[\d.]+)-((?:19|20)\d\d)\b")
_PRINTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "element_catalogue": elements.element_catalogue, "element_attributes": elements.element_attributes,
    "extract_overview": datasets.extract_overview, "extract_sets": datasets.extract_sets, "release_tables": datasets.release_tables, "provenance": datasets.provenance,
    "double_random_tables": datasets.double_random_tables, "double_random_relations": datasets.double_random_relations, "double_random_diagram": datasets.double_random_diagram,
    "code_overview": codes.code_overview, "code_lists": codes.code_lists, "number_layouts": codes.number_layouts,
    "quality_rules": quality.quality_rules, "quality_conditions": quality.quality_conditions, "quality_functions": quality.quality_functions,
    "quality_cases": quality.quality_cases, "quality_dimensions": quality.quality_dimensions,
    "parameter_tables": parameters.parameter_tables, "matter_list": matters.matter_list, "rule_file": rulefiles.rule_file, "rule_folder": rulefiles.rule_folder, "other_rule_files": rulefiles.other_rule_files,
    "security_grades": security.security_grades, "mask_examples": security.mask_examples, "confidence_legend": security.confidence_legend,
}  # fmt: skip


def documents_of(matter: Matter, *, changes: Sequence[Change] | None = None, since: str = "") -> tuple[Document, ...]:
    """Read every script of the pack into a numbered document; raises BadInput with what is wrong with them.

    A script that says `needs: previous` is read only when there are `changes`; the others then tell of them in the foreword.
    `since` names the edition before, by the digest of its pack.
    """
    scripts = {file: d for file, d in matter.folder(FOLDER).items() if isinstance(d, dict) and "clauses" in d}
    scripts = {file: d for file, d in scripts.items() if changes is not None or d.get("needs") != "previous"}
    if not scripts:
        raise BadInput(Problem(NO_SCRIPT, {"pack": matter.pack.name}))
    problems: list[Problem] = []
    found = []
    for file, script in scripts.items():
        try:
            found.append(_document(matter, script, _Past(changes, since)))
        except BadInput as fault:
            problems += fault.problems
        except (KeyError, TypeError, ValueError) as fault:
            problems.append(Problem(SCRIPT_BAD, {"file": file, "why": _why(fault)}))
    if problems:
        raise BadInput(problems)
    return tuple(found)


def facts_of(matter: Matter) -> dict[str, str]:
    """Counts that prose may name."""
    golden = sum(1 for d in matter.folder("golden").values() for _ in rulefiles.rule_ids(d))
    link = sum(1 for d in matter.folder("link").values() for _ in rulefiles.rule_ids(d))
    counts = {
        "elements": len(ELEMENTS), "extracts": len(EXTRACTS), "tables": len(TABLES), "check_tables": len(DOUBLE_RANDOM), "codes": len(matter.lists), "rules": len(matter.quality), "link": link, "golden": golden,
    }  # fmt: skip
    return {name: str(count) for name, count in counts.items()} | {
        "version": evenhand.__version__,
        "digest": matter.pack.digest[:12],
        "pack": matter.pack.name,
    }


def _why(fault: Exception) -> str:
    return f"缺少 {fault}" if isinstance(fault, KeyError) else str(fault)


@dataclass(frozen=True)
class _Past:
    """What is known of the edition before; `changes` is None when there is none."""

    changes: Sequence[Change] | None
    since: str

    @property
    def told(self) -> tuple[Block, ...]:
        """The sentence of the foreword."""
        if self.changes is None:
            return ()
        count = Counter(change.what for change in self.changes)
        said = "、".join(f"{what}{count[what]}项" for what in ("增加", "删除", "修改") if count[what]) or "没有变化"
        return (
            Paragraph(
                text=f"本文件与上一版（规则包摘要{self.since}）相比，数据元、数据项、代码和规则合计{said}，逐项见随同印制的变更清单。"
            ),
        )


def _document(matter: Matter, script: Mapping[str, Any], past: _Past) -> Document:
    bare = _read(matter, script, (), past)
    cited = "\n".join(texts(bare))
    standards = [entry for entry in matter.references["standards"] if entry["mark"] in cited]
    laws = [entry for entry in matter.references["laws"] if entry["mark"] in cited]
    normative = tuple(_reference(matter, e) for e in standards if not e.get("informative"))
    full = _read(matter, script, normative, past)
    sources = [_reference(matter, e) for e in standards if e.get("informative")] + [matter.basis(e["title"], e["tag"]) for e in laws]
    return numbered(mapped(replace(full, bibliography=tuple(sources)), _dashed))


def _reference(matter: Matter, entry: Mapping[str, str]) -> str:
    return matter.basis(f"{entry['mark']}　{entry['title']}", entry["tag"])


def _dashed(text: str) -> str:
    """Years of standards follow a dash in print: GB/T 1.1—2020."""
    return _YEAR.sub(r"\1—\2", text)


def _read(matter: Matter, script: Mapping[str, Any], references: tuple[str, ...], past: _Past) -> Document:
    facts = facts_of(matter) | {"since": past.since}
    reader = _Reader(matter, references, past.changes or (), lambda text: re.sub(r"\{#(\w+)\}", lambda hit: facts[hit[1]], text))
    cover = Cover(**{key: str(script.get(key) or "") for key in _COVER}, edition=f"{facts['pack']}·{facts['digest']}")
    return Document(
        cover=cover,
        foreword=(*reader.blocks(script["foreword"]), *(past.told if script.get("needs") != "previous" else ())),
        introduction=tuple(reader.blocks(script.get("introduction") or [])),
        clauses=tuple(reader.clause(entry) for entry in script["clauses"]),
        annexes=tuple(replace(reader.clause(entry), kind="annex", nature=entry["nature"]) for entry in script.get("annexes") or []),
        bibliography=(),
    )


class _Reader:
    """Turns entries of one script into blocks and clauses."""

    def __init__(self, matter: Matter, references: tuple[str, ...], changes: Sequence[Change], counted: Callable[[str], str]) -> None:
        self.matter, self.references, self.changes, self.counted = matter, references, changes, counted

    def clause(self, entry: Mapping[str, Any]) -> Clause:
        made = list(self._things(entry.get("text") or []))
        blocks = [thing for thing in made if not isinstance(thing, Clause)]
        blocks += [self._term(term) for term in entry.get("terms") or []]
        below = [thing for thing in made if isinstance(thing, Clause)] + [self.clause(inner) for inner in entry.get("clauses") or []]
        return Clause(title=entry["title"], mark=entry.get("mark", ""), blocks=tuple(blocks), clauses=tuple(below))

    def blocks(self, entries: list[Any]) -> Iterator[Block]:
        for thing in self._things(entries):
            if isinstance(thing, Clause):
                raise TypeError(f"前言和引言中不能有条：{thing.title}")
            yield thing

    def _term(self, term: Mapping[str, str]) -> Term:
        text = self.counted(term["definition"])
        return Term(title=term["title"], english=term["english"], definition=text, source=term.get("source", ""))

    def _things(self, entries: list[Any]) -> Iterator[Block | Clause]:
        for entry in entries:
            if isinstance(entry, str):
                yield Paragraph(text=self.counted(entry))
            elif isinstance(entry, list):
                yield Listing(items=tuple(map(self.counted, entry)))
            elif "note" in entry:
                yield Paragraph(text=self.counted(entry["note"]), kind="note")
            elif "dash" in entry:
                yield Listing(items=tuple(map(self.counted, entry["dash"])), lettered=False)
            elif "figure" in entry:
                yield _figure(entry["figure"])
            else:
                yield from self._printed(entry)

    def _printed(self, entry: Mapping[str, Any]) -> Iterator[Block | Clause]:
        name = entry["print"]
        if name == "normative_references":
            yield from (Paragraph(text=line) for line in self.references)
            return
        if name == "changes":
            yield from change_clauses(self.changes)
            return
        if name not in _PRINTERS:
            raise ValueError(f"没有可印的“{name}”；可印的有 {'、'.join(_PRINTERS)}")
        made = partial(_PRINTERS[name], self.matter)(**{key: value for key, value in entry.items() if key != "print"})
        yield from made if isinstance(made, tuple) else (made,)


def _figure(entry: Mapping[str, Any]) -> Figure:
    left, middle, right = entry["heads"]
    steps = tuple((str(step[0]), str(step[1]), str(step[2])) for step in entry["steps"])
    return Figure(title=entry["title"], mark=entry.get("mark", ""), heads=(left, middle, right), steps=steps)
