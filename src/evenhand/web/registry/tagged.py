"""Tags of a subject as the page shows them: by family, each in words."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from evenhand.rulebook import shipped_pack
from evenhand.tag import read_tag_rules
from evenhand.web.registry.veil import Veil

__all__ = ["families_shown"]


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, str], dict[str, str]]:
    """Titles of the families, and the first other name of tags whose value is only letters."""
    rules = read_tag_rules(shipped_pack())
    titles = {family.family: family.term for family in rules.families}
    return titles, {tag.code: tag.aliases[0] for tag in rules.tags if tag.value.isascii() and tag.aliases}


def families_shown(tags: Sequence[Mapping[str, Any]], veil: Veil) -> list[dict[str, Any]]:
    """Return the families of some tags with their titles; a value of letters alone (JY) is followed by its name.

    >>> tag = {"code": "T02-02", "family": "T02", "value": "JY", "evidence": "JY1：有效"}
    >>> [(one["title"], [t["value"] for t in one["tags"]]) for one in families_shown([tag], Veil(natural_person=False))]
    [('许可备案', ['JY 食品经营许可'])]
    """
    titles, names = _words()
    found: dict[str, list[dict[str, Any]]] = {}
    for tag in tags:
        name = names.get(tag["code"])
        value = f"{tag['value']} {name}" if name else tag["value"]
        found.setdefault(tag["family"], []).append({**tag, "value": value, "evidence": veil.text(tag["evidence"])})
    return [{"title": titles.get(family, family), "tags": members} for family, members in found.items()]
