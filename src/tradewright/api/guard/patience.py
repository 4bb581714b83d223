"""How long a client may take to say what it wants: who sends a letter an hour must not hold a connection for ever."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tradewright.api.guard.body_size import FILE_PATHS
from tradewright.api.guard.refusing import refuse
from tradewright.api.problems import Refused

__all__ = ["BodyTime", "PatientProtocol"]

HEAD_S, BODY_S, FILE_S = 10.0, 30.0, 600.0


class PatientProtocol(H11Protocol):
    """uvicorn's own protocol, which ends a connection on which a request has begun and is not whole in time.

    Attributes:
        head_s: seconds from the connection, or from the first byte of a further request, to the end of its headers.
    """

    head_s = HEAD_S

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._let_be()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """See `H11Protocol`; the connection is another protocol's from here on."""
        self._let_be()
        super().handle_websocket_upgrade(event)

    def _watch(self) -> None:
        cycle: Any = self.cycle  # none before the first request, whatever its type says
        if cycle is not None and not cycle.response_complete:
            self._let_be()
        elif self._late is None and self.transport.get_protocol() is self and not self.transport.is_closing():
            self._late = self.loop.call_later(self.head_s, self.transport.close)

    def _let_be(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class BodyTime:
    """Refuses a body that is not whole in time.

    Args:
        app: beneath.
        most_s: seconds for a body.
        file_s: seconds for one that is a file.
    """

    def __init__(self, app: ASGIApp, most_s: float = BODY_S, file_s: float = FILE_S) -> None:
        self._app, self._usual, self._files = app, most_s, file_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._files if scope["path"] in FILE_PATHS else self._usual
        try:
            await self._app(scope, _timed(receive, most), send)
        except _TooSlow:
            await refuse(scope, receive, send, Refused(408, "too-slow", _words(most), {"Connection": "close"}))


class _TooSlow(HTTPException):
    pass


def _words(most: float) -> str:
    return f"a request is to be whole within {most:g} s"


def _timed(receive: Receive, most: float) -> Receive:
    until: float | None = None
    is_whole = False

    async def timed() -> Message:
        nonlocal until, is_whole
        if is_whole:
            # What comes now is that the client has gone, however long that takes.
            return await receive()
        until = until or asyncio.get_running_loop().time() + most
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            # As an error of HTTP it passes through whatever reads the body.
            raise _TooSlow(408, _words(most), {"Connection": "close"}) from None
        is_whole = not message.get("more_body", False)
        return message

    return timed
