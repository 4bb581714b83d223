"""The folder listing is the architecture: who may import whom, and who may ask the machine."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tradewright"
ENVIRONMENT = {"os.environ", "os.getenv", "os.putenv"}
CLOCKS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


def _mentions(wanted: set[str], *, outside: str) -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(PACKAGE / outside):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node).removeprefix("datetime.") in wanted:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}"


def test_every_import_contract_is_kept() -> None:
    """import-linter finds no broken contract, and its layers name every package."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "0 broken") == (done.returncode, done.stdout.strip().splitlines()[-1].split(", ")[-1].rstrip(".")), (
        done.stdout
    )


def test_only_bootstrap_reads_the_environment() -> None:
    """Settings are read in one place, so that no result depends on what a machine happens to export."""
    assert [] == list(_mentions(ENVIRONMENT, outside="bootstrap"))


def test_only_bootstrap_reads_the_wall_clock() -> None:
    """The time of day enters through what bootstrap hands down, so that a test can say what time it is."""
    assert [] == list(_mentions(CLOCKS, outside="bootstrap"))
