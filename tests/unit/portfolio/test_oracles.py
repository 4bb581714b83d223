"""Metrics against empyrical and quantstats, where they define the same thing."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from tradewright.portfolio import drawdown, returns, tail, trade_stats

with warnings.catch_warnings():
    # Both warn on import of names that pandas and numpy will rename; that is not ours to mend.
    warnings.simplefilter("ignore")
    import empyrical
    import pandas as pd
    import quantstats.stats as qs

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning:quantstats", "ignore::RuntimeWarning:empyrical")

YEAR = 365
CLOSE = {"rel": 1e-9, "abs": 1e-12}


def _samples() -> list[np.ndarray]:
    rng = np.random.default_rng(7)
    fat = 0.01 * rng.standard_t(5, 400) + 0.0005
    return [fat, -fat, fat[:31], np.where(np.arange(90) % 3 == 0, -0.01, 0.004)]


@pytest.fixture(params=_samples(), ids=["fat tails", "mirrored", "a month", "regular"])
def sample(request):
    return request.param


@pytest.fixture
def dated(sample):
    return pd.Series(sample, pd.date_range("2022-01-01", periods=sample.size, freq="D"))


def _curve(sample):
    return np.concatenate(([1.0], np.cumprod(1.0 + sample)))


def test_volatility_is_that_of_empyrical(sample):
    """`empyrical.annual_volatility`."""
    expected = empyrical.annual_volatility(sample, annualization=YEAR)
    assert pytest.approx(expected, **CLOSE) == returns.volatility(sample, YEAR)


def test_sharpe_is_that_of_both(sample, dated):
    """`empyrical.sharpe_ratio` and `quantstats.stats.sharpe`."""
    ours = returns.sharpe(sample, YEAR)
    assert pytest.approx(empyrical.sharpe_ratio(sample, annualization=YEAR), **CLOSE) == ours
    assert pytest.approx(qs.sharpe(dated, periods=YEAR), **CLOSE) == ours


def test_sortino_is_that_of_both(sample, dated):
    """`empyrical.sortino_ratio` and `quantstats.stats.sortino`."""
    ours = returns.sortino(sample, YEAR)
    assert pytest.approx(empyrical.sortino_ratio(sample, annualization=YEAR), **CLOSE) == ours
    assert pytest.approx(qs.sortino(dated, periods=YEAR), **CLOSE) == ours


def test_omega_is_that_of_both(sample, dated):
    """`empyrical.omega_ratio` and `quantstats.stats.omega`."""
    ours = returns.omega(sample)
    assert pytest.approx(empyrical.omega_ratio(sample, annualization=YEAR), **CLOSE) == ours
    assert pytest.approx(qs.omega(dated, periods=YEAR), **CLOSE) == ours


def test_annual_return_is_that_of_empyrical(sample):
    """`empyrical.cagr` over whole days."""
    total = float(np.prod(1.0 + sample) - 1.0)
    expected = empyrical.cagr(sample, annualization=YEAR)
    assert pytest.approx(expected, **CLOSE) == returns.annual_return(total, sample.size / YEAR)


def test_max_drawdown_is_that_of_both(sample, dated):
    """`empyrical.max_drawdown` and `quantstats.stats.max_drawdown`, with the sign turned."""
    curve = _curve(sample)
    ours = drawdown.measure_drawdown(curve, np.arange(curve.size)).depth
    assert pytest.approx(-empyrical.max_drawdown(sample), **CLOSE) == ours
    prices = pd.Series(curve, pd.date_range("2021-12-31", periods=curve.size, freq="D"))
    assert pytest.approx(-qs.max_drawdown(prices), **CLOSE) == ours


def test_drawdown_curve_is_that_of_quantstats(sample):
    """`quantstats.stats.to_drawdown_series`, with the sign turned."""
    curve = _curve(sample)
    prices = pd.Series(curve, pd.date_range("2021-12-31", periods=curve.size, freq="D"))
    expected = -qs.to_drawdown_series(prices).to_numpy()
    np.testing.assert_allclose(expected, drawdown.drawdown_curve(curve), rtol=1e-9, atol=1e-12)


def test_calmar_is_that_of_empyrical(sample):
    """`empyrical.calmar_ratio`, where drawdown is measured on the same days."""
    total, depth = float(np.prod(1.0 + sample) - 1.0), -empyrical.max_drawdown(sample)
    ours = returns.calmar(returns.annual_return(total, sample.size / YEAR), depth)
    assert pytest.approx(empyrical.calmar_ratio(sample, annualization=YEAR), **CLOSE) == ours


def test_ulcer_index_is_that_of_quantstats_but_for_its_divisor(sample):
    """`quantstats.stats.ulcer_index` divides by n - 1, Martin by n."""
    curve = _curve(sample)
    prices = pd.Series(curve, pd.date_range("2021-12-31", periods=curve.size, freq="D"))
    ours = drawdown.ulcer_index(curve)
    series = qs.to_drawdown_series(prices)
    assert pytest.approx(math.sqrt(float((series**2).mean())), **CLOSE) == ours
    theirs = math.sqrt(float((series**2).sum()) / (series.size - 1))
    assert pytest.approx(theirs, **CLOSE) == ours * math.sqrt(curve.size / (curve.size - 1))


def test_value_at_risk_is_that_of_empyrical(sample):
    """`empyrical.value_at_risk`, with the sign turned."""
    assert pytest.approx(-empyrical.value_at_risk(sample, cutoff=0.05), **CLOSE) == tail.value_at_risk(sample)


def test_conditional_value_at_risk_is_that_of_empyrical(sample):
    """`empyrical.conditional_value_at_risk`, with the sign turned."""
    expected = -empyrical.conditional_value_at_risk(sample, cutoff=0.05)
    assert pytest.approx(expected, **CLOSE) == tail.conditional_value_at_risk(sample)


def test_profit_factor_is_that_of_quantstats(sample, dated):
    """`quantstats.stats.profit_factor` over the profits."""
    assert pytest.approx(qs.profit_factor(dated), **CLOSE) == trade_stats.profit_factor(sample)


def test_payoff_is_that_of_quantstats(sample, dated):
    """`quantstats.stats.payoff_ratio` over the profits."""
    assert pytest.approx(qs.payoff_ratio(dated), **CLOSE) == trade_stats.payoff(sample)


def test_win_rate_is_that_of_quantstats(sample, dated):
    """`quantstats.stats.win_rate`, where no profit is exactly zero."""
    assert pytest.approx(qs.win_rate(dated), **CLOSE) == trade_stats.win_rate(sample)
