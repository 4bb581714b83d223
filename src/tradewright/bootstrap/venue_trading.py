"""Trading at a venue, with the world's clock: the same for a simulation and with money."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.wiring import backtests

if TYPE_CHECKING:
    from tradewright.bootstrap.paper import PaperWish
    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.live_terms import LiveTerms
    from tradewright.services.live.driver import Driver
    from tradewright.services.live.session import LiveSession
    from tradewright.services.live.terms import TradingPlace, Watcher
    from tradewright.services.live.trading import LiveTrading
    from tradewright.services.pending import Confirming

__all__ = ["PRACTICE_KEYS", "VenueWish", "live_trading", "trade_at_venue"]

PRACTICE_KEYS = ("practice-key", "practice-secret")
"""Of the account that a practice exchange has where none is named."""


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


async def trade_at_venue(
    trading: LiveTrading,
    place: TradingPlace[Any],
    wish: VenueWish,
    told: Callable[[str], Watcher],
    stop: asyncio.Event | None = None,
) -> tuple[str, LiveSession]:
    """Trade until it is over, or until the process is asked to end; gives the session and its name.

    Args:
        trading: the use case.
        place: where it is traded, in a simulation or with money.
        wish: what is to be traded.
        told: makes, for the session's name, who is told what goes on.
        stop: set to end it; None: a signal to the process does.

    Raises:
        TradewrightError: whatever is wrong with the wish, the session, its journal or the venue.
    """
    paper = wish.paper
    name = paper.resume
    if paper.request is not None:
        name = await trading.begin(paper.request, paper.context, place, wish.confirming, name=name)
    if name is None:
        raise AssertionError("neither a new session nor one to go on with")
    watcher = told(name)

    def begun(driver: Driver) -> None:
        driver.flatten = paper.flatten
        if stop is not None:
            driver.stop = stop
        else:
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
