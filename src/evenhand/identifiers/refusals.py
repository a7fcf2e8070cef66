"""Refusals: what can be wrong with a number, as one table of sentences in Chinese and English.

Every sentence names the number, the place counted from 1, what stands there and what is allowed, and ends with what to
do next. A wrong number is never thrown away: it is kept and waits in the review list.
"""

from dataclasses import dataclass
from typing import Final

from evenhand.errors import BadInput, Message, Problem

__all__ = ["MESSAGES", "Fault", "IdentifierError", "tell"]

_NEXT_ZH: Final = "请改正；如暂无法核实可保留，该记录将进入复核清单。"
_NEXT_EN: Final = "Correct it, or keep it: the record waits in the review list."


def _message(code: str, zh: str, en: str) -> Message:
    return Message(code, zh="{name_zh}“{text}”：" + zh + _NEXT_ZH, en='{name_en} "{text}": ' + en + " " + _NEXT_EN)


def _notice(code: str, zh: str, en: str) -> Message:
    return Message(code, zh="{name_zh}“{text}”：" + zh, en='{name_en} "{text}": ' + en)


#: Reason → sentence. The reasons are stable: columns of reasons and quality rules use them.
MESSAGES: Final = {
    "empty": _message("ID-01", "为空。", "is empty."),
    "length": _message("ID-02", "共{found}位；应为{allowed}位。", "has {found} places; {allowed_en} are allowed."),
    "character": _message(
        "ID-03", "第{place}位是“{found}”；此处只用{allowed}。", 'place {place} is "{found}"; only {allowed_en} are used there.'
    ),
    "check": _message(
        "ID-04",
        "第{place}位校验码是“{found}”，按前面各位计算应为“{allowed}”。",
        'place {place}, the check sign, is "{found}"; it should be "{allowed}".',
    ),
    "prefix": _message(
        "ID-05", "第{place}位起是“{found}”；应以{allowed}开头。", 'starts with "{found}" at place {place}; it must start with {allowed}.'
    ),
    "type": _message(
        "ID-06",
        "第{place}位类型代码是“{found}”；只用{allowed}。",
        'place {place}, the type digit, is "{found}"; only {allowed_en} are used.',
    ),
    "division": _message(
        "ID-07", "第{place}位起的行政区划“{found}”不是任何省份的代码。", 'the division "{found}" at place {place} belongs to no province.'
    ),
    "date": _message("ID-08", "第{place}位起的出生日期“{found}”不存在。", 'the birth date "{found}" at place {place} does not exist.'),
    "format": _message("ID-09", "不符合规定的格式：{allowed}。", "does not have the required form: {allowed_en}."),
    "organisation_check": _notice(
        "ID-51",
        "第{place}位（主体标识码的校验码）是“{found}”，计算应为“{allowed}”；整码校验正确，少数旧码如此，请核对。",
        'place {place}, the check sign of the organisation code inside, is "{found}", computed "{allowed}"; '
        "the outer check is right. A few old codes are so: look at it.",
    ),
    "category": _notice(
        "ID-52",
        "第{place}位起的类别代码“{found}”不在代码表内，请核对。",
        'the category "{found}" at place {place} is not in the code list: look at it.',
    ),
    "county": _notice(
        "ID-53",
        "第{place}位起的区划“{found}”属{allowed}，但现行和历史区划表中均无此县级代码（可能是开发区自编码），请核对。",
        'the division "{found}" at place {place} lies in {allowed}, but neither the current nor the old tables list it '
        "(maybe a development zone): look at it.",
    ),
    "county_elsewhere": _notice(
        "ID-54",
        "第{place}位起的区划“{found}”属{allowed}，本区划表未收录该省，无法核对。",
        'the division "{found}" at place {place} lies in {allowed}, which the tables do not cover: cannot tell.',
    ),
    "filing_check": _notice(
        "ID-55",
        "第{place}位是“{found}”，按推定算法应为“{allowed}”；该算法尚未经官方确认，仅提示。",
        'place {place} is "{found}", computed "{allowed}" by an assumed method: a hint only.',
    ),
    "legacy": _notice("ID-56", "是{allowed}的旧编号，仅作提示。", "is an old number ({allowed_en}): a hint only."),
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong or doubtful with one number: its reason, the place counted from 1, and the sentence."""

    reason: str
    place: int
    problem: Problem

    @property
    def code(self) -> str:
        """Stable code of the message, for example `ID-03`."""
        return self.problem.code

    @property
    def zh(self) -> str:
        """The sentence an officer reads."""
        return self.problem.zh

    @property
    def en(self) -> str:
        """The sentence a developer reads."""
        return self.problem.en


def tell(
    names: tuple[str, str], reason: str, text: str, *, place: int, found: object = "", allowed: object = "", allowed_en: object = ""
) -> Fault:
    """Return one fault of a number with the Chinese and English `names`.

    `place` is counted from 1; `allowed_en` is needed where `allowed` is in words.
    """
    fields: dict[str, object] = {"name_zh": names[0], "name_en": names[1], "text": text, "place": place, "found": found}
    fields |= {"allowed": allowed, "allowed_en": allowed_en or allowed}
    return Fault(reason=reason, place=place, problem=Problem(MESSAGES[reason], fields))


class IdentifierError(BadInput):
    """A number was refused; `reason`, `place` and both sentences say why."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault."""
        super().__init__(fault.problem)
        self.fault = fault

    @property
    def reason(self) -> str:
        """Stable reason, the same word as in the reason column."""
        return self.fault.reason

    @property
    def place(self) -> int:
        """Place of the first wrong sign, counted from 1; 0 when the whole is wrong."""
        return self.fault.place
