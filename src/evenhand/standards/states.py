"""Words that derived tables hold and other rooms ask for."""

from enum import StrEnum
from typing import Final

from evenhand.standards.extracts import EXTRACTS

__all__ = ["VOTERS", "OfficeState"]


class OfficeState(StrEnum):
    """What the votes say of the office that the sources state (管辖判定)."""

    AGREED = "一致"
    CORRECTED = "更正"
    DISPUTED = "存疑"
    UNKNOWN = "不明"


VOTERS: Final = {"zone": "特别区域", "town": "乡镇街道", "road": "路段", "county": "县区", "issuer": "发证机关"} | {
    kind: extract.title for kind, extract in EXTRACTS.items() if extract.bears_subject and "office" in extract
}
"""Who may vote on the office of a place (投票方), with its title; a kind of source votes under its own name."""
