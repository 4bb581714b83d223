"""Time a call, and say what came of it as one line of JSON."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable

CALLS = 5


def best_of(call: Callable[[], tuple[int, float]]) -> tuple[float, int, float]:
    """Seconds of the fastest of a few calls after one to warm up, and what the call gave: trades and final equity."""
    trades, equity = call()
    seconds = []
    for _ in range(CALLS):
        gc.collect()
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), trades, equity


def say(**facts: object) -> None:
    """Print one row for `run.py`."""
    print(json.dumps(facts), flush=True)
