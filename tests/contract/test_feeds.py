"""Every feed keeps the contract of feeds."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import aclosing, suppress
from typing import Any

import pytest

from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
from tradewright.adapters.venues.binance.live import BinanceDialect
from tradewright.adapters.venues.ccxt.asking import Asker
from tradewright.adapters.venues.ccxt.live import CcxtFeed
from tradewright.adapters.venues.streaming.live_feed import FeedTerms, LiveFeed
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Door
from tradewright.domain.market_events import MarketEvent, Subscription
from tradewright.ports.feed import FeedAbilities
from tradewright.testing.feed_contract import FeedSuite, Hear, Heard
from tradewright.testing.scripted_ccxt import Scripted
from tradewright.testing.scripted_venue import Faults, ScriptedVenue
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

SECONDS = 250.0


async def _taken(feed: Any, wanted: Sequence[Subscription]) -> Heard:
    events: list[MarketEvent] = []
    able: FeedAbilities = feed.abilities
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS), aclosing(feed.events(wanted)) as heard:
            async for event in heard:
                events.append(event)  # noqa: PERF401 - what came before the end counts
    return Heard(events, able)


def _scripted(wanted: Sequence[Subscription], faults: Faults) -> Heard:
    clock = SimulatedClock()

    async def act() -> Heard:
        venue = ScriptedVenue(clock, 5, faults)
        trading = asyncio.create_task(venue.live())
        chance, door = random.Random(5), Door(usdm_address(), verdict=verdict)
        client = Client("binance", venue, door, clock, patience=Patience(reads_s=5.0), chance=chance)
        feed = LiveFeed(BinanceDialect(client, "wss://venue"), venue, clock, FeedTerms(), chance)
        try:
            return await _taken(feed, wanted)
        finally:
            trading.cancel()

    return run_simulated(act)


def _by_ccxt(wanted: Sequence[Subscription]) -> Heard:
    clock = SimulatedClock()

    async def trade(scripted: Scripted) -> None:
        for number in range(1_000):
            row = {"id": str(number), "timestamp": scripted.now_ms(), "price": 100.0, "amount": 1.0, "side": "buy"}
            scripted.trades.put_nowait([row, row])
            await asyncio.sleep(1.0)

    async def watch_order_book(_: str) -> Any:
        await asyncio.sleep(1.0)
        return {"bids": [[99.0, 1.0], [98.0, 1.0]], "asks": [[101.0, 2.0]], "timestamp": None}

    async def act() -> Heard:
        scripted = Scripted(clock)
        scripted.exchange.watch_order_book = watch_order_book
        trading = asyncio.ensure_future(trade(scripted))
        try:
            return await _taken(
                CcxtFeed(Asker(scripted.exchange, clock, Patience(60.0, first_s=0.5, most_s=30.0), random.Random(1))),
                wanted,
            )
        finally:
            trading.cancel()

    return run_simulated(act)


class TestLiveFeed(FeedSuite):
    """The feed of Binance, on a good day."""

    @pytest.fixture
    def hear(self) -> Hear:
        """Four simulated minutes."""
        return lambda wanted: _scripted(wanted, Faults())


class TestLiveFeedOnABadDay(FeedSuite):
    """The same on a venue that loses, doubles and turns messages, and hangs up."""

    @pytest.fixture
    def hear(self) -> Hear:
        """Four simulated minutes, three of them bad."""
        return lambda wanted: _scripted(wanted, Faults(until=180.0, lose=0.1, double=0.1, turn=0.1, close=0.05))


class TestCcxtFeed(FeedSuite):
    """The feed of CCXT, on an exchange whose answers are scripted."""

    symbol = "BTC/USDT"

    @pytest.fixture
    def hear(self) -> Hear:
        """Four simulated minutes."""
        return _by_ccxt
