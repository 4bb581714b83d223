"""Compile every kernel once, at set-up, so that no user waits: `python -m tradewright.bootstrap.warm`."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.drilling import HeldBars
from tradewright.engine.feed import Feed
from tradewright.features.catalog import CATALOG
from tradewright.features.native import NATIVE
from tradewright.kernels import indicators
from tradewright.kernels.compiling import cache_folder
from tradewright.kernels.indicators.gaps import is_whole
from tradewright.market.resample import resample
from tradewright.market.synthetic import synthesise
from tradewright.services.strategies import find_strategies

__all__ = ["warm"]

_BARS = 2_000


def warm() -> float:
    """Run every built-in strategy on every path that it offers, and every indicator; returns the seconds it took.

    What was compiled from kernels as they were before is removed: it would never be loaded again.
    """
    begin = time.perf_counter()
    for kept in (cache_folder(), cache_folder(Path(indicators.__file__).parent)):
        for folder in kept.parent.glob("numba-*"):
            if folder != kept:
                shutil.rmtree(folder, ignore_errors=True)
    minute, quarter = Timeframe.parse("1m"), Timeframe.parse("15m")
    minutes = synthesise(minute, 0, 15 * _BARS, 1)
    bars = resample(minutes, minute, quarter)
    registry = find_strategies()
    for name in registry.names():
        strategy = registry.create(name)
        htf = resample(bars, quarter, Timeframe.parse(strategy.htf)) if strategy.htf else None
        feed = Feed(Instrument("BTC/USDT:USDT", "warm"), bars, htf, finer=HeldBars(minutes, "1m"))
        spec = RunSpec(
            name,
            strategy.version,
            strategy.params,
            "warm",
            (feed.instrument.symbol,),
            "15m",
            strategy.htf,
            fills=FillSpec(ambiguity="subbar"),
        )
        for path, offered in (("signals", strategy.has_signals), ("on_bar", strategy.has_on_bar)):
            if offered:
                run_backtest(spec, strategy, [feed], path)
    is_whole(bars.close)
    for name, native in NATIVE.items():
        row = CATALOG[name]
        inputs = [np.ascontiguousarray(getattr(bars, column, bars.close), np.float64) for column in row.columns]
        native.columns(inputs, [one.default for one in row.parameters], len(row.results))
    return time.perf_counter() - begin


if __name__ == "__main__":
    print(f"kernels ready in {warm():.1f} s")  # noqa: T201 - the whole purpose of the command line
