"""Columns of prices as ticks, and of volumes as lots: the doors of `Instrument`, for whole columns."""

from __future__ import annotations

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.features.columns import column
from tradewright.kernels.columns import laying
from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["lay_lots", "lay_ticks", "lots_of", "prices_of", "ticks_of"]


def ticks_of(prices: FloatColumn, instrument: Instrument) -> IntColumn:
    """The nearest tick of each price; ties go to the even tick. A level below 0 has one too, by which it is refused."""
    ticks = np.empty(prices.size, np.int64)
    if not lay_ticks(prices, instrument, ticks) and (below := prices < 0.0).any():
        num, den = instrument.tick
        ticks[below] = np.rint(prices[below] * den / num)
    return ticks


def lay_ticks(prices: FloatColumn, instrument: Instrument, ticks: IntColumn) -> bool:
    """Write the nearest tick of each price into `ticks`; whether each is at least one tick."""
    num, den = instrument.tick
    return laying.lay_ticks(column(prices), float(num), float(den), ticks) == 0


def prices_of(ticks: IntColumn, instrument: Instrument) -> FloatColumn:
    """The price of each tick, quote per base."""
    num, den = instrument.tick
    return np.asarray(ticks * num / den, dtype=np.float64)


def lots_of(volume: FloatColumn, instrument: Instrument) -> IntColumn:
    """Volumes in whole lots."""
    lots = np.empty(volume.size, np.int64)
    lay_lots(volume, instrument, lots)
    return lots


def lay_lots(volume: FloatColumn, instrument: Instrument, lots: IntColumn) -> None:
    """Write volumes in whole lots into `lots`."""
    num, den = instrument.lot
    laying.lay_lots(column(volume), den / num, lots)
