"""Opens an account at an exchange of CCXT."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession

from tradewright.adapters.venues.ccxt.abilities import abilities_of, markets_of
from tradewright.adapters.venues.ccxt.library import SentOnce, make
from tradewright.adapters.venues.ccxt.listener import Listener
from tradewright.adapters.venues.ccxt.venue import CcxtVenue
from tradewright.domain.abilities import MarketKind
from tradewright.domain.errors import InvalidValue
from tradewright.ports.clock import Clock

__all__ = ["CcxtOpening"]


@dataclass(slots=True)
class CcxtOpening:
    """What is needed to open an account.

    Args:
        name: of the exchange, as the library knows it.
        keys: `apiKey`, `secret`, and what else the venue asks for.
        clock: our time.
        market: kind of market; None takes linear where there is one, else spot.
        timeout_s: in which an answer must come; then the outcome of a write is unknown.
        changes: to what the library knows of the exchange, such as its addresses.
        listener: makes the events.
    """

    name: str
    keys: Mapping[str, str] = field(repr=False)
    clock: Clock
    market: MarketKind | None = None
    timeout_s: float = 10.0
    changes: Mapping[str, Any] = field(default_factory=dict)
    listener: Listener = field(default_factory=Listener)

    @asynccontextmanager
    async def venue(self) -> AsyncIterator[CcxtVenue]:
        """The account, and its connections for as long as it is used.

        Raises:
            UnknownName: the library has no such exchange.
            InvalidValue: the exchange has no such market.
        """
        exchange = make(self.name, self.keys, {"timeout": round(1_000 * self.timeout_s), **self.changes})
        try:
            markets = markets_of(exchange)
            market = self.market or (markets[0] if markets else None)
            if market is None or market not in markets:
                raise InvalidValue("market", market, f"one of {', '.join(markets) or 'none: nothing is traded here'}")
            async with ClientSession() as session:
                exchange.session, exchange.own_session = SentOnce(session), False
                exchange.open()
                yield CcxtVenue(exchange, abilities_of(exchange, market), self.clock, self.listener)
        finally:
            exchange.session = None
            await exchange.close()
