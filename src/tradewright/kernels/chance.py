"""Chance and latency: numbers that depend on a seed and on the number of what they are drawn for, and on nothing else.

No state: the same message has the same fate whatever else happened.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewright.domain.enums import LatencyModel
from tradewright.kernels.bar_path import stirred
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.replay_records import Surroundings

__all__ = ["entry_latency", "is_refused", "normal", "response_latency", "uniform"]

_PRIME = 2_147_483_647
_SECOND = 1_000_000_000
_REFUSAL, _ENTRY, _RESPONSE = 1, 2, 4
_MOST = 60_000_000_000.0


@lean_kernel
def uniform(seed: int, number: int, stream: int) -> float:
    """A number above 0 and below 1, of one of several streams."""
    return float((stirred(seed, number * _SECOND, stream) + 0.5) / _PRIME)


@lean_kernel
def normal(seed: int, number: int, stream: int) -> float:
    """A standard normal number (Box and Muller 1958); it uses two streams, `stream` and the next."""
    radius = np.sqrt(-2.0 * np.log(uniform(seed, number, stream)))
    return float(radius * np.cos(2.0 * np.pi * uniform(seed, number, stream + 1)))


@lean_kernel
def spread(median: int, sigma: float, draw: float) -> int:
    """A lognormal time around its median, ns; at most a minute."""
    return int(min(median * np.exp(sigma * draw), _MOST))


@lean_kernel
def row_at(latencies: Any, ts: int) -> int:
    """Last recorded row at or before a time; -1 before the first."""
    low, high = 0, latencies.size
    while low < high:
        middle = (low + high) // 2
        if latencies[middle]["ts"] <= ts:
            low = middle + 1
        else:
            high = middle
    return low - 1


@lean_kernel
def recorded(latencies: Any, ts: int, entry: bool) -> int:
    """Latency at a time, between the recorded ones; before the first and after the last, theirs.

    A refusal (below 0) is not mixed with its neighbours: it stands until the next record.
    """
    row = row_at(latencies, ts)
    left, right = latencies[max(row, 0)], latencies[min(row + 1, latencies.size - 1)]
    low, high = (left["entry"], right["entry"]) if entry else (left["response"], right["response"])
    span = right["ts"] - left["ts"]
    if low < 0 or high < 0 or span <= 0:
        return int(low)
    return int(low + (high - low) * (float(ts - left["ts"]) / float(span)))


@lean_kernel
def entry_latency(around: Surroundings, latencies: Any, number: int, ts: int) -> int:
    """Time of request `number`, sent at `ts`, to the venue, ns; below 0 where the record says that it was refused."""
    if around.latency == LatencyModel.LOGNORMAL:
        return spread(around.entry, around.sigma, normal(around.seed, number, _ENTRY))
    if around.latency == LatencyModel.RECORDED:
        return recorded(latencies, ts, True)
    return int(around.entry)


@lean_kernel
def response_latency(around: Surroundings, latencies: Any, number: int, ts: int) -> int:
    """Time of report `number` from the venue at `ts`, ns."""
    if around.latency == LatencyModel.LOGNORMAL:
        return spread(around.response, around.sigma, normal(around.seed, number, _RESPONSE))
    if around.latency == LatencyModel.RECORDED:
        return abs(recorded(latencies, ts, False))
    return int(around.response)


@lean_kernel
def is_refused(around: Surroundings, number: int) -> bool:
    """Whether the venue refuses request `number` by chance."""
    return bool(around.refusal > 0.0 and uniform(around.seed, number, _REFUSAL) < around.refusal)
