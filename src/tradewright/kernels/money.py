"""Cash, and what a number of lots is worth."""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewright.kernels.compiling import lean_kernel

__all__ = ["notional", "round_cash", "whole_lots"]

_UNITS = 1e8
_MOST = float(2**60)


@lean_kernel
def round_cash(amount: float) -> float:
    """Round to 1e-8 of quote currency: the one rounding of every cash movement. Ties go to even."""
    # Adding zero turns a minus zero into a plain one.
    return float(np.rint(amount * _UNITS) / _UNITS + 0.0)


@lean_kernel
def notional(spec: Any, lots: int, ticks: float) -> float:
    """Value of a number of lots at a price, quote, >= 0."""
    # As floats: lots of 1e-8 times ticks leave int64 behind for cheap coins.
    return float(abs(lots)) * float(ticks) * float(spec["tick_value"])


@lean_kernel
def whole_lots(quantity: float) -> int:
    """Whole lots in a quantity counted in lots, rounded down; a hair under a lot (1e-9) counts as the lot.

    At most 2**60, so that a reversal of the most still fits int64: an exposure cap in 1e-8 lots of a coin worth 1e-5
    does not.
    """
    return int(np.floor(min(quantity, _MOST) + 1e-9))
