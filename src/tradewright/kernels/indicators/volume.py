"""What volume tells: its balance, the price it was paid at, and where it lies."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.indicators.windows import NEW, SEEN, keep, opened, sum_of, variance_of

__all__ = [
    "accumulation", "accumulation_share", "accumulation_swing", "balance", "bulk_flow", "paid_lately", "paid_since",
]  # fmt: skip

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
def _accumulated(high: float, low: float, close: float, volume: float) -> float:
    """Volume, all of it where the bar closes at its high, none less all of it at its low; 0 without a range."""
    return ((close - low) - (high - close)) / (high - low) * volume if high > low else 0.0


@kernel
def accumulation(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:  # noqa: ARG001 - as all
    """Chaikin's accumulation and distribution line.   state: its height."""
    (high, low, close, volume), held = columns, state[0]
    for i in range(close.size):
        if np.isfinite(high[i] + low[i] + close[i] + volume[i]):
            held += _accumulated(high[i], low[i], close[i], volume[i])
            out[0, i] = held
        else:
            held = 0.0
            out[0, i] = np.nan
    state[0] = held


@kernel
def accumulation_swing(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Fast less slow exponential average of that line, both begun at its first height.

    told: rows of the longer one, weights of the fast and the slow.   state: rows seen, height, fast, slow.
    """
    high, low, close, volume = columns
    seen, held, fast, slow = state[0], state[1], state[2], state[3]
    for i in range(close.size):
        out[0, i] = np.nan
        if not np.isfinite(high[i] + low[i] + close[i] + volume[i]):
            seen, held = 0.0, 0.0
            continue
        held += _accumulated(high[i], low[i], close[i], volume[i])
        fast, slow = (fast + told[1] * (held - fast), slow + told[2] * (held - slow)) if seen > 0.0 else (held, held)
        seen += 1.0
        if seen >= told[0]:
            out[0, i] = fast - slow
    state[0], state[1], state[2], state[3] = seen, held, fast, slow


@kernel
def accumulation_share(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """What was accumulated in the last n rows over their volume; 0 where nothing was traded.

    told: n.   state: 4 n + 12.
    """
    (high, low, close, volume), n = columns, int(told[0])
    money, weight = state[: 2 * n + 6], state[2 * n + 6 :]
    rich, busy = opened(money), opened(weight)
    for i in range(close.size):
        out[0, i] = np.nan
        if not np.isfinite(high[i] + low[i] + close[i] + volume[i]):
            rich, busy = NEW, NEW
            continue
        rich, held = sum_of(rich, money, n, _accumulated(high[i], low[i], close[i], volume[i]))
        busy, traded = sum_of(busy, weight, n, volume[i])
        if busy[SEEN] >= n:
            out[0, i] = held / traded if traded > 0.0 else 0.0
    keep(money, rich)
    keep(weight, busy)


@lean_kernel
def _opens(kind: float, session: float, current: float) -> bool:
    # Whether a row begins a new account: by its session, or by a mark that stands in it.
    return session != 0.0 if kind < 0.0 else kind > 0.0 and session != current


@kernel
def paid_since(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """Mean price paid since a row that begins anew, and the deviation around it, both weighted by volume.

    told: 0 the first row alone begins; above 0 the length of sessions, the last column being times; below 0 each row
    in which the last column is not 0; then where the first session begins.
    state: rows seen, session, volume, mean, squares.
    """
    high, low, close, volume, marks, kind = columns[0], columns[1], columns[2], columns[3], columns[-1], told[0]
    seen, current, weight, mean, square = state[0], state[1], state[2], state[3], state[4]
    for i in range(close.size):
        typical = (high[i] + low[i] + close[i]) / 3.0
        out[:, i] = np.nan
        if not np.isfinite(typical + volume[i] + marks[i]):
            seen = 0.0
            continue
        session = np.floor((marks[i] - told[1]) / kind) if kind > 0.0 else marks[i]
        if _opens(kind, session, current) or (seen == 0.0 and kind >= 0.0):
            seen, current, weight, mean, square = 1.0, session, 0.0, typical, 0.0
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
    rich, busy = opened(money), opened(weight)
    for i in range(close.size):
        typical = (high[i] + low[i] + close[i]) / 3.0
        out[0, i] = np.nan
        if not np.isfinite(typical + volume[i]):
            rich, busy = NEW, NEW
            continue
        rich, paid = sum_of(rich, money, n, typical * volume[i])
        busy, traded = sum_of(busy, weight, n, volume[i])
        if busy[SEEN] >= n:
            out[0, i] = paid / traded if traded > 0.0 else typical
    keep(money, rich)
    keep(weight, busy)


@kernel
def bulk_flow(columns: Columns, told: Numbers, state: Numbers, out: Numbers) -> None:
    """What was bought and sold in each row, guessed from how far it moved in usual moves; delta, its sum, its share.

    told: n.   state: rows seen, close before, sum of delta, then 5 n + 10.
    """
    (close, volume), n, usual = columns, int(told[0]), state[3:]
    now = opened(usual)
    for i in range(close.size):
        out[:, i] = np.nan
        if not np.isfinite(close[i] + volume[i]):
            state[0], state[2], now = 0.0, 0.0, NEW
            continue
        if state[0] > 0.0:
            moved = close[i] - state[1]
            now, spread = variance_of(now, usual, n, moved)
            if now[SEEN] >= n:
                share = 0.5 * math.erfc(-moved / math.sqrt(2.0 * spread)) if spread > 0.0 else 0.5
                bought, sold = share * volume[i], (1.0 - share) * volume[i]
                state[2] += bought - sold
                out[0, i], out[1, i], out[2, i], out[3, i] = bought, sold, bought - sold, state[2]
                out[4, i] = (bought - sold) / volume[i] if volume[i] > 0.0 else 0.0
        state[0], state[1] = 1.0, close[i]
    keep(usual, now)
