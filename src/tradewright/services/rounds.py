"""The same work again and again, in even rounds, going on after failures of the world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tradewright.domain.errors import StoreError, VenueError
from tradewright.ports.clock import Clock

__all__ = ["rounds"]

_LONGEST_WAIT_S = 60.0
_MOST_DOUBLINGS = 6


async def rounds(
    act: Callable[[], Awaitable[None]],
    every_s: Callable[[], float],
    clock: Clock,
    failed: Callable[[str, float], None],
) -> None:
    """Do something in rounds until it is cancelled. A round that takes longer than its time is followed by the next.

    Where a venue or the database fails, it is tried again after 1, 2, 4 … 60 seconds; any other error ends it.

    Args:
        act: one round.
        every_s: seconds from the beginning of one round to that of the next, asked before each.
        clock: to wait by.
        failed: told why, and after how many seconds it goes on.
    """
    failures = 0
    while True:
        begun = clock.monotonic()
        try:
            await act()
        except (VenueError, StoreError) as error:
            wait = min(2.0 ** min(failures, _MOST_DOUBLINGS), _LONGEST_WAIT_S)
            failures += 1
            failed(str(error), wait)
        else:
            failures, wait = 0, max(every_s() - (clock.monotonic() - begun), 0.0)
        await clock.sleep(wait)
