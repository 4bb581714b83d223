"""Trading at a venue, with the network and the world's clock: on the practice exchange freely."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.venues import address_of, history_of, shared_address
from tradewright.bootstrap.wiring import backtests

if TYPE_CHECKING:
    from tradewright.bootstrap.paper import PaperWish
    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.mode import Simulation
    from tradewright.ports.session_store import SimSessionStore
    from tradewright.services.live.driver import Driver
    from tradewright.services.live.pending import Confirming
    from tradewright.services.live.session import LiveSession
    from tradewright.services.live.terms import LiveTerms, TradingPlace, Watcher
    from tradewright.services.live.trading import LiveTrading

__all__ = ["PRACTICE_KEYS", "VenueWish", "live_trading", "practice_place", "trade_at_venue"]

PRACTICE_KEYS = ("practice-key", "practice-secret")
"""Of the account that a practice exchange has where none is named."""
_ANSWER_S = 5.0


@dataclass(frozen=True, slots=True)
class VenueWish:
    """What is to be traded at a venue, and how.

    Args:
        paper: strategy, instruments, address and length, as for paper; its exchange is the practice exchange.
        confirming: how orders that open a position are confirmed.
        terms: how closely it is watched.
        keys: of the account: key and secret.
    """

    paper: PaperWish
    confirming: Confirming
    terms: LiveTerms
    keys: tuple[str, str] = field(default=PRACTICE_KEYS, repr=False)


def live_trading(settings: Settings) -> LiveTrading:
    """The use case."""
    from tradewright.services.live.trading import LiveTrading

    return LiveTrading(backtests(settings))


@asynccontextmanager
async def practice_place(sessions: SimSessionStore, wish: VenueWish) -> AsyncIterator[TradingPlace[Simulation]]:
    """A place for simulations: an account at a practice exchange on this machine, and nowhere else.

    Raises:
        InvalidValue: the address is not of this machine, or what answers there is no practice exchange.
        VenueUnavailable: nothing answers there.
    """
    from tradewright.adapters.venues.binance.abilities import PRACTICE
    from tradewright.adapters.venues.binance.link import account_door
    from tradewright.adapters.venues.binance.opening import Addresses, Opening
    from tradewright.adapters.venues.binance.signing import Keys
    from tradewright.adapters.venues.transport.practice_door import practice_speed
    from tradewright.services.live.terms import TradingPlace

    address = address_of("practice", wish.paper.url)
    speed = await practice_speed(address)
    clock = WallClock()
    # A time that passes faster runs away from ours by design.
    terms = wish.terms if speed == 1.0 else replace(wish.terms, skew_s=0.0)
    door = account_door(shared_address(address))
    places = Addresses(address, "ws" + address.removeprefix("http"))
    opening = Opening(Keys(*wish.keys), clock, places, PRACTICE, door, _ANSWER_S)
    async with opening.venue() as venue, history_of("practice", address) as history:
        yield TradingPlace(sessions, venue, history, clock, terms)


async def trade_at_venue(
    trading: LiveTrading, sessions: SimSessionStore, wish: VenueWish, told: Callable[[str], Watcher]
) -> tuple[str, LiveSession]:
    """Trade until it is over, or until the process is asked to end; gives the session and its name.

    Args:
        trading: the use case.
        sessions: journals.
        wish: what is to be traded.
        told: makes, for the session's name, who is told what goes on.

    Raises:
        TradewrightError: whatever is wrong with the wish, the session, its journal or the venue.
    """
    async with practice_place(sessions, wish) as place:
        paper = wish.paper
        name = paper.resume
        if paper.request is not None:
            name = await trading.begin(paper.request, paper.context, place, wish.confirming)
        if name is None:
            raise AssertionError("neither a new session nor one to go on with")
        watcher = told(name)

        def begun(driver: Driver) -> None:
            driver.flatten = paper.flatten
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, driver.stop.set)
            if paper.most is not None:
                driver.told = _Counting(watcher, driver, len(driver.live.own.steps) + paper.most)

        return name, await trading.follow(name, place, watcher, begun)


class _Counting:
    # Ends a session after so many bars.
    def __init__(self, told: Watcher, driver: Driver, most: int) -> None:
        self._told, self._driver, self._most = told, driver, most

    def happened(self, live: Any, records: Any) -> None:
        """See `services.live.terms.Watcher`."""
        self._told.happened(live, records)
        if len(live.own.steps) >= self._most:
            self._driver.stop.set()
