"""Laws of market columns, on generated bars."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.domain.timeframe import Timeframe
from tradewright.market.alignment import as_of_close
from tradewright.market.bars import make_bars, slice_bars
from tradewright.market.merge import MarkedBars, make_marked, merge
from tradewright.market.quality import check
from tradewright.market.repair import Deed, repair
from tradewright.market.resample import resample, source_counts
from tradewright.ports.candle_store import CandleKey
from tradewright.testing.candles import MINUTE, START, marked_bars

FIVE, HOUR = Timeframe.parse("5m"), Timeframe.parse("1h")
NEVER = 2**62


def _bytes(marked: MarkedBars) -> list[bytes]:
    return [column.tobytes() for column in (*marked.bars, marked.filled)]


@given(marked_bars(), st.integers(0, 60))
def test_resample_is_not_changed_by_what_comes_later(marked, cut):
    """What the first bars give is a prefix of what all of them give: no target bar is ever taken back or altered."""
    whole = resample(marked.bars, MINUTE, FIVE)
    early = resample(slice_bars(marked.bars, 0, cut), MINUTE, FIVE)
    assert [c.tobytes() for c in slice_bars(whole, 0, len(early.ts_open))] == [c.tobytes() for c in early]


@given(marked_bars(max_span=240))
def test_resample_in_two_steps_is_resample_in_one_where_bars_are_complete(marked):
    """Minutes to hours by way of five minutes gives the same extremes and the same sum as directly."""
    bars = marked.bars
    assume(len(bars.ts_open) > 2)
    direct = resample(bars, MINUTE, HOUR)
    by_way = resample(resample(bars, MINUTE, FIVE), FIVE, HOUR)
    shared = np.intersect1d(direct.ts_open, by_way.ts_open, return_indices=True)
    full = source_counts(bars, MINUTE, HOUR)[shared[1]] == 60
    for one, other in zip(direct, by_way, strict=True):
        assert one[shared[1]][full].tolist() == other[shared[2]][full].tolist()


@given(marked_bars())
def test_resample_keeps_the_volume_of_the_spans_it_gives(marked):
    """Volume is neither lost nor made: each target bar has the sum of the source bars inside it."""
    got = resample(marked.bars, MINUTE, FIVE)
    for i, start in enumerate(got.ts_open.tolist()):
        inside = (marked.bars.ts_open >= start) & (marked.bars.ts_open < start + FIVE.ns)
        assert marked.bars.volume[inside].sum() == got.volume[i]
        assert marked.bars.high[inside].max() == got.high[i]
        assert marked.bars.low[inside].min() == got.low[i]


@pytest.mark.rule("T-4")
@given(marked_bars())
def test_alignment_sees_the_last_closed_bar(marked):
    """The bar that is joined has closed, and the one after it has not."""
    higher = resample(marked.bars, MINUTE, FIVE)
    index = as_of_close(marked.bars.ts_close, higher.ts_close)
    for close, i in zip(marked.bars.ts_close.tolist(), index.tolist(), strict=True):
        assert i < 0 or higher.ts_close[i] <= close
        assert i + 1 == len(higher.ts_close) or higher.ts_close[i + 1] > close


@given(marked_bars(seed=1), marked_bars(seed=1))
def test_merge_commutes_and_repeats_without_effect_where_nothing_conflicts(one, other):
    """The order of two imports does not matter, and importing again changes nothing."""
    united, outcome = merge(one, other, MINUTE)
    assert () == outcome.conflicts
    assert _bytes(united) == _bytes(merge(other, one, MINUTE)[0])
    again, second = merge(united, other, MINUTE)
    assert _bytes(united) == _bytes(again)
    assert (0, len(other.filled)) == (second.added, second.same)


@st.composite
def _raw_rows(draw):
    # Rows as bad files have them: shuffled, repeated, beside the grid, broken in every way.
    count = draw(st.integers(0, 12))
    places = draw(st.lists(st.integers(0, 8), min_size=count, max_size=count))
    beside = draw(
        st.lists(st.sampled_from((0, 0, 0, 5_000_000, -5_000_000, 20 * 10**9)), min_size=count, max_size=count)
    )
    number = st.sampled_from((1.0, 2.0, 3.0, 0.0, -1.0, float("nan"), float("inf")))
    columns = [np.array(draw(st.lists(number, min_size=count, max_size=count)), np.float64) for _ in range(5)]
    ts = START + MINUTE.ns * np.array(places, np.int64) + np.array(beside, np.int64)
    return make_marked(make_bars(ts, tuple(columns[:4]), columns[4], MINUTE))


@given(_raw_rows(), st.booleans())
def test_repair_leaves_nothing_to_find_and_nothing_to_do(raw, fill):
    """After a repair the check is clean, a second repair does nothing, and every real bar was in the file."""
    now = START + 7 * MINUTE.ns
    mended, actions = repair(raw, MINUTE, now, fill=fill)
    report = check(mended.bars, MINUTE, now)
    assert report.is_sound
    assert not (fill and report.missing_count)
    assert () == repair(mended, MINUTE, now, fill=fill)[1]
    assert sum(action.deed == Deed.FILLED for action in actions) == mended.filled.sum()
    lost = sum(action.deed in (Deed.DROPPED, Deed.COPY_DROPPED, Deed.LAST_KEPT) for action in actions)
    assert len(raw.filled) - lost == (~mended.filled).sum()


@given(marked_bars(seed=2), marked_bars(seed=2))
def test_store_gives_back_what_was_put_in(tmp_path_factory, one, other):
    """Saved is loaded, byte for byte; merged in two parts is the union; a second merge writes the same file."""
    store = ParquetCandles(tmp_path_factory.mktemp("candles"))
    key = CandleKey("binance", "BTC/USDT:USDT", MINUTE)
    store.save(key, one)
    assert _bytes(one) == _bytes(store.load(key))
    store.merge(key, other)
    assert _bytes(merge(one, other, MINUTE)[0]) == _bytes(store.load(key))
    assert 0 == store.merge(key, other).added
    assert (key,) == store.list()
