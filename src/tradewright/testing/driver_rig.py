"""A driver at a small venue in simulated time: a scripted strategy, prices minute by minute, and nothing drawn."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from tradewright.domain.limits import LimitSpec
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.mode import SIMULATION
from tradewright.domain.orders import Order
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.engine.venue_session import VenueSession
from tradewright.services.live.driver import Driver
from tradewright.services.live.fold import live_session_of
from tradewright.services.live.session import LiveSession
from tradewright.services.live.terms import TradingPlace
from tradewright.services.paper.records import Beginning, beginning_record
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.venue_steps import VenueSteps
from tradewright.services.pending import Confirming
from tradewright.strategy.plugin import Plugin
from tradewright.strategy.registry import Registry
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView
from tradewright.testing.session_memory import MemorySessions
from tradewright.testing.simulated_time import SimulatedClock, run_simulated
from tradewright.testing.small_market import BEGINNING, PACE_S, SMALL, SmallMarket
from tradewright.testing.small_venue import Chances, SmallVenue

__all__ = ["RIG_NAME", "DriverRig", "run_driver", "wishing"]

T = TypeVar("T")
RIG_NAME = "20231115-000000-rig0"
_MINUTE_NS = 60_000_000_000
_PRICE, _BARS = 1_000.0, 120


class _Told(SmallMarket):
    """A market whose prices are told, each for a minute; the last stays, and before the first there is but one."""

    def __init__(self, clock: SimulatedClock, prices: Sequence[float]) -> None:
        super().__init__(1, clock, _BARS)
        first = (BEGINNING - self._from) // _MINUTE_NS * (60 // PACE_S)
        told = np.repeat(np.array([*(prices or (_PRICE,))]) * 10.0, 60 // PACE_S).round().astype(np.int64)
        self._ticks[:first] = round(_PRICE * 10)
        self._ticks[first:] = told[-1]
        self._ticks[first : first + told.size] = told


class _Clerk(SmallVenue):
    """A venue that refuses nothing but what a test lets it, and writes down each countdown that it is asked for.

    Attributes:
        refuses: of an order that is to be placed, what is answered in place of taking it; None takes it.
        counted: (seconds of the loop, seconds of the countdown) of each.
        count_answer: to a countdown.
    """

    def __init__(self, market: SmallMarket, clock: SimulatedClock) -> None:
        super().__init__(market, clock, random.Random(1), Chances())  # noqa: S311 - no secret
        self.refuses: Callable[[Any], Any] = lambda _: None
        self.counted: list[tuple[float, float]] = []
        self.count_answer: Callable[[], Any] | None = None
        self.beat = clock

    async def place(self, order: Any) -> Any:
        """See `ports.venue.OrderDesk`."""
        refused = self.refuses(order)
        return await super().place(order) if refused is None else refused

    async def count_down(self, instrument: str, seconds: float) -> Any:
        """See `ports.venue.OrderDesk`."""
        self.counted.append((self.beat.monotonic(), seconds))
        return await super().count_down(instrument, seconds) if self.count_answer is None else self.count_answer()


@dataclass
class DriverRig:
    """What a test sees.

    Args:
        clock: simulated; second 0 is the end of the session's first bar but one.
        market: whose bars it hears.
        venue: with its own books in `venue.exchange`.
        sessions: where it is kept.
        registry: of its strategies.
        terms: how closely it is watched.
        told: records as they were told of.
        driver: that runs now.
    """

    clock: SimulatedClock
    market: SmallMarket
    venue: _Clerk
    sessions: Any
    registry: Registry
    terms: LiveTerms
    told: list[Mapping[str, Any]] = field(default_factory=list)
    driver: Driver | None = None

    def __post_init__(self) -> None:
        self._run: asyncio.Task[None] | None = None

    @property
    def live(self) -> LiveSession:
        """The session as it stands."""
        assert self.driver is not None
        return self.driver.live

    @property
    def held(self) -> float:
        """Base, as the venue says."""
        return float(self.venue.exchange.held)

    def resting(self) -> list[Order]:
        """Orders that lie at the venue."""
        return [one for one in self.venue.exchange.orders.values() if one.is_open]

    def happened(self, live: Any, records: Sequence[Any]) -> None:
        """See `services.live.terms.Watcher`."""
        del live
        self.told.extend(records)

    async def start(self) -> None:
        """Take the session up."""
        begun = asyncio.Event()
        self._run = asyncio.create_task(self._follow(begun))
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait((self._run, waiting), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def _follow(self, begun: asyncio.Event) -> None:
        async with self.sessions.open(RIG_NAME) as journal:
            live = live_session_of(RIG_NAME, journal.records, self.registry)
            place: Any = TradingPlace(self.sessions, self.venue, self.market, self.clock, self.terms)
            self.driver = Driver(live, journal, place, self)
            begun.set()
            await self.driver.run()

    async def minutes(self, count: float) -> None:
        """Let so many pass; the driver must live on.

        Raises:
            TradewrightError: it does not.
        """
        await self.clock.sleep(60.0 * count)
        if self._run is not None and self._run.done():
            await self._run

    async def stop(self) -> None:
        """End the session as it should be ended."""
        assert self.driver is not None
        assert self._run is not None
        self.driver.stop.set()
        await self._run

    async def kill(self) -> None:
        """End its process as a crash would."""
        assert self._run is not None
        self._run.cancel()
        await asyncio.gather(self._run, return_exceptions=True)

    async def ask(self, kind: str, **fields: Any) -> int:
        """Ask something of the session, as a person does, and let it be heard; gives the number of the wish."""
        number: int = await self.sessions.ask(RIG_NAME, {"kind": kind, **fields})
        await self.clock.sleep(1.0)
        return number


def wishing(wishes: Mapping[int, Any], name: str = "Scripted") -> Plugin:
    """A strategy that wishes at a bar, by its number from 0, what is written.

    Args:
        wishes: by number.
        name: of its class.
    """

    def on_bar(self: Any, view: BarView) -> Any:  # noqa: ARG001 - a method
        return wishes.get((view.ts_open - BEGINNING) // _MINUTE_NS)

    kind: Any = type(name, (Strategy,), {"version": "1", "on_bar": on_bar, "__doc__": "Wish what is written."})
    return Plugin(kind, __file__, 1, "")


def run_driver(
    wishes: Mapping[int, Any], act: Callable[[DriverRig], Awaitable[T]], *, prices: Sequence[float] = (),
    terms: LiveTerms | None = None, others: Sequence[Plugin] = (), **risk: Any,
) -> T:  # fmt: skip
    """Begin a session at second 0, and let a test act upon it; its bars are numbered from 0.

    Args:
        wishes: what the strategy wishes at a bar.
        act: of the test; the session runs when it is called, and is ended after it.
        prices: for each minute.
        terms: how closely it is watched; left out, the usual ones.
        others: strategies to which it may be swapped.
        **risk: fields of `RiskSpec`; and `limits`, `confirming`, and `keep`, which opens where the session is kept.
    """

    async def whole() -> T:
        clock = SimulatedClock(BEGINNING)
        market = _Told(clock, prices)
        registry = Registry([wishing(wishes), *others])
        async with risk.pop("keep", _in_memory)() as sessions:
            rig = DriverRig(clock, market, _Clerk(market, clock), sessions, registry, terms or LiveTerms())
            async with _begun(rig, risk):
                return await act(rig)

    return run_simulated(whole)


@asynccontextmanager
async def _in_memory() -> AsyncIterator[MemorySessions[Any]]:
    yield MemorySessions(SIMULATION)


@asynccontextmanager
async def _begun(rig: DriverRig, risk: dict[str, Any]) -> AsyncIterator[None]:
    limits, confirming = risk.pop("limits", LimitSpec()), risk.pop("confirming", Confirming())
    given: dict[str, Any] = {"min_reward_risk": 0.0, "require_target": False, "sizing": "fixed_quantity", "size": 1.0}
    terms = RiskSpec(**given | {"leverage": 5.0} | risk)
    spec = RunSpec("scripted", "1", (), SMALL.venue, (SMALL.symbol,), "1m", risk=terms, limits=limits)
    feeds = await VenueSteps(rig.market, spec, rig.clock).beginning(300)
    draft = PaperSession.new(Beginning(spec, feeds, "code"), rig.registry, VenueSession)
    begun = Beginning(replace(spec, start=draft.last_close), feeds, "code")
    async with rig.sessions.begin(RIG_NAME) as journal:
        await journal.append({**beginning_record(begun), "confirming": asdict(confirming)})
    trading = asyncio.create_task(rig.venue.exchange.trade())
    await rig.start()
    try:
        yield
    finally:
        trading.cancel()
        await rig.kill()
