"""Averages of one column, its spread, its extremes, and how it has changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel
from tradewright.kernels.indicators.windows import (
    EMPTY,
    NEW,
    average_of,
    blend,
    keep,
    mean_of,
    opened,
    sum_of,
    top_of,
    variance_of,
    weighted_of,
)

__all__ = ["bands", "change", "deviation", "exponential", "extreme", "simple", "total", "weighted"]

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]


@kernel
def simple(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Mean of the last n values.   told: n.   state: 2 n + 6."""
    (x,), n = columns, int(told[0])
    now, found = opened(state), np.nan
    for i in range(x.size):
        if np.isfinite(x[i]):
            now, found = mean_of(now, state, n, x[i])
        else:
            now, found = NEW, np.nan
        out[0, i] = found
    keep(state, now)


@kernel
def weighted(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Mean of the last n values with weights 1 to n, the newest weighs most.   told: n.   state: 2 n + 6."""
    (x,), n = columns, int(told[0])
    weights = 0.5 * n * (n + 1.0)
    now, found = opened(state), np.nan
    for i in range(x.size):
        if np.isfinite(x[i]):
            now, found = weighted_of(now, state, n, x[i])
        else:
            now, found = NEW, np.nan
        out[0, i] = found / weights
    keep(state, now)


@kernel
def exponential(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Exponential average, begun with a simple one.   told: n, weight of the newest value.   state: 2."""
    (x,), n, alpha = columns, int(told[0]), told[1]
    average = (state[0], state[1])
    for i in range(x.size):
        average = blend(average, n, alpha, x[i]) if np.isfinite(x[i]) else EMPTY
        out[0, i] = average_of(average, n)
    state[0], state[1] = average


@kernel
def deviation(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Population standard deviation of the last n values, times a factor; or their variance.

    told: n, factor, 1 where the variance is wanted.   state: 5 n + 10.
    """
    (x,), n, factor, is_square = columns, int(told[0]), told[1], told[2] > 0.0
    now, found = opened(state), np.nan
    for i in range(x.size):
        if np.isfinite(x[i]):
            now, found = variance_of(now, state, n, x[i])
        else:
            now, found = NEW, np.nan
        out[0, i] = found if is_square else np.sqrt(found) * factor
    keep(state, now)


@kernel
def bands(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Mean and so many deviations above and below.   told: n, above, below.   state: 7 n + 16."""
    (x,), n = columns, int(told[0])
    middle, spread = state[: 2 * n + 6], state[2 * n + 6 :]
    centre, around, mean, variance = opened(middle), opened(spread), np.nan, np.nan
    for i in range(x.size):
        if np.isfinite(x[i]):
            centre, mean = mean_of(centre, middle, n, x[i])
            around, variance = variance_of(around, spread, n, x[i])
        else:
            centre, around, mean, variance = NEW, NEW, np.nan, np.nan
        deviation = np.sqrt(variance)
        out[0, i] = mean + told[1] * deviation
        out[1, i] = mean
        out[2, i] = mean - told[2] * deviation
    keep(middle, centre)
    keep(spread, around)


@kernel
def extreme(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Greatest (sign 1) or least (sign -1) of the last n values.   told: n, sign.   state: 2 n + 6."""
    (x,), n, sign = columns, int(told[0]), told[1]
    now, found = opened(state), np.nan
    for i in range(x.size):
        if np.isfinite(x[i]):
            now, found = top_of(now, state, n, sign * x[i])
        else:
            now, found = NEW, np.nan
        out[0, i] = sign * found
    keep(state, now)


@kernel
def total(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Sum of the last n values.   told: n.   state: 2 n + 6."""
    (x,), n = columns, int(told[0])
    now, found = opened(state), np.nan
    for i in range(x.size):
        if np.isfinite(x[i]):
            now, found = sum_of(now, state, n, x[i])
        else:
            now, found = NEW, np.nan
        out[0, i] = found
    keep(state, now)


@kernel
def change(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Change over n rows.   told: n, factor, what to take off, 1 where it is a ratio.   state: n + 1.

    factor * (x / past - off), 0 where past is 0; or, where it is no ratio, x - past. The state holds how many rows
    there are since the last gap, and n of them; only the first n rows of a call look there.
    """
    (x,), n, factor, off, is_ratio = columns, int(told[0]), told[1], told[2], told[3] > 0.0
    begin, kept = -int(state[0]), state[1:]
    for i in range(x.size):
        out[0, i] = np.nan
        if not np.isfinite(x[i]):
            begin = i + 1
        elif i - begin >= n:
            past = x[i - n] if i >= n else kept[(i - begin) % n]
            ratio = factor * (x[i] / past - off) if past != 0.0 else 0.0
            out[0, i] = ratio if is_ratio else x[i] - past
    for i in range(max(x.size - n, begin, 0), x.size):
        kept[(i - begin) % n] = x[i]
    state[0] = x.size - begin
