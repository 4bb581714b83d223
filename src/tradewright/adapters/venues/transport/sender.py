"""Requests over aiohttp, each sent once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
)
from yarl import URL

from tradewright.adapters.venues.transport.calls import NoAnswer, NotSent, Reply, Wire

__all__ = ["AiohttpSender", "connections"]

_CONNECT_S = 5.0


@asynccontextmanager
async def connections() -> AsyncIterator[ClientSession]:
    """Connections to any venues, for as long as the block runs."""
    async with ClientSession() as session:
        yield session


class AiohttpSender:
    """Sends to one address.

    Left to itself aiohttp sends GET, PUT and DELETE again when a connection that was kept alive turns out to be dead:
    a cancel that was done is then answered "unknown order". Here the second sending fails instead, for any method:
    whether to ask again is decided where it is known what it would change, and what it costs.

    Args:
        session: that connections are kept in; it is the caller's to close.
        address: `https://host:port`; a path in it comes before that of each request.
        timeout_s: in which an answer must be there.
        now_ns: our time, which nobody sets; UTC ns.
    """

    def __init__(self, session: ClientSession, address: str, timeout_s: float, now_ns: Callable[[], int]) -> None:
        self._session, self._address, self._now_ns = session, address.rstrip("/"), now_ns
        self._timeout = ClientTimeout(total=timeout_s, sock_connect=min(_CONNECT_S, timeout_s))

    async def send(self, wire: Wire) -> Reply:
        """See `calls.Sender`."""
        # Encoded already: what was signed is sent as it is.
        url = URL(self._address + wire.target, encoded=True)
        sent_ns = self._now_ns()
        try:
            async with self._session.request(
                wire.method, url, data=wire.body or None, headers=_headers(wire), timeout=self._timeout,
                allow_redirects=False, middlewares=(Once(),),
            ) as answer:  # fmt: skip
                text = await answer.text()
                headers = {name.lower(): value for name, value in answer.headers.items()}
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NotSent(str(error)) from error
        except TimeoutError as error:
            raise NoAnswer(f"no answer within {self._timeout.total:g} s") from error
        except (ClientError, OSError) as error:
            raise NoAnswer(str(error) or type(error).__name__) from error
        return Reply(answer.status, _parsed(text), headers, sent_ns, self._now_ns())


def _headers(wire: Wire) -> dict[str, str]:
    form = {"Content-Type": "application/x-www-form-urlencoded"} if wire.body else {}
    return form | dict(wire.headers)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


class _SentAgain(ClientConnectionError):
    """The connection was lost when the request may have been on it."""


class Once:
    """Lets a request go once; aiohttp comes through here each time that it sends."""

    def __init__(self) -> None:
        self._gone = False

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if self._gone:
            raise _SentAgain("the connection was lost before an answer came")
        self._gone = True
        return await handler(request)
