"""Where funding rates are kept."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["FundingStore", "Rates"]

Rates = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Times of payment (UTC ns, strictly ascending) and rates (fraction; above 0 longs pay)."""


class FundingStore(Protocol):
    """Funding rates by venue and symbol."""

    def list(self) -> tuple[tuple[str, str], ...]:
        """Name all (venue, symbol) with stored rates, sorted."""
        ...

    def load(self, venue: str, symbol: str) -> Rates | None:
        """Read all rates; None where nothing is stored.

        Raises:
            StoreError: what is stored is damaged.
        """
        ...

    def save(self, venue: str, symbol: str, ts: IntColumn, rate: FloatColumn) -> None:
        """Put rates in place of what is stored."""
        ...
