"""Where a simulation sends orders: the practice exchange of this machine, and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tradewright.adapters.venues.binance.abilities import PRACTICE
from tradewright.adapters.venues.binance.link import account_door
from tradewright.adapters.venues.binance.opening import Addresses, Opening
from tradewright.adapters.venues.binance.signing import Keys
from tradewright.adapters.venues.transport.client import Patience
from tradewright.adapters.venues.transport.practice_door import only_here, practice_time
from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.venues import addresses_of, market_of, shared_address
from tradewright.services.desk.venue_time import OURS, VenueTime
from tradewright.services.live.terms import TradingPlace

if TYPE_CHECKING:
    from tradewright.bootstrap.reach import Reach
    from tradewright.bootstrap.venue_trading import VenueWish
    from tradewright.domain.mode import Simulation
    from tradewright.ports.session_store import SimSessionStore

__all__ = ["practice_place", "practice_venue_time"]

_ANSWER_S = 5.0


@asynccontextmanager
async def practice_place(sessions: SimSessionStore, wish: VenueWish) -> AsyncIterator[TradingPlace[Simulation]]:
    """A place for simulations: an account at a practice exchange on this machine, and nowhere else.

    Raises:
        InvalidValue: the address is not of this machine, or what answers there is no practice exchange.
        VenueUnavailable: nothing answers there.
    """
    reach = wish.paper.reach.at("practice", wish.paper.reach.rest)
    address, streams = addresses_of(reach)
    only_here("venue.ws_url", streams)
    speed = (await practice_time(address)).speed
    clock = WallClock()
    # A time that passes faster runs away from ours by design.
    terms = wish.terms if speed == 1.0 else replace(wish.terms, skew_s=0.0)
    door = account_door(shared_address(address))
    timeout_s = reach.waits(_ANSWER_S)
    patience = reach.account_patience(Patience(), timeout_s)
    opening = Opening(Keys(*wish.keys), clock, Addresses(address, streams), PRACTICE, door, timeout_s, patience)
    async with opening.venue() as venue, market_of(reach) as (history, stream):
        yield TradingPlace(sessions, venue, history, clock, terms, f"practice/{wish.keys[0]}", stream)


async def practice_venue_time(reach: Reach) -> VenueTime:
    """The time of a practice exchange, beside ours.

    Raises:
        InvalidValue: the address is not of this machine, or what answers there is no practice exchange.
        VenueUnavailable: nothing answers there.
    """
    told = await practice_time(addresses_of(reach.at("practice", reach.rest))[0])
    # A clock that stands still has no pace; what waits there is counted as if it went as ours does.
    return VenueTime(told.now, WallClock().now_ns(), told.speed) if told.speed > 0 else OURS
