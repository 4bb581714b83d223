"""Market structure as append-only events: swings, breaks, sweeps. An event is known at its bar and never edited."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel
from tradewright.kernels.moving import rolling_max

__all__ = ["BOS", "CHOCH", "INIT", "break_events", "sweep_events", "swing_events"]

# What a break of structure means; features.structure.BreakKind gives the words.
INIT = 0
BOS = 1
CHOCH = 2

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@kernel
def swing_events(high: Floats, low: Floats, k: int) -> tuple[Ints, Ints, Ints, Floats]:
    """Find swings, each k bars after its extreme.

    The bar i = t - k is a swing high at t if its high is the greatest of bars i-k+1 to i+k, a swing low likewise; high
    comes before low. After a swing high a further one counts only if it is higher, and then takes its place; so
    an event of the same side as the one before it is a replacement.

    Shapes: high, low (n,) float64, k >= 1; returns event bars, their places i, sides (+1 high, -1 low) and levels.
    Cost: O(n).   Twin: tests/parity/test_structure.py::slow_swings
    """
    size = high.size
    top, bottom = rolling_max(high, 2 * k), rolling_max(-low, 2 * k)
    event, ref = np.empty(size, np.int64), np.empty(size, np.int64)
    side, level = np.empty(size, np.int64), np.empty(size, np.float64)
    count = 0
    for t in range(3 * k - 1, size):
        i = t - k
        if high[i] == top[t]:
            now, price = 1, high[i]
        elif -low[i] == bottom[t]:
            now, price = -1, low[i]
        else:
            continue
        if count > 0 and side[count - 1] == now and (price - level[count - 1]) * now <= 0.0:
            continue
        event[count], ref[count], side[count], level[count] = t, i, now, price
        count += 1
    return event[:count].copy(), ref[:count].copy(), side[:count].copy(), level[:count].copy()


@kernel
def break_events(close: Floats, event: Ints, side: Ints, level: Floats) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Find closes beyond the last swing: BOS with the trend, CHOCH against it, INIT while there is none.

    A swing is broken once. Swings known at t count at t.

    Shapes: close (n,) float64; event, side, level of the swings (m,); returns event bars, rows of the broken swings,
    sides (+1 up), kinds, and the trend (n,) after each close (+1, -1, 0 unknown).
    Cost: O(n).   Twin: tests/parity/test_structure.py::slow_breaks
    """
    size = close.size
    at, which = np.empty(size, np.int64), np.empty(size, np.int64)
    way, kind = np.empty(size, np.int64), np.empty(size, np.int64)
    trend = np.zeros(size, np.int64)
    state, count, cursor, high, low = 0, 0, 0, -1, -1
    for t in range(size):
        while cursor < event.size and event[cursor] <= t:
            if side[cursor] > 0:
                high = cursor
            else:
                low = cursor
            cursor += 1
        now = 0
        if high >= 0 and close[t] > level[high]:
            now, which[count], high = 1, high, -1
        elif low >= 0 and close[t] < level[low]:
            now, which[count], low = -1, low, -1
        if now != 0:
            at[count], way[count] = t, now
            kind[count] = INIT if state == 0 else BOS if state == now else CHOCH
            state = now
            count += 1
        trend[t] = state
    return at[:count].copy(), which[:count].copy(), way[:count].copy(), kind[:count].copy(), trend


@kernel
def sweep_events(low: Floats, close: Floats, swings: tuple[Ints, Floats], near: Floats) -> tuple[Ints, Ints, Ints]:
    """Find bars that dip below untaken swing lows and close back above the lowest of them.

    Lows that have not been traded through ascend in time, so the newest ones are taken first: a stack. Any low that is
    dipped under is taken, whether or not the close returns. For swept highs, give everything with its sign turned.

    Shapes: low, close, near (n,) float64, near the distance within which lows form one pool; swings: event bars and
    levels of swing lows (m,); returns event bars, rows of the lowest swept swing, and how many lows its pool held.
    Cost: O(n + m).   Twin: tests/parity/test_structure.py::slow_sweeps
    """
    event, level = swings
    at, which = np.empty(low.size, np.int64), np.empty(low.size, np.int64)
    touches = np.empty(low.size, np.int64)
    stack = np.empty(event.size, np.int64)
    depth, count, cursor = 0, 0, 0
    for t in range(low.size):
        above = depth
        while depth > 0 and level[stack[depth - 1]] > low[t]:
            depth -= 1
        if depth < above and close[t] > level[stack[depth]]:
            pool = 0
            for j in range(depth, above):
                if level[stack[j]] - level[stack[depth]] <= near[t]:
                    pool += 1
            at[count], which[count], touches[count] = t, stack[depth], pool
            count += 1
        while cursor < event.size and event[cursor] <= t:
            stack[depth] = cursor
            depth += 1
            cursor += 1
    return at[:count].copy(), which[:count].copy(), touches[:count].copy()
