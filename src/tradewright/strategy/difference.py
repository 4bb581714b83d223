"""Where two lists of signals differ."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import SignalKind
from tradewright.domain.intents import Ask
from tradewright.strategy.playback import Played
from tradewright.strategy.signals import Signals

__all__ = ["Difference", "first_difference", "unlike"]

_RTOL = 1e-9


class Difference(NamedTuple):
    """The first place at which two lists of signals differ.

    Attributes:
        bar: row of the bar.
        column: `signal` or `order` where only one list has one, else the name of the column, or `order.` and the field.
        before: what the first list says.
        after: what the second list says.
    """

    bar: int
    column: str
    before: str
    after: str


def first_difference(first: Played, second: Played, last: int) -> Difference | None:
    """Compare what was given up to and including row `last`; numbers to 1e-9 of their size, NaN equal to NaN.

    Returns:
        The earliest difference, or None.
    """
    a, b = (played.signals.take(played.signals.bar <= last) for played in (first, second))
    shared = min(a.size, b.size)
    unlike = np.flatnonzero(a.bar[:shared] != b.bar[:shared])
    rows = int(unlike[0]) if unlike.size else shared
    found = _in_columns(a, b, rows)
    if found is None and (rows < a.size or rows < b.size):
        found = _lone(a, b, rows)
    asked = _in_asks(*([ask for ask in played.asks if ask[0] <= last] for played in (first, second)))
    return min((one for one in (found, asked) if one is not None), key=lambda one: one.bar, default=None)


def unlike(first: Signals, second: Signals) -> str:
    """The first column, `bar` aside, in which two lists differ in a single bit; empty where there is none."""
    if first.size == second.size == 0:
        return ""
    left, right = _columns(first), _columns(second)
    if set(left) != set(right):
        return ", ".join(sorted(set(left) ^ set(right)))
    changed = (name for name in left if name != "bar" and left[name].tobytes() != right[name].tobytes())
    return next(changed, "")


def _in_asks(a: list[tuple[int, Ask]], b: list[tuple[int, Ask]]) -> Difference | None:
    for (bar, before), (other, after) in zip(a, b, strict=False):
        if bar != other or type(before) is not type(after):
            words = [
                type(ask).__name__ if row == min(bar, other) else "none" for row, ask in ((bar, before), (other, after))
            ]
            return Difference(min(bar, other), "order", words[0], words[1])
        if before == after:
            continue  # nearly all of them are, and to take one apart takes fifty times as long
        new = asdict(after)
        for name, value in asdict(before).items():
            if not _agree(value, new[name]):
                return Difference(bar, f"order.{name}", f"{value}", f"{new[name]}")
    if len(a) == len(b):
        return None
    bar, ask = (a if len(a) > len(b) else b)[min(len(a), len(b))]
    words = [type(ask).__name__ if len(one) > len(other) else "none" for one, other in ((a, b), (b, a))]
    return Difference(bar, "order", words[0], words[1])


def _agree(before: object, after: object) -> bool:
    if isinstance(before, float) and isinstance(after, float):
        return math.isclose(before, after, rel_tol=_RTOL, abs_tol=0.0) or (math.isnan(before) and math.isnan(after))
    return before == after


def _lone(a: Signals, b: Signals, row: int) -> Difference:
    bars = [int(signals.bar[row]) for signals in (a, b) if row < signals.size]
    bar = min(bars)
    before, after = (_word(signals, row, bar) for signals in (a, b))
    return Difference(bar, "signal", before, after)


def _word(signals: Signals, row: int, bar: int) -> str:
    if row < signals.size and int(signals.bar[row]) == bar:
        return SignalKind(int(signals.kind[row])).name.lower()
    return "none"


def _in_columns(a: Signals, b: Signals, rows: int) -> Difference | None:
    earliest: Difference | None = None
    left, right = _columns(a), _columns(b)
    for name in sorted(set(left) | set(right)):
        if name not in left or name not in right:
            if rows:
                return Difference(
                    int(a.bar[0]), name, *("there" if name in side else "absent" for side in (left, right))
                )
            continue
        unlike = np.flatnonzero(~_equal(left[name][:rows], right[name][:rows]))
        if unlike.size and (earliest is None or int(a.bar[unlike[0]]) < earliest.bar):
            row = int(unlike[0])
            earliest = Difference(int(a.bar[row]), name, f"{left[name][row]}", f"{right[name][row]}")
    return earliest


def _columns(signals: Signals) -> dict[str, NDArray[Any]]:
    columns = signals._asdict()
    facts, plans = columns.pop("metadata"), columns.pop("plans")
    more = {f"metadata.{name}": column for name, column in facts.items()}
    return {**columns, **more, **({} if plans is None else plans._asdict())}


def _equal(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    if a.dtype.kind in "fc" and b.dtype.kind in "fciub":
        return np.asarray(np.isclose(a, b, rtol=_RTOL, atol=0.0, equal_nan=True), dtype=np.bool_)
    return np.asarray(a == b, dtype=np.bool_)
