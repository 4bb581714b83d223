"""The deployments of a configuration, all in one process: each a session of its own, begun once and gone on with."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tradewright.bootstrap.auditing import auditing
from tradewright.bootstrap.booking import booking
from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.config.uses import reach_of, rules
from tradewright.bootstrap.database import live_sessions, sim_sessions
from tradewright.bootstrap.database_care import user_name
from tradewright.bootstrap.settings import settings_of
from tradewright.bootstrap.venues import history_of
from tradewright.bootstrap.wiring import backtests
from tradewright.domain.errors import InvalidValue, TradewrightError, UnknownName

if TYPE_CHECKING:
    from tradewright.bootstrap.auditing import Auditor
    from tradewright.bootstrap.booking import Booker
    from tradewright.bootstrap.config.tree import Deployment
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.ports.session_store import SessionStore
    from tradewright.services.backtests import BacktestRequest
    from tradewright.services.live.terms import Watcher
    from tradewright.services.paper.trading import Listener

__all__ = ["DeploymentView", "chosen", "request_of", "run_deployments"]

_FIRST_WAIT_S, _MOST_WAIT_S = 5.0, 300.0


class DeploymentView(Protocol):
    """Who is told what deployments do."""

    def paper(self, name: str) -> Listener:
        """For one that is matched here."""
        ...

    def venue(self, name: str) -> Watcher:
        """For one whose orders lie at a venue."""
        ...

    def failed(self, name: str, error: str, seconds: float) -> None:
        """One has failed, and is tried again after so long."""
        ...


@dataclass(slots=True)
class _Desk:
    configured: Configured
    sim: SessionStore[Any]
    live: SessionStore[Any] | None
    stop: asyncio.Event
    told: DeploymentView
    auditor: Auditor
    booker: Booker

    def paper(self, name: str) -> Listener:
        """Who hears a session that is matched here: the books, the audit log, the view."""
        return self.booker.hearing(name, self.auditor.hearing(name, self.told.paper(name)))

    def venue(self, name: str) -> Watcher:
        """Who hears a session with money."""
        return self.booker.watching(name, "live", self.auditor.watching(name, self.told.venue(name)))


def chosen(configured: Configured, names: Sequence[str]) -> tuple[Deployment, ...]:
    """The deployments of these names; all where none is named.

    Raises:
        UnknownName: there is none of that name.
        InvalidValue: there are none at all.
    """
    known = {one.name: one for one in configured.tree.deployments}
    if not known:
        raise InvalidValue("deployments", "none", "at least one in the configuration; see: tradewright config example")
    for name in names:
        if name not in known:
            raise UnknownName("deployment", name, known)
    return tuple(known[name] for name in names or known)


def request_of(configured: Configured, one: Deployment) -> BacktestRequest:
    """What a deployment trades: its own words before those of the configuration."""
    from tradewright.services.backtests import BacktestRequest

    usual = rules(configured)
    return BacktestRequest(
        one.strategy, one.instruments, timeframe=one.timeframe, htf=one.htf, params=dict(one.params),
        balance=one.capital or configured.tree.simulation.initial_capital, seed=configured.tree.simulation.seed,
        costs=usual["costs"], fills=usual["fills"], risk={**usual["risk"], **one.risk},
        limits={**usual["limits"], **one.limits},
    )  # fmt: skip


async def run_deployments(configured: Configured, names: Sequence[str], told: DeploymentView) -> None:
    """Run them until the process is asked to end. One that fails is begun again by and by; the others go on.

    Raises:
        TradewrightError: something in the configuration cannot be used, or live trading lacks a condition.
    """
    wanted = chosen(configured, names)
    for one in wanted:
        if one.mode == "simulation" and one.matched_by == "venue":
            allowed = "engine here; what is sent to the practice exchange trades under: tradewright serve, or trade"
            raise InvalidValue(f"deployments.{one.name}.matched_by", one.matched_by, allowed)
    settings, stop = settings_of(configured), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        sim = await stack.enter_async_context(sim_sessions(settings))
        with_money = any(one.mode == "live" for one in wanted)
        live = await stack.enter_async_context(live_sessions(settings)) if with_money else None
        if with_money:
            from tradewright.bootstrap.permits import permit_for

            permit_for(configured, configured.tree.venue.exchange)
        auditor = await stack.enter_async_context(auditing(settings))
        booker = await stack.enter_async_context(booking(settings, *{one.mode for one in wanted}))
        for one in wanted:
            auditor.opened(one.name, user_name())
        desk = _Desk(configured, sim, live, stop, told, auditor, booker)
        work = {"simulation": _on_paper, "live": _with_money}
        ends = await asyncio.gather(*(_supervised(desk, one, work[one.mode]) for one in wanted), return_exceptions=True)
        # Whoever cannot go on has told the others to stop: they have, before it is said.
        for error in ends:
            if error is not None:
                raise error


async def _supervised(desk: _Desk, one: Deployment, work: Callable[[_Desk, Deployment], Awaitable[None]]) -> None:
    wait = _FIRST_WAIT_S
    while not desk.stop.is_set():
        begun = asyncio.get_running_loop().time()
        try:
            await work(desk, one)
        except (InvalidValue, UnknownName):
            desk.stop.set()
            raise
        except TradewrightError as error:
            if asyncio.get_running_loop().time() - begun > _MOST_WAIT_S:
                wait = _FIRST_WAIT_S
            desk.told.failed(one.name, str(error), wait)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await desk.stop.wait()
            wait = min(2 * wait, _MOST_WAIT_S)
        else:
            return


async def _on_paper(desk: _Desk, one: Deployment) -> None:
    from tradewright.services.paper.trading import Follow, PaperTrading

    trading = PaperTrading(backtests(settings_of(desk.configured)), desk.sim)
    clock = WallClock()
    request, context = request_of(desk.configured, one), desk.configured.tree.simulation.context_bars
    async with history_of(reach_of(desk.configured.tree.venue)) as history:
        if one.name not in await desk.sim.names():
            await trading.begin(request, context, (history, clock), name=one.name)
        else:
            _check_same(trading.backtests, request, (await trading.restored(one.name)).spec, one.name)
        await trading.follow(one.name, (history, clock), Follow(desk.stop), desk.paper(one.name))


async def _with_money(desk: _Desk, one: Deployment) -> None:
    from tradewright.bootstrap.live_place import live_place
    from tradewright.bootstrap.paper import PaperWish
    from tradewright.bootstrap.permits import permit_for
    from tradewright.bootstrap.venue_trading import VenueWish, live_trading, trade_at_venue
    from tradewright.services.pending import Confirming

    tree, request = desk.configured.tree, request_of(desk.configured, one)
    exchange, context = tree.venue.exchange, tree.simulation.context_bars
    assert desk.live is not None
    known = one.name in await desk.live.names()
    reach = reach_of(tree.venue)
    paper = PaperWish(reach, None if known else request, one.name, context, None, flatten=False)
    key, secret = tree.venue.api_key, tree.venue.api_secret
    keys = (key.get_secret_value(), secret.get_secret_value()) if key and secret else ("", "")
    confirming = Confirming(tree.trading.confirm_orders, tree.trading.confirm_ttl_s)
    wish = VenueWish(paper, confirming, tree.at_venue, keys)
    trading = live_trading(settings_of(desk.configured))
    if known:
        spec = trading.restored(one.name, await desk.live.read(one.name)).spec
        _check_same(trading.backtests, request, spec, one.name)
    permit = permit_for(desk.configured, exchange)
    async with live_place(permit, desk.live, wish) as place:
        await trade_at_venue(trading, place, wish, desk.venue, desk.stop)


def _check_same(trader: Any, request: BacktestRequest, spec: Any, name: str) -> None:
    # A session goes on as it was begun; what has changed in the configuration is said, and not half done.
    from dataclasses import replace

    strategy = trader.strategies.create(request.strategy, request.params)
    now = trader.describe(replace(request, venue=spec.venue, start=None, end=None), strategy)
    for field in ("strategy", "params", "instruments", "timeframe", "balance", "costs", "risk", "fills", "limits"):
        if getattr(now, field) != getattr(spec, field):
            allowed = f"what the session was begun with; give it another name, or: tradewright sessions swap {name}"
            raise InvalidValue(f"deployments.{name}.{field}", getattr(now, field), allowed)
