"""A process goes by its configuration while it works: what may change is put into effect, or it is said why not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.config.reading import Sources
from tradewright.bootstrap.config.source import FileSource
from tradewright.bootstrap.config.uses import momentum_params
from tradewright.bootstrap.config_versions import author, new_run_id
from tradewright.bootstrap.database import opened
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.wiring import backtests, now_ns

if TYPE_CHECKING:
    from tradewright.domain.mode import Mode
    from tradewright.ports.config_source import ConfigReading
    from tradewright.services.config_watch import Applier, ConfigOutcome
    from tradewright.strategy.registry import Registry

__all__ = ["LOOK_S", "MOMENTUM", "following", "swapping", "told"]

LOOK_S = 2.0
"""Seconds from one look at the file to the next."""
MOMENTUM = "momentum_scanner"
"""The strategy whose parameters are keys of the configuration."""
Swap = Callable[[Mapping[str, Any]], Coroutine[Any, Any, object]]


@asynccontextmanager
async def following(
    sources: Sources, mode: Mode, own: tuple[str | None, Mapping[str, Any]], say: Callable[[str], None]
) -> AsyncIterator[Callable[[str], None]]:
    """Let one session go by the configuration: changed parameters of its strategy are asked of it, as by hand.

    Args:
        sources: of the configuration.
        mode: of the session.
        own: its strategy, None where the session knows it; and the parameters that the command gave, which stay.
        say: told what came of each change, in a line.

    Yields:
        What is called with the session's name once it has one.

    Raises:
        StoreError: the configuration cannot be kept.
    """
    from tradewright.adapters.storage.sql.configurations import SqlConfigHistory
    from tradewright.adapters.storage.sql.sessions import SqlSessions
    from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES
    from tradewright.services.config_watch import ConfigWatch, Whose

    source, names = FileSource(sources), list[str]()
    settings = settings_of(source.read().configured)
    async with opened(settings) as database:
        watch = ConfigWatch(source, SqlConfigHistory(database), WallClock(), Whose(author(), new_run_id()))
        await watch.begin()
        sessions: Any = SqlSessions(database, LIVE_TABLES if mode == "live" else SIM_TABLES, now_ns)

        async def swap(params: Mapping[str, Any]) -> None:
            for name in names:
                await sessions.ask(name, {"kind": "swap", "params": dict(params), "by": author()})

        strategy, given = own
        if strategy == MOMENTUM:
            watch.on("momentum", swapping(backtests(settings).strategies, swap, given))
        looking = asyncio.create_task(watch.run(LOOK_S, told(say)))
        try:
            yield names.append
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


def swapping(strategies: Registry, swap: Swap, given: Mapping[str, Any]) -> Applier:
    """What goes by the section `momentum`: the strategy says first whether it can use what changed.

    Args:
        strategies: of which it is one.
        swap: asks the session to go on with other parameters.
        given: parameters that stay as they are, whatever the configuration says.
    """
    asked: set[asyncio.Task[object]] = set()

    def check(reading: ConfigReading, _changes: object) -> Callable[[], None]:
        configured: Any = reading
        whole = strategies.create(MOMENTUM, momentum_params(configured.configured) | dict(given)).params
        params = {name: value for name, value in whole if name not in given}

        def commit() -> None:
            task = asyncio.ensure_future(swap(params))
            asked.add(task)
            task.add_done_callback(asked.discard)

        return commit

    return check


def told(say: Callable[[str], None]) -> Callable[[ConfigOutcome], None]:
    """What came of a change, in a line."""

    def tell(outcome: ConfigOutcome) -> None:
        if outcome.refused or outcome.version is None:
            say(f"the configuration was not changed: {outcome.refused}")
            return
        keys = ", ".join(change.path for change in outcome.version.changes)
        say(f"configuration version {outcome.version.number} is in effect: {keys}")
        if outcome.unheard:
            say(f"nothing here goes by {', '.join(outcome.unheard)}")

    return tell
