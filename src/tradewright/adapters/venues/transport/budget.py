"""How much may be asked in a span of time: our own count, put right by what the venue says that it counted."""

from __future__ import annotations

from collections import deque

__all__ = ["Budget"]


class Budget:
    """A limit of a venue over a rolling span; one object for all who draw on it.

    A venue counts in spans that begin by its own clock. Within no span of ours, wherever it begins, is more taken than
    the limit, so that none of the venue's holds more either, however the two clocks differ.

    Args:
        limit: what may be taken within a span.
        span_s: length of the span, s.
        header: of answers, in which the venue tells its count; empty where it tells none.
    """

    def __init__(self, limit: int, span_s: float, header: str = "") -> None:
        self.limit, self.span_s, self.header = limit, span_s, header.lower()
        self._taken: deque[tuple[float, int]] = deque()
        self._sum = 0
        self._closed_until = float("-inf")

    def used(self, now: float) -> int:
        """What has been taken within the span that ends now (monotonic seconds)."""
        while self._taken and self._taken[0][0] <= now - self.span_s:
            self._sum -= self._taken.popleft()[1]
        return self._sum

    def wait(self, cost: int, now: float, share: float = 1.0) -> float:
        """Seconds until a cost may be taken; 0 at once.

        Args:
            cost: what is to be taken; more than the limit must find the span empty.
            now: monotonic seconds.
            share: of the limit that may be used up; what is not urgent leaves the rest to what is.
        """
        closed = max(self._closed_until - now, 0.0)
        if cost == 0:
            return 0.0
        excess = self.used(now) + cost - max(int(self.limit * share), cost)
        for ts, taken in self._taken:
            if excess <= 0:
                break
            excess -= taken
            closed = max(closed, ts + self.span_s - now)
        return closed

    def take(self, cost: int, now: float) -> None:
        """Take a cost; whoever asks has waited."""
        if cost:
            self._taken.append((now, cost))
            self._sum += cost

    def learn(self, used: int, now: float) -> None:
        """The venue's own count: what others of our address have taken is counted as if taken now."""
        self.take(max(used - self.used(now), 0), now)

    def close(self, until: float) -> None:
        """The venue asked for quiet: nothing may be taken before `until` (monotonic seconds)."""
        self._closed_until = max(self._closed_until, until)
