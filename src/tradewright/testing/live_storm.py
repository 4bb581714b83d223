"""A live session in a storm, in simulated time: faults and deaths from a seed; in the end all books agree.

Beside the venue, the machine that the session runs on may be ill: its wall clock is set, and its journal refuses to be
written.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from tradewright.domain.errors import StoreError, VenueError
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.mode import SIMULATION
from tradewright.domain.order_life import Life
from tradewright.domain.orders import exact
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.engine.venue_session import VenueSession
from tradewright.services.live.driver import Driver
from tradewright.services.live.fold import live_session_of
from tradewright.services.live.guards import bare_rows
from tradewright.services.live.session import LiveSession
from tradewright.services.live.terms import TradingPlace
from tradewright.services.live.wanted import wanted
from tradewright.services.paper.records import Beginning, beginning_record
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.venue_steps import VenueSteps
from tradewright.services.pending import Confirming
from tradewright.testing.lively import lively_registry
from tradewright.testing.mortal import Fate, MortalSessions, MortalVenue
from tradewright.testing.session_memory import MemorySessions
from tradewright.testing.simulated_time import SimulatedClock, run_simulated
from tradewright.testing.small_exchange import SmallExchange
from tradewright.testing.small_market import BEGINNING, SMALL, SmallMarket
from tradewright.testing.small_venue import Chances, SmallVenue

__all__ = ["NAME", "Ills", "Storm", "assert_books_agree", "assert_same", "play_storm"]

NAME = "20231115-000000-storm"
_CENT = 1e-4
_ALL_TOLD_S = 5.0
_TERMS = LiveTerms(most_errors=10_000, skew_s=0.0, stale_bars=30.0, bare_s=60.0, check_s=30.0)


@dataclass(slots=True)
class Storm:
    """What came of one.

    Args:
        live: the session as its last driver left it.
        venue: where it traded.
        records: of its journal.
        deaths: how often its process died, or ended because it could not write.
        failures: how often it could not write.
        entries: records as they were told of, each entry of the journal by itself.
    """

    live: LiveSession
    venue: SmallVenue
    records: Sequence[Mapping[str, Any]]
    deaths: int
    failures: int = 0
    entries: Sequence[tuple[Mapping[str, Any], ...]] = ()


@dataclass(frozen=True, slots=True)
class Ills:
    """What may be wrong with the machine that a session runs on.

    Args:
        write: is called before the journal is written; it raises where that fails.
        answer: is called before the venue tells bars; it raises where they make no sense.
        jumps: how often in a minute the wall clock is set, by up to a day, forward or back.
        terms: how closely the session is watched.
    """

    write: Callable[[random.Random], None] = lambda _: None
    answer: Callable[[random.Random], None] = lambda _: None
    jumps: float = 0.0
    terms: LiveTerms = _TERMS


Keep = Callable[[], AbstractAsyncContextManager[Any]]
"""Opens where sessions are kept."""


class _WallClock:
    """Of the machine that the session runs on: somebody may set it. What passes, passes."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock, self.ahead_ns = clock, 0
        self.monotonic, self.sleep = clock.monotonic, clock.sleep

    def now_ns(self) -> int:
        return self._clock.now_ns() + self.ahead_ns


class _Answering:
    """A market whose bars may make no sense."""

    def __init__(self, place: _Place) -> None:
        self._place = place

    async def bars(self, *asked: Any) -> Any:
        self._place.ills.answer(self._place.chance)
        return await self._place.market.bars(*asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place.market, name)


@dataclass(slots=True)
class _Place:
    clock: SimulatedClock
    market: SmallMarket
    venue: SmallVenue
    sessions: Any
    chance: random.Random
    ills: Ills
    wall: _WallClock
    failures: int = 0
    seen: list[tuple[Mapping[str, Any], ...]] = field(default_factory=list)

    def happened(self, live: Any, records: Sequence[Any]) -> None:  # noqa: ARG002 - the watcher of a session
        """See `services.live.terms.Watcher`."""
        self.seen.append(tuple(records))

    async def set_clock(self) -> None:
        """Set the wall clock now and then."""
        own = random.Random(1)  # noqa: S311 - no secret
        while self.ills.jumps:
            await self.clock.sleep(own.expovariate(self.ills.jumps / 60.0))
            self.wall.ahead_ns = round(own.uniform(-86_400.0, 86_400.0) * 1e9)


@asynccontextmanager
async def _in_memory() -> AsyncIterator[MemorySessions[Any]]:
    yield MemorySessions(SIMULATION)


def play_storm(
    seed: int, *, bars: int = 40, chances: Chances | None = None, deaths: int = 4, ills: Ills | None = None,
    keep: Keep = _in_memory,
) -> Storm:  # fmt: skip
    """Trade some bars at a venue that fails, with deaths on the way, and end in calm weather.

    Args:
        seed: of prices, faults and deaths.
        bars: minutes that are traded.
        chances: of faults; left out, they are drawn.
        deaths: at most.
        ills: of the machine; left out, it is well.
        keep: opens where the session is kept; left out, that is memory.
    """

    async def played() -> Storm:
        async with keep() as sessions:
            chance, clock = random.Random(seed), SimulatedClock(BEGINNING)  # noqa: S311 - no secret
            market = SmallMarket(seed, clock, bars + 30)
            venue = SmallVenue(market, clock, chance, Chances())
            place = _Place(clock, market, venue, sessions, chance, ills or Ills(), _WallClock(clock))
            return await _play(place, bars, chances, deaths)

    return run_simulated(played)


async def _play(place: _Place, bars: int, chances: Chances | None, deaths: int) -> Storm:
    clock, venue, chance = place.clock, place.venue, place.chance
    await _begin(place, chance)
    tasks = [asyncio.create_task(work) for work in (venue.exchange.trade(), place.set_clock())]
    venue.chances = _drawn(chance) if chances is None else chances
    died, end = 0, clock.monotonic() + bars * 60.0
    while died < deaths and clock.monotonic() < end:
        fate = Fate(chance.randint(1, 160))
        if await _live(place, fate, end):
            break
        died += 1
        await clock.sleep(chance.choice((0.0, 0.5, 5.0, 70.0, 400.0)))
    venue.chances, place.ills = Chances(), replace(place.ills, write=Ills().write, answer=Ills().answer)
    live = await _last_life(place, max(end - clock.monotonic(), 0.0) + 400.0, tasks)
    return Storm(live, venue, await place.sessions.read(NAME), died, place.failures, place.seen)


def _drawn(chance: random.Random) -> Chances:
    names = [one for one in asdict(Chances()) if one not in ("foreign", "funding")]
    struck = chance.sample(names, chance.randint(2, 7))
    found = Chances(**{name: chance.uniform(0.02, 0.3) for name in struck})
    return replace(found, foreign=chance.choice((0.0, 0.0, 0.01)), funding=chance.choice((0.0, 0.02)))


async def _begin(place: _Place, chance: random.Random) -> None:
    registry = lively_registry()
    (name,) = registry.names()
    risk = RiskSpec(
        min_reward_risk=0.0, require_target=False, leverage=5.0, on_opposite=chance.choice(("reverse", "close")),
        take_profit=chance.choice(("market", "limit")),
    )  # fmt: skip
    spec = RunSpec(name, "1", (), SMALL.venue, (SMALL.symbol,), "1m", risk=risk)
    feeds = await VenueSteps(place.market, spec, place.clock).beginning(300)
    draft = PaperSession.new(Beginning(spec, feeds, "code"), registry, VenueSession)
    begun = Beginning(replace(spec, start=draft.last_close), feeds, "code")
    async with place.sessions.begin(NAME) as journal:
        await journal.append({**beginning_record(begun), "confirming": asdict(Confirming())})


async def _live(place: _Place, fate: Fate, end: float) -> bool:
    """One life of the process; whether it lived to the end."""
    run = asyncio.create_task(_follow(place, fate, []))
    dying = asyncio.create_task(fate.dead.wait())
    await asyncio.wait((run, dying), timeout=end - place.clock.monotonic(), return_when=asyncio.FIRST_COMPLETED)
    over = place.clock.monotonic() >= end
    failed = run.done() and not run.cancelled() and run.exception()
    run.cancel()
    dying.cancel()
    await asyncio.gather(run, dying, return_exceptions=True)
    place.failures += isinstance(failed, StoreError)
    if failed and not isinstance(failed, VenueError | StoreError):
        raise failed
    return over and not isinstance(failed, StoreError)


async def _follow(place: _Place, fate: Fate, drivers: list[Driver]) -> LiveSession:
    sessions = MortalSessions(place.sessions, fate, lambda: place.ills.write(place.chance))
    async with sessions.open(NAME) as journal:
        live = live_session_of(NAME, journal.records, lively_registry())
        venue: Any = MortalVenue(place.venue, fate)
        where: Any = TradingPlace(sessions, venue, _Answering(place), place.wall, place.ills.terms)
        driver = Driver(live, journal, where, place)
        drivers.append(driver)
        await driver.run()
    return live


async def _last_life(place: _Place, seconds: float, tasks: Sequence[asyncio.Task[None]]) -> LiveSession:
    drivers: list[Driver] = []
    run = asyncio.create_task(_follow(place, Fate(), drivers))
    await asyncio.wait((run,), timeout=seconds)
    # The market stands still, and what has happened there is told: what came after the end nobody could have heard.
    for task in tasks:
        task.cancel()
    await place.clock.sleep(_ALL_TOLD_S)
    if not run.done():
        drivers[0].stop.set()
    return await run


def assert_books_agree(storm: Storm) -> None:
    """Hold our books against the venue's own.

    Raises:
        AssertionError: an order or a fill was lost, doubled or applied twice, money or position differ, or a position
            is without the stop that was decided.
    """
    live, venue = storm.live, storm.venue.exchange
    assert venue.wrongs == []
    assert set(venue.orders) <= set(live.tickets.by_name)
    assert {("BTC/USDT:USDT", one.id) for one in venue.trades} == live.trades
    run = live.session.run
    assert len(venue.trades) == run.world.fills.size
    assert {one.id for one in venue.payments} == live.payments
    assert venue.held == exact(live.session.held_lots(0), SMALL.lot)
    signed = sum(
        (one.quantity if one.side == "buy" else -one.quantity for one in venue.trades), start=Decimal(0)
    )  # fmt: skip
    assert venue.held == signed
    account = run.world.account[0]
    assert abs(float(venue.wallet) - live.session.wallet) < _CENT, (venue.wallet, live.session.wallet)
    assert abs(10_000.0 + account["realised"] - account["fees"] + account["funding"] - account["wallet"]) < _CENT
    _assert_orders(live, venue)
    assert bare_rows(live) == ()


def _assert_orders(live: LiveSession, venue: SmallExchange) -> None:
    for name, ticket in live.tickets.by_name.items():
        if name not in venue.orders:
            assert ticket.life in (Life.NEVER, Life.REJECTED), (name, ticket)
            continue
        there = venue.orders[name]
        assert there.filled == ticket.filled, (there, ticket)
        assert there.is_open == (ticket.life == Life.WORKING), (there, ticket)
    shown = {name for name, one in venue.orders.items() if one.is_open}
    named = set()
    for order in live.session.open_orders():
        working = [one for one in live.tickets.of_order(int(order["id"])) if one.life == Life.WORKING]
        want = wanted(live.session, order, "x")
        assert want is not None
        assert len(working) == 1, (order, working, live.notes[-5:])
        assert want.quantity == working[0].rest, (want, working)
        named.add(working[0].client_id)
    assert shown == named


def assert_same(one: LiveSession, other: LiveSession) -> None:
    """Hold two foldings of the same records against each other.

    Raises:
        AssertionError: something differs.
    """
    for name in ("tickets", "holdings", "trades", "payments", "unplaced", "refusals", "pending", "unwanted", "halted",
                 "is_synced", "notes"):  # fmt: skip
        assert getattr(one, name) == getattr(other, name), name
    ours, theirs = one.session.world, other.session.world
    for name in ("account", "positions", "fills", "closed", "refusals", "payments", "equity"):
        assert getattr(ours, name).tolist() == getattr(theirs, name).tolist(), name
    assert [row.tolist() for row in one.session.open_orders()] == [row.tolist() for row in other.session.open_orders()]
