"""Events on their way to the one who takes them: in order, and never more than there is room for."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable

from tradewright.domain.market_events import Mark, MarketEvent, Quote

__all__ = ["Outbox"]


class Outbox:
    """A queue in which the newest quote and mark of a symbol take the place of older ones that still wait.

    Args:
        most: with so many waiting there is no room; who reads sockets then waits, and so does the venue.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._events: OrderedDict[object, MarketEvent] = OrderedDict()
        self._number = 0
        self._error: BaseException | None = None
        self._ready, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()

    def __len__(self) -> int:
        return len(self._events)

    def put(self, events: Iterable[MarketEvent]) -> None:
        """Add events; what was held back may pass the bound by what one answer brings."""
        for event in events:
            if isinstance(event, Quote | Mark):
                # In the place of the older one: who is slow would never get any if it went to the end.
                key: object = (type(event), event.symbol)
            else:
                key = self._number = self._number + 1
            self._events[key] = event
        if self._events:
            self._ready.set()
        if len(self._events) >= self._most:
            self._room.clear()

    def fail(self, error: BaseException) -> None:
        """End with an error, once what waits has been taken."""
        self._error = self._error or error
        self._ready.set()

    @property
    def has_room(self) -> bool:
        """Whether readers may go on."""
        return self._room.is_set()

    async def room(self) -> None:
        """Wait for room."""
        await self._room.wait()

    async def take(self) -> MarketEvent:
        """The next event."""
        while not self._events:
            if self._error is not None:
                raise self._error
            self._ready.clear()
            await self._ready.wait()
        _, event = self._events.popitem(last=False)
        if 2 * len(self._events) <= self._most:
            self._room.set()
        return event
