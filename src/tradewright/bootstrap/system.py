"""Scanner, position manager and collector, each as a process of its own, and the command that supervises them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.config.reading import Sources
from tradewright.bootstrap.config.source import FileSource
from tradewright.bootstrap.config.tree import Configuration
from tradewright.bootstrap.config.uses import momentum_params, rules
from tradewright.bootstrap.config_following import LOOK_S, MOMENTUM, swapping, told
from tradewright.bootstrap.config_versions import author, new_run_id
from tradewright.bootstrap.database import opened
from tradewright.bootstrap.logs import log
from tradewright.bootstrap.settings import Settings, settings_of
from tradewright.bootstrap.venues import history_of
from tradewright.bootstrap.wiring import backtests, now_ns, shelves
from tradewright.domain.errors import InvalidValue
from tradewright.domain.heartbeat import Heartbeat
from tradewright.domain.timeframe import Timeframe

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.books import SqlMarkets
    from tradewright.adapters.storage.sql.bulletin import SqlBulletin
    from tradewright.bootstrap.config.tree import Scanner as ScannerKeys
    from tradewright.ports.coin_facts import CoinSource
    from tradewright.ports.history import History, Quotes
    from tradewright.ports.session_store import SimSessionStore
    from tradewright.services.config_watch import ConfigWatch
    from tradewright.services.paper.trading import Listener

__all__ = ["PROCESSES", "collect", "manage", "scan", "state", "supervise"]

PROCESSES = ("collect", "scan", "manage")
"""What the main command starts; they are ended in this order, too."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Place:
    """What each of the processes has."""

    watch: ConfigWatch
    history: History
    bulletin: SqlBulletin
    markets: SqlMarkets
    sessions: SimSessionStore
    settings: Settings
    run_id: str
    stop: asyncio.Event
    say: Say

    @property
    def tree(self) -> Configuration:
        """The configuration that is in effect."""
        tree: Configuration = self.watch.tree
        return tree

    def failed(self, reason: str, seconds: float) -> None:
        """Tell that a round failed."""
        self.say(f"{reason}; tried again in {seconds:g} s")

    async def beat(self, name: str, every_s: float, **told: Any) -> None:
        """Give a sign of life."""
        await self.bulletin.beat(Heartbeat(name, self.run_id, os.getpid(), now_ns(), every_s, told))


@asynccontextmanager
async def _place(sources: Sources, say: Say) -> AsyncIterator[_Place]:
    from tradewright.adapters.storage.sql.books import SqlMarkets
    from tradewright.adapters.storage.sql.bulletin import SqlBulletin
    from tradewright.adapters.storage.sql.configurations import SqlConfigHistory
    from tradewright.adapters.storage.sql.sessions import SqlSessions
    from tradewright.adapters.storage.sql.tables import SIM_TABLES
    from tradewright.services.config_watch import ConfigWatch, Whose

    source, run_id = FileSource(sources), new_run_id()
    configured = source.read().configured
    settings = settings_of(configured)
    async with opened(settings) as database, history_of(settings.reach) as history:
        watch = ConfigWatch(source, SqlConfigHistory(database), WallClock(), Whose(author(), run_id))
        await watch.begin()
        sessions = SqlSessions(database, SIM_TABLES, now_ns)
        yield _Place(
            watch, history, SqlBulletin(database), SqlMarkets(database), sessions, settings, run_id, _stopped(), say
        )


def _stopped() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _until_stopped(place: _Place, *works: Any) -> None:
    # Works until told to stop; what fails ends all.
    tasks = [asyncio.ensure_future(work) for work in (*works, place.watch.run(LOOK_S, told(place.say)))]
    stopped = asyncio.ensure_future(place.stop.wait())
    try:
        done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopped}:
            task.result()
    finally:
        for task in (*tasks, stopped):
            task.cancel()
        await asyncio.gather(*tasks, stopped, return_exceptions=True)


def _strategy(place: _Place) -> tuple[str, dict[str, Any]]:
    name = place.tree.scanner.strategy
    reading: Any = place.watch.reading
    return name, momentum_params(reading.configured) if name == MOMENTUM else {}


async def _looked_at(place: _Place) -> tuple[str, ...]:
    """What is scanned: those that are named, or all that the venue lists in an allowed quote currency."""
    from tradewright.domain.errors import DataError

    if place.tree.scanner.instruments:
        return place.tree.scanner.instruments
    quotes = place.tree.filtering.allowed_quote_currencies
    known = await place.history.instruments()
    found = tuple(symbol for symbol, one in sorted(known.items()) if not quotes or one.quote in quotes)
    if not found:
        raise DataError(f"{place.history.venue} lists no instrument priced in {', '.join(quotes) or 'anything'}")
    return found


async def _traded(place: _Place) -> tuple[str, ...]:
    """What is traded on paper: of what is scanned, all in one currency, the first of those that are allowed."""
    found = await _looked_at(place)
    if place.tree.scanner.instruments:
        return found
    known = await place.history.instruments()
    quotes = place.tree.filtering.allowed_quote_currencies
    there = {known[symbol].quote for symbol in found}
    if not quotes and len(there) > 1:
        allowed = "at least one, or name scanner.instruments: an account has one currency"
        raise InvalidValue("filtering.allowed_quote_currencies", list(quotes), allowed)
    own = next((quote for quote in quotes if quote in there), next(iter(there)))
    return tuple(symbol for symbol in found if known[symbol].quote == own)


def scan(sources: Sources, say: Say) -> None:
    """Scan until the process is asked to end."""
    from tradewright.services.rounds import rounds
    from tradewright.services.scanner import Scanner, ScanWish

    async def act() -> None:
        async with AsyncExitStack() as stack:
            place = await stack.enter_async_context(_place(sources, say))
            registry = backtests(place.settings).strategies
            coins = await stack.enter_async_context(_coins(place.tree.scanner))
            scanner = Scanner(place.history, place.bulletin, place.sessions, _quotes(place), coins)
            for section in ("filtering", "scanner", "momentum"):
                place.watch.on(section, lambda _reading, _changes: lambda: None)

            async def once() -> None:
                name, params = _strategy(place)
                wish = ScanWish(
                    place.tree.filtering, await _looked_at(place), Timeframe.parse(place.tree.scanner.timeframe),
                    registry.create(name, params),
                )  # fmt: skip
                found = await scanner.scan(wish)
                passed = [one.symbol for one in found if one.is_admitted]
                signals = {one.symbol: one.signal for one in found if one.signal}
                say(f"{len(passed)} of {len(found)} instruments pass; signals: {signals or 'none'}")
                if scanner.trouble:
                    say(f"what is known of coins is not up to date: {scanner.trouble}")
                await place.beat(
                    "scan", place.tree.scanner.interval_s, passed=len(passed), seen=len(found), trouble=scanner.trouble
                )

            await place.beat("scan", place.tree.scanner.interval_s)
            await _until_stopped(place, rounds(once, lambda: place.tree.scanner.interval_s, WallClock(), place.failed))

    asyncio.run(act())


def manage(sources: Sources, say: Say, told: Listener) -> None:
    """Manage positions on paper until the process is asked to end."""
    from tradewright.bootstrap.auditing import auditing
    from tradewright.bootstrap.booking import booking
    from tradewright.bootstrap.database_care import user_name
    from tradewright.services.backtests import BacktestRequest
    from tradewright.services.paper.trading import PaperTrading
    from tradewright.services.position_manager import ManageWish, PositionManager

    async def act() -> None:
        async with (
            _place(sources, say) as place,
            auditing(place.settings) as auditor,
            booking(place.settings, "simulation") as booker,
        ):

            def heard(session: str) -> Listener:
                auditor.opened(session, user_name())
                return booker.hearing(session, auditor.hearing(session, told))

            name, params = _strategy(place)
            reading: Any = place.watch.reading
            simulation, given = place.tree.simulation, dict[str, Any](rules(reading.configured))
            request = BacktestRequest(
                name, await _traded(place), params=params, timeframe=place.tree.scanner.timeframe,
                balance=simulation.initial_capital, seed=simulation.seed, **given,
            )  # fmt: skip
            wish = ManageWish(
                request, place.tree.simulation.context_bars, place.run_id, os.getpid(),
                lambda: place.tree.manager.interval_s,
            )  # fmt: skip
            place.watch.on("manager", lambda _reading, _changes: lambda: None)
            trading = PaperTrading(backtests(place.settings), place.sessions)
            manager = PositionManager(trading, place.bulletin, (place.history, WallClock()), wish, heard)
            if name == MOMENTUM:
                place.watch.on("momentum", swapping(trading.backtests.strategies, manager.swap, {}))
            await _until_stopped(place, _ending(manager.run, place.stop))

    asyncio.run(act())


async def _ending(work: Callable[[asyncio.Event], Any], stop: asyncio.Event) -> None:
    # It ends by itself when told to stop; cancelled in the middle, it would lose what it was about to put down.
    running = asyncio.ensure_future(work(stop))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.set()
        await running
        raise


def collect(sources: Sources, say: Say) -> None:
    """Store candles and snapshots of every instrument that passes until the process is asked to end."""
    from tradewright.services.collector import Collected, Collector, CollectWish
    from tradewright.services.rounds import rounds

    async def act() -> None:
        async with _place(sources, say) as place:
            collector = Collector(
                shelves(place.settings), place.history, (place.bulletin, place.markets), WallClock(), _quotes(place)
            )
            for section in ("collector", "storage"):
                place.watch.on(section, lambda _reading, _changes: lambda: None)

            async def once() -> None:
                tree = place.tree
                frame = Timeframe.parse(tree.scanner.timeframe)
                got = await collector.collect(
                    CollectWish(frame, tree.collector.snapshot_s, tree.storage.market_data_days)
                )
                _tell(got, tree.storage.market_data_days)
                await place.beat(
                    "collect", tree.scanner.interval_s, instruments=len(got.symbols), snapshots=got.snapshots
                )

            def _tell(got: Collected, days: int) -> None:
                say(f"candles of {len(got.symbols)} instruments are stored, snapshots of {got.snapshots}")
                if got.gone:
                    say(f"{got.gone:,} snapshots older than {days} days are gone, in {got.seconds:.2f} s")
                    log.info("snapshots thrown away", rows=got.gone, days=days, seconds=round(got.seconds, 3))

            await place.beat("collect", place.tree.scanner.interval_s)
            await _until_stopped(place, rounds(once, lambda: place.tree.scanner.interval_s, WallClock(), place.failed))

    asyncio.run(act())


@asynccontextmanager
async def _coins(wanted: ScannerKeys) -> AsyncIterator[CoinSource]:
    import httpx2

    from tradewright.adapters.sources.coingecko import CoinGecko, CoinGeckoTerms

    key = wanted.coingecko_key.get_secret_value() if wanted.coingecko_key else ""
    async with httpx2.AsyncClient() as client:
        yield CoinGecko(client, WallClock(), CoinGeckoTerms(wanted.coingecko_url, key))


def _quotes(place: _Place) -> Quotes | None:
    from tradewright.adapters.venues.binance.history import BinanceHistory
    from tradewright.adapters.venues.ccxt.history import CcxtHistory

    return place.history if isinstance(place.history, BinanceHistory | CcxtHistory) else None


def supervise(sources: Sources, arguments: Sequence[str], told: Callable[[str, str], None]) -> None:
    """Keep the three at work until the process is asked to end."""
    from tradewright.adapters.storage.sql.bulletin import SqlBulletin
    from tradewright.bootstrap.processes import CommandLauncher
    from tradewright.services.supervision import Supervisor

    async def act() -> None:
        settings = settings_of(FileSource(sources).read().configured)
        stop = _stopped()
        async with opened(settings) as database:
            commands = {name: (name, *arguments) for name in PROCESSES}
            supervisor = Supervisor(CommandLauncher(commands), SqlBulletin(database), WallClock(), told)
            await supervisor.run(PROCESSES, stop)

    asyncio.run(act())


def state(sources: Sources) -> dict[str, Any]:
    """What the processes said last, and what was found of each instrument."""
    from tradewright.adapters.storage.sql.bulletin import SqlBulletin

    async def act() -> dict[str, Any]:
        configured = FileSource(sources).read().configured
        async with opened(settings_of(configured)) as database:
            bulletin = SqlBulletin(database)
            beats = await bulletin.beats()
            session = beats["manage"].state.get("session") if "manage" in beats else None
            measured = await bulletin.measured(str(session)) if session else ()
            return {
                "processes": beats, "verdicts": await bulletin.verdicts(configured.tree.venue.exchange),
                "metrics": dict(measured[-1][1]) if measured else {}, "now": now_ns(),
            }  # fmt: skip

    return asyncio.run(act())
