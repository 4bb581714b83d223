"""The job on Tradewright. Usage: python ours.py YEAR.npz."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable

import numpy as np
from market import CASH, FAST, FEE, SHARE, SLOW, read_year
from timing import best_of, say

from tradewright import Param, Signals, Strategy, __version__, ta
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.world import new_world
from tradewright.kernels.loop import run_steps
from tradewright.market.bars import make_bars
from tradewright.risk.policy import rules_of

START_NS = 1_672_531_200_000_000_000


class Cross(Strategy):
    """Turn the position round where the averages cross."""

    version = "1.0.0"
    ltf = "1m"
    fast: int = Param(FAST, low=1, doc="bars in the fast average")
    slow: int = Param(SLOW, low=2, doc="bars in the slow average")

    def signals(self, bars):
        """See the class."""
        fast, slow = ta.sma(bars.close, self.fast), ta.sma(bars.close, self.slow)
        return Signals.from_masks(bars, long=ta.crossed_above(fast, slow), short=ta.crossed_below(fast, slow))


def job(year: dict[str, np.ndarray]) -> Callable[[], Run]:
    """The public call: signals, time grid, the compiled loop, every fill and the equity of every bar."""
    minute = Timeframe.parse("1m")
    stamps = START_NS + minute.ns * np.arange(year["close"].size, dtype=np.int64)
    bars = make_bars(stamps, tuple(year[name] for name in ("open", "high", "low", "close")), year["volume"], minute)
    instrument = Instrument(
        "BTC/USDT:USDT", "synthetic", min_notional=0.0, maker_fee=FEE, taker_fee=FEE, funding_hours=0
    )
    strategy = Cross()
    spec = RunSpec(
        strategy.name, strategy.version, strategy.params, "synthetic", (instrument.symbol,), "1m", balance=CASH,
        costs=CostSpec(slippage_bps=0.0, spread_bps=0.0), fills=FillSpec(participation=0.0),
        risk=RiskSpec(
            sizing="equity_fraction", size=SHARE, min_reward_risk=0.0, require_stop=False, require_target=False
        ),
    )  # fmt: skip
    feeds = [Feed(instrument, bars)]
    return lambda: run_backtest(spec, strategy, feeds)


def outcome(run: Run) -> tuple[int, float]:
    """Positions opened, and what the account is worth at the end."""
    fills = run.world.fills
    return int((fills["lots"] > fills["closed_lots"]).sum()), float(run.world.equity[-1])


def kernels_alone(run: Run) -> Callable[[], tuple[int, float]]:
    """The compiled loop over prepared columns: what the engine itself costs."""
    rules = rules_of(run.spec)

    def call() -> tuple[int, float]:
        world = new_world(run.market, run.spec.balance, run.market.signals.size)
        run_steps(world, run.market, rules, run.market.ts_open.size)
        return int(world.account[0]["n_fills"]), float(world.equity[-1])

    return call


def peak_bytes(call: Callable[[], Run]) -> int:
    """The most memory that a run holds at one time, above its input."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main() -> None:
    """Measure each floor, one row each."""
    call = job(read_year(sys.argv[1]))
    run = call()
    who = f"tradewright {__version__}"
    seconds, trades, equity = best_of(lambda: outcome(call()))
    bytes_per_bar = peak_bytes(call) / run.market.ts_open.size
    say(who=who, way="public call", seconds=seconds, trades=trades, equity=equity, bytes_per_bar=bytes_per_bar)
    seconds, _, equity = best_of(kernels_alone(run))
    say(who=who, way="compiled loop", seconds=seconds, trades=trades, equity=equity)


if __name__ == "__main__":
    main()
