"""Paper trading on a practice exchange, in process and in simulated time, with faults on the way."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from tradewright.adapters.storage.json_instruments import JsonInstruments
from tradewright.adapters.storage.json_results import JsonResults
from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.adapters.storage.parquet_funding import ParquetFunding
from tradewright.adapters.storage.sql.books import SqlBooks
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.adapters.venues.binance.history import BinanceHistory
from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
from tradewright.adapters.venues.practice.faults import Fault
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Door
from tradewright.engine.session import Heard
from tradewright.market.steps import Step
from tradewright.services.backtests import BacktestRequest, Backtests, Kept
from tradewright.services.market_data import MarketData, Shelves
from tradewright.services.paper.drift import Drift
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.trading import Follow, Listener, PaperTrading
from tradewright.services.pending import Confirming
from tradewright.services.strategies import find_strategies
from tradewright.testing.databases import still_database
from tradewright.testing.gateway_sender import GatewaySender
from tradewright.testing.practice import START, a_server
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

__all__ = ["PaperRig"]

T = TypeVar("T")


class PaperRig:
    """A data folder, a trader on paper, and the exchange whose bars he follows.

    Args:
        folder: of the data.
        faults: between the two.
        speed: of the exchange's time.

    Attributes:
        address: of the database.
        books: of its sessions, while something is asked (`do`).
        told: every step and what it brought.
        waits: why the venue could not be asked.
        asks: what was asked in between, and why it was refused.
        told_to: who is told as well.
    """

    def __init__(self, folder: Path, *faults: Fault, speed: float = 1.0) -> None:
        self.folder, self._faults, self._speed = folder, faults, speed
        self.address = f"sqlite:///{folder}/tradewright.db"
        self.clock = SimulatedClock(START + 10_000_000_000)
        shelves = Shelves(
            ParquetCandles(folder / "candles"), ParquetCandles(folder / "mark"), ParquetCandles(folder / "spread"),
            ParquetFunding(folder / "funding"), JsonInstruments(folder / "instruments"),
        )  # fmt: skip
        self._backtests = Backtests(
            MarketData(shelves, lambda: START), find_strategies(), JsonResults(folder), lambda _: "code",
            lambda: datetime(2023, 11, 15, tzinfo=UTC), lambda: self._begun,
        )  # fmt: skip
        self._begun = 0
        self.books: SqlBooks[Any]
        self.confirming: Confirming | None = None
        self.told: list[tuple[Step, Heard]] = []
        self.waits: list[str] = []
        self.asks: list[tuple[dict[str, Any], str]] = []
        self.told_to: Listener | None = None

    def played(self, own: PaperSession, step: Step, heard: Heard) -> None:
        """See `services.paper.trading.Listener`."""
        self.told.append((step, heard))
        if self.told_to is not None:
            self.told_to.played(own, step, heard)

    def asked(self, record: Mapping[str, Any], refusal: str) -> None:
        """See `services.paper.trading.Listener`."""
        self.asks.append((dict(record), refusal))

    def waiting(self, reason: str, seconds: float) -> None:
        """See `services.paper.trading.Listener`."""
        del seconds
        self.waits.append(reason)

    def begin(self, *symbols: str, context: int = 300, **fields: Any) -> str:
        """Begin a session of `simple_test` on minutes, or of what the fields say; gives its name."""
        given: dict[str, Any] = {"strategy": "simple_test", "timeframe": "1m"} | fields
        request = BacktestRequest(instruments=symbols or ("BTC/USDT:USDT",), **given)

        async def act(trading: PaperTrading) -> str:
            self._begun = len(await trading.sessions.names())
            return await trading.begin(request, context, (self.history(), self.clock), confirming=self.confirming)

        return self.do(act)

    def do(self, act: Callable[[PaperTrading], Awaitable[T]]) -> T:
        """Ask something of the trader, or of his sessions."""

        async def whole() -> T:
            async with still_database(self.address) as database:
                sessions = SqlSessions(database, SIM_TABLES, lambda: START)
                self.books = SqlBooks(database, SIM_TABLES)
                return await act(PaperTrading(self._backtests, sessions, look_s=60.0))

        return run_simulated(whole)

    def drift(self, name: str) -> Drift | None:
        """Of a session."""
        return self.do(lambda trading: trading.drift(name))

    def keep(self, own: PaperSession) -> Kept:
        """Judge a session, and keep the result."""

        async def act(trading: PaperTrading) -> Kept:
            return trading.keep(own)

        return self.do(act)

    def restored(self, name: str) -> PaperSession:
        """A session made again from its journal."""
        return self.do(lambda trading: trading.restored(name))

    def ask(self, name: str, record: Mapping[str, Any]) -> None:
        """Leave a wish for a session."""
        self.do(lambda trading: trading.sessions.ask(name, record))

    def follow(self, name: str, bars: int | None, *, after_s: float = 0.0, flatten: bool = False) -> PaperSession:
        """Follow the exchange for some bars, some seconds after the session was begun."""

        async def act(trading: PaperTrading) -> PaperSession:
            history = self.history()
            await self.clock.sleep(after_s)
            wish = Follow(asyncio.Event(), bars, flatten)
            return await trading.follow(name, (history, self.clock), wish, self)

        return self.do(act)

    def history(self) -> BinanceHistory:
        """The exchange's, whose time begins with that of the loop."""
        server = a_server(lambda: round(self.clock.monotonic() * 1e9), speed=self._speed, start=self.clock.start_ns)
        for fault in self._faults:
            server.hub.faults.add(fault)
        client = Client(
            "practice", GatewaySender(server, self.clock), Door(usdm_address(), verdict=verdict), self.clock,
            patience=Patience(reads_s=20.0), chance=random.Random(1),  # noqa: S311 - waits, no secret
        )  # fmt: skip
        return BinanceHistory("practice", client, bulk=False)
