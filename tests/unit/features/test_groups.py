"""One instrument beside others."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.market.bars import Bars, slice_bars
from tradewright.testing.bars import closes, traded

MINE, BITCOIN = traded(120, 1), traded(120, 2)


def test_the_other_is_seen_as_it_was_known_at_each_close() -> None:
    """Its bars of an hour become known at their close, and stand on where one is missing."""
    quarter, hour = closes([1.0] * 12, "15m"), closes([7.0, 8.0, 9.0], "1h")
    np.testing.assert_array_equal([np.nan] * 3 + [7.0] * 4 + [8.0] * 4 + [9.0], ta.closes_beside(quarter, hour))
    broken = Bars(*(np.delete(column, 1) for column in hour))
    np.testing.assert_array_equal([np.nan] * 3 + [7.0] * 8 + [9.0], ta.closes_beside(quarter, broken))


def test_correlation_with_bitcoin_is_that_of_returns_over_the_window() -> None:
    """As numpy has it for the last 30 returns."""
    returns = [np.diff(bars.close) / bars.close[:-1] for bars in (MINE, BITCOIN)]
    expected = np.corrcoef(returns[0][70:100], returns[1][70:100])[0, 1]
    found = ta.correlation_with(MINE, BITCOIN)
    assert expected == pytest.approx(found[100], rel=1e-12)
    assert np.isnan(found[:30]).all()
    np.testing.assert_array_equal(ta.correlation_with(MINE, slice_bars(BITCOIN, 0, 90))[:90], found[:90])


def test_performance_of_a_sector_is_the_mean_return_of_its_members() -> None:
    """A member counts from where its price is known at both ends; without any there is no number."""
    flat, up = closes([1.0, 1.0, 1.0, 1.0]), closes([1.0, 2.0, 3.0, 6.0])
    late = slice_bars(up, 2, 4)
    np.testing.assert_allclose([np.nan, 0.5, 0.25, 0.5], ta.sector_performance(flat, [flat, up]))
    np.testing.assert_allclose([np.nan, 0.0, 0.0, 0.5], ta.sector_performance(flat, [flat, late]))
    np.testing.assert_allclose([np.nan, np.nan, np.nan, 1.0], ta.sector_performance(flat, [late]))
    assert np.isnan(ta.sector_performance(flat, [up], 9)).all()
    with pytest.raises(InvalidValue, match="members: 0 is not allowed"):
        ta.sector_performance(flat, [])
