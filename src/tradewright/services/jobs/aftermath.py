"""What follows when a job has ended: results get their tags, and what is to be told of what came out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tradewright.domain.errors import StoreError
from tradewright.domain.job import Job
from tradewright.domain.result_mark import MarkChange
from tradewright.ports.clock import Clock
from tradewright.ports.happenings import Telling
from tradewright.ports.result_marks import ResultMarks
from tradewright.ports.result_store import ResultStore

__all__ = ["Aftermath"]

_TOLD = ("symbol", "strategy", "total_return", "max_drawdown", "sharpe_ratio", "total_trades", "win_rate")


class Aftermath:
    """Looks after what jobs have made.

    Args:
        results: where they are kept.
        marks: what people put on them.
        clock: the present.
    """

    def __init__(self, results: ResultStore, marks: ResultMarks, clock: Clock) -> None:
        self._results, self._marks, self._clock = results, marks, clock

    async def __call__(self, job: Job) -> Sequence[Telling]:
        """Look after one that has ended; gives what is to be told."""
        if job.kind in ("import", "drift"):
            # The file was written for this alone.
            await asyncio.to_thread(Path(job.request["path"]).unlink, missing_ok=True)
        if job.kind != "backtest" or job.state != "done":
            return ()
        if tag := job.request.get("tag"):
            await self._marks.change(job.id, MarkChange((str(tag),)), self._clock.now_ns())
        try:
            result = await asyncio.to_thread(self._results.load, job.id)
        except StoreError:
            return ()  # somebody has deleted it since
        told = {name: getattr(result, name) for name in _TOLD}
        warnings = [one.code for one in result.warnings]
        return (Telling("backtest.finished", {"id": job.id, "warnings": warnings, **told}, self._clock.now_ns()),)
