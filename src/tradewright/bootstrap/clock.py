"""The world's clock."""

from __future__ import annotations

import asyncio
import time

__all__ = ["WallClock"]


class WallClock:
    """See `ports.clock.Clock`: real time."""

    def now_ns(self) -> int:
        """The present, UTC ns."""
        return time.time_ns()

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        await asyncio.sleep(seconds)
