"""Return, and return for risk. Every ratio takes a risk-free rate of 0 and gives None where it is not defined.

`returns` are simple returns of equal spans (fractions), `per_year` how many spans make a year.
"""

from __future__ import annotations

import math

import numpy as np

from tradewright.market.bars import FloatColumn

__all__ = ["annual_return", "calmar", "finite", "monthly_return", "omega", "sharpe", "sortino", "volatility"]

_MONTHS = 12.0
_LARGEST_EXPONENT = 700.0  # of a finite float
_NOISE = 1e-12  # a spread below this share of the mean is rounding, not variation


def finite(value: float) -> float | None:
    """Give the number, or None where it is infinite or no number."""
    return float(value) if math.isfinite(value) else None


def annual_return(total_return: float, years: float) -> float | None:
    """Compound annual growth rate: (1 + total)^(1 / years) - 1.

    None for no time at all, or a figure beyond all numbers; -1 after ruin.
    Source: Bacon, Practical Portfolio Performance, 2008, ch. 2; empyrical `cagr` with annualization 365.
    """
    if years <= 0.0:
        return None
    if total_return <= -1.0:
        return -1.0
    exponent = math.log1p(total_return) / years
    return math.expm1(exponent) if exponent < _LARGEST_EXPONENT else None


def monthly_return(total_return: float, years: float) -> float | None:
    """Growth rate per twelfth of a year: (1 + total)^(1 / (12 years)) - 1."""
    return annual_return(total_return, years * _MONTHS)


def _deviation(returns: FloatColumn) -> float:
    if returns.size <= 1:
        return 0.0
    spread = float(np.std(returns, ddof=1))
    return spread if spread > _NOISE * abs(float(np.mean(returns))) else 0.0


def volatility(returns: FloatColumn, per_year: float) -> float | None:
    """Annualised standard deviation: std(r, ddof 1) * sqrt(per_year). None for less than two returns.

    Source: empyrical `annual_volatility`.
    """
    return _deviation(returns) * math.sqrt(per_year) if returns.size > 1 else None


def sharpe(returns: FloatColumn, per_year: float) -> float | None:
    """Sharpe ratio: mean(r) / std(r, ddof 1) * sqrt(per_year). None without variation.

    Source: Sharpe, The Sharpe Ratio, J. Portfolio Management 21, 1994; empyrical `sharpe_ratio`, quantstats `sharpe`.
    """
    spread = _deviation(returns)
    return float(np.mean(returns)) / spread * math.sqrt(per_year) if spread > 0.0 else None


def sortino(returns: FloatColumn, per_year: float) -> float | None:
    """Sortino ratio: mean(r) / sqrt(mean(min(r, 0)^2)) * sqrt(per_year); the mean is over all returns.

    None without a negative return.
    Source: Sortino & Price, J. of Investing 3, 1994; empyrical `sortino_ratio`, quantstats `sortino`.
    """
    if not returns.size:
        return None
    downside = math.sqrt(float(np.mean(np.minimum(returns, 0.0) ** 2)))
    return float(np.mean(returns)) / downside * math.sqrt(per_year) if downside > 0.0 else None


def calmar(growth: float | None, max_drawdown: float) -> float | None:
    """Calmar ratio: annual return / maximum drawdown. None without a drawdown.

    Source: Young, Futures 20, 1991, here over the whole run; empyrical `calmar_ratio`.
    """
    return growth / max_drawdown if growth is not None and max_drawdown > 0.0 else None


def omega(returns: FloatColumn) -> float | None:
    """Omega ratio at threshold 0: sum of positive returns / sum of negative returns, unsigned. None without a loss.

    Source: Keating & Shadwick, A Universal Performance Measure, 2002; empyrical `omega_ratio`, quantstats `omega`.
    """
    losses = -float(np.sum(np.minimum(returns, 0.0)))
    return float(np.sum(np.maximum(returns, 0.0))) / losses if losses > 0.0 else None
