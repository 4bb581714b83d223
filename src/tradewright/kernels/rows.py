"""Rows of one instrument: of several members, or of the two legs of a hedge."""

from __future__ import annotations

from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.records import Market

__all__ = ["first_row", "is_beside", "is_within_reach", "moves_with"]


@lean_kernel
def first_row(market: Market, k: int) -> int:
    """The first row of an instrument, by which what is common to its rows goes."""
    shared = market.specs[k]["underlying"]
    return int(shared - 1 if shared > 0 else k)


@lean_kernel
def is_beside(market: Market, k: int, other: int) -> bool:
    """Whether another row is of the same instrument."""
    shared = market.specs[k]["underlying"]
    return bool(shared > 0 and other != k and market.specs[other]["underlying"] == shared)


@lean_kernel
def is_within_reach(market: Market, k: int, other: int) -> bool:
    """Whether what happens inside a bar of row `k` may change a row: itself, or one beside it."""
    return bool(other == k or is_beside(market, k, other))


@lean_kernel
def moves_with(market: Market, k: int, other: int) -> bool:
    """Whether a price that moves row `k` moves another row that stands on the same margin."""
    apart = market.specs[k]["is_isolated"] or market.specs[other]["is_isolated"]
    return bool(is_beside(market, k, other) and not apart)
