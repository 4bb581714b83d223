"""Synthetic markets: regimes, volatility clustering, jumps, an intraday pattern, volume that follows the range.

A market is drawn in two passes. A short loop walks through the bars and carries what depends on the past: the regime,
the variance (GARCH(1, 1); Bollerslev 1986) and the price. Everything inside the bars is drawn at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.market.bars import Bars, FloatColumn, IntColumn, make_bars

__all__ = ["Crowd", "SyntheticMarket", "default_tick", "synthesise"]

_YEAR_NS = 365 * 86_400 * SECOND_NS
_DAY_NS = 86_400 * SECOND_NS
_SUB_STEPS = 12
_ALPHA, _BETA = 0.09, 0.90  # GARCH weights of the last shock and of the last variance
_JUMPS_PER_DAY = 1.5
_JUMP_SIZE = 0.004  # standard deviation of a jump, fraction of price
_RANGE_PULL_PER_DAY = 20.0  # how fast a ranging market returns to its centre
_DWELL_DAYS = 0.75  # mean length of a regime


class _Regime(NamedTuple):
    drift_per_day: float
    volatility: float  # multiple of the market's own
    is_range: bool


_REGIMES = (
    _Regime(0.02, 0.9, is_range=False),
    _Regime(-0.02, 1.0, is_range=False),
    _Regime(0.0, 0.6, is_range=True),
    _Regime(0.0, 1.8, is_range=False),
)
# From row to column, when a regime ends: trend up, trend down, range, turbulence. Turbulence follows falls.
_NEXT = np.array(
    [
        [0.0, 0.20, 0.65, 0.15],
        [0.20, 0.0, 0.45, 0.35],
        [0.45, 0.35, 0.0, 0.20],
        [0.30, 0.30, 0.40, 0.0],
    ]
)


@dataclass(frozen=True, slots=True)
class SyntheticMarket:
    """What the market is like.

    Args:
        price: first open, quote per base.
        tick_size: price step as decimal text; None gives six significant digits of `price`.
        volatility: yearly, fraction (0.6 = 60 %).
        daily_turnover: quote traded in an ordinary day.
    """

    price: float = 20_000.0
    tick_size: str | None = None
    volatility: float = 0.6
    daily_turnover: float = 50_000_000.0

    def __post_init__(self) -> None:
        for name, low, high in (("price", 1e-8, 1e9), ("volatility", 0.01, 10.0), ("daily_turnover", 1e-3, 1e15)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidValue(name, value, f"a number from {low:g} to {high:g}")


@dataclass(frozen=True, slots=True)
class Crowd:
    """What moves several markets at once.

    Args:
        seed: of what they have in common, >= 0.
        correlation: of any two of them, from 0 to below 1, while their volatilities are alike.
    """

    seed: int
    correlation: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.correlation < 1.0:
            raise InvalidValue("correlation", self.correlation, "a number from 0 to below 1")


def default_tick(price: float) -> str:
    """Give a price step of six significant digits as decimal text.

    Example:
        >>> default_tick(20_000.0), default_tick(0.5)
        ('0.1', '0.000001')
    """
    decimals = 5 - math.floor(math.log10(price))
    return f"{10.0**-decimals:.{decimals}f}" if decimals > 0 else str(10**-decimals)


def synthesise(
    timeframe: Timeframe,
    start_ns: int,
    count: int,
    seed: int,
    market: SyntheticMarket | None = None,
    crowd: Crowd | None = None,
) -> Bars:
    """Draw a synthetic market; the same arguments give the same bytes.

    High and low are the extremes of a path of 12 steps inside each bar. A bar opens at the close before it.

    Args:
        timeframe: length of a bar.
        start_ns: open of the first bar, UTC ns; moved down to the grid.
        count: number of bars, >= 1.
        seed: of the generator (PCG64), >= 0.
        market: price level, volatility, turnover.
        crowd: with which it moves; None: it moves by itself.

    Returns:
        `count` bars without gaps; prices on the tick, above 0; volume in base currency.

    Raises:
        InvalidValue: count or seed is outside its range.
    """
    if count < 1:
        raise InvalidValue("count", count, "a whole number of at least 1")
    if seed < 0:
        raise InvalidValue("seed", seed, "0 or a positive whole number")
    market = market or SyntheticMarket()
    rng = np.random.Generator(np.random.PCG64(seed))
    ts_open = timeframe.floor(start_ns) + timeframe.ns * np.arange(count, dtype=np.int64)
    activity = _activity(ts_open, timeframe)
    steps = _with_crowd(rng.standard_normal((count, _SUB_STEPS)), crowd) / math.sqrt(_SUB_STEPS)
    jumps = _jumps(rng, count, timeframe)
    scale = market.volatility * np.sqrt(activity * timeframe.ns / _YEAR_NS)
    regimes = _regimes(rng, count, timeframe)
    drift, sigma = _walk(regimes, steps.sum(axis=1), jumps.sum(axis=1), scale, timeframe)
    moves = sigma[:, None] * steps + jumps + drift[:, None] / _SUB_STEPS
    prices = _prices(moves, market)
    volume = _volume(rng, prices, activity, market.daily_turnover * timeframe.ns / _DAY_NS)
    return make_bars(ts_open, prices, volume, timeframe)


def _with_crowd(own: NDArray[np.float64], crowd: Crowd | None) -> NDArray[np.float64]:
    """Shocks of variance 1, of which the crowd's is the same share for every market that moves with it."""
    if crowd is None or crowd.correlation == 0.0:
        return own
    common = np.random.Generator(np.random.PCG64(crowd.seed)).standard_normal(own.shape)
    return math.sqrt(crowd.correlation) * common + math.sqrt(1.0 - crowd.correlation) * own


def _activity(ts: IntColumn, timeframe: Timeframe) -> FloatColumn:
    # Busiest while Europe and America overlap (14 h UTC), quiet before Asia opens; mean 1 over the day.
    hour = ((ts + timeframe.ns // 2) % _DAY_NS) / (3_600 * SECOND_NS)
    bump = 0.9 * np.exp(-0.5 * ((hour - 14.5) / 2.5) ** 2) + 0.35 * np.exp(-0.5 * ((hour - 1.5) / 1.5) ** 2)
    return np.asarray(0.71 + bump, np.float64)


def _jumps(rng: np.random.Generator, count: int, timeframe: Timeframe) -> NDArray[np.float64]:
    rate = _JUMPS_PER_DAY * timeframe.ns / _DAY_NS / _SUB_STEPS
    happens = rng.random((count, _SUB_STEPS)) < rate
    sizes = rng.standard_normal((count, _SUB_STEPS)) * _JUMP_SIZE
    return np.where(happens, sizes, 0.0)


def _regimes(rng: np.random.Generator, count: int, timeframe: Timeframe) -> IntColumn:
    leave = min(0.5, timeframe.ns / _DAY_NS / _DWELL_DAYS)
    labels = np.empty(count, np.int64)
    at, regime = 0, 2
    while at < count:
        stay = int(rng.geometric(leave))
        labels[at : at + stay] = regime
        regime = int(rng.choice(len(_REGIMES), p=_NEXT[regime]))
        at += stay
    return labels


def _walk(
    regimes: IntColumn, shocks: FloatColumn, jumps: FloatColumn, scale: FloatColumn, timeframe: Timeframe
) -> tuple[FloatColumn, FloatColumn]:
    # Log drift and standard deviation of each bar. Variance is relative to its long-run mean of 1.
    part_of_day = timeframe.ns / _DAY_NS
    pull = min(0.5, _RANGE_PULL_PER_DAY * part_of_day)
    drifts, sigmas = [], []
    variance, level, centre = 1.0, 0.0, 0.0
    for label, shock, jump, size in zip(regimes.tolist(), shocks.tolist(), jumps.tolist(), scale.tolist(), strict=True):
        regime = _REGIMES[label]
        centre = centre if regime.is_range else level
        sigma = size * math.sqrt(variance) * regime.volatility
        drift = regime.drift_per_day * part_of_day - pull * (level - centre)
        drifts.append(drift)
        sigmas.append(sigma)
        level += drift + sigma * shock + jump
        surprise = min(16.0, (shock + jump / sigma) ** 2)
        variance = min(25.0, 1.0 - _ALPHA - _BETA + variance * (_BETA + _ALPHA * surprise))
    return np.array(drifts), np.array(sigmas)


def _prices(moves: NDArray[np.float64], market: SyntheticMarket) -> tuple[FloatColumn, ...]:
    path = np.cumsum(moves.ravel()).reshape(moves.shape)
    start = np.concatenate(([0.0], path[:-1, -1]))
    whole = np.column_stack((start, path))
    num, den = Fraction(Decimal(market.tick_size or default_tick(market.price))).as_integer_ratio()
    columns = (start, whole.max(axis=1), whole.min(axis=1), path[:, -1])
    ticks = (np.maximum(np.rint(market.price * np.exp(column) * den / num), 1.0) for column in columns)
    return tuple(column * num / den for column in ticks)


def _volume(
    rng: np.random.Generator, prices: tuple[FloatColumn, ...], activity: FloatColumn, turnover: float
) -> FloatColumn:
    # Turnover grows with the bar's range against the usual one, times log-normal noise of mean 1.
    _, high, low, close = prices
    spread = (high - low) / close
    usual = float(spread.mean()) or 1.0
    noise = np.exp(0.5 * rng.standard_normal(len(close)) - 0.125)
    return np.asarray(np.round(turnover * activity * (0.4 + 0.6 * spread / usual) * noise / close, 8), np.float64)
