"""What a run hands over: every order, the ones that still wait included."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from tradewright.domain.instrument import Instrument
from tradewright.domain.run import FillSpec, RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.outcome import log_of
from tradewright.market.bars import make_bars
from tradewright.portfolio.tables import artifact_tables
from tradewright.portfolio.trades import round_trips
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

MINUTE = Timeframe.parse("1m")
COINS = Instrument("BTC/USDT:USDT", "test", lot_size="0.01", funding_hours=0)
PAGE = Path(__file__).resolve().parents[3] / "docs/reference/result-format.md"


class Once(Strategy):
    """Buy after the first bar, with a stop and a target."""

    version, ltf = "1.0.0", "1m"

    def signals(self, bars):
        """One wish."""
        return Signals.from_list([(0, Signal("long", entry=1_000.0, stop_loss=990.0, take_profit=1_040.0))])


def the_log(volume: float):
    """Three bars at 1,000: nothing ends what the wish began."""
    bars = make_bars(MINUTE.ns * np.arange(3, dtype=np.int64), (np.full(3, 1e3),) * 4, np.full(3, volume), MINUTE)
    spec = RunSpec("once", "1.0.0", (), "test", (COINS.symbol,), "1m", fills=FillSpec(participation=1.0))
    return log_of(run_backtest(spec, Once(), [Feed(COINS, bars)]))


def test_orders_that_are_open_at_the_end_are_there():
    """Stop and target wait still: their rows follow the filled entry's, without a time of their end."""
    log = the_log(1e6)
    orders = artifact_tables(log, round_trips(log))["orders"]
    assert ["filled", "open", "open"] == orders["status"]
    assert ["entry", "stop_loss", "take_profit"] == orders["role"]
    assert [True, False, False] == [stamp > 0 for stamp in orders["ts_closed"]]
    assert [orders["quantity"][0], 0.0, 0.0] == orders["filled_quantity"].tolist()


def test_entry_that_is_filled_in_part_at_the_end_keeps_its_plan():
    """Its trade knows the stop, so it has an R multiple."""
    log = the_log(2.0)
    (trade,) = round_trips(log)
    orders = artifact_tables(log, (trade,))["orders"]
    assert ["open", "open", "partially_filled"] == sorted(orders["status"])
    assert (990.0, 4.0) == (trade.stop_loss, trade.quantity)
    assert trade.r_multiple is not None


def test_every_column_of_the_orders_table_is_documented():
    """The page of the result format names each column, and no other."""
    page = PAGE.read_text(encoding="utf-8").partition("### Columns of `orders`")[2].partition("\n###")[0]
    named = {name for cell in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)}
    log = the_log(1e6)
    assert set(artifact_tables(log, ())["orders"]) == named
