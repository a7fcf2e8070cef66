"""Scope: the part of the province that one person may see. Every question to a release takes one."""

from dataclasses import dataclass
from typing import Self

__all__ = ["Scope"]

_LEVELS = {2: "province", 4: "city", 6: "county"}


@dataclass(frozen=True)
class Scope:
    """A division prefix of two (province), four (city) or six (county) digits; with `office`, one station of that county.

    >>> Scope("3501").where("s")
    ('s.county_code >= ? and s.county_code < ?', ['3501', '3502'])
    >>> Scope("350102", office="福州市鼓楼区市场监督管理局华大市场监督管理所").level
    'office'
    >>> Scope.nothing().where("s")
    ('false', [])
    """

    prefix: str
    office: str | None = None

    def __post_init__(self) -> None:
        """Refuse a prefix that is no division level."""
        if self.prefix and (len(self.prefix) not in _LEVELS or not self.prefix.isdigit()):
            raise ValueError(self.prefix)

    @classmethod
    def nothing(cls) -> Self:
        """Return the scope of a person without an office: sees nothing."""
        return cls("")

    @property
    def level(self) -> str:
        """Return `nothing`, `province`, `city`, `county` or `office`."""
        if not self.prefix:
            return "nothing"
        return "office" if self.office else _LEVELS[len(self.prefix)]

    def where(self, alias: str) -> tuple[str, list[str]]:
        """Return the condition on a table that has county_code and office, with its values; subjects without a county belong to the province."""
        if not self.prefix:
            return "false", []
        if self.office:
            return f"{alias}.office = ?", [self.office]
        if self.level == "province":
            return "true", []
        return f"{alias}.county_code >= ? and {alias}.county_code < ?", [self.prefix, str(int(self.prefix) + 1)]
