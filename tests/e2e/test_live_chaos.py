"""A live session whose process is killed again and again, at a practice exchange over sockets, with faults.

One seed in every run, with four deaths on each database; `LIVE_CHAOS_SEEDS=20` is what `make chaos` plays: 320 deaths.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SEEDS = int(os.environ.get("LIVE_CHAOS_SEEDS", "0"))
DEATHS = 8 if SEEDS else 4
Play = Callable[[int, str, Path], dict[str, Any]]


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    """Plays seeds in one process that has everything loaded, and forks each life from it."""
    command = [sys.executable, "-m", "tradewright.testing.live_chaos"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as chaos:
        assert chaos.stdin is not None
        assert chaos.stdout is not None

        def played(seed: int, address: str, folder: Path) -> dict[str, Any]:
            assert chaos.stdin is not None
            assert chaos.stdout is not None
            chaos.stdin.write(f"{seed} {DEATHS} {address} {folder}\n")
            chaos.stdin.flush()
            told: dict[str, Any] = json.loads(chaos.stdout.readline())
            print(told)  # noqa: T201 - shown by `make chaos`
            return told

        yield played
        chaos.stdin.close()


@pytest.mark.parametrize("seed", range(1, 1 + max(SEEDS, 1)))
def test_killed_at_seeded_moments_it_loses_nothing(
    seed: int, play: Play, database_address: str, tmp_path: Path
) -> None:
    """SIGKILL around writes, requests, answers and events: orders, fills and position are the exchange's own."""
    found = play(seed, database_address, tmp_path)
    assert found.get("failed", "") == ""
    assert found["deaths"] == DEATHS
