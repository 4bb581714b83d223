"""Moving windows and averages against slow, obvious twins, pandas, and their own uncompiled selves."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright import ta
from tradewright.kernels import moving

columns = st.lists(st.one_of(st.floats(1.0, 1e5), st.just(100.0), st.just(math.nan)), min_size=0, max_size=60).map(
    lambda values: np.array(values, dtype=np.float64)
)
numbers = st.lists(st.one_of(st.floats(1.0, 1e5), st.just(100.0)), min_size=0, max_size=60).map(
    lambda values: np.array(values, dtype=np.float64)
)
lengths = st.integers(1, 20)


def slow_window(x: np.ndarray, n: int, of: Callable[[np.ndarray], float]) -> np.ndarray:
    """The value of a function on each whole window."""
    return np.array([of(x[i - n + 1 : i + 1]) if i >= n - 1 else math.nan for i in range(x.size)])


def slow_mean(x: np.ndarray, n: int) -> np.ndarray:
    return slow_window(x, n, lambda window: math.fsum(window) / n)


def slow_stdev(x: np.ndarray, n: int) -> np.ndarray:
    return slow_window(x, n, lambda window: float(np.std(window)))


def slow_max(x: np.ndarray, n: int) -> np.ndarray:
    return slow_window(x, n, lambda window: float(np.max(window)))


def slow_exponential(x: np.ndarray, n: int, alpha: float) -> np.ndarray:
    """Begun with the mean of the first n values."""
    out = np.full(x.size, math.nan)
    if n <= x.size:
        out[n - 1] = np.mean(x[:n])
    for i in range(n, x.size):
        out[i] = (1.0 - alpha) * out[i - 1] + alpha * x[i]
    return out


@given(numbers, lengths)
def test_windows_equal_their_twins(x: np.ndarray, n: int) -> None:
    """Mean, deviation, maximum and minimum are what their definitions say."""
    np.testing.assert_allclose(ta.sma(x, n), slow_mean(x, n), rtol=1e-12)
    np.testing.assert_allclose(ta.stdev(x, n + 1), slow_stdev(x, n + 1), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(ta.highest(x, n + 1), slow_max(x, n + 1))
    np.testing.assert_array_equal(ta.lowest(x, n + 1), -slow_max(-x, n + 1))


@given(numbers, lengths)
def test_exponential_averages_equal_their_twin(x: np.ndarray, n: int) -> None:
    """The average begins with the mean of the first n numbers; Wilder's weighs 1 / n."""
    np.testing.assert_allclose(ta.ema(x, n), slow_exponential(x, n, 2.0 / (n + 1.0)), rtol=1e-10)
    np.testing.assert_allclose(ta.wilder(x, n), slow_exponential(x, n, 1.0 / n), rtol=1e-10)


@given(columns, lengths)
def test_maximum_of_structure_is_that_of_the_window_even_with_gaps(x: np.ndarray, n: int) -> None:
    """A window that holds a NaN has none; the compiler changes nothing."""
    plain = getattr(moving.rolling_max, "py_func", moving.rolling_max)
    np.testing.assert_array_equal(slow_max(x, n), moving.rolling_max(x, n))
    np.testing.assert_array_equal(plain(x, n), moving.rolling_max(x, n))


@given(numbers, lengths)
def test_averages_fed_value_by_value_give_the_same_bytes_as_columns(x: np.ndarray, n: int) -> None:
    """`ta.Sma` and `ta.Ema` are `ta.sma` and `ta.ema` to the last bit."""
    average, exponential = ta.Sma(n), ta.Ema(n)
    np.testing.assert_array_equal(ta.sma(x, n), [average.update(float(v)) for v in x])
    np.testing.assert_array_equal(ta.ema(x, n), [exponential.update(float(v)) for v in x])


@pytest.mark.parametrize("n", [2, 7, 50])
def test_windows_equal_pandas(n: int) -> None:
    """Rolling mean, population deviation, maximum and minimum are those of pandas."""
    x = 20_000.0 + np.cumsum(np.random.default_rng(3).normal(0.0, 10.0, 1_000))
    rolling = pd.Series(x).rolling(n)
    np.testing.assert_allclose(rolling.mean().to_numpy(), ta.sma(x, n), rtol=1e-12)
    np.testing.assert_allclose(rolling.std(ddof=0).to_numpy(), ta.stdev(x, n), rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(rolling.max().to_numpy(), ta.highest(x, n))
    np.testing.assert_array_equal(rolling.min().to_numpy(), ta.lowest(x, n))


@pytest.mark.parametrize("n", [2, 7, 50])
def test_exponential_averages_equal_pandas_after_the_seed(n: int) -> None:
    """EMA and Wilder's average are pandas' recursions once the seed, a simple mean, stands in the first place."""
    x = 20_000.0 + np.cumsum(np.random.default_rng(4).normal(0.0, 10.0, 500))
    seeded = pd.Series(np.concatenate(([x[:n].mean()], x[n:])))
    ema = seeded.ewm(span=n, adjust=False).mean().to_numpy()
    wilder = seeded.ewm(alpha=1.0 / n, adjust=False).mean().to_numpy()
    np.testing.assert_allclose(ema, ta.ema(x, n)[n - 1 :], rtol=1e-12)
    np.testing.assert_allclose(wilder, ta.wilder(x, n)[n - 1 :], rtol=1e-12)


def test_sma_does_not_drift_over_a_million_values() -> None:
    """After a million values, and a spike of 1e12 on the way, the last mean is exact to 1e-14."""
    x = np.random.default_rng(5).uniform(1.0, 2.0, 1_000_000)
    x[10] = 1e12
    expected = math.fsum(x[-50:]) / 50
    assert expected == pytest.approx(ta.sma(x, 50)[-1], rel=1e-14)


def test_averages_of_a_flat_market_are_the_price_itself() -> None:
    """Equal values have exactly that value as their mean, whatever the window, so that flat averages never cross."""
    flat = np.full(200, 0.1)
    assert [0.1] == np.unique(ta.sma(flat, 49)[48:]).tolist()
    assert [0.0] == np.unique(ta.stdev(flat, 49)[48:]).tolist()
