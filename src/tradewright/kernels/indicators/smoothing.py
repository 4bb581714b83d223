"""Averages of averages, and those that change their pace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.windows import (
    EMPTY,
    NEW,
    SEEN,
    ago,
    average_of,
    blend,
    keep,
    opened,
    sum_of,
    weighted_of,
)

__all__ = ["adaptive", "chained", "forced", "hull", "sixfold", "volume_weighted"]

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]
Pair = tuple[float, float]
TWOFOLD, CHANGE = 2, 4
FASTEST, SLOWEST = 2.0 / 3.0, 2.0 / 31.0  # weights of averages over 2 and 30 rows


@lean_kernel
def _next(average: Pair, before: Pair, n: int, alpha: float) -> Pair:
    """Take where one average stands into the next, once it stands anywhere."""
    return blend(average, n, alpha, before[1]) if before[0] >= n else average


@kernel
def chained(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Averages of an exponential average, put together so that less of the lag is left.

    told: n, its weight; 2 twofold, 3 threefold, 4 change of the third average in percent.   state: three averages.
    """
    (x,), n, alpha, kind = columns, int(told[0]), told[1], int(told[2])
    one, two, three = (state[0], state[1]), (state[2], state[3]), (state[4], state[5])
    for i in range(x.size):
        out[0, i] = np.nan
        if not np.isfinite(x[i]):
            one, two, three = EMPTY, EMPTY, EMPTY
            continue
        before = average_of(three, n)
        one = blend(one, n, alpha, x[i])
        two = _next(two, one, n, alpha)
        three = _next(three, two, n, alpha)
        if kind == TWOFOLD:
            out[0, i] = 2.0 * one[1] - average_of(two, n)
        elif kind == CHANGE:
            out[0, i] = 100.0 * (average_of(three, n) / before - 1.0) if before != 0.0 else 0.0
        else:
            out[0, i] = 3.0 * one[1] - 3.0 * two[1] + average_of(three, n)
    state[0], state[1] = one
    state[2], state[3] = two
    state[4], state[5] = three


@kernel
def sixfold(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Tillson's average: a sum of the third to sixth exponential average of averages.

    told: n, its weight, share of the volume factor.   state: six averages.
    """
    (x,), n, alpha, v = columns, int(told[0]), told[1], told[2]
    sixth, fifth = -v * v * v, 3.0 * (v * v + v * v * v)
    fourth, third = -6.0 * v * v - 3.0 * (v + v * v * v), 1.0 + 3.0 * v + v * v * v + 3.0 * v * v
    one, two, three = (state[0], state[1]), (state[2], state[3]), (state[4], state[5])
    four, five, six = (state[6], state[7]), (state[8], state[9]), (state[10], state[11])
    for i in range(x.size):
        if np.isfinite(x[i]):
            one = blend(one, n, alpha, x[i])
            two = _next(two, one, n, alpha)
            three = _next(three, two, n, alpha)
            four = _next(four, three, n, alpha)
            five = _next(five, four, n, alpha)
            six = _next(six, five, n, alpha)
        else:
            one, two, three, four, five, six = EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY
        out[0, i] = sixth * average_of(six, n) + fifth * five[1] + fourth * four[1] + third * three[1]
    state[0], state[1] = one
    state[2], state[3] = two
    state[4], state[5] = three
    state[6], state[7] = four
    state[8], state[9] = five
    state[10], state[11] = six


@kernel
def adaptive(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Kaufman's average: the straighter the way of the last n rows, the faster it follows.

    told: n.   state: rows seen, last value, average, then windows of ways (2 n + 6) and values (n + 5).
    """
    (x,), n = columns, int(told[0])
    seen, last, average, ways, past = state[0], state[1], state[2], state[3 : 2 * n + 9], state[2 * n + 9 :]
    gone, then = opened(ways), opened(past)
    for i in range(x.size):
        out[0, i] = x[i] if n == 1 and np.isfinite(x[i]) else np.nan
        if not np.isfinite(x[i]):
            seen, gone, then = 0.0, NEW, NEW
            continue
        then, before = ago(then, past, n, x[i])
        if seen > 0.0:
            gone, way = sum_of(gone, ways, n, abs(x[i] - last))
            if seen >= n > 1:
                made = x[i] - before
                straight = abs(made / way) if way > made and way != 0.0 else 1.0
                pace = straight * (FASTEST - SLOWEST) + SLOWEST
                average += (x[i] - average) * (pace * pace)
                out[0, i] = average
        if seen == n - 1:
            average = x[i]
        seen, last = seen + 1.0, x[i]
    state[0], state[1], state[2] = seen, last, average
    keep(ways, gone)
    keep(past, then)


@kernel
def hull(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Hull's average: twice the weighted average of half the rows, less that of all, weighted once more.

    told: rows, half of them, their root.   state: a window of each.
    """
    (x,), n, half, root = columns, int(told[0]), int(told[1]), int(told[2])
    long, short, last = state[: 2 * n + 6], state[2 * n + 6 : 2 * (n + half) + 12], state[2 * (n + half) + 12 :]
    calm, quick, smooth = opened(long), opened(short), opened(last)
    for i in range(x.size):
        found = np.nan
        if np.isfinite(x[i]):
            calm, slow = weighted_of(calm, long, n, x[i])
            quick, fast = weighted_of(quick, short, half, x[i])
            if calm[SEEN] >= n:
                ahead = 2.0 * (fast / (0.5 * half * (half + 1.0))) - slow / (0.5 * n * (n + 1.0))
                smooth, found = weighted_of(smooth, last, root, ahead)
        else:
            calm, quick, smooth = NEW, NEW, NEW
        out[0, i] = found / (0.5 * root * (root + 1.0))
    keep(long, calm)
    keep(short, quick)
    keep(last, smooth)


@kernel
def volume_weighted(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Mean of the last n closes, weighted by volume; NaN where nothing was traded.   told: n.   state: 4 n + 12."""
    (close, volume), n = columns, int(told[0])
    money, weight = state[: 2 * n + 6], state[2 * n + 6 :]
    rich, busy = opened(money), opened(weight)
    for i in range(close.size):
        out[0, i] = np.nan
        if not np.isfinite(close[i] + volume[i]):
            rich, busy = NEW, NEW
            continue
        rich, paid = sum_of(rich, money, n, close[i] * volume[i])
        busy, traded = sum_of(busy, weight, n, volume[i])
        if n == 1:
            out[0, i] = close[i]
        elif busy[SEEN] >= n and traded != 0.0:
            out[0, i] = paid / traded
    keep(money, rich)
    keep(weight, busy)


@kernel
def forced(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Exponential average of the change times the volume.   told: n, its weight.   state: seen, close, average (2)."""
    (close, volume), n, alpha = columns, int(told[0]), told[1]
    seen, before, average = state[0], state[1], (state[2], state[3])
    for i in range(close.size):
        if not np.isfinite(close[i] + volume[i]):
            seen, average = 0.0, EMPTY
            out[0, i] = np.nan
            continue
        if seen > 0.0:
            average = blend(average, n, alpha, (close[i] - before) * volume[i])
        seen, before = 1.0, close[i]
        out[0, i] = average_of(average, n)
    state[0], state[1] = seen, before
    state[2], state[3] = average
