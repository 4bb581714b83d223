"""What streams have in common: how much may wait for a listener, and that who is let out hears no more."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

import orjson
from starlette.requests import HTTPConnection
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from tradewright.api.problems import Refused
from tradewright.bootstrap.server import Server
from tradewright.domain.people import Caller
from tradewright.services.news import Event, Listening

__all__ = ["LOOK_S", "MOST_WAITING", "EventStream", "batches", "event_stream", "who_listens"]

MOST_WAITING = 200
"""Events that may wait for one listener; beyond, it is told to read everything anew."""
LOOK_S = 15.0
"""Seconds after which it is looked at again whether a listener may listen, and after which silence is broken."""
_SILENCE = b": the server is there\n\n"
_KEPT = 32


async def who_listens(connection: HTTPConnection) -> Caller | None:
    """Who is at the other end now; None once he has logged out, or his token has ended."""
    try:
        caller: Caller | None = await connection.app.state.who(connection)
    except Refused:
        return None
    return caller


async def batches(heard: Listening, connection: HTTPConnection) -> AsyncIterator[Sequence[Event]]:
    """The events of a listener as they come, as long as he may hear them; none at all where nothing has happened."""
    server: Server = connection.app.state.server
    looked = server.clock.monotonic()
    while True:
        events = await heard.soon(LOOK_S)
        if not events or server.clock.monotonic() - looked >= LOOK_S:
            looked = server.clock.monotonic()
            if await who_listens(connection) is None:
                return
        yield events


class EventStream(StreamingResponse):
    """Server-sent events; see the HTML standard, section 9.2. What gives them is closed once the other end has gone."""

    media_type = "text/event-stream"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them until the other end has gone."""
        events: Any = self.body_iterator
        try:
            await super().__call__(scope, receive, send)
        finally:
            await events.aclose()


def event_stream(connection: HTTPConnection, since: int | None, kinds: Collection[str] | None = None) -> EventStream:
    """What happens from now on, or from an event on.

    Args:
        connection: of who listens.
        since: number of the last event that was heard.
        kinds: that are told; None tells all.
    """
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # a proxy is to hold nothing back
    return EventStream(_written(connection, since, kinds), headers=headers)


async def _written(
    connection: HTTPConnection, since: int | None, kinds: Collection[str] | None
) -> AsyncIterator[bytes]:
    server: Server = connection.app.state.server
    with server.news.listening(since, MOST_WAITING) as heard:
        async for events in batches(heard, connection):
            if told := [one for one in events if kinds is None or one.type in kinds]:
                yield b"".join(_lines(one) for one in told)
            elif not events:
                yield _SILENCE


_written_last: deque[tuple[Event, bytes]] = deque(maxlen=_KEPT)


def _lines(event: Event) -> bytes:
    # All who listen are told the same: it is written for the first of them.
    for known, lines in _written_last:
        if known is event:
            return lines
    data = orjson.dumps(
        {"type": event.type, "ts": event.ts, "data": dict(event.data)}, option=orjson.OPT_SERIALIZE_NUMPY
    )
    number = "" if event.number is None else f"id: {event.number}\n"
    lines = b"event: %b\ndata: %b\n%b\n" % (event.type.encode(), data, number.encode())
    _written_last.appendleft((event, lines))
    return lines
