"""Markets with known shapes, for tests of pivots, patterns, levels and zones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, make_bars

__all__ = ["drawn_market", "rough_market", "scrambled"]

_QUARTER = Timeframe.parse("15m")


def rough_market(size: int, seed: int, step: float = 3.0) -> Bars:
    """A random walk on whole prices, so that equal highs and lows are common; volumes differ."""
    rng = np.random.default_rng(seed)
    close = 1_000.0 + np.cumsum(np.round(rng.normal(0.0, step, size)))
    start = np.concatenate(([1_000.0], close[:-1]))[:size]
    high = np.maximum(start, close) + rng.integers(0, 4, size).astype(np.float64)
    low = np.minimum(start, close) - rng.integers(0, 4, size).astype(np.float64)
    stamps = np.arange(size, dtype=np.int64) * _QUARTER.ns
    return make_bars(stamps, (start, high, low, close), rng.integers(1, 9, size).astype(np.float64), _QUARTER)


def drawn_market(points: Sequence[tuple[int, float]], noise: float = 0.0, seed: int = 0) -> Bars:
    """Straight lines from point to point (bar, price), with normal noise on the closes and wicks of like size.

    Args:
        points: corners, ascending in bar; the first at bar 0.
        noise: standard deviation of the noise, quote per base.
        seed: of the noise.
    """
    rng = np.random.default_rng(seed)
    place, price = zip(*points, strict=True)
    close = np.interp(np.arange(place[-1] + 1), place, price) + rng.normal(0.0, 1.0, place[-1] + 1) * noise
    start = np.concatenate((close[:1], close[:-1]))
    wicks = np.abs(rng.normal(0.0, 1.0, (2, close.size))) * (noise / 2.0)
    high, low = np.maximum(start, close) + wicks[0], np.minimum(start, close) - wicks[1]
    stamps = np.arange(close.size, dtype=np.int64) * _QUARTER.ns
    return make_bars(stamps, (start, high, low, close), np.ones(close.size), _QUARTER)


def scrambled(bars: Bars, cut: int, seed: int = 0) -> Bars:
    """The same bars up to `cut`, and another future: the later bars in another order, each at another price."""
    rng = np.random.default_rng(seed)
    order = np.concatenate((np.arange(cut), cut + rng.permutation(bars.close.size - cut)))
    factor = np.where(np.arange(bars.close.size) < cut, 1.0, rng.uniform(0.8, 1.25, bars.close.size))
    prices = [getattr(bars, name)[order] * factor for name in ("open", "high", "low", "close")]
    return bars._replace(open=prices[0], high=prices[1], low=prices[2], close=prices[3], volume=bars.volume[order])
