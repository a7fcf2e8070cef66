"""What the documents room says when it refuses."""

from typing import Final

from evenhand.errors import Message

__all__ = ["MARK_TWICE", "MARK_UNKNOWN", "NO_FONT", "NO_SCRIPT", "PREVIOUS_BAD", "SCRIPT_BAD"]

NO_FONT: Final = Message(
    "DOC-01",
    zh="找不到中文字体（需要一种宋体和一种黑体，如 {wanted}）。请安装：apt install fonts-noto-cjk；或者用 --fonts 指明字体文件所在目录。",
    en="no Chinese fonts found (one serif, one sans: {wanted}). Install fonts-noto-cjk, or name their folder with --fonts.",
)
NO_SCRIPT: Final = Message(
    "DOC-02",
    zh="规则包 {pack} 没有文档底稿。请在 documents/ 下放置 .yaml 底稿。",
    en="pack {pack} has no document scripts; put .yaml scripts below documents/.",
)
SCRIPT_BAD: Final = Message("DOC-03", zh="{file}：{why}。请照同目录的其他底稿改正。", en="{file}: {why}. Correct it after its neighbours.")
MARK_UNKNOWN: Final = Message(
    "DOC-04", zh="《{title}》引用了不存在的“{mark}”。请改正底稿中的 {{@{mark}}}。", en="{title} refers to {mark}, which does not exist."
)
MARK_TWICE: Final = Message("DOC-05", zh="《{title}》中“{mark}”用了两次。每个 mark 只能用一次。", en="{title}: mark {mark} is given twice.")
PREVIOUS_BAD: Final = Message(
    "DOC-06",
    zh="{path}：不是上一版文档的清单。请给出上次 --out 的目录，或者其中的 {name}。",
    en="{path} is no manifest of earlier documents; give the folder of the last --out, or its {name}.",
)
