"""Everything that is done is named, and nothing else is done."""

from __future__ import annotations

import numpy as np

from tradewright.market.merge import make_marked, take
from tradewright.market.quality import check
from tradewright.market.repair import Deed, repair
from tradewright.testing.candles import MINUTE, START, some_bars

NEVER = 2**62
MS = 1_000_000


def _at(minute: int) -> int:
    return START + minute * MINUTE.ns


def test_repair_of_sound_bars_does_nothing():
    """Sound bars come back as they were."""
    mended, actions = repair(make_marked(some_bars(5)), MINUTE, NEVER)
    assert () == actions
    assert all(np.array_equal(a, b) for a, b in zip(some_bars(5), mended.bars, strict=True))


def test_repair_drops_broken_rows_and_says_why():
    """A broken row is dropped with its reason, and leaves a gap."""
    bars = some_bars(5)
    bars.high[2] = bars.low[2] - 1
    mended, actions = repair(make_marked(bars), MINUTE, NEVER)
    assert [(Deed.DROPPED, _at(2), "high below low")] == [(a.deed, a.ts, a.reason) for a in actions]
    assert [_at(i) for i in (0, 1, 3, 4)] == mended.bars.ts_open.tolist()


def test_repair_sorts_and_names_the_rows_that_were_late():
    """Rows out of order are moved, each named."""
    mended, actions = repair(make_marked(take(some_bars(4), np.array([0, 2, 1, 3]))), MINUTE, NEVER)
    assert [(Deed.SORTED, _at(1))] == [(a.deed, a.ts) for a in actions]
    assert [_at(i) for i in range(4)] == mended.bars.ts_open.tolist()


def test_repair_keeps_one_of_equal_rows_and_the_last_of_conflicting_rows():
    """A copy goes silently under its own name; of two different rows the later one in the file stays."""
    bars = take(some_bars(3), np.array([0, 0, 1, 1, 2]))
    bars.close[3] += 0.25
    mended, actions = repair(make_marked(bars), MINUTE, NEVER)
    assert [(Deed.COPY_DROPPED, _at(0)), (Deed.LAST_KEPT, _at(1))] == [(a.deed, a.ts) for a in actions]
    assert [100.5, 101.75, 102.5] == mended.bars.close.tolist()


def test_repair_snaps_a_hair_and_drops_what_is_further_off():
    """17 ms beside the minute is the minute; 20 s beside it is nobody's minute."""
    bars = some_bars(4)
    bars.ts_open[1] += 17 * MS
    bars.ts_open[2] += 20_000 * MS
    mended, actions = repair(make_marked(bars), MINUTE, NEVER)
    assert [(Deed.SNAPPED, _at(1) + 17 * MS), (Deed.DROPPED, _at(2) + 20_000 * MS)] == [(a.deed, a.ts) for a in actions]
    assert [_at(0), _at(1), _at(3)] == mended.bars.ts_open.tolist()


def test_repair_does_not_snap_onto_a_bar_that_is_there():
    """Where the place is taken, moving would be a guess: the stray row is dropped."""
    bars = take(some_bars(3), np.array([0, 1, 1, 2]))
    bars.ts_open[2] += 17 * MS
    _, actions = repair(make_marked(bars), MINUTE, NEVER)
    assert [Deed.DROPPED] == [a.deed for a in actions]


def test_repair_invents_nothing_unless_asked_and_marks_what_it_invents():
    """Gaps stay gaps; with fill they become flat, empty, marked bars at the previous close."""
    holed = make_marked(take(some_bars(5), np.array([0, 1, 4])))
    assert 3 == len(repair(holed, MINUTE, NEVER)[0].filled)
    filled, actions = repair(holed, MINUTE, NEVER, fill=True)
    assert [(Deed.FILLED, _at(2)), (Deed.FILLED, _at(3))] == [(a.deed, a.ts) for a in actions]
    assert [False, False, True, True, False] == filled.filled.tolist()
    rows = [tuple(column[2:4].tolist()) for column in filled.bars[2:]]
    assert [(101.5, 101.5)] * 4 + [(0.0, 0.0)] == rows
    assert 0 == check(filled.bars, MINUTE, NEVER).missing_count
