"""Chart patterns over bars: formed by a pivot, then confirmed by a close beyond a line, failed, or expired.

At most one pattern of each kind is open at a time, so a bar costs a bounded amount whatever came before it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel, lean_kernel
from tradewright.kernels.pattern_shapes import KINDS, MIRROR, NO_PATTERN, SHAPE, PatternRules, Pivots, find_shape
from tradewright.kernels.zones import NEVER

__all__ = [
    "CONFIRMED",
    "EXPIRED",
    "FAILED",
    "FORMED",
    "PATTERN",
    "PatternBook",
    "add_pivot",
    "judge_patterns",
    "new_pattern_book",
    "pattern_events",
]

# What became of a pattern; features.chart_patterns.PatternState gives the words.
FORMED = 0
CONFIRMED = 1
FAILED = 2
EXPIRED = 3

PATTERN = np.dtype(
    [
        ("row", np.int64),  # in order of formation
        ("kind", np.int64),  # NO_PATTERN: the place is free
        ("side", np.int64),  # +1 expects a rise, -1 a fall, 0 either
        ("event_bar", np.int64),  # the bar that confirmed its last pivot
        ("points", np.int64),
        ("point_bar", np.int64, 6),  # `points` of them
        ("point_level", np.float64, 6),  # quote per base
        ("upper", np.float64),  # a line: its level at the first point, quote per base …
        ("upper_slope", np.float64),  # … and its slope, per bar
        ("lower", np.float64),
        ("lower_slope", np.float64),
        ("height", np.float64),  # measured move, quote per base, > 0
        ("quality", np.float64),  # 0 to 1
        ("state", np.int64),
        ("end_bar", np.int64),  # NEVER while FORMED
        ("end_side", np.int64),  # of the close that ended it: +1 above the upper line, -1 below the lower, 0 neither
    ],
    align=True,
)

_ROUNDING = 1e-9  # of a price: a close no further from a line is on it, and lines no further apart have met

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class PatternBook(NamedTuple):
    """The open patterns, one place for each kind, and the pivots that the next one will be made of."""

    open: NDArray[np.void]  # PATTERN (KINDS,)
    pivots: Pivots  # levels as they are
    turned: Pivots  # the same, upside down where the last is a low; for reading a shape
    side: NDArray[np.int64]  # (2,): side of the last pivot, and how many patterns there were
    shape: NDArray[np.void]  # SHAPE (1,)


def new_pattern_book() -> PatternBook:
    """The state before the first bar."""
    known, turned = (Pivots(np.zeros(6, np.int64), np.zeros(6), np.zeros(1, np.int64)) for _ in range(2))
    return PatternBook(np.zeros(KINDS, PATTERN), known, turned, np.zeros(2, np.int64), np.zeros(1, SHAPE))


@lean_kernel
def _remember(book: PatternBook, ref: int, side: int, level: float) -> None:
    # A pivot of the same side as the last takes its place.
    known = book.pivots
    if book.side[0] != side:
        for i in range(5):
            known.bar[i], known.level[i] = known.bar[i + 1], known.level[i + 1]
        known.filled[0] = min(known.filled[0] + 1, 6)
    known.bar[5], known.level[5] = ref, level
    book.side[0] = side
    for i in range(6):
        book.turned.bar[i], book.turned.level[i] = known.bar[i], side * known.level[i]
    book.turned.filled[0] = known.filled[0]


@lean_kernel
def add_pivot(book: PatternBook, t: int, pivot: tuple[int, int, float], atr: float, rules: PatternRules) -> int:
    """Take a pivot (place, side, level) that bar t confirms: the kind of pattern that it completes, or NO_PATTERN.

    While a pattern of a kind is open, no other of that kind is formed.

    Shapes: book PatternBook, changed in place.   Units: prices quote/base; NaN atr: nothing.
    Cost: O(1), no allocation.   Twin: tests/parity/test_chart_patterns.py::slow_patterns
    """
    ref, side, level = pivot
    _remember(book, ref, side, level)
    shape = book.shape[0]
    if np.isnan(atr) or not find_shape(book.turned, atr, rules, shape):
        return NO_PATTERN
    if shape["quality"] < rules.least_quality:
        return NO_PATTERN
    kind = shape["kind"] if side > 0 else MIRROR[shape["kind"]]
    pattern = book.open[kind]
    if pattern["kind"] != NO_PATTERN:
        return NO_PATTERN
    _open(pattern, kind, t, side, shape)
    for i in range(6):
        chosen = 6 - shape["points"] + i
        pattern["point_bar"][i] = book.pivots.bar[chosen] if i < shape["points"] else NEVER
        pattern["point_level"][i] = book.pivots.level[chosen] if i < shape["points"] else np.nan
    pattern["row"] = book.side[1]
    book.side[1] += 1
    return int(kind)


@lean_kernel
def _open(pattern: Any, kind: int, t: int, side: int, shape: Any) -> None:
    pattern["kind"], pattern["event_bar"], pattern["points"] = kind, t, shape["points"]
    pattern["side"], pattern["height"], pattern["quality"] = side * shape["side"], shape["height"], shape["quality"]
    if side > 0:
        pattern["upper"], pattern["upper_slope"] = shape["upper"], shape["upper_slope"]
        pattern["lower"], pattern["lower_slope"] = shape["lower"], shape["lower_slope"]
    else:
        pattern["upper"], pattern["upper_slope"] = -shape["lower"], -shape["lower_slope"]
        pattern["lower"], pattern["lower_slope"] = -shape["upper"], -shape["upper_slope"]
    pattern["state"], pattern["end_bar"], pattern["end_side"] = FORMED, NEVER, 0


@lean_kernel
def judge_patterns(book: PatternBook, t: int, close: float, patience: float) -> int:
    """Let the close of bar t confirm or fail open patterns, and let old ones expire; how many ended.

    Those that ended have another state than FORMED; whoever has read them sets their kind to NO_PATTERN.

    Shapes: book PatternBook, changed in place.   Cost: O(KINDS), no allocation.
    Twin: tests/parity/test_chart_patterns.py::slow_patterns
    """
    ended = 0
    for kind in range(1, KINDS):
        pattern = book.open[kind]
        if pattern["kind"] == NO_PATTERN:
            continue
        first = pattern["point_bar"][0]
        upper = pattern["upper"] + pattern["upper_slope"] * (t - first)
        lower = pattern["lower"] + pattern["lower_slope"] * (t - first)
        edge = _ROUNDING * abs(close)
        out = int(close > upper + edge) - int(close < lower - edge)
        is_old = t - pattern["event_bar"] > patience * (pattern["event_bar"] - first)
        if upper <= lower + edge or is_old:
            pattern["state"], pattern["end_side"] = EXPIRED, 0
        elif out != 0:
            pattern["state"] = CONFIRMED if pattern["side"] == 0 or pattern["side"] == out else FAILED
            pattern["end_side"] = out
        else:
            continue
        pattern["end_bar"] = t
        ended += 1
    return ended


@kernel
def pattern_events(
    close: Floats, atr: Floats, pivots: tuple[Ints, Ints, Ints, Floats], rules: PatternRules, book: PatternBook
) -> NDArray[np.void]:
    """Find every pattern and what became of it, in order of formation.

    Shapes: close, atr (n,) float64; pivots (event bars ascending, places, sides, levels) each (m,); book as
    `new_pattern_book` makes it; returns PATTERN rows as known after the last bar.
    Cost: O(n * KINDS).   Twin: tests/parity/test_chart_patterns.py::slow_patterns
    """
    event, ref, side, level = pivots
    found = np.zeros(event.size, PATTERN)
    cursor = 0
    for t in range(close.size):
        while cursor < event.size and event[cursor] <= t:
            add_pivot(book, t, (ref[cursor], side[cursor], level[cursor]), atr[t], rules)
            cursor += 1
        if judge_patterns(book, t, close[t], rules.patience) > 0:
            _collect(book, found, ended_only=True)
    _collect(book, found, ended_only=False)
    return found[: book.side[1]].copy()


@lean_kernel
def _collect(book: PatternBook, found: NDArray[np.void], ended_only: bool) -> None:
    for kind in range(1, KINDS):
        pattern = book.open[kind]
        if pattern["kind"] != NO_PATTERN and (pattern["state"] != FORMED or not ended_only):
            found[pattern["row"]] = pattern
            if ended_only:
                pattern["kind"] = NO_PATTERN
