"""Prices in ticks and volumes in lots: one pass over a column, where numpy would take four."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel

__all__ = ["lay_lots", "lay_ticks"]

_A_HAIR = 1e-6
_MOST_LOTS = float(1 << 60)


@kernel
def lay_ticks(prices: NDArray[np.float64], num: float, den: float, ticks: NDArray[np.int64]) -> int:
    """Write the nearest tick of each price; returns how many are below one tick, or no number: 0 stands for them.

    Args:
        prices: quote per base.
        num: a tick is `num / den`.
        den: see `num`.
        ticks: where they go; ties go to the even tick.
    """
    below = 0
    for i in range(prices.size):
        tick = np.rint(prices[i] * den / num)
        is_one = tick >= 1.0
        below += not is_one
        ticks[i] = np.int64(tick) if is_one else 0
    return below


@kernel
def lay_lots(volume: NDArray[np.float64], per_unit: float, lots: NDArray[np.int64]) -> None:
    """Write each volume in whole lots; a hair under a lot counts as the lot, and beyond 2**60 no order asks.

    Args:
        volume: base units.
        per_unit: lots in one unit.
        lots: where they go.
    """
    for i in range(volume.size):
        lots[i] = np.int64(min(volume[i] * per_unit + _A_HAIR, _MOST_LOTS))
