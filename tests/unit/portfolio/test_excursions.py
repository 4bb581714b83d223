"""Excursions: what certainly happened for the best, what may have happened for the worst."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import OrderRole
from tradewright.portfolio.trades import round_trips
from tradewright.testing.run_logs import Deal, a_run, bars_of

# open, close and one beyond each: bar 1 is 100 to 101 (99 to 102), bar 2 101 to 105 (100 to 106), …
BARS = bars_of([100.0, 101.0, 105.0, 103.0, 99.0, 98.0], reach=1.0)


def _measure(*deals: Deal) -> tuple[float, float]:
    (trade,) = round_trips(a_run(BARS, deals))
    return trade.mae, trade.mfe


def test_whole_bars_count_whole_and_a_bar_left_at_its_open_not_at_all():
    """Long from the open of bar 1 (100) to the open of bar 3 (105): low 99, high 106."""
    assert (-1.0, 6.0) == _measure(Deal(1, 1, 100.0, 1.0), Deal(3, -1, 105.0, 1.0))


def test_a_short_is_the_mirror():
    """Short over the same bars loses at the high and gains at the low."""
    assert (-6.0, 1.0) == _measure(Deal(1, -1, 100.0, 1.0), Deal(3, 1, 105.0, 1.0))


def test_a_bar_entered_on_the_way_gives_only_its_close_for_the_best():
    """Long inside bar 2 at 103: its high of 106 may lie before, its low of 100 may lie after; left at bar 3's open."""
    assert (-3.0, 2.0) == _measure(Deal(2, 1, 103.0, 1.0, inside=True), Deal(3, -1, 105.0, 1.0))


def test_a_bar_left_on_the_way_gives_only_the_exit_for_the_best():
    """A target at 104 inside bar 2: nothing better than 104; the bar's low of 100 may have come first."""
    deals = Deal(2, 1, 102.0, 1.0), Deal(2, -1, 104.0, 1.0, OrderRole.TAKE_PROFIT, True)
    assert (-2.0, 2.0) == _measure(*deals)


@pytest.mark.parametrize("role", [OrderRole.STOP_LOSS, OrderRole.LIQUIDATION])
def test_nothing_is_worse_than_the_stop_that_ended_it(role):
    """A stop at 101 in bar 4 (low 98): the fall beyond it came after."""
    assert (-4.0, 1.0) == _measure(Deal(3, 1, 105.0, 1.0), Deal(4, -1, 101.0, 1.0, role, inside=True))


def test_a_trade_inside_one_bar_knows_only_its_prices_and_the_worst():
    """In and out inside bar 2: the low counts against it, the high does not count for it."""
    deals = Deal(2, 1, 103.0, 1.0, inside=True), Deal(2, -1, 104.0, 1.0, OrderRole.TAKE_PROFIT, True)
    assert (-3.0, 1.0) == _measure(*deals)


def test_an_open_trade_is_measured_to_the_last_bar():
    """Long from the open of bar 3 (105): the lowest low to the end is 97."""
    assert (-8.0, 1.0) == _measure(Deal(3, 1, 105.0, 1.0))


def test_an_open_trade_entered_in_the_last_bar_counts_its_close():
    """Entered inside the last bar at 98.5: low 97, close 98."""
    assert (-1.5, 0.0) == _measure(Deal(5, 1, 98.5, 1.0, inside=True))


def test_what_is_realised_stays():
    """Half of 2 sold at 105 for a profit of 5; afterwards the low of 97 costs the other half 3."""
    deals = Deal(1, 1, 100.0, 2.0), Deal(3, -1, 105.0, 1.0), Deal(5, -1, 99.0, 1.0)
    mae, mfe = _measure(*deals)
    assert (-2.0, 12.0) == (mae, mfe)
