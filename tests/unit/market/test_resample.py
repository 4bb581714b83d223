"""Closed bars only."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import empty_bars, slice_bars
from tradewright.market.merge import take
from tradewright.market.resample import resample, source_counts
from tradewright.testing.candles import MINUTE, START, some_bars

FIVE = Timeframe.parse("5m")


def test_resample_of_whole_spans_keeps_extremes_and_sum():
    """A five-minute bar has the first open, the highest high, the lowest low, the last close and all the volume."""
    got = resample(some_bars(10), MINUTE, FIVE)
    assert [START, START + FIVE.ns] == got.ts_open.tolist()
    assert [START + FIVE.ns, START + 2 * FIVE.ns] == got.ts_close.tolist()
    assert [100.0, 105.0] == got.open.tolist()
    assert [106.0, 111.0] == got.high.tolist()
    assert [99.0, 104.0] == got.low.tolist()
    assert [104.5, 109.5] == got.close.tolist()
    assert [15.0, 40.0] == got.volume.tolist()


def test_resample_never_gives_the_unfinished_last_bar():
    """One source bar short of the close, the target bar does not exist yet."""
    assert len(resample(some_bars(9), MINUTE, FIVE).ts_open) == 1
    assert len(resample(some_bars(4), MINUTE, FIVE).ts_open) == 0


def test_resample_never_gives_a_first_bar_entered_half_way():
    """Data that starts inside a span does not know that span's open."""
    got = resample(slice_bars(some_bars(15), 1, 15), MINUTE, FIVE)
    assert [START + FIVE.ns, START + 2 * FIVE.ns] == got.ts_open.tolist()


def test_resample_over_missing_bars_uses_those_present_and_counts_them():
    """A hole inside the data does not withhold the bar; the count says what stands behind it."""
    bars = take(some_bars(15), np.array([0, 1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]))
    assert [3, 5, 5] == source_counts(bars, MINUTE, FIVE).tolist()
    assert 103.5 == resample(bars, MINUTE, FIVE).close[0]


def test_resample_with_last_source_bar_missing_waits_for_later_data():
    """A span whose last source bar is missing is complete only once a later bar proves that it is over."""
    without_last = np.array([0, 1, 2, 3])
    assert len(resample(take(some_bars(5), without_last), MINUTE, FIVE).ts_open) == 0
    later = take(some_bars(6), np.array([0, 1, 2, 3, 5]))
    assert [START] == resample(later, MINUTE, FIVE).ts_open.tolist()


def test_resample_over_an_empty_span_gives_no_bar_for_it():
    """Where nothing was traded, nothing is invented."""
    bars = take(some_bars(15), np.array([0, 1, 2, 3, 4, 10, 11, 12, 13, 14]))
    assert [START, START + 2 * FIVE.ns] == resample(bars, MINUTE, FIVE).ts_open.tolist()


def test_resample_of_days_to_weeks_starts_on_monday():
    """A week is cut from Monday to Monday, as venues cut it."""
    day, week = Timeframe.parse("1d"), Timeframe.parse("1w")
    got = resample(some_bars(16, day, START - 2 * day.ns), day, week)
    assert [START, START + week.ns] == got.ts_open.tolist()


def test_resample_to_the_same_length_and_of_nothing():
    """The same length gives the same bars; no bars give no bars."""
    bars = some_bars(3)
    assert bars is resample(bars, MINUTE, MINUTE)
    assert len(resample(empty_bars(), MINUTE, FIVE).ts_open) == 0


def test_resample_to_a_length_that_does_not_fit_is_refused():
    """Three-minute bars cannot make five-minute bars."""
    with pytest.raises(InvalidValue, match="a whole multiple of the stored 3m"):
        resample(some_bars(9, Timeframe.parse("3m")), Timeframe.parse("3m"), FIVE)
