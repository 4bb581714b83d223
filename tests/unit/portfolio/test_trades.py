"""Trades: splits, averages, money, reasons, excursions; all by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import FillFlag, OrderRole
from tradewright.kernels.records import SIGNAL
from tradewright.portfolio.trades import round_trips
from tradewright.testing.run_logs import BTC, Deal, Funding, a_run, bars_of

QUIET = bars_of([100.0, 101.0, 105.0, 103.0, 99.0, 98.0], reach=1.0)


def test_no_fills_give_no_trades():
    """A run without fills has no round trip."""
    assert () == round_trips(a_run(QUIET))


def test_a_trade_has_the_money_that_a_hand_calculation_gives():
    """Long 2 from 100 to 105: 10 before costs; 0.3 of fees, 0.25 of funding and 0.2 inside the prices."""
    deals = [
        Deal(1, 1, 100.1, 2.0, fee=0.1, slippage=0.1, stop=95.0, target=120.0),
        Deal(4, -1, 104.95, 2.0, OrderRole.EXIT, fee=0.2, slippage=0.1),
    ]
    (trade,) = round_trips(a_run(QUIET, deals, [Funding(2, -0.25)]))
    assert (1, "BTC/USDT:USDT", "long", "exit") == (trade.id, trade.symbol, trade.side, trade.exit_reason)
    # 104.95 lies between two ticks of 0.1; the order got the even one.
    exit_price = BTC.from_ticks(BTC.to_ticks(104.95))
    assert (100.1, exit_price, 2.0) == pytest.approx((trade.entry_price, trade.exit_price, trade.quantity))
    net = 2 * (exit_price - 100.1) - 0.3 - 0.25
    assert net == pytest.approx(trade.pnl)
    assert net + 0.3 + 0.25 + 0.2 == pytest.approx(trade.gross_pnl)
    assert (0.3, -0.25, 0.2) == pytest.approx((trade.fees, trade.funding, trade.slippage))
    assert net / 200.2 == pytest.approx(trade.return_fraction)
    assert net / (5.1 * 2) == pytest.approx(trade.r_multiple)
    assert (95.0, 120.0) == (trade.stop_loss, trade.take_profit)
    assert (int(QUIET.ts_open[1]), int(QUIET.ts_open[4]), 3) == (trade.ts_entry, trade.ts_exit, trade.bars_held)


def test_a_reversal_ends_one_trade_and_begins_another():
    """A fill of 3 against a long of 1 closes 1 and opens 2: fee and slippage are split one to two."""
    deals = [Deal(1, 1, 100.0, 1.0), Deal(3, -1, 105.0, 3.0, fee=0.3, slippage=0.6), Deal(5, 1, 99.0, 2.0)]
    first, second = round_trips(a_run(QUIET, deals))
    assert ("long", "reverse", 5.0 + 0.2 - 0.1 - 0.2) == (first.side, first.exit_reason, pytest.approx(first.pnl))
    assert (0.1, 0.2) == pytest.approx((first.fees, first.slippage))
    assert (0.2, 0.4) == pytest.approx((second.fees, second.slippage))
    assert ("short", 12.0 - 0.2) == (second.side, pytest.approx(second.pnl))
    assert first.ts_exit == second.ts_entry


def test_average_entry_changes_only_when_the_position_grows():
    """Bought at 100 and 104, half sold at 110, the rest at 101: 8 from the first half, -1 from the second."""
    deals = [
        Deal(1, 1, 100.0, 1.0),
        Deal(2, 1, 104.0, 1.0),
        Deal(3, -1, 110.0, 1.0, OrderRole.TAKE_PROFIT),
        Deal(4, -1, 101.0, 1.0, OrderRole.STOP_LOSS),
    ]
    log = a_run(QUIET, deals)
    (trade,) = round_trips(log)
    assert [0.0, 0.0, 8.0, -1.0] == pytest.approx(log.fills["realised"].tolist())
    assert (102.0, 105.5, 2.0, 7.0) == (trade.entry_price, trade.exit_price, trade.quantity, pytest.approx(trade.pnl))
    assert "stop_loss" == trade.exit_reason


def test_a_position_open_at_the_end_is_marked_at_the_last_close():
    """Short 1 from 105, the last close is 98: 7 of open profit, and its time ends with the run."""
    (trade,) = round_trips(a_run(QUIET, [Deal(2, -1, 105.0, 1.0)]))
    assert (True, "open", 98.0, 7.0) == (trade.is_open, trade.exit_reason, trade.exit_price, trade.pnl)
    assert (int(QUIET.ts_close[-1]), 4) == (trade.ts_exit, trade.bars_held)


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (OrderRole.TAKE_PROFIT, "take_profit"),
        (OrderRole.STOP_LOSS, "stop_loss"),
        (OrderRole.EXIT, "exit"),
        (OrderRole.LIQUIDATION, "liquidation"),
    ],
)
def test_the_role_of_the_last_fill_is_the_reason(role, reason):
    """Each role has its word."""
    (trade,) = round_trips(a_run(QUIET, [Deal(1, 1, 100.0, 1.0), Deal(2, -1, 101.0, 1.0, role, inside=True)]))
    assert reason == trade.exit_reason


def test_one_ambiguous_fill_makes_an_ambiguous_trade():
    """The flag of a fill is kept with the trade; other flags say nothing of it."""
    exits = [Deal(2, -1, 101.0, 1.0, OrderRole.STOP_LOSS, inside=True, flags=flag) for flag in (1, 2)]
    found = [round_trips(a_run(QUIET, [Deal(1, 1, 100.0, 1.0), leave]))[0].ambiguous for leave in exits]
    assert [True, False] == found
    assert (1, 2) == (FillFlag.AMBIGUOUS, FillFlag.GAP)


def test_a_trade_without_stop_has_no_r():
    """R is profit by planned risk: without a plan there is none."""
    (trade,) = round_trips(a_run(QUIET, [Deal(1, 1, 100.0, 1.0), Deal(2, -1, 101.0, 1.0)]))
    assert (None, None, None) == (trade.stop_loss, trade.take_profit, trade.r_multiple)


def test_facts_and_confidence_come_from_the_signal():
    """A fill points to its signal's row."""
    log = a_run(QUIET, [Deal(1, 1, 100.0, 1.0), Deal(2, -1, 101.0, 1.0)])
    log.fills["signal"] = 1
    signals = np.zeros(2, SIGNAL)
    signals["confidence"] = [0.2, 0.7]
    told = a_run(QUIET, fills=log.fills, orders=log.orders, signals=signals, metadata=lambda row: {"row": row})
    (trade,) = round_trips(told)
    assert (0.7, {"row": 1}) == (trade.confidence, trade.metadata)


def test_a_signal_without_facts_leaves_none():
    """Where no facts were kept there are none, and confidence is whole."""
    log = a_run(QUIET, [Deal(1, 1, 100.0, 1.0)])
    log.fills["signal"] = 0
    (trade,) = round_trips(log)
    assert (1.0, {}) == (trade.confidence, trade.metadata)


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (Funding(1, -1.0), [0.0, 0.0]),  # at the open of the entry's bar: before the entry
        (Funding(1, -1.0, inside=True), [-1.0, 0.0]),
        (Funding(3, -1.0), [-1.0, 0.0]),  # at the open of the reversal's bar: before it
        (Funding(3, -1.0, inside=True), [0.0, -1.0]),
    ],
)
def test_funding_belongs_to_the_position_that_was_held(paid, expected):
    """Inside a bar funding comes after the fills, at its open before them."""
    deals = [Deal(1, 1, 100.0, 1.0), Deal(3, -1, 105.0, 2.0)]
    assert expected == [trade.funding for trade in round_trips(a_run(QUIET, deals, [paid]))]


def test_trades_of_several_instruments_are_numbered_by_entry():
    """Numbers follow time, then the rows of the account."""
    eth = type(BTC)("ETH/USDT:USDT", "binance", tick_size="0.01", lot_size="0.01")
    deals = [
        Deal(1, 1, 100.0, 1.0, instrument=1),
        Deal(1, 1, 100.0, 1.0),
        Deal(2, -1, 101.0, 1.0),
        Deal(3, -1, 101.0, 1.0, instrument=1),
        Deal(4, 1, 99.0, 1.0, instrument=1),
    ]
    trades = round_trips(a_run((QUIET, QUIET), deals, instruments=(BTC, eth)))
    assert [(1, "BTC/USDT:USDT"), (2, "ETH/USDT:USDT"), (3, "ETH/USDT:USDT")] == [(t.id, t.symbol) for t in trades]


def test_as_dict_is_plain():
    """A trade becomes plain data with every field."""
    (trade,) = round_trips(a_run(QUIET, [Deal(1, 1, 100.0, 1.0)]))
    assert ("long", {}, False) == tuple(trade.as_dict()[name] for name in ("side", "metadata", "ambiguous"))
