"""What a strategy is shown bar by bar."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import OrderRole, Side
from tradewright.domain.errors import StrategyError
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.market.bars import make_bars
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import BarView, FillView

MINUTE = Timeframe.parse("1m")
SEEN: list[Any] = []


class Diary(Strategy):
    """Buy at bar 1, leave at bar 4, and write down everything that is shown."""

    version = "1"

    def on_bar(self, view: BarView) -> Signal | None:
        """See the class."""
        SEEN.append((view.index, view.close, view.position.side, view.open_bars, view.equity))
        if view.index == 1:
            return Signal("long", view.close, view.close - 50.0, view.close + 200.0)
        return Signal("exit") if view.index == 4 else None

    def on_fill(self, fill: FillView) -> None:
        """See the class."""
        SEEN.append(fill)


class Chatter(Strategy):
    """Answer with something that is no signal."""

    version = "1"

    def on_bar(self, view: BarView) -> Any:
        """See the class."""
        return "long" if view.index == 2 else None


def run(strategy: Strategy, count: int = 8) -> Run:
    """Run on a market that rises by one each minute, without costs, holding one lot of 1."""
    SEEN.clear()
    close = 1_000.0 + np.arange(count)
    bars = make_bars(
        np.arange(count) * MINUTE.ns, (close - 1.0, close + 0.5, close - 1.5, close), np.full(count, 1e6), MINUTE
    )
    instrument = Instrument("BTC/USDT:USDT", "test", "0.5", "1", taker_fee=0.0, funding_hours=0)
    spec = RunSpec(
        strategy.name, "1", strategy.params, "test", (instrument.symbol,), "1m",
        costs=CostSpec(slippage_bps=0.0, spread_bps=0.0), risk=RiskSpec(sizing="fixed_quantity", size=1.0),
    )  # fmt: skip
    return run_backtest(spec, strategy, [Feed(instrument, bars)], "on_bar")


@pytest.mark.rule("T-1")
def test_every_bar_is_shown_once_with_what_was_held_at_its_close() -> None:
    """The entry decided at bar 1 stands from bar 2 on; the exit decided at bar 4 is gone at bar 5."""
    run(Diary())
    views = [item for item in SEEN if not isinstance(item, FillView)]

    assert list(range(8)) == [view[0] for view in views]
    assert [1_000.0 + i for i in range(8)] == [view[1] for view in views]
    assert [Side.FLAT] * 2 + [Side.LONG] * 3 + [Side.FLAT] * 3 == [view[2] for view in views]
    assert [0, 0, 1, 2, 3, 0, 0, 0] == [view[3] for view in views]
    # Bought at the open of bar 2 (1001), sold at the open of bar 5 (1004).
    assert [10_000.0, 10_000.0, 10_001.0, 10_002.0, 10_003.0, 10_003.0, 10_003.0, 10_003.0] == [v[4] for v in views]


@pytest.mark.rule("4.0")
def test_fills_are_told_before_the_bar_in_which_they_happened_is_shown() -> None:
    """Two fills, each once, with price, quantity and role."""
    run(Diary())
    fills = [(place, item) for place, item in enumerate(SEEN) if isinstance(item, FillView)]

    assert [(OrderRole.ENTRY, Side.LONG, 1_001.0), (OrderRole.EXIT, Side.SHORT, 1_004.0)] == [
        (fill.role, fill.side, fill.price) for _, fill in fills
    ]
    assert [2, 5] == [SEEN[place + 1][0] for place, _ in fills]
    assert [1.0, 1.0] == [fill.quantity for _, fill in fills]


def test_answer_that_is_no_signal_is_refused() -> None:
    """The error says what was given and what must be."""
    with pytest.raises(StrategyError, match="chatter: on_bar gave str; it must give Signal, orders, or None"):
        run(Chatter())
