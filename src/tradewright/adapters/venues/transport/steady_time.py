"""Our time as it passes, whoever sets the clock of this machine meanwhile."""

from __future__ import annotations

from tradewright.ports.clock import Clock

__all__ = ["SteadyTime"]

_NS = 1_000_000_000


class SteadyTime:
    """The wall clock is read once, and carried on by one that nobody sets.

    How far a venue's clock is ahead is known of this time. Were it of the wall clock's, then after that was set an
    order could be taken for never come while it is on its way still, or be waited for until the next day.
    """

    def __init__(self) -> None:
        self._beginning: int | None = None

    def now_ns(self, clock: Clock) -> int:
        """The present, UTC ns.

        Args:
            clock: of this process, whichever: they pass alike.
        """
        passed = round(clock.monotonic() * _NS)
        if self._beginning is None:
            self._beginning = clock.now_ns() - passed
        return self._beginning + passed
