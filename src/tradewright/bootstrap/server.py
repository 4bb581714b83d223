"""What the API server works with: opened together, closed together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.config.reading import Sources
from tradewright.bootstrap.config_versions import new_run_id
from tradewright.bootstrap.database import opened
from tradewright.bootstrap.desk import TRADE, desk_of, overview_of, pairs_of, simulation_of
from tradewright.bootstrap.drift_desk import DriftDesk
from tradewright.bootstrap.keys_desk import KeysDesk
from tradewright.bootstrap.notifying import chat_desk_of, notifier_of, outbox_of
from tradewright.bootstrap.people import People, people_of
from tradewright.bootstrap.research import Research, opened_research, working_jobs
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.settings_desk import SettingsDesk
from tradewright.bootstrap.wiring import now_ns
from tradewright.services.desk.deciding import Deciding
from tradewright.services.desk.recent import MOMENT_S
from tradewright.services.desk.watching import FactsWatch
from tradewright.services.health import (
    Check,
    HealthWatch,
    clock_check,
    database_check,
    disk_check,
    process_check,
    queue_check,
)
from tradewright.services.journal import Journal
from tradewright.services.moment import Moment
from tradewright.services.news import News

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.answers import Answers
    from tradewright.ports.clock import Clock
    from tradewright.ports.jobs import Workers
    from tradewright.ports.notify import Outbox
    from tradewright.ports.pairs import Pairs
    from tradewright.services.desk.desk import Desk
    from tradewright.services.desk.overview import Overview
    from tradewright.services.desk.simulation import SimulationDesk
    from tradewright.services.heard_markets import HeardMarkets
    from tradewright.services.jobs.queue import JobQueue
    from tradewright.services.notifications.notifier import Notifier

__all__ = ["Server", "opened_server"]

_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Server:
    """Everything that a request may need.

    Args:
        configured: the configuration as it was read at the start.
        settings: where things lie.
        database: open.
        news: what happens.
        desk: deployments, their sessions, and how they stand.
        overview: what they hold and have made.
        deciding: on orders that wait.
        simulation: the deployment that is there for everybody.
        pairs: that are watched.
        clock: the world's.
        health: what is looked at to say whether all is well.
        people: who may come in; `people.deeds` enters what they do into the audit log.
        outbox: messages to people, and their wishes about them.
        notifier: tells people what happens.
        jobs: work that takes longer than a request.
        research: backtests and market data.
        answers: to requests with an idempotency key.
        run_id: of this process.
        settings_desk: settings, changed from elsewhere than this machine.
        keys_desk: secrets, likewise.
        journals: of trades, by mode.
        drift: sessions beside their backtests.
        heard: bars that sessions have heard.
    """

    configured: Configured
    settings: Settings
    database: Database
    news: News
    desk: Desk
    overview: Overview
    deciding: Deciding
    simulation: SimulationDesk
    pairs: Pairs
    clock: Clock
    health: tuple[tuple[str, Check], ...]
    people: People
    outbox: Outbox
    notifier: Notifier
    jobs: JobQueue
    research: Research
    answers: Answers
    run_id: str
    settings_desk: SettingsDesk
    keys_desk: KeysDesk
    journals: Mapping[str, Journal]
    drift: DriftDesk
    heard: HeardMarkets

    async def trades(self) -> bool:
        """Whether the process that trades gives signs of life."""
        from tradewright.adapters.storage.sql.bulletin import SqlBulletin

        beat = (await SqlBulletin(self.database).beats()).get(TRADE)
        return beat is not None and not beat.is_late(self.clock.now_ns(), _PATIENCE_S)


@asynccontextmanager
async def opened_server(
    configured: Configured, workers: Workers | None = None, sources: Sources | None = None
) -> AsyncIterator[Server]:
    """Open what the server works with.

    Args:
        configured: the configuration.
        workers: who does the jobs; None for processes of our own.
        sources: where the configuration was read, and is read again; None for the working folder.

    Raises:
        StoreError: the database cannot be used.
    """
    from tradewright.adapters.storage.sql.answers import SqlAnswers
    from tradewright.adapters.storage.sql.configurations import SqlConfigHistory
    from tradewright.services.heard_markets import HeardMarkets

    settings, run_id, places = settings_of(configured), new_run_id(), sources or Sources()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings))
        clock, outbox = WallClock(), outbox_of(database)
        moment = Moment[Any](MOMENT_S, clock.monotonic)
        news, desk, pairs = _news(database, moment), desk_of(configured, database, moment), pairs_of(database, moment)
        people = people_of(database, configured)
        jobs = await stack.enter_async_context(working_jobs(database, configured, news, workers))
        research = await stack.enter_async_context(opened_research(configured, settings, database, workers))
        server = Server(
            configured=configured,
            settings=settings,
            database=database,
            news=news,
            desk=desk,
            overview=overview_of(desk, database, moment),
            deciding=Deciding(desk, clock),
            simulation=simulation_of(configured, desk, pairs),
            pairs=pairs,
            clock=clock,
            health=_health(settings, database, clock, jobs),
            people=people,
            answers=SqlAnswers(database),
            run_id=run_id,
            settings_desk=SettingsDesk(places, SqlConfigHistory(database), people.deeds, run_id),
            keys_desk=KeysDesk(configured, places, people.deeds),
            journals=_journals(database),
            outbox=outbox,
            notifier=notifier_of(configured, outbox, clock),
            jobs=jobs,
            research=research,
            drift=DriftDesk(desk, jobs, research, settings),
            heard=HeardMarkets(desk.deployments, desk.sessions),
        )
        await news.begin()
        stack.push_async_callback(news.flush)
        works = [
            news.run(),
            FactsWatch(desk.facts, news, clock).run(),
            server.notifier.run(news),
            HealthWatch(server.health, news, clock).run(),
        ]
        if configured.tree.notifications.telegram_enabled:
            talk = chat_desk_of(configured, server.desk, server.people.deeds.enter, clock)
            works.append((await stack.enter_async_context(talk)).run())
        for work in works:
            stack.push_async_callback(_cancelled, asyncio.create_task(work))
        yield server


def _journals(database: Database) -> Mapping[str, Journal]:
    from tradewright.adapters.storage.sql.books import SqlBooks
    from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES

    simulation, live = SqlBooks(database, SIM_TABLES), SqlBooks(database, LIVE_TABLES)
    return {"simulation": Journal(simulation, now_ns), "live": Journal(live, now_ns)}


def _news(database: Database, moment: Moment[Any]) -> News:
    from tradewright.adapters.storage.sql.happenings import SqlHappenings

    return News(SqlHappenings(database), WallClock(), moment.forget)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _health(settings: Settings, database: Database, clock: Clock, jobs: JobQueue) -> tuple[tuple[str, Check], ...]:
    from tradewright.adapters.storage.sql.bulletin import SqlBulletin

    bulletin = SqlBulletin(database)
    return (
        ("database", database_check(bulletin.beats, clock)),
        ("disk", disk_check(settings.data_dir)),
        ("clock", clock_check(clock)),
        ("processes", process_check(bulletin, clock)),
        ("jobs", queue_check(lambda: jobs.standing)),
    )
