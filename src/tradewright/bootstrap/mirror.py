"""A practice exchange whose market is a real one, heard live: orders are on paper, prices are not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tradewright.bootstrap.practice import PracticeWish, house_of, seats_of
from tradewright.bootstrap.venues import history_of, live_feed
from tradewright.bootstrap.wiring import now_ns
from tradewright.domain.errors import DataError, InvalidValue, UnknownName
from tradewright.domain.market_events import Channel, Subscription
from tradewright.domain.timeframe import Timeframe

if TYPE_CHECKING:
    from tradewright.adapters.venues.practice.listing import Listing
    from tradewright.adapters.venues.practice.mirror import Mirror
    from tradewright.adapters.venues.practice.server import Server
    from tradewright.bootstrap.reach import Reach
    from tradewright.ports.feed import Feed
    from tradewright.ports.history import History

__all__ = ["mirror_exchange", "run_mirror"]

_HEARD = (Channel.BOOK, Channel.TICKS, Channel.QUOTES, Channel.MARKS)
_MINUTE = Timeframe.parse("1m")
_LOOKED_BACK = 60


def run_mirror(wish: PracticeWish, reach: Reach, port: int, ready: Callable[[list[int]], None]) -> None:
    """Serve on loopback what a venue's market does, until somebody interrupts.

    Args:
        wish: accounts and rules of the house; symbols that are mirrored.
        reach: how the venue that is heard is reached.
        port: of the loopback address; 0 takes one that is free.
        ready: told the ports, when the exchange can be reached.

    Raises:
        InvalidValue: an option does not go with a mirror, or a port is taken.
        UnknownName: the venue is not there, or does not trade a symbol.
        VenueError: it cannot be reached.
    """
    try:
        asyncio.run(mirror_exchange(wish, reach, port, ready))
    except OSError as error:
        raise InvalidValue("--port", port, f"a port that is free ({error.strerror})") from None


async def mirror_exchange(
    wish: PracticeWish,
    reach: Reach,
    port: int,
    ready: Callable[[list[int]], None],
    built: Callable[[Server], None] | None = None,
) -> None:
    """As `run_mirror`, where an event loop runs, until cancelled; `built` is given the exchange before it is served."""
    from tradewright.adapters.venues.practice.mirror import Mirror
    from tradewright.adapters.venues.practice.server import serve
    from tradewright.adapters.venues.practice.setup import Setup, build

    _check(wish)
    async with history_of(reach) as history, live_feed(reach) as feed:
        listings = await _listings(wish, history)
        mirror = Mirror(listings, now_ns())
        setup = Setup(
            listings=listings, source=mirror, start=mirror.start, accounts=seats_of(wish), house=house_of(wish),
            socket_life=int(wish.socket_hours * 3_600_000), legacy=wish.legacy, scenario=wish.scenario,
            log=wish.log,
        )  # fmt: skip
        server = build(setup, time.monotonic_ns)
        if built is not None:
            built(server)
        work = [asyncio.create_task(_listen(feed, server, mirror)), asyncio.create_task(serve(server, port, ready))]
        try:
            done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)


def _check(wish: PracticeWish) -> None:
    for field, value, plain in (
        ("--replay", wish.replay, None),
        ("--speed", wish.speed, 1.0),
        ("--data", wish.folder, None),
    ):
        if value != plain:
            raise InvalidValue(field, value, "nothing beside --mirror: its market is as it is, and it is not kept")


async def _listings(wish: PracticeWish, history: History) -> list[Listing]:
    from tradewright.adapters.venues.practice.listing import listing_of

    known, end = await history.instruments(), await history.now()
    listings = []
    for name in (wish.symbols or "BTCUSDT").split(","):
        listing = listing_of(name.strip(), depth=wish.depth)
        symbol = f"{listing.base}/USDT:USDT"
        if symbol not in known:
            raise UnknownName("symbol", name, known)
        bars = await history.bars("candles", symbol, _MINUTE, end - _LOOKED_BACK * _MINUTE.ns, end)
        if not bars.close.size:
            raise DataError(f"{symbol}: {history.venue} has no bars of the last hour")
        instrument = replace(known[symbol], venue="practice")
        listings.append(replace(listing, instrument=instrument, price=float(bars.close[-1])))
    return listings


async def _listen(feed: Feed, server: Server, mirror: Mirror) -> None:
    exchange = server.gateway.exchange
    heard = feed.events(_wanted(feed, [one.instrument.symbol for one in exchange.listings]))
    async for event in heard:
        mirror.script.hear(event, exchange.clock.now())
        exchange.catch_up()
        server.hub.refresh()


def _wanted(feed: Feed, symbols: Sequence[str]) -> list[Subscription]:
    channels = [channel for channel in _HEARD if channel in feed.abilities.channels]
    return [Subscription(channel, symbol) for symbol in symbols for channel in channels]
