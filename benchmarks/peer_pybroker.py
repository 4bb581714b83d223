"""The jobs on PyBroker. Usage: python peer_pybroker.py (A | C | D) FOLDER [--bars N]. In its own environment.

Its stops cannot fill in the bar of the entry, nor beyond their price where a bar opens behind it: job B would be other
trades, and is not done.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pybroker
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, Outcome, measure, wish
from market import read
from pybroker import FeeMode, PriceType, Strategy, StrategyConfig


def average(bars: int):
    """A simple moving average, as PyBroker asks for indicators."""
    return lambda data: pd.Series(data.close).rolling(bars).mean().to_numpy()


def cross(share: float):
    """Turn the position round at the next open."""

    def at_close(ctx):
        quick, calm = ctx.indicator("fast"), ctx.indicator("slow")
        if len(quick) < 2:
            return
        up = quick[-2] <= calm[-2] and quick[-1] > calm[-1]
        if not up and not (quick[-2] >= calm[-2] and quick[-1] < calm[-1]):
            return
        longs, shorts = ctx.long_pos(), ctx.short_pos()
        held = (longs.shares if longs else 0) - (shorts.shares if shorts else 0)
        wanted = ctx.calc_target_shares(share, cash=ctx.total_market_value)
        if up:
            ctx.buy_shares, ctx.buy_fill_price = wanted - held, PriceType.OPEN
        else:
            ctx.sell_shares, ctx.sell_fill_price = wanted + held, PriceType.OPEN

    return at_close


def run(frame: pd.DataFrame, names: list[str], fast: int = FAST, slow: int = SLOW) -> Outcome:
    """One run: orders, and what the account is worth at the end."""
    config = StrategyConfig(
        initial_cash=CASH * len(names), fee_mode=FeeMode.ORDER_PERCENT, fee_amount=FEE * 100,
        enable_fractional_shares=True, round_fill_price=False, round_test_result=False,
    )  # fmt: skip
    strategy = Strategy(frame, frame.date.iloc[0], frame.date.iloc[-1], config)
    averages = [pybroker.indicator("fast", average(fast)), pybroker.indicator("slow", average(slow))]
    strategy.add_execution(cross(SHARE / len(names)), names, indicators=averages)
    done = strategy.backtest(calc_bootstrap=False)
    return len(done.orders), float(done.portfolio.market_value.iloc[-1])


def main() -> None:
    """Measure the job."""
    asked = wish()
    if asked.job == "B":
        sys.exit(0)
    pybroker.disable_logging()
    pybroker.disable_progress_bar()
    name = MARKET[asked.job]
    columns = {key: np.atleast_2d(values) for key, values in read(asked.folder, name, asked.bars).items()}
    count, size = columns["close"].shape
    index = pd.date_range("2023-01-01", periods=size, freq="1min" if name == "minutes" else "5min")
    names = [f"s{k:02d}" for k in range(count)]
    frame = pd.concat(
        [
            pd.DataFrame({key: values[k] for key, values in columns.items()} | {"date": index, "symbol": names[k]})
            for k in range(count)
        ],
        ignore_index=True,
    )

    def call() -> Outcome:
        if asked.job != "C":
            return run(frame, names)
        outcomes = [run(frame, names, fast, slow) for fast, slow in GRID[: asked.pairs]]
        return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)

    bars = len(frame) * (asked.pairs if asked.job == "C" else 1)
    measure(f"pybroker {pybroker.__version__}", "public call", asked, bars, call)


if __name__ == "__main__":
    main()
