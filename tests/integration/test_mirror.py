"""A practice exchange that mirrors another: the market is the other's, the orders are on paper."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.mirror import HeardRates, MirrorScript
from tradewright.adapters.venues.practice.server import Server
from tradewright.adapters.venues.practice.sources import Synthetic
from tradewright.bootstrap.mirror import mirror_exchange
from tradewright.bootstrap.practice import PracticeWish
from tradewright.bootstrap.reach import Reach
from tradewright.domain.errors import DataError, InvalidValue, UnknownName
from tradewright.domain.market_events import Mark, Quote, Tick
from tradewright.domain.orders import Accepted, NewOrder
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.venue import Venue
from tradewright.testing.practice import KEY, SECRET, a_server
from tradewright.testing.served import served
from tradewright.testing.venues import BTC, binance_on_practice

MINUTE_NS = Timeframe.parse("1m").ns
SINCE = time.time_ns() - 60 * MINUTE_NS
WISH = PracticeWish(
    symbols="BTCUSDT", accounts=(f"{KEY}:{SECRET}:10000",), seed=1, speed=1.0, start=None, end=None, history=1,
    replay=None, tick_size=None, lot_size=None, timeframe="1m", course="path", spread=1, depth=250_000.0,
    limit_fill="queue", levels=1, recovery=5.0, correlation=0.0, basis=0.0, socket_hours=24.0, weight_limit=0,
    order_limit=0, variants=(), legacy=False, scenario=None, log=None, folder=None,
)  # fmt: skip


def elsewhere() -> Server:
    """A venue with deep books, whose time is the present."""
    now = time.time_ns()
    listings = [listing_of("BTCUSDT"), listing_of("ETHUSDT")]
    source = Synthetic(listings, now // MINUTE_NS * MINUTE_NS, 1, 120)
    return a_server(time.monotonic_ns, speed=1.0, listings=listings, source=source, start=now, house=House(levels=100))


@asynccontextmanager
async def mirrored(address: str, **changes: Any) -> AsyncIterator[tuple[Server, str]]:
    """The exchange that mirrors the venue at an address, and where it answers."""
    ready: asyncio.Queue[int] = asyncio.Queue()
    built: list[Server] = []
    work = asyncio.create_task(
        mirror_exchange(
            replace(WISH, **changes),
            Reach("practice", address),
            0,
            lambda found: ready.put_nowait(found[0]),
            built.append,
        )
    )
    first = asyncio.create_task(ready.get())
    await asyncio.wait((work, first), return_when=asyncio.FIRST_COMPLETED)
    try:
        if work.done():
            work.result()
        yield built[0], f"http://127.0.0.1:{first.result()}"
    finally:
        work.cancel()
        first.cancel()
        await asyncio.gather(work, first, return_exceptions=True)


async def until(met: Callable[[], bool]) -> None:
    """Wait for something that comes by itself."""
    async with asyncio.timeout(20):
        while not met():  # noqa: ASYNC110 - what is waited for comes over a socket
            await asyncio.sleep(0.02)


async def _traded(venue: Venue, side: Any) -> Decimal:
    outcome = await venue.place(NewOrder(f"paper-{side}", BTC, side, Decimal("0.01")))
    assert isinstance(outcome, Accepted)
    fills = await venue.fills(BTC, SINCE)
    return fills[-1].price


async def _trade_on(other: Server, address: str) -> None:
    theirs = other.gateway.exchange
    async with mirrored(address) as (server, own):
        exchange = server.gateway.exchange
        await until(lambda: exchange.recorded_book(0) is not None and exchange.printed[0] > 0)
        assert abs(exchange.present.last(0) - theirs.present.last(0)) < 500
        async with binance_on_practice(own, "ws" + own.removeprefix("http")) as venue:
            ask = exchange.best_levels(0)[1][0]
            paid = await _traded(venue, "buy")
            got = await _traded(venue, "sell")
            # Between the look and the order the market may have moved on.
            assert abs(paid - ask / Decimal(10)) < 50
            assert got < paid + 50
            assert () == await venue.positions()
            assert 2 == len(await venue.fills(BTC, SINCE))
        book = exchange.recorded_book(0)
        assert book is not None
        assert 50 < len(book.bids)
        await until(
            lambda: exchange.rates.rate(0, 0) == theirs.rates.rate(0, theirs.rates.next_time(0, theirs.clock.now()))
        )


def test_orders_on_paper_meet_the_other_market() -> None:
    """Its book, its last price, its funding; a buyer pays its best ask, and the other market knows of nothing."""
    other = elsewhere()
    with served(other) as address:
        asyncio.run(asyncio.wait_for(_trade_on(other, address), 60))
    assert all(not seat.ledger.fills for seat in other.gateway.exchange.seats.values())


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"symbols": "NOPEUSDT"}, UnknownName, "NOPEUSDT"),
        ({"replay": "binance"}, InvalidValue, "--replay"),
        ({"speed": 2.0}, InvalidValue, "--speed"),
    ],
)
def test_what_does_not_go_with_a_mirror_is_refused(changes: dict[str, Any], error: type[Exception], words: str) -> None:
    """By its field, before anything is served."""

    async def act(address: str) -> None:
        async with mirrored(address, **changes):
            pass

    with served(elsewhere()) as address, pytest.raises(error, match=words):
        asyncio.run(act(address))


def test_events_happen_when_they_are_heard_and_never_backwards() -> None:
    """What is told of others, or is no trade and no book, is left out; rates are those that were told last."""
    listing = listing_of("BTCUSDT")
    script = MirrorScript([listing], 100)
    assert script.next_point() is None
    script.hear(Quote(BTC, 5, 1, 100.0, 1.0, 100.1, 1.0, 6), 200)
    script.hear(Tick("DOGE/USDT:USDT", 5, 1, 100.0, 1.0, True, 6), 210)
    script.hear(Tick(BTC, 7, 2, 100.1, 1.0, True, 8), 150)
    script.hear(Mark(BTC, 7, 100.0, 100.0, 0.0003, 10, 8), 160)
    assert [200, 200] == [message.ts for message in script._coming]
    assert [False, True] == [message.is_trade for message in script._coming]
    assert isinstance(script.rates, HeardRates)
    assert (0.0003, 0.0001) == (script.rates.rate(0, 0), HeardRates([listing]).rate(0, 0))
    with pytest.raises(DataError, match="price"):
        script.hear(Tick(BTC, 7, 3, 100.123, 1.0, True, 8), 170)
    assert not script.is_over
