"""A recorded market plays again as it was heard: scripted venue, simulated time, real files."""

from __future__ import annotations

import asyncio
import gzip
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.storage.stream_files import StreamFiles
from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
from tradewright.adapters.venues.binance.live import BinanceDialect
from tradewright.adapters.venues.streaming.live_feed import FeedTerms, LiveFeed
from tradewright.adapters.venues.streaming.slots import AskBook
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Door
from tradewright.bootstrap.event_files import RecordedFiles
from tradewright.domain.enums import EventKind
from tradewright.domain.errors import InvalidValue, VenueUnavailable
from tradewright.domain.instrument import Instrument
from tradewright.domain.market_events import BookUpdate, Channel, MarketEvent, Quote, Subscription, Tick
from tradewright.services.recordings import RecordedMarket, Recorder, RecordRequest
from tradewright.testing.scripted_venue import Faults, ScriptedVenue
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

BTC = "BTC/USDT:USDT"
INSTRUMENT = Instrument(BTC, "binance", tick_size="0.1", lot_size="1")


async def _inline(work: Callable[[], None]) -> None:
    work()


class _Heard:
    """A feed that remembers what it told."""

    def __init__(self, feed: LiveFeed) -> None:
        self.feed, self.events_told = feed, list[MarketEvent]()
        self.abilities = feed.abilities

    async def events(self, wanted: Any) -> Any:
        async for event in self.feed.events(wanted):
            self.events_told.append(event)
            yield event


def _record(
    folder: Path, faults: Faults, seconds: float = 120.0, most_bytes: int = 10**9, stop_s: float = 10**6
) -> tuple[RecordedMarket, list[MarketEvent]]:
    clock = SimulatedClock()

    async def act() -> tuple[RecordedMarket, list[MarketEvent]]:
        venue = ScriptedVenue(clock, 3, faults)
        trading = asyncio.create_task(venue.live())
        door, chance = Door(usdm_address(), verdict=verdict), random.Random(1)
        client = Client("binance", venue, door, clock, patience=Patience(reads_s=5.0), chance=chance)
        sink = StreamFiles(folder, "binance", most_bytes)
        dialect = BinanceDialect(client, "wss://venue", sink.add)
        heard = _Heard(LiveFeed(dialect, venue, clock, FeedTerms(), chance))

        def snapshot(symbol: str) -> Any:
            return dialect.ask(Subscription(Channel.BOOK, symbol), AskBook())

        recorder = Recorder(heard, sink, snapshot, clock, _inline)
        told: list[int] = []
        market = await recorder.run(RecordRequest((BTC,), seconds=seconds), asyncio.sleep(stop_s), told.append)
        assert sorted(told) == told
        trading.cancel()
        return market, heard.events_told

    return run_simulated(act)


def _played(market: RecordedMarket) -> list[tuple[Any, ...]]:
    """All files, one after the other, as `tradewright tape` reads them."""
    rows: list[tuple[Any, ...]] = []
    for file in market.files:
        events = RecordedFiles().read(file.path, INSTRUMENT).events
        names = ("kind", "side", "ticks", "lots", "sequence", "ts_exchange", "ts_local")
        rows += zip(*(events[name].tolist() for name in names), strict=True)
    return rows


def _ticks(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row[1:6] for row in rows if row[0] == EventKind.TRADE]


def _live_ticks(events: list[MarketEvent]) -> list[tuple[Any, ...]]:
    return [
        (1 if one.buys else -1, round(one.price * 10), round(one.quantity), one.id, one.ts)
        for one in events
        if isinstance(one, Tick)
    ]


def _book(rows: list[tuple[Any, ...]]) -> dict[tuple[int, int], int]:
    book: dict[tuple[int, int], int] = {}
    for kind, side, ticks, lots, *_ in rows:
        if kind == EventKind.CLEAR:
            book = {}
        elif kind == EventKind.DEPTH:
            book[side, ticks] = lots
    return {level: lots for level, lots in book.items() if lots}


def _live_book(events: list[MarketEvent]) -> dict[tuple[int, int], int]:
    book: dict[tuple[int, int], int] = {}
    for one in events:
        if isinstance(one, BookUpdate):
            book = {} if one.is_snapshot else book
            for side, levels in ((1, one.bids), (-1, one.asks)):
                book |= {(side, round(price * 10)): round(quantity) for price, quantity in levels}
    return {level: lots for level, lots in book.items() if lots}


def test_what_was_recorded_plays_as_it_was_heard(tmp_path: Path) -> None:
    """On a good day: the same ticks, quotes and book, each known at the same nanosecond."""
    market, heard = _record(tmp_path, Faults())
    rows = _played(market)
    assert 55 < len(_ticks(rows))
    live = _live_ticks(heard)
    assert live[-len(_ticks(rows)) :] == _ticks(rows)  # the tape begins with the first snapshot
    quotes = [(one.sequence, round(one.bid * 10), one.ts_seen) for one in heard if isinstance(one, Quote)]
    played = [(row[4], row[2], row[6]) for row in rows if row[0] == EventKind.QUOTE and row[1] == 1]
    assert quotes[-len(played) :] == played
    assert _live_book(heard) == _book(rows)
    seen = {one.last_id: one.ts_seen for one in heard if isinstance(one, BookUpdate)}
    assert {row[6] for row in rows if row[0] == EventKind.DEPTH} <= set(seen.values())
    assert (0, ()) == (market.breaks, market.lost)


@pytest.mark.parametrize("seed", range(10))
def test_what_was_recorded_on_a_bad_day_is_whole_too(tmp_path: Path, seed: int) -> None:
    """Lost and turned messages and broken connections: what was asked for stands in the file as well."""
    rates = {"lose": 0.1, "turn": 0.1, "close": 0.1} if seed % 2 else {"double": 0.2, "silence": 0.1}
    # The end is not one of the moments, two seconds apart, at which a message comes.
    market, heard = _record(tmp_path, Faults(until=60.0 + seed, **rates), seconds=151.0)
    rows = _played(market)
    live, played = _live_ticks(heard), sorted(_ticks(rows), key=lambda row: row[3])
    assert live[-len(played) :] == played
    assert _live_book(heard) == _book(rows)


def test_a_file_that_follows_a_full_one_can_be_played_by_itself(tmp_path: Path) -> None:
    """Each file holds a snapshot of its own, and together they hold every tick once."""
    market, heard = _record(tmp_path, Faults(), seconds=200.0, most_bytes=8_000)
    assert 4 < len(market.files)
    for file in market.files[:-1]:
        text = gzip.decompress(file.path.read_bytes()).decode()
        assert 1 <= text.count("lastUpdateId")
        assert RecordedFiles().read(file.path, INSTRUMENT).events.size
    ids = [int(line.split('"a":')[1].split(",")[0]) for file in market.files
           for line in gzip.decompress(file.path.read_bytes()).decode().splitlines() if "aggTrade" in line]  # fmt: skip
    assert [one.id for one in heard if isinstance(one, Tick)] == ids


def test_somebody_may_stop_it_at_any_time(tmp_path: Path) -> None:
    """Asked to stop after seven seconds it ends at once, and the file is packed."""
    market, _ = _record(tmp_path, Faults(), stop_s=7.0)
    assert [".gz"] == [file.path.suffix for file in market.files]
    assert 0 < market.events["Tick"] < 5


def test_a_venue_that_tells_nothing_in_the_time_is_an_error(tmp_path: Path) -> None:
    """No connection comes about in two seconds: that is said, and there is no file."""
    with pytest.raises(VenueUnavailable, match="binance: nothing was told within 2 s"):
        _record(tmp_path, Faults(until=100.0, drop=1.0), seconds=2.0)
    assert [] == list(tmp_path.iterdir())


def test_requests_are_checked_before_anything_is_asked() -> None:
    """Unknown channels, bars without a length, doubles, no time at all."""
    for given, word in (
        ({"channels": ("trades",)}, "--channel"),
        ({"channels": ("bars",)}, "--timeframe"),
        ({"symbols": (BTC, BTC)}, "--instrument"),
        ({"seconds": 0.0}, "--seconds"),
    ):
        with pytest.raises(InvalidValue, match=word):
            RecordRequest(**{"symbols": (BTC,), **given})
