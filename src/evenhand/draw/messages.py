"""What the draw says when it refuses."""

from typing import Final

from evenhand.errors import Message

__all__ = [
    "BAD_BYTES", "BAD_ROW", "BAD_VALUE", "EMPTY_LIST", "LEDGER_BROKEN", "LEDGER_STEP", "NO_BEACON", "NO_EXCHANGE", "NO_QUOTA", "NO_RESERVE", "NO_SUBSTITUTE", "NO_TEAM", "QUOTA_TOO_LARGE", "RULES_LACK", "STRATA_DIFFER", "TOO_FEW_SEALED",
    "TOO_LITTLE_CHANCE",
]  # fmt: skip

BAD_ROW: Final = Message(
    "DRAW-01",
    zh="名单或者规则的一行“{row}”：{why}。请改正后重新生成，尚未写出任何文件。",
    en="row `{row}`: {why}. Correct it; nothing was written.",
)
BAD_BYTES: Final = Message(
    "DRAW-02",
    zh="{file} 第{line}行：{why}。请用程序写出的原文件，不要用表格软件另存。",
    en="{file}, line {line}: {why}. Use the file as it was written.",
)
EMPTY_LIST: Final = Message("DRAW-03", zh="名单是空的，不能抽取。请核对筛选条件。", en="the list is empty; check what was left out.")
RULES_LACK: Final = Message("DRAW-04", zh="规则缺参数 {names}。请补上 param 行。", en="rules lack {names}; add their param rows.")
STRATA_DIFFER: Final = Message("DRAW-05", zh="层“{stratum}”{why}。名单中的每一层恰有一行名额，反之亦然。", en="stratum {stratum}: {why}.")
QUOTA_TOO_LARGE: Final = Message(
    "DRAW-06",
    zh="层“{stratum}”只有 {rows} 个对象，名额却是 {quota}。请减少名额，等于对象数的标为全覆盖。",
    en="stratum {stratum} has {rows} rows, its quota is {quota}.",
)
NO_QUOTA: Final = Message(
    "DRAW-07", zh="{text}：名额合计 {found}，应为 {expected}。请核对。", en="{text}: quotas add up to {found}, {expected} expected."
)
BAD_VALUE: Final = Message("DRAW-08", zh="公开值“{value}”：{why}。应写成 {form}。", en="public value `{value}`: {why}; write {form}.")
TOO_LITTLE_CHANCE: Final = Message(
    "DRAW-09",
    zh="约定的公开值共 {kinds} 种、{bits} 比特：至少两种、合计 {least} 比特，其中至少一种来自外部、在承诺之后产生。请增加来源。",
    en="the sources give {kinds} kinds and {bits} bits; two kinds, {least} bits and one external future value are asked.",
)
NO_BEACON: Final = Message(
    "DRAW-10",
    zh="来源 {source} 应是第 {round} 轮，录入的是“{value}”。请等该轮公布后照录。",
    en="source {source} must be round {round}, got {value}.",
)
LEDGER_BROKEN: Final = Message(
    "DRAW-11", zh="台账第{line}行：{why}。台账只能追加，请恢复原文件。", en="ledger, line {line}: {why}; restore the file."
)
LEDGER_STEP: Final = Message("DRAW-12", zh="编号 {serial}：{why}。", en="serial {serial}: {why}.")
NO_RESERVE: Final = Message(
    "DRAW-13", zh="层“{stratum}”的候补已经用完，没有下一个票号。请报批后另行抽取。", en="stratum {stratum} has no reserve left."
)
TOO_FEW_SEALED: Final = Message(
    "DRAW-14",
    zh="封存名单的层“{stratum}”只有 {rows} 个对象，至少要 {least} 个，否则容易猜出。请合并层。",
    en="sealed stratum {stratum} has {rows} rows, {least} at least.",
)
NO_TEAM: Final = Message(
    "DRAW-15",
    zh="这些位置派不出两个不同的持证人员：{places}。请补充人员、放宽专长，或者转由县局派员。",
    en="these places cannot be filled by two different people: {places}. Add people, or hand the visit to the county.",
)
NO_EXCHANGE: Final = Message(
    "DRAW-17",
    zh="异地互查不能进行：{why}。互查至少要两个机构、每个位置有别处的人可派；不会改成普通分配。",
    en="no exchange: {why}; it never falls back to ordinary distribution.",
)
NO_SUBSTITUTE: Final = Message("DRAW-18", zh="检查 {visit} 不能递补：{why}。", en="no substitute for visit {visit}: {why}.")
