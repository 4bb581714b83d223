"""Kernels over whole columns say what numpy says, in one pass."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.kernels.columns.comparing import mark_crosses
from tradewright.kernels.columns.laying import lay_lots, lay_ticks


def test_prices_go_to_the_nearest_tick_and_ties_to_the_even_one() -> None:
    """In ticks of 0.25: 0.375 and 0.625 lie in the middle, and go to 2; what is no tick, or no number, is counted."""
    ticks = np.zeros(6, np.int64)
    assert 0 == lay_ticks(np.array([0.25, 0.375, 0.625, 1.0, 1.1, 1e9]), 1.0, 4.0, ticks)
    assert [1, 2, 2, 4, 4, 4_000_000_000] == ticks.tolist()
    assert 3 == lay_ticks(np.array([0.1, -1.0, np.nan, 1.0]), 1.0, 4.0, ticks)


def test_a_tick_that_is_no_fraction_of_one_is_divided_by_last() -> None:
    """In ticks of 5: 12.5 is two and a half of them, and goes to two."""
    ticks = np.zeros(3, np.int64)
    assert 0 == lay_ticks(np.array([5.0, 12.5, 17.5]), 5.0, 1.0, ticks)
    assert [1, 2, 4] == ticks.tolist()


def test_volumes_are_cut_to_lots_but_for_a_hair() -> None:
    """0.3 / 0.1 is three lots, though floats say less; what no order can ask for is cut off."""
    lots = np.zeros(4, np.int64)
    lay_lots(np.array([0.3, 0.29, 0.0, 1e30]), 1.0 / 0.1, lots)
    assert [3, 2, 0, 1 << 60] == lots.tolist()


@pytest.mark.parametrize("size", [0, 1, 2, 50])
def test_a_cross_is_above_now_and_was_not_before(size: int) -> None:
    """The same as two comparisons of whole columns; the first row, and a row beside NaN, cross nothing."""
    rng = np.random.default_rng(size)
    a, b = rng.integers(0, 4, size).astype(float), rng.integers(0, 4, size).astype(float)
    if size > 10:
        a[7], b[20] = np.nan, np.nan
    expected = np.zeros(size, np.bool_)
    expected[1:] = (a[1:] > b[1:]) & (a[:-1] <= b[:-1])
    crossed = np.ones(size, np.bool_)
    mark_crosses(a, b, crossed)
    assert expected.tolist() == crossed.tolist()
    assert size < 50 or expected.any()
