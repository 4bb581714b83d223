"""Workers side by side that take jobs from one line, the most urgent first."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Sequence

from tradewright.domain.job import Job
from tradewright.services.jobs.seat import Seat

__all__ = ["Lane"]

Do = Callable[[Job, Seat], Awaitable[None]]


class Lane:
    """A line of jobs, and workers that take from it.

    Args:
        seats: one for each worker.
    """

    def __init__(self, seats: Sequence[Seat]) -> None:
        self._seats = seats
        self._line: list[tuple[tuple[int, int], str]] = []
        self._jobs: dict[str, Job] = {}
        self._is_there = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def workers(self) -> tuple[int, int]:
        """How many are there, and how many there may be."""
        return sum(seat.is_alive for seat in self._seats), len(self._seats)

    def begin(self, do: Do) -> None:
        """Have what is in line done."""
        self._tasks = [asyncio.create_task(self._serve(seat, do)) for seat in self._seats]

    async def close(self) -> None:
        """Leave off, and end the workers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(seat.close() for seat in self._seats))

    async def warm(self) -> None:
        """Have one worker ready."""
        await self._seats[0].ready()

    def add(self, job: Job) -> None:
        """Put a job in line."""
        self._jobs[job.id] = job
        heapq.heappush(self._line, (job.order, job.id))
        self._is_there.set()

    def drop(self, job_id: str) -> None:
        """Take a job out of the line."""
        self._jobs.pop(job_id, None)

    def cancel(self, job_id: str) -> None:
        """Have the worker leave off that does this job."""
        for seat in self._seats:
            seat.cancel(job_id)

    async def _serve(self, seat: Seat, do: Do) -> None:
        while True:
            await do(await self._next(), seat)

    async def _next(self) -> Job:
        while True:
            while self._line:
                job = self._jobs.pop(heapq.heappop(self._line)[1], None)
                if job is not None:
                    return job
            self._is_there.clear()
            await self._is_there.wait()
