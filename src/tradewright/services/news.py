"""News: what happens, told to all who listen, each at their own pace.

What lasts is put down in a log that all processes of the server share, and told in the order of its numbers, whichever
process it comes from; so a listener who comes back says the last number it heard, and misses nothing. Prices and
progress are told as they come, and not again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tradewright.domain.errors import StoreError
from tradewright.ports.clock import Clock
from tradewright.ports.happenings import Happening, HappeningLog, Telling

__all__ = ["SNAPSHOT_REQUIRED", "Event", "Listening", "News"]

SNAPSHOT_REQUIRED = "snapshot_required"
"""Told to somebody who has missed more than is kept, or was too slow: read everything anew."""
_LOOK_S, _PRUNE_S = 0.2, 60.0
_PAGE, _MOST_MISSED, _KEPT = 500, 5_000, 20_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Args:
        type: what, in a word.
        data: plain data for JSON.
        ts: UTC ns.
        number: by which a listener comes back; None for what is not kept, as a price or a progress is soon replaced.
    """

    type: str
    data: Mapping[str, Any]
    ts: int
    number: int | None = None


class Listening:
    """One who listens. Iterating waits for the next event.

    Args:
        most: events that may wait for it; beyond, all are dropped and it is told to read everything anew.
        missed: what it has missed, told first; read from the log as it takes it.
    """

    def __init__(self, most: int, missed: AsyncIterator[Event] | None = None) -> None:
        self._waiting: deque[Event] = deque()
        self._most, self._missed = most, missed
        self._is_there = asyncio.Event()

    def put(self, event: Event) -> None:
        """Hand over an event."""
        if len(self._waiting) >= self._most:
            self._waiting.clear()
            event = Event(SNAPSHOT_REQUIRED, {}, event.ts, event.number)
        self._waiting.append(event)
        self._is_there.set()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def soon(self, patience_s: float) -> Sequence[Event]:
        """What has happened; nothing where nothing does for so long, s."""
        if self._missed is not None:
            with suppress(StopAsyncIteration):
                return (await anext(self._missed),)
            self._missed = None
        if not self._waiting:
            self._is_there.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    await self._is_there.wait()
        taken = tuple(self._waiting)
        self._waiting.clear()
        return taken

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        if self._missed is not None:
            with suppress(StopAsyncIteration):
                return await anext(self._missed)
            self._missed = None
        while not self._waiting:
            self._is_there.clear()
            await self._is_there.wait()
        return self._waiting.popleft()


class News:
    """Tells events to all who listen. `begin` and then `run` make it work.

    Args:
        log: of what lasts.
        clock: to wait by.
        heard: is called before anybody is told of something: what was read before it counts no more.
    """

    def __init__(self, log: HappeningLog, clock: Clock, heard: Callable[[], None] = lambda: None) -> None:
        self._log, self._clock, self._heard = log, clock, heard
        self._listeners: set[Listening] = set()
        self._untold: list[Telling] = []
        self._nudge = asyncio.Event()
        self._seen = 0
        self._turn = asyncio.Lock()

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    @property
    def seen(self) -> int:
        """Number of the last event that was told to those who listen."""
        return self._seen

    def tell(self, kind: str, data: Mapping[str, Any], *, lasting: bool = True) -> None:
        """Tell something. What lasts is heard as soon as it has been put down.

        Args:
            kind: what, in a word: `job.changed`, `signal`, `order.changed`.
            data: plain data for JSON, without secrets.
            lasting: somebody who comes back is told it later.
        """
        if lasting:
            self._untold.append(Telling(kind, dict(data), self._clock.now_ns()))
            self._nudge.set()
        else:
            self._deliver([Event(kind, data, self._clock.now_ns())])

    async def begin(self) -> None:
        """Find where the log stands: what is told from now on is new.

        Raises:
            StoreError: it cannot be read.
        """
        self._seen = (await self._log.span())[1]

    async def run(self) -> None:
        """Put down what is told here, and tell what is put down, by whomever, until cancelled."""
        pruned = self._clock.monotonic()
        while True:
            # What cannot be written or read now is so at the next look.
            with suppress(StoreError):
                await self.look()
                if self._clock.monotonic() - pruned >= _PRUNE_S:
                    pruned = self._clock.monotonic()
                    await self._log.prune(_KEPT)
            await self._wait()

    async def look(self) -> None:
        """Put down what was told here, and tell what is new in the log.

        Raises:
            StoreError: the log cannot be written or read; what was to be put down is kept.
        """
        async with self._turn:
            self._nudge.clear()
            if taken := list(self._untold):
                await self._log.add(taken)
                del self._untold[: len(taken)]
            while page := await self._log.after(self._seen, _PAGE):
                self._deliver([_event(one) for one in page])
                self._seen = page[-1].number

    async def flush(self) -> None:
        """Put down what was told here, for the last time."""
        with suppress(StoreError):
            await self.look()

    @contextmanager
    def listening(self, after: int | None = None, most: int = 1_000) -> Iterator[Listening]:
        """Listen from now on, or from after an event on.

        Args:
            after: number of the last event that was heard; None begins now.
            most: see `Listening`.
        """
        own = Listening(most, None if after is None else self._missed(after, self._seen))
        self._listeners.add(own)
        try:
            yield own
        finally:
            self._listeners.discard(own)

    async def _missed(self, after: int, upto: int) -> AsyncIterator[Event]:
        # Up to where the listener has begun to hear; what comes after that waits for it.
        oldest = (await self._log.span())[0]
        if not (oldest - 1 <= after <= upto <= after + _MOST_MISSED):
            yield Event(SNAPSHOT_REQUIRED, {}, self._clock.now_ns(), upto)
            return
        while page := [one for one in await self._log.after(after, _PAGE) if one.number <= upto]:
            for one in page:
                yield _event(one)
            after = page[-1].number

    def _deliver(self, events: Sequence[Event]) -> None:
        self._heard()
        for event in events:
            for one in self._listeners:
                one.put(event)

    async def _wait(self) -> None:
        waits = asyncio.ensure_future(self._clock.sleep(_LOOK_S)), asyncio.ensure_future(self._nudge.wait())
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def _event(one: Happening) -> Event:
    return Event(one.kind, one.data, one.ts, one.number)
