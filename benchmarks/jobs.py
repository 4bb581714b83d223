"""The jobs, the same for every engine: what is traded, on which bars, at what cost. Needs numpy only.

A  turn the position round where the averages 20/100 cross, 95 % of equity, at the next open
B  flat: enter where exponential averages cross; leave at a stop 1 % or a target 3 % away, inside the bar, stop first
C  A with a hundred pairs of averages
D  A on twenty symbols in one account, a twentieth of 95 % of its equity each
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import time
from collections.abc import Callable

FEE, CASH, SHARE = 0.0004, 10_000.0, 0.95
FUNDING_HOURS, FUNDING_RATE = 8, 0.0001
"""Ours pays; no peer knows funding, so money is compared as it would be without (`unfunded.py`)."""
FAST, SLOW = 20, 100
STOP, TARGET, WARM_UP = 0.01, 0.03, 1_000
GRID = [(fast, slow) for fast in range(5, 51, 5) for slow in range(60, 241, 20)]
MARKET = {"A": "minutes", "B": "minutes", "C": "fives", "D": "many"}

Outcome = tuple[int, float]


def wish() -> argparse.Namespace:
    """What is to be measured: job, folder of the markets, how much of them, how often."""
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=tuple(MARKET))
    parser.add_argument("folder")
    parser.add_argument("--bars", type=int, default=0, help="of each symbol; 0 takes all")
    parser.add_argument("--pairs", type=int, default=len(GRID), help="job C: the first of the pairs")
    parser.add_argument("--calls", type=int, default=5, help="timed calls after one to warm up")
    return parser.parse_args()


def best_of(call: Callable[[], Outcome], calls: int) -> tuple[float, Outcome]:
    """Seconds of the fastest of a few calls after one to warm up, and what the call gave: trades and final equity."""
    outcome = call()
    seconds = []
    for _ in range(calls):
        gc.collect()
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), outcome


def peak_mb() -> int:
    """The most memory of the whole process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024)


def measure(
    who: str, way: str, asked: argparse.Namespace, bars: int, call: Callable[[], Outcome], **more: object
) -> None:  # fmt: skip
    """Time one way of doing a job and print its row; `more` stands in it too, and in place of what the call gave."""
    seconds, (trades, equity) = best_of(call, asked.calls)
    facts: dict[str, object] = {
        "job": asked.job, "who": who, "way": way, "seconds": seconds, "bars": bars, "bars_per_s": round(bars / seconds),
        "trades": trades, "equity": equity, "peak_mb": peak_mb(), "load": round(os.getloadavg()[0], 1),
        "cut": asked.bars, "pairs": asked.pairs if asked.job == "C" else 0,
    }  # fmt: skip
    say(**facts | more)


def alone(job: str, ours: float, **more: object) -> dict[str, object]:
    """A row of a result that no peer stands beside: the five keys that every row of `results/` has, and more."""
    return {"job": job, "ours": ours, "best_peer": None, "peer": None, "ratio": None, **more}


def say(**facts: object) -> None:
    """Print one row for `run.py`."""
    print(json.dumps(facts), flush=True)
