"""A strategy that asks at each bar for what a script says, and writes down what it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.bars import make_bars
from tradewright.strategy.strategy import Strategy, Wish
from tradewright.strategy.view import BarView, FillView, OrderView, ParentView

__all__ = ["FLAT", "HOUR", "INSTRUMENT", "Scripted", "Shown", "filled", "played"]

HOUR = Timeframe.parse("1h")
INSTRUMENT = Instrument("BTC/USDT:USDT", "test", "0.5", "0.01", min_notional=0.0, taker_fee=0.0, funding_hours=0)
FLAT = (100.0, 101.0, 99.0, 100.0)

Script = Mapping[int, Wish]
Shown = tuple[tuple[OrderView, ...], tuple[ParentView, ...], float]


def _silent(_fill: FillView) -> Wish:
    return None


class Scripted(Strategy):
    """Ask for what the script says, and write down orders, parents and quantity held at each close, and each fill."""

    version = "1"
    script: ClassVar[Script] = {}
    on_fills: ClassVar[Callable[[FillView], Wish]] = staticmethod(_silent)
    views: ClassVar[list[Shown]] = []
    told: ClassVar[list[FillView]] = []

    @classmethod
    def begin(cls, script: Script, on_fills: Callable[[FillView], Wish] = _silent) -> Scripted:
        """One that follows a script, and nothing of what an earlier one was told."""
        cls.script, cls.on_fills = script, staticmethod(on_fills)
        cls.views.clear()
        cls.told.clear()
        return cls()

    def on_bar(self, view: BarView) -> Wish:
        """See the class."""
        self.views.append((view.orders, view.parents, view.position.quantity))
        return self.script.get(view.index)

    def on_fill(self, fill: FillView) -> Wish:
        """See the class."""
        self.told.append(fill)
        return type(self).on_fills(fill)


def played(
    script: Script, bars: Sequence[Sequence[float]], on_fills: Callable[[FillView], Wish] = _silent, **fills: Any
) -> Run:
    """Run a script over hourly bars of one instrument, without costs.

    Args:
        script: bar to what is asked at its close.
        bars: open, high, low, close and, if it matters, volume.
        on_fills: what is asked on a fill.
        fills: fields of `FillSpec`.
    """
    columns = tuple(np.array(column, np.float64) for column in zip(*[bar[:4] for bar in bars], strict=True))
    volume = np.array([bar[4] if len(bar) > len(FLAT) else 1e6 for bar in bars])
    feed = Feed(INSTRUMENT, make_bars(np.arange(len(bars)) * HOUR.ns, columns, volume, HOUR))
    spec = RunSpec(
        "scripted", "1", (), "test", (INSTRUMENT.symbol,), "1h", balance=10_000.0,
        costs=CostSpec(slippage_bps=0.0, spread_bps=0.0), risk=RiskSpec(leverage=10.0), fills=FillSpec(**fills),
    )  # fmt: skip
    return run_backtest(spec, Scripted.begin(script, on_fills), [feed])


def filled(run: Run) -> list[tuple[int, float, float]]:
    """(step, price, signed quantity) of each fill."""
    price, quantity = INSTRUMENT.from_ticks, INSTRUMENT.from_lots
    rows = zip(*(run.world.fills[name].tolist() for name in ("step", "ticks", "side", "lots")), strict=True)
    return [(step, price(ticks), side * quantity(lots)) for step, ticks, side, lots in rows]
