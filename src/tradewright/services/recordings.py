"""Record a live market: raw messages to files, and word of how whole they are."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tradewright.domain.errors import DataError, InvalidValue, VenueError, VenueUnavailable
from tradewright.domain.market_events import Channel, FeedState, StateChanged, Subscription
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.clock import Clock
from tradewright.ports.feed import Feed
from tradewright.ports.stream_sink import StreamSink, WrittenStream

__all__ = ["RecordRequest", "RecordedMarket", "Recorder"]

_FLUSH_S = 0.5


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """What to record.

    Args:
        symbols: `BTC/USDT:USDT`, each once.
        channels: by name.
        timeframe: of bars, where they are recorded.
        seconds: how long; None until somebody stops it.

    Raises:
        InvalidValue: a field has a value that is not allowed.
    """

    symbols: tuple[str, ...]
    channels: tuple[str, ...] = ("ticks", "quotes", "book")
    timeframe: Timeframe | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if not self.symbols or len(set(self.symbols)) < len(self.symbols):
            raise InvalidValue("--instrument", ", ".join(self.symbols), "at least one symbol, each once")
        known = [channel.value for channel in Channel]
        if not self.channels or set(self.channels) - set(known) or len(set(self.channels)) < len(self.channels):
            raise InvalidValue("--channel", ", ".join(self.channels), f"some of {', '.join(known)}, each once")
        if "bars" in self.channels and self.timeframe is None:
            raise InvalidValue("--timeframe", None, "the length of the bars that are recorded, such as 1m")
        if self.seconds is not None and not self.seconds > 0:
            raise InvalidValue("--seconds", self.seconds, "a number above 0")

    def subscriptions(self) -> tuple[Subscription, ...]:
        """What is listened to."""
        return tuple(
            Subscription(Channel(name), symbol, self.timeframe if name == "bars" else None)
            for symbol in self.symbols
            for name in self.channels
        )


@dataclass(frozen=True, slots=True)
class RecordedMarket:
    """What was recorded.

    Args:
        files: in order of their ends.
        events: that the feed made of the messages, by kind.
        breaks: how often a stream was silent or lost.
        lost: holes that the venue could not fill, in words.
    """

    files: tuple[WrittenStream, ...]
    events: dict[str, int]
    breaks: int
    lost: tuple[str, ...]


class Recorder:
    """Records; whoever ends it, by whatever means, has what was flushed.

    Args:
        feed: whose messages the sink is given as they come.
        sink: keeps them.
        snapshot: asks for the book of a symbol anew; the answer goes to the sink as well.
        clock: our time.
        aside: runs what takes long beside the rest.
    """

    def __init__(
        self, feed: Feed, sink: StreamSink, snapshot: Callable[[str], Awaitable[object]], clock: Clock,
        aside: Callable[[Callable[[], None]], Awaitable[None]] = asyncio.to_thread,
    ) -> None:  # fmt: skip
        self._feed, self._sink, self._snapshot, self._clock, self._aside = feed, sink, snapshot, clock, aside
        self._events: Counter[str] = Counter()
        self._breaks, self._lost = 0, list[str]()
        self._bookless: set[str] = set()

    async def run(self, request: RecordRequest, stop: Awaitable[object], told: Callable[[int], None]) -> RecordedMarket:
        """Record until the time is over, or until somebody stops it.

        Args:
            request: what.
            stop: recording ends when this does.
            told: how many events there were, twice a second.

        Raises:
            UnknownName: the venue does not trade a symbol.
            VenueError: it cannot be reached at the beginning, or has told nothing when the time is over.
            StoreError: the files cannot be written.
        """
        subscriptions = request.subscriptions()
        work = [asyncio.ensure_future(self._listen(subscriptions)), asyncio.ensure_future(self._keep(request, told))]
        stopping = asyncio.ensure_future(stop)
        ends: set[asyncio.Future[Any]] = {*work, stopping}
        try:
            await asyncio.wait(ends, timeout=request.seconds, return_when=asyncio.FIRST_COMPLETED)
            for task in work:
                if task.done():
                    task.result()
            if not self._events and not stopping.done():
                raise VenueUnavailable(f"{self._feed.abilities.venue}: nothing was told within {request.seconds:g} s")
        finally:
            for one in ends:
                one.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
            files = self._sink.close()
        return RecordedMarket(files, dict(sorted(self._events.items())), self._breaks, tuple(self._lost))

    async def _listen(self, subscriptions: Sequence[Subscription]) -> None:
        async for event in self._feed.events(subscriptions):
            self._events[type(event).__name__] += 1
            if isinstance(event, StateChanged):
                self._breaks += event.state is FeedState.STALE
                if event.state is FeedState.LOST:
                    self._lost.append(f"{event.subscriptions[0]}: {event.words}")

    async def _keep(self, request: RecordRequest, told: Callable[[int], None]) -> None:
        while True:
            await self._clock.sleep(_FLUSH_S)
            begun = self._sink.flush()
            if begun:
                await self._aside(self._sink.pack)
            if "book" in request.channels:
                self._bookless |= set(begun)
            await self._tell_books()
            told(self._events.total())

    async def _tell_books(self) -> None:
        """A file that begins with changes of a book needs the book that they change."""
        for symbol in sorted(self._bookless):
            try:
                await self._snapshot(symbol)
            except (VenueError, DataError):
                return  # it is asked again at the next flush
            self._bookless.discard(symbol)
