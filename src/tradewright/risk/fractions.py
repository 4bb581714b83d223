"""What part of an account past trades would have staked: Kelly's criterion and Vince's optimal f.

Both say what would have been best for trades that are known already. Estimates err, and half of a fraction costs a
quarter of the growth while it halves the swings: stake a part of it, and cap that (`staked`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tradewright.domain.errors import InvalidValue

__all__ = ["OptimalF", "kelly", "kelly_of_bet", "optimal_f", "staked"]

_STEPS = 200
_FEWEST = 30


class OptimalF(NamedTuple):
    """Vince's optimal fraction.

    Attributes:
        fraction: of the account that the worst loss would have taken.
        growth: by what the account would have been multiplied (terminal wealth relative).
        mean_growth: the same a trade, geometric mean.
        per_unit: account for each unit traded: worst loss / fraction; infinite where the fraction is 0.
    """

    fraction: float
    growth: float
    mean_growth: float
    per_unit: float


def kelly_of_bet(win_rate: float, payoff: float) -> float:
    """Kelly's fraction of a bet that wins `payoff` times the stake or loses the stake: `p - (1 - p) / b`.

    Args:
        win_rate: chance of a win, 0 to 1.
        payoff: mean win over mean loss, above 0.

    Returns:
        The fraction to stake; below 0 where the bet should not be taken.

    Raises:
        InvalidValue: by field.

    Example:
        >>> kelly_of_bet(0.5, 2.0)
        0.25
    """
    if not 0.0 <= win_rate <= 1.0:
        raise InvalidValue("win_rate", win_rate, "a chance from 0 to 1")
    if not (math.isfinite(payoff) and payoff > 0.0):
        raise InvalidValue("payoff", payoff, "a number above 0")
    return win_rate - (1.0 - win_rate) / payoff


def kelly(results: Sequence[float]) -> float:
    """The fraction `f` that makes the mean of `ln(1 + f R)` greatest, at most 1.

    Formula: root of `mean(R / (1 + f R))` between 0 and `-1 / min(R)`; Kelly (1956), Thorp (2006).

    Args:
        results: of past trades, multiples of the stake (R); at least one of them a loss.

    Returns:
        The fraction; 0 where the trades had no edge.

    Raises:
        InvalidValue: no loss among them, or a result that is no number.
    """
    worst = _worst(results)
    ruin = 1.0 / -worst

    def slope(f: float) -> float:
        return math.fsum(r / (1.0 + f * r) for r in results)

    return min(_turn(slope, ruin), 1.0)


def optimal_f(results: Sequence[float]) -> OptimalF:
    """The fraction that makes the product of `1 + f * result / |worst loss|` greatest; Vince (1990).

    It looks at the trades given, and at no drawdown: what comes may be worse than the worst so far.

    Args:
        results: profits and losses of past trades of one unit, quote, or multiples of the stake; at least one a loss.

    Raises:
        InvalidValue: no loss among them, or a result that is no number.
    """
    worst = _worst(results)
    parts = [result / -worst for result in results]
    fraction = _turn(lambda f: math.fsum(part / (1.0 + f * part) for part in parts), 1.0)
    growth = math.prod(1.0 + fraction * part for part in parts)
    return OptimalF(fraction, growth, growth ** (1.0 / len(parts)), -worst / fraction if fraction else math.inf)


def staked(fraction: float, part: float, cap: float, trades: int) -> float:
    """What to stake of a fraction: a part of it, at most `cap`; nothing before 30 trades have told.

    Args:
        fraction: of `kelly` or `optimal_f`.
        part: of it, such as 0.5 for half Kelly, 0 to 1.
        cap: most to stake, fraction of the account.
        trades: how many the fraction comes from.
    """
    if not 0.0 <= part <= 1.0:
        raise InvalidValue("part", part, "a part from 0 to 1")
    return 0.0 if trades < _FEWEST else max(min(part * fraction, cap), 0.0)


def _worst(results: Sequence[float]) -> float:
    for result in results:
        if not math.isfinite(result):
            raise InvalidValue("results", result, "numbers alone")
    worst = min(results, default=0.0)
    if worst >= 0.0:
        raise InvalidValue("results", f"{len(results)} without a loss", "at least one loss: without it there is no end")
    return worst


def _turn(slope: Callable[[float], float], ruin: float) -> float:
    # Where a falling slope crosses 0 between 0 and ruin, by halves; 0 where it begins below.
    if slope(0.0) <= 0.0:
        return 0.0
    low, high = 0.0, ruin
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if slope(middle) > 0.0 else (low, middle)
    return low
