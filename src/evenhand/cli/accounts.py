"""Commands on the accounts of the pages: account add, list, set, stop, start."""

import getpass
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.exceptions import Abort

from evenhand.cli.console import screen, show_table
from evenhand.cli.machine import Home, Releases
from evenhand.errors import BadInput, Message, Problem

__all__ = ["register"]

NOT_A_PASSWORD: Final = Message(
    "CLI-13",
    zh="{path}：不是密码文件（{why}）。请把密码写成文件里唯一的一行，UTF-8 编码。",
    en="{path}: no password file ({why}). Write the password as its only line, in UTF-8.",
)
NO_TERMINAL: Final = Message(
    "CLI-14",
    zh="这里没有终端，不能询问密码。请用 --password-file 给出密码文件。",
    en="There is no terminal to ask for a password. Use --password-file.",
)
NOT_THE_SAME: Final = Message(
    "CLI-15", zh="两次输入的密码不一样，没有改动。请再运行一次。", en="The two passwords differ; nothing was changed. Run it again."
)

Username = Annotated[str, typer.Argument(metavar="用户名", help="登录用的名字。")]
_ROLES = "administrator 系统管理员、steward 省局数据管理员、department 省局业务处室、city 市局、county 县局、station 监管所"
Role = Annotated[str, typer.Option(help=f"角色：{_ROLES}。")]
NewRole = Annotated[str | None, typer.Option("--role", help=f"新的角色：{_ROLES}。")]
Division = Annotated[str | None, typer.Option(help="六位区划代码，如 350000、350100、350102；系统管理员不写。")]
Office = Annotated[str | None, typer.Option(help="监管所全称，与发布版一致；只有监管所人员要写。")]
Name = Annotated[str | None, typer.Option(help="姓名，显示在页面右上角和认定记录里。")]
PasswordFile = Annotated[Path | None, typer.Option(help="从这个文件读密码（只有一行），不询问。")]


def add(
    username: Username,
    *,
    role: Role,
    division: Division = None,
    office: Office = None,
    name: Name = None,
    password_file: PasswordFile = None,
    home: Home,
    releases: Releases = None,
) -> None:
    """新建一个网页账号；密码询问两次，不回显。

    示例：evenhand account add lin --role county --division 350102 --name 林小明 --home /srv/evenhand
    """
    where = _opened(home, releases)
    from evenhand.web.accounts.keeping import Wish, add_account, check_new  # noqa: PLC0415 — models may be imported only once the records are open

    wish = Wish(role=role, division=division, office=office, name=name, password=_read(password_file))
    if wish.password is None:
        check_new(username, wish, releases=where)  # nobody types a password twice to be told of something else
        wish = replace(wish, password=_asked())
    made = add_account(username, wish, releases=where, operator=_operator())
    screen.print(f"✓ 账号 {username} 已建立：{made}（数据目录 {home}）。", markup=False)


def list_(*, home: Home, releases: Releases = None) -> None:
    """列出全部账号：角色、区域、在用还是已停用、上次登录。

    示例：evenhand account list --home /srv/evenhand
    """
    _opened(home, releases)
    from evenhand.web.accounts.keeping import list_accounts  # noqa: PLC0415 — models may be imported only once the records are open

    rows = list_accounts()
    show_table(f"账号 {len(rows)} 个", ("用户名", "姓名", "角色", "区域", "状态", "上次登录"), rows)


def set_(  # noqa: PLR0913 — each is an option of the command
    username: Username,
    *,
    role: NewRole = None,
    division: Division = None,
    office: Office = None,
    name: Name = None,
    password: Annotated[bool, typer.Option("--password", help="换密码：询问两次，不回显；同时解除登录锁定。")] = False,
    password_file: PasswordFile = None,
    home: Home,
    releases: Releases = None,
) -> None:
    """改一个账号：角色、区划、机构、姓名、密码；没有写的不变。

    示例：evenhand account set lin --role city --division 350100 --home /srv/evenhand
    """
    where = _opened(home, releases)
    from evenhand.web.accounts.keeping import Wish, change_account, check_change  # noqa: PLC0415 — models may be imported only once the records are open

    wish = Wish(role=role, division=division, office=office, name=name, password=_read(password_file))
    if password and wish.password is None:
        if wish != Wish():
            check_change(username, wish, releases=where)
        wish = replace(wish, password=_asked())
    for line in change_account(username, wish, releases=where, operator=_operator()):
        screen.print(f"✓ {username} {line}", markup=False)


def stop(username: Username, *, home: Home, releases: Releases = None) -> None:
    """停用一个账号：立即不能登录，已打开的页面也退出；记录都保留。

    示例：evenhand account stop lin --home /srv/evenhand
    """
    _set_active(username, home, releases, active=False)


def start(username: Username, *, home: Home, releases: Releases = None) -> None:
    """恢复一个停用的账号，角色、区域和密码照旧。

    示例：evenhand account start lin --home /srv/evenhand
    """
    _set_active(username, home, releases, active=True)


def _set_active(username: str, home: Path, releases: Path | None, *, active: bool) -> None:
    _opened(home, releases)
    from evenhand.web.accounts.keeping import set_active  # noqa: PLC0415 — models may be imported only once the records are open

    told = set_active(username, active=active, operator=_operator())
    screen.print(f"✓ 账号 {username} 已{'恢复' if active else '停用'}（{told}）。", markup=False)


def _opened(home: Path, releases: Path | None) -> Path:
    """Open the records that `evenhand serve` uses with these options; return the folder of releases."""
    from evenhand.web.serving import open_records  # noqa: PLC0415 — Django starts only where it is needed

    where = releases or home / "releases"
    open_records(home, where)
    return where


def _operator() -> str:
    """The machine's user, for the log."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):  # a container may have a number and no name for it
        return "（无名用户）"


def _read(file: Path | None) -> str | None:
    """The password in a file; None without a file."""
    if file is None:
        return None
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as fault:
        raise BadInput(Problem(NOT_A_PASSWORD, {"path": file, "why": "不是 UTF-8"})) from fault
    if len(lines) != 1 or not lines[0]:
        raise BadInput(Problem(NOT_A_PASSWORD, {"path": file, "why": f"有 {len(lines)} 行" if any(lines) else "是空的"}))
    return lines[0]


def _asked() -> str:
    """A password typed twice, unseen."""
    if not sys.stdin.isatty():  # getpass would read it from a pipe, and show it
        raise BadInput(Problem(NO_TERMINAL))
    try:
        first, second = getpass.getpass("密码："), getpass.getpass("再输入一次：")
    except EOFError as fault:
        raise Abort from fault
    if first != second:
        raise BadInput(Problem(NOT_THE_SAME))
    return first


def register(app: typer.Typer) -> None:
    """Add these commands."""
    account = typer.Typer(name="account", help="网页账号：新建、列出、修改、停用、恢复。", no_args_is_help=True)
    account.command()(add)
    account.command("list")(list_)
    account.command("set")(set_)
    account.command()(stop)
    account.command()(start)
    app.add_typer(account)
