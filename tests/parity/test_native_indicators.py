"""Our own indicators against TA-Lib on markets that break careless arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import talib

from tradewright import ta
from tradewright.features.native import NATIVE, native_of
from tradewright.features.talib_functions import arguments, talib_name
from tradewright.market.bars import Bars
from tradewright.testing.bars import traded
from tradewright.testing.indicators import called, handed

WALK = traded(500, 23)
INDICATORS = {name: ta.Indicator(ta.CATALOG[name]) for name in NATIVE}
SHARED = sorted(name for name in NATIVE if hasattr(talib, talib_name(name)))


def priced(prices: np.ndarray, volume: np.ndarray) -> Bars:
    """Bars of one price each."""
    return WALK._replace(open=prices, high=prices, low=prices, close=prices, volume=volume)


def scaled(factor: float) -> Bars:
    """The walk at another price level."""
    return WALK._replace(**{name: getattr(WALK, name) * factor for name in ("open", "high", "low", "close")})


def on_a_grid(step: float) -> Bars:
    """The walk in whole steps: equal highs, equal closes, bars without a range, bars without volume."""
    steps = {name: np.round(getattr(WALK, name) / step) * step for name in ("open", "high", "low", "close")}
    return WALK._replace(**steps, volume=np.where(WALK.volume > 60.0, np.round(WALK.volume), 0.0))


STEPS = np.repeat(np.array([100.0, 101.0, 90.0, 90.5, 130.0]), 100)
MARKETS = {
    "flat": priced(np.full(500, 100.0), np.full(500, 5.0)),
    "flat, no binary fraction": priced(np.full(500, 0.1), np.full(500, 0.3)),
    "stairs": priced(STEPS, np.full(500, 5.0)),
    "tied": on_a_grid(1.0),
    "tied, no binary fraction": on_a_grid(0.1),
    "tiny": scaled(1e-8),
    "huge": scaled(1e8),
}
CASES = [(name, market) for name in SHARED for market in MARKETS]


def parameters(name: str) -> Iterator[list[object]]:
    """The defaults, and the least that is allowed."""
    told = ta.CATALOG[name].parameters
    yield [one.default for one in told]
    yield [int(one.least) if isinstance(one.default, int) else one.default for one in told]


def by_talib(name: str, bars: Bars, values: list[object]) -> list[np.ndarray]:
    """What TA-Lib says, NaN in the warm-up of whole numbers too."""
    indicator = INDICATORS[name]
    given = dict(zip(indicator.handed, handed(indicator, bars), strict=True))
    inputs = [given[column] if column in given else getattr(bars, column) for column in indicator.row.columns]
    found = getattr(talib, talib_name(name))(*inputs, *arguments(values))
    columns = [one.astype(np.float64) for one in (found if isinstance(found, tuple) else (found,))]
    for column in columns:
        column[: indicator.first_row(*values)] = np.nan
    return columns


@pytest.mark.parametrize(("name", "market"), CASES)
def test_ours_equal_those_of_talib(name: str, market: str) -> None:
    """Within 1e-9 of the size of what comes out, and NaN in the same rows."""
    for values in parameters(name):
        assert native_of(name, values)
        ours = called(INDICATORS[name], MARKETS[market], *values)
        for mine, theirs in zip(ours, by_talib(name, MARKETS[market], values), strict=True):
            size = np.nanmax(np.abs(theirs), initial=0.0)
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9 * size, err_msg=str(values))


@pytest.mark.parametrize("name", SHARED)
def test_after_a_gap_ours_are_those_of_talib_for_the_bars_after_it(name: str) -> None:
    """A row that is not finite is NaN; the rows after it are a market of their own."""
    values = next(parameters(name))
    broken = WALK._replace(**{field: getattr(WALK, field).copy() for field in WALK._fields[2:]})
    for column in broken[2:]:
        column[[1, 200, 201]] = np.nan, np.inf, -np.inf
    late = Bars(*(column[202:] for column in WALK))
    for mine, theirs in zip(called(INDICATORS[name], broken, *values), by_talib(name, late, values), strict=True):
        assert np.isnan(mine[[0, 1, 200, 201]][1:]).all()
        np.testing.assert_allclose(mine[202:], theirs, rtol=1e-9, atol=1e-9 * np.nanmax(np.abs(theirs)))


def test_before_anything_is_traded_the_mean_price_paid_is_the_typical_price() -> None:
    """TA-Lib has 0 there, which is the price of nothing; from the first volume on both are equal."""
    bars = WALK._replace(volume=np.where(np.arange(500) < 3, 0.0, WALK.volume))
    ours, theirs = called(INDICATORS["vwap"], bars)[0], by_talib("vwap", bars, [])[0]
    assert [0.0, 0.0, 0.0] == theirs[:3].tolist()
    np.testing.assert_array_equal((bars.high + bars.low + bars.close)[:3] / 3.0, ours[:3])
    np.testing.assert_allclose(theirs[3:], ours[3:], rtol=1e-9)


def test_where_prices_leap_a_million_times_ours_are_exact() -> None:
    """TA-Lib adds what comes and takes off what leaves, which loses digits for good; ours never subtract."""
    rng = np.random.default_rng(5)
    x = np.repeat(rng.choice([0.1, 0.3, 100.1, 1e-3, 1e5], 40), 10)
    windows = np.lib.stride_tricks.sliding_window_view(x, 20).astype(np.longdouble)
    exact = np.sqrt(((windows - windows.mean(axis=1, keepdims=True)) ** 2).mean(axis=1)).astype(np.float64)
    scale = exact.max()
    np.testing.assert_allclose(exact, ta.stddev(x, 20)[19:], rtol=1e-12, atol=1e-15 * scale)
    assert not np.allclose(exact, talib.STDDEV(x, 20)[19:], rtol=1e-12, atol=1e-12 * scale)
