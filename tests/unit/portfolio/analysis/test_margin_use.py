"""Margin: how much was bound, and how near a forced close was; by hand and by the engine's own formula."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import OrderRole, SignalKind
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.execution.venue_terms import venue_terms
from tradewright.kernels.margin import liquidation_ticks
from tradewright.kernels.records import SPEC
from tradewright.portfolio.analysis.margin_use import margin_use
from tradewright.portfolio.run_log import MarkRow
from tradewright.testing.run_logs import BTC, Deal, a_run, bars_of
from tradewright.testing.worlds import a_market, a_signal, a_spec, a_world, run, some_rules

TIERS = ((0.0, 0.005, 100.0), (8_000.0, 0.02, 50.0))

FLAT = bars_of([100.0] * 4)


def test_margin_is_notional_by_leverage_and_weighs_every_bar():
    """500 of notional at leverage 5 bind 100 of 1,000 for two closes of four."""
    deals = [Deal(1, 1, 100.0, 5.0), Deal(3, -1, 100.0, 5.0, OrderRole.EXIT)]
    found = margin_use(a_run(FLAT, deals, balance=1_000.0))
    assert pytest.approx((0.05, 0.1, 0.5)) == (found["mean_use"], found["peak_use"], found["peak_leverage"])
    assert "2022-01-01T02:00:00Z" == found["peak_at"]


@pytest.mark.parametrize("side", [1, -1])
def test_a_move_of_the_distance_meets_the_liquidation_price(side):
    """At price * (1 - side * distance) equity is the maintenance margin: 0.5 % of the notional there."""
    found = margin_use(a_run(FLAT, [Deal(1, side, 100.0, 20.0)], balance=1_000.0))
    price = 100.0 * (1.0 - side * found["nearest_liquidation"])
    assert pytest.approx(0.005 * 20.0 * price) == 1_000.0 + side * 20.0 * (price - 100.0)


@pytest.mark.parametrize("kind", [SignalKind.LONG, SignalKind.SHORT])
@pytest.mark.parametrize("lots", [50, 900])
def test_the_distance_ends_where_the_engine_liquidates(kind, lots):
    """From the last mark to the price that the kernel computes for the same position, in either tier."""
    spec = a_spec(lots_per_unit=1.0)
    market = a_market([(1_000,) * 4] * 3, signals=[a_signal(0, kind)], specs=[spec], tiers=TIERS)
    world = run(a_world(market, 2_000.0), market, some_rules(size=float(lots), max_exposure=100.0))
    level = liquidation_ticks(world, market, 0)

    side, step = (1 if kind == SignalKind.LONG else -1), Instrument("X/Y:Y", "test", tick_size="0.1", lot_size="0.1")
    log = a_run(FLAT, [Deal(1, side, 100.0, lots / 10)], instruments=(step,), balance=2_000.0, tiers=market.tiers,
                specs=market.specs)  # fmt: skip
    distance = margin_use(log)["nearest_liquidation"]
    assert pytest.approx(max(1_000.0 * (1.0 - side * distance), 0.0), abs=1.0) == level


def test_the_worst_price_of_a_bar_counts():
    """A bar that fell by 30 and came back was 30 nearer; the bar of the entry counts at its close."""
    low = FLAT._replace(low=np.array([100.0, 50.0, 70.0, 100.0]))
    found = margin_use(a_run(low, [Deal(1, 1, 100.0, 20.0)], balance=1_000.0))
    assert "2022-01-01T03:00:00Z" == found["nearest_at"]
    assert pytest.approx((1_000.0 - 600.0 - 7.0) / (1_400.0 * 0.995)) == found["nearest_liquidation"]


def test_marks_and_not_trades_are_judged():
    """Where the mark stood apart from the trades, margin is that of the mark."""
    log = a_run(FLAT, [Deal(1, 1, 100.0, 5.0)], balance=1_000.0)
    marks = tuple(MarkRow(*(2 * column for column in row)) for row in log.marks)
    doubled = a_run(FLAT, [Deal(1, 1, 100.0, 5.0)], balance=1_000.0, marks=marks)
    assert pytest.approx(2.0 * margin_use(log)["peak_use"]) == margin_use(doubled)["peak_use"]


def test_positions_share_one_account():
    """A long and a short of one size: any common adverse move costs both."""
    other = type(BTC)("ETH/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
    deals = [Deal(1, 1, 100.0, 10.0), Deal(1, -1, 100.0, 10.0, instrument=1)]
    log = a_run((FLAT, FLAT), deals, instruments=(BTC, other), balance=1_000.0)
    # 1,000 - 2 * 1,000 x = 5 (1 - x) + 5 (1 + x)
    assert pytest.approx(990.0 / 2_000.0) == margin_use(log)["nearest_liquidation"]


def test_spot_cannot_be_liquidated():
    """Its margin is its value, and no move forces a close."""
    spot = type(BTC)("BTC/USDT", "binance", tick_size="0.1", lot_size="0.001")
    log = a_run(FLAT, [Deal(1, 1, 100.0, 5.0)], instruments=(spot,), balance=1_000.0)
    found = margin_use(log)
    assert (0.5, None) == (found["peak_use"], found["nearest_liquidation"])


def test_the_tier_of_the_notional_counts():
    """In the second tier the maintenance is 1 % less 500, which the distance takes in."""
    specs, tiers = venue_terms((BTC,), CostSpec(), RiskSpec())
    log = a_run(FLAT, [Deal(1, 1, 100.0, 2_000.0)], balance=100_000.0, specs=specs, tiers=tiers)
    # 100,000 - 200,000 x = 0.01 * 200,000 (1 - x) - 500; at the end of it the notional is just above 100,000.
    assert pytest.approx(98_500.0 / 198_000.0) == margin_use(log)["nearest_liquidation"]


def test_a_ruined_account_is_at_its_end():
    """What is below the maintenance margin is no distance away, and binds no share of nothing."""
    low = FLAT._replace(low=np.array([100.0, 100.0, 10.0, 100.0]))
    found = margin_use(a_run(low, [Deal(1, 1, 100.0, 20.0)], balance=1_000.0))
    assert 0.0 == found["nearest_liquidation"]


@pytest.mark.parametrize("log", [a_run(FLAT), a_run(FLAT, [Deal(1, 1, 100.0, 1.0)], specs=np.zeros(0, SPEC))])
def test_nothing_held_or_nothing_known_is_none(log):
    """Without a position or without the venue's terms nothing is made up."""
    assert {None} == set(margin_use(log).values())
