"""Clients that take their time: heads and bodies that never end hold nothing for ever."""

from __future__ import annotations

import asyncio

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from uvicorn.server import ServerState

from tradewright.api.guard.patience import BodyTime, PatientProtocol

_HEAD = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n"


class _Hasty(PatientProtocol):
    head_s = 0.2


async def _echo(request):
    return PlainTextResponse(str(len(await request.body())))


async def _stream(_):
    async def parts():
        for _ in range(3):
            await asyncio.sleep(2 * _Hasty.head_s)
            yield "part "

    return StreamingResponse(parts())


def served(act):
    """Do something with the port of a small application that is served like ours."""
    app = BodyTime(Starlette(routes=[Route("/echo", _echo, methods=["GET", "POST"]), Route("/stream", _stream)]), 0.2)

    async def whole():
        config = uvicorn.Config(app, log_config=None, lifespan="off")
        config.load()
        state = ServerState()
        make = lambda: _Hasty(config, state, {})  # noqa: E731 - what the loop asks for
        server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            try:
                return await act(reader, writer)
            finally:
                writer.close()

    return asyncio.run(asyncio.wait_for(whole(), 20))


@pytest.mark.parametrize("begun", [b"", b"GET /ec", _HEAD % b"echo"], ids=["nothing", "half a line", "half a head"])
def test_a_head_that_does_not_end_ends_the_connection(begun):
    """Whoever sends none, or a part of one, is let go."""

    async def act(reader, writer):
        writer.write(begun)
        return await reader.read()

    assert b"" == served(act)


def test_a_further_request_that_does_not_end_does_so_too():
    """Nor does one good request give the right to hold the connection with the next."""

    async def act(reader, writer):
        writer.write(_HEAD % b"echo" + b"\r\n")
        first = await reader.readuntil(b"\r\n\r\n0")
        writer.write(b"GET /ec")
        return first[:15], await reader.read()

    assert (b"HTTP/1.1 200 OK", b"") == served(act)


def test_an_answer_may_take_longer_than_a_head():
    """Streams are not cut: it is the client's patience that counts there."""

    async def act(reader, writer):
        writer.write(_HEAD % b"stream" + b"Connection: close\r\n\r\n")
        return (await reader.read()).count(b"part")

    assert 3 == served(act)


def test_a_body_that_does_not_end_is_refused():
    """By its status, after the time that a body has."""

    async def act(reader, writer):
        writer.write(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")
        return (await reader.readline()).split()[1]

    assert b"408" == served(act)
