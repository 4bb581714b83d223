"""Zigzag: turning points that are known once price has come back far enough from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel

__all__ = ["ZIGZAG", "new_zigzag", "turn", "zigzag_events"]

ZIGZAG = np.dtype(
    [
        ("way", np.int64),  # of the leg under way: +1 up, -1 down, 0 while there was no turn yet
        ("high", np.float64),  # the highest price of a rising leg, and where, and how far back confirms it
        ("high_bar", np.int64),
        ("high_reach", np.float64),
        ("low", np.float64),  # the same of a falling leg; while way is 0 both are kept
        ("low_bar", np.int64),
        ("low_reach", np.float64),
    ],
    align=True,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def new_zigzag() -> NDArray[np.void]:
    """The state before the first bar, a ZIGZAG record in an array of one."""
    state = np.zeros(1, ZIGZAG)
    state["high"], state["low"] = -np.inf, np.inf
    return state


@lean_kernel
def turn(state: Any, t: int, high: float, low: float, reach: float) -> int:
    """Take bar t: +1 if it confirms the last leg's high as a pivot, -1 its low, 0 neither; the pivot stays in `state`.

    A rising leg's high is confirmed by the first later bar whose low lies at least the reach of the high's own bar
    below it. A bar that moves the extreme on confirms nothing: what came first inside it is not known. Before the first
    turn either end may be confirmed, but not both by one bar.

    Shapes: state ZIGZAG record, changed in place.   Units: prices and reach quote/base; NaN reach: no leg begins.
    Cost: O(1), no allocation.   Twin: tests/parity/test_pivots.py::slow_zigzag
    """
    way = state["way"]
    if way == 0 and np.isnan(reach):
        return 0
    rises = way >= 0 and high > state["high"]
    falls = way <= 0 and low < state["low"]
    drop, climb = state["high"] - low, high - state["low"]
    is_top = way >= 0 and not rises and drop > 0.0 and drop >= state["high_reach"]
    is_bottom = way <= 0 and not falls and climb > 0.0 and climb >= state["low_reach"]
    turned = int(is_top) - int(is_bottom)
    if rises or turned < 0:
        state["high"], state["high_bar"], state["high_reach"] = high, t, reach
    if falls or turned > 0:
        state["low"], state["low_bar"], state["low_reach"] = low, t, reach
    if turned != 0:
        state["way"] = -turned
    return turned


@kernel
def zigzag_events(high: Floats, low: Floats, reach: Floats, state: NDArray[np.void]) -> tuple[Ints, Ints, Ints, Floats]:
    """Find all turning points; they alternate.

    Shapes: high, low, reach (n,) float64; state as `new_zigzag` makes it; returns event bars, places, sides (+1 high,
    -1 low) and levels.   Cost: O(n).   Twin: tests/parity/test_pivots.py::slow_zigzag
    """
    size = high.size
    event, ref = np.empty(size, np.int64), np.empty(size, np.int64)
    side, level = np.empty(size, np.int64), np.empty(size, np.float64)
    count = 0
    for t in range(size):
        way = turn(state[0], t, high[t], low[t], reach[t])
        if way != 0:
            event[count], side[count] = t, way
            ref[count] = state[0]["high_bar"] if way > 0 else state[0]["low_bar"]
            level[count] = state[0]["high"] if way > 0 else state[0]["low"]
            count += 1
    return event[:count].copy(), ref[:count].copy(), side[:count].copy(), level[:count].copy()
