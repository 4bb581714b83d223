"""What a run asks of its data."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.errors import DataError
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.bars import make_bars
from tradewright.market.synthetic import synthesise
from tradewright.strategies.ma_crossover import MaCrossover

FIVE = Timeframe.parse("5m")
BTC = Instrument("BTC/USDT:USDT", "test")


def silent() -> Feed:
    """A synthetic market whose venue reports no volume."""
    bars = synthesise(FIVE, 0, 2_000, 1)
    prices = (bars.open, bars.high, bars.low, bars.close)
    return Feed(BTC, make_bars(bars.ts_open, prices, np.zeros(bars.close.size), FIVE))


def spec(fills: FillSpec) -> RunSpec:
    """`ma_crossover` with its defaults."""
    strategy = MaCrossover()
    return RunSpec(strategy.name, strategy.version, strategy.params, "test", (BTC.symbol,), "5m", fills=fills)


def test_bars_without_volume_are_refused_where_fills_are_a_share_of_it() -> None:
    """Otherwise nothing would ever be filled, and nobody would know why."""
    with pytest.raises(DataError, match=r"the bars of BTC/USDT:USDT have no volume.*--participation 0"):
        run_backtest(spec(FillSpec()), MaCrossover(), [silent()])


def test_bars_without_volume_do_where_volume_does_not_limit() -> None:
    """Who says so trades on them."""
    assert run_backtest(spec(FillSpec(participation=0.0)), MaCrossover(), [silent()]).world.fills.size > 10
