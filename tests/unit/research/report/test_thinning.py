"""Fewer points, same picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.timeframe import Timeframe
from tradewright.research.report.thinning import join_bars, keep_extremes, length_that_fits
from tradewright.testing.run_logs import bars_of

MINUTE, HOUR = Timeframe.parse("1m"), Timeframe.parse("1h")


@given(st.lists(st.floats(-1e6, 1e6), max_size=300), st.integers(1, 40))
def test_no_extreme_and_no_end_is_lost(values, buckets):
    """The lowest, the highest, the first and the last value stay, in order, and few others."""
    column = np.array(values, np.float64)
    rows = keep_extremes(column, buckets)
    assert np.all(np.diff(rows) > 0)
    if column.size:
        kept = column[rows]
        assert (column.min(), column.max(), column[0], column[-1]) == (kept.min(), kept.max(), kept[0], kept[-1])
    assert rows.size <= max(2 * buckets + 2, 0)


def test_few_values_stay_as_they_are():
    """Nothing is thinned that fits."""
    assert [0, 1, 2, 3] == keep_extremes(np.arange(4.0), 2).tolist()
    assert [] == keep_extremes(np.empty(0), 2).tolist()


@pytest.mark.parametrize(
    ("count", "most", "expected"),
    [(100, 100, "1m"), (101, 100, "3m"), (2_000, 100, "30m"), (60_000, 50, "1d"), (60_000, 1, "1w")],
)
def test_the_shortest_timeframe_that_fits_is_taken(count, most, expected):
    """From the bars' own length up, through the standard lengths; the longest if none fits."""
    assert expected == str(length_that_fits(bars_of(np.full(count, 5.0), "1m"), MINUTE, most))


def test_joined_bars_keep_open_high_low_close_and_the_unfinished_last():
    """Sixty minutes become an hour; the ten of the next hour stand as a bar of their own."""
    bars = bars_of(np.arange(100.0, 170.0), "1m", reach=2.0)
    joined = join_bars(bars, HOUR)
    assert bars.ts_open[[0, 60]].tolist() == joined.ts_open.tolist()
    assert [(100.0, 161.0, 98.0, 159.0), (159.0, 171.0, 157.0, 169.0)] == list(
        zip(joined.open, joined.high, joined.low, joined.close, strict=True)
    )
    assert [60.0, 10.0] == joined.volume.tolist()
