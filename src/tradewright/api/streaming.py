"""What streams have in common: how much may wait for a listener, and that who is let out hears no more."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import HTTPConnection

from tradewright.api.problems import Refused
from tradewright.bootstrap.server import Server
from tradewright.domain.people import Caller
from tradewright.services.news import Event, Listening

__all__ = ["LOOK_S", "MOST_WAITING", "still_let_in", "who_listens"]

MOST_WAITING = 200
"""Events that may wait for one listener; beyond, it is told to read everything anew."""
LOOK_S = 15.0
"""Seconds after which it is looked at again whether a listener may listen."""


async def who_listens(connection: HTTPConnection) -> Caller | None:
    """Who is at the other end now; None once he has logged out, or his token has ended."""
    try:
        caller: Caller | None = await connection.app.state.who(connection)
    except Refused:
        return None
    return caller


async def still_let_in(heard: Listening, connection: HTTPConnection) -> AsyncIterator[Event]:
    """The events of a listener, as long as he may hear them."""
    server: Server = connection.app.state.server
    looked = server.clock.monotonic()
    async for event in heard:
        if server.clock.monotonic() - looked >= LOOK_S:
            looked = server.clock.monotonic()
            if await who_listens(connection) is None:
                return
        yield event
