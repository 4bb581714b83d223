"""What TA-Lib lacks, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, make_bars
from tradewright.testing.bars import closes, traded

WALK = traded(300, 5)


def bars_of(rows: list[tuple[float, float, float, float]], timeframe: str = "8h") -> Bars:
    """Bars of (high, low, close, volume) from the epoch on."""
    high, low, close, volume = (np.array(column) for column in zip(*rows, strict=True))
    length = Timeframe.parse(timeframe)
    return make_bars(np.arange(close.size) * length.ns, (close, high, low, close), volume, length)


def test_the_cloud_under_a_bar_is_what_was_known_a_displacement_before() -> None:
    """Middle lines of 9 and 26 bars now; span A and B, and the close, of 26 bars ago; the lead is this bar's own."""
    found = ta.ichimoku(WALK)

    def middle(n: int, at: int) -> float:
        return (WALK.high[at - n + 1 : at + 1].max() + WALK.low[at - n + 1 : at + 1].min()) / 2.0

    for at in (77, 150, 299):
        expected = [
            middle(9, at),
            middle(26, at),
            (middle(9, at - 26) + middle(26, at - 26)) / 2.0,
            middle(52, at - 26),
            (middle(9, at) + middle(26, at)) / 2.0,
            middle(52, at),
            WALK.close[at - 26],
        ]
        assert expected == [column[at] for column in found]
    assert np.isnan(found.span_b[76])


def test_session_vwap_begins_anew_at_midnight() -> None:
    """Three bars of eight hours make a day; the fourth is the first of the next."""
    bars = bars_of([(3.0, 1.0, 2.0, 1.0), (6.0, 4.0, 5.0, 3.0), (2.0, 2.0, 2.0, 0.0), (9.0, 7.0, 8.0, 5.0)])
    vwap, deviation = ta.session_vwap(bars)
    assert [2.0, 4.25, 4.25, 8.0] == vwap.tolist()
    assert [0.0, math.sqrt((2.25**2 + 3 * 0.75**2) / 4), math.sqrt((2.25**2 + 3 * 0.75**2) / 4), 0.0] == pytest.approx(
        deviation.tolist()
    )


def test_rolling_vwap_is_money_over_volume_and_the_typical_price_where_nothing_was_traded() -> None:
    """Windows of two bars."""
    bars = bars_of([(2.0, 2.0, 2.0, 1.0), (5.0, 5.0, 5.0, 3.0), (7.0, 7.0, 7.0, 0.0), (8.0, 8.0, 8.0, 0.0)])
    np.testing.assert_array_equal([np.nan, 4.25, 5.0, 8.0], ta.rolling_vwap(bars, 2))


def test_anchored_vwap_begins_at_each_anchor_and_is_unknown_before_the_first() -> None:
    """An anchor is any number but 0 in its row."""
    bars = bars_of([(2.0, 2.0, 2.0, 1.0), (5.0, 5.0, 5.0, 3.0), (7.0, 7.0, 7.0, 1.0), (8.0, 8.0, 8.0, 0.0)])
    np.testing.assert_array_equal([np.nan, 5.0, 5.5, 8.0], ta.anchored_vwap(bars, [0.0, 1.0, 0.0, 1.0]).vwap)


def test_volume_profile_finds_the_busiest_row_and_the_area_around_it() -> None:
    """Four rows of one: 1 lot below, 6 in the second, 2 in the third, 1 on top; 80 % lie in the second and third."""
    rows = [(1.0, 0.0, 0.5, 1.0), (2.0, 1.0, 1.5, 6.0), (3.0, 2.0, 2.5, 2.0), (4.0, 3.0, 3.5, 1.0)]
    poc, vah, val = (column[-1] for column in ta.volume_profile(bars_of(rows), 4, 4, 0.9))
    assert (1.5, 4.0, 1.0) == (poc, vah, val)
    poc, vah, val = (column[-1] for column in ta.volume_profile(bars_of(rows), 4, 4, 0.5))
    assert (1.5, 2.0, 1.0) == (poc, vah, val)


def test_volume_profile_spreads_a_bar_over_the_rows_of_its_range() -> None:
    """A bar from 0 to 4 gives each of four rows a quarter; of equal rows the one nearest to the centre leads."""
    poc, vah, val = (column[-1] for column in ta.volume_profile(bars_of([(4.0, 0.0, 1.0, 8.0)] * 2), 2, 4, 0.7))
    assert (1.5, 4.0, 1.0) == (poc, vah, val)


def test_volume_profile_of_a_market_that_stands_still_is_its_price() -> None:
    """There is but one row."""
    flat = bars_of([(5.0, 5.0, 5.0, 1.0)] * 3)
    assert [5.0, 5.0, 5.0] == [column[-1] for column in ta.volume_profile(flat, 2)]


def test_volume_profile_takes_the_lower_side_where_it_holds_more() -> None:
    """Two rows at a time, the side that has more of it."""
    rows = [(1.0, 0.0, 0.5, 3.0), (2.0, 1.0, 1.5, 2.0), (3.0, 2.0, 2.5, 9.0), (4.0, 3.0, 3.5, 1.0)]
    poc, vah, val = (column[-1] for column in ta.volume_profile(bars_of(rows), 4, 4, 0.7))
    assert (2.5, 3.0, 0.0) == (poc, vah, val)


def test_a_textbook_profile_has_its_value_area_around_the_busiest_row() -> None:
    """Volumes 5, 10, 20, 40, 60, 100, 80, 50, 20, 10, 5: busiest row 5, value from row 3 to row 7, 82.5 % of all."""
    volumes = (5.0, 10.0, 20.0, 40.0, 60.0, 100.0, 80.0, 50.0, 20.0, 10.0, 5.0)
    bars = bars_of([(row + 1.0, float(row), row + 0.5, volume) for row, volume in enumerate(volumes)])
    assert [5.5, 8.0, 3.0] == [column[-1] for column in ta.volume_profile(bars, 11, 11, 0.7)]


def test_session_profile_is_that_of_the_session_before_once_it_was_seen_whole() -> None:
    """Six bars of a day, then the levels of that day on every bar of the next; cut sessions tell nothing."""
    bars = traded(18, 3, "4h")
    found, day = ta.session_profile(bars), ta.volume_profile(bars, 6)
    for levels, rolling in zip(found, day, strict=True):
        assert np.isnan(levels[:6]).all()
        np.testing.assert_array_equal([rolling[5]] * 6 + [rolling[11]] * 6, levels[6:])
    late = Bars(*(column[1:] for column in bars))
    assert np.isnan(ta.session_profile(late).poc[:11]).all()
    np.testing.assert_array_equal(found.poc[12:], ta.session_profile(late).poc[11:])


def test_a_session_of_a_week_begins_on_monday() -> None:
    """1970-01-01 was a Thursday: the fifth day begins the first whole week, the twelfth the next."""
    bars = traded(20, 3, "1d")
    vwap = ta.session_vwap(bars, 168).vwap
    typical = (bars.high + bars.low + bars.close) / 3.0
    assert [True, False, False, False, True] == [typical[k] == vwap[k] for k in range(5)]
    assert typical[11] == vwap[11]
    pivots = ta.pivot_points(bars, 168)
    assert np.isnan(pivots.pivot[:11]).all()
    assert (bars.high[4:11].max() + bars.low[4:11].min() + bars.close[10]) / 3.0 == pivots.pivot[11]
    np.testing.assert_array_equal(ta.volume_profile(bars, 7).poc[10], ta.session_profile(bars, 168).poc[11])


def test_flow_from_bars_alone_is_the_share_of_the_normal_distribution() -> None:
    """A move of one deviation upwards means 84 % were bought; without any move half of it."""
    bars = closes([1.0, 3.0, 2.0, 4.0, 4.0, 4.0, 4.0])
    found = ta.bulk_flow(bars, 3)
    moves = np.array([2.0, -1.0, 2.0])
    share = 0.5 * math.erfc(-2.0 / (math.sqrt(2.0) * moves.std()))
    assert 1e6 * share == pytest.approx(found.bought[3], rel=1e-12)
    assert 1e6 * (1.0 - share) == pytest.approx(found.sold[3], rel=1e-12)
    assert 2.0 * share - 1.0 == pytest.approx(found.imbalance[3], rel=1e-12)
    assert (0.5e6, 0.5e6, 0.0, 0.0) == (found.bought[6], found.sold[6], found.delta[6], found.imbalance[6])
    np.testing.assert_array_equal(np.cumsum(found.delta[3:]), found.cvd[3:])
    assert np.isnan(found.cvd[:3]).all()


def test_pivots_are_those_of_the_session_before_once_one_was_seen_whole() -> None:
    """Data that begin within a day know no pivots on the next day."""
    day = [(12.0, 8.0, 9.0, 1.0), (11.0, 6.0, 7.0, 1.0), (10.0, 7.0, 9.0, 1.0)]
    bars = bars_of(day * 3)
    found = ta.pivot_points(bars)
    assert np.isnan(found.pivot[2])
    assert [9.0, 12.0, 15.0, 18.0, 6.0, 3.0, 0.0] == [column[3] for column in found]
    late = Bars(*(column[1:] for column in bars))
    assert np.isnan(ta.pivot_points(late).pivot[:5]).all()
    assert 9.0 == ta.pivot_points(late).pivot[5]
    assert 9.0 + 6.0 * 0.382 == pytest.approx(ta.fibonacci_pivots(bars).r1[3])
    assert 9.0 - 6.0 * 1.1 / 4.0 == pytest.approx(ta.camarilla_pivots(bars).s3[3])


def test_correlation_of_returns_is_that_of_numpy() -> None:
    """Of the last n returns of both, not of their prices."""
    x, y = WALK.close, traded(300, 6).close
    returns = [np.diff(column) / column[:-1] for column in (x, y)]
    expected = np.corrcoef(returns[0][170:200], returns[1][170:200])[0, 1]
    assert expected == pytest.approx(ta.correl_returns(x, y, 30)[200], rel=1e-12)
    assert 0.0 == ta.correl_returns(x, np.ones(300), 30)[200]


def test_realised_volatility_is_the_root_of_summed_squares() -> None:
    """Of log returns; a price at or below 0 is a gap."""
    moved = np.diff(np.log(WALK.close))
    assert math.sqrt((moved[90:100] ** 2).sum()) == pytest.approx(ta.realised_volatility(WALK, 10)[100], rel=1e-12)
    assert math.sqrt((moved[90:100] ** 2).sum() * 4.0) == pytest.approx(ta.realised_volatility(WALK, 10, 4.0)[100])
    assert np.isnan(ta.realised_volatility([1.0, 2.0, 0.0, 2.0, 4.0], 1)[[0, 2, 3]]).all()


def test_rate_of_change_of_volume() -> None:
    """In percent, against n bars before."""
    bars = bars_of([(1.0, 1.0, 1.0, 4.0), (1.0, 1.0, 1.0, 5.0), (1.0, 1.0, 1.0, 6.0)])
    np.testing.assert_allclose([np.nan, np.nan, 50.0], ta.volume_roc(bars, 2))
