"""How the price of open defects is printed: what each rule's defects touch, the dearest first."""

from evenhand.cli.console import show_table
from evenhand.publish import Release, Scope, prices
from evenhand.standards import REACHES

__all__ = ["show_prices"]

_MOST = 20


def show_prices(release: Release, scope: Scope) -> None:
    """Print the dearest kinds of open defects inside the scope."""
    rows = prices(release, scope)[:_MOST]
    if not rows:
        return
    show_table(
        f"错误代价（未了结的问题触及什么，前 {len(rows)} 名）",
        ("种类", "规则", "名称", "主体", *(reach.title for reach in REACHES), "代价"),
        [(r["item_title"], r["rule"], r["title"], r["subjects"], *(r[reach.name] for reach in REACHES), r["price"]) for r in rows],
    )
