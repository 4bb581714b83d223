"""Columns of prices as ticks: the door of `Instrument.to_ticks`, for whole columns."""

from __future__ import annotations

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["lay_ticks", "prices_of", "ticks_of"]

_BLOCK = 1 << 15


def ticks_of(prices: FloatColumn, instrument: Instrument, out: IntColumn | None = None) -> IntColumn:
    """The nearest tick of each price; ties go to the even tick. Written into `out` where it is given."""
    ticks = np.empty(prices.size, np.int64) if out is None else out
    lay_ticks(prices, instrument, ticks)
    return ticks


def lay_ticks(prices: FloatColumn, instrument: Instrument, ticks: IntColumn) -> float:
    """Write the nearest tick of each price; returns the least of them: NaN where one is no number, of none infinity."""
    num, den = instrument.tick
    least = np.float64(np.inf)
    scratch = np.empty(min(prices.size, _BLOCK))
    # In blocks that stay in the cache: fresh memory of the column's size would cost more than the arithmetic.
    for start in range(0, prices.size, _BLOCK):
        block = prices[start : start + _BLOCK]
        scaled = np.multiply(block, float(den), out=scratch[: block.size])
        if num != 1:
            scaled /= float(num)
        ticks[start : start + _BLOCK] = np.rint(scaled, out=scaled)
        least = np.minimum(least, scaled.min())
    return float(least)


def prices_of(ticks: IntColumn, instrument: Instrument) -> FloatColumn:
    """The price of each tick, quote per base."""
    num, den = instrument.tick
    return np.asarray(ticks * num / den, dtype=np.float64)
