"""What the pipeline says when it stops."""

from typing import Final

from evenhand.errors import Message

__all__ = ["COUNTS_DIFFER", "DISK_FULL", "INTERRUPTED", "NOT_WRITABLE", "OTHER_BUILD", "OUT_OF_MEMORY", "PREVIOUS_DAMAGED"]

DISK_FULL: Final = Message(
    "PIPE-01",
    zh="{path} 所在磁盘已满，阶段“{stage}”没有写完。已完成的阶段保留，原发布版不受影响。请腾出空间后重新运行同一命令。",
    en="The disk of {path} is full; stage {stage} was not finished. Finished stages are kept. Free some space and run the same command again.",
)
INTERRUPTED: Final = Message(
    "PIPE-02",
    zh="运行在阶段“{stage}”中断。已完成的阶段保留，原发布版不受影响。重新运行同一命令即可继续。",
    en="Interrupted in stage {stage}. Finished stages are kept; run the same command again to go on.",
)
OTHER_BUILD: Final = Message(
    "PIPE-03",
    zh="{path}：另一个构建正在写入。请等它结束后再运行，或者换一个 --out 目录。",
    en="{path}: another build is writing here. Wait for it, or choose another --out.",
)
NOT_WRITABLE: Final = Message(
    "PIPE-04", zh="{path}：不能写入（{why}）。请换一个可写的目录。", en="{path}: cannot be written ({why}). Choose another folder."
)
OUT_OF_MEMORY: Final = Message(
    "PIPE-05",
    zh="阶段“{stage}”内存不足（上限 {memory} GiB）。请用 --memory 提高上限，或者减少 --threads，然后重新运行同一命令。",
    en="Stage {stage} ran out of memory (limit {memory} GiB). Raise --memory or lower --threads and run the same command again.",
)
COUNTS_DIFFER: Final = Message(
    "PIPE-06",
    zh="数目不平：{what} 应为 {expected}，实为 {found}。没有生成发布版。这是程序缺陷，请保留 {path} 并报告。",
    en="Counts do not reconcile: {what} should be {expected}, is {found}. No release was made. This is a defect: keep {path} and report it.",
)
PREVIOUS_DAMAGED: Final = Message(
    "PIPE-07",
    zh="{path}：已损坏或者被改动，主体编号和等级无法从上一发布版沿用。请改用完好的发布版，或者从备份恢复后重新运行。",
    en="{path}: damaged or changed, so subject ids and grades cannot go on from it. Name a whole release, or restore it and run again.",
)
