"""Where volume lies: rows of prices, the busiest of them, and the area around it that holds most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel

__all__ = ["profile", "session_profile"]

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]


@lean_kernel
def _spread(rows: Numbers, first: float, high_volume: tuple[float, float, float], width: float) -> None:
    """Lay the volume of one bar over the rows that its range overlaps, evenly."""
    low, high, volume = high_volume
    begin = min(int((low - first) / width), rows.size - 1)
    end = min(int((high - first) / width), rows.size - 1)
    if begin == end:
        rows[begin] += volume
        return
    for k in range(begin, end + 1):
        overlap = min(high, first + (k + 1) * width) - max(low, first + k * width)
        rows[k] += volume * (max(overlap, 0.0) / (high - low))


@lean_kernel
def _busiest(rows: Numbers) -> int:
    # Of equal rows the one nearest to the centre, and of two as near the lower.
    best, centre = 0, (rows.size - 1) / 2.0
    for k in range(rows.size):
        if rows[k] > rows[best] or (rows[k] == rows[best] and abs(k - centre) < abs(best - centre)):
            best = k
    return best


@lean_kernel
def _value_area(rows: Numbers, busiest: int, share: float) -> tuple[int, int]:
    """Lowest and highest row around the busiest that hold this share; two rows are taken in at a time."""
    low, high, held, size = busiest, busiest, rows[busiest], rows.size
    whole = 0.0
    for k in range(size):
        whole += rows[k]
    while held < share * whole and (low > 0 or high < size - 1):
        above = (rows[high + 1] if high + 1 < size else 0.0) + (rows[high + 2] if high + 2 < size else 0.0)
        below = (rows[low - 1] if low > 0 else 0.0) + (rows[low - 2] if low > 1 else 0.0)
        if high < size - 1 and (above >= below or low == 0):
            held, high = held + above, min(high + 2, size - 1)
        else:
            held, low = held + below, max(low - 2, 0)
    return low, high


@lean_kernel
def _levels(bars: tuple[Numbers, Numbers, Numbers], n: int, rows: Numbers, share: float) -> tuple[float, float, float]:
    """Busiest price, top and bottom of the value area of the first n bars, of which low, high and volume are given."""
    lows, highs, traded = bars
    floor, top = lows[0], highs[0]
    for k in range(1, n):
        floor, top = min(floor, lows[k]), max(top, highs[k])
    width = (top - floor) / rows.size
    if width <= 0.0:
        return floor, floor, floor
    for k in range(rows.size):
        rows[k] = 0.0
    for k in range(n):
        _spread(rows, floor, (lows[k], highs[k], traded[k]), width)
    busiest = _busiest(rows)
    below, above = _value_area(rows, busiest, share)
    return floor + (busiest + 0.5) * width, floor + (above + 1.0) * width, floor + below * width


@kernel
def profile(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Where the volume of the last n bars lies: its busiest price, and the bounds of the area that holds most of it.

    told: n, rows, share of the area.   state: bars seen, place, then low, high and volume of n bars, then the rows.
    Cost: O(n) a row, times the rows that a bar overlaps.
    """
    (high, low, volume), n, count = columns, int(told[0]), int(told[1])
    lows, highs, traded = state[2 : n + 2], state[n + 2 : 2 * n + 2], state[2 * n + 2 : 3 * n + 2]
    rows = state[3 * n + 2 : 3 * n + 2 + count]
    for i in range(high.size):
        out[:, i] = np.nan
        if not np.isfinite(high[i] + low[i] + volume[i]):
            state[0], state[1] = 0.0, 0.0
            continue
        place = int(state[1])
        lows[place], highs[place], traded[place] = low[i], high[i], volume[i]
        state[0], state[1] = state[0] + 1.0, place + 1.0 if place + 1 < n else 0.0
        if state[0] >= n:
            out[0, i], out[1, i], out[2, i] = _levels((lows, highs, traded), n, rows, told[2])


@kernel
def session_profile(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """The profile of the session before; NaN until one session was seen from its first bar on.

    told: length of a session and where the first begins, ns; rows; share of the area; most bars in a session.
    state: bars of this session, session, is whole, is one before known, its three levels, then rows, then low, high
    and volume of the bars of this session. Cost: O(1) a row, O(n) where a session begins.
    """
    (opened, high, low, volume), length, count, most = columns, told[0], int(told[2]), int(told[4])
    rows, bars = state[7 : 7 + count], state[7 + count :]
    lows, highs, traded = bars[:most], bars[most : 2 * most], bars[2 * most : 3 * most]
    for i in range(high.size):
        out[:, i] = np.nan
        if not np.isfinite(opened[i] + high[i] + low[i] + volume[i]):
            state[0], state[3] = 0.0, 0.0
            continue
        session, held = np.floor((opened[i] - told[1]) / length), int(state[0])
        if held == 0 or session != state[1]:
            if held > 0 and state[2] > 0.0:
                state[4], state[5], state[6] = _levels((lows, highs, traded), held, rows, told[3])
                state[3] = 1.0
            state[2] = 1.0 if held > 0 or opened[i] - told[1] == session * length else 0.0
            state[1], held = session, 0
        if held < most:
            lows[held], highs[held], traded[held] = low[i], high[i], volume[i]
            held += 1
        state[0] = held
        if state[3] > 0.0:
            out[0, i], out[1, i], out[2, i] = state[4], state[5], state[6]
