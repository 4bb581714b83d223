"""The stationary bootstrap: samples that a series could also have given, with its dependence over time kept.

Politis & Romano, The Stationary Bootstrap, JASA 89, 1994. Length of blocks: Politis & White, Automatic Block-Length
Selection for the Dependent Bootstrap, Econometric Reviews 23, 2004, corrected by Patton, Politis & White, 28, 2009.
"""

from __future__ import annotations

import math

import numpy as np

from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["block_length", "stationary_rows"]


_NOISE = 1e-12  # a range below this share of the values is rounding


def block_length(returns: FloatColumn) -> float:
    """Mean length of the blocks that suits a series, at least 1; 1 where nothing depends on what was before."""
    size = returns.size
    if size < 3 or np.ptp(returns) <= _NOISE * abs(returns[0]):  # noqa: PLR2004 - nothing to correlate
        return 1.0
    centred = returns - np.mean(returns)
    covariances = _autocovariances(centred, _last_lag(size))
    lags = _significant_lags(covariances / covariances[0], size)
    reach = np.arange(1, min(2 * lags, covariances.size - 1) + 1)
    if not reach.size:
        return 1.0
    window = np.clip(2.0 * (1.0 - reach / (2.0 * lags)), 0.0, 1.0)
    spectrum = covariances[0] + 2.0 * np.sum(window * covariances[reach])
    slope = 2.0 * np.sum(window * reach * covariances[reach])
    if spectrum == 0.0:
        return 1.0
    best = (slope**2 / spectrum**2 * size) ** (1.0 / 3.0)
    return float(np.clip(best, 1.0, math.ceil(min(3.0 * math.sqrt(size), size / 3.0))))


def stationary_rows(size: int, mean_block: float, draws: int, seed: int) -> IntColumn:
    """Rows of `draws` samples: blocks begin anywhere, have geometric lengths and run on over the end to the beginning.

    Shapes: returns (draws, size) int64.
    """
    rng = np.random.default_rng(seed)
    fresh = rng.random((draws, size)) < 1.0 / mean_block
    fresh[:, 0] = True
    starts = rng.integers(0, size, (draws, size))
    # The place of the last beginning, at or before each element.
    begun = np.maximum.accumulate(np.where(fresh, np.arange(size), 0), axis=1)
    rows = np.take_along_axis(starts, begun, axis=1) + np.arange(size) - begun
    return np.asarray(rows % size, np.int64)


def _last_lag(size: int) -> int:
    return min(math.ceil(math.sqrt(size)) + _window(size), size - 1)


def _window(size: int) -> int:
    return max(5, math.ceil(math.sqrt(math.log10(size))))


def _autocovariances(centred: FloatColumn, last: int) -> FloatColumn:
    size = centred.size
    return np.array([np.dot(centred[: size - lag], centred[lag:]) / size for lag in range(last + 1)])


def _significant_lags(correlations: FloatColumn, size: int) -> int:
    # The lag after which a whole window of correlations is noise.
    window, noise = _window(size), 2.0 * math.sqrt(math.log10(size) / size)
    quiet = np.abs(correlations[1:]) < noise
    for lag in range(quiet.size - window + 1):
        if np.all(quiet[lag : lag + window]):
            return lag
    loud = np.flatnonzero(~quiet)
    return int(loud[-1]) + 1 if loud.size else 0
