"""Pages that are printed from the rules say what the rules say."""

import subprocess
import sys

from tree import ROOT


def test_the_printed_pages_agree_with_the_rules() -> None:
    told = subprocess.run([sys.executable, str(ROOT / "tools" / "printed.py"), "--check"], capture_output=True, text=True, check=False)

    assert (told.returncode, told.stderr) == (0, "")
