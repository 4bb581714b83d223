"""Time, where it must pass: the only source of now for what waits."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Clock"]


class Clock(Protocol):
    """A clock that can be waited on."""

    def now_ns(self) -> int:
        """The present, UTC ns; it may be set back."""
        ...

    def monotonic(self) -> float:
        """Seconds from an unknown beginning; never set back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        ...
