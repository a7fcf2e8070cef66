"""What the rulebook says when it refuses."""

from typing import Final

from evenhand.errors import Message

__all__ = ["CALENDAR_ENDS", "LIST_EMPTY", "LIST_NO_ORIGIN", "LIST_RAGGED", "PACK_BAD_FILE", "PACK_NOT_FOUND", "PACK_NO_LIST"]

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
