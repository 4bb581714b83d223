"""How much two instruments have moved alike, as far as a close knows it."""

from __future__ import annotations

import math

from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.records import Market

__all__ = ["correlation"]

_DIGITS = 1e9
_STILL = 1e-18
"""Mean square of returns that move by no more than what numbers themselves leave."""


@lean_kernel
def change(market: Market, k: int, step: int) -> float:
    """Return of row `k` from the close before to that of a step; 0 where it had no bar."""
    return float(market.close[k, step] / market.close[k, step - 1] - 1.0)


@lean_kernel
def correlation(market: Market, one: int, other: int, step: int, bars: int) -> float:
    """Pearson's correlation of the last `bars` returns of two rows, to nine digits, so that no order of sums shows.

    0 while so many are not known, and where one of them did not move.
    """
    first = step - bars + 1
    if first < 1 or market.close[one, first - 1] <= 0 or market.close[other, first - 1] <= 0:
        return 0.0
    mean_one, mean_other = 0.0, 0.0
    for at in range(first, step + 1):
        mean_one += change(market, one, at) / bars
        mean_other += change(market, other, at) / bars
    both, square_one, square_other = 0.0, 0.0, 0.0
    for at in range(first, step + 1):
        away_one, away_other = change(market, one, at) - mean_one, change(market, other, at) - mean_other
        both += away_one * away_other
        square_one += away_one * away_one
        square_other += away_other * away_other
    if square_one <= _STILL * bars or square_other <= _STILL * bars:
        return 0.0
    return float(math.floor(both / math.sqrt(square_one * square_other) * _DIGITS + 0.5) / _DIGITS)
