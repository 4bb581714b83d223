"""A worker for what is asked while somebody waits: it keeps nothing, and has no queue on a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tradewright.domain.errors import (
    Absent,
    DataError,
    InvalidValue,
    StoreError,
    StrategyError,
    TradewrightError,
    UnknownName,
)
from tradewright.domain.job import Job, JobKind
from tradewright.ports.clock import Clock
from tradewright.ports.jobs import Workers
from tradewright.services.jobs.seat import Seat

__all__ = ["Clerk", "error_of"]

_KNOWN: Mapping[str, type[TradewrightError]] = {
    **{kind.code: kind for kind in (DataError, StrategyError, Absent, StoreError)},
    UnknownName.code: Absent,
}


class Clerk:
    """Asks a worker of its own, one thing after the other.

    Args:
        workers: where it is to be had.
        clock: to wait by.
    """

    def __init__(self, workers: Workers, clock: Clock) -> None:
        self._seat, self._clock = Seat("clerk", workers, clock), clock
        self._one_by_one = asyncio.Lock()

    async def warm(self) -> None:
        """Start the worker, so that the first who asks finds one that is ready, or soon will be."""
        await self._seat.ready()

    async def ask(self, kind: JobKind, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Have something done now; gives its result.

        Raises:
            TradewrightError: it cannot be done.
        """
        async with self._one_by_one:
            now = self._clock.now_ns()
            outcome = await self._seat.outcome(Job(f"now-{now}", kind, kind, request, "", now), lambda _: None)
        if outcome.result is None:
            raise error_of(outcome.error or {"code": "store", "detail": f"the worker ended ({outcome.how}); ask again"})
        return outcome.result

    async def close(self) -> None:
        """End the worker."""
        await self._seat.close()


def error_of(told: Mapping[str, Any]) -> TradewrightError:
    """What a worker has told of a failure, as the error that it was; see `Job.error`."""
    if told["code"] == InvalidValue.code:
        return InvalidValue(told["field"], told["value"], told["allowed"])
    return _KNOWN.get(told["code"], DataError)(told["detail"])
