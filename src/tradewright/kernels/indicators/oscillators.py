"""How long ago extremes were, and how hard buyers pressed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.windows import NEW, keep, opened, sum_of

__all__ = ["ages", "pressure"]

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]


@lean_kernel
def _age(past: Numbers, place: int, sign: float) -> int:
    """How many rows ago the greatest (sign 1) or least (-1) value of a ring was; of equal ones the latest counts."""
    found, best, size = 0, sign * past[place], past.size
    for k in range(1, size):
        x = sign * past[place - k if place >= k else place - k + size]
        if x > best:
            found, best = k, x
    return found


@kernel
def ages(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Aroon: how lately low and high of n + 1 rows were, 100 for now, 0 for n rows ago; or the difference of the two.

    An extreme is looked for anew only when it has left the window: O(1) a row mostly, O(n) at worst.
    told: n, 1 where the difference is wanted.   state: rows seen, place, ages of low and high, then two rings of n + 1.
    """
    (high, low), n, is_difference = columns, int(told[0]), told[1] > 0.0
    highs, lows = state[4 : n + 5], state[n + 5 : 2 * n + 6]
    seen, place, bottom, top = int(state[0]), int(state[1]), int(state[2]), int(state[3])
    for i in range(high.size):
        out[:, i] = np.nan
        if not np.isfinite(high[i] + low[i]):
            seen, place, bottom, top = 0, 0, 0, 0
            continue
        highest, lowest = highs[place - 1 - top], lows[place - 1 - bottom]
        highs[place], lows[place] = high[i], low[i]
        bottom = 0 if seen == 0 or low[i] <= lowest else bottom + 1
        top = 0 if seen == 0 or high[i] >= highest else top + 1
        if bottom > n:
            bottom = _age(lows, place, -1.0)
        if top > n:
            top = _age(highs, place, 1.0)
        seen, place = seen + 1, place + 1 if place < n else 0
        if seen > n and is_difference:
            out[0, i] = (bottom - top) * (100.0 / n)
        elif seen > n:
            out[0, i], out[1, i] = (n - bottom) * (100.0 / n), (n - top) * (100.0 / n)
    state[0], state[1], state[2], state[3] = seen, place, bottom, top


@lean_kernel
def _share(bought: float, moved: float) -> float:
    return bought / moved if moved != 0.0 else 0.0


@kernel
def pressure(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Way up from the true low over the true range, summed over three windows, of which the shortest weighs most.

    told: three lengths, the shortest first.   state: rows seen, close before, then two windows of each length.
    """
    (high, low, close), a, b, c = columns, int(told[0]), int(told[1]), int(told[2])
    ups, spans = state[2 : 2 * (a + b + c) + 20], state[2 * (a + b + c) + 20 :]
    second, third = 2 * a + 6, 2 * (a + b) + 12
    up_a, up_b, up_c = opened(ups), opened(ups[second:]), opened(ups[third:])
    all_a, all_b, all_c = opened(spans), opened(spans[second:]), opened(spans[third:])
    for i in range(close.size):
        out[0, i] = np.nan
        if not np.isfinite(high[i] + low[i] + close[i]):
            state[0] = 0.0
            up_a, up_b, up_c, all_a, all_b, all_c = NEW, NEW, NEW, NEW, NEW, NEW
            continue
        if state[0] > 0.0:
            floor = min(low[i], state[1])
            up, span = close[i] - floor, max(high[i], state[1]) - floor
            up_a, bought_a = sum_of(up_a, ups, a, up)
            up_b, bought_b = sum_of(up_b, ups[second:], b, up)
            up_c, bought_c = sum_of(up_c, ups[third:], c, up)
            all_a, moved_a = sum_of(all_a, spans, a, span)
            all_b, moved_b = sum_of(all_b, spans[second:], b, span)
            all_c, moved_c = sum_of(all_c, spans[third:], c, span)
            shares = 4.0 * _share(bought_a, moved_a) + 2.0 * _share(bought_b, moved_b) + _share(bought_c, moved_c)
            out[0, i] = 100.0 * (shares / 7.0)
        state[0], state[1] = 1.0, close[i]
    keep(ups, up_a)
    keep(ups[second:], up_b)
    keep(ups[third:], up_c)
    keep(spans, all_a)
    keep(spans[second:], all_b)
    keep(spans[third:], all_c)
