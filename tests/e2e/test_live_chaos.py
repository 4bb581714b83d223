"""Live sessions whose processes are killed again and again, at practice exchanges over sockets, with faults.

One seed in every run, with four deaths on each database; `LIVE_CHAOS_SEEDS=38` is what `make chaos` plays: 304 deaths
on each, `LIVE_CHAOS_AT_ONCE` seeds beside each other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from tradewright.testing.chaos_ills import ILLS
from tradewright.testing.mortal import MOMENTS

SEEDS = int(os.environ.get("LIVE_CHAOS_SEEDS", "1"))
DEATHS = 8 if SEEDS > 1 else 4
FIRST = {"sqlite": 1, "postgres": 2}
MANY = 20
AT_ONCE = os.environ.get("LIVE_CHAOS_AT_ONCE", "4")


def played(lines: list[str]) -> dict[int, dict[str, Any]]:
    """What came of each seed."""
    command = [sys.executable, "-m", "tradewright.testing.live_chaos", AT_ONCE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as chaos:
        assert chaos.stdin is not None
        assert chaos.stdout is not None
        chaos.stdin.write("".join(lines))
        chaos.stdin.close()
        found = {}
        for line in chaos.stdout:
            print(line, end="", flush=True)  # noqa: T201 - shown by `make chaos`
            told = json.loads(line)
            found[told["seed"]] = told
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_killed_at_seeded_moments_it_loses_nothing(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """SIGKILL around writes, requests, answers, events and questions, at the start and within a COMMIT.

    Meanwhile the database is locked or cannot store, clocks are set, streams fall silent, and people confirm orders
    twice at once. Orders, fills and position are the exchange's own in the end, and nothing was sent unconfirmed.
    """
    first = FIRST[kind] if SEEDS == 1 else 1  # a single one differs, so that more of the ills are met
    seeds = range(first, first + SEEDS)
    if kind == "sqlite":
        addresses = [f"sqlite:///{tmp_path}/{seed}.db" for seed in seeds]
    else:
        cluster = request.getfixturevalue("postgres")
        addresses = [cluster.database(uuid.uuid4().hex) for _ in seeds]
    lines = [
        f"{seed} {DEATHS} {address} {tmp_path / str(seed)}\n" for seed, address in zip(seeds, addresses, strict=True)
    ]

    found = played(lines)

    assert {} == {seed: told["failed"] for seed, told in found.items() if "failed" in told}
    assert dict.fromkeys(seeds, DEATHS) == {seed: found[seed]["deaths"] for seed in sorted(found)}
    assert sum(told["fills"] for told in found.values()) > 0
    if SEEDS >= MANY:
        assert {*MOMENTS} == {moment for told in found.values() for moment in told["kinds"]}
        assert {*ILLS} == {ill for told in found.values() for ill in told["ills"]}
        assert sum(told["confirmed"] for told in found.values()) > 0
        assert sum(told["failed_writes"] for told in found.values()) > 0
