"""The optimism meter: what was only touched, and what hangs on it."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import FillFlag, Liquidity, OrderRole
from tradewright.portfolio.analysis.optimism import optimism, touched_only
from tradewright.portfolio.trades import round_trips
from tradewright.testing.run_logs import Deal, a_run, bars_of

# Bars from close to close, reaching one further: the lows of the first four are 99, 99, 100, 104.
BARS = bars_of([100.0, 101.0, 105.0, 110.0, 106.0, 103.0], reach=1.0)


def _limit(step: int, side: int, price: float, **fields) -> Deal:
    return Deal(step, side, price, 1.0, inside=True, liquidity=Liquidity.MAKER, **fields)


@pytest.mark.rule("L-5")
@pytest.mark.parametrize(
    ("deal", "touched"),
    [
        (_limit(1, 1, 99.0), True),
        (_limit(1, 1, 99.1), False),
        (_limit(1, -1, 102.0), True),
        (_limit(1, -1, 101.9), False),
        (_limit(1, 1, 99.0, flags=FillFlag.GAP), False),
        (_limit(1, 1, 99.5, flags=FillFlag.TOUCHED), True),
        (Deal(1, 1, 99.0, 1.0, inside=True), False),
    ],
    ids=["buy at the low", "buy above it", "sell at the high", "sell below it", "gapped", "told", "taker"],
)
def test_a_limit_at_the_extreme_of_its_bar_was_only_touched(deal, touched):
    """Below a bought price nothing was traded: who stood before us may not have been served."""
    assert [touched] == touched_only(a_run(BARS, [deal])).tolist()


@pytest.mark.rule("L-5")
def test_the_meter_counts_fills_and_the_profit_that_needed_them():
    """One trade of two needed a touch, and made 3 of 7; another fill was one tick from it."""
    deals = [
        _limit(1, 1, 99.0),
        Deal(2, -1, 102.0, 1.0, OrderRole.EXIT),
        _limit(2, 1, 100.1),
        Deal(3, -1, 104.1, 1.0, OrderRole.EXIT),
    ]
    log = a_run(BARS, deals)
    trades = round_trips(log)
    assert [True, False] == [trade.touched for trade in trades]
    found = optimism(log, trades)
    assert (4, 2, 1, 1) == tuple(found[name] for name in ("fills", "limit_fills", "touched_fills", "thin_fills"))
    assert (0.25, 1) == (found["touched_share"], found["touched_trades"])
    assert pytest.approx((3.0, 3.0 / 7.0)) == (found["touched_pnl"], found["touched_pnl_share"])


def test_a_run_without_fills_hopes_for_nothing():
    """No share of nothing is made up."""
    found = optimism(a_run(BARS), ())
    assert (0, None, None) == (found["touched_fills"], found["touched_share"], found["touched_pnl_share"])
