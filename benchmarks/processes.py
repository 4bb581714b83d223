"""Ours and the peers, each in a process of its own, and the rows that they print."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

Row = dict[str, Any]
HERE = Path(__file__).resolve().parent
ROUNDS = 3
SLOW_PEERS = ("nautilus", "backtrader", "backtesting", "bt", "pybroker", "jesse", "freqtrade", "zipline")
CUT = {"A": 52_560, "B": 52_560, "C": 26_280, "D": 5_256}  # bars of each symbol for those who need seconds for more
CUT_PAIRS = 2


def measure(python: Path, script: str, *arguments: object) -> list[Row]:
    """The rows that one process prints; none where it cannot run."""
    if not python.exists():
        print(f"no environment for {script} (make bench builds it where it can)")
        return []
    command = [str(part) for part in (python, HERE / script, *arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{script} failed:\n{done.stderr[-2_000:]}")
        return []
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def ours(script: str, *arguments: object) -> list[Row]:
    """Rows of one of our own scripts."""
    return measure(Path(sys.executable), script, *arguments)


def peers(name: str, *arguments: object) -> list[Row]:
    """A peer's rows of a job."""
    return measure(HERE / f".venvs/{name}/bin/python", f"peer_{name}.py", *arguments)


def in_turns(job: str, folder: str) -> list[Row]:
    """All rows of a job, turn by turn, so that a busy minute slows ours and the peers' alike."""
    rows: list[Row] = []
    for _ in range(ROUNDS):
        rows += ours("ours.py", job, folder) + peers("vectorbt", job, folder, "--calls", 3)
    cut = (job, folder, "--bars", CUT[job], "--pairs", CUT_PAIRS)
    for name in SLOW_PEERS:
        rows += ours("ours.py", *cut) + peers(name, *cut, "--calls", 1)
    return rows


def best(rows: list[Row]) -> dict[tuple[str, str, int], Row]:
    """The fastest row of each way of each engine."""
    timed = [row for row in rows if "seconds" in row]
    return {(row["who"], row["way"], row["cut"]): row for row in sorted(timed, key=lambda row: -row["seconds"])}
