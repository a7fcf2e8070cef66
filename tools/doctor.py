"""Say what this machine lacks for Evenhand, and how to get it. Standard library only: it runs before anything is installed.

`python tools/doctor.py`: exit code 1 when something is missing without which nothing runs
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "src" / "evenhand" / "web" / "static" / "vendor" / "vendor.json"
DISK_GIB = 3
MEMORY_GIB = 5
GIB = 2**30

Line = tuple[str, str, str]  # ✓ there, ! missing but not needed for all, ✗ needed; what; how to get it


def lines() -> Iterator[Line]:
    """One line per thing looked at."""
    yield _needed(
        sys.version_info >= (3, 11),
        f"Python {sys.version.split()[0]}",
        "需要 3.11 或更高：apt install python3 python3-venv；macOS：brew install python",
    )
    ready = any((ROOT / ".venv").glob("ready-*"))
    yield _needed(ready, "依赖（.venv）", "./run setup")
    yield _needed(VENDOR.is_file(), "前端文件（static/vendor）", "./run setup")
    free = shutil.disk_usage(ROOT).free / GIB
    yield _needed(free >= DISK_GIB, f"磁盘剩余 {free:.1f} GiB", f"至少留出 {DISK_GIB} GiB")
    yield _wanted(
        "CHROMIUM" in os.environ or shutil.which("chromium"),
        "chromium（浏览器测试）",
        "apt install chromium，或设置 CHROMIUM=路径；没有则跳过这些测试",
    )
    yield _wanted(_chinese_font(), "中文字体（截图、PDF）", "apt install fonts-noto-cjk fontconfig")
    yield _wanted(shutil.which("soffice"), "LibreOffice（文书测试）", "apt install libreoffice-writer；没有则跳过这些测试")
    yield _wanted((ROOT / "wheelhouse").is_dir(), "wheelhouse/（离线安装）", "需要离线安装时：./run wheelhouse")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB
    yield _wanted(
        memory >= MEMORY_GIB, f"内存 {memory:.1f} GiB", f"建立发布版默认用到 {MEMORY_GIB} GiB；不够时用 evenhand build --memory 2"
    )
    databases = _left("evenhand-pg-*", "evenhand-src-*")
    yield _wanted(
        not databases,
        f"遗留的测试数据库 {len(databases)} 个",
        f"确认没有测试在运行后，结束其 postgres 进程并删除：rm -r {' '.join(databases)}",
    )
    homes = _left("evenhand-web-*")
    yield _wanted(not homes, f"遗留的临时数据目录 {len(homes)} 个", f"确认没有 evenhand 在运行后删除：rm -r {' '.join(homes)}")


def _left(*patterns: str) -> list[str]:
    """Folders that a killed run left in the folder for temporary files."""
    return sorted(str(path) for pattern in patterns for path in Path(tempfile.gettempdir()).glob(pattern))


def _needed(there: object, what: str, how: str) -> Line:
    return ("✓" if there else "✗", what, "" if there else how)


def _wanted(there: object, what: str, how: str) -> Line:
    return ("✓" if there else "!", what, "" if there else how)


def _chinese_font() -> bool:
    if sys.platform == "darwin":
        return True  # macOS brings PingFang
    command = shutil.which("fc-list")
    return bool(command and subprocess.run([command, ":lang=zh"], capture_output=True, check=False).stdout)


def main() -> int:
    """Print the lines; 1 when something needed is missing."""
    found = list(lines())
    for mark, what, how in found:
        print(f"{mark} {what}" + (f"：{how}" if how else ""))
    return int(any(mark == "✗" for mark, _, _ in found))


if __name__ == "__main__":
    sys.exit(main())
