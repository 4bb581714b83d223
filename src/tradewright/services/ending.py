"""Ending tasks that run beside."""

from __future__ import annotations

import asyncio
from typing import Any

__all__ = ["end_all"]

_AGAIN_S = 1.0


async def end_all(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks, again and again until they have ended; what they raise is nobody's concern any more.

    A cancellation may be lost in a library, where it comes at the moment of a time-out of its own (in aiohttp, whose
    timers are entered twice): whoever cancels only once would wait for ever.

    Args:
        tasks: not that of the caller.
    """
    left: set[asyncio.Task[Any]] = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)
