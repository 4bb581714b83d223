"""Signals as the rows that the kernels read."""

from __future__ import annotations

import numpy as np

from tradewright.domain.enums import OrderType, SignalKind
from tradewright.domain.instrument import Instrument
from tradewright.domain.signal import Signal
from tradewright.engine.wishes import merge_wishes, signal_rows
from tradewright.strategy.signals import Signals

BTC = Instrument("BTC/USDT:USDT", "test", tick_size="0.5")
ETH = Instrument("ETH/USDT:USDT", "test", tick_size="0.01")


def test_row_holds_ticks_and_the_step_of_its_bar() -> None:
    """Prices are rounded to the nearest tick; the bar's place on the grid is its step."""
    wish = Signal("long", 100.2, 99.0, 103.1, confidence=0.7, kind="limit", valid_bars=4)
    (row,) = signal_rows(Signals.from_list([(1, wish)]), 0, np.array([5]), BTC)

    assert row["step"] == 5
    assert (row["entry_ticks"], row["stop_ticks"], row["target_ticks"]) == (200, 198, 206)
    assert (row["kind"], row["order_type"]) == (SignalKind.LONG, OrderType.LIMIT)
    assert (row["valid_steps"], row["confidence"]) == (4, 0.7)
    assert row["has_stop"]
    assert row["has_target"]


def test_rows_of_instruments_are_merged_by_time_and_lead_back_to_their_facts() -> None:
    """Equal times go by instrument, and each row finds the metadata of its own signal."""
    first = Signals.from_list([(0, Signal("exit", metadata={"why": 1.0})), (2, Signal("exit", metadata={"why": 3.0}))])
    second = Signals.from_list([(0, Signal("exit", metadata={"why": 2.0}))])
    rows = [signal_rows(first, 0, first.bar, BTC), signal_rows(second, 1, second.bar, ETH)]
    wishes = merge_wishes([first, second], rows)

    assert [(0, 0), (0, 1), (2, 0)] == [(int(row["step"]), int(row["instrument"])) for row in wishes.rows]
    assert [{"why": 1.0}, {"why": 2.0}, {"why": 3.0}] == [wishes.metadata(row) for row in range(3)]


def test_no_signals_give_no_rows() -> None:
    """A strategy that is silent is no error."""
    assert merge_wishes((), ()).rows.size == 0
