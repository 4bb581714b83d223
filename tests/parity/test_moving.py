"""The moving windows against slow, obvious twins, pandas, and their own uncompiled selves."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.features import moving as features
from tradewright.features.stream import Ema, Sma
from tradewright.kernels import moving

columns = st.lists(st.one_of(st.floats(1.0, 1e5), st.just(100.0), st.just(math.nan)), min_size=0, max_size=60).map(
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
    """Begin at the first number; a NaN later on stays."""
    numbers = np.flatnonzero(~np.isnan(x))
    out = np.full(x.size, math.nan)
    if not numbers.size or numbers[0] + n > x.size:
        return out
    seed = int(numbers[0]) + n - 1
    out[seed] = np.mean(x[numbers[0] : seed + 1])
    for i in range(seed + 1, x.size):
        out[i] = (1.0 - alpha) * out[i - 1] + alpha * x[i]
    return out


@given(columns, lengths)
def test_rolling_kernels_equal_their_twins(x: np.ndarray, n: int) -> None:
    """Mean, deviation and maximum are what their definitions say, NaN included."""
    np.testing.assert_allclose(moving.rolling_mean(x, n), slow_mean(x, n), rtol=1e-12)
    np.testing.assert_allclose(moving.rolling_stdev(x, n), slow_stdev(x, n), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(moving.rolling_max(x, n), slow_max(x, n))


@given(columns, lengths, st.floats(0.01, 1.0))
def test_exponential_kernel_equals_its_twin(x: np.ndarray, n: int, alpha: float) -> None:
    """The exponential average begins with the mean of the first n numbers."""
    np.testing.assert_allclose(moving.exponential_mean(x, n, alpha), slow_exponential(x, n, alpha), rtol=1e-10)


@given(columns, lengths)
def test_compiled_and_uncompiled_kernels_give_the_same_bytes(x: np.ndarray, n: int) -> None:
    """The compiler changes nothing."""
    for kernel in (moving.rolling_mean, moving.rolling_stdev, moving.rolling_max):
        plain = getattr(kernel, "py_func", kernel)
        np.testing.assert_array_equal(plain(x, n), kernel(x, n))
    plain = getattr(moving.exponential_mean, "py_func", moving.exponential_mean)
    np.testing.assert_array_equal(plain(x, n, 0.1), moving.exponential_mean(x, n, 0.1))


@given(columns, lengths)
def test_averages_fed_value_by_value_give_the_same_bytes_as_columns(x: np.ndarray, n: int) -> None:
    """`ta.Sma` and `ta.Ema` are `ta.sma` and `ta.ema` to the last bit."""
    numbers = x[~np.isnan(x)]
    average, exponential = Sma(n), Ema(n)
    np.testing.assert_array_equal(features.sma(numbers, n), [average.update(float(v)) for v in numbers])
    np.testing.assert_array_equal(features.ema(numbers, n), [exponential.update(float(v)) for v in numbers])


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_windows_equal_pandas(n: int) -> None:
    """Rolling mean, population deviation, maximum and minimum are those of pandas."""
    x = 20_000.0 + np.cumsum(np.random.default_rng(3).normal(0.0, 10.0, 1_000))
    rolling = pd.Series(x).rolling(n)
    np.testing.assert_allclose(rolling.mean().to_numpy(), features.sma(x, n), rtol=1e-12)
    np.testing.assert_allclose(rolling.std(ddof=0).to_numpy(), features.stdev(x, n), rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(rolling.max().to_numpy(), features.highest(x, n))
    np.testing.assert_array_equal(rolling.min().to_numpy(), features.lowest(x, n))


@pytest.mark.parametrize("n", [2, 7, 50])
def test_exponential_averages_equal_pandas_after_the_seed(n: int) -> None:
    """EMA and Wilder's average are pandas' recursions once the seed, a simple mean, stands in the first place."""
    x = 20_000.0 + np.cumsum(np.random.default_rng(4).normal(0.0, 10.0, 500))
    seeded = pd.Series(np.concatenate(([x[:n].mean()], x[n:])))
    ema = seeded.ewm(span=n, adjust=False).mean().to_numpy()
    wilder = seeded.ewm(alpha=1.0 / n, adjust=False).mean().to_numpy()
    np.testing.assert_allclose(ema, features.ema(x, n)[n - 1 :], rtol=1e-12)
    np.testing.assert_allclose(wilder, features.wilder(x, n)[n - 1 :], rtol=1e-12)


def test_sma_does_not_drift_over_a_million_values() -> None:
    """After a million values, and a spike of 1e12 on the way, the last mean is exact to 1e-14."""
    x = np.random.default_rng(5).uniform(1.0, 2.0, 1_000_000)
    x[10] = 1e12
    expected = math.fsum(x[-50:]) / 50
    assert expected == pytest.approx(features.sma(x, 50)[-1], rel=1e-14)


def test_averages_of_a_flat_market_are_the_price_itself() -> None:
    """Equal values have exactly that value as their mean, whatever the window, so that flat averages never cross."""
    flat = np.full(200, 0.1)
    assert [0.1] == np.unique(features.sma(flat, 49)[48:]).tolist()
    assert [0.0] == np.unique(features.stdev(flat, 49)[48:]).tolist()
