"""Ticks and books as a live feed tells them make the tape that their recording makes: one market, one outcome."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import random
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientSession
from numpy.typing import NDArray

from tradewright.adapters.storage.stream_files import StreamFiles
from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
from tradewright.adapters.venues.binance.live import BinanceDialect
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.reels import read_reel
from tradewright.adapters.venues.streaming.live_feed import FeedTerms, LiveFeed
from tradewright.adapters.venues.streaming.slots import AskBook
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Door
from tradewright.bootstrap.event_files import RecordedFiles
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.venues import live_feed
from tradewright.domain.enums import EventKind, TimeInForce
from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.domain.market_events import BookUpdate, Channel, FeedState, Quote, StateChanged, Subscription, Tick
from tradewright.domain.tape import TapeSpec
from tradewright.engine.tape_run import TapeOutcome, run_tape
from tradewright.kernels.door import best_ask, best_bid, buy, elapse, held, is_open, sell
from tradewright.market.events import EVENT, exchange_order
from tradewright.market.growing_tape import GrowingTape
from tradewright.market.tape import make_tape
from tradewright.services.recordings import Recorder, RecordRequest
from tradewright.testing.practice import a_server
from tradewright.testing.scripted_venue import Faults, ScriptedVenue
from tradewright.testing.served import served
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

# Thousands of bars and events: without the compiler they take minutes.
pytestmark = pytest.mark.compiled
FILE = "streams/binance-usdm-btcusdt-20240808.jsonl.gz"
LINES, SPEED, MOST = 24_000, 100.0, 20
BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001", min_notional=5.0)
BOOK, TICKS = (Subscription(channel, BTC.symbol) for channel in (Channel.BOOK, Channel.TICKS))
NAMES = ("ts_exchange", "ticks", "lots", "kind", "side", "last")


def quoting(replay: Any) -> None:
    """Rest at the best prices, one order of a side at a time, ten times a second."""
    bid = ask = -1
    force = TimeInForce.GTC.value
    while elapse(replay, 100_000_000):
        if not (best_bid(replay) and best_ask(replay)):
            continue
        if not is_open(replay, bid) and held(replay) <= MOST:
            bid = buy(replay, best_bid(replay), 5, force)
        if not is_open(replay, ask) and held(replay) >= -MOST:
            ask = sell(replay, best_ask(replay), 5, force)


def outcome(events: NDArray[np.void]) -> TapeOutcome:
    """Of quoting on a tape whose every event is known 5 ms after it happened."""
    return run_tape(quoting, make_tape(events, feed_ms=5.0), BTC, TapeSpec(sample_ms=100.0))


def assert_equal(one: TapeOutcome, other: TapeOutcome) -> None:
    """Fills, orders, reports and the curve, to the byte."""
    for name in ("fills", "orders", "open_orders", "reports", "samples"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    assert one.totals == other.totals


def book_at(events: NDArray[np.void], last_id: int) -> dict[tuple[int, int], int]:
    """(side, ticks) to lots, when an update had been applied."""
    book: dict[tuple[int, int], int] = {}
    for row in events[(events["kind"] == EventKind.DEPTH) & (events["sequence"] <= last_id)]:
        book[int(row["side"]), int(row["ticks"])] = int(row["lots"])
    return {level: lots for level, lots in book.items() if lots}


async def _listen(address: str, last: int) -> NDArray[np.void]:
    tape, is_fast = GrowingTape(BTC), False
    async with live_feed(Reach("practice", address)) as feed, ClientSession() as session:
        await session.post(f"{address}/_emu/clock", json={"speed": 1.0})
        async with aclosing(feed.events((BOOK, TICKS))) as heard:
            async for event in heard:
                tape.take(event)
                if isinstance(event, BookUpdate) and not is_fast:
                    is_fast = True
                    await session.post(f"{address}/_emu/clock", json={"speed": SPEED})
                if isinstance(event, BookUpdate) and event.ts >= last:
                    return tape.events
    raise AssertionError("the feed came to an end")


def _backtest_events(recorded: NDArray[np.void], heard: NDArray[np.void]) -> NDArray[np.void]:
    """The recording from where the live tape begins: its book at that update, then all that came after."""
    begin = int(np.flatnonzero(heard["kind"] == EventKind.CLEAR)[0])
    last_id = int(heard["sequence"][begin])
    levels = heard[(heard["kind"] == EventKind.DEPTH) & (heard["sequence"] == last_id)]
    book = book_at(recorded, last_id)
    snapshot = heard[begin : begin + 1 + levels.size].copy()
    snapshot["lots"][1:] = [book[int(row["side"]), int(row["ticks"])] for row in levels]
    is_depth = recorded["kind"] == EventKind.DEPTH
    of_heard = heard["sequence"][heard["kind"] == EventKind.DEPTH].max()
    diffs = recorded[is_depth & (recorded["sequence"] > last_id) & (recorded["sequence"] <= of_heard)]
    told = heard[heard["kind"] == EventKind.TRADE]
    # The exchange numbers trades by itself, from the first after the snapshot on.
    first = int(told["sequence"][0]) - 1
    trades = recorded[recorded["kind"] == EventKind.TRADE][first : first + told.size].copy()
    trades["sequence"] = told["sequence"]
    return np.concatenate((snapshot, diffs, trades))


@pytest.mark.real_data
@pytest.mark.rule("4.12")
def test_recorded_market_over_the_wire_is_the_recorded_market(tmp_path: Path, real_data: Path) -> None:
    """The stream of 2024-08-08, played by the practice exchange and heard by the live feed: the backtest's fills."""
    path = tmp_path / "cut.jsonl"
    with gzip.open(real_data / FILE, "rt") as file:
        path.write_text("".join(itertools.islice(file, LINES)))
    recorded = RecordedFiles().read(path, BTC).events
    reel = read_reel(path, listing_of)
    server = a_server(time.monotonic_ns, listings=list(reel.listings), source=reel)
    last = int(recorded["ts_exchange"][recorded["kind"] == EventKind.DEPTH].max()) - 1_000_000_000
    with served(server) as address:
        heard = asyncio.run(asyncio.wait_for(_listen(address, last), 60))
    # That the book is not known yet is said before the first snapshot, and nowhere else.
    is_emptied = (heard["kind"] == EventKind.CLEAR) & heard["last"]
    assert is_emptied.sum() <= 1
    heard = heard[~is_emptied]

    expected = _backtest_events(recorded, heard)

    for kind in (EventKind.DEPTH, EventKind.TRADE):
        one, other = (rows[rows["kind"] == kind] for rows in (heard, expected))
        for name in NAMES:
            assert one[name].tolist() == other[name].tolist(), (kind.name, name)
    live, whole = outcome(heard), outcome(expected)
    assert whole.fills.size > 3
    assert_equal(live, whole)


class _Heard:
    """A feed that lays down on a tape what it tells."""

    def __init__(self, feed: LiveFeed, tape: GrowingTape) -> None:
        self.feed, self.tape, self.abilities = feed, tape, feed.abilities

    async def events(self, wanted: Any) -> Any:
        """See `ports.feed.Feed`."""
        async for event in self.feed.events(wanted):
            self.tape.take(event)
            yield event


async def _inline(work: Any) -> None:
    work()


def test_journal_of_a_live_tape_plays_as_it_was_heard(tmp_path: Path) -> None:
    """What was recorded while the feed was heard gives the same orders, fills and equity, at the same nanoseconds."""
    clock, tape = SimulatedClock(), GrowingTape(Instrument(BTC.symbol, "binance", tick_size="0.1", lot_size="1"))

    async def act() -> Any:
        venue = ScriptedVenue(clock, 3, Faults())
        trading = asyncio.create_task(venue.live())
        chance = random.Random(1)
        door = Door(usdm_address(), verdict=verdict)
        client = Client("binance", venue, door, clock, patience=Patience(reads_s=5.0), chance=chance)
        sink = StreamFiles(tmp_path, "binance", 10**9)
        dialect = BinanceDialect(client, "wss://venue", sink.add)
        heard = _Heard(LiveFeed(dialect, venue, clock, FeedTerms(), chance), tape)
        book = Subscription(Channel.BOOK, BTC.symbol)
        recorder = Recorder(heard, sink, lambda _: dialect.ask(book, AskBook()), clock, _inline)
        market = await recorder.run(RecordRequest((BTC.symbol,), seconds=120.0), asyncio.sleep(10**6), [].append)
        trading.cancel()
        return market

    market = run_simulated(act)
    instrument = Instrument(BTC.symbol, "binance", tick_size="0.1", lot_size="1")
    journal = RecordedFiles().read(market.files[0].path, instrument).events
    live = tape.events
    live = live[~((live["kind"] == EventKind.CLEAR) & live["last"])]
    # From the snapshot to the last change that both have heard: the recorder ends between two streams.
    begin = int(journal["ts_exchange"][journal["kind"] == EventKind.CLEAR][0])
    end = min(int(rows["ts_exchange"][rows["kind"] == EventKind.DEPTH].max()) for rows in (live, journal))
    live, journal = (rows[(rows["ts_exchange"] >= begin) & (rows["ts_exchange"] <= end)] for rows in (live, journal))
    live, journal = (rows[exchange_order(rows)] for rows in (live, journal))

    for name in (*NAMES, "sequence"):
        assert live[name].tolist() == journal[name].tolist(), name
    plays = [run_tape(quoting, make_tape(rows, feed_ms=5.0), instrument) for rows in (live, journal)]
    assert plays[0].orders.size + plays[0].open_orders.size > 1
    assert_equal(*plays)


def test_a_book_that_was_lost_is_unknown_until_it_is_told_anew() -> None:
    """The row that empties it stands where the feed said so; what is told of others is left out."""
    tape = GrowingTape(BTC)
    levels = {"bids": ((100.0, 1.0),), "asks": ((100.1, 2.0),)}
    tape.take(StateChanged((BOOK,), FeedState.RESYNCHRONISING, 1, 0, ""))
    tape.take(BookUpdate(BTC.symbol, 10, 7, **levels, is_snapshot=True, ts_seen=11))
    tape.take(Quote(BTC.symbol, 12, 8, 100.0, 1.0, 100.1, 1.0, 13))
    tape.take(Tick("ETH/USDT:USDT", 12, 8, 100.0, 1.0, True, 13))
    tape.take(StateChanged((TICKS,), FeedState.LOST, 14, 0, ""))
    tape.take(StateChanged((BOOK,), FeedState.LOST, 15, 0, ""))

    rows = tape.events
    assert rows.dtype == EVENT
    kinds = [EventKind.CLEAR, EventKind.DEPTH, EventKind.DEPTH, EventKind.QUOTE, EventKind.QUOTE, EventKind.CLEAR]
    assert kinds == rows["kind"].tolist()
    assert [False, False, True, False, True, True] == rows["last"].tolist()
    assert (12, 15) == (rows["ts_exchange"][-1], rows["ts_local"][-1])


def test_price_between_two_ticks_is_refused_by_its_name() -> None:
    """The instrument of the tape is another than the feed's, and the error says which step was expected."""
    with pytest.raises(DataError, match=r"price of BTC/USDT:USDT: 100\.05; expected a multiple of 0\.1"):
        GrowingTape(BTC).take(Tick(BTC.symbol, 1, 1, 100.05, 1.0, True, 2))
