"""What is known of a coin itself, beside any one venue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

__all__ = ["CoinFacts", "CoinSource"]


@dataclass(frozen=True, slots=True)
class CoinFacts:
    """What is known of a coin; None is not known, or not yet.

    Args:
        market_cap: US dollars.
        listings: exchanges that list it, at least.
    """

    market_cap: float | None = None
    listings: int | None = None


class CoinSource(Protocol):
    """Somebody who knows coins. What cannot be asked now is not known: nothing is raised."""

    @property
    def trouble(self) -> str:
        """Why it could not be asked last, in words; empty where it could."""
        ...

    async def coins(self, bases: Collection[str], *, with_listings: bool) -> Mapping[str, CoinFacts]:
        """What is known of coins, by the names under which they are traded.

        Args:
            bases: `BTC`, `ETH`; the first are asked for first.
            with_listings: also ask where they are listed, a few with each call: the source answers seldom.
        """
        ...
