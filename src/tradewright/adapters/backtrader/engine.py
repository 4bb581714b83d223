"""A `Cerebro` that runs strategies over our bars at our costs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import backtrader as bt
import numpy as np

from tradewright.adapters.backtrader.bridge import Bridge
from tradewright.adapters.backtrader.broker import TickBroker
from tradewright.adapters.backtrader.costs import MakerTakerFees
from tradewright.adapters.backtrader.feed import bars_feed
from tradewright.adapters.backtrader.sizing import RiskSizer
from tradewright.adapters.backtrader.strategy_file import read_strategy
from tradewright.domain.run import RiskSpec
from tradewright.domain.user_file import speaking
from tradewright.ports.foreign_engine import EngineJob, EngineLog, ForeignStrategy, Trader

__all__ = ["BacktraderEngine", "cerebro_of"]


class _EquityAtCloses(bt.Analyzer):
    # Equity at each close of the traded bars; analysers are called after the strategy, in the warm-up too.
    params = (("column", None),)

    def next(self) -> None:
        # Also called by nextstart.
        if bar := len(self.strategy.data):
            self.p.column[bar - 1] = self.strategy.broker.getvalue()

    def prenext(self) -> None:
        self.next()


def cerebro_of(job: EngineJob) -> bt.Cerebro:
    """Set up data, broker and costs of a job; a strategy is still to be added.

    The traded bars are `data0`, the higher timeframe, where there is one, `data1`. Both are stamped with their closes
    in UTC.
    """
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bars_feed(job.bars, job.instrument, job.instrument.symbol))
    if job.htf is not None:
        cerebro.adddata(bars_feed(job.htf, job.instrument, f"{job.instrument.symbol} HTF"))
    broker = TickBroker(instrument=job.instrument, cost_rate=job.cost_rate, cash=job.balance)
    broker.addcommissioninfo(
        MakerTakerFees(maker_rate=job.maker_rate, taker_rate=job.taker_rate, leverage=job.leverage)
    )
    cerebro.setbroker(broker)
    return cerebro


class BacktraderEngine:
    """A `ForeignEngine` that runs Backtrader."""

    @property
    def name(self) -> str:
        """See `ForeignEngine`."""
        return f"backtrader {bt.__version__}"

    def read(self, path: Path, class_name: str | None, params: Mapping[str, Any]) -> ForeignStrategy:
        """See `ForeignEngine`."""
        return read_strategy(path, class_name, params)

    def run_trader(self, job: EngineJob, trader: Trader) -> EngineLog:
        """See `ForeignEngine`. Our gate has judged margin before an order is sent."""
        cerebro = cerebro_of(job)
        cerebro.broker.set_checksubmit(False)
        cerebro.addstrategy(Bridge, trader=trader)
        return _played(cerebro, job)

    def run_foreign(self, job: EngineJob, strategy: ForeignStrategy, risk: RiskSpec) -> EngineLog:
        """See `ForeignEngine`."""
        cerebro = cerebro_of(job)
        chosen, values = strategy.made
        cerebro.addsizer(RiskSizer, rule=risk.sizing, amount=risk.size)
        cerebro.addstrategy(chosen, **values)
        with speaking(Path(strategy.file)):
            return _played(cerebro, job)


def _played(cerebro: bt.Cerebro, job: EngineJob) -> EngineLog:
    equity = np.full(job.bars.ts_close.size, job.balance)
    cerebro.addanalyzer(_EquityAtCloses, column=equity)
    cerebro.run()
    ledger = cerebro.broker.ledger
    return EngineLog(tuple(ledger.fills), tuple(ledger.orders), equity)
