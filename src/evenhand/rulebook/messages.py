"""What the rulebook says when it refuses."""

from typing import Final

from evenhand.errors import Message

__all__ = [
    "CALENDAR_ENDS",
    "LIST_EMPTY",
    "LIST_NO_ORIGIN",
    "LIST_RAGGED",
    "PACK_BAD_FILE",
    "PACK_NOT_FOUND",
    "PACK_NO_LIST",
    "PACK_NO_NAMED",
    "PACK_STRANGE",
    "PACK_TRAP",
    "PARAMETER_BAD",
    "PARAMETER_LATER",
    "PARAMETER_NO_PART",
    "PARAMETER_PLACE",
    "PARAMETER_REPEALED",
    "PARAMETER_UNKNOWN",
]  # fmt: skip

PACK_NOT_FOUND: Final = Message(
    "RULE-01",
    zh="{path}：不是规则包。规则包是含有 codes 子目录的目录。请检查 --rules 的路径。",
    en="{path}: no rule pack; a pack is a folder with a folder `codes`. Check --rules.",
)
PACK_BAD_FILE: Final = Message(
    "RULE-02", zh="{file}：读不懂：{why}。请按同目录的其他文件改正。", en="{file}: cannot be read: {why}. Correct it after its neighbours."
)
PACK_NO_LIST: Final = Message(
    "RULE-03",
    zh="规则包 {pack} 没有代码表“{name}”。请补上 codes/{name}.csv。",
    en="pack {pack} has no code list {name}; add codes/{name}.csv.",
)
LIST_NO_ORIGIN: Final = Message(
    "RULE-04", zh="{file}：缺少来源说明“# {key}: …”。请在表头之前写明。", en="{file}: no line `# {key}: …` before the header; state it."
)
LIST_RAGGED: Final = Message(
    "RULE-05",
    zh="{file}：第{row}条有{cells}格，应为{columns}格。请补齐或者给含逗号的格加引号。",
    en="{file}: entry {row} has {cells} cells, {columns} expected.",
)
LIST_EMPTY: Final = Message("RULE-06", zh="{file}：没有任何代码。请至少写一条。", en="{file}: no entries; write at least one.")
CALENDAR_ENDS: Final = Message(
    "RULE-07",
    zh="{day} 不在已载入的工作日历之内（{first} 至 {last}）。请在 codes/holidays.csv 补上该年的放假安排。",
    en="{day} lies outside the loaded calendar ({first} to {last}); add that year to codes/holidays.csv.",
)
PACK_TRAP: Final = Message(
    "RULE-08", zh="{file} 第{line}行“{where}”：{why}。请改正。", en="{file}, line {line}, `{where}`: {why}. Correct it."
)
PARAMETER_UNKNOWN: Final = Message(
    "RULE-09",
    zh="没有参数“{name}”{nearest}。运行 evenhand rules list 可看全部参数。",
    en="no parameter {name}{nearest}; `evenhand rules list` names them all.",
)
PARAMETER_LATER: Final = Message(
    "RULE-10",
    zh="{term}（{name}）自 {first} 起才有规定，{day} 还没有。请换一个日期，或者在该参数文件补上更早的规定。",
    en="{name} is in force from {first} only, not yet on {day}; ask for a later day or add the earlier law.",
)
PARAMETER_REPEALED: Final = Message(
    "RULE-11",
    zh="{term}（{name}）在 {day} 已经废止，依据 {source}。请不要再引用，或者换一个日期。",
    en="{name} is repealed on {day} ({source}); do not use it, or ask for an earlier day.",
)
PARAMETER_NO_PART: Final = Message(
    "RULE-12", zh="参数 {name} 没有“{part}”。可用：{known}。", en="parameter {name} has no part {part}; there are {known}."
)
PARAMETER_PLACE: Final = Message(
    "RULE-13",
    zh="{file}：{why}。参数文件放在 parameters/<主题>/<name>.yaml，一个文件一个参数。",
    en="{file}: {why}; a parameter lies in parameters/<topic>/<name>.yaml, one per file.",
)
PACK_STRANGE: Final = Message(
    "RULE-14",
    zh="规则包里有不认识的 {found}{nearest}。可用的目录：{known}。请改名或者移走。",
    en="the pack holds {found}, which is unknown{nearest}; folders are {known}. Rename or remove it.",
)
PARAMETER_BAD: Final = Message("RULE-15", zh="{file} {where}：{why}。请改正。", en="{file}, {where}: {why}. Correct it.")
PACK_NO_NAMED: Final = Message(
    "RULE-17",
    zh="规则包 {pack} 没有 {file}（其中写 name: {name}）。请补上，可照随产品发布的规则包。",
    en="pack {pack} has no {file} with `name: {name}`; add it, the shipped pack shows how.",
)
