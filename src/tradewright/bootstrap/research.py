"""What the API server needs for backtests and market data. What is heavy is imported when it is first asked for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.logs import log
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.workers import ProcessWorkers
from tradewright.services.jobs.clerk import Clerk
from tradewright.services.jobs.queue import JobQueue, Staff

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.evaluation_store import EvaluationStore
    from tradewright.ports.jobs import Workers
    from tradewright.ports.result_marks import ResultMarks
    from tradewright.services.coverage import Coverage
    from tradewright.services.jobs.planning import Planner
    from tradewright.services.news import News
    from tradewright.services.result_details import ResultDetails
    from tradewright.services.result_shelf import ResultShelf
    from tradewright.services.strategy_shelf import StrategyShelf

_DISCARDED_NS = 7 * 86_400_000_000_000
"""So long a deleted result can be brought back."""

__all__ = ["Research", "opened_research", "working_jobs"]


@dataclass(frozen=True, slots=True)
class Research:
    """Backtests, and what they need.

    Args:
        planner: checks what is asked for.
        coverage: of the stored market data.
        shelf: of results.
        strategies: as they are now.
        details: of results.
        marks: what people put on results.
        evaluations: that are kept.
        clerk: does what is asked while somebody waits.
    """

    planner: Planner
    coverage: Coverage
    shelf: ResultShelf
    strategies: StrategyShelf
    details: ResultDetails
    marks: ResultMarks
    evaluations: EvaluationStore
    clerk: Clerk


@asynccontextmanager
async def opened_research(
    configured: Configured, settings: Settings, database: Database, workers: Workers | None = None
) -> AsyncIterator[Research]:
    """Open it for as long as the block runs; nothing is read yet."""
    from tradewright.adapters.storage.json_evaluations import JsonEvaluations
    from tradewright.adapters.storage.json_results import JsonResults
    from tradewright.adapters.storage.series_stamps import SeriesStamps
    from tradewright.adapters.storage.sql.result_marks import SqlResultMarks
    from tradewright.bootstrap.wiring import backtests, market_data
    from tradewright.services.backtests import Backtests
    from tradewright.services.coverage import Coverage
    from tradewright.services.jobs.planning import Planner
    from tradewright.services.result_details import ResultDetails
    from tradewright.services.result_shelf import ResultShelf
    from tradewright.services.strategies import find_strategies
    from tradewright.services.strategy_shelf import StrategyShelf

    strategies = StrategyShelf(settings.strategies_dir, find_strategies)
    coverage = Coverage(market_data(settings), SeriesStamps(settings.data_dir), configured.tree.venue.exchange)

    def service() -> Backtests:
        return backtests(settings, strategies())

    results = JsonResults(settings.data_dir)
    clerk = Clerk(workers or ProcessWorkers(settings, configured.tree.logging), WallClock())
    try:
        yield Research(
            Planner(service, coverage), coverage, ResultShelf(results), strategies,
            ResultDetails(results, coverage.market_data), SqlResultMarks(database),
            JsonEvaluations(settings.data_dir), clerk,
        )  # fmt: skip
    finally:
        await clerk.close()


@asynccontextmanager
async def working_jobs(
    database: Database, configured: Configured, news: News, workers: Workers | None = None
) -> AsyncIterator[JobQueue]:
    """The queue of jobs, for as long as the block runs; a core is left for what trades and answers, unless it is said.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.json_results import JsonResults
    from tradewright.adapters.storage.sql.jobs import SqlJobs
    from tradewright.adapters.storage.sql.result_marks import SqlResultMarks
    from tradewright.services.jobs.aftermath import Aftermath

    settings = settings_of(configured)
    heads = configured.tree.server.workers or max((os.cpu_count() or 1) - 1, 1)
    staff = Staff(workers or ProcessWorkers(settings, configured.tree.logging), heads)
    clock = WallClock()
    queue = JobQueue(SqlJobs(database), staff, news, clock)
    queue.trace = lambda what, ids: log.info(what, **ids)
    queue.after.append(Aftermath(JsonResults(settings.data_dir), SqlResultMarks(database), clock))
    await asyncio.to_thread(JsonResults(settings.data_dir).purge, clock.now_ns() - _DISCARDED_NS)
    await queue.begin()
    try:
        yield queue
    finally:
        await queue.close()
