"""The jobs on bt. Usage: python peer_bt.py (A | C | D) FOLDER [--bars N]. In its own environment.

bt sets weights on one price for each bar: opens, and the weights of the bar before. It knows no stops inside a bar, so
job B is not done.
"""

from __future__ import annotations

import sys
import warnings

import bt
import numpy as np
import pandas as pd
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, Outcome, measure, wish
from market import read


class MoveThose(bt.Algo):
    """Move the symbols that crossed, and no other; bt's own `Rebalance` closes those without a weight."""

    def __init__(self, weights):
        super().__init__()
        self.weights = {when: row[row != 0.0] for when, row in weights.iterrows()}

    def __call__(self, target):
        row = self.weights.get(target.now)
        if row is not None:
            base = target.value
            for name, weight in row.items():
                target.rebalance(weight, child=name, base=base, update=False)
            target.root.update(target.now)
        return True


def weights_of(close: pd.DataFrame, fast: int, slow: int) -> pd.DataFrame:
    """Target share of equity at the bars after a cross; the others are left out."""
    quick, calm = close.rolling(fast).mean(), close.rolling(slow).mean()
    up = (quick.shift() <= calm.shift()) & (quick > calm)
    down = (quick.shift() >= calm.shift()) & (quick < calm)
    weights = ((up * 1.0 - down * 1.0) * (SHARE / close.shape[1])).shift().fillna(0.0)
    return weights[(weights != 0.0).any(axis=1)]


def run(first: pd.DataFrame, close: pd.DataFrame, fast: int = FAST, slow: int = SLOW) -> Outcome:
    """One run: orders, and what the account is worth at the last close."""
    weights = weights_of(close, fast, slow)
    algos = (
        [bt.algos.WeighTarget(weights), bt.algos.Rebalance()] if close.shape[1] == 1 else [MoveThose(weights)]
    )  # fmt: skip
    test = bt.Backtest(
        bt.Strategy("jobs", algos, children=list(close.columns)), first, initial_capital=CASH * close.shape[1],
        integer_positions=False, commissions=lambda quantity, price: abs(quantity) * price * FEE, progress_bar=False,
    )  # fmt: skip
    test.run()
    held = sum(child.position * close[child.name].iloc[-1] for child in test.strategy.children.values())
    return int(np.count_nonzero(weights.to_numpy())), float(test.strategy.capital + held)


def main() -> None:
    """Measure the job."""
    asked = wish()
    if asked.job == "B":
        sys.exit(0)
    warnings.filterwarnings("ignore")
    name = MARKET[asked.job]
    columns = {key: np.atleast_2d(values) for key, values in read(asked.folder, name, asked.bars).items()}
    count, size = columns["close"].shape
    index = pd.date_range("2023-01-01", periods=size, freq="1min" if name == "minutes" else "5min")
    first, close = (
        pd.DataFrame({f"s{k}": columns[key][k] for k in range(count)}, index=index) for key in ("open", "close")
    )

    def call() -> Outcome:
        if asked.job != "C":
            return run(first, close)
        outcomes = [run(first, close, fast, slow) for fast, slow in GRID[: asked.pairs]]
        return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)

    measure(f"bt {bt.__version__}", "public call", asked, close.size * (asked.pairs if asked.job == "C" else 1), call)


if __name__ == "__main__":
    main()
