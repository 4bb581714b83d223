"""Costs, part by part: they add up, and the multiple at which nothing is left is right."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import Liquidity, OrderRole
from tradewright.portfolio.analysis.cost_split import PARTS, cost_split
from tradewright.portfolio.metrics import compute_metrics
from tradewright.portfolio.trades import round_trips
from tradewright.testing.results import a_busy_run
from tradewright.testing.run_logs import BTC, Deal, Funding, a_run, bars_of

BARS = bars_of([100.0, 100.0, 110.0, 110.0], reach=1.0)


def _split(log, symbol=None):
    return cost_split(log, round_trips(log), 1.0, symbol)


def test_the_parts_are_the_costs_that_the_metrics_know():
    """Fees, spread with slippage, and funding: the same sums, cut finer."""
    log = a_busy_run()
    figures = compute_metrics(log, round_trips(log)).values
    found = _split(log)
    amount = {name: part["amount"] for name, part in found["parts"].items()}
    assert pytest.approx(figures["fees"]) == amount["maker_fees"] + amount["taker_fees"] + amount["clearance"]
    assert pytest.approx(figures["slippage"]) == amount["spread"] + amount["slippage"]
    assert pytest.approx(figures["funding"]) == -amount["funding"]
    assert pytest.approx(found["gross_pnl"] - found["net_pnl"]) == amount["total"] == sum(amount[n] for n in PARTS)


def test_each_part_is_what_a_hand_calculation_gives():
    """A maker's fee of 0.02, a taker's of 0.05; of 0.1 lost by taking 110, half the spread is 0.0055."""
    deals = [
        Deal(1, 1, 100.0, 1.0, inside=True, fee=0.02, liquidity=Liquidity.MAKER),
        Deal(3, -1, 110.0, 1.0, OrderRole.EXIT, fee=0.05, slippage=0.1),
    ]
    found = _split(a_run(BARS, deals, [Funding(2, -0.5)]))
    parts = found["parts"]
    wanted = {"maker_fees": 0.02, "taker_fees": 0.05, "clearance": 0.0, "spread": 0.0055, "slippage": 0.0945,
              "funding": 0.5, "total": 0.67}  # fmt: skip
    assert pytest.approx(wanted) == {name: part["amount"] for name, part in parts.items()}
    assert pytest.approx((10.1, 0.67 / 10.1, 0.67)) == (
        found["gross_pnl"], parts["total"]["share"], parts["total"]["per_trade"])  # fmt: skip
    # Of 9.6 after funding, 0.17 went to fees, spread and slippage.
    assert pytest.approx(9.6 / 0.17) == found["break_even_multiple"]


def test_at_the_break_even_multiple_nothing_is_left():
    """Fees and slippage times the multiple, the same trades, the same funding: a profit of zero."""
    found = _split(a_busy_run())
    amount = {name: part["amount"] for name, part in found["parts"].items()}
    dearer = found["break_even_multiple"] * (amount["total"] - amount["funding"])
    assert pytest.approx(0.0, abs=1e-9) == found["gross_pnl"] - dearer - amount["funding"]


def test_a_forced_close_pays_clearance_apart_from_the_fee():
    """Of 1.7 charged on 100, the clearance fee of the instrument is its own part."""
    deals = [Deal(1, 1, 100.0, 1.0), Deal(2, -1, 100.0, 1.0, OrderRole.LIQUIDATION, fee=1.7)]
    parts = _split(a_run(BARS, deals))["parts"]
    assert pytest.approx(100.0 * BTC.liquidation_fee) == parts["clearance"]["amount"]
    assert pytest.approx(1.7 - 100.0 * BTC.liquidation_fee) == parts["taker_fees"]["amount"]


def test_instruments_add_up_to_the_whole():
    """Each part of the whole is the sum of the instruments' parts."""
    other = type(BTC)("ETH/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
    deals = [
        Deal(1, 1, 100.0, 1.0, fee=0.1, slippage=0.01),
        Deal(1, -1, 100.0, 2.0, fee=0.2, slippage=0.2, instrument=1),
        Deal(2, -1, 100.0, 1.0, OrderRole.EXIT, fee=0.1),
    ]
    log = a_run((BARS, BARS), deals, [Funding(2, 0.3, instrument=1)], instruments=(BTC, other))
    whole, parts = _split(log), [_split(log, symbol) for symbol in ("BTC/USDT:USDT", "ETH/USDT:USDT")]
    for name in (*PARTS, "total"):
        assert pytest.approx(whole["parts"][name]["amount"]) == sum(one["parts"][name]["amount"] for one in parts)


@pytest.mark.parametrize("price", [100.0, 90.0])
def test_no_multiple_where_free_trading_would_not_pay(price):
    """Without a gross profit there is nothing to break even with, and no share of it."""
    deals = [Deal(1, 1, 100.0, 1.0, fee=0.1), Deal(2, -1, price, 1.0, OrderRole.EXIT, fee=0.1)]
    found = _split(a_run(BARS, deals))
    assert (None, None) == (found["break_even_multiple"], found["parts"]["total"]["share"])


def test_free_trading_has_no_multiple():
    """No cost, times whatever, is no cost."""
    found = _split(a_run(BARS, [Deal(1, 1, 100.0, 1.0), Deal(2, -1, 109.0, 1.0, OrderRole.EXIT)]))
    assert (None, 0.0) == (found["break_even_multiple"], found["parts"]["total"]["amount"])
