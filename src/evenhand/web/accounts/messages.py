"""What keeping accounts says when it refuses."""

from typing import Final

from evenhand.errors import Message

__all__ = [
    "DIVISION_UNKNOWN",
    "DIVISION_WANTED",
    "NAME_LONG",
    "NOTHING_TO_DO",
    "NO_ACCOUNT",
    "NO_ROLE",
    "OFFICE_UNKNOWN",
    "OFFICE_WANTED",
    "SUPERFLUOUS",
    "TAKEN",
    "USERNAME",
    "WEAK",
]

USERNAME: Final = Message(
    "WEB-10",
    zh="用户名“{user}”不能用。可以用汉字、字母、数字和 @ . + - _，不能有空格，不超过 {most} 个字。请换一个。",
    en="user name {user!r}: letters, digits and @ . + - _ only, no spaces, {most} at most. Choose another.",
)
TAKEN: Final = Message(
    "WEB-11",
    zh="用户名“{user}”已经有人用（{held}）。请换一个；要改这个账号，用 evenhand account set {user}。",
    en="user name {user!r} is taken ({held}). Choose another, or change it by `evenhand account set {user}`.",
)
NO_ACCOUNT: Final = Message(
    "WEB-12",
    zh="没有账号“{user}”；最接近的是“{nearest}”。evenhand account list 列出全部账号；请核对用户名和数据目录（--home）。",
    en="no account {user!r}; nearest is {nearest}. See `evenhand account list`; check the name and --home.",
)
NO_ROLE: Final = Message(
    "WEB-13",
    zh="--role“{role}”不是角色；最接近的是“{nearest}”。可以写：{roles}。",
    en="--role {role!r}: no such role; nearest is {nearest}. Allowed: {roles}.",
)
DIVISION_WANTED: Final = Message(
    "WEB-14",
    zh="{role}要用 --division 写明{level}区划，{got}。例如 {code}（{area}）。",
    en="a {role} needs a --division of the level {level}, {got}. For example {code} ({area}).",
)
DIVISION_UNKNOWN: Final = Message(
    "WEB-15",
    zh="--division“{text}”：发布版 {release} 的区划里没有；最接近的是 {code}（{area}）。请写六位区划代码。",
    en="--division {text!r} is not in the divisions of release {release}; nearest is {code} ({area}). Write six digits.",
)
OFFICE_WANTED: Final = Message(
    "WEB-16",
    zh="监管所人员要用 --office 写明所名，与发布版一致。{area}的有：{offices}。",
    en="a station needs --office, as the release names it. Those of {area}: {offices}.",
)
OFFICE_UNKNOWN: Final = Message(
    "WEB-17",
    zh="--office“{office}”：发布版 {release} 中{area}没有这个机构；最接近的是“{nearest}”。请照抄全称。",
    en="--office {office!r}: release {release} has no such office in {area}; nearest is {nearest}. Copy the full name.",
)
SUPERFLUOUS: Final = Message(
    "WEB-18",
    zh="{role}不能写 {option}（{why}）。请去掉它，或者改角色。",
    en="a {role} takes no {option} ({why}). Leave it out, or choose another role.",
)
WEAK: Final = Message("WEB-19", zh="密码不能用：{why}请换一个。", en="password refused: {why} Choose another.")
NAME_LONG: Final = Message(
    "WEB-20", zh="--name 有 {count} 个字，最多 {most} 个。请写短一些。", en="--name has {count} characters, {most} at most."
)
NOTHING_TO_DO: Final = Message(
    "WEB-21",
    zh="账号“{user}”{why}，没有改动。要改什么请写明：--role、--division、--office、--name、--password，或者 evenhand account stop、start。",
    en="account {user}: {why}; nothing was changed. Say what to change: --role, --division, --office, --name, --password, or account stop, start.",
)
