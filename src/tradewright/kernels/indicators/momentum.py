"""How fast price moves, and where it stands in its range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.windows import (
    EMPTY,
    MEMORY,
    SEEN,
    ago,
    average_of,
    blend,
    forget,
    mean_of,
    sum_of,
    top_of,
)

__all__ = [
    "channel_index", "convergence", "money_flow", "percent_range", "relative_strength", "stochastic",
    "strength_stochastic",
]  # fmt: skip

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]
Pair = tuple[float, float]
ROUNDING = 1e-10  # of 100


@lean_kernel
def _strength(up: Pair, down: Pair, n: int) -> float:
    rises, falls = average_of(up, n), average_of(down, n)
    moved = rises + falls
    return 100.0 * (rises / moved) if moved != 0.0 else 0.0


@kernel
def relative_strength(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Share of rises in all that price moved, by Wilder's averages.   told: n, 1 / n.   state: 6."""
    (x,), n, alpha = columns, int(told[0]), told[1]
    seen, last, up, down = state[0], state[1], (state[2], state[3]), (state[4], state[5])
    for i in range(x.size):
        if not np.isfinite(x[i]):
            seen, up, down = 0.0, EMPTY, EMPTY
            out[0, i] = np.nan
            continue
        if seen > 0.0:
            moved = x[i] - last
            up, down = blend(up, n, alpha, max(moved, 0.0)), blend(down, n, alpha, max(-moved, 0.0))
        seen, last = 1.0, x[i]
        out[0, i] = _strength(up, down, n)
    state[0], state[1] = seen, last
    state[2], state[3] = up
    state[4], state[5] = down


@kernel
def convergence(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Fast less slow exponential average, its own average, and the distance of the two.

    Both averages have their first value in the same row: the fast one is begun so much later. All three outputs begin
    with the signal.   told: fast, slow, signal, and the weight of each.   state: 7.
    """
    (x,), fast, slow, signal = columns, int(told[0]), int(told[1]), int(told[2])
    seen, quick, calm, line = state[0], (state[1], state[2]), (state[3], state[4]), (state[5], state[6])
    for i in range(x.size):
        if not np.isfinite(x[i]):
            seen, quick, calm, line = 0.0, EMPTY, EMPTY, EMPTY
            out[:, i] = np.nan
            continue
        seen += 1.0
        if seen > slow - fast:
            quick = blend(quick, fast, told[3], x[i])
        calm = blend(calm, slow, told[4], x[i])
        distance = quick[1] - calm[1]
        if seen >= slow:
            line = blend(line, signal, told[5], distance)
        smooth = average_of(line, signal)
        out[0, i] = distance if seen >= slow + signal - 1 else np.nan
        out[1, i] = smooth
        out[2, i] = distance - smooth
    state[0] = seen
    state[1], state[2] = quick
    state[3], state[4] = calm
    state[5], state[6] = line


@lean_kernel
def _place_in_range(high: float, low: float, x: float) -> float:
    # 0 at the lowest, 100 at the highest, and 0 where there is no range.
    return (x - low) / ((high - low) / 100.0) if high != low else 0.0


@kernel
def stochastic(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Where the close stands in the range of n bars, averaged once or twice; outputs begin together.

    told: n, length of k, length of d (simple averages).   state: windows of n, n, k and d: each 2 length + 6.
    """
    (high, low, close), n, k, d = columns, int(told[0]), int(told[1]), int(told[2])
    tops, floors = state[: 2 * n + 6], state[2 * n + 6 : 4 * n + 12]
    first, second = state[4 * n + 12 : 4 * n + 2 * k + 18], state[4 * n + 2 * k + 18 :]
    for i in range(close.size):
        out[:, i] = np.nan
        if not np.isfinite(high[i] + low[i] + close[i]):
            for part in (tops, floors, first, second):
                forget(part)
            continue
        top, floor = top_of(tops, n, high[i]), -top_of(floors, n, -low[i])
        if tops[SEEN] >= n:
            fast = mean_of(first, k, _place_in_range(top, floor, close[i]))
            if first[SEEN] >= k:
                slow = mean_of(second, d, fast)
                out[0, i] = fast if second[SEEN] >= d else np.nan
                out[1, i] = slow


@kernel
def strength_stochastic(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Where the relative strength stands in its own range, and the average of that.

    told: n of the strength, 1 / n, n of its range, length of d.   state: 6, windows of the range, the range and d.
    """
    (x,), n, alpha, reach, d = columns, int(told[0]), told[1], int(told[2]), int(told[3])
    seen, last, up, down = state[0], state[1], (state[2], state[3]), (state[4], state[5])
    tops, floors, second = state[6 : 2 * reach + 12], state[2 * reach + 12 : 4 * reach + 18], state[4 * reach + 18 :]
    for i in range(x.size):
        out[:, i] = np.nan
        if not np.isfinite(x[i]):
            seen, up, down = 0.0, EMPTY, EMPTY
            for part in (tops, floors, second):
                forget(part)
            continue
        if seen > 0.0:
            moved = x[i] - last
            up, down = blend(up, n, alpha, max(moved, 0.0)), blend(down, n, alpha, max(-moved, 0.0))
        seen, last = 1.0, x[i]
        if up[0] >= n:
            strength = _strength(up, down, n)
            top, floor = top_of(tops, reach, strength), -top_of(floors, reach, -strength)
            if tops[SEEN] >= reach:
                # In a still market rises and falls fade alike; what is left of a range is rounding.
                fast = _place_in_range(top, floor, strength) if top - floor > ROUNDING else 0.0
                slow = mean_of(second, d, fast)
                out[0, i] = fast if second[SEEN] >= d else np.nan
                out[1, i] = slow
    state[0], state[1] = seen, last
    state[2], state[3] = up
    state[4], state[5] = down


@kernel
def percent_range(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """How far below the highest high the close is: 0 at it, -100 at the lowest low.   told: n.   state: 4 n + 12."""
    (high, low, close), n = columns, int(told[0])
    tops, floors = state[: 2 * n + 6], state[2 * n + 6 :]
    for i in range(close.size):
        if not np.isfinite(high[i] + low[i] + close[i]):
            out[0, i] = np.nan
            forget(tops)
            forget(floors)
            continue
        top, floor = top_of(tops, n, high[i]), -top_of(floors, n, -low[i])
        out[0, i] = (top - close[i]) / ((top - floor) / -100.0) if top != floor else 0.0


@kernel
def channel_index(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Distance of the typical price from its mean, in 0.015 mean distances of the window.   told: n.   state: 3 n + 11.

    Cost: O(n) a row, for each mean has its own distances.
    """
    (high, low, close), n = columns, int(told[0])
    window, past = state[: 2 * n + 6], state[2 * n + 6 :]
    for i in range(close.size):
        typical = (high[i] + low[i] + close[i]) / 3.0
        out[0, i] = np.nan
        if not np.isfinite(typical):
            forget(window)
            forget(past)
            continue
        mean = mean_of(window, n, typical)
        ago(past, n, typical)
        if past[SEEN] >= n:
            apart, other = 0.0, 0.0
            for k in range(0, n - 1, 2):  # two sums, for each addition waits for the one before
                apart += abs(past[MEMORY + k] - mean)
                other += abs(past[MEMORY + k + 1] - mean)
            apart += other if n % 2 == 0 else other + abs(past[MEMORY + n - 1] - mean)
            distance = typical - mean
            out[0, i] = distance / (0.015 * (apart / n)) if apart != 0.0 and distance != 0.0 else 0.0


@kernel
def money_flow(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Share of the money that changed hands while the typical price rose.   told: n.   state: 2 + 4 n + 12."""
    (high, low, close, volume), n = columns, int(told[0])
    into, away = state[2 : 2 * n + 8], state[2 * n + 8 :]
    for i in range(close.size):
        typical = (high[i] + low[i] + close[i]) / 3.0
        out[0, i] = np.nan
        if not np.isfinite(typical + volume[i]):
            state[0] = 0.0
            forget(into)
            forget(away)
            continue
        if state[0] > 0.0:
            money = typical * volume[i]
            gained = sum_of(into, n, money if typical > state[1] else 0.0)
            lost = sum_of(away, n, money if typical < state[1] else 0.0)
            moved = gained + lost
            out[0, i] = 100.0 * (gained / moved) if moved != 0.0 else 0.0
        state[0], state[1] = 1.0, typical
