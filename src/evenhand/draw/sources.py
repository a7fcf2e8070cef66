"""Public values: what decides the draw, named by rule before it exists, and written in one way only (公开随机值).

At least two kinds, together enough bits, at least one external and still to come when the list is committed.

>>> drand_round(1692803130, 600), drand_time(123)
(123, 1692803733)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from evenhand.draw.beacon import beacon_value, is_signature, is_signed
from evenhand.draw.messages import BAD_VALUE, NO_BEACON, TOO_LITTLE_CHANCE
from evenhand.draw.tickets import share_commitment
from evenhand.draw.vrf import is_key, verified
from evenhand.errors import BadInput, Problem

__all__ = [
    "FORMS",
    "LEAST_BITS",
    "Source",
    "beacon_time",
    "canonical_source",
    "check_form",
    "check_sources",
    "check_value",
    "drand_round",
    "drand_time",
    "read_source",
]

_GENESIS, _PERIOD = 1692803367, 3
"""First second and period of the beacon drand quicknet."""
_EXTERNAL: Final = frozenset({"drand", "kl8", "vrf"})
_BITS: Final[Mapping[str, int]] = {"drand": 12800, "kl8": 6160, "vrf": 12800, "share": 25600}
"""Hundredths of a bit of each kind; a die gives 332."""
_DIE: Final = 332
LEAST_BITS: Final = 64
"""What the method asks of all values together, whatever an authority asks beyond it."""
_DRAND: Final = re.compile(r"drand:quicknet:([1-9][0-9]*):([0-9a-f]{64})")
FORMS: Final[Mapping[str, str]] = {
    "dice": "dice:至少 20 位数字，按掷出的先后",
    "drand": "drand:quicknet:轮次:签名的 SHA-256（64 位十六进制）",
    "kl8": "kl8:约定的期号:20 个两位数，由小到大，以连字符分隔",
    "vrf": "vrf:公钥:输出（128 位十六进制）",
    "share": "share:参与方:64 位十六进制，未公开的写 absent",
}
"""How each kind is written."""

_RULES: Final = (
    "dice:个数（两三位数）",
    "drand:quicknet:延迟秒数",
    "kl8:期号:停止销售的时刻（北京时间 12 位，如 202612012100）",
    "vrf:公钥（64 位十六进制）",
    "share:参与方:承诺（64 位十六进制）",
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One agreed public value: its number, its kind, and what was agreed (number of dice, delay in seconds, issue and end of its sale, key, party and commitment)."""

    number: str
    kind: str
    agreed: tuple[str, ...]

    @property
    def hundredths(self) -> int:
        """Bits of chance in hundredths."""
        return int(self.agreed[0]) * _DIE if self.kind == "dice" else _BITS[self.kind]

    def known_from(self, committed_at: int) -> int | None:
        """Return the second before which nobody can know the value, because it is made outside and later; None for what has no clock."""
        if self.kind == "drand":
            return drand_time(drand_round(committed_at, int(self.agreed[1])))
        return int(self.agreed[1]) if self.kind == "kl8" else None


def read_source(number: str, rule: str) -> Source:
    """Read one `source` row of the rules, such as `dice:20` or `drand:quicknet:600`; raises BadInput for an unknown one."""
    kind, *agreed = rule.split(":")
    known = {
        "dice": re.fullmatch(r"dice:[1-9][0-9]{1,2}", rule), "drand": re.fullmatch(r"drand:quicknet:[1-9][0-9]{0,6}", rule), "kl8": re.fullmatch(r"kl8:[0-9]{5,10}:[1-9][0-9]{9}", rule),
        "vrf": re.fullmatch(r"vrf:[0-9a-f]{64}", rule), "share": re.fullmatch(r"share:[0-9A-Za-z-]{1,64}:[0-9a-f]{64}", rule),
    }  # fmt: skip
    if not known.get(kind) or (kind == "vrf" and not is_key(bytes.fromhex(agreed[0]))):
        raise BadInput(Problem(BAD_VALUE, {"value": rule, "why": "不认识的来源，或者公钥不能用", "form": "、".join(_RULES)}))
    return Source(number=number, kind=kind, agreed=tuple(agreed))


def canonical_source(rule: str) -> str:
    """Return a rule as it stands in the file: the end of a sale, given as twelve digits of Beijing time, becomes a Unix second.

    >>> canonical_source("kl8:2026318:202612012100"), canonical_source("dice:20")
    ('kl8:2026318:1796130000', 'dice:20')
    """
    found = re.fullmatch(r"(kl8:[0-9]+):(20[0-9]{10})", rule)
    if not found:
        return rule
    try:
        ends = datetime.strptime(f"{found[2]}+0800", "%Y%m%d%H%M%z")
    except ValueError as fault:
        raise BadInput(Problem(BAD_VALUE, {"value": rule, "why": "没有这个时刻", "form": _RULES[2]})) from fault
    return f"{found[1]}:{int(ends.timestamp())}"


def check_sources(sources: Sequence[Source], *, least_bits: int, at: int) -> None:
    """Refuse sources that are too few, too weak, none of them external and future (DRAW-09), or known when the list is committed at `at`."""
    kinds, bits = {one.kind for one in sources}, sum(one.hundredths for one in sources)
    if len(kinds) < 2 or bits < least_bits * 100 or not kinds & _EXTERNAL:  # noqa: PLR2004 — two kinds, as the method says
        raise BadInput(Problem(TOO_LITTLE_CHANCE, {"kinds": len(kinds), "bits": bits // 100, "least": least_bits}))
    for one in sources:
        if one.kind == "kl8" and int(one.agreed[1]) <= at:
            raise BadInput(
                Problem(
                    BAD_VALUE, {"value": f"快乐8 第 {one.agreed[0]} 期", "why": "在承诺以前就停止销售了，改用以后的一期", "form": _RULES[2]}
                )
            )


def drand_round(committed_at: int, delay_s: int) -> int:
    """Return the round that decides: the first whose value nobody can know until `delay_s` seconds after the commit."""
    return (committed_at + delay_s - _GENESIS) // _PERIOD + 2


def drand_time(round_: int) -> int:
    """Return the Unix second at which a round becomes public."""
    return _GENESIS + (round_ - 1) * _PERIOD


def beacon_time(sources: Sequence[Source], committed_at: int) -> int | None:
    """Return the second from which a value from outside may be known, before which all others must lie in the ledger; None when none has a clock."""
    return min((at for one in sources if (at := one.known_from(committed_at)) is not None), default=None)


def check_value(
    source: Source, value: str, *, serial: str, commit: str, committed_at: int, proof: str = "", algorithm: str = "sha256"
) -> None:
    """Refuse a public value that is not written as its kind asks, or not the one agreed; raises BadInput with the form."""
    wanted = drand_round(committed_at, int(source.agreed[1])) if source.kind == "drand" else 0
    if (found := _DRAND.fullmatch(value)) and wanted and int(found[1]) != wanted:
        raise BadInput(Problem(NO_BEACON, {"source": source.number, "round": wanted, "value": value}))
    why = _share_fault(source, value, serial, algorithm) if source.kind == "share" else _fault(source, value, commit=commit, proof=proof)
    if why:
        raise BadInput(Problem(BAD_VALUE, {"value": value, "why": why, "form": FORMS[source.kind]}))


def check_form(source: Source, value: str) -> None:
    """Refuse an output of a VRF that is not written as it should be, or of another key; its proof comes later."""
    if why := _vrf_form(source, value):
        raise BadInput(Problem(BAD_VALUE, {"value": value, "why": why, "form": FORMS[source.kind]}))


def _fault(source: Source, value: str, *, commit: str, proof: str) -> str:
    if source.kind == "dice":
        return "" if re.fullmatch(rf"dice:[0-9]{{{int(source.agreed[0])},}}", value) else f"应有 {source.agreed[0]} 位以上数字"
    if source.kind == "drand":
        return _drand_fault(value, proof)
    if source.kind == "kl8":
        return _kl8_fault(source, value)
    if why := _vrf_form(source, value):
        return why
    _, public, output = value.split(":")
    told = (
        verified(bytes.fromhex(public), f"FSDR1|vrf|{commit}".encode(), bytes.fromhex(proof))
        if re.fullmatch(r"(?:[0-9a-f]{2})+", proof)
        else None
    )
    return "" if told == output else "证明与公钥、承诺不符"


def _vrf_form(source: Source, value: str) -> str:
    found = re.fullmatch(r"vrf:([0-9a-f]{64}):[0-9a-f]{128}", value)
    return "" if found and found[1] == source.agreed[0] else "公钥不是约定的那一个，或者写法不对"


def _drand_fault(value: str, proof: str) -> str:
    found = _DRAND.fullmatch(value)
    if not found:
        return "写法不对"
    if not is_signature(proof):
        return "没有附上签名（96 位十六进制）"
    if beacon_value(int(found[1]), proof) != value:
        return "不是所附签名的 SHA-256"
    return "所附签名不是信标这一轮的签名" if is_signed(int(found[1]), proof) is False else ""


def _kl8_fault(source: Source, value: str) -> str:
    found = re.fullmatch(r"kl8:([0-9]{5,10}):((?:[0-9]{2}-){19}[0-9]{2})", value)
    if not found:
        return "应有 20 个两位数"
    if found[1] != source.agreed[0]:
        return f"约定的是第 {source.agreed[0]} 期"
    numbers = found[2].split("-")
    return "" if numbers == sorted(set(numbers)) and numbers[0] >= "01" and numbers[-1] <= "80" else "号码应在 01 至 80、不重复、由小到大"


def _share_fault(source: Source, value: str, serial: str, algorithm: str) -> str:
    party, agreed = source.agreed
    found = re.fullmatch(r"share:([0-9A-Za-z-]{1,64}):([0-9a-f]{64}|absent)", value)
    if not found or found[1] != party:
        return f"参与方应为 {party}"
    return (
        "" if found[2] == "absent" or share_commitment(serial, party, found[2], algorithm=algorithm) == agreed else "与事先提交的承诺不符"
    )
