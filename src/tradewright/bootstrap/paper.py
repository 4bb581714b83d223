"""Paper trading with the network and the world's clock."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.database import opened
from tradewright.bootstrap.venues import history_of
from tradewright.bootstrap.wiring import backtests, now_ns

if TYPE_CHECKING:
    from tradewright.bootstrap.reach import Reach
    from tradewright.bootstrap.settings import Settings
    from tradewright.services.backtests import BacktestRequest
    from tradewright.services.paper.sessions import PaperSession
    from tradewright.services.paper.trading import Listener, PaperTrading
    from tradewright.services.pending import Confirming

__all__ = ["PaperWish", "on_paper", "paper_trading", "trade_on_paper"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PaperWish:
    """What is to be traded, where and how long.

    Args:
        reach: how the venue is reached.
        request: of a new session; None goes on with `resume`.
        resume: name of a session.
        context: bars that a new one's strategy is shown first.
        most: bars after which it ends; None for no end.
        flatten: close every position at the end.
        confirming: how orders that open a position are confirmed; None sends them at once.
    """

    reach: Reach
    request: BacktestRequest | None
    resume: str | None
    context: int
    most: int | None
    flatten: bool
    confirming: Confirming | None = None


@asynccontextmanager
async def paper_trading(settings: Settings) -> AsyncIterator[PaperTrading]:
    """Paper sessions; their journals lie in the database.

    Raises:
        StoreError: it cannot be opened, or its tables are not those of this version.
    """
    from tradewright.adapters.storage.sql.sessions import SqlSessions
    from tradewright.adapters.storage.sql.tables import SIM_TABLES
    from tradewright.services.paper.trading import PaperTrading

    async with opened(settings) as database:
        sessions = SqlSessions(database, SIM_TABLES, now_ns)
        yield PaperTrading(backtests(settings), sessions)


def on_paper(settings: Settings, act: Callable[[PaperTrading], Awaitable[T]]) -> T:
    """Do something with paper sessions, from where nothing waits."""

    async def whole() -> T:
        async with paper_trading(settings) as trading:
            return await act(trading)

    return asyncio.run(whole())


async def trade_on_paper(
    trading: PaperTrading, wish: PaperWish, told: Callable[[str], Listener]
) -> tuple[str, PaperSession]:
    """Follow a venue until it is over, or until the process is asked to end; gives the session and its name.

    Args:
        trading: the use case.
        wish: what is to be traded.
        told: makes, for the session's name, who is told what goes on.

    Raises:
        TradewrightError: whatever is wrong with the wish, the session, its journal or the venue.
    """
    from tradewright.services.paper.trading import Follow

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with history_of(wish.reach) as history:
        clock = WallClock()
        name = wish.resume
        if wish.request is not None:
            name = await trading.begin(wish.request, wish.context, (history, clock), confirming=wish.confirming)
        if name is None:
            raise AssertionError("neither a new session nor one to go on with")
        follow = Follow(stop, wish.most, wish.flatten)
        return name, await trading.follow(name, (history, clock), follow, told(name))
