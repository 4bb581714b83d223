"""The join on closes."""

from __future__ import annotations

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.market.alignment import as_of_close
from tradewright.market.resample import resample
from tradewright.testing.candles import MINUTE, some_bars


def test_as_of_close_sees_a_bar_at_its_close_and_not_before():
    """A higher bar is known from its own close on, and nothing is known before the first close."""
    ltf, htf = np.array([1, 2, 3, 4, 5]), np.array([2, 5])
    assert [-1, 0, 0, 0, 1] == as_of_close(ltf, htf).tolist()


def test_as_of_close_never_reaches_into_the_future():
    """Whatever is joined has closed at or before the bar that sees it."""
    bars = some_bars(60)
    higher = resample(bars, MINUTE, Timeframe.parse("15m"))
    index = as_of_close(bars.ts_close, higher.ts_close)
    seen = index >= 0
    assert 14 == int((~seen).sum())
    assert (higher.ts_close[index[seen]] <= bars.ts_close[seen]).all()


def test_as_of_close_without_higher_bars_is_minus_one():
    """No higher bars, nothing known."""
    assert [-1, -1] == as_of_close(np.array([1, 2]), np.empty(0, np.int64)).tolist()
