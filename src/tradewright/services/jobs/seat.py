"""The place of one worker: started when there is something to do, and again after it has died."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tradewright.domain.job import Headway, Job, JobState
from tradewright.ports.clock import Clock
from tradewright.ports.jobs import Died, Done, Failed, Told, Worker, Workers

__all__ = ["Outcome", "Seat"]

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt at a job went.

    Args:
        state: in which the job is now; `queued` where the worker died, so that another may try.
        result: what it gave.
        error: why it failed.
        how: the worker died.
    """

    state: JobState
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    how: str = ""


class Seat:
    """A place for one worker.

    Args:
        name: of the worker.
        workers: where it is to be had.
        clock: to wait by.
        grace_s: to leave off a job that is cancelled, before the worker is ended.
    """

    def __init__(self, name: str, workers: Workers, clock: Clock, grace_s: float = 3.0) -> None:
        self.name, self._workers, self._clock, self._grace_s = name, workers, clock, grace_s
        self._worker: Worker | None = None
        self._job = ""
        self._cancelling: asyncio.Task[None] | None = None
        self._wait_s = _FIRST_WAIT_S
        self._starting = asyncio.Lock()

    @property
    def is_alive(self) -> bool:
        """Whether a worker is here, ready or at work."""
        return self._worker is not None and self._worker.is_alive

    async def ready(self) -> Worker:
        """The worker; it is started where there is none, again and again until the system can."""
        async with self._starting:
            while self._worker is None:
                try:
                    self._worker = await self._workers.start(self.name)
                except OSError:
                    await self._pause()
            return self._worker

    async def outcome(self, job: Job, heard: Callable[[Headway], None]) -> Outcome:
        """Have a job done.

        Args:
            job: what.
            heard: told how far it is.
        """
        self._job = job.id
        told: Told = Died("said nothing")
        try:
            worker = await self.ready()
            if self._cancelling is not None:
                return Outcome("cancelled")
            async for told in worker.work(job):
                if isinstance(told, Headway):
                    heard(told)
            return await self._judged(told)
        finally:
            self._job = ""
            if self._cancelling is not None:
                self._cancelling.cancel()
                self._cancelling = None

    async def _judged(self, told: Told) -> Outcome:
        match told:
            case Done(result):
                self._wait_s = _FIRST_WAIT_S
                return Outcome("done", result=result)
            case Failed(error):
                self._wait_s = _FIRST_WAIT_S
                is_wanted = error.get("code") == "cancelled"
                return Outcome("cancelled") if is_wanted else Outcome("failed", error=error)
        await self.close()
        if self._cancelling is not None:
            return Outcome("cancelled")
        await self._pause()
        return Outcome("queued", how=told.how if isinstance(told, Died) else "left off in the middle")

    def cancel(self, job_id: str) -> None:
        """Leave off this job, if it is the one that is being done; a worker that does not leave off is ended."""
        if self._job == job_id and self._cancelling is None:
            if self._worker is not None:
                self._worker.cancel()
            self._cancelling = asyncio.create_task(self._end_after_grace())

    async def _end_after_grace(self) -> None:
        await self._clock.sleep(self._grace_s)
        if self._worker is not None:
            await self._worker.end()

    async def close(self) -> None:
        """End the worker."""
        if (worker := self._worker) is not None:
            self._worker = None
            await worker.end()

    async def _pause(self) -> None:
        # What dies at once would otherwise be started as fast as the machine can.
        await self._clock.sleep(self._wait_s)
        self._wait_s = min(2.0 * self._wait_s, _LONGEST_WAIT_S)
