"""How long all kernels take to compile: into an empty folder, on the processors that there are. No arguments.

What is compiled lies beside the sources, so a copy of them without it begins with nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from jobs import say

SOURCES = Path(__file__).resolve().parents[1] / "src"


def main() -> None:
    """Copy, compile, print the seconds that `tradewright.bootstrap.warm` counts itself."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SOURCES, Path(folder) / "src", ignore=shutil.ignore_patterns("__pycache__", "dist"))
        done = subprocess.run(
            [sys.executable, "-m", "tradewright.bootstrap.warm"], check=True, capture_output=True, text=True,
            env=os.environ | {"PYTHONPATH": str(Path(folder) / "src")}, cwd=folder,
        )  # fmt: skip
        if not any(Path(folder).rglob("*.nbc")):
            raise AssertionError("nothing was compiled in the copy")
    say(who="tradewright", way="all kernels compiled", seconds=float(done.stdout.split()[-2]))


if __name__ == "__main__":
    main()
