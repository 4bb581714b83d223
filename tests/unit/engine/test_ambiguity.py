"""How much of a run hangs on what its bars do not tell."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.ambiguity import ambiguity_spread
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.bars import make_bars
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

MINUTE = Timeframe.parse("1m")
WISH = Signal("long", entry=1_000.0, stop_loss=990.0, take_profit=1_040.0)
COINS = Instrument("BTC/USDT:USDT", "test", funding_hours=0)


class Once(Strategy):
    """Buy after the first bar."""

    version = "1.0.0"
    ltf = "1m"

    def signals(self, bars):
        """One wish."""
        return Signals.from_list([(0, WISH)])

    def on_bar(self, bar):
        """The same wish."""
        return WISH if bar.ts_open == 0 else None


def run(path: str, high: float, **fills: str):
    """Buy at 1000, then a bar down to 980 and up to `high`."""
    prices = [np.array(column) for column in ([1e3, 1e3], [1e3, high], [1e3, 980.0], [1e3, 1e3])]
    bars = make_bars(MINUTE.ns * np.arange(2, dtype=np.int64), tuple(prices), np.full(2, 1e6), MINUTE)
    spec = RunSpec("once", "1.0.0", (), "test", (COINS.symbol,), "1m", fills=FillSpec(**fills))
    return run_backtest(spec, Once(), [Feed(COINS, bars)], path)


@pytest.mark.rule("A-1")
@pytest.mark.parametrize("path", ["signals", "on_bar"])
@pytest.mark.parametrize("own", ["worst", "best", "olhc"])
def test_spread_is_the_best_outcome_less_the_worst_on_either_path(path, own):
    """Whatever the run's own policy, it is measured between the same two runs."""
    outcomes = {name: run(path, 1_050.0, ambiguity=name).world.equity[-1] for name in ("worst", "best")}

    assert outcomes["best"] > 10_000.0 > outcomes["worst"]
    spread = ambiguity_spread(run(path, 1_050.0, ambiguity=own), Once())
    assert pytest.approx(outcomes["best"] - outcomes["worst"]) == spread


@pytest.mark.rule("A-1")
def test_run_without_a_doubt_has_no_spread():
    """A bar that reaches the stop alone proves it."""
    assert 0.0 == ambiguity_spread(run("signals", 1_001.0), Once())


def test_asking_for_the_spread_leaves_the_run_as_it_was():
    """The other runs are played on worlds of their own."""
    played = run("signals", 1_050.0)
    before = played.world.equity.tolist()

    ambiguity_spread(played, Once())
    assert before == played.world.equity.tolist()
