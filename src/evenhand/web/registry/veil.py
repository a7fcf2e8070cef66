"""Veil: hides personal data of one subject until a person gave a reason (GB/T 35273).

A field hides what its data element says. Addresses are hidden for natural persons only: the address of an enterprise or of a
registered business is public. The same values are hidden inside free texts (evidence, reasons), and so is whatever looks like a mobile
or an identity number there.

>>> veil = Veil(natural_person=False)
>>> veil.value("phone", "13805911234"), veil.value("place", "鼓楼区东街83号")
('138****1234', '鼓楼区东街83号')
>>> veil.text("举报人电话13805911234，证件350102199001010016")
'举报人电话138****1234，证件350***********0016'
>>> veil.knows("legal_person", "张小明")
>>> veil.text("负责人“张小明”与登记一致")
'负责人“张**”与登记一致'
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from evenhand.standards import ELEMENTS, Mask, Shape, masked

__all__ = ["Veil", "is_natural_person", "veil_for"]

_NUMBERS: Final = (
    (re.compile(r"(?<![0-9A-Z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])"), Mask.IDENTITY),
    (re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])"), Mask.PHONE),
)
_PERSON_NAME: Final = re.compile(r"[\u4e00-\u9fff·]{2,4}([（(].*[）)])?")  # stalls are registered as 林依妹（鱼丸摊）
_SHORTEST: Final = 2  # a value of one character would be replaced inside every other word
_CODES: Final = ("uscc", "organisation_code", "registration_no")


class Veil:
    """Hides values by their field, and the same values inside texts; an open veil hides nothing but secrets."""

    def __init__(self, *, natural_person: bool, is_open: bool = False) -> None:
        """Remember about whom the page speaks, and whether a reason was given."""
        self._natural_person = natural_person
        self._is_open = is_open
        self._inside: dict[str, str] = {}

    def value(self, field: str, value: object) -> object:
        """Return the value of a field as this reader may see it; only texts are ever hidden."""
        element = ELEMENTS.get(field)
        if element is None or not isinstance(value, str) or not value:
            return value
        mask = element.mask
        if mask is Mask.ADDRESS and not self._natural_person:
            mask = Mask.NONE
        if self._is_open and mask is not Mask.SECRET:
            return value
        hidden = masked(value, mask)
        return self.text(hidden) if element.shape in {Shape.TEXT, Shape.SERIAL} else hidden

    def knows(self, field: str, value: object) -> None:
        """Hide this value of a field inside texts too."""
        shown = self.value(field, value)
        if isinstance(value, str) and shown != value and len(value) >= _SHORTEST:
            self._inside[value] = str(shown)

    def text(self, text: object) -> object:
        """Return a text of the house (evidence, reason) without the values known to be hidden."""
        if self._is_open or not isinstance(text, str):
            return text
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


def veil_for(subject: Mapping[str, Any], rows: Iterable[Mapping[str, Any]] = (), *, is_open: bool = False) -> Veil:
    """Return the veil of one subject, which knows every personal value that its source rows hold."""
    veil = Veil(natural_person=is_natural_person(subject), is_open=is_open)
    for row in rows:
        for cell in row["cells"]:
            veil.knows(cell["field"], cell["value"])
            veil.knows(cell["field"], cell["raw"])
    for field, value in subject.items():
        veil.knows(field, value)
    return veil
