"""Sessions beside their backtests, worked out by the workers and known as long as nothing has changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import Conflict
from tradewright.domain.job import URGENT
from tradewright.services.jobs.queue import Order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tradewright.bootstrap.research import Research
    from tradewright.bootstrap.settings import Settings
    from tradewright.domain.deployment import Deployment
    from tradewright.domain.job import Job
    from tradewright.services.desk.desk import Desk
    from tradewright.services.jobs.queue import JobQueue

__all__ = ["DriftDesk"]


@dataclass(frozen=True, slots=True)
class DriftDesk:
    """Has sessions played again, and set beside the backtest over their bars.

    Args:
        desk: deployments and their sessions.
        jobs: the queue.
        research: that knows the code of strategies.
        settings: where things lie.
    """

    desk: Desk
    jobs: JobQueue
    research: Research
    settings: Settings

    async def job(self, one: Deployment, owner: str) -> Job:
        """The job that says how far a deployment's session is from its backtest; it may have been done before.

        It depends on the session's journal and on the code: where neither has changed, the job before stands.

        Args:
            one: whose session.
            owner: who asks.

        Raises:
            Conflict: it has not begun to trade.
            StoreError: the journal cannot be read.
        """
        sessions = self.desk.sessions[one.mode]
        mark = await sessions.mark(one.session) if await self.desk.has_begun(one) else ""
        if not mark:
            raise Conflict(f"deployment {one.name} has not begun to trade: there is nothing to set beside a backtest")
        code = await asyncio.to_thread(self._code, one.terms.strategy)
        identity = hashlib.sha256(json.dumps(["drift", one.session, mark, code]).encode()).hexdigest()
        if (known := await self.jobs.standing_for(identity)) is not None:
            return known
        # What is read here may have grown since; what is said of it is said of what was read.
        records = await sessions.read(one.session)
        path = self.settings.data_dir.absolute() / "uploads" / f"drift-{identity}.json"
        await asyncio.to_thread(_write, path, records)
        request = {"deployment": one.name, "session": one.session, "path": str(path)}
        order = Order("drift", f"{one.name} beside its backtest", request, owner, URGENT, identity)
        job, is_new = await self.jobs.take(order)
        if not is_new and job.has_ended:
            # Somebody else was quicker, and whoever did it has cleared away already.
            await asyncio.to_thread(path.unlink, missing_ok=True)
        return job

    def _code(self, strategy: str) -> list[str]:
        # Of the platform and of every strategy of the user: a session may have gone from one to another.
        service = self.research.planner.backtests()
        whole = service.code_fingerprint(service.strategies.source(strategy))
        own = sorted(self.settings.strategies_dir.glob("*.py"))
        return [whole, *(hashlib.sha256(path.read_bytes()).hexdigest() for path in own)]


def _write(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    from tradewright.adapters.storage.atomic import replacing

    with replacing(path) as temporary:
        temporary.write_text(json.dumps(list(records), separators=(",", ":")), encoding="utf-8")
