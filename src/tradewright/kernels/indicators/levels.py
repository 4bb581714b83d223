"""Levels that are read off the past: the cloud, the pivots of the session before, and how much price has moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.windows import MEMORY, NEW, SEEN, ago, keep, opened, sum_of, top_of

__all__ = ["cloud", "correlation", "pivots", "realised"]

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]


@lean_kernel
def _middle(tops: Numbers, floors: Numbers, n: int, high: float, low: float) -> float:
    above, top = top_of(opened(tops), tops, n, high)
    below, floor = top_of(opened(floors), floors, n, -low)
    keep(tops, above)
    keep(floors, below)
    return (top - floor) / 2.0


@lean_kernel
def _ago(part: Numbers, n: int, x: float) -> float:
    now, found = ago(opened(part), part, n, x)
    keep(part, now)
    return found


@kernel
def cloud(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Ichimoku: two middle lines, the cloud under this bar, the cloud ahead of it, and the close so long ago.

    The cloud under a bar is what was known `displacement` bars before; nothing is read from the future.
    told: short, base, long, displacement.   state: six windows (4 n + 12 for each length), three of the displacement.
    """
    (high, low, close), short, base, span, back = columns, int(told[0]), int(told[1]), int(told[2]), int(told[3])
    one, two, three = 2 * short + 6, 2 * base + 6, 2 * span + 6
    second, third, rest = 2 * one, 2 * one + 2 * two, 2 * one + 2 * two + 2 * three
    past_a, past_b, past_close = state[rest : rest + back + 5], state[rest + back + 5 :], state[rest + 2 * (back + 5) :]
    for i in range(close.size):
        out[:, i] = np.nan
        if not np.isfinite(high[i] + low[i] + close[i]):
            state[:] = 0.0
            continue
        tenkan = _middle(state, state[one:second], short, high[i], low[i])
        kijun = _middle(state[second:], state[second + two : third], base, high[i], low[i])
        lead_b = _middle(state[third:], state[third + three : rest], span, high[i], low[i])
        lead_a = (tenkan + kijun) / 2.0
        under_a, under_b = _ago(past_a, back, lead_a), _ago(past_b, back, lead_b)
        before = _ago(past_close, back, close[i])
        if np.isfinite(under_a + under_b):
            out[0, i], out[1, i] = tenkan, kijun
            out[2, i], out[3, i] = under_a, under_b
            out[4, i], out[5, i], out[6, i] = lead_a, lead_b, before


@kernel
def correlation(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Pearson's correlation of the last n values of two columns; 0 where one does not move.

    told: n, 1 where it is that of returns.   state: 3 + 2 n + 10.   Cost: O(n) a row.
    """
    (x, y), n, of_returns = columns, int(told[0]), told[1] > 0.0
    first, second = state[3 : n + 8], state[n + 8 :]
    for i in range(x.size):
        out[0, i] = np.nan
        if not np.isfinite(x[i] + y[i]):
            state[0] = 0.0
            keep(first, NEW)
            keep(second, NEW)
            continue
        if not of_returns:
            _ago(first, n, x[i])
            _ago(second, n, y[i])
        elif state[0] > 0.0:
            _ago(first, n, x[i] / state[1] - 1.0 if state[1] != 0.0 else 0.0)
            _ago(second, n, y[i] / state[2] - 1.0 if state[2] != 0.0 else 0.0)
        state[0], state[1], state[2] = 1.0, x[i], y[i]
        if first[SEEN] >= n:
            out[0, i] = _pearson(first[MEMORY:], second[MEMORY:], n)


@lean_kernel
def _pearson(x: Numbers, y: Numbers, n: int) -> float:
    mean_x, mean_y, xx, yy, xy = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(n):
        mean_x += x[k]
        mean_y += y[k]
    mean_x, mean_y = mean_x / n, mean_y / n
    for k in range(n):
        xx += (x[k] - mean_x) * (x[k] - mean_x)
        yy += (y[k] - mean_y) * (y[k] - mean_y)
        xy += (x[k] - mean_x) * (y[k] - mean_y)
    # Two roots, for a product of two small sums may be 0 where neither is.
    return max(-1.0, min(1.0, xy / (np.sqrt(xx) * np.sqrt(yy)))) if xx > 0.0 and yy > 0.0 else 0.0


@kernel
def pivots(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Levels made of high, low and close of the session before; NaN until one session was seen from its first bar on.

    told: length of a session and where the first begins, ns; kind: 0 classic, 1 Fibonacci, 2 Camarilla.
    state: seen, session, is whole, high, low, close; then of the session before: known, high, low, close.
    """
    (opened, high, low, close), length, kind = columns, told[0], told[2]
    for i in range(close.size):
        out[:, i] = np.nan
        if not np.isfinite(opened[i] + high[i] + low[i] + close[i]):
            state[:] = 0.0
            continue
        session = np.floor((opened[i] - told[1]) / length)
        if state[0] == 0.0 or session != state[1]:
            for k in range(4):
                state[6 + k] = state[2 + k]
            state[2] = 1.0 if state[0] > 0.0 or opened[i] - told[1] == session * length else 0.0
            state[0], state[1], state[3], state[4] = 1.0, session, high[i], low[i]
        state[3], state[4], state[5] = max(state[3], high[i]), min(state[4], low[i]), close[i]
        if state[6] > 0.0:
            _write_levels(out, i, (state[7], state[8], state[9]), kind)


@lean_kernel
def _write_levels(out: Numbers, i: int, before: tuple[float, float, float], kind: float) -> None:
    # The pivot, then three resistances, then three supports.
    high, low, close = before
    pivot, span = (high + low + close) / 3.0, high - low
    out[0, i] = pivot
    if kind == 0.0:
        out[1, i], out[4, i] = 2.0 * pivot - low, 2.0 * pivot - high
        out[2, i], out[5, i] = pivot + span, pivot - span
        out[3, i], out[6, i] = high + 2.0 * (pivot - low), low - 2.0 * (high - pivot)
    else:
        centre = pivot if kind == 1.0 else close
        shares = (0.382, 0.618, 1.0) if kind == 1.0 else (1.1 / 12.0, 1.1 / 6.0, 1.1 / 4.0)
        out[1, i], out[4, i] = centre + shares[0] * span, centre - shares[0] * span
        out[2, i], out[5, i] = centre + shares[1] * span, centre - shares[1] * span
        out[3, i], out[6, i] = centre + shares[2] * span, centre - shares[2] * span


@kernel
def realised(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Square root of the summed squares of n log returns, times a factor.   told: n, factor.   state: 2 + 2 n + 6."""
    (x,), n, part = columns, int(told[0]), state[2:]
    now = opened(part)
    for i in range(x.size):
        out[0, i] = np.nan
        if not (np.isfinite(x[i]) and x[i] > 0.0):
            state[0], now = 0.0, NEW
            continue
        if state[0] > 0.0:
            moved = np.log(x[i] / state[1])
            now, squares = sum_of(now, part, n, moved * moved)
            out[0, i] = np.sqrt(squares) * told[1]
        state[0], state[1] = 1.0, x[i]
    keep(part, now)
