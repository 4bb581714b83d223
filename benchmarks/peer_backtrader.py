"""The jobs on Backtrader. Usage: python peer_backtrader.py JOB FOLDER [--bars N]. In its own environment."""

from __future__ import annotations

import backtrader as bt
import pandas as pd
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, STOP, TARGET, WARM_UP, Outcome, measure, wish
from market import read


class Fractional(bt.CommInfoBase):
    """A share of a coin may be bought; Backtrader's own stock rule takes whole units."""

    params = (("commission", FEE), ("percabs", True), ("stocklike", True), ("commtype", bt.CommInfoBase.COMM_PERC))

    def getsize(self, price, cash):
        """How much this cash buys."""
        return cash / price


class Cross(bt.Strategy):
    """Jobs A, C and D."""

    params = (("fast", FAST), ("slow", SLOW), ("share", SHARE))

    def __init__(self):
        self.crossings = [
            bt.ind.CrossOver(bt.ind.SMA(data.close, period=self.p.fast), bt.ind.SMA(data.close, period=self.p.slow))
            for data in self.datas
        ]
        self.trades = 0

    def next(self):
        """See the class."""
        for data, crossing in zip(self.datas, self.crossings, strict=True):
            if crossing[0]:
                self.order_target_percent(data, self.p.share if crossing[0] > 0 else -self.p.share)
                self.trades += 1


class Bracket(bt.Strategy):
    """Job B."""

    def __init__(self):
        averages = (bt.ind.EMA(self.data.close, period=bars) for bars in (FAST, SLOW))
        self.crossing = bt.ind.CrossOver(*averages)
        self.trades = 0

    def next(self):
        """See the class."""
        if self.position or len(self) <= WARM_UP or not self.crossing[0]:
            return
        price, side = self.data.close[0], self.crossing[0]
        enter = self.buy_bracket if side > 0 else self.sell_bracket
        enter(
            size=SHARE * self.broker.getvalue() / price, exectype=bt.Order.Market,
            stopprice=price * (1 - side * STOP), limitprice=price * (1 + side * TARGET),
        )  # fmt: skip
        self.trades += 1


def run(frames: list[pd.DataFrame], strategy: type[bt.Strategy], **params: float) -> Outcome:
    """One run; indicators by columns, `next` for each bar: Backtrader's default."""
    cerebro = bt.Cerebro(stdstats=False)
    for frame in frames:
        cerebro.adddata(bt.feeds.PandasData(dataname=frame))
    cerebro.broker.setcash(CASH * len(frames))
    cerebro.broker.addcommissioninfo(Fractional())
    cerebro.broker.set_checksubmit(False)
    cerebro.addstrategy(strategy, **params)
    return cerebro.run()[0].trades, cerebro.broker.getvalue()


def frames_of(folder: str, name: str, bars: int) -> list[pd.DataFrame]:
    """One frame for each symbol."""
    columns = read(folder, name, bars)
    index = pd.date_range(
        "2023-01-01", periods=columns["close"].shape[-1], freq="1min" if name == "minutes" else "5min"
    )
    rows = columns["close"].reshape(-1, index.size).shape[0]
    return [
        pd.DataFrame({key: values.reshape(rows, -1)[k] for key, values in columns.items()}, index=index)
        for k in range(rows)
    ]


def main() -> None:
    """Measure the job."""
    asked = wish()
    frames = frames_of(asked.folder, MARKET[asked.job], asked.bars)
    bars = sum(map(len, frames))

    def call() -> Outcome:
        if asked.job == "B":
            return run(frames, Bracket)
        if asked.job == "C":
            outcomes = [run(frames, Cross, fast=fast, slow=slow) for fast, slow in GRID[: asked.pairs]]
            return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)
        return run(frames, Cross, share=SHARE / len(frames))

    bars *= asked.pairs if asked.job == "C" else 1
    measure(f"backtrader {bt.__version__}", "public call", asked, bars, call)


if __name__ == "__main__":
    main()
