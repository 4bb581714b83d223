"""The process that trades: every session of every deployment lives in it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.config.uses import reach_of
from tradewright.bootstrap.database import opened
from tradewright.bootstrap.deployments import request_of
from tradewright.bootstrap.desk import TRADE, request_for
from tradewright.bootstrap.logs import log, start_logging
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.venues import history_of
from tradewright.bootstrap.wiring import backtests, now_ns
from tradewright.domain.deployment import Deployment, DeploymentState, DeploymentTerms
from tradewright.domain.heartbeat import Heartbeat

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.auditing import Auditor
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.domain.mode import Mode
    from tradewright.ports.deployments import Deployments
    from tradewright.services.desk.telling import Reporter
    from tradewright.services.desk.venue_time import VenueTime
    from tradewright.services.live.session import LiveSession
    from tradewright.services.paper.sessions import PaperSession

__all__ = ["configured_terms", "run_trading"]

_BEAT_S = 5.0
Say = Callable[[str], None]


def configured_terms(configured: Configured, one: Any) -> DeploymentTerms:
    """The terms of a deployment of the configuration."""
    request, tree = request_of(configured, one), configured.tree
    return DeploymentTerms(
        request.strategy, request.instruments, request.timeframe, request.htf, request.params, request.balance,
        request.seed, request.risk, request.limits, request.costs, request.fills, tree.simulation.context_bars,
        one.matched_by or ("venue" if one.mode == "live" else "engine"), tree.trading.confirm_orders,
        tree.trading.confirm_ttl_s,
    )  # fmt: skip


def run_trading(configured: Configured, say: Say) -> None:
    """Trade until the process is asked to end."""
    from tradewright.bootstrap.config_versions import new_run_id
    from tradewright.services.desk.runner import Runner

    async def act() -> None:
        settings, stop = settings_of(configured), asyncio.Event()
        start_logging(configured.tree.logging)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with AsyncExitStack() as stack:
            from tradewright.adapters.storage.sql.deployments import SqlDeployments
            from tradewright.bootstrap.auditing import auditing

            database = await stack.enter_async_context(opened(settings))
            auditor = await stack.enter_async_context(auditing(settings))
            deployments = SqlDeployments(database, now_ns)
            await take_up(configured, deployments, say)
            desk = _Desk(configured, database, auditor, _reporter(database, say), say)
            runner = Runner(deployments, desk.trade, WallClock(), desk.changed)
            beating = asyncio.create_task(_beat(database, runner, new_run_id()))
            reporting = asyncio.create_task(desk.reporter.run())
            try:
                await runner.run(stop)
            finally:
                for task in (beating, reporting):
                    task.cancel()
                await asyncio.gather(beating, reporting, return_exceptions=True)
                await desk.reporter.flush()

    asyncio.run(act())


def _reporter(database: Database, say: Say) -> Reporter:
    from tradewright.adapters.storage.sql.books import SqlBooks
    from tradewright.adapters.storage.sql.happenings import SqlFacts
    from tradewright.adapters.storage.sql.tables import LIVE_TABLES, SIM_TABLES
    from tradewright.services.desk.bookkeeping import Bookkeeper
    from tradewright.services.desk.telling import Reporter

    books: dict[Mode, Any] = {"simulation": SqlBooks(database, SIM_TABLES), "live": SqlBooks(database, LIVE_TABLES)}
    return Reporter(SqlFacts(database), WallClock(), Bookkeeper(books).enter, say, _logged)


def _logged(kind: str, ids: Mapping[str, Any]) -> None:
    from tradewright.bootstrap.logs import log

    log.info(kind, **ids)


async def _beat(database: Database, runner: Any, run_id: str) -> None:
    from tradewright.adapters.storage.sql.bulletin import SqlBulletin
    from tradewright.domain.errors import StoreError

    bulletin = SqlBulletin(database)
    while True:
        try:
            beat = Heartbeat(TRADE, run_id, os.getpid(), now_ns(), _BEAT_S, {"sessions": runner.running})
            await bulletin.beat(beat)
        except StoreError:
            pass  # the next one may be written
        await asyncio.sleep(_BEAT_S)


async def take_up(configured: Configured, deployments: Deployments, say: Say) -> None:
    """Bring the deployments that the configuration names into the table; its words are those that count for them.

    Raises:
        StoreError: it cannot be written.
    """
    known = {one.name: one for one in await deployments.all()}
    named = {one.name: one for one in configured.tree.deployments}
    for name, one in named.items():
        terms = configured_terms(configured, one)
        own = known.get(name)
        if own is None:
            new = Deployment(name, one.mode, name, terms, "running", "configuration", "configuration")
            await deployments.add(new)
        elif own.origin != "configuration":
            say(f"deployment {name}: begun over the API under this name, so that the configuration's is left out")
        elif own.terms.as_plain() != terms.as_plain():
            await deployments.change(replace(own, terms=terms))
    for name, own in known.items():
        if own.origin == "configuration" and name not in named and own.wanted == "running":
            say(f"deployment {name}: the configuration does not name it any more: it is not begun")
            await deployments.change(replace(own, wanted="stopped"))


@dataclass
class _Desk:
    configured: Configured
    database: Database
    auditor: Auditor
    reporter: Reporter
    say: Say

    def changed(self, one: Deployment, state: DeploymentState, detail: str) -> None:
        """See `services.desk.runner.Tell`."""
        self.say(f"{one.name}: {state}{': ' if detail else ''}{detail}")
        told = {"deployment": one.name, "session": one.session, "mode": one.mode, "state": state, "detail": detail}
        self.reporter.tell("session.changed", told)

    async def trade(self, one: Deployment, stop: asyncio.Event) -> None:
        """See `services.desk.runner.Trade`."""
        await self.reporter.follow(one, await self._time(one))
        work = {("simulation", "engine"): self._on_paper, ("simulation", "venue"): self._at_practice}
        await work.get((one.mode, one.terms.matched_by), self._with_money)(one, stop)

    async def _time(self, one: Deployment) -> VenueTime:
        from tradewright.bootstrap.practice_place import practice_venue_time
        from tradewright.services.desk.venue_time import OURS

        venue = self.configured.tree.venue
        is_practice = one.mode == "simulation" and (one.terms.matched_by == "venue" or venue.exchange == "practice")
        return await practice_venue_time(reach_of(venue)) if is_practice else OURS

    async def _on_paper(self, one: Deployment, stop: asyncio.Event) -> None:
        from tradewright.adapters.storage.sql.sessions import SqlSessions
        from tradewright.adapters.storage.sql.tables import SIM_TABLES
        from tradewright.services.paper.trading import Follow, PaperTrading
        from tradewright.services.pending import Confirming

        sessions = SqlSessions(self.database, SIM_TABLES, now_ns)
        trading = PaperTrading(backtests(settings_of(self.configured)), sessions)
        clock = WallClock()
        async with history_of(reach_of(self.configured.tree.venue)) as history:
            if one.session not in await sessions.names():
                confirming = Confirming(one.terms.confirm_orders, one.terms.confirm_ttl_s)
                await trading.begin(
                    request_for(one.terms), one.terms.context, (history, clock), name=one.session, confirming=confirming
                )
            told = _Ear(one.session, self.reporter)
            self.reporter.heard(one.session, await trading.restored(one.session))
            await trading.follow(one.session, (history, clock), Follow(stop), told)

    async def _at_practice(self, one: Deployment, stop: asyncio.Event) -> None:
        from tradewright.adapters.storage.sql.sessions import SqlSessions
        from tradewright.adapters.storage.sql.tables import SIM_TABLES
        from tradewright.bootstrap.practice_place import practice_place
        from tradewright.bootstrap.venue_trading import PRACTICE_KEYS, trade_at_venue

        sessions = SqlSessions(self.database, SIM_TABLES, now_ns)
        wish, trading = await self._wish(one, sessions, PRACTICE_KEYS)
        async with practice_place(sessions, wish) as place:
            await trade_at_venue(trading, place, wish, self._watcher(one), stop)

    async def _with_money(self, one: Deployment, stop: asyncio.Event) -> None:
        from tradewright.adapters.storage.sql.sessions import SqlSessions
        from tradewright.adapters.storage.sql.tables import LIVE_TABLES
        from tradewright.bootstrap.live_place import live_place
        from tradewright.bootstrap.permits import led_words, orders_led, permit_for
        from tradewright.bootstrap.venue_trading import trade_at_venue

        tree = self.configured.tree
        permit = permit_for(self.configured, tree.venue.exchange)
        if led := orders_led(self.configured):
            self.say(f"{one.name}: {led_words(led)}")
            log.warning("orders led elsewhere", deployment=one.name, addresses=led)
        sessions = SqlSessions(self.database, LIVE_TABLES, now_ns)
        key, secret = tree.venue.api_key, tree.venue.api_secret
        keys = (key.get_secret_value(), secret.get_secret_value()) if key and secret else ("", "")
        wish, trading = await self._wish(one, sessions, keys)
        async with live_place(permit, sessions, wish) as place:
            await trade_at_venue(trading, place, wish, self._watcher(one), stop)

    async def _wish(self, one: Deployment, sessions: Any, keys: tuple[str, str]) -> tuple[Any, Any]:
        from tradewright.bootstrap.paper import PaperWish
        from tradewright.bootstrap.venue_trading import VenueWish, live_trading
        from tradewright.services.pending import Confirming

        terms = one.terms
        is_known = one.session in await sessions.names()
        request = None if is_known else request_for(terms)
        reach = reach_of(self.configured.tree.venue)
        paper = PaperWish(reach, request, one.session, terms.context, None, flatten=False)
        confirming = Confirming(terms.confirm_orders, terms.confirm_ttl_s)
        wish = VenueWish(paper, confirming, self.configured.tree.at_venue, keys)
        return wish, live_trading(settings_of(self.configured))

    def _watcher(self, one: Deployment) -> Callable[[str], Any]:
        return lambda name: self.auditor.watching(name, _Ear(one.session, self.reporter))


class _Ear:
    # Hears what a session does, wherever its orders are matched, and lets the reporter look.
    def __init__(self, session: str, reporter: Reporter) -> None:
        self._session, self._reporter = session, reporter
        self._known: PaperSession | None = None

    def played(self, own: PaperSession, _step: Any, _heard: Any) -> None:
        """See `services.paper.trading.Listener`."""
        self._known = own
        self._reporter.heard(self._session, own)

    def asked(self, record: Mapping[str, Any], refusal: str) -> None:
        """See `services.paper.trading.Listener`."""
        told = {"session": self._session, "asked": str(record.get("kind")), "refusal": refusal}
        self._reporter.tell("session.asked", told)
        if self._known is not None:
            self._reporter.heard(self._session, self._known)

    def waiting(self, reason: str, seconds: float) -> None:
        """See `services.paper.trading.Listener`."""
        self._reporter.tell("session.waiting", {"session": self._session, "reason": reason, "seconds": seconds})

    def happened(self, live: LiveSession, records: Sequence[Any]) -> None:
        """See `services.live.terms.Watcher`."""
        for record in records:
            if "refusal" in record:
                told = {"session": self._session, "asked": record["asked"], "refusal": record["refusal"]}
                self._reporter.tell("session.asked", told)
        self._reporter.heard(self._session, live)
