"""Fees that fall with what an account has traded in thirty days."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FEE_TABLES", "FeeTier"]


@dataclass(frozen=True, slots=True)
class FeeTier:
    """Rates from a volume on.

    Args:
        volume: least quote traded in the thirty days before today.
        maker: fraction of notional paid by a resting order.
        taker: fraction of notional paid by an order that takes.
    """

    volume: float
    maker: float
    taker: float


# USDT-margined perpetuals, regular user and VIP 1 to 9, as at https://www.binance.com/en/fee/futureFee in 2025. The
# venue asks for a balance of BNB as well, which is not modelled.
_BINANCE_USDM = (
    FeeTier(0.0, 0.000200, 0.000500),
    FeeTier(15e6, 0.000160, 0.000400),
    FeeTier(50e6, 0.000140, 0.000350),
    FeeTier(100e6, 0.000120, 0.000320),
    FeeTier(600e6, 0.000100, 0.000300),
    FeeTier(1e9, 0.000080, 0.000270),
    FeeTier(2.5e9, 0.000060, 0.000250),
    FeeTier(5e9, 0.000040, 0.000220),
    FeeTier(12.5e9, 0.000020, 0.000200),
    FeeTier(25e9, 0.0, 0.000170),
)

FEE_TABLES: dict[str, tuple[FeeTier, ...]] = {"none": (), "binance_usdm": _BINANCE_USDM}
"""Tables by name, volumes ascending from 0."""
