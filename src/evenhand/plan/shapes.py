"""Duties and visits: what must be inspected when, and the trip that does it (任务与检查).

Days are whole numbers counted from the Monday on or before the first day of the plan; both ends of a window belong to it.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

__all__ = ["KINDS", "LEVELS", "Class", "Duty", "End", "Policy", "Visit", "class_of"]

Policy = Literal["strict", "permissive"]
"""strict: a flight visit never serves a duty of the full checklist (总局令第49号第二十七条); permissive: flight visits are carried out with the full checklist."""
End = Literal["law", "approval", "ours"]
"""Who set an end of a window: only what is ours may be widened."""
KINDS: Final = ("日常", "专项", "体系", "飞行", "复查")
LEVELS: Final = ("监管所", "县局", "市局", "省局")
"""Organisers from the lowest to the highest."""


class Class(IntEnum):
    """What a visit is: announced with the full checklist, or unannounced; a duty may ask for either."""

    EITHER = 0
    FULL = 1
    FLIGHT = 2


_STRICT: Final = {"日常": Class.FULL, "体系": Class.FULL, "飞行": Class.FLIGHT, "专项": Class.EITHER, "复查": Class.EITHER}
_PERMISSIVE: Final = _STRICT | {"日常": Class.EITHER}


def class_of(kind: str, policy: Policy) -> Class:
    """Return which visits may serve a duty of a kind.

    >>> class_of("日常", "strict").name, class_of("日常", "permissive").name
    ('FULL', 'EITHER')
    """
    return (_STRICT if policy == "strict" else _PERMISSIVE)[kind]


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One obligation to inspect: one row per subject, matter and window.

    `r`, `d`: first and last day. `full`: whether the whole checklist is gone through. `series`, `turn`: a frequency of n visits is n duties of one series.
    `r_end`, `d_end`: who set the ends. `exempt`: the three-month rule does not bind it (涉嫌违法或者明显隐患).
    """

    id: str
    subject: str
    kind: str
    r: int
    d: int
    matter: str = ""
    items: frozenset[str] = frozenset()
    full: bool = False
    sealed: bool = False
    level: int = 0
    series: str = ""
    turn: int = 0
    r_end: End = "law"
    d_end: End = "law"
    exempt: bool = False
    minutes: int = 0
    approval: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One trip to one subject that serves its duties: their common days, their strongest class, their union of items, their highest organiser.

    `children`: ids of the duties; each closes by itself. `sealed`: nothing may be told before the visit.
    """

    id: str
    subject: str
    lo: int
    hi: int
    kind: Class
    children: tuple[str, ...]
    items: frozenset[str] = frozenset()
    sealed: bool = False
    full: bool = False
    level: int = 0
    minutes: int = 0
