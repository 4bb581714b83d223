"""Simulated time for what waits: an hour of sleeping passes at once, in the same order every time."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import selectors
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any, TypeVar

__all__ = ["SimulatedClock", "outside", "run_simulated"]

T = TypeVar("T")
_NS = 1_000_000_000


class _NoWaiting(selectors.DefaultSelector):
    """Where others wait for input, time jumps to the next thing that is due."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0
        self.outside = 0
        self.next_due: Callable[[], float] = lambda: 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.outside:
            return super().select(None)
        if timeout is None:
            raise RuntimeError("everything waits for something that will never come")
        # Exactly when it is due: who else waits must not change by how little two things are apart.
        self.passed = max(self.passed, self.next_due())
        return []


class _Timer(asyncio.TimerHandle):
    """What is due first was asked for first, where both are due at the same time, whoever else waits."""

    number = 0

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, _Timer):
            return NotImplemented
        return (self.when(), self.number) < (other.when(), other.number)


class _Loop(asyncio.SelectorEventLoop):
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self) -> None:
        self.still = _NoWaiting()
        super().__init__(self.still)
        self.still.next_due = self._next_due
        self._numbers = itertools.count(1)

    def _next_due(self) -> float:
        return self._scheduled[0].when()

    def call_at(  # type: ignore[override]  # arguments of any type
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = _Timer(when, callback, args, self, context)
        timer.number = next(self._numbers)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True  # type: ignore[attr-defined]  # noqa: SLF001 - as asyncio's own does
        return timer

    def time(self) -> float:
        return self.still.passed


class SimulatedClock:
    """See `ports.clock.Clock`: the time of the simulated loop that it is used in.

    Args:
        start_ns: the time at which the loop begins, UTC ns.
    """

    def __init__(self, start_ns: int = 1_700_006_400 * _NS) -> None:
        self.start_ns = start_ns
        self.set_back_ns = 0
        """How far the wall clock is behind what passed; tests turn it."""

    def now_ns(self) -> int:
        """The present, UTC ns."""
        return self.start_ns + round(self.monotonic() * _NS) - self.set_back_ns

    def monotonic(self) -> float:
        """Seconds of the loop."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Let so much simulated time pass."""
        await asyncio.sleep(seconds)


@contextmanager
def outside() -> Iterator[None]:
    """In here the world outside is really waited for, a database or a socket, and simulated time stands still."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, _Loop):
        yield
        return
    loop.still.outside += 1
    try:
        yield
    finally:
        loop.still.outside -= 1


def run_simulated(act: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine in simulated time, from second 0; what waits for the outside world does so in `outside`.

    Raises:
        RuntimeError: everything waits, and nothing is due.
    """

    async def whole() -> Any:
        return await act()

    loop = _Loop()
    try:
        done: T = loop.run_until_complete(whole())
        return done
    finally:
        _cancel_rest(loop)
        loop.close()


def _cancel_rest(loop: asyncio.AbstractEventLoop) -> None:
    rest = asyncio.all_tasks(loop)
    for task in rest:
        task.cancel()
    if rest:
        loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
