"""Where bars are: every bar is in one stretch, and every hole is told."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import make_bars
from tradewright.market.coverage_map import coverage_map
from tradewright.market.merge import MarkedBars
from tradewright.market.quality import Gap

HOUR = 3_600_000_000_000
DAY = 24 * HOUR
BEGIN = 19_723 * DAY  # 2024-01-01


def marked(places: list[int], frame: str = "1h", filled: tuple[int, ...] = ()) -> MarkedBars:
    """Bars at so many lengths after the beginning."""
    length = Timeframe.parse(frame)
    ts = BEGIN + np.array(places, np.int64) * length.ns
    ones = np.ones(ts.size)
    return MarkedBars(make_bars(ts, (ones,) * 4, ones, length), np.isin(np.array(places), filled))


def test_a_stretch_is_a_day_where_there_are_few() -> None:
    """Begun in the middle of a day; a hole over midnight; an invented bar."""
    places = [one for one in range(12, 60) if one not in (23, 24, 25)]
    found = coverage_map(marked(places, filled=(30,)), Timeframe.parse("1h"))
    assert DAY == found.length
    rows = [(one.begin - BEGIN, one.wanted, one.stored, one.filled) for one in found.stretches]
    assert [(0, 12, 11, 0), (DAY, 24, 22, 1), (2 * DAY, 12, 12, 0)] == rows
    assert ((Gap(BEGIN + 23 * HOUR, 3),), 1) == (found.gaps, found.gap_count)


@pytest.mark.parametrize(("frame", "count"), [("1h", 5_000), ("1d", 700), ("1w", 300), ("1m", 9_000)])
def test_there_are_no_more_stretches_than_asked_for_and_none_is_lost(frame: str, count: int) -> None:
    """Stretches follow on each other and add up to all bars, whatever their length."""
    found = coverage_map(marked(list(range(0, count, 2)), frame), Timeframe.parse(frame), most=50)
    assert len(found.stretches) <= 51
    begins = [one.begin for one in found.stretches]
    assert {found.length} >= set(np.diff(begins).tolist())
    assert (len(range(0, count, 2)), count - 1) == (
        sum(one.stored for one in found.stretches),
        sum(one.wanted for one in found.stretches),
    )
    assert all(0 <= one.stored <= one.wanted for one in found.stretches)
    assert (count - 1) // 2 == found.gap_count


def test_of_many_holes_the_longest_are_told() -> None:
    """In the order of time; a single bar has none, and rows out of order or twice are no holes."""
    places = [0, 2, 10, 12, 20, 22]
    found = coverage_map(marked(places), Timeframe.parse("1h"), most_gaps=2)
    assert [(3, 7), (13, 7)] == [((one.first - BEGIN) // HOUR, one.count) for one in found.gaps]
    assert 5 == found.gap_count
    assert ((), 0) == ((alone := coverage_map(marked([4]), Timeframe.parse("1h"))).gaps, alone.gap_count)
    assert 0 == coverage_map(marked([2, 1, 0, 1]), Timeframe.parse("1h")).gap_count
