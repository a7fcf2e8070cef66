"""Read a condition aloud: the tree of an expression as a Chinese sentence, beside its machine form.

>>> from evenhand.documents.wording import Matter
>>> from evenhand.rulebook import shipped_pack
>>> from evenhand.validate.language import parse
>>> spoken(parse('present(uscc) and length(uscc) == 18').tree, Matter(shipped_pack()))
'统一社会信用代码有值，且统一社会信用代码的字数等于18'
"""

import ast
import re
from collections.abc import Mapping
from typing import Final

from evenhand.documents.wording import Matter
from evenhand.standards import EXTRACTS
from evenhand.validate.functions import TABLE_FUNCTIONS, VALUE_FUNCTIONS

__all__ = ["spoken", "visible"]

_COMPARE: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "等于", ast.NotEq: "不等于", ast.Lt: "小于", ast.LtE: "不大于", ast.Gt: "大于", ast.GtE: "不小于", ast.In: "为", ast.NotIn: "不为",
}  # fmt: skip
_DAYS: Final[Mapping[str, str]] = {"小于": "早于", "不大于": "不晚于", "大于": "晚于", "不小于": "不早于"}
_ARITHMETIC: Final[Mapping[type[ast.operator], str]] = {ast.Add: "加", ast.Sub: "减", ast.Mult: "乘以", ast.Div: "除以"}
_DAY_LIKE: Final = re.compile(r"_on$|_to$|_from$|asof|delivery|days_after|years_after|\bday\b|birth_day|valid_")
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u9fa6-\u9fff\ue000-\uf8ff\ufffd]")
_FEW: Final = 6
_LONGEST: Final = 30  # a longer regular expression is left to the machine form


def spoken(tree: ast.expr, matter: Matter) -> str:
    """Chinese sentence of an expression; a part of a larger one stands in brackets when it would be read wrongly."""
    return visible(_Reader(matter).judged(tree))


def visible(text: str) -> str:
    """Signs that no font shows (private use, unassigned, replacement, control) as four hexadecimal signs each."""
    return _UNSEEN.sub(lambda hit: f"\\u{ord(hit[0]):04X}", text)


class _Reader:
    def __init__(self, matter: Matter) -> None:
        self.matter = matter

    def read(self, node: ast.expr) -> str:  # noqa: PLR0911 — one line per kind of node
        if isinstance(node, ast.BoolOp):
            joint = "，且" if isinstance(node.op, ast.And) else "，或者"
            return joint.join(self._inside(value) for value in node.values)
        if isinstance(node, ast.UnaryOp):
            return self._negated(node.operand) if isinstance(node.op, ast.Not) else f"-{self.read(node.operand)}"
        if isinstance(node, ast.Compare):
            return self._compared(node)
        if isinstance(node, ast.BinOp):
            return f"{self.read(node.left)}{_ARITHMETIC[type(node.op)]}{self.read(node.right)}"
        if isinstance(node, ast.IfExp):
            return f"（{self.read(node.test)}时为{self.read(node.body)}，否则为{self.read(node.orelse)}）"
        if isinstance(node, ast.Call):
            return self._called(node)
        if isinstance(node, ast.Tuple | ast.List):
            shown = "、".join(self.read(value) for value in node.elts[:_FEW])
            return shown if len(node.elts) <= _FEW else f"{shown}等{len(node.elts)}个值"
        return self._name(node.id) if isinstance(node, ast.Name) else self._constant(node)

    def judged(self, node: ast.expr) -> str:
        """A whole condition or a part that is true or false: a bare name asks for yes."""
        return f"{self.read(node)}为是" if isinstance(node, ast.Name) else self.read(node)

    def _inside(self, node: ast.expr) -> str:
        text = self.judged(node)
        return f"（{text}）" if isinstance(node, ast.BoolOp) else text

    def _negated(self, node: ast.expr) -> str:
        text = self.read(node)
        for yes, no in (("有值", "没有值"), ("符合正则式", "不符合正则式"), ("含有", "不含有"), ("正确", "不正确"), ("中有", "中没有")):
            if isinstance(node, ast.Call) and yes in text:
                return text.replace(yes, no, 1)
        return f"并非（{text}）"

    def _compared(self, node: ast.Compare) -> str:
        parts = [self.read(node.left)]
        days = bool(_DAY_LIKE.search(ast.unparse(node))) and not re.search(r"\b\d+$|days_between|workday", ast.unparse(node))
        for operator, right in zip(node.ops, node.comparators, strict=True):
            word = _COMPARE[type(operator)]
            many = isinstance(right, ast.Tuple | ast.List) and len(right.elts) > 1
            parts.append(f"{_DAYS.get(word, word) if days else word}{self.read(right)}{'之一' if many else ''}")
        return "".join(parts)

    def _called(self, node: ast.Call) -> str:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        words = [self.read(argument) for argument in node.args]
        bare = [str(a.value) if isinstance(a, ast.Constant) else w for a, w in zip(node.args, words, strict=True)]
        phrase = self.matter.words["phrases"].get(name)
        if phrase is None:
            known = {**VALUE_FUNCTIONS, **TABLE_FUNCTIONS}[name]
            return f"{known.meaning}（{'，'.join(words)}）"
        if name == "days_after" and words[1].startswith("-"):
            return f"{words[0]}的前{words[1][1:]}日"
        said = str(phrase).replace("{*}", "、".join(words))
        said = re.sub(r"\{list:(\d)\}", lambda hit: self._list(bare[int(hit[1])]), said)
        said = re.sub(r"\{set:(\d)\}", lambda hit: self.matter.sets.get(bare[int(hit[1])], bare[int(hit[1])]), said)
        said = re.sub(r"\{key:(\d)\}", lambda hit: self.matter.titles.get(bare[int(hit[1])], self.matter.key(bare[int(hit[1])])), said)
        said = re.sub(r"\{column:(\d)\}", lambda hit: self.matter.key(bare[int(hit[1])]), said)
        pattern = name in {"matches", "leading", "removed"}
        bare = [word if len(word) <= _LONGEST else "（见判定式）" for word in bare]
        return re.sub(r"\{(\d)\}", lambda hit: bare[int(hit[1])] if pattern and hit[1] == "1" else words[int(hit[1])], said)

    def _list(self, name: str) -> str:
        return self.matter.lists[name].origin["title"] if name in self.matter.lists else name

    def _name(self, name: str) -> str:
        if name == "asof":
            return "数据截止日期"
        plain = name.removesuffix("_raw").removeprefix("record_")
        title = self.matter.titles.get(name) or self.matter.titles.get(plain, name)
        if name.endswith("_raw"):
            return f"{title}原文"
        return f"记录的{title}" if name.startswith("record_") and name not in self.matter.titles else title

    def _constant(self, node: ast.expr) -> str:
        value = node.value if isinstance(node, ast.Constant) else ast.unparse(node)
        if value is None:
            return "空"
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, str) and value in EXTRACTS:
            return f"“{self.matter.sets[value]}”"
        return f"“{value}”" if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value) else str(value)
