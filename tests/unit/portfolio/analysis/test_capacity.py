"""Fills beside the volume of their bars."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.enums import OrderRole
from tradewright.portfolio.analysis.capacity import capacity, shares_of_volume
from tradewright.testing.run_logs import Deal, a_run, bars_of

BARS = bars_of([100.0] * 4)._replace(volume=np.array([0.0, 10.0, 40.0, 0.0]))


def test_shares_are_of_the_bar_of_the_fill():
    """1 of 10, 1 of 40; a bar without volume, and a forced close, which asks nobody, have none."""
    deals = [
        Deal(1, 1, 100.0, 1.0),
        Deal(2, 1, 100.0, 1.0),
        Deal(2, -1, 100.0, 1.0, OrderRole.LIQUIDATION),
        Deal(3, -1, 100.0, 1.0, OrderRole.EXIT),
    ]
    np.testing.assert_allclose([0.1, 0.025, np.nan, np.nan], shares_of_volume(a_run(BARS, deals)))


def test_capacity_is_the_equity_at_which_a_tenth_of_the_bar_is_taken():
    """1 of 40 at 1,000: a tenth at 4,000."""
    found = capacity(a_run(BARS, [Deal(2, 1, 100.0, 1.0)], balance=1_000.0))
    assert pytest.approx(4_000.0) == found["capacity"]
    assert (1, 0, 0) == (found["measured_fills"], found["beyond_volume"], found["split_orders"])


def test_fills_beyond_the_volume_and_orders_in_parts_are_counted():
    """11 of 10 is more than there was; one order needed two fills."""
    deals = [Deal(1, 1, 100.0, 11.0), Deal(2, 1, 100.0, 1.0)]
    log = a_run(BARS, deals)
    log.fills["order_id"] = 1
    found = capacity(log)
    assert (1, 1) == (found["beyond_volume"], found["split_orders"])
    assert pytest.approx(1.1) == found["largest_share"]


@pytest.mark.parametrize("deals", [[], [Deal(3, 1, 100.0, 1.0)]])
def test_without_volume_nothing_is_known(deals):
    """No share, no capacity."""
    found = capacity(a_run(BARS, deals))
    assert (0, None, None, None) == tuple(
        found[n] for n in ("measured_fills", "median_share", "high_share", "capacity")
    )
