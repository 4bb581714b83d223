"""Feeds for a `bt.Cerebro` of one's own: stored candles, and a venue's bars as they close."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.venues import history_of
from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.times import parse_time

if TYPE_CHECKING:
    from tradewright.adapters.backtrader.feed import BarsFeed
    from tradewright.adapters.backtrader.live_feed import BarQueue, LiveBarsFeed
    from tradewright.engine.feed import Feed

__all__ = ["store_feed", "venue_feed"]

_THREAD = "tradewright-bars"


def store_feed(
    symbol: str, timeframe: str, *, venue: str, start: str | None = None, end: str | None = None
) -> BarsFeed:
    """Make a Backtrader feed of stored candles.

    Args:
        symbol: such as BTC/USDT:USDT.
        timeframe: of the bars, such as 15m; shorter stored ones will do.
        venue: where the candles come from, as `tradewright data list` names it.
        start: first bar's open, ISO time in UTC; None from the first stored.
        end: last bar's close; None to the last stored.

    Raises:
        InvalidValue: Backtrader is not installed, or an argument is not what it must be.
        DataError: nothing fitting is stored.
    """
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import market_data

    adapter = _adapter()
    span = (None if text is None else parse_time(text, name) for name, text in (("start", start), ("end", end)))
    loaded = market_data(read_settings()).load(venue, symbol, Timeframe.parse(timeframe), *span)
    feed: BarsFeed = adapter.bars_feed(loaded.bars, loaded.instrument, symbol)
    return feed


@contextmanager
def venue_feed(
    symbol: str,
    timeframe: str,
    *,
    exchange: str = "practice",
    url: str | None = None,
    context: int = 200,
    most: int | None = None,
) -> Iterator[LiveBarsFeed]:
    """A Backtrader feed of a venue's bars as they close, for as long as the block runs.

    The bars are those that a session on paper of ours would trade on. A thread asks for them; when the block ends, it
    ends. What went wrong there ends the feed and is raised at the end of the block.

    Args:
        symbol: such as BTC/USDT:USDT.
        timeframe: of the bars, such as 1m.
        exchange: `practice` (`tradewright exchange`), `binance`, or another that CCXT knows.
        url: where it answers, if not at its usual address.
        context: closed bars that are shown first, at least one.
        most: bars after which the feed ends; None follows until the block is left.

    Raises:
        InvalidValue: Backtrader is not installed, or an argument is not what it must be.
        UnknownName: there is no such venue or instrument.
        VenueError: the venue cannot be asked.
    """
    adapter = _adapter()
    for name, count in (("context", context), ("most", most)):
        if count is not None and count < 1:
            raise InvalidValue(name, count, "a whole number of at least 1")
    wanted = _Wanted(symbol, Timeframe.parse(timeframe), Reach(exchange, url), context, most)
    driver = _Driver(wanted, adapter.BarQueue())
    driver.start()
    try:
        known = driver.begun.result()
        if known.context is None:
            raise AssertionError("a beginning has bars")
        yield adapter.live_feed(known.context, driver.stream, known.instrument, symbol)
    finally:
        driver.end()
    if driver.failed is not None:
        raise driver.failed


def _adapter() -> ModuleType:
    try:
        from tradewright.adapters.backtrader import live_feed
    except ModuleNotFoundError as error:
        if error.name != "backtrader":
            raise
        allowed = "it installed: pip install 'tradewright[backtrader]'"
        raise InvalidValue("backtrader", None, allowed) from None
    return live_feed


@dataclass(frozen=True, slots=True)
class _Wanted:
    symbol: str
    timeframe: Timeframe
    reach: Reach
    context: int
    most: int | None


class _Driver(threading.Thread):
    # Follows a venue in a loop of its own and fills the queue that Backtrader empties.

    def __init__(self, wanted: _Wanted, stream: BarQueue) -> None:
        super().__init__(name=_THREAD, daemon=True)
        self._wanted, self.stream = wanted, stream
        self.begun: Future[Feed] = Future()
        self.failed: BaseException | None = None
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None
        self._is_over = threading.Event()

    def run(self) -> None:
        try:
            asyncio.run(self._whole())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001 - it is raised again where the block ends
            if self.begun.done():
                self.failed = error
            else:
                self.begun.set_exception(error)
        finally:
            self.stream.end()

    async def _whole(self) -> None:
        task = asyncio.ensure_future(self._follow())
        self._running = asyncio.get_running_loop(), task
        if self._is_over.is_set():
            task.cancel()
        await task

    async def _follow(self) -> None:
        from tradewright.services.bar_following import BarFollowing

        wanted = self._wanted
        async with history_of(wanted.reach) as history:
            following = BarFollowing(history, WallClock(), wanted.symbol, wanted.timeframe)
            known = await following.beginning(wanted.context)
            self.begun.set_result(known)
            bars = known.context
            if bars is not None:
                await following.follow(int(bars.ts_close[-1]), self.stream.put, wanted.most)

    def end(self) -> None:
        self._is_over.set()
        if self._running is not None:
            loop, task = self._running
            with suppress(RuntimeError):  # it has come to its end by itself, and its loop is closed
                loop.call_soon_threadsafe(task.cancel)
        self.join()
