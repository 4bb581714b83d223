"""The library itself, unmodified, reading the practice exchange over sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from tradewright.adapters.venues.ccxt.asking import Asker
from tradewright.adapters.venues.ccxt.history import CcxtHistory
from tradewright.adapters.venues.ccxt.live import CcxtFeed
from tradewright.adapters.venues.ccxt.reading import reading
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.server import Server
from tradewright.adapters.venues.practice.sources import Synthetic
from tradewright.adapters.venues.transport.client import Patience
from tradewright.bootstrap.clock import WallClock
from tradewright.domain.market_events import Bar, BookUpdate, Channel, MarketEvent, Quote, Subscription, Tick
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.candle_store import CandleKey
from tradewright.services.download_bars import BarDownload, Downloaded
from tradewright.testing.memory_candles import MemoryCandles
from tradewright.testing.practice import a_server
from tradewright.testing.served import served

BTC, M1 = "BTC/USDT:USDT", Timeframe.parse("1m")


def _exchange(speed: float) -> Server:
    now = time.time_ns()
    listings = [listing_of("BTCUSDT")]
    source = Synthetic(listings, now // M1.ns * M1.ns, 1, 2_500)
    return a_server(time.monotonic_ns, speed=speed, listings=listings, source=source, start=now)


def _led_to(address: str) -> dict[str, Any]:
    paths = {
        "fapiPublic": "/fapi/v1", "fapiPublicV2": "/fapi/v2", "fapiPublicV3": "/fapi/v3", "fapiData": "/futures/data",
        "sapi": "/sapi/v1", "public": "/api/v3",
    }  # fmt: skip
    urls: dict[str, Any] = {name: address + path for name, path in paths.items()}
    urls["ws"] = {"linear": f"ws{address.removeprefix('http')}/ws"}
    return {"enableRateLimit": False, "urls": {"api": urls}}


def _read(server: Server, work: Callable[[Asker], Awaitable[Any]]) -> Any:
    async def run(address: str) -> Any:
        async with (
            reading("binanceusdm", WallClock(), Patience(10.0, first_s=0.5), changes=_led_to(address)) as asker,
            asyncio.timeout(40),
        ):
            return await work(asker)

    with served(server) as address:
        return asyncio.run(run(address))


def test_history_comes_whole_over_pages_that_the_library_caps() -> None:
    """2,200 minutes, of which the library gives 1,000 at a time (trap 6.10): each is there once, and is the venue's."""
    server, store, report = _exchange(1.0), MemoryCandles(), Downloaded("candles", BTC, "1m")

    async def work(asker: Asker) -> tuple[int, int]:
        history = CcxtHistory(asker)
        instrument = (await history.instruments())[BTC]
        assert ("0.1", "0.001") == (instrument.tick_size, instrument.lot_size)
        end = await history.now() // M1.ns * M1.ns
        span = (end - 2_200 * M1.ns, end)
        key = CandleKey("binanceusdm", BTC, M1)
        await BarDownload(store, history, key, "candles", report).run(span, lambda *_: None)
        rates = await history.rates(BTC, span[0], end)
        assert 4 <= len(rates[0])
        return span

    start, end = _read(server, work)
    bars = store.load(CandleKey("binanceusdm", BTC, M1)).bars
    assert list(range(start, end, M1.ns)) == bars.ts_open.tolist()
    candles = server.gateway.exchange.minutes[0].candles("1m", start // 1_000_000, None, 1_500)
    assert [candle.close for candle in candles] == [round(close * 10) for close in bars.close[:1_500]]
    assert () == report.missing


def test_a_feed_through_the_library_tells_what_it_can() -> None:
    """Ticks, quotes and books as they come, and bars when they have closed, on an exchange twenty times as fast."""

    async def work(asker: Asker) -> list[MarketEvent]:
        events: list[MarketEvent] = []
        feed = CcxtFeed(asker)
        assert {Channel.BARS, Channel.TICKS, Channel.QUOTES, Channel.BOOK} <= feed.abilities.channels
        wanted = [Subscription(one, BTC) for one in (Channel.TICKS, Channel.QUOTES, Channel.BOOK)]
        async with aclosing(feed.events([Subscription(Channel.BARS, BTC, M1), *wanted])) as heard:
            async for event in heard:
                events.append(event)
                kinds = {type(one) for one in events}
                if {Tick, Quote, BookUpdate} <= kinds and len(events) > 60:
                    return events
        return events

    events = _read(_exchange(20.0), work)
    assert any(isinstance(event, Tick) for event in events)
    assert all(event.ts_seen >= event.ts_close for event in events if isinstance(event, Bar))
