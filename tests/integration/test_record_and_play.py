"""A practice exchange is listened to over real sockets, recorded, and played again."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import aclosing, suppress
from pathlib import Path

import numpy as np
import pytest
from aiohttp import ClientSession

from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.adapters.venues.practice.faults import Fault
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.reels import read_reel
from tradewright.adapters.venues.practice.server import Server
from tradewright.adapters.venues.practice.sources import Synthetic
from tradewright.bootstrap.event_files import RecordedFiles
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.settings import DATA_DIR
from tradewright.bootstrap.venues import live_feed, shared_address
from tradewright.cli.main import main
from tradewright.domain.enums import EventKind
from tradewright.domain.instrument import Instrument
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
from tradewright.domain.times import iso
from tradewright.ports.candle_store import CandleKey
from tradewright.testing.practice import a_server
from tradewright.testing.served import served

BTC = "BTC/USDT:USDT"
M1 = Timeframe.parse("1m")
MAIN = "from tradewright.cli.main import run; run()"
WAITING = """
from tradewright.kernels.door import elapse

def waiting(replay):
    while elapse(replay, 1_000_000_000):
        pass
"""


def _exchange(speed: float) -> Server:
    """An exchange at the present, whose time runs so fast."""
    now = time.time_ns()
    listings = [listing_of("BTCUSDT"), listing_of("ETHUSDT")]
    source = Synthetic(listings, now // M1.ns * M1.ns, 1, 60)
    return a_server(time.monotonic_ns, speed=speed, listings=listings, source=source, start=now)


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_DIR, str(tmp_path / "data"))
    (tmp_path / "mine.py").write_text(WAITING)


def _recorded(tmp_path: Path, address: str, *options: str) -> list[dict[str, object]]:
    given = ("--exchange", "practice", "--url", address, "--instrument", BTC, "--json", *options)
    assert 0 == main(["data", "record", *given])
    return sorted(({"path": path} for path in tmp_path.rglob("*.gz")), key=lambda row: str(row["path"]))


def test_a_recording_is_played_by_tape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four seconds: ticks by consecutive numbers, a whole book, and a run over them."""
    server = _exchange(1.0)
    with served(server) as address:
        (file,) = _recorded(tmp_path, address, "--seconds", "4")
    told = json.loads(capsys.readouterr().out)
    assert (0, []) == (told["breaks"], told["lost"])
    assert str(file["path"]) == told["files"][0]["path"]
    read = RecordedFiles().read(Path(str(file["path"])), Instrument(BTC, "practice", tick_size="0.1", lot_size="0.001"))
    ids = read.events["sequence"][read.events["kind"] == EventKind.TRADE].tolist()
    assert list(range(ids[0], ids[0] + len(ids))) == ids
    assert 4 < len(ids)
    assert 0 == read.gaps
    assert 0 == main(["tape", str(file["path"]), f"{tmp_path}/mine.py:waiting", "--json"])
    assert 0 == json.loads(capsys.readouterr().out)["gaps"]


def test_a_recording_over_broken_connections_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sockets are cut twice and a change of the book is lost: the ticks of the file have no hole."""
    server = _exchange(20.0)
    for begin, kind in ((15.0, "ws_abort"), (40.0, "ws_close"), (60.0, "depth_gap")):
        server.hub.faults.add(Fault(kind, begin=begin))
    with served(server) as address:
        (file,) = _recorded(tmp_path, address, "--seconds", "5")
    told = json.loads(capsys.readouterr().out)
    assert 2 <= told["breaks"]
    read = RecordedFiles().read(Path(str(file["path"])), Instrument(BTC, "practice", tick_size="0.1", lot_size="0.001"))
    ids = sorted(read.events["sequence"][read.events["kind"] == EventKind.TRADE].tolist())
    assert list(range(ids[0], ids[0] + len(ids))) == ids


def test_a_recorder_that_is_asked_to_end_packs_its_files(tmp_path: Path) -> None:
    """SIGTERM: the process ends by itself with 0, and the file is there, packed."""
    with served(_exchange(5.0)) as address:
        command = [sys.executable, "-c", MAIN, "data", "record", "--exchange", "practice", "--url", address]
        with subprocess.Popen([*command, "--instrument", BTC, "--to", str(tmp_path / "out")]) as process:
            while not list(tmp_path.rglob("*.jsonl")):
                assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert 0 == process.wait(30)
    assert [".gz"] == [path.suffix for path in (tmp_path / "out").rglob("*.*") if path.is_file()]


def test_a_feed_of_the_practice_exchange_tells_its_bars_and_ticks() -> None:
    """Over real sockets, sixty times as fast: bars of consecutive minutes, equal to what the exchange answers."""
    server = _exchange(60.0)

    async def act(address: str) -> list[MarketEvent]:
        events: list[MarketEvent] = []
        async with live_feed(Reach("practice", address)) as feed:
            wanted = [Subscription(Channel.BARS, BTC, M1), Subscription(Channel.TICKS, BTC)]
            async with aclosing(feed.events(wanted)) as heard:
                async for event in heard:
                    events.append(event)
                    if sum(isinstance(one, Bar) for one in events) == 3:
                        return events
        return events

    with served(server) as address:
        events = asyncio.run(asyncio.wait_for(act(address), 30))
    bars = [event for event in events if isinstance(event, Bar)]
    assert [0, 1, 2] == [(bar.ts_open - bars[0].ts_open) // M1.ns for bar in bars]
    ids = [event.id for event in events if isinstance(event, Tick)]
    assert list(range(ids[0], ids[0] + len(ids))) == ids
    minutes = server.gateway.exchange.minutes[0].candles("1m", bars[0].ts_open // 1_000_000, None, 3)
    assert [candle.close for candle in minutes] == [round(bar.close * 10) for bar in bars]


def test_a_download_that_is_killed_leaves_a_sound_store_and_goes_on(tmp_path: Path) -> None:
    """SIGKILL at any moment: what is stored is readable and sound, and asking again brings exactly the rest."""
    span = ("--from", iso(time.time_ns() // M1.ns * M1.ns - 60 * 1_440 * M1.ns), "--instrument", BTC)
    listings = [listing_of("BTCUSDT")]
    now = time.time_ns()
    source = Synthetic(listings, now // M1.ns * M1.ns, 1, 60 * 1_440)
    server = a_server(time.monotonic_ns, speed=1.0, listings=listings, source=source, start=now)
    server.hub.faults.add(Fault("delay", path="/fapi/v1/klines", count=0, delay=0.02))
    with served(server) as address:
        command = [sys.executable, "-c", MAIN, "data", "download", "--exchange", "practice", "--url", address, *span]
        for seconds in (1.5, 2.2):
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                time.sleep(seconds)
                process.kill()
        assert 0 == main(["data", "download", "--exchange", "practice", "--url", address, *span])
        assert 0 == main(["data", "check", "--venue", "practice"])
    bars = ParquetCandles(tmp_path / "data" / "candles").load(CandleKey("practice", BTC, M1)).bars
    assert 60 * 1_440 - 2 <= len(bars.ts_open)
    assert {M1.ns} == set(np.diff(bars.ts_open).tolist())


def test_all_who_ask_from_one_process_share_what_the_venue_counts() -> None:
    """Two feeds, or a feed and a download, draw on one budget and one breaker; another venue has its own."""

    async def act() -> list[bool]:
        one, two = (shared_address("https://fapi.binance.com") for _ in range(2))
        return [one is two, one is shared_address("http://127.0.0.1:18080")]

    assert [True, False] == asyncio.run(act())


async def _played(address: str, wanted: list[Subscription], seconds: float, speed: float) -> list[MarketEvent]:
    """What a feed of a recording that is played again tells."""
    events: list[MarketEvent] = []
    with suppress(TimeoutError):
        async with (
            asyncio.timeout(seconds),
            live_feed(Reach("practice", address)) as feed,
            ClientSession() as session,
            aclosing(feed.events(wanted)) as heard,
        ):
            lines = 0
            async for event in heard:
                events.append(event)
                is_live = isinstance(event, StateChanged) and event.state is FeedState.LIVE
                lines += is_live
                if is_live and lines == 2:  # both are listened to: now let the market run
                    await session.post(f"{address}/_emu/clock", json={"speed": speed})
    return events


def _book(rows: Iterable[tuple[int, int, int, int]]) -> dict[tuple[int, int], int]:
    book: dict[tuple[int, int], int] = {}
    for kind, side, ticks, lots in rows:
        if kind == EventKind.CLEAR:
            book = {}
        elif kind == EventKind.DEPTH:
            book[side, ticks] = lots
    return {level: lots for level, lots in book.items() if lots}


def _heard_book(events: list[MarketEvent], lot: int) -> dict[tuple[int, int], int]:
    rows: list[tuple[int, int, int, int]] = []
    for one in events:
        if isinstance(one, BookUpdate):
            rows += [(EventKind.CLEAR, 0, 0, 0)] if one.is_snapshot else []
            sides = ((1, one.bids), (-1, one.asks))
            rows += [
                (EventKind.DEPTH, side, round(p * 10), round(q * lot)) for side, levels in sides for p, q in levels
            ]
    return _book(rows)


def _top(book: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """The best two hundred levels of each side."""
    best = [sorted((level for level in book if level[0] == side), key=lambda one: -one[0] * one[1]) for side in (1, -1)]
    return {level: book[level] for levels in best for level in levels[:200]}


def test_what_was_recorded_comes_out_of_a_feed_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Recorded from one exchange, played by another, heard by a feed: the same ticks to the lot, and the same book."""
    with served(_exchange(1.0)) as address:
        (file,) = _recorded(tmp_path, address, "--seconds", "5")
    path = Path(str(file["path"]))
    tape = RecordedFiles().read(path, Instrument(BTC, "practice", tick_size="0.1", lot_size="0.001")).events
    reel = read_reel(path, listing_of)
    server = a_server(time.monotonic_ns, listings=list(reel.listings), source=reel)
    wanted = [Subscription(one, BTC) for one in (Channel.TICKS, Channel.QUOTES, Channel.BOOK)]
    with served(server) as address:
        events = asyncio.run(_played(address, wanted, 5.0, 5.0))
    ticks = tape[tape["kind"] == EventKind.TRADE]
    again = [one for one in events if isinstance(one, Tick)]
    assert 3 < len(again)
    told = [
        (one.id, one.ts, round(one.price * 10), round(one.quantity * 1_000), 1 if one.buys else -1) for one in again
    ]
    names = ("sequence", "ts_exchange", "ticks", "lots", "side")
    assert list(zip(*(ticks[name].tolist() for name in names), strict=True))[-len(told) :] == told
    rows = zip(*(tape[name].tolist() for name in ("kind", "side", "ticks", "lots")), strict=True)
    assert _book(rows) == _heard_book(events, 1_000)


@pytest.mark.real_data
def test_the_recorded_market_of_a_real_day_comes_out_of_a_feed(tmp_path: Path, real_data: Path) -> None:
    """12,000 messages of 2024-08-08 at two hundred times real time: the same book, and the same last quote.

    A snapshot holds a thousand levels of a side: what lies deeper is known only where it has changed since.
    """
    path = tmp_path / "cut.jsonl"
    with gzip.open(real_data / "streams/binance-usdm-btcusdt-20240808.jsonl.gz", "rt") as file:
        path.write_text("".join(itertools.islice(file, 12_000)))
    tape = RecordedFiles().read(path, Instrument(BTC, "binance", tick_size="0.1", lot_size="0.001")).events
    reel = read_reel(path, listing_of)
    server = a_server(time.monotonic_ns, listings=list(reel.listings), source=reel)
    wanted = [Subscription(one, BTC) for one in (Channel.QUOTES, Channel.BOOK, Channel.MARKS)]
    with served(server) as address:
        events = asyncio.run(_played(address, wanted, 7.0, 200.0))
    rows = zip(*(tape[name].tolist() for name in ("kind", "side", "ticks", "lots")), strict=True)
    assert _top(_book(rows)) == _top(_heard_book(events, 1_000))
    quotes = tape[tape["kind"] == EventKind.QUOTE]
    last = [one for one in events if isinstance(one, Quote)][-1]
    assert quotes["sequence"][-1] == last.sequence
