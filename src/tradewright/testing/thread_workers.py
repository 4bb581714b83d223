"""Workers without processes: jobs are done in threads of this one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from tradewright.bootstrap.worker import error_of
from tradewright.domain.errors import TradewrightError
from tradewright.domain.job import Headway, Job
from tradewright.ports.jobs import Died, Done, Failed, Told

__all__ = ["Do", "ThreadWorkers"]

Do = Callable[[Mapping[str, Any], Callable[[float, str], None]], dict[str, Any]]
"""See `bootstrap.job_work.JobWork.do`."""


class _Unwanted(Exception):
    pass


class ThreadWorkers:
    """See `ports.jobs.Workers`.

    Args:
        do: does a job.
    """

    def __init__(self, do: Do) -> None:
        self._do = do
        self.started = 0

    async def start(self, name: str) -> _Thread:
        """Have one more."""
        del name
        self.started += 1
        return _Thread(self._do)


class _Thread:
    def __init__(self, do: Do) -> None:
        self._do, self._is_cancelled = do, False

    @property
    def is_alive(self) -> bool:
        return True

    async def work(self, job: Job) -> AsyncIterator[Told]:
        told: asyncio.Queue[Told] = asyncio.Queue()
        loop, self._is_cancelled = asyncio.get_running_loop(), False

        def tell(fraction: float, step: str) -> None:
            if self._is_cancelled:
                raise _Unwanted
            loop.call_soon_threadsafe(told.put_nowait, Headway(fraction, step))

        def whole() -> Told:
            try:
                return Done(self._do({"id": job.id, "kind": job.kind, "request": job.request,
                                      "created": job.created}, tell))  # fmt: skip
            except _Unwanted:
                return Failed({"code": "cancelled", "detail": "nobody wants it any more"})
            except TradewrightError as error:
                return Failed(error_of(error))

        task = asyncio.create_task(asyncio.to_thread(whole))
        task.add_done_callback(lambda done: told.put_nowait(Died("left off") if done.cancelled() else done.result()))
        while True:
            heard = await told.get()
            yield heard
            if not isinstance(heard, Headway):
                return

    def cancel(self) -> None:
        self._is_cancelled = True

    async def end(self) -> None:
        self._is_cancelled = True
