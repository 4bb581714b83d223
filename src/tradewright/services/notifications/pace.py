"""How much a channel is told at most: beyond it, messages are gathered into one."""

from __future__ import annotations

from collections import deque

from tradewright.domain.notices import Notice, Urgency

__all__ = ["Pace"]

_WINDOW_S = 60.0


class Pace:
    """Of one channel.

    Args:
        most: messages in a minute; urgent ones are told beyond it.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._told: deque[float] = deque()
        self._held: list[str] = []
        self._held_since = 0.0

    def may(self, notice: Notice, now: float) -> bool:
        """Whether it is told now; else its title is to be held for the digest.

        Args:
            notice: to be told.
            now: seconds of a clock that nobody sets.
        """
        while self._told and now - self._told[0] >= _WINDOW_S:
            self._told.popleft()
        if notice.urgency is not Urgency.URGENT and len(self._told) >= self.most:
            return False
        self._told.append(now)
        return True

    def hold(self, title: str, now: float) -> None:
        """Keep a title for the digest."""
        if not self._held:
            self._held_since = now
        self._held.append(title)

    def digest(self, now: float) -> tuple[str, ...]:
        """The titles that have been held, a minute after the first; nothing before."""
        if not self._held or now - self._held_since < _WINDOW_S:
            return ()
        held, self._held = tuple(self._held), []
        return held
