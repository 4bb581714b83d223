"""Limits on what an account may still do after what has happened to it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tradewright.domain.errors import InvalidValue

__all__ = ["LimitSpec"]

_MOST_BARS = 10_000
_FRACTIONS = ("max_day_loss", "max_week_loss", "max_drawdown", "max_correlation")


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """When new positions are refused; 0 turns a limit off. What closes or reduces a position is never refused.

    Equity is that at closes, open profit included. A day is a UTC day, a week begins on Monday; a bar belongs to the
    day of its open. What one close has broken stays broken for the rest of the day, the week, or the run.

    Args:
        max_day_loss: fraction of the day's first equity (that of the close before) that may be lost.
        max_week_loss: the same of a week.
        max_drawdown: greatest fall from a peak of equity, fraction of the peak; beyond it the run opens nothing more.
        max_losses: so many closed positions in a row that lost, fees paid, end the day; the next one counts anew.
        cool_down: minutes without entries after a position was closed at a loss.
        day_target: fraction of the day's first equity that is enough for a day: what is won is not staked again.
        max_heat: cap on what is lost if every stop is hit, and this entry's, fraction of equity. What has no stop
            counts whole, and so does what waits.
        max_correlation: cap on the correlation of an entry's returns with those of a position held on the same side,
            the sign turned where sides differ.
        correlation_bars: over so many returns from close to close; while fewer are known, nothing is refused.
    """

    max_day_loss: float = 0.0
    max_week_loss: float = 0.0
    max_drawdown: float = 0.0
    max_losses: int = 0
    cool_down: float = 0.0
    day_target: float = 0.0
    max_heat: float = 0.0
    max_correlation: float = 0.0
    correlation_bars: int = 100

    def __post_init__(self) -> None:
        for name in _FRACTIONS:
            self._check(name, 1.0, "a fraction from 0 (no limit) to 1")
        self._check("cool_down", 525_600.0, "minutes from 0 (none) to 525600 (a year)")
        self._check("day_target", 100.0, "a fraction of equity from 0 (none) to 100")
        self._check("max_heat", 100.0, "a fraction of equity from 0 (no limit) to 100")
        self._check("max_losses", 10_000, "a whole number from 0 (no limit) to 10000")
        if self.max_losses != int(self.max_losses):
            raise InvalidValue("max_losses", self.max_losses, "a whole number from 0 (no limit) to 10000")
        if self.correlation_bars != int(self.correlation_bars) or not 2 <= self.correlation_bars <= _MOST_BARS:  # noqa: PLR2004 - fewer have no correlation
            raise InvalidValue("correlation_bars", self.correlation_bars, f"a whole number from 2 to {_MOST_BARS}")

    def _check(self, name: str, most: float, allowed: str) -> None:
        value = getattr(self, name)
        if not (math.isfinite(value) and 0.0 <= value <= most):
            raise InvalidValue(name, value, allowed)

    @property
    def is_any(self) -> bool:
        """Whether there is any limit."""
        return self != LimitSpec()
