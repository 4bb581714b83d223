"""Laws of round trips, whatever the fills."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.enums import Liquidity, OrderRole
from tradewright.portfolio.metrics import compute_metrics
from tradewright.portfolio.run_log import RunLog
from tradewright.portfolio.trades import round_trips
from tradewright.testing.run_logs import BTC, Deal, Funding, a_run, bars_of

STEPS = 24
ETH = type(BTC)("ETH/USDT:USDT", "binance", tick_size="0.05", lot_size="0.01")
CENTS = st.integers(-200, 2_000).map(lambda cents: cents / 100)


@st.composite
def runs(draw: st.DrawFn) -> RunLog:
    """A run of two instruments with any fills and funding, in order of time."""
    closes = draw(st.lists(st.integers(500, 2_000), min_size=STEPS, max_size=STEPS))
    bars = bars_of([close / 10 for close in closes], reach=2.0)
    deal = st.builds(
        Deal,
        step=st.integers(0, STEPS - 1),
        side=st.sampled_from([-1, 1]),
        price=st.integers(500, 2_000).map(lambda ticks: ticks / 10),
        quantity=st.integers(1, 500).map(lambda lots: lots / 100),
        role=st.sampled_from(list(OrderRole)),
        inside=st.booleans(),
        fee=CENTS,
        slippage=st.integers(0, 100).map(lambda cents: cents / 100),
        stop=st.none() | st.integers(300, 3_000).map(lambda ticks: ticks / 10),
        target=st.none(),
        flags=st.integers(0, 7),
        instrument=st.integers(0, 1),
        liquidity=st.sampled_from(list(Liquidity)),
    )
    deals = sorted(draw(st.lists(deal, max_size=30)), key=lambda one: (one.step, one.inside))
    funding = draw(
        st.lists(
            st.builds(
                Funding,
                step=st.integers(0, STEPS - 1),
                amount=CENTS,
                inside=st.booleans(),
                instrument=st.integers(0, 1),
            ),
            max_size=10,
        )
    )
    return a_run((bars, bars), deals, _held(deals, funding), instruments=(BTC, ETH), balance=100_000.0)


def _held(deals: list[Deal], funding: list[Funding]) -> list[Funding]:
    # Funding is paid by positions only.
    def lots(paid: Funding) -> int:
        unit = (BTC, ETH)[paid.instrument]
        before = [
            deal
            for deal in deals
            if deal.instrument == paid.instrument
            and (deal.step < paid.step or (deal.step == paid.step and paid.inside))
        ]
        return sum(deal.side * unit.to_lots(deal.quantity) for deal in before)

    return [paid for paid in funding if lots(paid) != 0]


@given(runs())
def test_profit_of_all_trades_is_the_change_of_equity(log):
    """Not a cent is lost or made between fills, funding and trades."""
    total = sum(trade.pnl for trade in round_trips(log))
    assert abs(log.final_equity - log.initial_balance - total) < 1e-6


@given(runs())
def test_money_of_a_trade_adds_up(log):
    """Net is gross less slippage and fees, plus funding; gross is the move of the price, before slippage."""
    for trade in round_trips(log):
        assert abs(trade.gross_pnl - trade.slippage - trade.fees + trade.funding - trade.pnl) < 1e-9
        move = (trade.exit_price - trade.entry_price) * trade.quantity * (1 if trade.side == "long" else -1)
        assert abs(move - (trade.gross_pnl - trade.slippage)) < 1e-6


@given(runs())
def test_every_fee_belongs_to_one_trade(log):
    """Fees and slippage of all trades are those of all fills, and so is funding."""
    trades = round_trips(log)
    for name, logged in (
        ("fees", log.fills["fee"]),
        ("slippage", log.fills["slippage"]),
        ("funding", log.payments["amount"]),
    ):
        assert abs(sum(getattr(trade, name) for trade in trades) - float(np.sum(logged))) < 1e-6


@given(runs())
def test_excursions_hold_the_outcome(log):
    """The result before costs lies between the worst and the best open profit, and these on either side of zero."""
    for trade in round_trips(log):
        outcome = trade.gross_pnl - trade.slippage
        assert trade.mae <= 0.0 <= trade.mfe
        assert trade.mae - 1e-6 <= outcome <= trade.mfe + 1e-6


@given(runs())
def test_at_most_one_trade_of_an_instrument_is_open_and_none_overlap(log):
    """One-way positions: trades of an instrument follow one another."""
    trades = round_trips(log)
    assert list(range(1, len(trades) + 1)) == [trade.id for trade in trades]
    for instrument in log.instruments:
        mine = [trade for trade in trades if trade.symbol == instrument.symbol]
        assert sum(trade.is_open for trade in mine) <= 1
        ends = sorted((trade.ts_entry, trade.ts_exit) for trade in mine)
        assert all(left <= entered for (_, left), (entered, _) in pairwise(ends))


@given(runs())
def test_metrics_are_finite_or_absent(log):
    """No NaN and no infinity, whatever happened."""
    metrics = compute_metrics(log, round_trips(log))
    for row in (metrics.values, *metrics.per_instrument.values()):
        assert [] == [name for name, value in row.items() if value is not None and not np.isfinite(value)]
        assert all(type(value) in (int, float, type(None)) for value in row.values())
