"""How fast price moves, and where it stands in its range."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.windows import (
    EMPTY,
    MEMORY,
    NEW,
    SEEN,
    ago,
    average_of,
    blend,
    keep,
    mean_of,
    opened,
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
STILL = 1e-14  # of a price: typical prices of the same tick may differ by less, in their last bits


@lean_kernel
def _strength(up: Pair, down: Pair, n: int) -> float:
    rises, falls = average_of(up, n), average_of(down, n)
    moved = rises + falls
    return 100.0 * (rises / moved) if moved != 0.0 else 0.0


@lean_kernel
def _balance(up: Pair, down: Pair, n: int) -> float:
    rises, falls = average_of(up, n), average_of(down, n)
    moved = rises + falls
    return 100.0 * ((rises - falls) / moved) if moved != 0.0 else 0.0


@lean_kernel
def _strengths(x: Numbers, told: Numbers, state: Numbers, found: Numbers, is_balance: bool) -> None:
    """Relative strength, or balance, row by row; NaN in the warm-up.   told: n, 1 / n.   state: 6."""
    n, alpha = int(told[0]), told[1]
    seen, last, up, down = state[0], state[1], (state[2], state[3]), (state[4], state[5])
    for i in range(x.size):
        if not np.isfinite(x[i]):
            seen, up, down = 0.0, EMPTY, EMPTY
            found[i] = np.nan
            continue
        if seen > 0.0:
            moved = x[i] - last
            up, down = blend(up, n, alpha, max(moved, 0.0)), blend(down, n, alpha, max(-moved, 0.0))
        seen, last = 1.0, x[i]
        found[i] = _balance(up, down, n) if is_balance else _strength(up, down, n)
    state[0], state[1] = seen, last
    state[2], state[3] = up
    state[4], state[5] = down


@kernel
def relative_strength(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Share of rises in all that price moved, by Wilder's averages; or rises less falls as a share.

    told: n, 1 / n, 1 where falls are taken off.   state: 6.
    """
    _strengths(columns[0], told, state, out[0], told[2] > 0.0)


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


@lean_kernel
def _averaged(x: Numbers, part: Numbers, n: int, found: Numbers) -> None:
    """Means of the last n values, begun anew after each NaN; where they are written may be where x stands."""
    now, mean = opened(part), np.nan
    for i in range(x.size):
        if np.isfinite(x[i]):
            now, mean = mean_of(now, part, n, x[i])
        else:
            now, mean = NEW, np.nan
        found[i] = mean
    keep(part, now)


@kernel
def stochastic(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Where the close stands in the range of n bars, averaged once or twice; outputs begin together.

    Step by step over all rows, for one loop that does it all has more in hand than the processor has registers.
    told: n, length of k, length of d (simple averages).   state: windows of n, n, k and d: each 2 length + 6.
    """
    (high, low, close), n, k, d = columns, int(told[0]), int(told[1]), int(told[2])
    tops, floors = state[: 2 * n + 6], state[2 * n + 6 : 4 * n + 12]
    first, second = state[4 * n + 12 : 4 * n + 2 * k + 18], state[4 * n + 2 * k + 18 :]
    above, below, place = opened(tops), opened(floors), np.nan
    for i in range(close.size):
        if np.isfinite(high[i] + low[i] + close[i]):
            above, top = top_of(above, tops, n, high[i])
            below, floor = top_of(below, floors, n, -low[i])
            place = _place_in_range(top, -floor, close[i]) if above[SEEN] >= n else np.nan
        else:
            above, below, place = NEW, NEW, np.nan
        out[0, i] = place
    keep(tops, above)
    keep(floors, below)
    _averaged(out[0], first, k, out[0])
    _averaged(out[0], second, d, out[1])
    for i in range(close.size):
        out[0, i] = out[0, i] if np.isfinite(out[1, i]) else np.nan


@kernel
def strength_stochastic(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Where the relative strength stands in its own range, and the average of that.

    told: n of the strength, 1 / n, n of its range, length of d.   state: 6, windows of the range, the range and d.
    """
    reach, d = int(told[2]), int(told[3])
    tops, floors, second = state[6 : 2 * reach + 12], state[2 * reach + 12 : 4 * reach + 18], state[4 * reach + 18 :]
    above, below, place = opened(tops), opened(floors), np.nan
    _strengths(columns[0], told, state, out[0], False)
    for i in range(out.shape[1]):
        strength = out[0, i]
        if np.isfinite(strength):
            above, top = top_of(above, tops, reach, strength)
            below, floor = top_of(below, floors, reach, -strength)
            # In a still market rises and falls fade alike; what is left of a range is rounding.
            place = _place_in_range(top, -floor, strength) if top + floor > ROUNDING else 0.0
            place = place if above[SEEN] >= reach else np.nan
        else:
            above, below, place = NEW, NEW, np.nan
        out[0, i] = place
    keep(tops, above)
    keep(floors, below)
    _averaged(out[0], second, d, out[1])
    for i in range(out.shape[1]):
        out[0, i] = out[0, i] if np.isfinite(out[1, i]) else np.nan


@kernel
def percent_range(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """How far below the highest high the close is: 0 at it, -100 at the lowest low.   told: n.   state: 4 n + 12."""
    (high, low, close), n = columns, int(told[0])
    tops, floors = state[: 2 * n + 6], state[2 * n + 6 :]
    above, below = opened(tops), opened(floors)
    for i in range(close.size):
        if np.isfinite(high[i] + low[i] + close[i]):
            above, top = top_of(above, tops, n, high[i])
            below, floor = top_of(below, floors, n, -low[i])
            out[0, i] = (top - close[i]) / ((top + floor) / -100.0) if top != -floor else 0.0
        else:
            above, below = NEW, NEW
            out[0, i] = np.nan
    keep(tops, above)
    keep(floors, below)


@lean_kernel
def _distances(past: Numbers, n: int, mean: float) -> float:
    # Four sums, for each addition waits for the one before.
    one, two, three, four, whole = 0.0, 0.0, 0.0, 0.0, n - n % 4
    for k in range(MEMORY, MEMORY + whole, 4):
        one += abs(past[k] - mean)
        two += abs(past[k + 1] - mean)
        three += abs(past[k + 2] - mean)
        four += abs(past[k + 3] - mean)
    for k in range(MEMORY + whole, MEMORY + n):
        one += abs(past[k] - mean)
    return (one + two) + (three + four)


@kernel
def channel_index(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Distance of the typical price from its mean, in 0.015 mean distances of the window.   told: n.   state: 3 n + 11.

    Cost: O(n) a row, for each mean has its own distances.
    """
    (high, low, close), n = columns, int(told[0])
    window, past = state[: 2 * n + 6], state[2 * n + 6 :]
    now, then = opened(window), opened(past)
    for i in range(close.size):
        typical = (high[i] + low[i] + close[i]) / 3.0
        out[0, i] = np.nan
        if not np.isfinite(typical):
            now, then = NEW, NEW
            continue
        now, mean = mean_of(now, window, n, typical)
        then, _ = ago(then, past, n, typical)
        if then[SEEN] >= n:
            apart, distance = _distances(past, n, mean), typical - mean
            is_still = apart / n < STILL * abs(mean) or distance == 0.0
            out[0, i] = 0.0 if is_still else distance / (0.015 * (apart / n))
    keep(window, now)
    keep(past, then)


@kernel
def money_flow(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Share of the money that changed hands while the typical price rose.   told: n.   state: 2 + 4 n + 12."""
    (high, low, close, volume), n = columns, int(told[0])
    into, away = state[2 : 2 * n + 8], state[2 * n + 8 :]
    rich, poor, seen, before = opened(into), opened(away), state[0], state[1]
    for i in range(close.size):
        typical = (high[i] + low[i] + close[i]) / 3.0
        out[0, i] = np.nan
        if not np.isfinite(typical + volume[i]):
            rich, poor, seen = NEW, NEW, 0.0
            continue
        if seen > 0.0:
            change = typical - before
            money = typical * volume[i] if abs(change) >= STILL * (abs(typical) + abs(before)) else 0.0
            rich, gained = sum_of(rich, into, n, money if change > 0.0 else 0.0)
            poor, lost = sum_of(poor, away, n, money if change < 0.0 else 0.0)
            moved = gained + lost
            out[0, i] = 100.0 * (gained / moved) if moved != 0.0 else 0.0
        seen, before = 1.0, typical
    keep(into, rich)
    keep(away, poor)
    state[0], state[1] = seen, before
