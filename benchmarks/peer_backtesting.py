"""The jobs on backtesting.py. Usage: python peer_backtesting.py (A | B | C) FOLDER [--bars N]. In its own environment.

It trades whole units, so prices are told in hundred-millionths. Several symbols in one account it does not know: job D
is not done.
"""

from __future__ import annotations

import sys
import warnings

import backtesting
import numpy as np
import pandas as pd
from backtesting.lib import crossover
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, STOP, TARGET, WARM_UP, Outcome, measure, wish
from market import read

UNIT = 1e-8
backtesting.backtesting._tqdm = lambda rows, **_: rows  # noqa: SLF001 - to draw progress is no part of the job


def sma(values: np.ndarray, bars: int) -> np.ndarray:
    """A simple moving average."""
    return pd.Series(values).rolling(bars).mean().to_numpy()


def ema(values: np.ndarray, bars: int) -> np.ndarray:
    """An exponential moving average."""
    return pd.Series(values).ewm(span=bars, adjust=False).mean().to_numpy()


class Cross(backtesting.Strategy):
    """Jobs A and C."""

    fast, slow = FAST, SLOW

    def init(self):
        """See the class."""
        self.quick, self.calm = (self.I(sma, self.data.Close, bars) for bars in (self.fast, self.slow))

    def next(self):
        """See the class."""
        if crossover(self.quick, self.calm):
            self.position.close()
            self.buy(size=SHARE)
        elif crossover(self.calm, self.quick):
            self.position.close()
            self.sell(size=SHARE)


class Bracket(backtesting.Strategy):
    """Job B; stop and target by the close, for they must be known when the order is sent."""

    def init(self):
        """See the class."""
        self.quick, self.calm = (self.I(ema, self.data.Close, bars) for bars in (FAST, SLOW))

    def next(self):
        """See the class."""
        if self.position or len(self.data) <= WARM_UP:
            return
        price = self.data.Close[-1]
        if crossover(self.quick, self.calm):
            self.buy(size=SHARE, sl=price * (1 - STOP), tp=price * (1 + TARGET))
        elif crossover(self.calm, self.quick):
            self.sell(size=SHARE, sl=price * (1 + STOP), tp=price * (1 - TARGET))


def run(test: backtesting.Backtest, **params: int) -> Outcome:
    """One run: positions opened, also the last, and what the account is worth."""
    done = test.run(**params)
    opened = len(done["_trades"]) + len(done["_strategy"].trades)
    return opened, float(done["Equity Final [$]"])


def main() -> None:
    """Measure the job."""
    asked = wish()
    if asked.job == "D":
        sys.exit(0)
    warnings.filterwarnings("ignore")
    name = MARKET[asked.job]
    columns = read(asked.folder, name, asked.bars)
    index = pd.date_range("2023-01-01", periods=columns["close"].size, freq="1min" if name == "minutes" else "5min")
    frame = pd.DataFrame(
        {key.capitalize(): values * (1.0 if key == "volume" else UNIT) for key, values in columns.items()}, index=index
    )
    test = backtesting.Backtest(
        frame, Bracket if asked.job == "B" else Cross, cash=CASH, commission=FEE, finalize_trades=False
    )

    def call() -> Outcome:
        if asked.job != "C":
            return run(test)
        outcomes = [run(test, fast=fast, slow=slow) for fast, slow in GRID[: asked.pairs]]
        return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)

    bars = len(frame) * (asked.pairs if asked.job == "C" else 1)
    measure(f"backtesting.py {backtesting.__version__}", "public call", asked, bars, call)


if __name__ == "__main__":
    main()
