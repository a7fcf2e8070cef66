"""What decisions say when they refuse a line."""

from typing import Final

from evenhand.errors import Message

__all__ = ["CHAIN_BROKEN", "DECISION_BAD", "DECISION_TWICE", "NOTHING_TO_WITHDRAW", "NOT_JSON", "NO_FILE"]

NO_FILE: Final = Message("DEC-01", zh="找不到认定文件 {path}。请检查路径。", en="no decision file at {path}; check the path.")
NOT_JSON: Final = Message(
    "DEC-02", zh="{path} 第 {line} 行不是一条认定：{why}。每行应是一个 JSON 对象。", en="{path}, line {line} is no JSON object: {why}."
)
DECISION_BAD: Final = Message(
    "DEC-03",
    zh="{path} 第 {line} 行的“{where}”：{why}。请照《人工认定》说明改正。",
    en="{path}, line {line}, `{where}`: {why}. Correct it.",
)
CHAIN_BROKEN: Final = Message(
    "DEC-04",
    zh="{path} 第 {line} 行与上一行接不上：这个文件只能添加，中间的行被改动、删除或者插入过。请用原来的文件；要撤回一条认定，请另加一条撤回。",
    en="{path}, line {line} does not follow the line before: the file is append-only and was edited. Restore it; to take a decision back, add a withdrawal.",
)
DECISION_TWICE: Final = Message(
    "DEC-05", zh="{path} 第 {line} 行的编号 {id} 已在前面用过。请另编一个。", en="{path}, line {line}: id {id} is used twice."
)
NOTHING_TO_WITHDRAW: Final = Message(
    "DEC-06",
    zh="{path} 第 {line} 行要撤回 {id}，但文件中没有这条认定。请核对编号。",
    en="{path}, line {line} withdraws {id}, which is not in the file.",
)
