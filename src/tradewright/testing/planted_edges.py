"""Markets in which one edge is planted: what a strategy is made for, and beside it the same market without.

Each market is a random walk whose next move has an expectation. With `edge` 1 the expectation is the one that the
function describes, with 0 there is none, and nothing but noise is left: the same shocks, the same volumes.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.timeframe import Timeframe
from tradewright.market.bars import Bars, FloatColumn, make_bars

__all__ = ["BAR", "Planted", "magnetic", "pressed", "ranging", "reverting", "sweeping", "trending"]

BAR = Timeframe.parse("15m")
"""Length of the bars of every planted market."""

Planted = Callable[[int, int, float], Bars]
"""A market: (how many bars, seed, edge) to bars."""

_SIGMA = 0.004  # standard deviation of a bar's move, fraction of price: 75 % a year
_STEPS = 12  # moves inside a bar
_PRICE = 1_000.0
_VOLUME = 1e6  # base currency in an ordinary bar, far more than a test trades
_TREND_BARS = 80  # mean length of a trend
_TREND_DRIFT = 0.25  # expected move of a bar in a trend, standard deviations
_LEVELS_APART, _NEAR, _REFUSAL = 16.0, 2.0, 0.7  # of levels: distance, reach, expected move within it; deviations
_MAGNET = 0.3  # expected move towards the busiest price, deviations
_STAYS, _PRESS = 0.98, 0.2  # share of the pressure that stays to the next bar; the move it is worth, deviations
_SWEPT_BARS, _TREND_AFTER_SWEEPS = 32, 1_000  # bars whose low is taken; bars until the trend may turn
_AFTER_SWEEP = [0.4] * 40 + [-0.4] * 8 + [0.9] * 8  # expected moves after a sweep, the last first, deviations
_PULL = 0.06  # share of the distance to the centre that a reverting market is expected to make good in a bar


def trending(size: int, seed: int, edge: float = 1.0) -> Bars:
    """Trends up and down of 80 bars on average, each bar expected to move a quarter of its deviation that way.

    For strategies that follow: averages, breakouts, clouds. Trends begin with more volume than usual.
    """
    rng = np.random.default_rng(seed)
    turns = rng.random(size) < 1.0 / _TREND_BARS
    side = rng.choice((-1.0, 1.0)) * np.where(np.cumsum(turns) % 2 == 0, 1.0, -1.0)
    drift = (edge * _TREND_DRIFT * side).tolist()
    age = np.arange(size) - np.maximum.accumulate(np.where(turns, np.arange(size), 0))
    return _market(rng, size, lambda bar, _: drift[bar], np.where(age < _TREND_BARS // 4, 2.0, 1.0))


def reverting(size: int, seed: int, edge: float = 1.0) -> Bars:
    """A price that is drawn back to 1,000, a discrete Ornstein-Uhlenbeck process with a half-life of 11 bars.

    For strategies that bet on the way back: overbought and oversold, grids.
    """
    rng = np.random.default_rng(seed)
    return _market(rng, size, lambda _, away: -edge * _PULL * away, np.ones(size))


def ranging(size: int, seed: int, edge: float = 1.0) -> Bars:
    """A price that is refused at levels 16 deviations of a bar apart, and now and then goes through to the next ones.

    For strategies that trade between support and resistance.
    """
    rng = np.random.default_rng(seed)

    def expected(_: int, away: float) -> float:
        above = away % _LEVELS_APART
        return edge * _REFUSAL * ((above < _NEAR) - (above > _LEVELS_APART - _NEAR))

    return _market(rng, size, expected, np.ones(size))


def magnetic(size: int, seed: int, edge: float = 1.0) -> Bars:
    """A price that is drawn to where it has spent the most of the last 96 bars, once it is away from there.

    For strategies that trade the profile of volume: value is where most was traded, and price outside returns to it.
    """
    rng = np.random.default_rng(seed)
    places: deque[int] = deque(maxlen=96)
    counts: Counter[int] = Counter()

    def expected(_: int, away: float) -> float:
        if len(places) == places.maxlen:
            counts[places[0]] -= 1
        places.append(round(away / 2.0))
        counts[places[-1]] += 1
        far = away - 2.0 * max(counts, key=lambda place: counts[place])
        return -edge * _MAGNET * float(np.sign(far)) * (abs(far) > _NEAR)

    return _market(rng, size, expected, np.ones(size))


def pressed(size: int, seed: int, edge: float = 1.0) -> Bars:
    """Buyers or sellers who work large orders over many bars: more is traded then, and price goes their way.

    For strategies that read the flow of orders: the imbalance of one bar tells of the next ones.
    """
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal(size).tolist()
    pressure = list(accumulate(noise, lambda now, shock: _STAYS * now + math.sqrt(1.0 - _STAYS**2) * shock))
    drift = [edge * _PRESS * now for now in pressure]
    return _market(rng, size, lambda bar, _: drift[bar], 0.5 + np.abs(pressure))


def sweeping(size: int, seed: int, edge: float = 1.0) -> Bars:
    """Weak trends; each dip below the low of 32 bars is followed by a burst the trend's way, a pause, and a rise.

    For strategies that wait for liquidity to be taken before they join the trend.
    """
    rng = np.random.default_rng(seed)
    way: list[float] = np.repeat(rng.choice((-1.0, 1.0), size // _TREND_AFTER_SWEEPS + 1), _TREND_AFTER_SWEEPS).tolist()
    recent: deque[float] = deque(maxlen=_SWEPT_BARS)
    ahead: list[float] = []

    def expected(bar: int, away: float) -> float:
        if not ahead and len(recent) == _SWEPT_BARS and way[bar] * away < min(way[bar] * before for before in recent):
            ahead.extend(_AFTER_SWEEP)
        recent.append(away)
        return edge * way[bar] * (ahead.pop() if ahead else 0.05)

    return _market(rng, size, expected, np.ones(size))


def _market(
    rng: np.random.Generator, size: int, expected: Callable[[int, float], float], activity: FloatColumn
) -> Bars:
    """A walk whose expected move is asked for bar by bar.

    Args:
        rng: of shocks and volumes.
        size: how many bars.
        expected: (bar, distance of the price from 1,000) to the expected move, all in standard deviations of a bar.
        activity: volume of each bar, multiples of an ordinary one.
    """
    shocks = rng.standard_normal((size, _STEPS)) / np.sqrt(_STEPS)
    drift, away = [], 0.0
    for bar, shock in enumerate(shocks.sum(axis=1).tolist()):
        drift.append(expected(bar, away))
        away += drift[-1] + shock
    return _bars(shocks + np.array(drift)[:, None] / _STEPS, activity * np.exp(0.3 * rng.standard_normal(size)))


def _bars(moves: NDArray[np.float64], activity: FloatColumn) -> Bars:
    path = np.cumsum(moves.ravel()).reshape(moves.shape)
    start = np.concatenate(([0.0], path[:-1, -1]))
    whole = np.column_stack((start, path))
    columns = (start, whole.max(axis=1), whole.min(axis=1), path[:, -1])
    prices = tuple(np.round(_PRICE * np.exp(_SIGMA * column), 2) for column in columns)
    stamps = BAR.ns * np.arange(activity.size, dtype=np.int64)
    return make_bars(stamps, prices, _VOLUME * activity, BAR)
