"""Peak memory of a run over windows, on stores that grow: a process for each.

Usage: python memory.py [INSTRUMENTS [BARS ...]]; `python memory.py 500 525600` is a year of minutes of 500 instruments.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
from jobs import alone, peak_mb, say
from market import make_market

from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.windows import run_windows, timed_wishes
from tradewright.market.bars import make_bars
from tradewright.market.merge import make_marked
from tradewright.ports.candle_store import CandleKey
from tradewright.strategies.ma_crossover import MaCrossover

MINUTE = Timeframe.parse("1m")
LENGTHS = (21_600, 43_200, 86_400, 172_800)
WINDOW = 7_200


def instruments(count: int) -> list[Instrument]:
    """So many perpetuals."""
    return [Instrument(f"C{k}/USDT:USDT", "synthetic", funding_hours=8) for k in range(count)]


def fill(folder: str, count: int, bars: int) -> None:
    """Store minutes of each instrument; a few seeds are enough."""
    store = ParquetCandles(Path(folder))
    stamps = np.arange(bars, dtype=np.int64) * MINUTE.ns
    for seed in range(5):
        market = make_market(seed, bars)
        prices = tuple(market[name] / 100.0 for name in ("open", "high", "low", "close"))
        marked = make_marked(make_bars(stamps, prices, market["volume"], MINUTE))
        for traded in instruments(count)[seed::5]:
            store.save(CandleKey("synthetic", traded.symbol, MINUTE), marked)


def run(folder: str, count: int, bars: int) -> None:
    """Run an average cross over all of them, and say what it took."""
    store, traded = ParquetCandles(Path(folder)), instruments(count)
    strategy = MaCrossover()
    spec = RunSpec(
        strategy.name, strategy.version, strategy.params, "synthetic", tuple(one.symbol for one in traded), "1m",
        fills=FillSpec(participation=0.0), risk=RiskSpec(size=0.001, max_positions=count),
    )  # fmt: skip

    def feed(one: Instrument, begin: int, end: int) -> Feed:
        key = CandleKey("synthetic", one.symbol, MINUTE)
        return Feed(one, store.load(key, begin * MINUTE.ns, end * MINUTE.ns).bars)

    begin = time.perf_counter()
    wishes = timed_wishes(spec, strategy, (feed(one, 0, bars) for one in traded))
    edges = range(0, bars + 1, WINDOW)
    done = run_windows(spec, wishes, ([feed(one, *edge) for one in traded] for edge in pairwise(edges)))
    seconds = time.perf_counter() - begin
    peak = peak_mb()
    say(**alone(
        f"memory of a run over windows, {count} instruments, MB", peak, instruments=count, bars=count * bars,
        signals=int(wishes.ts.size), fills=int(done.world.fills.size), peak_mb=peak, seconds=round(seconds, 1),
        bars_per_s=round(count * bars / seconds),
    ))  # fmt: skip


def main() -> None:
    """Measure each length in a store and a process of its own."""
    if sys.argv[1:2] and sys.argv[1] in ("fill", "run"):
        (fill if sys.argv[1] == "fill" else run)(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        return
    count = sys.argv[1] if len(sys.argv) > 1 else "100"
    for bars in [int(text) for text in sys.argv[2:]] or LENGTHS:
        with tempfile.TemporaryDirectory() as folder:
            for what in ("fill", "run"):
                subprocess.run([sys.executable, __file__, what, folder, count, str(bars)], check=True)


if __name__ == "__main__":
    main()
