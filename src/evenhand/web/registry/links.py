"""Titles of the rules of membership (归属规则), from the rule pack."""

from functools import lru_cache

from evenhand.rulebook import shipped_pack

__all__ = ["link_title"]


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    keys = shipped_pack().documents("link")["link/keys.yaml"]
    listed = [keys["exact"], *keys["attach"], *keys["group"], keys["alone"]]
    return {rule["id"]: rule["title"] for rule in listed}


def link_title(rule: str) -> str:
    """Return the title of a rule of membership; its code when the pack no longer lists it.

    >>> link_title("LK-01"), link_title("LK-00")
    ('统一社会信用代码一致', 'LK-00')
    """
    return _titles().get(rule, rule)
