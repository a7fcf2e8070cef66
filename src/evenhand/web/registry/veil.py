"""Veil: hides personal data of one subject until a person gave a reason (GB/T 35273).

A field hides what its data element says. Addresses are hidden for natural persons only: the address of an enterprise or of a
registered business is public. The same values are hidden inside free texts (evidence, reasons), and so is whatever looks like a telephone
or an identity number there. Where the columns of a row slipped, no column says what a value is: `stray` then hides all that is not public
elsewhere. A valid credit code is public wherever it stands.

>>> veil = Veil(natural_person=False)
>>> veil.value("phone", "13805911234"), veil.value("place", "鼓楼区东街83号")
('138****1234', '鼓楼区东街83号')
>>> veil.text("举报人电话13805911234，证件350102199001010016")
'举报人电话138****1234，证件350***********0016'
>>> veil.value("place", "0591-37316505"), veil.value("area", "郑碧松"), veil.value("legal_person", "91350102MA2XTE0T4E")
('0591-******05', '郑**', '91350102MA2XTE0T4E')
>>> veil.knows("legal_person", "张小明")
>>> veil.text("负责人“张小明”与登记一致")
'负责人“张**”与登记一致'
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from evenhand.identifiers import uscc
from evenhand.standards import ELEMENTS, Mask, Shape, masked
from evenhand.web.registry.slips import slipped_rows

__all__ = ["Veil", "is_natural_person", "veil_for"]

_NUMBERS: Final = (
    (re.compile(r"(?<![0-9A-Z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])"), Mask.IDENTITY),
    (re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])"), Mask.PHONE),
    (re.compile(r"(?<![0-9A-Za-z])0\d{2,3}[-－—\s]?\d{7,8}(?![0-9A-Za-z])"), Mask.PHONE),
)
_WORDED: Final = frozenset(
    {Shape.TEXT, Shape.SERIAL, Shape.NAME, Shape.PERSON, Shape.ADDRESS, Shape.PHONE, Shape.OFFICE, Shape.CODE, Shape.ITEMS}
)
"""Fields that hold words; in the others (numbers, days, codes of registers) words are strays of another column."""
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方邹熊孟"
    "秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严戴赖游阮翁洪施庄詹柯涂欧阙池卓官温俞倪鄢兰蓝连巫饶颜尤纪童章练聂缪"
)
_STRAY_PERSON: Final = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff·]{{1,3}}")
_STRAY_PLACE: Final = re.compile(r"[路街巷村镇里弄].*\d")
_PLAIN: Final = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|[\d.]{1,6}|[是否有无男女]")
"""What tells nothing about a person: a day, a short number, a word of one sign."""
_PERSON_NAME: Final = re.compile(r"[\u4e00-\u9fff·]{2,4}([（(].*[）)])?")  # stalls are registered as 林依妹（鱼丸摊）
_SHORTEST: Final = 2  # a value of one character would be replaced inside every other word
_CODES: Final = ("uscc", "organisation_code", "registration_no")


class Veil:
    """Hides values by their field, and the same values inside texts; an open veil hides nothing but secrets."""

    def __init__(self, *, natural_person: bool, is_open: bool = False, slipped: Collection[str] = ()) -> None:
        """Remember about whom the page speaks, whether a reason was given, and the records whose columns slipped."""
        self._natural_person = natural_person
        self._is_open = is_open
        self._inside: dict[str, str] = {}
        self._public: set[str] = set()
        self._slipped = frozenset(slipped)

    def is_slipped(self, record: str) -> bool:
        """Return whether the columns of this record slipped."""
        return record in self._slipped

    def value(self, field: str, value: object, *, record: str | None = None) -> object:
        """Return the value of a field as this reader may see it; only texts are ever hidden. `record`: the source row that says so."""
        if record in self._slipped:
            return self.stray(value)
        element = ELEMENTS.get(field)
        if element is None or not isinstance(value, str) or not value:
            return value
        mask = element.mask
        if mask is Mask.ADDRESS and not self._natural_person:
            mask = Mask.NONE
        if (self._is_open or _is_code(value)) and mask is not Mask.SECRET:
            return value
        hidden = masked(value, mask) or ""
        return self.text(hidden) if element.shape in _WORDED else self._without_words(hidden)

    def _without_words(self, value: str) -> str:
        """Hide the name of a person, or the address of one, where a number, a day or a code should stand."""
        if _STRAY_PERSON.fullmatch(value):
            return masked(value, Mask.PERSON) or ""
        return masked(value, Mask.ADDRESS) or "" if self._natural_person and _STRAY_PLACE.search(value) else value

    def stray(self, value: object) -> object:
        """Return a value of a row whose columns slipped: hidden unless it is public elsewhere, a valid code, a day or a short number."""
        if self._is_open or not isinstance(value, str) or not value:
            return value
        if value in self._public or _is_code(value) or _PLAIN.fullmatch(value):
            return value
        hidden = str(self.text(value))
        return hidden if hidden != value else masked(value, Mask.PERSON)

    def shows(self, field: str, value: object) -> None:
        """Remember a value of the subject that stands and that its field does not hide: it is public in every row."""
        if isinstance(value, str) and self.value(field, value) == value:
            self._public.add(value)

    def knows(self, field: str, value: object) -> None:
        """Hide this value of a field inside texts too."""
        shown = self.value(field, value)
        if isinstance(value, str) and shown != value and len(value) >= _SHORTEST:
            self._inside[value] = str(shown)

    def text(self, text: object, *, strays: Iterable[object] = ()) -> object:
        """Return a text of the house (evidence, reason) without the values known to be hidden, nor those of a row that slipped."""
        if self._is_open or not isinstance(text, str):
            return text
        for value in sorted({str(v) for v in strays if v}, key=len, reverse=True):
            if len(value) >= _SHORTEST:
                text = text.replace(value, str(self.stray(value)))
        for value in sorted(self._inside, key=len, reverse=True):
            text = text.replace(value, self._inside[value])
        for pattern, mask in _NUMBERS:
            for number in set(pattern.findall(text)):
                text = text.replace(number, masked(number, mask) or "")
        return text


def is_natural_person(subject: Mapping[str, Any]) -> bool:
    """Return whether a subject is taken for a natural person: it has no code of any register, and its name may be a person's.

    In doubt yes: a hidden address of a small shop does less harm than a shown home.
    """
    coded = any(subject.get(code) for code in _CODES)
    return not coded and bool(_PERSON_NAME.fullmatch(subject.get("name") or ""))


def _is_code(value: str) -> bool:
    """Whether a value is a valid credit code, in whatever spelling."""
    return uscc.is_valid(uscc.clean(value) or "")


def veil_for(
    subject: Mapping[str, Any], rows: Sequence[Mapping[str, Any]] = (), *, findings: Iterable[Mapping[str, Any]] = (), is_open: bool = False
) -> Veil:
    """Return the veil of one subject, which knows every personal value that its source rows hold, and the rows that slipped."""
    slipped = slipped_rows(rows, findings)
    veil = Veil(natural_person=is_natural_person(subject), is_open=is_open, slipped=slipped)
    for row in rows:
        is_slipped = row.get("record_id") in slipped
        for cell in row["cells"]:
            for value in (cell["value"], cell["raw"]):
                # Of a row that slipped only names: "有效" under the telephone would be hidden in every reason.
                if not is_slipped or _STRAY_PERSON.fullmatch(str(value or "")):
                    veil.knows("legal_person" if is_slipped else cell["field"], value)
    for field, value in subject.items():
        veil.knows(field, value)
        veil.shows(field, value)
    return veil
