"""A month of one-minute bars, from a file to the first result, as a script of a user's. Usage: first_result.py FILE."""

from __future__ import annotations

import sys

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.bars import make_bars
from tradewright.strategies.ma_crossover import MaCrossover

with np.load(sys.argv[1]) as stored:
    minute = Timeframe.parse("1m")
    bars = make_bars(
        stored["ts_open"], tuple(stored[name] for name in ("open", "high", "low", "close")), stored["volume"], minute
    )
instrument, strategy = Instrument("BTC/USDT:USDT", "synthetic"), MaCrossover()
spec = RunSpec(strategy.name, strategy.version, strategy.params, "synthetic", (instrument.symbol,), "1m")
run = run_backtest(spec, strategy, [Feed(instrument, bars)])
print(run.world.fills.size, run.world.equity[-1])
