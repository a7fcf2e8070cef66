"""Commands of the draw (抽取): commit, input, reveal, teams and what follows them."""

import typer

from evenhand.cli.drawing.audit import audit_, reconcile_
from evenhand.cli.drawing.objects import commit_, input_, next_, print_, replace_, reveal_, verify_, void_
from evenhand.cli.drawing.sealed import ask_, open_, share_, vrf_
from evenhand.cli.drawing.teams import exchange_, roster_, substitute_, teams_

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    draw = typer.Typer(name="draw", help="抽取仪式：承诺、公开值、种子、结果，任何人可以重算。", no_args_is_help=True)
    for name, command in (
        ("next", next_),
        ("commit", commit_),
        ("input", input_),
        ("reveal", reveal_),
        ("print", print_),
        ("replace", replace_),
        ("substitute", substitute_),
        ("void", void_),
        ("exchange", exchange_),
        ("teams", teams_),
        ("roster", roster_),
        ("open", open_),
        ("ask", ask_),
        ("share", share_),
        ("vrf", vrf_),
        ("verify", verify_),
        ("audit", audit_),
        ("reconcile", reconcile_),
    ):
        draw.command(name)(command)
    app.add_typer(draw)
