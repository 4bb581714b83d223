"""Requests over real sockets of loopback: each is sent once, as it was written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, unused_port

from tradewright.adapters.venues.transport.calls import NoAnswer, NotSent, Reply, Wire
from tradewright.adapters.venues.transport.sender import AiohttpSender

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _send(handler: Handler, *wires: Wire, timeout_s: float = 5.0) -> list[Reply | BaseException]:
    async def act() -> list[Reply | BaseException]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        async with TestServer(app) as server, ClientSession() as session:
            sender = AiohttpSender(session, str(server.make_url("/")), timeout_s, time.time_ns)
            found: list[Reply | BaseException] = []
            for wire in wires:
                found += await asyncio.gather(sender.send(wire), return_exceptions=True)
            return found

    return asyncio.run(act())


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "POST"])
def test_a_request_on_a_dead_kept_connection_is_not_sent_a_second_time(method: str) -> None:
    """Trap 6.1: aiohttp re-sends GET, PUT and DELETE when a kept-alive connection drops; a cancel would run twice."""
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(request.method)
        if len(seen) == 2:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"n": len(seen)})

    wire = Wire(method, "/fapi/v1/order?a=1")
    first, second = _send(handler, Wire("GET", "/"), wire)
    assert isinstance(first, Reply)
    assert isinstance(second, NoAnswer)
    assert ["GET", method] == seen


def test_what_was_signed_is_sent_byte_for_byte() -> None:
    """Neither query nor body is encoded anew: a signature is made over the text itself."""
    seen: list[tuple[str, str, str]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append((request.raw_path, await request.text(), request.headers.get("X-MBX-APIKEY", "")))
        return web.Response(text="no json", headers={"X-MBX-USED-WEIGHT-1M": "7"})

    wire = Wire("POST", "/a?list=%5B1%2C2%5D&z=%20+", "b=%2B&signature=ab", {"X-MBX-APIKEY": "k"})
    (reply,) = _send(handler, wire)
    assert [("/a?list=%5B1%2C2%5D&z=%20+", "b=%2B&signature=ab", "k")] == seen
    assert isinstance(reply, Reply)
    assert ("no json", "7") == (reply.body, reply.headers["x-mbx-used-weight-1m"])
    assert reply.sent_ns < reply.received_ns


def test_an_answer_that_is_late_is_no_answer() -> None:
    """The request may have been done: that is not the same as not sent."""

    async def handler(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    (error,) = _send(handler, Wire("POST", "/"), timeout_s=0.1)
    assert isinstance(error, NoAnswer)
    assert "no answer within 0.1 s" == str(error)


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    """A signed request is never carried to another address."""

    async def handler(_: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("http://192.0.2.1/")

    (reply,) = _send(handler, Wire("GET", "/"))
    assert isinstance(reply, Reply)
    assert 302 == reply.status


def test_a_refused_connection_was_surely_not_sent() -> None:
    """Nobody listens: the venue has not seen it."""

    async def act() -> None:
        async with ClientSession() as session:
            sender = AiohttpSender(session, f"http://127.0.0.1:{unused_port()}", 2.0, time.time_ns)
            with pytest.raises(NotSent):
                await sender.send(Wire("POST", "/order"))

    asyncio.run(act())
