"""What TA-Lib lacks, against pandas-ta-classic and pandas."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from tradewright import ta
from tradewright.market.bars import Bars
from tradewright.testing.bars import traded

BARS, OTHER = traded(600, 31), traded(600, 32)
DAYS = pd.to_datetime(BARS.ts_open, unit="ns")


def series(name: str, bars: Bars = BARS) -> pd.Series:
    """One column of the bars, by time."""
    return pd.Series(getattr(bars, name), index=DAYS)


@pytest.fixture(scope="module")
def peer() -> ModuleType:
    """The package, where it is installed."""
    return pytest.importorskip("pandas_ta_classic")


def alike(ours: np.ndarray, theirs: pd.Series, first: int) -> None:
    """Within 1e-9 from this row on; before it ours know nothing."""
    assert np.isnan(ours[:first]).all()
    np.testing.assert_allclose(ours[first:], theirs.to_numpy()[first:], rtol=1e-9, atol=1e-12)


def test_ichimoku_is_theirs_without_the_line_that_looks_ahead(peer: ModuleType) -> None:
    """Lines and cloud in each row; their lagging span, close[i + 26], is for us the close that is 26 rows old."""
    theirs = peer.ichimoku(series("high"), series("low"), series("close"), as_dataframe=True)
    ours = ta.ichimoku(BARS)
    for mine, name in (("tenkan", "ITS_9"), ("kijun", "IKS_26"), ("span_a", "ISA_9"), ("span_b", "ISB_26")):
        alike(getattr(ours, mine), theirs[name].iloc[:600], 77)
    alike(ours.past_close, series("close").shift(26), 77)
    np.testing.assert_array_equal(theirs["ICS_26"].iloc[60:500], BARS.close[86:526])


def test_session_vwap_is_theirs_anchored_at_midnight(peer: ModuleType) -> None:
    """Six days of quarters of an hour."""
    found = peer.vwap(series("high"), series("low"), series("close"), series("volume"), anchor="D")
    alike(ta.session_vwap(BARS).vwap, found, 0)


def test_rolling_vwap_is_money_over_volume_of_rolling_sums() -> None:
    """As pandas sums them."""
    volume, typical = series("volume"), (series("high") + series("low") + series("close")) / 3.0
    alike(ta.rolling_vwap(BARS, 20), (typical * volume).rolling(20).sum() / volume.rolling(20).sum(), 19)


def test_correlation_of_returns_is_that_of_pandas() -> None:
    """Of returns in percent, over thirty of them."""
    returns = [series("close", bars).pct_change() for bars in (BARS, OTHER)]
    alike(ta.correlation_with(BARS, OTHER, 30), returns[0].rolling(30).corr(returns[1]), 30)


def test_realised_volatility_is_that_of_pandas() -> None:
    """The root of the summed squares of log returns."""
    squares = np.log(series("close")).diff() ** 2
    alike(ta.realised_volatility(BARS, 30), np.sqrt(squares.rolling(30).sum()), 30)


def test_rate_of_change_of_volume_is_that_of_pandas() -> None:
    """In percent."""
    alike(ta.volume_roc(BARS, 10), 100.0 * series("volume").pct_change(10), 10)


def test_pivot_points_are_those_of_the_day_before() -> None:
    """Out of high, low and close of each whole day, as pandas cuts days."""
    days = pd.DataFrame({name: series(name) for name in ("high", "low", "close")}).resample("1D")
    day = days.agg({"high": "max", "low": "min", "close": "last"}).shift(1)
    pivot = (day["high"] + day["low"] + day["close"]) / 3.0
    span = day["high"] - day["low"]
    alike(ta.pivot_points(BARS).pivot, pivot.reindex(DAYS, method="ffill"), 96)
    alike(ta.pivot_points(BARS).r2, (pivot + span).reindex(DAYS, method="ffill"), 96)
    alike(ta.fibonacci_pivots(BARS).s2, (pivot - 0.618 * span).reindex(DAYS, method="ffill"), 96)
    alike(ta.camarilla_pivots(BARS).r3, (day["close"] + span * 1.1 / 4.0).reindex(DAYS, method="ffill"), 96)
