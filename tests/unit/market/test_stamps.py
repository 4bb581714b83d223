"""What stamps mean."""

from __future__ import annotations

import numpy as np

from tradewright.domain.timeframe import Timeframe
from tradewright.market.stamps import snap, volume_evidence
from tradewright.testing.candles import MINUTE, START, some_bars

MS = 1_000_000


def _bursts(minute: int) -> tuple[np.ndarray, np.ndarray]:
    ts = some_bars(1_440).ts_open
    noise = np.random.default_rng(5).uniform(0.8, 1.2, len(ts))
    return ts, np.where(ts // MINUTE.ns % 15 == minute, 2.0, 1.0) * noise


def test_volume_evidence_points_where_the_burst_stands():
    """A burst in the row on the quarter hour means open stamps, one row later close stamps."""
    assert "open" == volume_evidence(*_bursts(0), MINUTE).points_to
    assert "close" == volume_evidence(*_bursts(1), MINUTE).points_to
    assert "points to close" in str(volume_evidence(*_bursts(1), MINUTE))


def test_volume_evidence_is_silent_without_a_pattern_or_without_rows():
    """Noise points nowhere, and neither do a few rows or long bars."""
    assert volume_evidence(*_bursts(7), MINUTE).points_to is None
    few = some_bars(60)
    assert "too few rows" in str(volume_evidence(few.ts_open, few.volume, MINUTE))
    hour = Timeframe.parse("1h")
    long = some_bars(500, hour)
    assert 0 == volume_evidence(long.ts_open, long.volume, hour).pairs


def test_snap_moves_a_hair_and_no_more():
    """Less than 1 s and less than 1 % of the bar is moved to the nearest grid point, on either side."""
    ts = START + np.array([0, 17 * MS, -17 * MS, 599 * MS, 600 * MS], np.int64)
    snapped, moved = snap(ts, MINUTE)
    assert [START, START, START, START, START + 600 * MS] == snapped.tolist()
    assert [False, True, True, True, False] == moved.tolist()
    late, moved = snap(START + np.array([999 * MS, 1_000 * MS], np.int64), Timeframe.parse("8h"))
    assert [True, False] == moved.tolist()
    assert START == late[0]
