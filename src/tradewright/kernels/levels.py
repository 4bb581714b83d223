"""Support and resistance: prices at which pivots stood again and again, until closes go through. A book of levels."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import entry_kernel, kernel, lean_kernel
from tradewright.kernels.zones import NEVER

__all__ = [
    "BROKEN",
    "FLIPPED",
    "FORGOTTEN",
    "LEVEL",
    "OPEN",
    "LevelBook",
    "LevelRules",
    "add_touch",
    "advance_levels",
    "level_lives",
    "nearest_levels",
    "new_level_book",
    "next_levels",
]

# What became of a level; features.levels.LevelState gives the words.
OPEN = 0
FLIPPED = 1
BROKEN = 2
FORGOTTEN = 3

LEVEL = np.dtype(
    [
        ("row", np.int64),  # in order of becoming known; NEVER before that
        ("side", np.int64),  # as it began: +1 support, -1 resistance; the other once flipped
        ("first_bar", np.int64),  # place of its first pivot
        ("event_bar", np.int64),  # the bar that confirmed the pivot with which it had enough touches; NEVER before
        ("last_bar", np.int64),  # place of its last pivot
        ("touches", np.int64),
        ("total", np.float64),  # of the pivots' prices, quote per base
        ("bottom", np.float64),  # lowest and highest of them
        ("top", np.float64),
        ("strength", np.float64),  # as of strength_bar
        ("strength_bar", np.int64),
        ("state", np.int64),
        ("flip_bar", np.int64),  # the bar that closed through it first; NEVER until then
        ("left_bar", np.int64),  # the last bar after that which stood wholly away from it, until the retest
        ("retest_bar", np.int64),  # the first that came back to it from there and closed on the new side
        ("end_bar", np.int64),  # the bar that closed through it again, or at which it was forgotten
    ],
    align=True,
)

_COUNTS = np.dtype([("n_open", np.int64), ("n_done", np.int64), ("n_known", np.int64)], align=True)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class LevelRules(NamedTuple):
    """What makes a level, and what breaks it.

    Attributes:
        near: a pivot so near to a level touches it, a bar so near comes back to it; average true ranges, 0 to 100.
        beyond: a close so far beyond a level breaks it, average true ranges, 0 to 100.
        least: touches that make a level, 1 to 1,000.
        half_life: bars after which a touch counts for half, 1 to 1,000,000.
        most: levels followed at once, single pivots among them, 1 to 10,000; one more, and the weakest is forgotten.
    """

    near: float = 0.5
    beyond: float = 0.25
    least: int = 2
    half_life: float = 500.0
    most: int = 50


class LevelBook(NamedTuple):
    """The levels, oldest first; and those that ended and were not yet collected."""

    open: NDArray[np.void]  # LEVEL (most,)
    done: NDArray[np.void]  # LEVEL (most + 1,)
    now: NDArray[np.void]  # counts (1,)


def new_level_book(most: int) -> LevelBook:
    """An empty book with room for `most` levels."""
    return LevelBook(np.zeros(most, LEVEL), np.zeros(most + 1, LEVEL), np.zeros(1, _COUNTS))


@lean_kernel
def _strength(level: Any, t: int, half_life: float) -> float:
    return float(level["strength"] * 0.5 ** ((t - level["strength_bar"]) / half_life))


@lean_kernel
def _is_through(level: Any, t: int, bar: tuple[float, float, float], near: float, beyond: float) -> bool:
    # True if the level ended. A resistance is a support of the market upside down.
    high, low, close = bar
    side = level["side"] if level["state"] == OPEN else -level["side"]
    price = side * level["total"] / level["touches"]
    dip, last = (low, close) if side > 0 else (-high, -close)
    if last < price - beyond:
        if level["state"] == FLIPPED:
            level["state"], level["end_bar"] = BROKEN, t
            return True
        level["state"], level["flip_bar"] = FLIPPED, t
    elif level["state"] == FLIPPED and level["retest_bar"] == NEVER:
        if dip > price + near:
            level["left_bar"] = t
        elif level["left_bar"] != NEVER and last > price:
            level["retest_bar"] = t
    return False


@lean_kernel
def advance_levels(book: LevelBook, t: int, bar: tuple[float, float, float], atr: float, rules: LevelRules) -> None:
    """Let bar t (high, low, close) flip, retest and break levels; former `done` are dropped.

    Shapes: book LevelBook, changed in place.   Units: prices and atr quote/base; NaN atr: nothing happens.
    Cost: O(levels), no allocation.   Twin: tests/parity/test_levels.py::slow_levels
    """
    now = book.now[0]
    now["n_done"] = 0
    kept = 0
    if np.isnan(atr):
        return
    for i in range(now["n_open"]):
        if _is_through(book.open[i], t, bar, rules.near * atr, rules.beyond * atr):
            book.done[now["n_done"]] = book.open[i]
            now["n_done"] += 1
        else:
            if kept < i:
                book.open[kept] = book.open[i]
            kept += 1
    now["n_open"] = kept


@lean_kernel
def _forget_weakest(book: LevelBook, t: int, half_life: float) -> None:
    now = book.now[0]
    weakest = 0
    for i in range(1, now["n_open"]):
        if _strength(book.open[i], t, half_life) < _strength(book.open[weakest], t, half_life):
            weakest = i
    book.open[weakest]["state"], book.open[weakest]["end_bar"] = FORGOTTEN, t
    book.done[now["n_done"]] = book.open[weakest]
    now["n_done"] += 1
    for i in range(weakest + 1, now["n_open"]):
        book.open[i - 1] = book.open[i]
    now["n_open"] -= 1


@lean_kernel
def _nearest(book: LevelBook, price: float, near: float) -> int:
    chosen, best = NEVER, np.inf
    for i in range(book.now[0]["n_open"]):
        away = abs(price - book.open[i]["total"] / book.open[i]["touches"])
        if away <= near and away < best:
            chosen, best = i, away
    return chosen


@lean_kernel
def add_touch(book: LevelBook, t: int, pivot: tuple[int, int, float, float], atr: float, rules: LevelRules) -> None:
    """Let a pivot (place, side, price, weight), confirmed by bar t, touch the nearest level, or begin one.

    Shapes: book LevelBook, changed in place.   Units: price and atr quote/base, weight >= 0; NaN atr: begins one.
    Cost: O(levels), no allocation.   Twin: tests/parity/test_levels.py::slow_levels
    """
    ref, side, price, weight = pivot
    now = book.now[0]
    row = _nearest(book, price, rules.near * atr)
    if row == NEVER:
        if now["n_open"] == book.open.size:
            _forget_weakest(book, t, rules.half_life)
        row = now["n_open"]
        now["n_open"] += 1
        _begin(book.open[row], ref, side, price)
    level = book.open[row]
    level["strength"] = _strength(level, t, rules.half_life) + weight * 0.5 ** ((t - ref) / rules.half_life)
    level["strength_bar"], level["last_bar"] = t, ref
    level["touches"] += 1
    level["total"] += price
    level["bottom"], level["top"] = min(level["bottom"], price), max(level["top"], price)
    if level["touches"] == rules.least:
        level["event_bar"], level["row"] = t, now["n_known"]
        now["n_known"] += 1


@lean_kernel
def _begin(level: Any, ref: int, side: int, price: float) -> None:
    # A low is a support, a high a resistance.
    level["row"] = level["event_bar"] = NEVER
    level["flip_bar"] = level["left_bar"] = level["retest_bar"] = level["end_bar"] = NEVER
    level["side"], level["first_bar"], level["touches"], level["total"] = -side, ref, 0, 0.0
    level["bottom"] = level["top"] = price
    level["strength"], level["strength_bar"], level["state"] = 0.0, ref, OPEN


@lean_kernel
def nearest_levels(book: LevelBook, t: int, half_life: float, out: Floats) -> None:
    """Write the highest support and its strength, the lowest resistance and its strength; NaN where there is none.

    Shapes: book LevelBook; out (4,).   Cost: O(levels), no allocation.
    Twin: tests/parity/test_levels.py::slow_nearest
    """
    out[:] = np.nan
    for i in range(book.now[0]["n_open"]):
        level = book.open[i]
        if level["event_bar"] == NEVER:
            continue
        price = level["total"] / level["touches"]
        is_support = (level["side"] > 0) == (level["state"] == OPEN)
        if is_support and not price <= out[0]:
            out[0], out[1] = price, _strength(level, t, half_life)
        elif not is_support and not price >= out[2]:
            out[2], out[3] = price, _strength(level, t, half_life)


@entry_kernel
def next_levels(
    book: LevelBook,
    t: int,
    bar: tuple[float, float, float, float],
    pivot: tuple[int, int, float, float],
    rules: LevelRules,
    out: Floats,
) -> None:
    """Take bar t (high, low, close, atr) and the pivot that it confirmed (its side 0: none); write the nearest levels.

    Shapes: book LevelBook, changed in place; pivot as for `add_touch`; out (4,) as `nearest_levels` writes it.
    Cost: O(levels), no allocation.   Twin: `level_lives`, by tests/parity/test_levels.py
    """
    high, low, close, atr = bar
    advance_levels(book, t, (high, low, close), atr, rules)
    if pivot[1] != 0:
        add_touch(book, t, pivot, atr, rules)
    nearest_levels(book, t, rules.half_life, out)


@kernel
def level_lives(
    prices: tuple[Floats, Floats, Floats],
    atr: Floats,
    pivots: tuple[Ints, Ints, Ints, Floats, Floats],
    rules: LevelRules,
    book: LevelBook,
) -> tuple[NDArray[np.void], Floats]:
    """Find every level and follow it to its end, and say at each bar which ones are nearest.

    Shapes: prices (high, low, close) and atr each (n,); pivots (event bars ascending, places, sides, prices, weights)
    each (m,); book as `new_level_book` makes it; returns LEVEL rows as known after the last bar, and (n, 4) as
    `nearest_levels` writes them.   Cost: O(n * levels).   Twin: tests/parity/test_levels.py::slow_levels
    """
    high, low, close = prices
    event, ref, side, price, weight = pivots
    lives = np.zeros(event.size, LEVEL)
    nearest = np.empty((close.size, 4))
    cursor = 0
    for t in range(close.size):
        advance_levels(book, t, (high[t], low[t], close[t]), atr[t], rules)
        _collect(book.done, book.now[0]["n_done"], lives)
        book.now[0]["n_done"] = 0
        while cursor < event.size and event[cursor] <= t:
            pivot = ref[cursor], side[cursor], price[cursor], weight[cursor]
            add_touch(book, t, pivot, atr[t], rules)
            _collect(book.done, book.now[0]["n_done"], lives)
            book.now[0]["n_done"] = 0
            cursor += 1
        nearest_levels(book, t, rules.half_life, nearest[t])
    _collect(book.open, book.now[0]["n_open"], lives)
    return lives[: book.now[0]["n_known"]].copy(), nearest


@lean_kernel
def _collect(levels: NDArray[np.void], size: int, lives: NDArray[np.void]) -> None:
    for i in range(size):
        if levels[i]["row"] != NEVER:
            lives[levels[i]["row"]] = levels[i]
