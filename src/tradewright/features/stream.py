"""Averages fed one value at a time, for `on_bar`: to the last bit what the columns say."""

from __future__ import annotations

import math

from tradewright.features.columns import period

__all__ = ["Atr", "Ema", "Sma"]


class Sma:
    """`sma`, one value at a time.

    Args:
        n: how many values.

    Example:
        >>> average = Sma(2)
        >>> [average.update(x) for x in (1.0, 2.0, 3.0)]
        [nan, 1.5, 2.5]
    """

    def __init__(self, n: int) -> None:
        self._n = period(n)
        self._tail = [0.0] * (n + 1)
        self._block: list[float] = []
        self._head, self._same, self._last, self._seen = 0.0, 0, math.nan, 0

    def update(self, x: float) -> float:
        """Take the next value; the average of the last n, NaN before there are n."""
        self._seen += 1
        self._same = self._same + 1 if x == self._last else 1
        self._last = x
        self._head += x
        self._block.append(x)
        mean = x if self._same >= self._n else (self._tail[len(self._block)] + self._head) / self._n
        if len(self._block) == self._n:
            self._close_block()
        return mean if self._seen >= self._n else math.nan

    def _close_block(self) -> None:
        total = 0.0
        for place in range(self._n - 1, -1, -1):
            total += self._block[place]
            self._tail[place] = total
        self._block, self._head = [], 0.0


class Ema:
    """`ema` (or, with `alpha` 1 / n, `wilder`), one value at a time. Leading NaN are skipped.

    Args:
        n: its length.
        alpha: weight of the newest value; 2 / (n + 1) unless given.
    """

    def __init__(self, n: int, alpha: float | None = None) -> None:
        self._n = period(n)
        self._alpha = 2.0 / (n + 1.0) if alpha is None else alpha
        self._seen, self._total, self._value = 0, 0.0, math.nan

    def update(self, x: float) -> float:
        """Take the next value; the average, NaN before there are n."""
        if self._seen == 0 and math.isnan(x):
            return math.nan
        self._seen += 1
        if self._seen <= self._n:
            self._total += x
            self._value = self._total / self._n
            return self._value if self._seen == self._n else math.nan
        self._value += self._alpha * (x - self._value)
        return self._value


class Atr:
    """`atr`, one bar at a time.

    Args:
        n: its length.
    """

    def __init__(self, n: int = 14) -> None:
        self._average = Ema(period(n), 1.0 / n)
        self._before = math.nan

    def update(self, high: float, low: float, close: float) -> float:
        """Take the next bar; the average true range, NaN before there are n + 1 bars."""
        before, self._before = self._before, close
        if math.isnan(before):
            return math.nan
        return self._average.update(max(high, before) - min(low, before))
