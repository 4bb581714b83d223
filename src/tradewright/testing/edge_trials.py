"""Does a strategy earn where its edge is planted, and nothing where there is only noise?

Example::

    from tradewright.testing.edge_trials import edge_trial
    from tradewright.testing.planted_edges import trending
    from my_strategies import Breakout

    def test_breakout_earns_from_trends_and_not_from_noise():
        assert edge_trial(Breakout(), trending).t > 2.72  # 1 in 100 by luck, of 12 markets
        assert edge_trial(Breakout(), trending, edge=0.0).t < 1.80  # no better than 1 in 20
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.bars import Bars, FloatColumn
from tradewright.market.resample import resample
from tradewright.strategy.strategy import Strategy
from tradewright.testing.planted_edges import BAR, Planted

__all__ = ["EdgeTrial", "edge_trial", "traded"]

MARKETS, BARS = 12, 4_000


class EdgeTrial(NamedTuple):
    """What a strategy earned in markets that differ in their shocks alone.

    Attributes:
        returns: of each market: log of final over initial equity, all costs paid.
        trades: closings of positions or parts of them, all markets together.
    """

    returns: FloatColumn
    trades: int

    @property
    def t(self) -> float:
        """Student's t of the mean return against 0; 0 where all markets gave the same."""
        spread = float(self.returns.std(ddof=1))
        return float(self.returns.mean()) / spread * math.sqrt(self.returns.size) if spread else 0.0


def edge_trial(strategy: Strategy, market: Planted, edge: float = 1.0, first_seed: int = 100) -> EdgeTrial:
    """Trade a strategy in 12 markets of 4,000 bars each, with the usual costs and its own risk rules.

    Args:
        strategy: with its parameters set.
        market: in which its edge is planted.
        edge: how much of it: 1 as planted, 0 noise alone.
        first_seed: of the first market; the others follow.
    """
    runs = [traded(strategy, market(BARS, first_seed + k, edge), BAR) for k in range(MARKETS)]
    returns = [math.log(max(float(run.world.equity[-1]), 1e-9) / run.spec.balance) for run in runs]
    return EdgeTrial(np.array(returns), sum(run.world.closed.size for run in runs))


def traded(strategy: Strategy, bars: Bars, timeframe: Timeframe) -> Run:
    """One run on these bars, with the usual costs and the strategy's own risk rules.

    Args:
        strategy: with its parameters set.
        bars: of the traded timeframe; those of a higher one are made from them.
        timeframe: of the bars.
    """
    instrument = Instrument("EDGE/USDT:USDT", "planted", tick_size="0.01", lot_size="0.001", funding_hours=0)
    higher = Timeframe.parse(strategy.htf) if strategy.htf else None
    spec = RunSpec(
        strategy.name, strategy.version, strategy.params, instrument.venue, (instrument.symbol,), str(timeframe),
        htf=strategy.htf, risk=RiskSpec(**strategy.risk),
    )  # fmt: skip
    return run_backtest(spec, strategy, [Feed(instrument, bars, resample(bars, timeframe, higher) if higher else None)])
