"""Where orders go with money. A permit opens it, and nothing else in the product opens an account there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tradewright.adapters.venues.binance.abilities import BINANCE
from tradewright.adapters.venues.binance.link import account_door
from tradewright.adapters.venues.binance.opening import Addresses, Opening
from tradewright.adapters.venues.binance.signing import Keys
from tradewright.adapters.venues.transport.client import Patience
from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.venues import addresses_of, market_of, shared_address
from tradewright.domain.errors import InvalidValue
from tradewright.services.live.permit import LivePermit, NotPermitted
from tradewright.services.live.terms import TradingPlace

if TYPE_CHECKING:
    from tradewright.bootstrap.venue_trading import VenueWish
    from tradewright.domain.mode import Live
    from tradewright.ports.session_store import LiveSessionStore

__all__ = ["live_place"]

_ANSWER_S = 10.0
_HERE = ("127.0.0.1", "localhost", "::1")


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
        InvalidValue: the venue takes no orders of ours, or an address would send keys over a line that others read.
    """
    if permit.venue != wish.paper.reach.exchange:
        raise NotPermitted(f"the permit is not one for {wish.paper.reach.exchange}")
    if permit.venue != BINANCE.venue:
        raise InvalidValue("--exchange", permit.venue, f"{BINANCE.venue}: orders go nowhere else so far")
    request = wish.paper.request
    if request is not None and request.balance > permit.approval.capital:
        raise NotPermitted(f"a balance of {request.balance:g}: approved are {permit.approval.capital:g}")
    reach, clock = wish.paper.reach, WallClock()
    places = Addresses(*addresses_of(reach))
    for field, address in zip(("venue.rest_url", "venue.ws_url"), places, strict=True):
        _check_private(field, address)
    timeout_s = reach.waits(_ANSWER_S)
    opening = Opening(
        Keys(*wish.keys), clock, places, BINANCE, account_door(shared_address(places.rest)), timeout_s,
        reach.account_patience(Patience(), timeout_s),
    )  # fmt: skip
    async with opening.venue() as venue, market_of(reach) as (history, stream):
        yield TradingPlace(sessions, venue, history, clock, wish.terms, f"{permit.venue}/{wish.keys[0]}", stream)


def _check_private(field: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "wss") and parts.hostname not in _HERE:
        raise InvalidValue(field, address, "https:// or wss:// with money, or an address of this machine")
