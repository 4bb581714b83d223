"""Days beside their target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradewright.portfolio.day_target import target_days
from tradewright.portfolio.sampling import DAY_NS
from tradewright.testing.results import a_busy_run


def test_days_are_counted_by_their_best_close_and_the_others_by_what_they_made() -> None:
    """Up 3 % and back; then 1 % down; then up 2 %: two of three met 2 %, the other one lost 1 %."""
    equity = np.array([103.0, 100.0, 98.0, 99.0, 99.0, 100.98])
    ts = np.arange(6) * DAY_NS // 2
    log = replace(a_busy_run(), ts_open=ts, ts_close=ts + DAY_NS // 2, equity=equity, initial_balance=100.0)
    found = target_days(log, 0.02)
    assert found is not None
    assert (2, 3) == (found.met, found.days)
    assert pytest.approx(-0.01) == found.rest
    assert pytest.approx(2 / 3) == found.share


def test_without_a_target_there_is_nothing_to_count() -> None:
    """0 is none."""
    assert target_days(a_busy_run(), 0.0) is None
