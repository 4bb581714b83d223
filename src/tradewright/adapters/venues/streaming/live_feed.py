"""Listens to a venue's streams: connections kept up, silence noticed, and what was lost asked for."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tradewright.adapters.venues.streaming.dialect import Acknowledged, Dialect, Line, Refused, Told
from tradewright.adapters.venues.streaming.outbox import Outbox
from tradewright.adapters.venues.streaming.slots import Ask, Slot
from tradewright.adapters.venues.transport.backoff import Backoff
from tradewright.adapters.venues.transport.sockets import Connection, ConnectionLost, Dialer, DialFailed
from tradewright.domain.errors import DataError, InvalidValue, VenueError
from tradewright.domain.market_events import FeedState, MarketEvent, StateChanged, Subscription
from tradewright.ports.clock import Clock
from tradewright.ports.feed import FeedAbilities

__all__ = ["FeedTerms", "LiveFeed"]

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class FeedTerms:
    """How a feed is watched.

    Args:
        quiet_s: a connection that tells nothing for so long is dialled anew, whether or not it answers pings.
        ack_s: in which a subscription must be acknowledged.
        life_s: a connection is renewed after so long, before the venue ends it.
        first_s: longest first wait between two tries, to dial or to ask.
        most_s: longest wait.
        tend_s: so often it is looked what is overdue.
        clock_s: so often the venue's clock is looked at.
        asks: that are on their way at once.
        most_waiting: events that may wait to be taken before sockets are left unread.
    """

    quiet_s: float = 10.0
    ack_s: float = 5.0
    life_s: float = 23.5 * 3_600
    first_s: float = 0.5
    most_s: float = 15.0
    tend_s: float = 0.2
    clock_s: float = 600.0
    asks: int = 8
    most_waiting: int = 50_000


class LiveFeed:
    """See `ports.feed.Feed`.

    Args:
        dialect: of the venue's streams.
        dialer: opens connections.
        clock: our time.
        terms: how it is watched.
        chance: draws the waits between tries.
    """

    def __init__(
        self, dialect: Dialect, dialer: Dialer, clock: Clock, terms: FeedTerms | None = None,
        chance: random.Random | None = None,
    ) -> None:  # fmt: skip
        self._dialect, self._dialer, self._clock = dialect, dialer, clock
        self._terms = terms or FeedTerms()
        self._chance = chance or random.Random()  # noqa: S311 - waits, no secret
        self._outboxes: list[Outbox] = []

    @property
    def waiting(self) -> int:
        """How many events wait to be taken."""
        return sum(map(len, self._outboxes))

    @property
    def abilities(self) -> FeedAbilities:
        return self._dialect.abilities

    async def events(self, wanted: Sequence[Subscription]) -> AsyncGenerator[MarketEvent, None]:
        if not wanted or len(set(wanted)) < len(wanted):
            raise InvalidValue("subscriptions", ", ".join(map(str, wanted)), "at least one, each once")
        self._check(wanted)
        await self._dialect.prepare(wanted)
        listening = _Listening(self._dialect, self._dialer, self._clock, self._terms, self._chance)
        listening.begin(wanted)
        self._outboxes.append(listening.outbox)
        try:
            while True:
                yield await listening.outbox.take()
        finally:
            self._outboxes.remove(listening.outbox)
            await listening.end()

    def _check(self, wanted: Sequence[Subscription]) -> None:
        able = self._dialect.abilities
        for one in wanted:
            if one.channel not in able.channels:
                allowed = ", ".join(sorted(channel.value for channel in able.channels))
                raise InvalidValue("channel", one.channel.value, f"what {able.venue} has: {allowed}")
            if one.timeframe is not None and str(one.timeframe) not in able.timeframes:
                raise InvalidValue("timeframe", str(one.timeframe), f"one of {', '.join(able.timeframes)}")


@dataclass(slots=True, eq=False)
class _Watched:
    """A slot, and what is under way for it."""

    slot: Slot
    backoff: Backoff
    asking: bool = False
    not_before: float = 0.0
    heard_at: float = 0.0


@dataclass(slots=True, eq=False)
class _Wire:
    """A line, and the connection that it has now."""

    line: Line
    slots: dict[str, Slot | None]
    watched: list[_Watched]
    connection: Connection | None = None
    due: float = 0.0  # by when something must come; 0 while nobody waits
    renew_at: float = 0.0
    awaited: set[int] = field(default_factory=set)
    why: str = ""


class _Listening:
    def __init__(self, dialect: Dialect, dialer: Dialer, clock: Clock, terms: FeedTerms, chance: random.Random) -> None:
        self._dialect, self._dialer, self._clock, self._terms, self._chance = dialect, dialer, clock, terms, chance
        self.outbox = Outbox(terms.most_waiting)
        self._tasks: set[asyncio.Task[None]] = set()
        self._asks = asyncio.Semaphore(terms.asks)
        self._wires: list[_Wire] = []
        self._owners: dict[Slot, _Watched] = {}
        self._last_seen = 0

    def begin(self, wanted: Sequence[Subscription]) -> None:
        """Start to listen."""
        for line in self._dialect.lines(wanted):
            slots = {name: self._dialect.slot(owner) if owner else None for name, owner in line.names.items()}
            watched = [_Watched(slot, self._backoff()) for slot in slots.values() if slot]
            self._owners |= {one.slot: one for one in watched}
            self._wires.append(_Wire(line, slots, watched))
        for wire in self._wires:
            self._spawn(self._keep(wire))
        self._spawn(self._tend())
        self._spawn(self._watch_clock())

    async def end(self) -> None:
        """Stop, and close connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for wire in self._wires:
            if wire.connection is not None:
                with suppress(ConnectionLost):
                    await wire.connection.close()

    def _backoff(self) -> Backoff:
        return Backoff(self._terms.first_s, self._terms.most_s, self._chance)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.outbox.fail(error)

    # Connections.

    async def _keep(self, wire: _Wire) -> None:
        backoff = self._backoff()
        while True:
            wait = 0.0
            try:
                await self._talk(wire, backoff)
            except DialFailed as error:
                wire.why, wait = f"no connection: {error}", error.retry_after_s
            except ConnectionLost as error:
                wire.why = wire.why or f"the connection was lost: {error}"
            self._say([one.slot for one in wire.watched], FeedState.STALE, wire.why)
            wire.why = ""
            await self._clock.sleep(max(backoff.next(), wait))

    async def _talk(self, wire: _Wire, backoff: Backoff) -> None:
        connection = await self._dialer.dial(wire.line.url)
        wire.connection = connection
        try:
            wire.awaited = set(range(1, len(wire.line.requests) + 1))
            wire.due = self._clock.monotonic() + self._terms.ack_s
            wire.renew_at = self._clock.monotonic() + self._terms.life_s
            for request in wire.line.requests:
                await connection.send(request)
            await self._read(wire, connection, backoff)
        finally:
            wire.connection, wire.due = None, 0.0
            await connection.close()

    async def _read(self, wire: _Wire, connection: Connection, backoff: Backoff) -> None:
        while True:
            if not self.outbox.has_room:
                wire.due = 0.0
                await self.outbox.room()
                wire.due = self._clock.monotonic() + self._terms.quiet_s
            text = await connection.receive()
            seen = self._last_seen = max(self._clock.now_ns(), self._last_seen)
            try:
                # Before all is acknowledged nothing counts: what was missed is asked for when it is.
                message = self._dialect.hear(text, seen, {} if wire.awaited else wire.slots)
            except DataError as error:
                wire.why = str(error)
                raise ConnectionLost(str(error)) from error
            if isinstance(message, Told):
                self._told(wire, message)
            elif isinstance(message, Acknowledged):
                self._acknowledged(wire, message.number, backoff)
            elif isinstance(message, Refused):
                wire.why = message.words
                raise ConnectionLost(message.words)

    def _told(self, wire: _Wire, message: Told) -> None:
        now = self._clock.monotonic()
        wire.due = now + self._terms.quiet_s
        if message.slot is not None:
            self._owners[message.slot].heard_at = now
        self.outbox.put(message.step.events)

    def _acknowledged(self, wire: _Wire, number: int, backoff: Backoff) -> None:
        wire.awaited.discard(number)
        if wire.awaited:
            return
        # Only now is everything listened to: what is asked from here on, and what is told, leave nothing between.
        backoff.reset()
        wire.due = self._clock.monotonic() + self._terms.quiet_s
        for one in wire.watched:
            one.slot.reconnected(self._dialect.venue_now())
            one.not_before = 0.0
        self._say([one.slot for one in wire.watched], FeedState.LIVE, "connected")

    # What is overdue.

    async def _tend(self) -> None:
        while True:
            now = self._clock.monotonic()
            for wire in self._wires:
                self._check(wire, now)
            venue_now = self._dialect.venue_now()
            for one in self._owners.values():
                if not one.asking and now >= one.not_before and (ask := one.slot.wanted(venue_now)) is not None:
                    one.asking = True
                    self._spawn(self._ask(one, ask))
            await self._clock.sleep(self._terms.tend_s)

    def _check(self, wire: _Wire, now: float) -> None:
        if wire.connection is None or not wire.due:
            return
        if now >= wire.renew_at:
            wire.why = "the connection is renewed before the venue ends it"
        elif now >= wire.due:
            missing = "no subscription was acknowledged" if wire.awaited else "nothing was told"
            wire.why = f"{missing} for {self._terms.ack_s if wire.awaited else self._terms.quiet_s:g} s"
        else:
            return
        wire.due = 0.0
        # To say goodbye to one who does not answer takes long; nobody else waits for it.
        self._spawn(wire.connection.close())

    async def _ask(self, one: _Watched, ask: Ask) -> None:
        try:
            async with self._asks:
                self._say([one.slot], FeedState.RESYNCHRONISING, "what was not told is asked for")
                answer = await self._dialect.ask(one.slot.subscription, ask)
            step = one.slot.answered(ask, answer)
        except (VenueError, DataError) as error:
            self._say([one.slot], FeedState.STALE, str(error))
            one.not_before = self._clock.monotonic() + one.backoff.next()
            return
        finally:
            one.asking = False
        self.outbox.put(step.events)
        if step.lost is not None:
            self._say([one.slot], FeedState.LOST, step.lost.words)
        elif step.helped:
            self._say([one.slot], FeedState.FILLED, f"{len(step.events)} that were not told have been asked for")
        if step.helped:
            one.backoff.reset()
        else:
            one.not_before = self._clock.monotonic() + one.backoff.next()

    async def _watch_clock(self) -> None:
        while True:
            await self._clock.sleep(self._terms.clock_s)
            with suppress(VenueError, DataError):  # the last look still counts, and its doubt grows
                await self._dialect.measure()

    def _say(self, slots: Sequence[Slot], state: FeedState, words: str) -> None:
        now = self._clock.monotonic()
        ages = [now - self._owners[slot].heard_at for slot in slots if self._owners[slot].heard_at]
        subscriptions = tuple(slot.subscription for slot in slots)
        age_ns = round(max(ages, default=0.0) * _NS)
        self.outbox.put([StateChanged(subscriptions, state, self._clock.now_ns(), age_ns, words)])
