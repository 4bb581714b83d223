"""Live markets of any exchange that CCXT can listen to; what it hides is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tradewright.adapters.venues.ccxt.asking import Asker
from tradewright.adapters.venues.ccxt.history import CcxtHistory
from tradewright.adapters.venues.ccxt.outcomes import words_of
from tradewright.adapters.venues.streaming.bar_slot import BarSlot
from tradewright.adapters.venues.streaming.outbox import Outbox
from tradewright.adapters.venues.streaming.slots import AskBars
from tradewright.adapters.venues.transport.backoff import Backoff
from tradewright.domain.errors import DataError, InvalidValue, UnknownName, VenueError
from tradewright.domain.market_events import (
    Bar,
    BookLevel,
    BookUpdate,
    Channel,
    FeedState,
    Mark,
    MarketEvent,
    Quote,
    StateChanged,
    Subscription,
    Tick,
)
from tradewright.domain.timeframe import SECOND_NS
from tradewright.ports.feed import FeedAbilities

__all__ = ["CcxtFeed", "CcxtFeedTerms"]

_MS = 1_000_000
_WATCH = {
    Channel.TICKS: "watchTrades", Channel.QUOTES: "watchBidsAsks", Channel.BOOK: "watchOrderBook",
    Channel.MARKS: "watchMarkPrice",
}  # fmt: skip
_KNOWN_TICKS = 5_000


@dataclass(frozen=True, slots=True)
class CcxtFeedTerms:
    """How a feed is watched.

    Args:
        quiet_s: a stream that tells nothing for so long is said to be stale; if no other one tells anything either,
            sockets are closed, so that the library dials anew: its pings do not notice.
        patience: a stream that is silent for so many times as long is no quiet market: then too.
        tend_s: so often it is looked which bars are overdue.
        grace_s: so long after its close a bar is asked for.
        clock_s: so often the venue's clock is looked at.
        most_waiting: events that may wait to be taken.
    """

    quiet_s: float = 60.0
    patience: int = 5
    tend_s: float = 0.5
    grace_s: float = 3.0
    clock_s: float = 600.0
    most_waiting: int = 50_000


class CcxtFeed:
    """See `ports.feed.Feed`. Of ticks, those told while a stream was broken are missing, and that is said.

    The library drops the flag that says that a candle has closed, and a candle may be told for the last time before
    its last trade. So candles are not listened to: each is asked for when it has closed.

    Args:
        asker: of the exchange.
        terms: how it is watched.
    """

    def __init__(self, asker: Asker, terms: CcxtFeedTerms | None = None) -> None:
        self._asker, self._terms = asker, terms or CcxtFeedTerms()
        self._history = CcxtHistory(asker)

    @property
    def abilities(self) -> FeedAbilities:
        exchange = self._asker.exchange
        told = {channel for channel, name in _WATCH.items() if exchange.has.get(name) is True}
        bars = {Channel.BARS} if exchange.has.get("fetchOHLCV") else set()
        return FeedAbilities(
            self._history.venue, frozenset(told | bars), frozenset(bars | (told & {Channel.BOOK})),
            tuple(exchange.timeframes or ()) if bars else (),
        )  # fmt: skip

    async def events(self, wanted: Sequence[Subscription]) -> AsyncGenerator[MarketEvent, None]:
        self._check(wanted)
        traded = await self._history.instruments()
        for one in wanted:
            if one.symbol not in traded:
                raise UnknownName("instrument", one.symbol, traded)
        await self._history.now()
        following = _Following(self._asker, self._history, self._terms)
        following.begin(wanted)
        try:
            while True:
                yield await following.outbox.take()
        finally:
            await following.end()

    def _check(self, wanted: Sequence[Subscription]) -> None:
        able = self.abilities
        if not wanted or len(set(wanted)) < len(wanted):
            raise InvalidValue("subscriptions", ", ".join(map(str, wanted)), "at least one, each once")
        for one in wanted:
            if one.channel not in able.channels:
                allowed = ", ".join(sorted(channel.value for channel in able.channels)) or "nothing"
                raise InvalidValue("channel", one.channel.value, f"what {able.venue} can be listened to for: {allowed}")
            if one.timeframe is not None and str(one.timeframe) not in able.timeframes:
                raise InvalidValue("timeframe", str(one.timeframe), f"one of {', '.join(able.timeframes)}")


class _Following:
    def __init__(self, asker: Asker, history: CcxtHistory, terms: CcxtFeedTerms) -> None:
        self._asker, self._history, self._terms = asker, history, terms
        self._clock, self._exchange = asker.clock, asker.exchange
        self.outbox = Outbox(terms.most_waiting)
        self._tasks: list[asyncio.Task[None]] = []
        self._number = 0
        self._spoke_at = self._clock.monotonic()

    def begin(self, wanted: Sequence[Subscription]) -> None:
        """Start to follow."""
        for one in wanted:
            work = self._ask_bars(one) if one.channel is Channel.BARS else self._watch(one)
            self._tasks.append(asyncio.ensure_future(work))
        self._tasks.append(asyncio.ensure_future(self._watch_clock()))
        for task in self._tasks:
            task.add_done_callback(self._finished)

    async def end(self) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.outbox.fail(error)

    async def _watch_clock(self) -> None:
        while True:
            await self._clock.sleep(self._terms.clock_s)
            with suppress(VenueError):
                await self._history.now()

    async def _ask_bars(self, one: Subscription) -> None:
        grace = round(self._terms.grace_s * SECOND_NS)
        slot, backoff = BarSlot(one, grace, grace), Backoff(1.0, 15.0, self._asker.chance)
        slot.reconnected(self._history.venue_now())
        self._say(one, FeedState.LIVE, "bars are asked for as they close")
        while True:
            ask = slot.wanted(self._history.venue_now())
            if not isinstance(ask, AskBars):
                await self._clock.sleep(self._terms.tend_s)
                continue
            try:
                step = slot.answered(ask, await self._asked(one, ask))
            except (VenueError, DataError) as error:
                self._say(one, FeedState.STALE, str(error))
                await self._clock.sleep(backoff.next())
                continue
            self.outbox.put(step.events)
            if step.lost is not None:
                self._say(one, FeedState.LOST, step.lost.words)
            if step.helped:
                backoff.reset()
            else:
                await self._clock.sleep(backoff.next())

    async def _asked(self, one: Subscription, ask: AskBars) -> list[Bar]:
        timeframe = one.timeframe
        assert timeframe is not None
        bars = await self._history.bars("candles", one.symbol, timeframe, *ask)
        seen = self._clock.now_ns()
        columns = (bars.ts_open, bars.open, bars.high, bars.low, bars.close, bars.volume)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [Bar(one.symbol, timeframe, t, o, h, low, c, v, seen, True) for t, o, h, low, c, v in rows]

    async def _watch(self, one: Subscription) -> None:
        import ccxt  # noqa: PLC0415 - heavy

        ask, read = self._reader(one)
        backoff, is_live, silences = Backoff(0.5, 30.0, self._asker.chance), False, 0
        while True:
            await self.outbox.room()
            try:
                async with asyncio.timeout(self._terms.quiet_s):
                    said = await ask()
            except TimeoutError:
                is_live, silences = False, silences + 1
                self._say(one, FeedState.STALE, f"nothing was told for {silences * self._terms.quiet_s:g} s")
                silent_s = self._clock.monotonic() - self._spoke_at
                if silent_s >= self._terms.quiet_s or silences % self._terms.patience == 0:
                    await self._hang_up()
            except ccxt.BaseError as error:
                is_live = False
                self._say(one, FeedState.STALE, words_of(error))
                await self._clock.sleep(backoff.next())
            else:
                self._spoke_at, silences = self._clock.monotonic(), 0
                if not is_live:
                    is_live = True
                    backoff.reset()
                    self._say(one, FeedState.LIVE, "connected")
                self.outbox.put(read(said))

    async def _hang_up(self) -> None:
        """Let the library dial anew: a socket that answers pings and tells nothing would be kept for ever."""
        for client in list((self._exchange.clients or {}).values()):
            with suppress(Exception):  # whatever state it is in, it is given up
                await client.close()

    def _reader(self, one: Subscription) -> tuple[Callable[[], Awaitable[Any]], Callable[[Any], list[MarketEvent]]]:
        exchange, symbol = self._exchange, one.symbol
        if one.channel is Channel.TICKS:
            known: dict[str, None] = {}
            return (lambda: exchange.watch_trades(symbol)), (lambda said: self._ticks(symbol, said, known))
        if one.channel is Channel.QUOTES:
            return (lambda: exchange.watch_bids_asks([symbol])), (lambda said: self._quotes(symbol, said))
        if one.channel is Channel.BOOK:
            return (lambda: exchange.watch_order_book(symbol)), (lambda said: self._book(symbol, said))
        return (lambda: exchange.watch_mark_price(symbol)), (lambda said: self._marks(symbol, said))

    def _ticks(self, symbol: str, said: Sequence[Any], known: dict[str, None]) -> list[MarketEvent]:
        found: list[MarketEvent] = []
        seen = self._clock.now_ns()
        for row in sorted(said, key=lambda row: row["timestamp"]):
            name = str(row.get("id") or (row["timestamp"], row["price"], row["amount"], row["side"]))
            if name in known:
                continue
            known[name] = None
            if len(known) > _KNOWN_TICKS:
                del known[next(iter(known))]
            self._number += 1
            price, amount = float(row["price"]), float(row["amount"])
            found.append(
                Tick(symbol, row["timestamp"] * _MS, self._number, price, amount, row.get("side") == "buy", seen)
            )
        return found

    def _quotes(self, symbol: str, said: Any) -> list[MarketEvent]:
        row = said.get(symbol)
        if not row or not row.get("bid") or not row.get("ask"):
            return []
        seen = self._clock.now_ns()
        self._number += 1
        sizes = float(row.get("bidVolume") or 0.0), float(row.get("askVolume") or 0.0)
        ts = (row.get("timestamp") or seen // _MS) * _MS
        return [Quote(symbol, ts, self._number, float(row["bid"]), sizes[0], float(row["ask"]), sizes[1], seen)]

    def _book(self, symbol: str, said: Any) -> list[MarketEvent]:
        seen = self._clock.now_ns()
        self._number += 1
        sides = [tuple(BookLevel(float(row[0]), float(row[1])) for row in said[name]) for name in ("bids", "asks")]
        ts = (said.get("timestamp") or seen // _MS) * _MS
        return [BookUpdate(symbol, ts, self._number, sides[0], sides[1], is_snapshot=True, ts_seen=seen)]

    def _marks(self, symbol: str, said: Any) -> list[MarketEvent]:
        seen = self._clock.now_ns()
        ts, price = (said.get("timestamp") or seen // _MS) * _MS, float(said.get("markPrice") or 0.0)
        return [Mark(symbol, ts, price, float(said.get("indexPrice") or 0.0), 0.0, 0, seen)] if price else []

    def _say(self, one: Subscription, state: FeedState, words: str) -> None:
        self.outbox.put([StateChanged((one,), state, self._clock.now_ns(), 0, words)])
