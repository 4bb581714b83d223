"""A live session whose process is killed again and again, at a practice exchange over sockets, with faults.

`LIVE_CHAOS_SEEDS=20` is what `make chaos` plays, on both databases: 320 deaths.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = int(os.environ.get("LIVE_CHAOS_SEEDS", "0"))
DEATHS = 8


def _played(seed: int, address: str, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "tradewright.testing.live_chaos", str(seed), str(DEATHS), address, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-4_000:]
    print(done.stdout)  # noqa: T201 - shown by `make chaos`
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_session_that_is_killed_eight_times_loses_nothing(tmp_path: Path) -> None:
    """SIGKILL around writes, requests, answers and events: orders, fills and position are the exchange's own."""
    found = _played(1, f"sqlite:///{tmp_path}/tradewright.db", tmp_path)
    assert (1, DEATHS) == (found["seed"], found["deaths"])


@pytest.mark.skipif(SEEDS == 0, reason="make chaos plays them")
@pytest.mark.parametrize("seed", range(2, 2 + SEEDS))
def test_killed_at_seeded_moments_on_both_databases(seed: int, database_address: str, tmp_path: Path) -> None:
    """The same with other prices, faults and moments, its journal in SQLite and in PostgreSQL."""
    assert seed == _played(seed, database_address, tmp_path)["seed"]
