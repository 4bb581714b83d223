"""Questions to a venue side by side: each waits for its answer, none for another's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from tradewright.services.ending import end_all

__all__ = ["side_by_side"]

K = TypeVar("K")
V = TypeVar("V")
_AT_ONCE = 8


async def side_by_side(ask: Callable[[K], Awaitable[V]], about: Iterable[K], at_once: int = _AT_ONCE) -> list[V]:
    """Ask about each, some at once; the answers in the order of what was asked about.

    Where one fails, the others are ended and its error is raised. The venue's limits are the client's concern.

    Args:
        ask: one question.
        about: what to ask about.
        at_once: questions that are under way at one time.
    """
    line = asyncio.Semaphore(at_once)

    async def one(what: K) -> V:
        async with line:
            return await ask(what)

    tasks = [asyncio.create_task(one(what)) for what in about]
    try:
        return await asyncio.gather(*tasks)
    finally:
        if tasks:
            await end_all(*tasks)
