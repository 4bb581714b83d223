"""A venue that fails again and again is left alone for a while, then tried with a single request."""

from __future__ import annotations

from enum import Enum

__all__ = ["Breaker", "BreakerState"]

_LOOK_AGAIN_S = 0.1


class BreakerState(Enum):
    """Whether requests go through."""

    CLOSED = "closed"
    """All do."""
    OPEN = "open"
    """None does."""
    HALF_OPEN = "half-open"
    """A single one is on its way, to find out."""


class Breaker:
    """Counts failures in a row.

    Args:
        failures: after so many in a row it opens.
        first_s: how long it stays open the first time.
        most_s: each failed probe doubles that, up to here.
    """

    def __init__(self, failures: int = 5, first_s: float = 1.0, most_s: float = 30.0) -> None:
        self._most_failures, self._first_s, self._most_s = failures, first_s, most_s
        self._failures = 0
        self._length = first_s
        self._opens_at = 0.0
        self._probe_until = 0.0
        self.state = BreakerState.CLOSED

    def wait(self, now: float) -> float:
        """Seconds after which to look again whether a request may go; 0: it may."""
        if self.state is BreakerState.OPEN:
            return max(self._opens_at - now, 0.0)
        if self.state is BreakerState.HALF_OPEN:
            return min(max(self._probe_until - now, 0.0), _LOOK_AGAIN_S)
        return 0.0

    def enter(self, now: float) -> None:
        """A request goes; the first one after a rest is the probe, and whoever comes next waits for what it finds."""
        if self.state is not BreakerState.CLOSED:
            # A probe that is never heard of again, because it was cancelled, gives way to another.
            self.state, self._probe_until = BreakerState.HALF_OPEN, now + self._most_s

    def succeeded(self) -> None:
        """The venue answered, if only to refuse."""
        self.state, self._failures, self._length = BreakerState.CLOSED, 0, self._first_s

    def failed(self, now: float) -> None:
        """It did not answer, or said that it cannot."""
        self._failures += 1
        if self.state is BreakerState.HALF_OPEN:
            self._length = min(2 * self._length, self._most_s)
        elif self.state is BreakerState.OPEN or self._failures < self._most_failures:
            return  # requests that were on their way when it opened tell nothing new
        self.state, self._opens_at = BreakerState.OPEN, now + self._length
