"""The stationary bootstrap: blocks of the right length, every value as likely as any other."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.research.evaluation.resampling import block_length, stationary_rows


def autoregressive(size: int, share: float, seed: int) -> np.ndarray:
    """A series of which each value keeps a share of the one before."""
    noise = np.random.default_rng(seed).normal(size=size)
    for place in range(1, size):
        noise[place] += share * noise[place - 1]
    return noise


def test_the_more_a_series_depends_on_its_past_the_longer_the_blocks() -> None:
    """Medians over 20 series of 1,000: short for noise, growing with the share that is kept."""
    medians = [
        float(np.median([block_length(autoregressive(1_000, share, seed)) for seed in range(20)]))
        for share in (0.0, 0.3, 0.6, 0.9)
    ]
    assert sorted(medians) == medians
    assert medians[0] < 4.0
    assert medians[3] > 20.0


@pytest.mark.parametrize("series", [np.zeros(0), np.zeros(50), np.full(50, 0.3), np.array([0.1, -0.1])])
def test_a_series_without_variation_or_length_has_blocks_of_one(series: np.ndarray) -> None:
    """Nothing can depend on anything there."""
    assert 1.0 == block_length(series)


def test_blocks_run_on_and_have_the_length_asked_for() -> None:
    """A row is followed by the next, but where a block ends: once in five on the average."""
    rows = stationary_rows(250, 5.0, 400, seed=3)
    assert (400, 250) == rows.shape
    breaks = np.mean((np.diff(rows, axis=1) - 1) % 250 != 0)
    assert 0.2 * 249 / 250 == pytest.approx(breaks, abs=0.005)
    counts = np.bincount(rows.ravel(), minlength=250)
    assert 400.0 == counts.mean()
    assert 300 <= counts.min() <= counts.max() <= 500


def test_the_seed_decides() -> None:
    """Same seed, same rows; another seed, other rows."""
    assert np.array_equal(stationary_rows(60, 3.0, 10, 1), stationary_rows(60, 3.0, 10, 1))
    assert not np.array_equal(stationary_rows(60, 3.0, 10, 1), stationary_rows(60, 3.0, 10, 2))
