"""History and live markets through CCXT, on an exchange of the library whose answers are scripted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from itertools import pairwise
from typing import Any

import ccxt
import pytest

from tradewright.adapters.venues.ccxt.asking import Asker
from tradewright.adapters.venues.ccxt.history import CcxtHistory
from tradewright.adapters.venues.ccxt.live import CcxtFeed
from tradewright.adapters.venues.transport.client import Patience
from tradewright.domain.errors import DataError, InvalidValue, UnknownName, VenueRefusal, VenueUnavailable
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
from tradewright.market.quality import Gap
from tradewright.ports.candle_store import CandleKey
from tradewright.services.download_bars import BarDownload, Downloaded
from tradewright.testing.memory_candles import MemoryCandles
from tradewright.testing.scripted_ccxt import Scripted
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

M1 = Timeframe.parse("1m")
BTC = "BTC/USDT"
MINUTE_MS = 60_000


def act(work: Callable[[Scripted, Asker], Awaitable[Any]], **changes: Any) -> Any:
    """Do something with a scripted exchange in simulated time."""
    clock = SimulatedClock()

    async def run() -> Any:
        patience = changes.pop("patience", Patience(60.0, first_s=0.5, most_s=30.0))
        scripted = Scripted(clock, **changes)
        return await work(scripted, Asker(scripted.exchange, clock, patience, random.Random(1)))

    return run_simulated(run)


def test_a_download_takes_what_the_venue_has_and_names_what_it_has_not() -> None:
    """Trap 6.10 and Kraken's 720 rows: what lies before is asked for again, and named; nothing is skipped silently."""
    store = MemoryCandles()

    async def work(scripted: Scripted, asker: Asker) -> tuple[Downloaded, int, int]:
        history = CcxtHistory(asker)
        assert BTC in await history.instruments()
        end = await history.now() // M1.ns * M1.ns
        report = Downloaded("candles", BTC, "1m")
        key = CandleKey("kraken", BTC, M1)
        await BarDownload(store, history, key, "candles", report).run((end - 1_000 * M1.ns, end), lambda *_: None)
        return report, end - 1_000 * M1.ns, end

    report, start, end = act(work)
    opens = store.load(CandleKey("kraken", BTC, M1)).bars.ts_open
    assert end - M1.ns == opens[-1]
    assert (Gap(start, 1_000 - len(opens)),) == report.missing
    assert 715 < len(opens) <= 720


def test_limits_that_are_capped_without_a_word_cost_pages_and_no_bar() -> None:
    """Trap 6.10: the library asks for 500 where a page holds 100; the next page begins where this one ended."""

    async def work(scripted: Scripted, asker: Asker) -> list[int]:
        own = scripted.fetch_ohlcv

        async def capped(symbol: str, length: str, since: int, limit: int) -> list[list[float]]:
            return (await own(symbol, length, since, limit))[:100]

        scripted.exchange.fetch_ohlcv = capped
        history = CcxtHistory(asker)
        await history.instruments()
        end = await history.now() // M1.ns * M1.ns
        cursor, found = end - 450 * M1.ns, list[int]()
        while len(page := (await history.bars("candles", BTC, M1, cursor, end)).ts_open):
            found += page.tolist()
            cursor = found[-1] + M1.ns
        assert found[-1] == end - M1.ns
        return found

    found = act(work)
    assert 450 == len(found)
    assert {M1.ns} == {b - a for a, b in pairwise(found)}


def test_the_open_candle_is_never_a_bar() -> None:
    """Trap 6.7: the last row is still open; it is cut off by the venue's clock, whatever ours says."""

    async def work(scripted: Scripted, asker: Asker) -> tuple[int, int]:
        scripted.now_ahead_ms = 3_600_000
        history = CcxtHistory(asker)
        await history.instruments()
        now = await history.now()
        bars = await history.bars("candles", BTC, M1, now // M1.ns * M1.ns - 5 * M1.ns, now)
        return int(bars.ts_close[-1]), scripted.now_ms() * 1_000_000

    last, venue = act(work)
    assert venue - 61 * 10**9 < last <= venue


def test_trouble_on_the_way_is_tried_again_and_refusals_are_not() -> None:
    """Network errors and limits pass; a bad symbol, a wrong key, 403 and 451 do not, though the library says so."""

    async def work(scripted: Scripted, asker: Asker) -> list[str]:
        history, told = CcxtHistory(asker), []
        await history.instruments()
        now = await history.now()
        span = (now // M1.ns * M1.ns - 5 * M1.ns, now)
        for error in (ccxt.RequestTimeout("x"), ccxt.DDoSProtection("y"), ccxt.ExchangeNotAvailable("kraken 503 z")):
            scripted.errors = [error]
            assert len((await history.bars("candles", BTC, M1, *span)).ts_open)
        for error in (ccxt.BadSymbol("b"), ccxt.AuthenticationError("a"), ccxt.ExchangeNotAvailable("k GET u 451 no")):
            scripted.errors = [error]
            with pytest.raises(VenueRefusal) as refusal:
                await history.bars("candles", BTC, M1, *span)
            told.append(str(refusal.value))
        scripted.errors = [ccxt.NetworkError("gone")] * 50
        with pytest.raises(VenueUnavailable, match="NetworkError: gone"):
            await history.bars("candles", BTC, M1, *span)
        return told

    assert all(text.startswith("kraken: ") for text in act(work))


def test_a_read_is_tried_so_often_as_is_said() -> None:
    """Two retries are three tries; the third wait would have been long, and is not begun."""

    async def work(scripted: Scripted, asker: Asker) -> tuple[int, float]:
        scripted.errors, begun = [ccxt.NetworkError("gone")] * 50, scripted.clock.monotonic()
        with pytest.raises(VenueUnavailable, match=r"gone \(3 times\)"):
            await CcxtHistory(asker).now()
        return 50 - len(scripted.errors), scripted.clock.monotonic() - begun

    tries, waited = act(work, patience=Patience(900.0, first_s=1.0, most_s=600.0, factor=5.0, retries=2))
    assert 3 == tries
    assert 0.5 + 2.5 <= waited <= 1.0 + 5.0


def test_what_the_venue_asks_us_to_wait_is_waited() -> None:
    """429 with Retry-After: 7 in the headers of the last answer."""

    async def work(scripted: Scripted, asker: Asker) -> float:
        scripted.errors = [ccxt.RateLimitExceeded("slow down")]
        scripted.exchange.last_response_headers = {"Retry-After": "7"}
        begun = scripted.clock.monotonic()
        await CcxtHistory(asker).now()
        return scripted.clock.monotonic() - begun

    assert 7.0 <= act(work) < 8.0


def test_what_is_not_there_is_refused_in_words() -> None:
    """A length without bars, a symbol that is not traded, rates that the venue does not tell, rows of another shape."""

    async def work(scripted: Scripted, asker: Asker) -> None:
        history = CcxtHistory(asker)
        await history.instruments()
        with pytest.raises(InvalidValue, match="--timeframe: '20m'"):
            await history.bars("candles", BTC, Timeframe.parse("20m"), 0, 10**18)
        with pytest.raises(UnknownName, match="did you mean 'BTC/USDT'"):
            await history.bars("candles", "BTC/USD", M1, 0, 10**18)
        scripted.exchange.has["fetchFundingRateHistory"] = False
        with pytest.raises(InvalidValue, match="fetchFundingRateHistory"):
            await history.rates(BTC, 0, 10**18)
        scripted.exchange.fetch_ohlcv = _nonsense
        with pytest.raises(DataError, match="a row cannot be read"):
            await history.bars("candles", BTC, M1, 0, 10**18)

    act(work)


async def _nonsense(*_: Any) -> Any:
    return [["soon", None]]


def _trade(number: int, ts: int) -> dict[str, Any]:
    return {"id": str(number), "timestamp": ts, "price": 100.0, "amount": 1.0, "side": "buy"}


def listen(
    seconds: float, during: Callable[[Scripted], Awaitable[None]], *channels: Channel
) -> tuple[list[MarketEvent], Scripted]:
    """Events of a feed."""

    async def work(scripted: Scripted, asker: Asker) -> tuple[list[MarketEvent], Scripted]:
        events: list[MarketEvent] = []
        wanted = [Subscription(one, BTC, M1 if one is Channel.BARS else None) for one in channels]
        other = asyncio.ensure_future(during(scripted))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), aclosing(CcxtFeed(asker).events(wanted)) as heard:
                async for event in heard:
                    events.append(event)  # noqa: PERF401 - what came before the end counts
        other.cancel()
        return events, scripted

    found: tuple[list[MarketEvent], Scripted] = act(work)
    return found


async def _nothing(_: Scripted) -> None:
    await asyncio.sleep(0)


def test_bars_are_asked_for_when_they_have_closed() -> None:
    """Trap 6.7: the library drops the closed flag, so no bar is told before it closed, and none is told late."""
    events, _ = listen(400, _nothing, Channel.BARS)
    bars = [event for event in events if isinstance(event, Bar)]
    assert 6 == len(bars)
    assert all(0 <= bar.ts_seen - bar.ts_close < 5 * 10**9 for bar in bars)
    assert {M1.ns} == {b.ts_open - a.ts_open for a, b in pairwise(bars)}


def test_bars_survive_a_venue_that_goes_away() -> None:
    """Two minutes of errors: said, and the bars of that time are told afterwards, in order."""

    async def gone(scripted: Scripted) -> None:
        await asyncio.sleep(70.0)
        scripted.errors = [ccxt.NetworkError("gone")] * 12

    events, _ = listen(500, gone, Channel.BARS)
    bars = [event.ts_open // M1.ns for event in events if isinstance(event, Bar)]
    assert list(range(bars[0], bars[0] + len(bars))) == bars
    assert 7 <= len(bars)


def test_ticks_come_once_and_a_break_is_said() -> None:
    """The library tells trades again after it reconnects: each is told once, in order of time."""

    async def trade(scripted: Scripted) -> None:
        await asyncio.sleep(1.0)
        scripted.trades.put_nowait([_trade(2, 20), _trade(1, 10)])
        scripted.trades.put_nowait([_trade(2, 20), _trade(3, 30)])

    events, _ = listen(5, trade, Channel.TICKS)
    assert [10, 20, 30] == [event.ts // 1_000_000 for event in events if isinstance(event, Tick)]


def test_a_stream_that_pongs_and_tells_nothing_is_hung_up() -> None:
    """Traps 6.4 and 6.5: after a minute of silence the library's sockets are closed, so that it dials anew."""
    closed: list[str] = []

    class Client:
        async def close(self) -> None:
            closed.append("closed")

    async def silent(scripted: Scripted) -> None:
        scripted.exchange.clients = {"wss://x": Client()}
        await asyncio.sleep(0)

    events, _ = listen(130, silent, Channel.TICKS)
    stale = [event for event in events if isinstance(event, StateChanged) and event.state is FeedState.STALE]
    assert ["nothing was told for 60 s", "nothing was told for 120 s"] == [said.words for said in stale]
    assert ["closed"] * 2 == closed


def test_a_quiet_market_beside_a_lively_one_is_said_to_be_stale_and_left_in_peace() -> None:
    """Quotes come each second, so the ticks that do not come are a quiet market; after five minutes they are not."""
    closed: list[str] = []

    class Client:
        async def close(self) -> None:
            closed.append("closed")

    async def silent(scripted: Scripted) -> None:
        scripted.exchange.clients = {"wss://x": Client()}
        await asyncio.sleep(0)

    events, _ = listen(290, silent, Channel.TICKS, Channel.QUOTES)
    stale = [event for event in events if isinstance(event, StateChanged) and event.state is FeedState.STALE]
    assert (4, []) == (len(stale), closed)
    listen(310, silent, Channel.TICKS, Channel.QUOTES)
    assert ["closed"] == closed


def test_quotes_and_books_are_told_as_they_come() -> None:
    """A book is whole each time; after a gap, which the library says with an error, the next one is whole again."""
    books = [{"bids": [[99.0, 1.0]], "asks": [[101.0, 2.0]], "timestamp": 5}, ccxt.ChecksumError("gap")]

    async def work(scripted: Scripted) -> None:
        async def watch_order_book(symbol: str) -> Any:
            await asyncio.sleep(1.0)
            said = books[scripted.hung_up % 2]
            scripted.hung_up += 1
            if isinstance(said, Exception):
                raise said
            return said

        scripted.exchange.watch_order_book = watch_order_book
        await asyncio.sleep(0)

    events, _ = listen(12, work, Channel.BOOK, Channel.QUOTES)
    told = [event for event in events if isinstance(event, BookUpdate)]
    assert 3 <= len(told)
    assert all(one.is_snapshot and one.bids[0].price == 99.0 for one in told)
    assert 8 <= sum(isinstance(event, Quote) for event in events)
    assert any("ChecksumError" in event.words for event in events if isinstance(event, StateChanged))


def test_what_the_library_cannot_listen_to_is_refused() -> None:
    """Marks of a spot exchange."""
    with pytest.raises(InvalidValue, match="channel: 'marks'"):
        listen(5, _nothing, Channel.MARKS)
