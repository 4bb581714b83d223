"""Virtual time: it runs at a multiple of real time, or stands until it is moved."""

from __future__ import annotations

from collections.abc import Callable

from tradewright.domain.errors import InvalidValue

__all__ = ["VirtualClock"]

_FASTEST = 1_000.0


class VirtualClock:
    """The only time that the exchange knows.

    Args:
        start: UTC ns.
        speed: multiple of real time, up to 1,000; 0 stands still until `advance`.
        wall: real time, ns; needs not be UTC.

    Raises:
        InvalidValue: the speed is outside its range.
    """

    def __init__(self, start: int, speed: float, wall: Callable[[], int]) -> None:
        _check(speed)
        self.speed = speed
        self._wall = wall
        self._start, self._wall_start = start, wall()

    def now(self) -> int:
        """Virtual time, UTC ns."""
        if self.speed == 0.0:
            return self._start
        return self._start + int((self._wall() - self._wall_start) * self.speed)

    def advance(self, ns: int) -> None:
        """Move the clock on by so much, whatever its speed."""
        self._start += ns

    def hold(self, ts: int) -> None:
        """Go on from an earlier time, UTC ns: what happens took longer to play than it was to last."""
        self._start, self._wall_start = ts, self._wall()

    def run(self, speed: float) -> None:
        """Run at another speed from now on.

        Raises:
            InvalidValue: the speed is outside its range.
        """
        _check(speed)
        self._start, self._wall_start, self.speed = self.now(), self._wall(), speed

    def real_seconds(self, until: int) -> float | None:
        """Real time to a virtual one, s; None where the clock stands."""
        if self.speed == 0.0:
            return None
        return max((until - self.now()) / self.speed / 1e9, 0.0)


def _check(speed: float) -> None:
    if not 0.0 <= speed <= _FASTEST:
        raise InvalidValue("--speed", speed, f"a number from 0 (stands still) to {_FASTEST:g}")
