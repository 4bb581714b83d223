"""WebSockets, as a feed sees them: dialled, read, and sooner or later closed."""

from __future__ import annotations

import asyncio
from typing import Protocol

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

__all__ = ["AiohttpDialer", "Connection", "ConnectionLost", "DialFailed", "Dialer"]

_LARGEST = 1 << 24


class DialFailed(Exception):
    """No connection came about.

    Args:
        why: in words.
        retry_after_s: how long the other side asks us to wait; 0 where it says nothing.
    """

    def __init__(self, why: str, retry_after_s: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after_s = retry_after_s


class ConnectionLost(Exception):
    """The connection is no more."""


class Connection(Protocol):
    """An open WebSocket."""

    async def send(self, text: str) -> None:
        """Send a text.

        Raises:
            ConnectionLost: it is closed.
        """
        ...

    async def receive(self) -> str:
        """The next text.

        Raises:
            ConnectionLost: it is closed, by whoever.
        """
        ...

    async def close(self) -> None:
        """Close it; again is harmless."""
        ...


class Dialer(Protocol):
    """Opens WebSockets."""

    async def dial(self, url: str) -> Connection:
        """Open one.

        Raises:
            DialFailed: it did not come about.
        """
        ...


class AiohttpDialer:
    """See `Dialer`.

    Args:
        session: that connections are made in; it is the caller's to close.
        timeout_s: for the handshake.
        heartbeat_s: so often the other side is pinged; where no pong comes, the connection is lost.
    """

    def __init__(self, session: ClientSession, timeout_s: float = 10.0, heartbeat_s: float = 20.0) -> None:
        self._session, self._timeout_s, self._heartbeat_s = session, timeout_s, heartbeat_s

    async def dial(self, url: str) -> Connection:
        """See `Dialer`."""
        dialling = self._session.ws_connect(
            url, heartbeat=self._heartbeat_s, max_msg_size=_LARGEST, receive_timeout=None
        )
        try:
            async with asyncio.timeout(self._timeout_s):
                return _AiohttpConnection(await dialling)
        except WSServerHandshakeError as error:
            told = error.headers.get("Retry-After", "") if error.headers else ""
            raise DialFailed(f"status {error.status}", float(told) if told.isdigit() else 0.0) from error
        except (ClientError, OSError) as error:
            raise DialFailed(str(error) or type(error).__name__) from error


class _AiohttpConnection:
    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        try:
            await self._socket.send_str(text)
        except (ClientError, OSError) as error:
            raise ConnectionLost(str(error)) from error

    async def receive(self) -> str:
        message = await self._socket.receive()
        if message.type is WSMsgType.TEXT:
            return str(message.data)
        if message.type is WSMsgType.BINARY:
            return bytes(message.data).decode("utf-8", "replace")
        raise ConnectionLost(f"closed with {self._socket.close_code}")

    async def close(self) -> None:
        await self._socket.close()
