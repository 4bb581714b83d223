"""Paper trading with the network and the world's clock."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradewright.bootstrap.clock import WallClock
from tradewright.bootstrap.venues import history_of
from tradewright.bootstrap.wiring import backtests

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.services.backtests import BacktestRequest
    from tradewright.services.paper.sessions import PaperSession
    from tradewright.services.paper.trading import Listener, PaperTrading

__all__ = ["PaperWish", "paper_trading", "trade_on_paper"]


@dataclass(frozen=True, slots=True)
class PaperWish:
    """What is to be traded, where and how long.

    Args:
        exchange: name of the venue.
        url: an address instead of its own.
        request: of a new session; None goes on with `resume`.
        resume: name of a session.
        context: bars that a new one's strategy is shown first.
        most: bars after which it ends; None for no end.
        flatten: close every position at the end.
    """

    exchange: str
    url: str | None
    request: BacktestRequest | None
    resume: str | None
    context: int
    most: int | None
    flatten: bool


def paper_trading(settings: Settings) -> PaperTrading:
    """Paper sessions; their journals lie beside results."""
    from tradewright.adapters.storage.session_files import SessionFiles
    from tradewright.services.paper.trading import PaperTrading

    return PaperTrading(backtests(settings), SessionFiles(settings.data_dir))


def trade_on_paper(trading: PaperTrading, wish: PaperWish, told: Listener) -> tuple[str, PaperSession]:
    """Follow a venue until it is over, or until the process is asked to end; gives the session and its name."""
    from tradewright.services.paper.trading import Follow

    async def act() -> tuple[str, PaperSession]:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        async with history_of(wish.exchange, wish.url) as history:
            clock = WallClock()
            session = wish.resume
            if wish.request is not None:
                session = await trading.begin(wish.request, wish.context, history, clock)
            if session is None:
                raise AssertionError("neither a new session nor one to go on with")
            follow = Follow(stop, wish.most, wish.flatten)
            return session, await trading.follow(session, (history, clock), follow, told)

    return asyncio.run(act())
