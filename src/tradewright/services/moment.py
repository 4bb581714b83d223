"""What many ask at once is read once, and counts for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

__all__ = ["Moment"]

_MOST = 10_000

T = TypeVar("T")


class Moment(Generic[T]):
    """Answers, by what they are the answer to, for as long as they count.

    Who asks for what somebody else is just reading waits for that reading: where an answer takes longer than it counts,
    a crowd would else ask for it over and over, each for himself, and never be served.

    Args:
        seconds: for how long an answer counts.
        now: seconds; on a clock that was set back, what was kept until then counts no more.
    """

    def __init__(self, seconds: float, now: Callable[[], float]) -> None:
        self._seconds, self._now = seconds, now
        self._kept: dict[str, tuple[float, T]] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._writes = 0

    async def of(self, name: str, read: Callable[[], Awaitable[T]]) -> T:
        """The answer to something: that of a moment ago, or else it is read.

        Args:
            name: of what is asked for.
            read: it; neither what it raises nor None is kept.
        """
        if (kept := self._kept_of(name)) is not None:
            return kept[0]
        turn = self._turns.setdefault(name, asyncio.Lock())
        try:
            async with turn:
                if (kept := self._kept_of(name)) is not None:
                    return kept[0]
                writes = self._writes
                answer = await read()
                self._keep(name, answer, writes)
                return answer
        finally:
            if not turn.locked() and self._turns.get(name) is turn:
                del self._turns[name]

    def forget(self) -> None:
        """Something has been written: no answer counts any more, nor what is being read just now."""
        self._writes += 1
        self._kept.clear()

    def _kept_of(self, name: str) -> tuple[T] | None:
        found = self._kept.get(name)
        if found is None or not 0.0 <= self._now() - found[0] < self._seconds:
            return None
        return (found[1],)

    def _keep(self, name: str, answer: T, writes: int) -> None:
        if answer is None or writes != self._writes:
            return
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[name] = (self._now(), answer)
