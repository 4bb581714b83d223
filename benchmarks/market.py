"""Seeded markets, in whole cents, that every peer can read with numpy alone. Usage: python market.py FOLDER.

Each bar opens at the close before it, so that all conventions agree about the price at which an order is sized.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

BARS, FIVES, SYMBOLS, SEED = 525_600, 105_120, 20, 20_240_101
_STEPS = 4
_MINUTES_PER_YEAR = 365 * 1_440
_FAST, _SLOW = 20, 100
_PRICES = ("open", "high", "low", "close")

Columns = dict[str, np.ndarray]


def make_market(seed: int, bars: int = BARS, minutes: int = 1) -> Columns:
    """Open, high, low and close in cents, and volume: a random walk with regimes of a few days."""
    rng = np.random.default_rng(seed)
    spans = rng.geometric(minutes / 2_880, size=max(2_000, bars * minutes // 1_440))
    regime = np.repeat(rng.integers(0, 4, size=spans.size), spans)[:bars]
    drift = np.array([0.8, -0.8, 0.0, 0.0])[regime].repeat(_STEPS)
    volatility = np.array([0.45, 0.65, 0.30, 0.95])[regime].repeat(_STEPS)
    dt = minutes / _MINUTES_PER_YEAR / _STEPS
    steps = (drift - volatility**2 / 2) * dt + volatility * np.sqrt(dt) * rng.standard_normal(bars * _STEPS)
    path = np.rint(2_000_000 * np.exp(np.cumsum(steps))).astype(np.int64).reshape(bars, _STEPS)
    close = path[:, -1].copy()
    first = np.concatenate(([2_000_000], close[:-1]))
    return {
        "open": first,
        "high": np.maximum(first, path.max(axis=1)),
        "low": np.minimum(first, path.min(axis=1)),
        "close": close,
        "volume": rng.lognormal(3.0, 0.8, bars).round(3),
    }


def ties(close: np.ndarray) -> int:
    """Bars at which both averages are exactly equal, in whole numbers: there rounding would decide a cross."""
    total = np.concatenate(([0], np.cumsum(close)))
    fast, slow = total[_FAST:] - total[:-_FAST], total[_SLOW:] - total[:-_SLOW]
    return int((slow * _FAST == fast[_SLOW - _FAST :] * _SLOW).sum())


def without_ties(seed: int, bars: int, minutes: int) -> Columns:
    """The first market, from `seed` upward, that has no ties."""
    while ties((market := make_market(seed, bars, minutes))["close"]):
        seed += 1_000
    return market


def in_fives(market: Columns) -> Columns:
    """The same market in bars of five."""
    rows = {name: column.reshape(-1, 5) for name, column in market.items()}
    return {
        "open": rows["open"][:, 0],
        "high": rows["high"].max(axis=1),
        "low": rows["low"].min(axis=1),
        "close": rows["close"][:, -1],
        "volume": rows["volume"].sum(axis=1),
    }


def write_markets(folder: Path) -> None:
    """Store a year of one-minute bars, the same in five-minute bars, and twenty symbols of five-minute bars."""
    year = without_ties(SEED, BARS, 1)
    many = [without_ties(SEED + 1 + k, FIVES, 5) for k in range(SYMBOLS)]
    np.savez(folder / "minutes.npz", **year)
    np.savez(folder / "fives.npz", **in_fives(year))
    np.savez(folder / "many.npz", **{name: np.stack([market[name] for market in many]) for name in year})


def read(folder: str, name: str, bars: int = 0) -> Columns:
    """The first bars of a stored market, or all; prices as float64 quote currency, shape (bars,) or (symbols, bars)."""
    with np.load(Path(folder) / f"{name}.npz") as stored:
        columns = {column: stored[column][..., : bars or None] for column in stored.files}
    return {
        name: np.ascontiguousarray(values / 100.0 if name in _PRICES else values) for name, values in columns.items()
    }


if __name__ == "__main__":
    write_markets(Path(sys.argv[1]))
