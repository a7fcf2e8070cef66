"""What publishing says when it refuses."""

from typing import Final

from evenhand.errors import Message

__all__ = ["NOT_A_RELEASE", "NO_RELEASE", "OTHER_LAYOUT"]

NO_RELEASE: Final = Message(
    "PUB-01",
    zh="{path}：还没有任何发布版。请先运行 evenhand build，或者用 ./run demo 建立演练版。",
    en="{path}: no release yet. Run `evenhand build` first, or `./run demo`.",
)
NOT_A_RELEASE: Final = Message(
    "PUB-02",
    zh="{path}：不是完整的发布版（缺 {missing}）。发布版是 evenhand build 写出的目录；请检查路径，或者重新运行 build。",
    en="{path}: not a whole release ({missing} is missing). Check the path, or run `evenhand build` again.",
)
OTHER_LAYOUT: Final = Message(
    "PUB-03",
    zh="{path}：查询库{why}，本程序读不了；发布版本身完好。请运行 evenhand reindex {folder} 重建查询库，正在运行的网页服务随后重新启动。",
    en="{path}: the serving file {why_en}; the release itself is sound. Run `evenhand reindex {folder}`, then restart the page server.",
)
