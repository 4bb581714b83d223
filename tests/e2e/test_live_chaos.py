"""A live session whose process is killed again and again, at a practice exchange over sockets, with faults.

One seed in every run, with four deaths on each database; `LIVE_CHAOS_SEEDS=20` is what `make chaos` plays: 320 deaths.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = int(os.environ.get("LIVE_CHAOS_SEEDS", "0"))
DEATHS = 8 if SEEDS else 4


def _played(seed: int, address: str, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "tradewright.testing.live_chaos", str(seed), str(DEATHS), address, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-4_000:]
    print(done.stdout)  # noqa: T201 - shown by `make chaos`
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("seed", range(1, 2 + SEEDS))
def test_killed_at_seeded_moments_it_loses_nothing(seed: int, database_address: str, tmp_path: Path) -> None:
    """SIGKILL around writes, requests, answers and events: orders, fills and position are the exchange's own."""
    found = _played(seed, database_address, tmp_path)
    assert (seed, DEATHS) == (found["seed"], found["deaths"])
