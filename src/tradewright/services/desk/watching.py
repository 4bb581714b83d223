"""Tells whoever listens how sessions stand, as soon as the process that trades has put it down."""

from __future__ import annotations

from contextlib import suppress

from tradewright.domain.errors import StoreError
from tradewright.ports.clock import Clock
from tradewright.ports.happenings import FactBoard
from tradewright.services.news import News

__all__ = ["FactsWatch"]

_LOOK_S = 0.25
_PARTS = ("status", "portfolio", "positions", "pending", "prices")


class FactsWatch:
    """Looks at the board, and tells what is new on it.

    Args:
        facts: the board.
        news: where it is told; it is not kept, as another comes.
        clock: to wait by.
    """

    def __init__(self, facts: FactBoard, news: News, clock: Clock) -> None:
        self._facts, self._news, self._clock = facts, news, clock
        self._since = clock.now_ns()
        self._told: dict[str, int] = {}

    async def run(self) -> None:
        """Tell, until cancelled."""
        while True:
            await self._clock.sleep(_LOOK_S)
            if self._news.listeners:
                with suppress(StoreError):
                    await self.look()

    async def look(self) -> None:
        """Tell what is new.

        Raises:
            StoreError: the board cannot be read.
        """
        for one in await self._facts.since(self._since):
            self._since = max(self._since, one.ts)
            if self._told.get(one.session) == one.ts:
                continue
            self._told[one.session] = one.ts
            whose = {"deployment": one.deployment, "session": one.session, "mode": one.mode}
            parts = {name: one.told[name] for name in _PARTS if name in one.told}
            self._news.tell("snapshot", whose | parts, lasting=False)
