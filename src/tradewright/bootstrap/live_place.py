"""Where orders go with money. A permit opens it, and nothing else in the product opens an account there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tradewright.adapters.venues.binance.abilities import BINANCE
from tradewright.adapters.venues.binance.link import account_door
from tradewright.adapters.venues.binance.opening import Addresses, Opening
from tradewright.adapters.venues.binance.signing import Keys
from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.venues import address_of, market_of, shared_address
from tradewright.domain.errors import InvalidValue
from tradewright.services.live.permit import LivePermit, NotPermitted
from tradewright.services.live.terms import TradingPlace

if TYPE_CHECKING:
    from tradewright.bootstrap.venue_trading import VenueWish
    from tradewright.domain.mode import Live
    from tradewright.ports.session_store import LiveSessionStore

__all__ = ["live_place"]

_ANSWER_S = 10.0
_STREAMS = {"https://fapi.binance.com": "wss://fstream.binance.com"}


@asynccontextmanager
async def live_place(
    permit: LivePermit, sessions: LiveSessionStore, wish: VenueWish
) -> AsyncIterator[TradingPlace[Live]]:
    """An account at a venue, with money.

    Args:
        permit: that live trading has been granted there.
        sessions: journals of live sessions.
        wish: what is to be traded; its keys are the account's.

    Raises:
        NotPermitted: the permit is another venue's, or the session begins with more than was approved.
        InvalidValue: the venue takes no orders of ours.
    """
    if permit.venue != wish.paper.exchange:
        raise NotPermitted(f"the permit is not one for {wish.paper.exchange}")
    if permit.venue != BINANCE.venue:
        raise InvalidValue("--exchange", permit.venue, f"{BINANCE.venue}: orders go nowhere else so far")
    request = wish.paper.request
    if request is not None and request.balance > permit.approval.capital:
        raise NotPermitted(f"a balance of {request.balance:g}: approved are {permit.approval.capital:g}")
    address, clock = address_of(permit.venue, wish.paper.url), WallClock()
    places = Addresses(address, _STREAMS.get(address, "ws" + address.removeprefix("http")))
    opening = Opening(Keys(*wish.keys), clock, places, BINANCE, account_door(shared_address(address)), _ANSWER_S)
    async with opening.venue() as venue, market_of(permit.venue, wish.paper.url) as (history, stream):
        yield TradingPlace(sessions, venue, history, clock, wish.terms, f"{permit.venue}/{wish.keys[0]}", stream)
