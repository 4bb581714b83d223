"""Failed attempts make the next ones wait, longer and longer, and never for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tradewright.domain.errors import TooManyAttempts

__all__ = ["Throttle"]

_NS = 1_000_000_000
_FORGET_S = 3_600
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class _Pace:
    free: int
    longest_s: int


# Somebody who guesses one name from one place; many names from one place; one name from many places.
_PAIR, _ADDRESS, _USER = _Pace(4, 900), _Pace(20, 900), _Pace(50, 30)


@dataclass(slots=True)
class _Failures:
    number: int
    last: int

    def wait_s(self, pace: _Pace, now: int) -> float:
        beyond = self.number - pace.free
        if beyond <= 0:
            return 0.0
        return min(2.0 ** min(beyond, 30), pace.longest_s) - (now - self.last) / _NS


class Throttle:
    """Counts failures by user and address. An attempt that has to wait is not looked at, and does not count.

    A stranger who keeps failing in somebody's name makes them wait from new places only, and half a minute at most:
    from where they have been let in before they are not held up.

    Args:
        now: wall clock, UTC ns.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._failures: dict[tuple[str, str], _Failures] = {}
        self._let_in: dict[tuple[str, str], int] = {}

    def attempt(self, user: str, address: str) -> None:
        """Begin an attempt; it counts as failed until it has succeeded, so that many at once are no way around.

        Raises:
            TooManyAttempts: it must wait.
        """
        now = self._now()
        is_known = (user, address) in self._let_in
        waits = [
            found.wait_s(pace, now)
            for key, pace in _paces(user, address)
            if (found := self._failures.get(key)) is not None and not (is_known and pace is not _PAIR)
        ]
        if (longest := max(waits, default=0.0)) > 0:
            raise TooManyAttempts(int(longest) + 1)
        for key, _ in _paces(user, address):
            self._count(key, now)
        self._forget(now)

    def succeeded(self, user: str, address: str) -> None:
        """The attempt was right."""
        for key, _ in _paces(user, address):
            if found := self._failures.get(key):
                found.number -= 1
        self._failures.pop((user, address), None)
        self._let_in[user, address] = self._now()
        while len(self._let_in) > _MOST_KEPT:
            del self._let_in[next(iter(self._let_in))]

    def _count(self, key: tuple[str, str], now: int) -> None:
        found = self._failures.get(key)
        if found is None or now - found.last > _FORGET_S * _NS:
            found = self._failures[key] = _Failures(0, now)
        found.number, found.last = found.number + 1, now

    def _forget(self, now: int) -> None:
        if len(self._failures) > _MOST_KEPT:
            kept = {key: one for key, one in self._failures.items() if now - one.last < _FORGET_S * _NS}
            self._failures = dict(sorted(kept.items(), key=lambda one: one[1].number)[-_MOST_KEPT // 2 :])


def _paces(user: str, address: str) -> tuple[tuple[tuple[str, str], _Pace], ...]:
    return ((user, address), _PAIR), (("", address), _ADDRESS), ((user, ""), _USER)
