"""Query: a small language over tags, for the command line and for pages (标签查询).

    业态=食堂 & 场所=学校 & (等级=C | 关注=投诉集中) & !两年已覆盖
    经营项目 含 熟食 & 规模>=中型 & T12=T12-03

A term is a family, a comparison and a value, or a value alone. Families and values go by code, official word or short name. `=` and `!=` compare
with one value, `含` with every value of the family whose name has the text, `> >= < <=` with the values of the same scale (sizes, grades).
`!` binds closest, then `&`, then `|`. Full-width signs count as the usual ones; 且, 或, 非 between spaces as `&`, `|`, `!`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from evenhand.errors import BadInput, Problem
from evenhand.tag.messages import QUERY_BAD
from evenhand.tag.rules import TagRules

__all__ = ["LONGEST", "Both", "Either", "Family", "Has", "Node", "Not", "Value", "families_of", "parse_query"]


@dataclass(frozen=True, kw_only=True)
class Value:
    """One tag as a query may name it; `opposites` name its absence."""

    code: str
    names: tuple[str, ...]
    opposites: tuple[str, ...] = ()
    scale: str = ""
    rank: int = 0


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family as a query may name it."""

    code: str
    names: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Has:
    """Subjects with one of these tags; with no code, none."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        """Write the codes, separated by |."""
        return "|".join(self.codes) or "无"


@dataclass(frozen=True)
class Not:
    """Subjects that the part does not hold."""

    part: "Node"

    def __str__(self) -> str:
        """Write `!(part)`."""
        return f"!({self.part})"


@dataclass(frozen=True)
class Both:
    """Subjects that both parts hold."""

    left: "Node"
    right: "Node"

    def __str__(self) -> str:
        """Write `(left & right)`."""
        return f"({self.left} & {self.right})"


@dataclass(frozen=True)
class Either:
    """Subjects that one of the parts holds."""

    left: "Node"
    right: "Node"

    def __str__(self) -> str:
        """Write `(left | right)`."""
        return f"({self.left} | {self.right})"


Node = Has | Not | Both | Either


def families_of(rules: TagRules) -> dict[str, Family]:
    """Return what a query may name, by family code."""
    found = {}
    for family in rules.families:
        values = tuple(
            Value(code=tag.code, names=(tag.value, *tag.aliases), opposites=tag.opposites, scale=tag.scale, rank=tag.rank)
            for tag in rules.tags
            if tag.code.startswith(f"{family.family}-")
        )
        found[family.family] = Family(code=family.family, names=(family.term, *family.aliases), values=values)
    return found


LONGEST: Final = 500
_SIGNS: Final = str.maketrans("＆｜！＝（）＞＜　", "&|!=()>< ")
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<mark>&&?|\|\|?|!=|>=|<=|[()=<>!≥≤≠]|[且或非含](?=\s))|(?P<quoted>\"[^\"]*\"|“[^”]*”)|(?P<word>[^\s&|!=()<>≥≤≠\"“]+))"
)
_WORDED: Final = {"且": "&", "或": "|", "非": "!", "&&": "&", "||": "|", "≥": ">=", "≤": "<=", "≠": "!="}
_COMPARISONS: Final = ("=", "!=", "含", ">", ">=", "<", "<=")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int


def _tokens(text: str) -> Iterator[_Token]:
    """Split the text; a word ends before a sign or a space, and before 含 where a family stands in front of it."""
    plain, place = text.translate(_SIGNS), 0
    while plain[place:].strip():
        found = _TOKEN.match(plain, place)
        if not found or found.end() == place:
            _refuse(text, place, "这里读不懂")
        kind = found.lastgroup or ""
        start, end = found.span(kind)
        written = text[start:end]
        if kind == "mark":
            yield _Token("mark", _WORDED.get(plain[start:end], plain[start:end]), start)
        else:
            yield _Token("word", written.strip('"“”'), start)
        place = end
    yield _Token("end", "", len(text))


def _refuse(text: str, place: int, why: str) -> NoReturn:
    shown = text[place : place + 12].strip() or "（结尾）"
    raise BadInput(Problem(QUERY_BAD, {"place": place + 1, "text": shown, "why": why}))


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, text: str, families: Mapping[str, Family]) -> None:
        self.text, self.families = text, families
        self.tokens = list(_split_contains(list(_tokens(text)), families))
        self.at = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def take(self, *marks: str) -> str | None:
        if self.now.kind == "mark" and self.now.text in marks:
            self.at += 1
            return self.tokens[self.at - 1].text
        return None

    def either(self) -> Node:
        node = self.both()
        while self.take("|"):
            node = Either(node, self.both())
        return node

    def both(self) -> Node:
        node = self.unary()
        while self.take("&"):
            node = Both(node, self.unary())
        return node

    def unary(self) -> Node:
        if self.take("!"):
            return Not(self.unary())
        opened = self.now
        if self.take("("):
            node = self.either()
            if not self.take(")"):
                _refuse(self.text, opened.place, "括号没有配对")
            return node
        return self.term()

    def term(self) -> Node:
        name = self.now
        if name.kind != "word":
            _refuse(self.text, name.place, "这里应当是标签族、标签或者括号")
        self.at += 1
        sign = self.take(*_COMPARISONS)
        if sign is None:
            return self.alone(name)
        family = self.family(name)
        value = self.now
        if value.kind != "word":
            _refuse(self.text, value.place, f"“{name.text}{sign}”之后应当是标签")
        self.at += 1
        if sign == "含":
            codes = tuple(v.code for v in family.values if any(value.text in known for known in v.names))
            return Has(codes) if codes else _refuse(self.text, value.place, f"{family.names[0]}没有名称含“{value.text}”的标签")
        return self.compared(family, sign, value)

    def family(self, name: _Token) -> Family:
        for family in self.families.values():
            if name.text.upper() == family.code or name.text in family.names:
                return family
        known = "、".join(f.names[0] for f in self.families.values())
        _refuse(self.text, name.place, f"没有标签族“{name.text}”；有 {known}")

    def compared(self, family: Family, sign: str, token: _Token) -> Node:
        found, opposite = _named(family.values, token.text)
        if not found:
            _refuse(self.text, token.place, f"{family.names[0]}没有“{token.text}”；有 {_some(family.values)}")
        if sign in {"=", "!="}:
            held: Node = Has(tuple(v.code for v in found))
            return Not(held) if opposite != (sign == "!=") else held
        one = found[0]
        if not one.scale:
            _refuse(self.text, token.place, f"“{token.text}”没有大小之分，只能用 =、!=、含")
        passes = {">": one.rank.__lt__, ">=": one.rank.__le__, "<": one.rank.__gt__, "<=": one.rank.__ge__}[sign]
        return Has(tuple(v.code for v in family.values if v.scale == one.scale and passes(v.rank)))

    def alone(self, token: _Token) -> Node:
        matches = [(found, opposite) for f in self.families.values() for found, opposite in [_named(f.values, token.text)] if found]
        if not matches:
            _refuse(self.text, token.place, f"没有标签“{token.text}”")
        if len(matches) > 1:
            whose = "、".join(self.families[found[0].code[:3]].names[0] for found, _ in matches)
            _refuse(self.text, token.place, f"“{token.text}”在 {whose} 中都有，请写成 标签族={token.text}")
        found, opposite = matches[0]
        held = Has(tuple(v.code for v in found))
        return Not(held) if opposite else held


def _named(values: Sequence[Value], text: str) -> tuple[list[Value], bool]:
    """Return the values of that name, and whether the name means their absence."""
    exact = [v for v in values if text.upper() == v.code or text in v.names]
    return (exact, False) if exact else ([v for v in values if text in v.opposites], True)


def _some(values: Sequence[Value]) -> str:
    names = [v.names[0] for v in values[:12]]
    return "、".join(names) + ("等" if len(values) > len(names) else "")


def _split_contains(tokens: Sequence[_Token], families: Mapping[str, Family]) -> Iterator[_Token]:
    """Part words such as 经营项目含熟食, written without spaces."""
    known = sorted({name for f in families.values() for name in (f.code, *f.names)}, key=len, reverse=True)
    for token in tokens:
        head = next((n for n in known if token.kind == "word" and token.text.startswith(f"{n}含") and len(token.text) > len(n) + 1), None)
        if head is None:
            yield token
        else:
            yield _Token("word", head, token.place)
            yield _Token("mark", "含", token.place + len(head))
            yield _Token("word", token.text[len(head) + 1 :], token.place + len(head) + 1)


def parse_query(text: str, families: Mapping[str, Family]) -> Node:
    """Parse a tag query; raises BadInput with the place of the first fault.

    >>> sizes = Family(code="T09", names=("规模",), values=tuple(Value(code=f"T09-0{5 - n}", names=(w,), scale="企业", rank=n) for n, w in enumerate("微小中大", 1)))
    >>> str(parse_query("规模>=中 & !规模=大", {"T09": sizes}))
    '(T09-02|T09-01 & !(T09-01))'
    """
    if not text.strip():
        _refuse(text, 0, "查询是空的")
    if len(text) > LONGEST:
        _refuse(text, LONGEST, f"查询不能超过 {LONGEST} 个字")
    parser = _Parser(text, families)
    node = parser.either()
    if parser.now.kind != "end":
        _refuse(text, parser.now.place, "前面已经是完整的条件，这里应当用 & 或者 | 连接")
    return node
