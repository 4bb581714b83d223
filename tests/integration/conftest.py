"""What tests of the practice exchange over the wire share: a client that moves its clock."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestServer

from tradewright.adapters.venues.practice.server import Server
from tradewright.testing.practice import KEY, SECRET, a_server


class Visitor:
    """A client on sockets that moves the exchange's clock itself."""

    def __init__(self, session: ClientSession, server: TestServer) -> None:
        self.session, self._server = session, server

    def url(self, path: str) -> str:
        return str(self._server.make_url(path))

    async def wait(self, ms: int) -> int:
        answer = await self.session.post(self.url("/_emu/clock"), json={"advance_ms": ms})
        return int((await answer.json())["now"])

    async def fault(self, **fault: Any) -> int:
        answer = await self.session.post(self.url("/_emu/faults"), json=fault)
        return int((await answer.json())["id"])

    async def ask(self, method: str, path: str, **params: Any) -> tuple[int, Any]:
        async with self.session.post(self.url("/_emu/clock"), json={"advance_ms": 0}) as clock:
            now = (await clock.json())["now"]
        query = urlencode({**params, "timestamp": now})
        signature = hmac.new(SECRET.encode(), query.encode(), hashlib.sha256).hexdigest()
        url = f"{self.url(path)}?{query}&signature={signature}"
        async with self.session.request(method, url, headers={"X-MBX-APIKEY": KEY}) as answer:
            return answer.status, await answer.json()

    async def listen(self, path: str, **settings: Any) -> ClientWebSocketResponse:
        return await self.session.ws_connect(self.url(path), **settings)

    async def user_stream(self) -> ClientWebSocketResponse:
        _, body = await self.ask("POST", "/fapi/v1/listenKey")
        return await self.listen(f"/private/ws?listenKey={body['listenKey']}")

    async def told(self, socket: ClientWebSocketResponse) -> list[Any]:
        """What a socket has been sent so far: everything before the answer to a question."""
        await socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 99})
        told: list[Any] = []
        while True:
            message = await socket.receive()
            if message.type != WSMsgType.TEXT:
                return told
            said = message.json()
            if isinstance(said, dict) and said.get("id") == 99:
                return told
            told.append(said)


@pytest.fixture
def visit() -> Callable[..., None]:
    """Let a visitor act on an exchange that is given, or made with these settings."""

    def begin(act: Callable[[Visitor], Awaitable[None]], exchange: Server | None = None, **settings: Any) -> None:
        async def run() -> None:
            async with TestServer((exchange or a_server(**settings)).app) as server, ClientSession() as session:
                await asyncio.wait_for(act(Visitor(session, server)), 20)

        asyncio.run(run())

    return begin
