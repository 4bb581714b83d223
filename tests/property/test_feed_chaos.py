"""Chaos: hundreds of venues that fail in every way at once, each from its seed, held against the truth.

Whatever happens on the way, a feed tells every tick and every bar once, in order, not before its time, and with the
venue's own values; its book is the venue's book; and when the faults end it has caught up within the stated time. A
download, broken off at any moment and begun again, stores every bar once.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from tradewright.adapters.venues.binance.history import BinanceHistory
from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
from tradewright.adapters.venues.binance.live import BinanceDialect
from tradewright.adapters.venues.streaming.live_feed import FeedTerms, LiveFeed
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Door
from tradewright.domain.errors import DataError, StoreError, VenueUnavailable
from tradewright.domain.market_events import (
    Bar,
    BookUpdate,
    Channel,
    FeedState,
    MarketEvent,
    Quote,
    StateChanged,
    Subscription,
    Tick,
)
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.candle_store import CandleKey
from tradewright.services.download_bars import BarDownload, Downloaded
from tradewright.testing.memory_candles import MemoryCandles
from tradewright.testing.scripted_venue import Faults, ScriptedVenue
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

M1 = Timeframe.parse("1m")
BTC = "BTC/USDT:USDT"
ALL = (
    Subscription(Channel.BARS, BTC, M1),
    *(Subscription(channel, BTC) for channel in (Channel.TICKS, Channel.QUOTES, Channel.BOOK, Channel.MARKS)),
)
SCENARIOS, BLOCK = 500, 50
FAULTY_S, RECOVERY_S = 90.0, 45.0
"""Faults strike for so long; so much later everything has been caught up with."""
MOST_WAITING = 300
PAGE = 1_000
_STREAM_FAULTS = ("lose", "double", "turn", "garble", "close", "silence", "refuse", "deaf")
_REQUEST_FAULTS = ("drop", "late", "busy", "limited", "cut")


def some_faults(chance: random.Random, until: float) -> Faults:
    """A venue's bad day: some faults, rare or frequent, and a clock of ours that is wrong."""
    names = chance.sample(_STREAM_FAULTS, chance.randint(1, 5)) + chance.sample(_REQUEST_FAULTS, chance.randint(0, 3))
    rates = {name: chance.choice((0.02, 0.1, 0.3)) for name in names}
    return Faults(until=until, ahead_ms=chance.choice((0, 0, -90_000, 90_000)), **rates)


def a_client(venue: ScriptedVenue, clock: SimulatedClock, seed: int) -> Client:
    """Asks the scripted venue."""
    door, patience = Door(usdm_address(), verdict=verdict), Patience(reads_s=8.0, bulk_s=120.0)
    return Client("binance", venue, door, clock, patience=patience, chance=random.Random(seed))


@dataclass
class Heard:
    """What a feed told, and when by the venue's clock, UTC ms."""

    venue: ScriptedVenue
    events: list[tuple[int, MarketEvent]] = field(default_factory=list)
    end: int = 0

    def of(self, kind: type) -> list[Any]:
        return [event for _, event in self.events if isinstance(event, kind)]


def listen(seed: int) -> Heard:
    """One scenario: a bad day, then a quiet end."""
    chance, clock = random.Random(seed), SimulatedClock()
    faults = some_faults(chance, FAULTY_S)
    slow_s = chance.choice((0.0, 0.0, 0.05))

    async def act() -> Heard:
        venue = ScriptedVenue(clock, seed, faults)
        heard = Heard(venue)
        trading = asyncio.create_task(venue.live())
        dialect = BinanceDialect(a_client(venue, clock, seed), "wss://venue")
        feed = LiveFeed(dialect, venue, clock, FeedTerms(most_waiting=MOST_WAITING), chance)
        with suppress(TimeoutError):
            async with asyncio.timeout(FAULTY_S + RECOVERY_S), aclosing(_tried(feed)) as events:
                async for event in events:
                    heard.events.append((venue.now_ms(), event))
                    assert MOST_WAITING + PAGE >= feed.waiting
                    if slow_s:
                        await clock.sleep(slow_s)
        trading.cancel()
        heard.end = venue.now_ms()
        return heard

    return run_simulated(act)


async def _tried(feed: LiveFeed) -> Any:
    """Listen; a venue that cannot be reached at the beginning is tried again, as a person would."""
    while True:
        try:
            async for event in feed.events(ALL):
                yield event
        except VenueUnavailable:
            await asyncio.sleep(1.0)


def check_ticks(heard: Heard) -> None:
    truth = heard.venue.symbols["BTCUSDT"].trades
    ticks: list[Tick] = heard.of(Tick)
    assert [row["a"] for row in truth[ticks[0].id - 1 :]][: len(ticks)] == [tick.id for tick in ticks]
    told = [(tick.ts // 1_000_000, f"{tick.price:.1f}", tick.quantity, tick.buys) for tick in ticks]
    assert [(row["T"], row["p"], float(row["q"]), not row["m"]) for row in truth[ticks[0].id - 1 :]][
        : len(told)
    ] == told
    assert truth[-1]["a"] - 1 <= ticks[-1].id


def check_bars(heard: Heard) -> None:
    truth = {row[0]: row for row in heard.venue.symbols["BTCUSDT"].bars}
    bars: list[Bar] = heard.of(Bar)
    if not bars:  # a venue that could not be reached until the end of its bad day
        assert heard.end - heard.events[0][0] < 60_000
        return
    opens = [bar.ts_open // 1_000_000 for bar in bars]
    assert list(range(opens[0], opens[0] + 60_000 * len(opens), 60_000)) == opens
    for bar in bars:
        values = [bar.open * 10, bar.high * 10, bar.low * 10, bar.close * 10, bar.volume]
        assert truth[bar.ts_open // 1_000_000][1:] == [round(value) for value in values]
    assert all(now >= event.ts_close // 1_000_000 for now, event in heard.events if isinstance(event, Bar))
    assert heard.end - bars[-1].ts_close // 1_000_000 < 60_000 + 8_000


def check_book(heard: Heard) -> None:
    sides: tuple[dict[float, float], dict[float, float]] = ({}, {})
    last = 0
    for update in heard.of(BookUpdate):
        if update.is_snapshot:
            sides = ({}, {})
        assert update.last_id > last or update.is_snapshot
        last = update.last_id
        for side, levels in zip(sides, (update.bids, update.asks), strict=True):
            for price, quantity in levels:
                side[price] = quantity
                if not quantity:
                    del side[price]
    symbol = heard.venue.symbols["BTCUSDT"]
    assert symbol.book_id == last
    told = [{round(price * 10): round(lots) for price, lots in side.items()} for side in sides]
    assert [symbol.bids, symbol.asks] == told


def check_rest(heard: Heard) -> None:
    sequences = [quote.sequence for quote in heard.of(Quote)]
    assert sorted(set(sequences)) == sequences
    assert [] == [said for said in heard.of(StateChanged) if said.state is FeedState.LOST]


@pytest.mark.parametrize("block", range(0, SCENARIOS, BLOCK))
def test_a_feed_tells_the_truth_whatever_happens_to_it(block: int) -> None:
    """No gap, no double, nothing early, nothing wrong, and all caught up 45 seconds after the last fault."""
    for seed in range(block, block + BLOCK):
        heard = listen(seed)
        for check in (check_ticks, check_bars, check_book, check_rest):
            try:
                check(heard)
            except AssertionError as error:
                raise AssertionError(f"scenario {seed}, {check.__name__}: {error}") from error


def a_past(venue: ScriptedVenue, minutes: int, now_ms: int) -> None:
    """Give the venue a history."""
    chance, price = random.Random(minutes), 10_000
    for begin in range(now_ms // 60_000 * 60_000 - minutes * 60_000, now_ms, 60_000):
        o, price = price, max(price + chance.randint(-20, 20), 100)
        high, low = max(o, price) + chance.randint(0, 5), min(o, price) - chance.randint(0, 5)
        venue.symbols["BTCUSDT"].bars.append([begin, o, high, low, price, chance.randint(1, 99)])


def download(seed: int) -> tuple[ScriptedVenue, MemoryCandles, int, int]:
    """One scenario: a download on a bad day, broken off again and again, until it is done."""
    chance, clock, shelf = random.Random(seed), SimulatedClock(), MemoryCandles()
    rates = {name: chance.choice((0.05, 0.2, 0.4)) for name in chance.sample(_REQUEST_FAULTS, chance.randint(1, 4))}
    faults = Faults(until=300.0, ahead_ms=chance.choice((0, -90_000, 90_000)), **rates)
    minutes = chance.randint(1_600, 3_500)
    end = (clock.start_ns - faults.ahead_ms * 1_000_000) // M1.ns * M1.ns
    start = end - chance.randint(1_000, 3_300) * M1.ns

    async def act() -> ScriptedVenue:
        venue = ScriptedVenue(clock, seed, faults)
        a_past(venue, minutes, venue.now_ms())
        key = CandleKey("binance", BTC, M1)
        for attempt in range(200):
            history = BinanceHistory("binance", a_client(venue, clock, seed + attempt))
            report = Downloaded("candles", BTC, "1m")
            with suppress(TimeoutError, asyncio.CancelledError, *(_EXPECTED)):
                async with asyncio.timeout(chance.choice((0.2, 0.5, 3.0)) if attempt < 4 else 200.0):
                    await BarDownload(shelf, history, key, "candles", report).run((start, end), lambda *_: None)
                    first = venue.symbols["BTCUSDT"].bars[0][0] * 1_000_000
                    if all(gap.first < first for gap in report.missing):
                        return venue
        raise AssertionError(f"scenario {seed}: never done")

    return run_simulated(act), shelf, start, end


_EXPECTED = (DataError, StoreError, VenueUnavailable)


@pytest.mark.parametrize("block", range(0, SCENARIOS, BLOCK))
def test_a_download_stores_every_bar_once_whatever_happens_to_it(block: int) -> None:
    """Broken off and begun again, with lost, late, cut and refused answers: the store is the venue's history."""
    for seed in range(block, block + BLOCK):
        venue, shelf, start, end = download(seed)
        bars = shelf.load(CandleKey("binance", BTC, M1)).bars
        rows = [row for row in venue.symbols["BTCUSDT"].bars if start <= row[0] * 1_000_000 <= end - M1.ns]
        assert [row[0] * 1_000_000 for row in rows] == bars.ts_open.tolist(), f"scenario {seed}"
        assert [row[4] for row in rows] == [round(close * 10) for close in bars.close], f"scenario {seed}"
