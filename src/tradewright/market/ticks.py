"""Columns of prices as ticks: the door of `Instrument.to_ticks`, for whole columns."""

from __future__ import annotations

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["prices_of", "ticks_of"]


def ticks_of(prices: FloatColumn, instrument: Instrument) -> IntColumn:
    """The nearest tick of each price; ties go to the even tick."""
    num, den = instrument.tick
    scaled = prices * float(den)
    if num != 1:
        scaled /= float(num)
    return np.rint(scaled, out=scaled).astype(np.int64)


def prices_of(ticks: IntColumn, instrument: Instrument) -> FloatColumn:
    """The price of each tick, quote per base."""
    num, den = instrument.tick
    return np.asarray(ticks * num / den, dtype=np.float64)
