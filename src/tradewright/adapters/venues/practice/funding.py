"""Funding rates: known before they are paid, and the same for the same seed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from tradewright.adapters.venues.practice.listing import Listing

__all__ = ["FundingRates"]

_HOUR_NS = 3_600_000_000_000
_INTEREST = 0.0001
_WIDEST = 0.0004


class FundingRates:
    """A rate for each symbol and payment: interest, and a premium that a hash of the seed gives.

    Args:
        listings: in the order of rows.
        seed: of the premiums.
    """

    def __init__(self, listings: Sequence[Listing], seed: int) -> None:
        self._listings, self._seed = listings, seed

    def next_time(self, k: int, ts: int) -> int:
        """When funding is paid next after a time, UTC ns."""
        length = self._listings[k].instrument.funding_hours * _HOUR_NS
        return (ts // length + 1) * length

    def rate(self, k: int, ts: int) -> float:
        """Rate of the payment at a time, UTC ns: a fraction, eight places."""
        length = self._listings[k].instrument.funding_hours * _HOUR_NS
        text = f"{self._seed}/{self._listings[k].symbol}/{ts // length}"
        share = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64
        return round(_INTEREST + (2.0 * share - 1.0) * _WIDEST, 8)
