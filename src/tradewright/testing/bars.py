"""Small markets as columns, for tests of features and strategies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, make_bars

__all__ = ["closes", "traded", "walk"]


def closes(prices: Sequence[float], timeframe: str = "15m", reach: float = 1.0) -> Bars:
    """Bars with these closes: each opens at the close before, and reaches `reach` beyond both."""
    length = Timeframe.parse(timeframe)
    close = np.asarray(prices, dtype=np.float64)
    start = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(start, close) + reach, np.minimum(start, close) - reach
    stamps = np.arange(close.size, dtype=np.int64) * length.ns
    return make_bars(stamps, (start, high, low, close), np.full(close.size, 1e6), length)


def walk(size: int, seed: int, timeframe: str = "15m") -> Bars:
    """A random walk from 1,000 in steps of about 3; the same seed gives the same walk."""
    steps = np.random.default_rng(seed).normal(0.0, 3.0, size)
    return closes((1_000.0 + np.cumsum(steps)).tolist(), timeframe)


def traded(size: int, seed: int, timeframe: str = "15m") -> Bars:
    """A random walk whose bars open off the close before, reach unevenly beyond their bodies and differ in volume."""
    rng = np.random.default_rng(seed)
    length = Timeframe.parse(timeframe)
    close = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, size)))
    opened = np.concatenate((close[:1], close[:-1])) * np.exp(rng.normal(0.0, 0.003, size))
    high = np.maximum(opened, close) * (1.0 + rng.exponential(0.004, size))
    low = np.minimum(opened, close) * (1.0 - rng.exponential(0.004, size))
    stamps = np.arange(size, dtype=np.int64) * length.ns
    return make_bars(stamps, (opened, high, low, close), rng.gamma(2.0, 50.0, size), length)
