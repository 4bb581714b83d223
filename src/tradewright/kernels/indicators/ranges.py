"""How far price moves, and the channels made of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.windows import EMPTY, NEW, average_of, blend, keep, opened, top_of

__all__ = ["average_range", "channel", "keltner", "middle", "smoothed_bars", "span", "true_range"]

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]


@lean_kernel
def true_range(high: float, low: float, before: float) -> float:
    """Span of a bar and the close before it."""
    return max(high, before) - min(low, before)


@kernel
def average_range(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Wilder's average of the true range.   told: n, 1 / n, 1 where percent of the close is wanted.   state: 4."""
    (high, low, close), n, alpha = columns, int(told[0]), told[1]
    seen, before, average = state[0], state[1], (state[2], state[3])
    for i in range(close.size):
        if not np.isfinite(high[i] + low[i] + close[i]):
            seen, average = 0.0, EMPTY
            out[0, i] = np.nan
            continue
        if seen > 0.0:
            average = blend(average, n, alpha, true_range(high[i], low[i], before))
        seen, before = 1.0, close[i]
        found = average_of(average, n)
        if told[2] > 0.0:
            found = found / close[i] * 100.0 if close[i] != 0.0 else 0.0
        out[0, i] = found
    state[0], state[1] = seen, before
    state[2], state[3] = average


@kernel
def span(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:  # noqa: ARG001 - as all
    """True range of each bar but the first.   state: rows seen, close before."""
    high, low, close = columns
    for i in range(close.size):
        is_known = np.isfinite(high[i] + low[i] + close[i])
        out[0, i] = true_range(high[i], low[i], state[1]) if is_known and state[0] > 0.0 else np.nan
        state[0], state[1] = 1.0 if is_known else 0.0, close[i]


@kernel
def channel(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Highest high, the middle, and lowest low of n bars.   told: n.   state: 4 n + 12."""
    (high, low), n = columns, int(told[0])
    tops, floors = state[: 2 * n + 6], state[2 * n + 6 :]
    above, below, top, floor = opened(tops), opened(floors), np.nan, np.nan
    for i in range(high.size):
        if np.isfinite(high[i] + low[i]):
            above, top = top_of(above, tops, n, high[i])
            below, floor = top_of(below, floors, n, -low[i])
        else:
            above, below, top, floor = NEW, NEW, np.nan, np.nan
        out[0, i] = top
        out[1, i] = (top - floor) / 2.0
        out[2, i] = -floor
    keep(tops, above)
    keep(floors, below)


@kernel
def middle(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Middle between the greatest of the first column and the least of the last.   told: n.   state: 4 n + 12."""
    high, low, n = columns[0], columns[-1], int(told[0])
    tops, floors = state[: 2 * n + 6], state[2 * n + 6 :]
    above, below, top, floor = opened(tops), opened(floors), np.nan, np.nan
    for i in range(high.size):
        if np.isfinite(high[i] + low[i]):
            above, top = top_of(above, tops, n, high[i])
            below, floor = top_of(below, floors, n, -low[i])
        else:
            above, below, top, floor = NEW, NEW, np.nan, np.nan
        out[0, i] = (top - floor) / 2.0
    keep(tops, above)
    keep(floors, below)


@kernel
def keltner(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Exponential average of the typical price, and so many average true ranges above and below.

    Both have their first value in the same row: the shorter one is begun later.
    told: n, its weight, n of the range, its weight, multiple.   state: 7.
    """
    (high, low, close), n, reach = columns, int(told[0]), int(told[2])
    seen, before, centre, spread = state[0], state[1], (state[2], state[3]), (state[4], state[5])
    first = max(n - 1, reach)
    for i in range(close.size):
        if not np.isfinite(high[i] + low[i] + close[i]):
            seen, centre, spread = 0.0, EMPTY, EMPTY
            out[:, i] = np.nan
            continue
        if seen > first - reach:
            spread = blend(spread, reach, told[3], true_range(high[i], low[i], before))
        if seen > first - n:
            centre = blend(centre, n, told[1], (high[i] + low[i] + close[i]) / 3.0)
        seen, before = seen + 1.0, close[i]
        line, width = average_of(centre, n), told[4] * average_of(spread, reach)
        out[0, i] = line + width
        out[1, i] = line
        out[2, i] = line - width
    state[0], state[1] = seen, before
    state[2], state[3] = centre
    state[4], state[5] = spread


@kernel
def smoothed_bars(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:  # noqa: ARG001 - as all
    """Heikin-Ashi: each bar opens in the middle of the body before and closes at the mean of its prices.   state: 3."""
    opened, high, low, close = columns
    seen, body_open, body_close = state[0], state[1], state[2]
    for i in range(close.size):
        mean = (opened[i] + high[i] + low[i] + close[i]) / 4.0
        if not np.isfinite(mean):
            seen = 0.0
            out[:, i] = np.nan
            continue
        body_open = (body_open + body_close) / 2.0 if seen > 0.0 else (opened[i] + close[i]) / 2.0
        seen, body_close = 1.0, mean
        out[0, i] = body_open
        out[1, i] = max(high[i], body_open, mean)
        out[2, i] = min(low[i], body_open, mean)
        out[3, i] = mean
    state[0], state[1], state[2] = seen, body_open, body_close
