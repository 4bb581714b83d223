"""Signals as the rows that the kernels read."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import OrderType, SignalKind, TimeInForce, TriggerBy
from tradewright.domain.instrument import Instrument
from tradewright.domain.signal import Signal
from tradewright.engine.wishes import merge_wishes, plan_row, plan_rows, signal_rows, wish_row
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


WISHES = (
    Signal("long", 100.0, 98.0, 106.0, kind="stop_limit", limit_price=100.5, time_in_force="ioc"),
    Signal("short", 100.0, 102.0, 94.0),
    Signal("long", 100.0, 98.0, 106.0, kind="trailing_stop", entry_callback=0.01, entry_activation=99.0),
    Signal("short", 100.0, 102.0, targets=((97.0, 0.3), (95.0, 0.4)), break_even=True),
    Signal("long", 100.0, 98.0, 106.0, trailing=0.015, activation=103.0),
    Signal("exit"),
    Signal("short", 100.0, 102.0, 94.0, trigger_by="mark"),
)


def test_a_signal_that_asks_for_more_leads_to_its_plan() -> None:
    """A stop-limit's row holds its limit and the plan its trigger; a trailing entry's row holds its activation."""
    signals = Signals.from_list(list(enumerate(WISHES)))
    rows, plans = signal_rows(signals, 0, signals.bar, BTC), plan_rows(signals, BTC)
    assert [1, 0, 2, 3, 4, 0, 0] == rows["plan"].tolist()
    assert [0, 0, 0, 0, 0, 0, 1 + TriggerBy.MARK] == rows["trigger_by"].tolist()
    assert [201, 200, 198, 200, 200, 0, 200] == rows["entry_ticks"].tolist()
    assert TimeInForce.IOC == rows["time_in_force"][0]
    assert [200, 0, 0, 0] == plans["trigger_ticks"].tolist()
    assert ([0, 10, 0, 0], [0, 0, 0, 15]) == (plans["entry_callback"].tolist(), plans["callback"].tolist())
    assert ([0, 0, 1, 0], [0, 0, 190, 0]) == (plans["more_targets"].tolist(), plans["target2_ticks"].tolist())
    assert [0, 0, 0, 206] == plans["activation_ticks"].tolist()
    assert [False, False, True, False] == plans["break_even"].tolist()


@pytest.mark.rule("4.11")
def test_one_by_one_and_in_columns_wishes_give_the_same_records() -> None:
    """`wish_row` and `plan_row` say of each signal what `signal_rows` and `plan_rows` say of all."""
    signals = Signals.from_list(list(enumerate(WISHES)))
    rows, plans = signal_rows(signals, 0, signals.bar, BTC), plan_rows(signals, BTC)
    singles = [plan_row(wish, BTC) for wish in WISHES]
    assert [row for row in singles if row is not None] == plans.tolist()
    numbers = rows["plan"].tolist()
    assert rows.tolist() == [wish_row(w, 0, n, BTC, numbers[n]) for n, w in enumerate(WISHES)]


def test_plans_of_several_instruments_follow_the_order_of_their_signals() -> None:
    """After the merge a row's plan is still its own, whatever instrument it belongs to."""
    columns = [Signals.from_list([(bar, WISHES[4]), (bar + 2, WISHES[0])]) for bar in (1, 0)]
    rows = [signal_rows(signals, k, signals.bar, (BTC, ETH)[k]) for k, signals in enumerate(columns)]
    wishes = merge_wishes(columns, rows, [plan_rows(s, (BTC, ETH)[k]) for k, s in enumerate(columns)])
    assert [1, 0, 1, 0] == wishes.rows["instrument"].tolist()
    assert [1, 2, 3, 4] == wishes.rows["plan"].tolist()
    assert [10_300, 206, 0, 0] == wishes.plans["activation_ticks"].tolist()
    assert [0, 0, 10_000, 200] == wishes.plans["trigger_ticks"].tolist()


NO_PRICES = (
    Signal("short", 10.0, 12.0, -2.5),
    Signal("long", 10.0, 0.0, 30.0),
    Signal("short", -3.0, 12.0, kind="limit"),
    Signal("short", 10.0, 14.0, targets=((4.0, 0.3), (-2.0, 0.3), (-8.0, 0.4))),
)


@pytest.mark.rule("4.11")
def test_levels_at_or_below_zero_keep_their_numbers_by_either_way() -> None:
    """The gate refuses each by its tick; of several targets the lowest stands first."""
    signals = Signals.from_list(list(enumerate(NO_PRICES)))
    rows, plans = signal_rows(signals, 0, signals.bar, BTC), plan_rows(signals, BTC)
    assert [20, 20, -6, 20] == rows["entry_ticks"].tolist()
    assert [24, 0, 24, 28] == rows["stop_ticks"].tolist()
    assert [-5, 60, 0, -16] == rows["target_ticks"].tolist()
    assert (2, -4, -16) == plans[["more_targets", "target2_ticks", "target3_ticks"]][0].item()
    for number, wish in enumerate(NO_PRICES):
        assert rows[number].item() == wish_row(wish, 0, number, BTC, int(rows[number]["plan"]))
    assert plans[0].item() == plan_row(NO_PRICES[3], BTC)
