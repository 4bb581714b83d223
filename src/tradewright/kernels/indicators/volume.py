"""What volume tells: its balance, the price it was paid at, and where it lies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.windows import SEEN, forget, sum_of

__all__ = ["balance", "paid_lately", "paid_since", "profile"]

Columns = tuple[NDArray[np.float64], ...]
Numbers = NDArray[np.float64]


@kernel
def balance(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:  # noqa: ARG001 - as all
    """Volume of rising rows less that of falling ones, from the first row's volume on.   state: 3."""
    close, volume = columns
    seen, last, held = state[0], state[1], state[2]
    for i in range(close.size):
        if not np.isfinite(close[i] + volume[i]):
            seen, held = 0.0, 0.0
            out[0, i] = np.nan
            continue
        if seen == 0.0 or close[i] > last:
            held += volume[i]
        elif close[i] < last:
            held -= volume[i]
        seen, last = 1.0, close[i]
        out[0, i] = held
    state[0], state[1], state[2] = seen, last, held


@lean_kernel
def _opens(kind: float, mark: float, current: float) -> bool:
    # Whether a row begins a new account: by its session, or by a mark that stands in it.
    return mark != 0.0 if kind < 0.0 else kind > 0.0 and np.floor(mark / kind) != current


@kernel
def paid_since(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Mean price paid since a row that begins anew, and the deviation around it, both weighted by volume.

    told: 0 the first row alone begins; above 0 the length of sessions, the last column being times; below 0 each row
    in which the last column is not 0.   state: rows seen, session, volume, mean, squares.
    """
    high, low, close, volume, marks, kind = columns[0], columns[1], columns[2], columns[3], columns[-1], told[0]
    seen, current, weight, mean, square = state[0], state[1], state[2], state[3], state[4]
    for i in range(close.size):
        typical = (high[i] + low[i] + close[i]) / 3.0
        out[:, i] = np.nan
        if not np.isfinite(typical + volume[i] + marks[i]):
            seen = 0.0
            continue
        if _opens(kind, marks[i], current) or (seen == 0.0 and kind >= 0.0):
            seen, weight, mean, square = 1.0, 0.0, typical, 0.0
            current = np.floor(marks[i] / kind) if kind > 0.0 else 0.0
        if seen == 0.0:
            continue
        if volume[i] > 0.0:
            weight += volume[i]
            apart = typical - mean
            mean += apart * (volume[i] / weight)
            square += volume[i] * apart * (typical - mean)
        out[0, i] = mean if weight > 0.0 else typical
        if out.shape[0] > 1:
            out[1, i] = np.sqrt(square / weight) if weight > 0.0 else 0.0
    state[0], state[1], state[2], state[3], state[4] = seen, current, weight, mean, square


@kernel
def paid_lately(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Mean price paid in the last n rows, weighted by volume; the typical price where there was none.

    told: n.   state: 4 n + 12.
    """
    (high, low, close, volume), n = columns, int(told[0])
    money, weight = state[: 2 * n + 6], state[2 * n + 6 :]
    for i in range(close.size):
        typical = (high[i] + low[i] + close[i]) / 3.0
        out[0, i] = np.nan
        if not np.isfinite(typical + volume[i]):
            forget(money)
            forget(weight)
            continue
        paid, traded = sum_of(money, n, typical * volume[i]), sum_of(weight, n, volume[i])
        if weight[SEEN] >= n:
            out[0, i] = paid / traded if traded > 0.0 else typical


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
        if state[0] < n:
            continue
        floor, top = lows.min(), highs.max()
        width = (top - floor) / count
        if width <= 0.0:
            out[:, i] = floor
            continue
        rows[:] = 0.0
        for k in range(n):
            _spread(rows, floor, (lows[k], highs[k], traded[k]), width)
        busiest = _busiest(rows)
        below, above = _value_area(rows, busiest, told[2])
        out[0, i] = floor + (busiest + 0.5) * width
        out[1, i] = floor + (above + 1.0) * width
        out[2, i] = floor + below * width
