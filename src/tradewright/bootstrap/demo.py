"""A market to watch: the practice exchange and three strategies that trade on it, in one process, in a simulation."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from tradewright.bootstrap.auditing import auditing
from tradewright.bootstrap.booking import booking
from tradewright.bootstrap.database import sim_sessions
from tradewright.bootstrap.database_care import user_name
from tradewright.bootstrap.paper import PaperWish
from tradewright.bootstrap.practice import PracticeWish, practice_exchange
from tradewright.bootstrap.practice_place import practice_place
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.venue_trading import VenueWish, live_trading
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.mode import Simulation
from tradewright.services.backtests import BacktestRequest
from tradewright.services.pending import Confirming

if TYPE_CHECKING:
    from tradewright.bootstrap.auditing import Auditor
    from tradewright.bootstrap.booking import Booker
    from tradewright.bootstrap.settings import Settings
    from tradewright.services.live.driver import Driver
    from tradewright.services.live.session import LiveSession
    from tradewright.services.live.terms import TradingPlace, Watcher
    from tradewright.services.live.trading import LiveTrading

__all__ = ["Demo", "DemoScreen", "run_demo"]

_ACCOUNT = ("practice-key", "practice-secret")
_CAST: tuple[tuple[str, str, dict[str, Any], bool], ...] = (
    ("simple_test", "BTC/USDT:USDT", {"every": 12}, True),
    ("ma_crossover", "ETH/USDT:USDT", {"fast": 5, "slow": 13}, False),
    ("momentum_breakout", "SOL/USDT:USDT", {}, False),
)
_CONTEXT = 300


class DemoScreen(Protocol):
    """Who shows it."""

    def happened(self, live: LiveSession, records: Any) -> None:
        """See `services.live.terms.Watcher`."""
        ...

    async def show(self, demo: Demo) -> None:
        """Show it until its `over` is set."""
        ...


@dataclass(slots=True)
class Demo:
    """What goes on.

    Args:
        drivers: of the sessions, by name.
        trading: the use case.
        sessions: journals.
        over: set to end it.
        speed: of the exchange's time.
        trade: set when every strategy trades.
    """

    drivers: dict[str, Driver]
    trading: LiveTrading
    sessions: Any
    over: asyncio.Event
    speed: float
    trade: asyncio.Event = field(default_factory=asyncio.Event)


async def run_demo(settings: Settings, terms: tuple[float, float | None, int], screen: DemoScreen) -> Demo:
    """Trade until the time is over, or the process is asked to end; then close every position, and stop.

    Args:
        settings: where sessions are kept.
        terms: speed of the exchange's time; seconds after which it ends, counted from when every strategy trades, None
            for no end; seed of the market.
        screen: who shows it.

    Raises:
        TradewrightError: it cannot be begun.
    """
    speed, seconds, seed = terms
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with (
        _exchange(settings, speed, seed) as address,
        sim_sessions(settings) as sessions,
        auditing(settings) as auditor,
        booking(settings, "simulation") as booker,
    ):
        demo = Demo({}, live_trading(settings), sessions, over, speed)
        told = partial(_told, auditor, booker, screen)
        work = [asyncio.create_task(_trade(demo, one, address, told)) for one in _CAST]
        showing = asyncio.create_task(screen.show(demo))
        try:
            ends = (*work, showing, asyncio.create_task(over.wait()))
            await _first_of(*ends, asyncio.create_task(demo.trade.wait()))
            async with asyncio.timeout(seconds):
                await _first_of(*ends)
        except TimeoutError:
            pass
        finally:
            over.set()
            for driver in demo.drivers.values():
                driver.flatten = True
                driver.stop.set()
        # Where one fails, the others close their positions all the same, before the database is closed.
        ended = await asyncio.gather(*work, return_exceptions=True)
        with suppress(asyncio.CancelledError):
            await showing
        for outcome in ended:
            if isinstance(outcome, BaseException):
                raise outcome
        return demo


async def _first_of(*tasks: asyncio.Task[Any]) -> None:
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


@asynccontextmanager
async def _exchange(settings: Settings, speed: float, seed: int) -> AsyncIterator[str]:
    from tradewright.adapters.venues.practice.server import serve

    wish = PracticeWish(
        symbols="BTCUSDT,ETHUSDT,SOLUSDT", accounts=(f"{_ACCOUNT[0]}:{_ACCOUNT[1]}:30000",), seed=seed, speed=speed,
        start=None, end=None, history=1, replay=None, tick_size=None, lot_size=None, timeframe="1m", course="path",
        spread=1, depth=250_000.0, limit_fill="queue", levels=1, recovery=5.0, correlation=0.7, basis=3.0,
        socket_hours=24.0, weight_limit=0, order_limit=0, variants=(), legacy=False, scenario=None, log=None,
        folder=None,
    )  # fmt: skip
    ports: asyncio.Queue[int] = asyncio.Queue()
    serving = asyncio.create_task(serve(practice_exchange(settings, wish), 0, lambda found: ports.put_nowait(found[0])))
    try:
        yield f"http://127.0.0.1:{await ports.get()}"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def _told(auditor: Auditor, booker: Booker, screen: DemoScreen, name: str) -> Watcher:
    auditor.opened(name, user_name())
    return booker.watching(name, "simulation", auditor.watching(name, screen))


async def _trade(
    demo: Demo, part: tuple[str, str, dict[str, Any], bool], address: str, told: Callable[[str], Watcher]
) -> None:
    strategy, instrument, params, is_confirmed = part
    request = BacktestRequest(strategy, (instrument,), timeframe="1m", params=params)
    paper = PaperWish(Reach("practice", address), request, None, _CONTEXT, None, flatten=True)
    confirming = Confirming(is_on=is_confirmed, ttl_s=15 * demo.speed)
    wish = VenueWish(paper, confirming, LiveTerms(check_s=15.0), _ACCOUNT)
    async with practice_place(demo.sessions, wish) as place:
        await _follow(demo, place, request, confirming, told)


async def _follow(
    demo: Demo, place: TradingPlace[Simulation], request: BacktestRequest, confirming: Confirming,
    told: Callable[[str], Watcher],
) -> None:  # fmt: skip
    name = await demo.trading.begin(request, _CONTEXT, place, confirming)

    def begun(driver: Driver) -> None:
        demo.drivers[name] = driver
        driver.flatten = True
        if len(demo.drivers) == len(_CAST):
            demo.trade.set()
        if demo.over.is_set():
            driver.stop.set()

    await demo.trading.follow(name, place, told(name), begun)
