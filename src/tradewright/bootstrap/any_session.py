"""A session by its name, on paper or with money."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from tradewright.bootstrap.database import live_sessions, sim_sessions
from tradewright.domain.errors import InvalidValue, StoreError

if TYPE_CHECKING:
    from tradewright.bootstrap.settings import Settings
    from tradewright.ports.session_store import SessionStore

__all__ = ["on_session"]

T = TypeVar("T")


def on_session(settings: Settings, name: str | None, act: Callable[[str, SessionStore[Any]], Awaitable[T]]) -> T:
    """Do something with a session, from where nothing waits.

    Args:
        settings: that say where sessions lie.
        name: of it; None takes the one that runs, and the newest where none does.
        act: what is done with its name and its store.

    Raises:
        StoreError: there is none.
        InvalidValue: none is named, and several run.
    """

    async def whole() -> T:
        async with sim_sessions(settings) as paper, live_sessions(settings) as live:
            stores: tuple[SessionStore[Any], ...] = (paper, live)
            known = {own: store for store in stores for own in await store.names()}
            if not known:
                raise StoreError("no session has been begun; see: tradewright run --help")
            if name is not None and name not in known:
                raise StoreError(f"session {name}: there is none; see: tradewright sessions list")
            own = name or await _meant(known)
            return await act(own, known[own])

    return asyncio.run(whole())


async def _meant(known: Mapping[str, SessionStore[Any]]) -> str:
    # What is asked of one may move money: it is never guessed which.
    running = [name for name, store in known.items() if await store.is_at_work(name)]
    if len(running) > 1:
        raise InvalidValue("NAME", "", f"one of those that run: {', '.join(sorted(running))}")
    return running[0] if running else max(known)
