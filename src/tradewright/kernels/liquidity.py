"""Liquidity pools: equal highs or lows behind which stops rest, until price takes them. A book of bounded size."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.zones import NEVER

__all__ = [
    "FORGOTTEN",
    "OPEN",
    "POOL",
    "RUN",
    "SWEPT",
    "PoolBook",
    "add_swing",
    "advance_pools",
    "new_pool_book",
    "pool_lives",
]

# What became of a pool; features.liquidity.PoolState gives the words.
OPEN = 0
SWEPT = 1
RUN = 2
FORGOTTEN = 3

POOL = np.dtype(
    [
        ("side", np.int64),  # +1 equal highs (buy stops above), -1 equal lows (sell stops below)
        ("first_bar", np.int64),  # place of its first swing
        ("event_bar", np.int64),  # bar that confirmed its second swing; NEVER while it has one
        ("touches", np.int64),
        ("bottom", np.float64),  # lowest and highest of its swings, quote per base
        ("top", np.float64),
        ("state", np.int64),
        ("end_bar", np.int64),  # the bar that took it, or at which it was forgotten; NEVER while open
    ],
    align=True,
)

_COUNTS = np.dtype([("n_open", np.int64), ("n_done", np.int64)], align=True)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class PoolBook(NamedTuple):
    """The open pools, single swings among them, oldest first; and those that ended and were not yet collected."""

    open: NDArray[np.void]  # POOL (most,)
    done: NDArray[np.void]  # POOL (most + 1,)
    now: NDArray[np.void]  # counts (1,)


def new_pool_book(most: int) -> PoolBook:
    """An empty book with room for `most` open pools."""
    return PoolBook(np.zeros(most, POOL), np.zeros(most + 1, POOL), np.zeros(1, _COUNTS))


@lean_kernel
def advance_pools(book: PoolBook, t: int, high: float, low: float, close: float) -> None:
    """Let bar t take pools: SWEPT where it reaches beyond and closes back inside, RUN where it does not come back.

    Shapes: book PoolBook, changed in place; former `done` are dropped.   Units: prices quote/base.
    Cost: O(open pools), no allocation.   Twin: tests/parity/test_liquidity.py::slow_pools
    """
    now = book.now[0]
    now["n_done"] = 0
    kept = 0
    for i in range(now["n_open"]):
        pool = book.open[i]
        # Equal lows are equal highs of the market upside down.
        level, reached, last = (pool["top"], high, close) if pool["side"] > 0 else (-pool["bottom"], -low, -close)
        if reached > level:
            pool["state"], pool["end_bar"] = SWEPT if last < level else RUN, t
            book.done[now["n_done"]] = pool
            now["n_done"] += 1
        else:
            if kept < i:
                book.open[kept] = pool
            kept += 1
    now["n_open"] = kept


@lean_kernel
def _nearest_pool(book: PoolBook, side: int, level: float, near: float) -> int:
    chosen, best = -1, np.inf
    for i in range(book.now[0]["n_open"]):
        pool = book.open[i]
        away = abs(level - (pool["top"] if side > 0 else pool["bottom"]))
        if pool["side"] == side and away <= near and away < best:
            chosen, best = i, away
    return chosen


@lean_kernel
def add_swing(book: PoolBook, t: int, swing: tuple[int, int, float], near: float) -> None:
    """Let a swing (place, side, level), confirmed by bar t, join the nearest pool within `near`, or begin one.

    Where there is no room the oldest pool is forgotten and `done`.

    Shapes: book PoolBook, changed in place.   Units: level and near quote/base.
    Cost: O(open pools), no allocation.   Twin: tests/parity/test_liquidity.py::slow_pools
    """
    ref, side, level = swing
    now = book.now[0]
    row = _nearest_pool(book, side, level, near)
    if row >= 0:
        pool = book.open[row]
        pool["touches"] += 1
        pool["bottom"], pool["top"] = min(pool["bottom"], level), max(pool["top"], level)
        if pool["event_bar"] == NEVER:
            pool["event_bar"] = t
        return
    if now["n_open"] == book.open.size:
        book.open[0]["state"], book.open[0]["end_bar"] = FORGOTTEN, t
        book.done[now["n_done"]] = book.open[0]
        now["n_done"] += 1
        for i in range(1, book.open.size):
            book.open[i - 1] = book.open[i]
        now["n_open"] -= 1
    _begin(book.open[now["n_open"]], ref, side, level)
    now["n_open"] += 1


@lean_kernel
def _begin(pool: Any, ref: int, side: int, level: float) -> None:
    pool["side"], pool["first_bar"], pool["event_bar"], pool["touches"] = side, ref, NEVER, 1
    pool["bottom"] = pool["top"] = level
    pool["state"], pool["end_bar"] = OPEN, NEVER


@lean_kernel
def _collect(book: PoolBook, lives: NDArray[np.void], count: int) -> int:
    for i in range(book.now[0]["n_done"]):
        if book.done[i]["event_bar"] != NEVER:
            lives[count] = book.done[i]
            count += 1
    book.now[0]["n_done"] = 0
    return count


@lean_kernel
def _note_nearest(book: PoolBook, out: Floats, t: int) -> None:
    for i in range(book.now[0]["n_open"]):
        pool = book.open[i]
        if pool["event_bar"] == NEVER:
            continue
        if pool["side"] > 0:
            if not pool["top"] >= out[0, t]:
                out[0, t] = pool["top"]
        elif not pool["bottom"] <= out[1, t]:
            out[1, t] = pool["bottom"]


@kernel
def pool_lives(
    bars: tuple[Floats, Floats, Floats], swings: tuple[Ints, Ints, Ints, Floats], near: Floats, book: PoolBook
) -> tuple[NDArray[np.void], Floats]:
    """Follow every pool to its end, and say at each bar which open ones are nearest.

    Shapes: bars (high, low, close) each (n,); swings (event bars ascending, places, sides, levels) each (m,); near
    (n,); book as `new_pool_book` makes it; returns POOL rows with two swings or more, those that ended first, and
    (2, n): the nearest buy-side level above, the nearest sell-side level below.
    Cost: O(n * open pools).   Twin: tests/parity/test_liquidity.py::slow_pools
    """
    high, low, close = bars
    event, ref, side, level = swings
    lives = np.zeros(event.size, POOL)
    nearest = np.full((2, high.size), np.nan)
    cursor, count = 0, 0
    for t in range(high.size):
        advance_pools(book, t, high[t], low[t], close[t])
        count = _collect(book, lives, count)
        while cursor < event.size and event[cursor] <= t:
            add_swing(book, t, (ref[cursor], side[cursor], level[cursor]), near[t])
            count = _collect(book, lives, count)
            cursor += 1
        _note_nearest(book, nearest, t)
    for i in range(book.now[0]["n_open"]):
        if book.open[i]["event_bar"] != NEVER:
            lives[count] = book.open[i]
            count += 1
    return lives[:count].copy(), nearest
