"""An exchange of CCXT whose answers are scripted, in simulated time."""

from __future__ import annotations

import asyncio
from typing import Any

from tradewright.adapters.venues.ccxt.library import bare
from tradewright.testing.simulated_time import SimulatedClock

__all__ = ["Scripted", "a_market"]

BTC = "BTC/USDT"
MINUTE_MS = 60_000


def a_market() -> dict[str, Any]:
    """A spot market in the library's form."""
    return {
        "id": BTC, "symbol": BTC, "base": "BTC", "quote": "USDT", "settle": None, "type": "spot", "spot": True,
        "swap": False, "future": False, "option": False, "contract": False, "linear": False, "inverse": False,
        "active": True, "precision": {"price": 0.1, "amount": 0.001}, "maker": 0.0002, "taker": 0.0005,
        "limits": {"amount": {"min": 0.001}, "cost": {"min": 5}, "price": {}, "leverage": {}},
    }  # fmt: skip


class Scripted:
    """An exchange of the library with answers of our own, in simulated time: bars for ever, trades on wish, quotes.

    Args:
        clock: of the simulated loop.
        name: as the library knows it.
        cap: so many candles are kept.
    """

    def __init__(self, clock: SimulatedClock, name: str = "kraken", cap: int = 720) -> None:
        self.clock, self.cap = clock, cap
        self.exchange = bare(name)
        self.exchange.set_markets([a_market()])
        self.exchange.has |= {"fetchTime": True, "watchBidsAsks": True}
        self.errors: list[Exception] = []
        self.asked: list[tuple[str, int, int]] = []
        self.trades: asyncio.Queue[list[dict[str, Any]]] = asyncio.Queue()
        self.now_ahead_ms = 0
        for ability in ("load_markets", "fetch_time", "fetch_ohlcv", "watch_trades", "watch_bids_asks"):
            setattr(self.exchange, ability, getattr(self, ability))
        self.hung_up = 0

    def now_ms(self) -> int:
        """The exchange's time, UTC ms."""
        return self.clock.now_ns() // 1_000_000 + self.now_ahead_ms

    async def load_markets(self) -> None:
        """As the library does; the markets are there already."""
        await self._way()

    async def fetch_time(self) -> int:
        """The exchange's time, as it is asked for."""
        await self._way()
        return self.now_ms()

    async def _way(self) -> None:
        await asyncio.sleep(0.02)
        if self.errors:
            raise self.errors.pop(0)

    async def fetch_ohlcv(self, symbol: str, length: str, since: int, limit: int) -> list[list[float]]:  # noqa: ARG002 - one
        """As Kraken: the open candle too, and no more than the last rows, whatever was asked for."""
        self.asked.append((length, since, limit))
        await self._way()
        step = MINUTE_MS if length == "1m" else 86_400_000
        oldest = self.now_ms() // step * step - (self.cap - 1) * step
        begin = max(-(-since // step) * step, oldest)
        opens = range(begin, self.now_ms() + 1, step)[: min(limit, self.cap)]
        return [[ts, 100.0, 101.0, 99.0, 100.0 + ts // step % 7 / 10, 1.0] for ts in opens]

    async def watch_trades(self, symbol: str) -> list[dict[str, Any]]:  # noqa: ARG002 - there is one
        """The trades that were put there next."""
        return await self.trades.get()

    async def watch_bids_asks(self, symbols: list[str]) -> dict[str, Any]:  # noqa: ARG002 - there is one
        """A quote a second."""
        await asyncio.sleep(1.0)
        return {BTC: {"bid": 99.9, "ask": 100.1, "bidVolume": 1.0, "askVolume": 2.0, "timestamp": self.now_ms()}}
