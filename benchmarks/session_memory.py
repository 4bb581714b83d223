"""Memory of sessions that trade for a day: fifty instruments, five strategies, in simulated time.

Usage: session_memory.py [--hours 24] [--symbols 50] [--keep]

Five sessions in one process, each with all instruments on one-minute bars with marks, their journals in one SQLite
file; a venue in this process answers at once. Resident memory is read every simulated hour, the first time after an
hour, when what is loaded on first use is there. Fails where there is more of it than `promises.py` says.

Pages of a library that another process has loaded too are not given back: run it with no other of ours at work.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from promises import of_session_memory
from targets import broken

from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.bootstrap.settings import Settings
from tradewright.bootstrap.wiring import backtests
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.session import Heard
from tradewright.market.bars import Bars, empty_bars, make_bars, slice_bars
from tradewright.market.steps import Step
from tradewright.ports.funding_store import Rates
from tradewright.ports.history import BarKind
from tradewright.services.backtests import BacktestRequest
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.trading import Follow, PaperTrading
from tradewright.testing.databases import still_database
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

RESULTS = Path(__file__).parent / "results" / "session_memory.json"
STRATEGIES = ("ma_crossover", "momentum_breakout", "rsi_mean_reversion", "macd_bollinger", "simple_test")
MINUTE = Timeframe.parse("1m")
BEGIN = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000_000
CONTEXT = 500


class Venue:
    """Markets that were drawn beforehand; only what has closed is told."""

    venue = "memory"

    def __init__(self, symbols: int, bars: int, clock: SimulatedClock) -> None:
        self._clock, chance = clock, np.random.default_rng(1)
        opens = BEGIN + MINUTE.ns * np.arange(-CONTEXT, bars, dtype=np.int64)
        self._bars: dict[str, Bars] = {}
        for number in range(symbols):
            close = 100.0 * np.exp(np.cumsum(chance.normal(0.0, 0.001, opens.size)))
            first = np.concatenate((close[:1], close[:-1]))
            high, low = np.maximum(first, close) * 1.0005, np.minimum(first, close) * 0.9995
            volume = chance.uniform(1.0, 10.0, opens.size)
            self._bars[f"S{number:03d}/USDT:USDT"] = make_bars(opens, (first, high, low, close), volume, MINUTE)

    async def instruments(self) -> Mapping[str, Instrument]:
        """See `ports.history.History`."""
        return {name: Instrument(name, self.venue, tick_size="0.001", lot_size="0.001") for name in self._bars}

    async def now(self) -> int:
        """See `ports.history.History`."""
        return self._clock.now_ns()

    async def bars(self, kind: BarKind, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        """See `ports.history.History`; the mark is the last price."""
        del kind
        if timeframe != MINUTE:
            return empty_bars()
        own = self._bars[symbol]
        begin, stop = np.searchsorted(own.ts_open, start), np.searchsorted(own.ts_close, end, "right")
        return slice_bars(own, int(begin), int(max(begin, stop)))

    async def rates(self, symbol: str, start: int, end: int) -> Rates:
        """See `ports.history.History`: 0.01 % every eight hours."""
        del symbol
        period = 8 * 3_600_000_000_000
        times = np.arange(-(-start // period) * period, end + 1, period, dtype=np.int64)
        return times, np.full(times.size, 0.0001)


class Ear:
    """Who is told: reads the memory once an hour."""

    def __init__(self) -> None:
        self.memory: list[float] = []
        self.fills = 0

    def played(self, own: PaperSession, step: Step, heard: Heard) -> None:
        """See `services.paper.trading.Listener`."""
        self.fills += heard.fills.size
        if own.spec.strategy == STRATEGIES[0] and (step.ts_close - BEGIN) % (60 * MINUTE.ns) == 0:
            gc.collect()
            self.memory.append(resident_mb())
            print(f"hour {len(self.memory)}: {self.memory[-1]:.1f} MB", flush=True)

    def asked(self, record: Mapping[str, Any], refusal: str) -> None:
        """See `services.paper.trading.Listener`."""

    def waiting(self, reason: str, seconds: float) -> None:
        """See `services.paper.trading.Listener`."""


def resident_mb() -> float:
    """Memory of this process that is not swapped out, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def traded(folder: Path, symbols: int, hours: int) -> Ear:
    """Let five sessions trade for so many simulated hours."""
    ear, clock = Ear(), SimulatedClock(BEGIN)
    venue = Venue(symbols, 60 * hours + 1, clock)
    instruments = tuple(f"S{n:03d}/USDT:USDT" for n in range(symbols))

    async def whole() -> None:
        async with still_database(f"sqlite:///{folder}/tradewright.db") as database:
            sessions = SqlSessions(database, SIM_TABLES, lambda: BEGIN)
            trading = PaperTrading(backtests(Settings(data_dir=folder)), sessions, look_s=60.0)
            for name in STRATEGIES:
                request = BacktestRequest(name, instruments, timeframe="1m")
                await trading.begin(request, CONTEXT, (venue, clock), name=name.replace("_", "-"))
            follow = Follow(asyncio.Event(), 60 * hours)
            work = [trading.follow(name.replace("_", "-"), (venue, clock), follow, ear) for name in STRATEGIES]
            await asyncio.gather(*work)

    run_simulated(whole)
    return ear


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--symbols", type=int, default=50)
    parser.add_argument("--keep", action="store_true", help=f"write {RESULTS.name}")
    wish = parser.parse_args()
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        ear = traded(Path(folder), wish.symbols, wish.hours)
    row = {
        "symbols": wish.symbols, "strategies": len(STRATEGIES), "hours": wish.hours, "fills": ear.fills,
        "first_hour_mb": round(ear.memory[0], 1), "most_mb": round(max(ear.memory), 1),
        "mb_an_hour": round((ear.memory[-1] - ear.memory[0]) / max(len(ear.memory) - 1, 1), 2),
        "seconds": round(time.perf_counter() - begin), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    rows = of_session_memory(row)
    for one in rows:
        print(json.dumps(one), flush=True)
    if wish.keep:
        RESULTS.write_text(json.dumps(rows, indent=2) + "\n")
    if missed := broken(rows):
        raise SystemExit("\n".join(missed))


if __name__ == "__main__":
    main()
