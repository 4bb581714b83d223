"""Processes under one main command: started, watched by their signs of life, started again when they fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tradewright.domain.errors import StoreError
from tradewright.ports.bulletin import Bulletin
from tradewright.ports.clock import Clock
from tradewright.ports.processes import Child, Launcher

__all__ = ["Care", "Supervisor"]


@dataclass(frozen=True, slots=True)
class Care:
    """How processes are looked after; all in seconds.

    Args:
        first_wait: before the first new start; each further one waits twice as long.
        longest_wait: before any.
        steady: after so long a life the waits begin anew.
        late: by so much a sign of life may be overdue; beyond it, the process is ended.
        look: from one look at the signs of life to the next.
        grace: to end by itself when asked, before it is ended.
        hopeless: exit code of a first life that says that trying again is no use: everything is ended then. None: there
            is none.
    """

    first_wait: float = 1.0
    longest_wait: float = 60.0
    steady: float = 120.0
    late: float = 90.0
    look: float = 5.0
    grace: float = 20.0
    hopeless: int | None = None


class Supervisor:
    """Keeps processes at work until it is told to stop; then ends them in the order in which they were named.

    Args:
        launcher: starts them.
        bulletin: where they give signs of life.
        clock: to wait by.
        told: a line for each thing that happens: the process, and what.
        care: how they are looked after.
    """

    def __init__(
        self,
        launcher: Launcher,
        bulletin: Bulletin,
        clock: Clock,
        told: Callable[[str, str], None],
        care: Care | None = None,
    ) -> None:
        self._launcher, self._bulletin, self._clock, self._told = launcher, bulletin, clock, told
        self._care = care or Care()

    async def run(self, names: Sequence[str], stop: asyncio.Event) -> None:
        """Keep processes at work until told to stop."""
        await asyncio.gather(*(self._keep(name, stop) for name in names))

    async def _keep(self, name: str, stop: asyncio.Event) -> None:
        wait, is_first = self._care.first_wait, True
        while not stop.is_set():
            begun = self._clock.monotonic()
            code = await self._life(name, stop)
            if stop.is_set():
                return
            if is_first and code == self._care.hopeless:
                self._told(name, "cannot be started as it is configured; everything is ended")
                stop.set()
                return
            is_first = False
            if self._clock.monotonic() - begun >= self._care.steady:
                wait = self._care.first_wait
            self._told(name, f"ended with {code}; it is started again in {wait:g} s")
            await self._unless(stop, wait)
            wait = min(2.0 * wait, self._care.longest_wait)

    async def _life(self, name: str, stop: asyncio.Event) -> int:
        child = await self._launcher.start(name)
        self._told(name, f"started, process {child.pid}")
        ended = asyncio.create_task(child.ended())
        try:
            while not (stop.is_set() or ended.done()):
                await self._unless(stop, self._care.look, ended)
                if not ended.done() and await self._is_late(name, child):
                    self._told(name, "gives no sign of life: it is ended")
                    child.kill()
                    return await ended
        finally:
            if not ended.done():
                await self._end(child, ended)
        return await ended

    async def _is_late(self, name: str, child: Child) -> bool:
        try:
            beat = (await self._bulletin.beats()).get(name)
        except StoreError as error:
            self._told(name, f"its signs of life cannot be read: {error}")
            return False
        # Of another process, it is that of the life before: what begins has time for its first.
        own = beat is not None and beat.pid == child.pid
        return own and beat is not None and beat.is_late(self._clock.now_ns(), self._care.late)

    async def _end(self, child: Child, ended: asyncio.Task[int]) -> None:
        child.end()
        await self._unless(None, self._care.grace, ended)
        if not ended.done():
            child.kill()
            await ended

    async def _unless(self, stop: asyncio.Event | None, seconds: float, *others: asyncio.Task[int]) -> None:
        # Wait, unless one of the others, or the stop, comes first.
        waits = [asyncio.ensure_future(self._clock.sleep(seconds))]
        if stop is not None:
            waits.append(asyncio.ensure_future(_set(stop)))
        try:
            await asyncio.wait([*waits, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


async def _set(stop: asyncio.Event) -> None:
    await stop.wait()
