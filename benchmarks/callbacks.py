"""Strategies asked at every close: nothing, an order every ten bars, an EMA cross. Usage: callbacks.py FOLDER."""

from __future__ import annotations

import sys

import numpy as np
from jobs import best_of, peak_mb, say
from market import read

from tradewright import Strategy
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.bars import make_bars

BARS = 180_000


class NoOp(Strategy):
    """Look and do nothing."""

    version = "1.0.0"

    def on_bar(self, view):
        """See the class."""


class EveryTenth(Strategy):
    """Turn the position round every ten bars."""

    version = "1.0.0"

    def on_start(self):
        """Begin long."""
        self.seen, self.side = 0, "short"

    def on_bar(self, view):
        """See the class."""
        self.seen += 1
        if self.seen % 10:
            return None
        self.side = "long" if self.side == "short" else "short"
        return Signal(self.side, view.close)


class EmaCross(Strategy):
    """Turn the position round where EMA 10 crosses EMA 20."""

    version = "1.0.0"

    def on_start(self):
        """Forget the averages."""
        self.fast = self.slow = self.side = None

    def on_bar(self, view):
        """See the class."""
        close = view.close
        self.fast = close if self.fast is None else self.fast + (close - self.fast) * 2 / 11
        self.slow = close if self.slow is None else self.slow + (close - self.slow) * 2 / 21
        side = "long" if self.fast > self.slow else "short"
        if side == self.side:
            return None
        self.side = side
        return Signal(side, close)


def main() -> None:
    """Measure each, one row each."""
    year = read(sys.argv[1], "minutes", BARS)
    minute = Timeframe.parse("1m")
    prices = tuple(year[name] for name in ("open", "high", "low", "close"))
    bars = make_bars(np.arange(BARS, dtype=np.int64) * minute.ns, prices, year["volume"], minute)
    instrument = Instrument("BTC/USDT:USDT", "synthetic", min_notional=0.0)
    risk = RiskSpec(
        sizing="fixed_quantity", size=0.001, min_reward_risk=0.0, require_stop=False, require_target=False
    )  # fmt: skip
    for strategy in (NoOp(), EveryTenth(), EmaCross()):
        spec = RunSpec(strategy.name, "1.0.0", (), "synthetic", (instrument.symbol,), "1m", risk=risk)

        def call(spec=spec, strategy=strategy):
            run = run_backtest(spec, strategy, [Feed(instrument, bars)], "on_bar")
            return int(run.world.fills.size), float(run.world.equity[-1])

        seconds, (trades, equity) = best_of(call, 5)
        say(
            who="tradewright", way=f"callback {strategy.name}", seconds=seconds, bars=BARS, trades=trades,
            equity=equity, peak_mb=peak_mb(),
        )  # fmt: skip


if __name__ == "__main__":
    main()
