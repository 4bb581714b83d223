"""A seeded year of one-minute bars, in whole cents. Needs numpy only, so that every peer can read it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

BARS, SEED, FAST, SLOW = 525_600, 20_240_101, 20, 100
FEE, CASH, SHARE = 0.0004, 10_000.0, 0.95
_STEPS = 4
_MINUTES_PER_YEAR = 365 * 1_440


def make_year(seed: int = SEED) -> dict[str, np.ndarray]:
    """Open, high, low and close in cents, and volume: a random walk with regimes of a few days."""
    rng = np.random.default_rng(seed)
    spans = rng.geometric(1 / 2_880, size=2_000)
    regime = np.repeat(rng.integers(0, 4, size=spans.size), spans)[:BARS]
    drift = np.array([0.8, -0.8, 0.0, 0.0])[regime].repeat(_STEPS)
    volatility = np.array([0.45, 0.65, 0.30, 0.95])[regime].repeat(_STEPS)
    dt = 1 / _MINUTES_PER_YEAR / _STEPS
    steps = (drift - volatility**2 / 2) * dt + volatility * np.sqrt(dt) * rng.standard_normal(BARS * _STEPS)
    path = np.rint(2_000_000 * np.exp(np.cumsum(steps))).astype(np.int64).reshape(BARS, _STEPS)
    close = path[:, -1].copy()
    first = np.concatenate(([2_000_000], close[:-1]))
    return {
        "open": first,
        "high": np.maximum(first, path.max(axis=1)),
        "low": np.minimum(first, path.min(axis=1)),
        "close": close,
        "volume": rng.lognormal(3.0, 0.8, BARS).round(3),
    }


def ties(close: np.ndarray) -> int:
    """Bars at which both averages are exactly equal, in whole numbers."""
    total = np.concatenate(([0], np.cumsum(close)))
    fast, slow = total[FAST:] - total[:-FAST], total[SLOW:] - total[:-SLOW]
    return int((slow * FAST == fast[SLOW - FAST :] * SLOW).sum())


def write_year(path: Path) -> None:
    """Store the first year, from `SEED` upward, that has no ties."""
    seed = SEED
    while ties((year := make_year(seed))["close"]):
        seed += 1
    np.savez(path, **year)


def read_year(path: str) -> dict[str, np.ndarray]:
    """The stored year; prices as float64 quote currency."""
    with np.load(path) as stored:
        return {name: stored[name] / 100.0 if name != "volume" else stored[name] for name in stored.files}


if __name__ == "__main__":
    write_year(Path(sys.argv[1]))
