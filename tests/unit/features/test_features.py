"""Features by hand and by pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.testing.bars import closes, walk

BARS = walk(600, 2)


def test_crossings_need_both_sides_and_no_nan() -> None:
    """A cross is from at-or-below to above; a NaN on either row is no cross; touching is not crossing."""
    a = [np.nan, 1.0, 2.0, 3.0, 2.0, 1.0]
    assert [False, False, False, True, False, False] == ta.crossed_above(a, [2.0] * 6).tolist()
    assert [False, False, False, False, False, True] == ta.crossed_below(a, 2.0).tolist()
    assert [] == ta.crossed_above([], []).tolist()


@pytest.mark.parametrize("n", [1, 3, 600, 700])
def test_previous_equals_a_shift_of_pandas(n: int) -> None:
    """`previous` looks back and never ahead, also by more rows than there are."""
    np.testing.assert_array_equal(pd.Series(BARS.close).shift(n).to_numpy(), ta.previous(BARS.close, n))


def test_true_range_equals_its_definition() -> None:
    """The greatest of high - low and the two distances from the close before; NaN in the first row."""
    frame = pd.DataFrame({"high": BARS.high, "low": BARS.low, "before": pd.Series(BARS.close).shift(1)})
    spans = pd.DataFrame(
        {1: frame.high - frame.low, 2: (frame.high - frame.before).abs(), 3: (frame.low - frame.before).abs()}
    )
    expected = spans.max(axis=1, skipna=False).to_numpy()
    np.testing.assert_allclose(expected, ta.true_range(BARS), rtol=1e-12)


def test_atr_is_wilders_average_of_the_true_range() -> None:
    """Seeded with the mean of the true ranges of rows 1 to n, so that row n is the first."""
    span = ta.true_range(BARS)
    seeded = pd.Series(np.concatenate(([span[1:15].mean()], span[15:])))
    found = ta.atr(BARS, 14)
    assert np.isnan(found[:14]).all()
    np.testing.assert_allclose(seeded.ewm(alpha=1 / 14, adjust=False).mean().to_numpy(), found[14:], rtol=1e-12)


def test_rsi_equals_wilders_formula_in_pandas() -> None:
    """100 - 100 / (1 + up / down), both seeded with the mean of the first n changes."""
    change = np.diff(BARS.close)
    parts = []
    for part in (np.clip(change, 0.0, None), np.clip(-change, 0.0, None)):
        seeded = pd.Series(np.concatenate(([part[:14].mean()], part[14:])))
        parts.append(seeded.ewm(alpha=1 / 14, adjust=False).mean().to_numpy())
    expected = 100.0 - 100.0 / (1.0 + parts[0] / parts[1])
    np.testing.assert_allclose(expected, ta.rsi(BARS.close, 14)[14:], rtol=1e-10)


def test_rsi_of_a_still_market_is_zero_and_of_a_rising_one_a_hundred() -> None:
    """No rise and no fall is 0, as in TA-Lib; only rises are 100."""
    assert [0.0] == np.unique(ta.rsi(np.full(30, 5.0), 14)[14:]).tolist()
    assert [100.0] == np.unique(ta.rsi(np.arange(30.0), 14)[14:]).tolist()


def test_atr_bar_by_bar_equals_the_column() -> None:
    """`ta.Atr` is `ta.atr` to the last bit."""
    average = ta.Atr(14)
    rows = zip(BARS.high.tolist(), BARS.low.tolist(), BARS.close.tolist(), strict=True)
    np.testing.assert_array_equal(ta.atr(BARS, 14), [average.update(*row) for row in rows])


@pytest.mark.parametrize("n", [0, -3, 2.5, True])
def test_a_length_that_is_none_is_refused(n: object) -> None:
    """Windows hold whole bars, at least one."""
    with pytest.raises(InvalidValue, match="a whole number from 1 to 100,000"):
        ta.sma(BARS.close, n)


def test_a_table_is_no_column() -> None:
    """Features take one column at a time."""
    with pytest.raises(InvalidValue, match="one column of numbers"):
        ta.sma(np.ones((3, 3)), 2)


def test_an_order_block_is_the_last_bar_against_the_leg() -> None:
    """Down to a low, up through the swing high: the block is the last falling bar at the low."""
    bars = closes([10, 12, 15, 12, 9, 7, 9, 12, 16, 18], reach=0.5)
    shape = ta.structure.market_structure(bars, 1)
    up = shape.breaks.side > 0
    assert [8] == shape.breaks.event_bar[up].tolist()
    blocks = ta.structure.order_blocks(bars, shape.breaks)
    assert [5] == blocks.ref_bar[up].tolist()
    assert [(6.5, 9.5)] == list(zip(blocks.bottom[up].tolist(), blocks.top[up].tolist(), strict=True))


def test_a_dealing_range_is_known_only_when_its_swings_are() -> None:
    """Low and high of the range appear at the swings' events, not where they stand."""
    shape = ta.structure.market_structure(BARS, 3)
    low, high = ta.structure.dealing_range(shape.swings, BARS.close.size)
    swings = shape.swings
    for side, column in ((-1, low), (1, high)):
        events, levels = swings.event_bar[swings.side == side], swings.level[swings.side == side]
        assert np.isnan(column[: events[0]]).all()
        assert levels.tolist() == column[events].tolist()
        assert levels[-1] == column[-1]


def test_a_mirrored_market_has_mirrored_gaps() -> None:
    """What points up in one points down in the other, at the same bars."""
    upright, turned = (ta.structure.fair_value_gaps(b) for b in (BARS, ta.structure.mirrored(BARS)))
    assert upright.event_bar.tolist() == turned.event_bar.tolist()
    assert upright.side.tolist() == (-turned.side).tolist()
    assert upright.top.tolist() == (-turned.bottom).tolist()
