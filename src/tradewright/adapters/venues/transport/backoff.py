"""Waits that grow, each drawn at random, so that many who failed together do not come back together."""

from __future__ import annotations

import random

__all__ = ["Backoff"]


class Backoff:
    """The waits of one who tries again.

    Args:
        first_s: longest first wait.
        most_s: each next one is up to so many times as long, up to here.
        chance: draws them; from half of the longest to all of it.
        factor: so many times.
    """

    def __init__(self, first_s: float, most_s: float, chance: random.Random, factor: float = 2.0) -> None:
        self._first_s, self._most_s, self._chance, self._factor = first_s, most_s, chance, factor
        self.tries = 0

    def next(self) -> float:
        """Seconds to wait before the next try."""
        longest = min(self._first_s * self._factor ** min(self.tries, 32), self._most_s)
        self.tries += 1
        return longest * self._chance.uniform(0.5, 1.0)

    def reset(self) -> None:
        """It worked: begin with short waits again."""
        self.tries = 0
