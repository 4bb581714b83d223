"""Whether price trends, and where a trend would end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.ranges import true_range
from tradewright.kernels.indicators.windows import EMPTY, average_of, blend

__all__ = ["average_direction", "direction", "parabolic", "trailing_band"]

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]
Moves = tuple[float, float, float]
PLUS_DI, INDEX = 2, 4


@lean_kernel
def _wilder_sum(before: float, n: int, seen: float, x: float) -> float:
    # A plain sum of the first n - 1, then a share of 1 / n leaves for each that comes.
    return before + x if seen < n else before - before / n + x


@lean_kernel
def _moves(moves: Moves, n: int, seen: float, step: Moves) -> Moves:
    """Wilder's sums of upward reach, downward reach and true range after one more bar."""
    up, down, span = step
    is_up, is_down = up > 0.0 and up > down, down > 0.0 and down > up
    return (
        _wilder_sum(moves[0], n, seen, up if is_up else 0.0),
        _wilder_sum(moves[1], n, seen, down if is_down else 0.0),
        _wilder_sum(moves[2], n, seen, span),
    )


@lean_kernel
def _lean(moves: Moves, before: float) -> float:
    """How one-sided the reaches are, 0 to 100; what it was before where there are none."""
    both = moves[0] + moves[1]
    return 100.0 * (abs(moves[1] - moves[0]) / both) if both != 0.0 and moves[2] != 0.0 else before


@kernel
def direction(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Directional movement, indicator or index.

    told: n; which: 0 upward and 1 downward movement, 2 upward and 3 downward indicator, 4 index.
    state: rows seen, high, low, close of the row before, three sums, the index.
    """
    high, low, close, n, which = columns[0], columns[1], columns[-1], int(told[0]), int(told[1])
    seen, moves, lean = state[0], (state[4], state[5], state[6]), state[7]
    is_move, is_index = which < PLUS_DI, which == INDEX
    first = max(n - 1, 1) if is_move else n
    for i in range(high.size):
        out[0, i] = np.nan
        if not np.isfinite(high[i] + low[i] + close[i]):
            seen, moves, lean = 0.0, (0.0, 0.0, 0.0), 0.0
            continue
        if seen > 0.0:
            span = true_range(high[i], low[i], state[3])
            moves = _moves(moves, n, seen, (high[i] - state[1], state[2] - low[i], span))
        if seen >= first:
            lean = _lean(moves, lean) if seen >= n else lean
            reach = moves[which % 2]
            ratio = 100.0 * (reach / moves[2]) if moves[2] != 0.0 else 0.0
            out[0, i] = reach if is_move else lean if is_index else ratio
        seen += 1.0
        state[1], state[2], state[3] = high[i], low[i], close[i]
    state[0], state[7] = seen, lean
    state[4], state[5], state[6] = moves


@kernel
def average_direction(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Wilder's average of the directional index.

    A bar without any reach leaves it as it is.
    told: n.   state: rows seen, high, low, close, three sums, the average.
    """
    (high, low, close), n = columns, int(told[0])
    seen, moves, average = state[0], (state[4], state[5], state[6]), state[7]
    for i in range(high.size):
        if not np.isfinite(high[i] + low[i] + close[i]):
            seen, moves, average = 0.0, (0.0, 0.0, 0.0), 0.0
            out[0, i] = np.nan
            continue
        if seen > 0.0:
            span = true_range(high[i], low[i], state[3])
            moves = _moves(moves, n, seen, (high[i] - state[1], state[2] - low[i], span))
        if seen >= 2 * n:
            average = (average * (n - 1.0) + _lean(moves, average)) / n
        elif seen >= n:
            average += _lean(moves, 0.0)
            average = average / n if seen == 2 * n - 1 else average
        out[0, i] = average if seen >= 2 * n - 1 else np.nan
        seen += 1.0
        state[1], state[2], state[3] = high[i], low[i], close[i]
    state[0], state[7] = seen, average
    state[4], state[5], state[6] = moves


@kernel
def parabolic(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Wilder's stop that runs after the price and turns round when it is hit.

    It begins long, unless the second bar reaches further down than up.
    told: acceleration, most.   state: rows seen, high, low, is long, stop, extreme, speed.
    """
    (high, low), most = columns, told[1]
    step = min(told[0], most)
    seen, top, floor = state[0], state[1], state[2]
    is_long, stop, extreme, speed = state[3] > 0.0, state[4], state[5], state[6]
    for i in range(high.size):
        out[0, i] = np.nan
        if not np.isfinite(high[i] + low[i]):
            seen = 0.0
            continue
        if seen == 1.0:
            is_long = not (floor - low[i] > 0.0 and floor - low[i] > high[i] - top)
            stop, extreme, speed = (floor, high[i], step) if is_long else (top, low[i], step)
            top, floor = high[i], low[i]
        if seen > 0.0:
            is_hit = low[i] <= stop if is_long else high[i] >= stop
            if is_hit:
                stop = max(extreme, top, high[i]) if is_long else min(extreme, floor, low[i])
                out[0, i] = stop
                is_long, extreme, speed = not is_long, low[i] if is_long else high[i], step
            else:
                out[0, i] = stop
                further = high[i] > extreme if is_long else low[i] < extreme
                if further:
                    extreme, speed = high[i] if is_long else low[i], min(speed + step, most)
            stop += speed * (extreme - stop)
            stop = min(stop, floor, low[i]) if is_long else max(stop, top, high[i])
        seen, top, floor = seen + 1.0, high[i], low[i]
    state[0], state[1], state[2] = seen, top, floor
    state[3], state[4], state[5], state[6] = 1.0 if is_long else 0.0, stop, extreme, speed


@kernel
def trailing_band(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """SuperTrend: a band of average true ranges that only tightens until the close crosses it.

    told: n, 1 / n, multiple.   state: rows seen, close before, average range (2), lower and upper band, side.
    """
    (high, low, close), n = columns, int(told[0])
    seen, before, average = state[0], state[1], (state[2], state[3])
    lower, upper, side = state[4], state[5], state[6]
    for i in range(close.size):
        out[:, i] = np.nan
        if not np.isfinite(high[i] + low[i] + close[i]):
            seen, average, side = 0.0, EMPTY, 0.0
            continue
        if seen > 0.0:
            average = blend(average, n, told[1], true_range(high[i], low[i], before))
        if average[0] >= n:
            centre, width = (high[i] + low[i]) / 2.0, told[2] * average_of(average, n)
            below, above = centre - width, centre + width
            if side == 0.0:
                lower, upper, side = below, above, 1.0
            else:
                lower = below if below > lower or before < lower else lower
                upper = above if above < upper or before > upper else upper
            if side > 0.0 and close[i] < lower:
                side = -1.0
            elif side < 0.0 and close[i] > upper:
                side = 1.0
            out[0, i], out[1, i] = lower if side > 0.0 else upper, side
        seen, before = 1.0, close[i]
    state[0], state[1] = seen, before
    state[2], state[3] = average
    state[4], state[5], state[6] = lower, upper, side
