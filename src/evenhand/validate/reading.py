"""Read the quality rules of a pack, and refuse bad ones: every fault of every file at once."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import ibis

from evenhand.errors import BadInput, Message, Problem
from evenhand.rulebook import Pack
from evenhand.standards import EXTRACTS
from evenhand.validate import messages
from evenhand.validate.columns import trial_scope, types_of
from evenhand.validate.functions import TABLE_FUNCTIONS, VALUE_FUNCTIONS
from evenhand.validate.language import Expression, compile_expression, function_named, is_boolean, name_of, parse
from evenhand.validate.rules import DIMENSIONS, EMPTY, GROUPS, INDICATORS, SEVERITIES, Case, Law, QualityRule, Template, names_of

__all__ = ["read_rules", "read_weights"]

_KEYS: Final = {
    "id": "稳定编号", "title": "中文名称", "dimension": "质量维度", "indicator": "指标代码", "data": "数据集", "field": "字段", "condition": "应满足的条件",
    "empty": "空格怎么算", "severity": "严重程度", "law": "依据", "remedy": "下一步怎么办", "reason": "发现的理由", "cases": "示例",
}  # fmt: skip
_OPTIONAL: Final = ("when", "proposal", "confidence", "list_unknown")
_LAW_KEYS: Final = ("title", "article", "tag")
_EXPECT: Final = ("pass", "fail", "unknown", "skipped")
_CASE_KEYS: Final = ("expect", "row", "rows", "kind", "others", "asof", "title", "proposal")
_TAGS: Final = ("VERIFIED", "VERIFIED†", "RECALLED", "DESIGN")
_CASE_DAY: Final = "2026-11-25"
_WEIGHTS: Final = "quality/dimensions.yaml"


@dataclass(frozen=True)
class _Faults:
    """Collects what is wrong with one rule of one file."""

    file: str
    rule: str
    found: list[Problem] = field(default_factory=list)

    def add(self, message: Message, **fields: object) -> None:
        self.found.append(Problem(message, {"file": self.file, "rule": self.rule, **fields}))

    def allowed(self, key: str, value: object, choices: Sequence[str]) -> bool:
        """Whether the value is one of the choices; otherwise the fault is noted with the nearest."""
        if value in choices:
            return True
        self.add(messages.VALUE_NOT_ALLOWED, key=key, found=value, nearest=_nearest(str(value), choices), allowed="、".join(choices))
        return False


def _nearest(word: str, choices: Iterable[str]) -> str:
    known = list(choices)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.0)
    return close[0] if close else ""


def read_rules(pack: Pack) -> tuple[QualityRule, ...]:
    """Return the quality rules of the pack, sorted by id; raises BadInput with every fault of every file."""
    problems: list[Problem] = []
    rules: dict[str, QualityRule] = {}
    seen: dict[str, str] = {}
    for file, document in pack.documents("quality").items():
        if file == _WEIGHTS:
            continue
        if not _is_rule_file(document):
            problems.append(Problem(messages.FILE_SHAPE, {"file": file, "found": _describe(document)}))
            continue
        for place, entry in enumerate(document["rules"], 1):
            faults = _Faults(file, str(entry.get("id", f"第{place}条")) if isinstance(entry, dict) else f"第{place}条")
            rule = _rule(entry, pack=pack, faults=faults)
            if faults.rule in seen:
                faults.add(messages.RULE_TWICE, other=seen[faults.rule])
            seen.setdefault(faults.rule, file)
            problems += faults.found
            if rule is not None:
                rules.setdefault(rule.id, rule)
    if problems:
        raise BadInput(problems)
    return tuple(rules[key] for key in sorted(rules))


def read_weights(pack: Pack) -> dict[str, int]:
    """Return the weight of each dimension in percent (DESIGN); raises BadInput when they do not add up to 100."""
    document = pack.documents("quality").get(_WEIGHTS) or {}
    weights = document.get("weights", {}) if isinstance(document, dict) else {}
    if sorted(weights) != sorted(DIMENSIONS) or not all(isinstance(w, int) for w in weights.values()) or sum(weights.values()) != 100:  # noqa: PLR2004 — per cent
        raise BadInput(Problem(messages.WEIGHTS_BAD, {"file": _WEIGHTS, "found": weights}))
    return {dimension: weights[dimension] for dimension in DIMENSIONS}


def _is_rule_file(document: object) -> bool:
    return isinstance(document, dict) and isinstance(document.get("group"), str) and isinstance(document.get("rules"), list)


def _describe(document: object) -> str:
    return "、".join(map(str, document)) if isinstance(document, dict) else type(document).__name__


def _rule(entry: object, *, pack: Pack, faults: _Faults) -> QualityRule | None:
    if not isinstance(entry, dict):
        faults.add(messages.EXPRESSION_BAD, key="rules", found=repr(entry))
        return None
    for key in entry:
        if key not in _KEYS and key not in _OPTIONAL:
            allowed = (*_KEYS, *_OPTIONAL)
            faults.add(messages.KEY_UNKNOWN, key=key, nearest=_nearest(str(key), allowed), allowed="、".join(allowed))
    for key, meaning in _KEYS.items():
        if entry.get(key) in (None, "", [], {}):
            faults.add(messages.KEY_MISSING, key=key, meaning=meaning)
    _check_words(entry, faults)
    law = _law(entry.get("law"), faults)
    data = _data(entry.get("data"), faults)
    texts = {key: _expression(entry, key, faults) for key in ("condition", "when", "proposal")}
    reason = _template(entry, faults)
    cases = tuple(_cases(entry.get("cases"), data, faults))
    if faults.found or law is None or reason is None or texts["condition"] is None:
        return None
    rule = QualityRule(
        id=str(entry["id"]), title=entry["title"], file=faults.file, dimension=entry["dimension"], indicator=str(entry["indicator"]), data=data, field=entry["field"],
        when=texts["when"], condition=texts["condition"], empty=entry["empty"], severity=entry["severity"], law=law, remedy=entry["remedy"], reason=reason,
        proposal=texts["proposal"], confidence=entry.get("confidence"), list_unknown=bool(entry.get("list_unknown", False)), cases=cases,
    )  # fmt: skip
    _check_meaning(rule, pack=pack, faults=faults)
    return None if faults.found else rule


def _check_words(entry: Mapping[str, Any], faults: _Faults) -> None:
    choices = {"dimension": DIMENSIONS, "empty": EMPTY, "severity": SEVERITIES}
    for key, allowed in choices.items():
        if entry.get(key) not in (None, ""):
            faults.allowed(key, entry[key], allowed)
    if entry.get("dimension") in INDICATORS and entry.get("indicator"):
        faults.allowed("indicator", str(entry["indicator"]), INDICATORS[entry["dimension"]])
    confidence = entry.get("confidence")
    if confidence is not None and not (isinstance(confidence, int | float) and 0 <= confidence <= 1):
        faults.allowed("confidence", str(confidence), ("0", "1"))


def _law(entry: object, faults: _Faults) -> Law | None:
    if not entry:
        return None
    given = entry if isinstance(entry, dict) else {}
    for key in _LAW_KEYS:
        if not given.get(key):
            faults.add(messages.KEY_MISSING, key=f"law.{key}", meaning="标题、条款、核实程度")
    tag = str(given.get("tag", ""))
    if tag and tag.split(maxsplit=1)[0] not in _TAGS:
        faults.allowed("law.tag", tag, _TAGS)
    return Law(title=str(given.get("title", "")), article=str(given.get("article", "")), tag=tag)


def _data(entry: object, faults: _Faults) -> tuple[str, ...]:
    """Data sets named one by one, by a word of `GROUPS`, or as `having FIELD …`: every data set with these fields."""
    words = [str(word) for word in entry] if isinstance(entry, list) else str(entry or "").split()
    if words and words[0] == "having":
        return tuple(name for name, extract in EXTRACTS.items() if all(word in extract for word in words[1:]))
    allowed = (*EXTRACTS, *GROUPS)
    good = [word for word in words if faults.allowed("data", word, allowed)]
    return tuple(dict.fromkeys(name for word in good for name in GROUPS.get(word, (word,))))


def _expression(entry: Mapping[str, Any], key: str, faults: _Faults) -> Expression | None:
    text = entry.get(key)
    if text in (None, ""):
        return None
    try:
        return parse(str(text))
    except ValueError as fault:
        faults.add(messages.EXPRESSION_BAD, key=key, found=fault)
        return None


def _template(entry: Mapping[str, Any], faults: _Faults) -> Template | None:
    try:
        return Template(str(entry.get("reason", "")))
    except ValueError as fault:
        faults.add(messages.EXPRESSION_BAD, key="reason", found=fault)
        return None


def _check_meaning(rule: QualityRule, *, pack: Pack, faults: _Faults) -> None:
    """Names, functions and code lists exist; the condition answers yes or no on every data set."""
    for key, expression in rule.expressions:
        known = _check_calls(expression, key=key, pack=pack, faults=faults)
        tried = set()
        for kind in rule.data:
            unknown = sorted(expression.names - set(names_of(kind)))
            for name in unknown:
                faults.add(messages.NAME_UNKNOWN, key=key, found=name, kind=kind, nearest=_nearest(name, names_of(kind)))
            # Data sets in which the names have the same types give the same answer: one trial is enough.
            types = () if unknown else types_of(kind, expression.names)
            if known and not unknown and types not in tried:
                tried.add(types)
                _try(expression, key=key, kind=kind, pack=pack, faults=faults)
    for kind in rule.data:
        if rule.field not in names_of(kind):
            faults.add(messages.NAME_UNKNOWN, key="field", found=rule.field, kind=kind, nearest=_nearest(rule.field, names_of(kind)))


def _check_calls(expression: Expression, *, key: str, pack: Pack, faults: _Faults) -> bool:
    before = len(faults.found)
    for call in expression.calls:
        name = name_of(call)
        function = function_named(name)
        if function is None:
            allowed = (*VALUE_FUNCTIONS, *TABLE_FUNCTIONS)
            faults.add(
                messages.FUNCTION_ARGUMENTS,
                key=key,
                found=f"没有函数“{name}”，最接近的是“{_nearest(name, allowed)}”",
                allowed=f"可用：{'、'.join(allowed)}。",
            )
            continue
        if not function.least <= len(call.args) <= function.most:
            faults.add(
                messages.FUNCTION_ARGUMENTS,
                key=key,
                found=f"{name} 有{len(call.args)}个参数",
                allowed=f"应为{function.least}至{function.most}个。",
            )
            continue
        texts = [getattr(call.args[n], "value", None) for n in function.texts if n < len(call.args)]
        if not all(isinstance(text, str) for text in texts):
            faults.add(messages.FUNCTION_ARGUMENTS, key=key, found=f"{name} 的参数写成了字段", allowed="此处应为加引号的文字。")
        elif function.lists and texts[0] not in pack.lists:
            faults.add(messages.LIST_UNKNOWN, key=key, found=texts[0], nearest=_nearest(str(texts[0]), pack.lists))
        elif name in TABLE_FUNCTIONS and texts:
            _check_reference(name, [str(t) for t in texts], key=key, faults=faults)
    return len(faults.found) == before


def _check_reference(name: str, texts: Sequence[str], *, key: str, faults: _Faults) -> None:
    kind, *fields = texts
    if faults.allowed(f"{key}: {name}", kind, tuple(EXTRACTS)):
        for wanted in fields:
            faults.allowed(f"{key}: {name}({kind})", wanted, EXTRACTS[kind].names)


def _try(expression: Expression, *, key: str, kind: str, pack: Pack, faults: _Faults) -> None:
    try:
        value = compile_expression(expression.tree, trial_scope(kind, expression, pack=pack))
    except (
        ibis.common.exceptions.IbisError,
        ibis.common.annotations.ValidationError,
        TypeError,
        AttributeError,
        ValueError,
        KeyError,
    ) as fault:
        faults.add(messages.EXPRESSION_BAD, key=key, found=f"“{expression.text}”（{kind}，{type(fault).__name__}）")
        return
    if key in {"condition", "when"} and not is_boolean(value):
        faults.add(messages.EXPRESSION_BAD, key=key, found=f"“{expression.text}”（{kind}）的结果不是是或否")


def _cases(entries: object, data: tuple[str, ...], faults: _Faults) -> Iterator[Case]:
    given = entries if isinstance(entries, list) else []
    for entry in given:
        if not isinstance(entry, dict) or ("row" in entry) == ("rows" in entry):
            faults.add(messages.CASE_BAD, found=f"示例 {entry} 应有 row 或者 rows")
            continue
        for key in entry:
            faults.allowed("cases", key, _CASE_KEYS)
        faults.allowed("cases.expect", entry.get("expect"), _EXPECT)
        yield Case(
            title=str(entry.get("title", "")), expect=str(entry.get("expect")), kind=str(entry.get("kind", data[0] if data else "")), rows=tuple(entry.get("rows", [entry.get("row")])),
            others={kind: tuple(rows) for kind, rows in entry.get("others", {}).items()}, asof=str(entry.get("asof", _CASE_DAY)), proposal=entry.get("proposal"),
        )  # fmt: skip
    expected = {entry.get("expect") for entry in given if isinstance(entry, dict)}
    missing = [word for word in ("pass", "fail") if word not in expected]
    if given and missing:
        faults.add(messages.CASE_BAD, found=f"缺少 {'、'.join(missing)} 的示例")
