"""Falls of equity from its highest value so far."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["Drawdown", "drawdown_curve", "measure_drawdown", "ulcer_index"]

_DAY_NS = 86_400e9


class Drawdown(NamedTuple):
    """The falls of a run.

    Attributes:
        depth: the deepest, fraction >= 0.
        longest_bars: most closes in a row below a former peak.
        longest_days: longest time from a peak until it was reached again, or to the end; days.
        recovery_days: from the bottom of the deepest fall until its peak was reached again; None if it never was.
    """

    depth: float
    longest_bars: int
    longest_days: float
    recovery_days: float | None


def drawdown_curve(curve: FloatColumn) -> FloatColumn:
    """Fall from the highest value so far, fractions >= 0, one per value: 1 - curve / running maximum.

    Source: Magdon-Ismail & Atiya, Risk 17, 2004; empyrical `max_drawdown`, quantstats `to_drawdown_series` (negated).
    """
    peaks = np.maximum.accumulate(curve)
    return np.asarray(1.0 - curve / peaks, np.float64)


def measure_drawdown(curve: FloatColumn, ts: IntColumn) -> Drawdown:
    """Measure depth and length.

    Args:
        curve: equity, the initial balance first, > 0 at the start.
        ts: of each value, UTC ns.
    """
    falls = drawdown_curve(curve)
    depth = float(falls.max(initial=0.0))
    if depth <= 0.0:
        return Drawdown(0.0, 0, 0.0, None)
    at_peak = np.flatnonzero(falls <= 0.0)
    edges = np.append(at_peak, curve.size)  # a fall lasts from one peak to the next
    bars = np.diff(edges) - 1
    until = ts[np.minimum(edges[1:], curve.size - 1)]
    days = np.where(bars > 0, (until - ts[at_peak]) / _DAY_NS, 0.0)
    bottom = int(np.argmax(falls))
    regained = edges[np.searchsorted(edges, bottom)]
    recovery = float(ts[regained] - ts[bottom]) / _DAY_NS if regained < curve.size else None
    return Drawdown(depth, int(bars.max()), float(days.max()), recovery)


def ulcer_index(curve: FloatColumn) -> float:
    """Root mean square of the drawdown at every value: sqrt(sum(d^2) / n), a fraction where Martin writes per cent.

    Of a run these are the initial balance and equity at the close of every bar, whatever their length; Martin takes
    one value a day or a week.
    Source: Martin & McCann, The Investor's Guide to Fidelity Funds, 1989. quantstats `ulcer_index` divides by n - 1.
    """
    return math.sqrt(float(np.mean(drawdown_curve(curve) ** 2)))
