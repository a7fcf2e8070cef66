"""What validation says when it refuses a rule file."""

from typing import Final

from evenhand.errors import Message

__all__ = [
    "CASE_BAD", "EXPRESSION_BAD", "FILE_SHAPE", "FUNCTION_ARGUMENTS", "KEY_MISSING", "KEY_UNKNOWN", "LIST_UNKNOWN", "NAME_UNKNOWN", "RULE_TWICE",
    "VALUE_NOT_ALLOWED", "WEIGHTS_BAD",
]  # fmt: skip

FILE_SHAPE: Final = Message(
    "QR-01",
    zh="{file}：规则文件应写成“group: …”和“rules: [ … ]”，现为{found}。请照同目录其他文件改写。",
    en="{file}: a rule file holds `group` and a list `rules`; found {found}. Write it like its neighbours.",
)
KEY_MISSING: Final = Message(
    "QR-02",
    zh="{file} 规则{rule}：缺少“{key}”（{meaning}）。请补上。",
    en="{file}, rule {rule}: `{key}` is missing ({meaning}). Add it.",
)
KEY_UNKNOWN: Final = Message(
    "QR-03",
    zh="{file} 规则{rule}：没有“{key}”这一项，最接近的是“{nearest}”。可用的项：{allowed}。",
    en="{file}, rule {rule}: there is no key `{key}`; nearest is `{nearest}`. Allowed: {allowed}.",
)
VALUE_NOT_ALLOWED: Final = Message(
    "QR-04",
    zh="{file} 规则{rule}：“{key}”不能是“{found}”，最接近的是“{nearest}”。只能用：{allowed}。",
    en="{file}, rule {rule}: `{key}` cannot be `{found}`; nearest is `{nearest}`. Allowed: {allowed}.",
)
NAME_UNKNOWN: Final = Message(
    "QR-05",
    zh="{file} 规则{rule}：“{key}”里的“{found}”不是数据集“{kind}”的字段，最接近的是“{nearest}”。请改用该数据集的字段或来源记录的列。",
    en="{file}, rule {rule}: `{found}` in `{key}` is no field of data set {kind}; nearest is `{nearest}`.",
)
FUNCTION_ARGUMENTS: Final = Message(
    "QR-06",
    zh="{file} 规则{rule}：“{key}”里的 {found}。{allowed}",
    en="{file}, rule {rule}: in `{key}`: {found}. {allowed}",
)
EXPRESSION_BAD: Final = Message(
    "QR-07",
    zh="{file} 规则{rule}：读不懂“{key}”：{found}。只能用字段、文字、数字、比较、and/or/not、in、加减和列出的函数。",
    en="{file}, rule {rule}: cannot read `{key}`: {found}. Use fields, constants, comparisons, and/or/not, in, arithmetic and the listed functions.",
)
RULE_TWICE: Final = Message(
    "QR-08",
    zh="{file} 规则{rule}：编号已在 {other} 用过。请换一个编号；编号一经使用不再改变含义。",
    en="{file}, rule {rule}: the id is already used in {other}. Choose another; an id never changes its meaning.",
)
LIST_UNKNOWN: Final = Message(
    "QR-09",
    zh="{file} 规则{rule}：“{key}”里的代码表“{found}”不在规则包中，最接近的是“{nearest}”。请改正或者补上 codes/{found}.csv。",
    en="{file}, rule {rule}: code list `{found}` in `{key}` is not in the pack; nearest is `{nearest}`. Correct it or add codes/{found}.csv.",
)
CASE_BAD: Final = Message(
    "QR-10",
    zh="{file} 规则{rule}：{found}。每条规则至少要有一个通过（pass）和一个未通过（fail）的示例。",
    en="{file}, rule {rule}: {found}. Each rule needs at least one passing and one failing case.",
)
WEIGHTS_BAD: Final = Message(
    "QR-11",
    zh="{file}：六个维度的权重之和应为100，且每个维度一行；现在{found}。请改正。",
    en="{file}: the six weights must add up to 100, one line per dimension; now {found}.",
)
