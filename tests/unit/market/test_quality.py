"""Each fault is found where it is, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.market.bars import Bars, empty_bars
from tradewright.market.merge import take
from tradewright.market.quality import Fault, check
from tradewright.testing.candles import MINUTE, START, some_bars

NEVER = 2**62


def _with(row: int, **values: float) -> Bars:
    bars = some_bars(10)
    for name, value in values.items():
        getattr(bars, name)[row] = value
    return bars


def test_check_of_sound_bars_finds_nothing():
    """Bars without fault are sound and complete."""
    report = check(some_bars(10), MINUTE, NEVER)
    assert report.is_sound
    assert (10, START, START + 9 * MINUTE.ns) == (report.count, report.first, report.last)
    assert 0 == report.missing_count


def test_check_of_nothing_is_sound():
    """No rows, no faults, no range."""
    report = check(empty_bars(), MINUTE, NEVER)
    assert report.is_sound
    assert (0, None, None) == (report.count, report.first, report.last)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"close": np.nan}, Fault.NOT_A_NUMBER),
        ({"volume": np.inf}, Fault.NOT_A_NUMBER),
        ({"low": 0.0}, Fault.NON_POSITIVE),
        ({"low": 300.0, "open": 300.0, "close": 300.0}, Fault.HIGH_BELOW_LOW),
        ({"open": 1_000.0}, Fault.RANGE),
        ({"close": 1.0}, Fault.RANGE),
        ({"volume": -1.0}, Fault.NEGATIVE_VOLUME),
    ],
)
def test_check_names_the_row_of_a_broken_value(values, fault):
    """A broken value is one finding of its own kind, at its own row."""
    report = check(_with(4, **values), MINUTE, NEVER)
    assert [(fault, (4,), (START + 4 * MINUTE.ns,))] == [(f.fault, f.rows, f.stamps) for f in report.findings]


def test_check_finds_disorder_duplicates_and_conflicts_in_raw_rows():
    """Rows are judged in the order they came, before anything is sorted."""
    bars = take(some_bars(4), np.array([0, 2, 1, 1, 3, 3]))
    bars.close[5] += 0.25
    report = check(bars, MINUTE, NEVER)
    assert (2, 3) == report.rows(Fault.DISORDER)
    assert (3,) == report.rows(Fault.DUPLICATE)
    assert (5,) == report.rows(Fault.CONFLICT)
    assert not report.is_sound


def test_check_finds_stamps_beside_the_grid():
    """Half a minute past is no open of a one-minute bar."""
    bars = some_bars(5)
    bars.ts_open[2] += MINUTE.ns // 2
    report = check(bars, MINUTE, NEVER)
    assert (2,) == report.rows(Fault.OFF_GRID)
    assert [START + 2 * MINUTE.ns] == list(report.missing())


def test_check_finds_bars_that_have_not_closed():
    """A bar whose close lies after the present is not known yet; one that closes now is."""
    now = START + 9 * MINUTE.ns
    assert (9,) == check(some_bars(10), MINUTE, now).rows(Fault.FUTURE)


def test_check_names_each_missing_bar():
    """Gaps are runs, and every missing open can be named one by one."""
    report = check(take(some_bars(10), np.array([0, 3, 4, 9])), MINUTE, NEVER)
    assert [(START + MINUTE.ns, 2), (START + 5 * MINUTE.ns, 4)] == [(gap.first, gap.count) for gap in report.gaps]
    assert [START + i * MINUTE.ns for i in (1, 2, 5, 6, 7, 8)] == list(report.missing())
    assert report.is_sound
