"""Which indicators we compute ourselves, and how a call becomes numbers for a kernel."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.features.parameters import Value
from tradewright.features.recall import GoOn
from tradewright.kernels.indicators import (
    averages,
    levels,
    momentum,
    oscillators,
    profiles,
    ranges,
    smoothing,
    trend,
    volume,
)
from tradewright.market.bars import FloatColumn

__all__ = ["NATIVE", "Native", "native_of"]

Kernel = Callable[[tuple[FloatColumn, ...], FloatColumn, FloatColumn, NDArray[np.float64]], None]
HOUR = 3_600e9  # ns
WEEK = 168  # h; weeks begin on Monday, and 1970-01-01 was a Thursday


class Native(NamedTuple):
    """One indicator of ours.

    Attributes:
        kernel: it goes on from a state, see `kernels.indicators`.
        room: how many numbers its state holds, from the parameters of the call.
        told: the numbers that the kernel is told, from the same parameters; those themselves unless given.
    """

    kernel: Kernel
    room: Callable[..., int]
    told: Callable[..., tuple[float, ...]] = lambda *values: values

    def start(self, values: Sequence[Value]) -> tuple[FloatColumn, FloatColumn]:
        """What the kernel is told, and its empty state."""
        return np.array(self.told(*values), dtype=np.float64), np.zeros(self.room(*values))

    def going(self, values: Sequence[Value], outputs: int) -> GoOn:
        """What computes it from an empty state, and goes on from there when called again."""
        told, state = self.start(values)

        def go_on(rows: Sequence[FloatColumn]) -> NDArray[np.float64]:
            out = np.empty((outputs, rows[0].size))
            self.kernel(tuple(rows), told, state, out)
            return out

        return go_on


def _window(*lengths: int) -> int:
    return sum(2 * n + 6 for n in lengths)


def _two(n: int) -> int:
    return _window(n, n)


def _change(factor: float, off: float, ratio: float) -> Native:
    return Native(averages.change, lambda n: n + 1, lambda n: (n, factor, off, ratio))


def _direction(which: int) -> Native:
    return Native(trend.direction, lambda _: 8, lambda n: (n, which))


def _weight(n: int) -> float:
    return 2.0 / (n + 1.0)


def _hull(n: int) -> tuple[int, int, int]:
    return n, max(n // 2, 1), max(math.isqrt(n), 1)


def _macd(fast: int, slow: int, signal: int) -> tuple[float, ...]:
    fast, slow = sorted((fast, slow))
    return (fast, slow, signal, _weight(fast), _weight(slow), _weight(signal))


def _sessions(hours: int) -> tuple[float, float]:
    # The length of a session, and where the first of them begins.
    return hours * HOUR, 96.0 * HOUR if hours % WEEK == 0 else 0.0


def _pivots(kind: int) -> Native:
    return Native(levels.pivots, lambda _: 10, lambda hours: (*_sessions(hours), kind))


def _seconds(hours: int) -> int:
    # Bars in a session at most; memory is taken only where it is written.
    return hours * 3_600


NATIVE = {
    "sma": Native(averages.simple, _window),
    "wma": Native(averages.weighted, _window),
    "ema": Native(averages.exponential, lambda _: 2, lambda n: (n, _weight(n))),
    "rma": Native(averages.exponential, lambda _: 2, lambda n: (n, 1.0 / n)),
    "bbands": Native(averages.bands, lambda n, *_: 7 * n + 16, lambda n, up, down, _: (n, up, down)),
    "stddev": Native(averages.deviation, lambda n, _: 5 * n + 10, lambda n, factor: (n, factor, 0.0)),
    "var": Native(averages.deviation, lambda n, _: 5 * n + 10, lambda n, _: (n, 1.0, 1.0)),
    "dema": Native(smoothing.chained, lambda _: 6, lambda n: (n, _weight(n), 2.0)),
    "tema": Native(smoothing.chained, lambda _: 6, lambda n: (n, _weight(n), 3.0)),
    "trix": Native(smoothing.chained, lambda _: 6, lambda n: (n, _weight(n), 4.0)),
    "t3": Native(smoothing.sixfold, lambda *_: 12, lambda n, share: (n, _weight(n), share)),
    "kama": Native(smoothing.adaptive, lambda n: 3 * n + 14),
    "hma": Native(smoothing.hull, lambda n: _window(*_hull(n)), _hull),
    "vwma": Native(smoothing.volume_weighted, _two),
    "efi": Native(smoothing.forced, lambda _: 4, lambda n: (n, _weight(n))),
    "max": Native(averages.extreme, _window, lambda n: (n, 1.0)),
    "min": Native(averages.extreme, _window, lambda n: (n, -1.0)),
    "sum": Native(averages.total, _window),
    "mom": _change(1.0, 0.0, 0.0),
    "roc": _change(100.0, 1.0, 1.0),
    "rocp": _change(1.0, 1.0, 1.0),
    "rocr": _change(1.0, 0.0, 1.0),
    "rocr100": _change(100.0, 0.0, 1.0),
    "volume_roc": _change(100.0, 1.0, 1.0),
    "rsi": Native(momentum.relative_strength, lambda _: 6, lambda n: (n, 1.0 / n, 0.0)),
    "cmo": Native(momentum.relative_strength, lambda _: 6, lambda n: (n, 1.0 / n, 1.0)),
    "aroon": Native(oscillators.ages, lambda n: 2 * n + 6, lambda n: (n, 0.0)),
    "aroonosc": Native(oscillators.ages, lambda n: 2 * n + 6, lambda n: (n, 1.0)),
    "ultosc": Native(oscillators.pressure, lambda *n: 2 + 2 * _window(*n), lambda *n: tuple(sorted(n))),
    "macd": Native(momentum.convergence, lambda *_: 7, _macd),
    "stoch": Native(momentum.stochastic, lambda n, k, _, d, __: _window(n, n, k, d), lambda n, k, _, d, __: (n, k, d)),
    "stochf": Native(momentum.stochastic, lambda n, d, _: _window(n, n, 1, d), lambda n, d, _: (n, 1, d)),
    "stochrsi": Native(
        momentum.strength_stochastic,
        lambda _, k, d, __: 6 + _window(k, k, d),
        lambda n, k, d, _: (n, 1.0 / n, k, d),
    ),
    "willr": Native(momentum.percent_range, _two),
    "cci": Native(momentum.channel_index, lambda n: 3 * n + 11),
    "mfi": Native(momentum.money_flow, lambda n: 2 + _two(n)),
    "trange": Native(ranges.span, lambda: 2),
    "atr": Native(ranges.average_range, lambda _: 4, lambda n: (n, 1.0 / n, 0.0)),
    "natr": Native(ranges.average_range, lambda _: 4, lambda n: (n, 1.0 / n, 1.0)),
    "donchian": Native(ranges.channel, _two),
    "midprice": Native(ranges.middle, _two),
    "midpoint": Native(ranges.middle, _two),
    "kc": Native(ranges.keltner, lambda *_: 6, lambda n, m, times: (n, _weight(n), m, 1.0 / m, times)),
    "ha": Native(ranges.smoothed_bars, lambda: 3),
    "plus_dm": _direction(0),
    "minus_dm": _direction(1),
    "plus_di": _direction(2),
    "minus_di": _direction(3),
    "dx": _direction(4),
    "adx": Native(trend.average_direction, lambda _: 8),
    "sar": Native(trend.parabolic, lambda *_: 7),
    "supertrend": Native(trend.trailing_band, lambda *_: 7, lambda n, times: (n, 1.0 / n, times)),
    "obv": Native(volume.balance, lambda: 3),
    "ad": Native(volume.accumulation, lambda: 1),
    "adosc": Native(
        volume.accumulation_swing, lambda *_: 4, lambda fast, slow: (max(fast, slow), _weight(fast), _weight(slow))
    ),
    "cmf": Native(volume.accumulation_share, _two),
    "vwap": Native(volume.paid_since, lambda: 5, lambda: (0.0, 0.0)),
    "session_vwap": Native(volume.paid_since, lambda _: 5, _sessions),
    "anchored_vwap": Native(volume.paid_since, lambda: 5, lambda: (-1.0, 0.0)),
    "rolling_vwap": Native(volume.paid_lately, _two),
    "bulk_flow": Native(volume.bulk_flow, lambda n: 5 * n + 13),
    "volume_profile": Native(profiles.profile, lambda n, rows, _: 2 + 3 * n + rows),
    "session_profile": Native(
        profiles.session_profile,
        lambda hours, rows, _: 7 + rows + 3 * _seconds(hours),
        lambda hours, rows, share: (*_sessions(hours), rows, share, _seconds(hours)),
    ),
    "ichimoku": Native(levels.cloud, lambda n, m, long, back: 2 * _window(n, m, long) + 3 * (back + 5)),
    "correl": Native(levels.correlation, lambda n: 2 * n + 13, lambda n: (n, 0.0)),
    "correl_returns": Native(levels.correlation, lambda n: 2 * n + 13, lambda n: (n, 1.0)),
    "realised_volatility": Native(levels.realised, lambda n, _: 2 + _window(n), lambda n, f: (n, f**0.5)),
    "pivot_points": _pivots(0),
    "fibonacci_pivots": _pivots(1),
    "camarilla_pivots": _pivots(2),
}


def native_of(name: str, values: Sequence[Value]) -> Native | None:
    """Ours, where we have it for these parameters: of the kinds of average in it, the simple one."""
    if any(value != "sma" for value in values if isinstance(value, str)):
        return None
    return NATIVE.get(name)
