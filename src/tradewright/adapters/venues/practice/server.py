"""The exchange on a port: HTTP and WebSockets, faults on the way, and the time that is played while nobody asks."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from aiohttp import web

from tradewright.adapters.venues.practice.admin import Admin
from tradewright.adapters.venues.practice.faults import Fault
from tradewright.adapters.venues.practice.gateway import Answer, Call, Gateway
from tradewright.adapters.venues.practice.hub import Hub
from tradewright.adapters.venues.practice.kraken_door import KRAKEN_PATHS, KrakenDoor
from tradewright.adapters.venues.practice.messages import PATH, MessageDoor
from tradewright.adapters.venues.practice.sockets import SocketDoor

__all__ = ["ADMIN", "Log", "Server", "Tls", "serve"]

ADMIN = "/_emu/"
_LONGEST_S, _SHORTEST_S, _KEPT_EVERY_S = 0.25, 0.02, 10.0
_AT_ONCE = 250
"""Events that are played before others get their turn."""
_MAINTENANCE = {"code": -1016, "msg": "This service is no longer available."}

Log = Callable[[dict[str, Any]], None]


class Server:
    """An exchange that can be reached.

    Args:
        gateway: that answers.
        hub: that tells.
        log: takes a line for each request.
        legacy: whether WebSocket paths without a category exist.
    """

    def __init__(self, gateway: Gateway, hub: Hub, log: Log, *, legacy: bool = False) -> None:
        self.gateway, self.hub, self._log = gateway, hub, log
        self._door = SocketDoor(hub, legacy=legacy)
        self._messages = MessageDoor(gateway, hub)
        self._kraken = KrakenDoor(hub)
        self._admin = Admin(gateway, hub)
        self.keep: Callable[[], None] = lambda: None
        """Called every few seconds, and at the end."""
        self.app = web.Application(client_max_size=1 << 20)
        self.app.router.add_route("*", "/{path:.*}", self._serve)
        self.app.cleanup_ctx.append(self._run)

    async def _run(self, _: web.Application) -> AsyncIterator[None]:
        pump = asyncio.create_task(self._pump())
        yield
        pump.cancel()
        with suppress(asyncio.CancelledError):
            await pump
        self.keep()

    async def _pump(self) -> None:
        exchange, loop = self.gateway.exchange, asyncio.get_running_loop()
        due = loop.time() + _KEPT_EVERY_S
        while True:
            is_behind = exchange.catch_up(_AT_ONCE)
            self.hub.refresh()
            if is_behind:
                await asyncio.sleep(0)
                continue
            if loop.time() >= due:
                self.keep()
                due = loop.time() + _KEPT_EVERY_S
            point = exchange.next_event()
            wait = exchange.clock.real_seconds(point) if point is not None else None
            await asyncio.sleep(_LONGEST_S if wait is None else min(max(wait, _SHORTEST_S), _LONGEST_S))

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith(ADMIN):
            return await self._admin.serve(request)
        if request.path == PATH:
            return await self._messages.serve(request)
        if request.path in KRAKEN_PATHS:
            return await self._kraken.serve(request)
        if self._door.is_socket(request):
            return await self._door.serve(request)
        body = (await request.read()).decode("utf-8", "replace")
        key = request.headers.get("X-MBX-APIKEY", "")
        call = Call(request.method, request.path, request.rel_url.raw_query_string, body, key, request.remote or "")
        fault = self.hub.faults.for_request(call.method, call.path, self.hub.seconds())
        answer = self._answer(call, fault)
        self._note(call, fault, answer)
        return await self._reply(request, fault, answer)

    def _answer(self, call: Call, fault: Fault | None) -> Answer | None:
        kind = fault.kind if fault else ""
        if kind == "drop":
            return None
        if fault and kind == "status":
            waits = {"Retry-After": "60"} if fault.status in (418, 429) else {}
            return Answer(fault.status, _wrong(call, {"code": fault.code, "msg": fault.text}), waits)
        if kind == "maintenance":
            return Answer(503, _wrong(call, _MAINTENANCE))
        self.gateway.skew = round(self.hub.faults.lasting("skew", self.hub.seconds()) * 1_000)
        answer = self.gateway.answer(call)
        self.hub.refresh()
        return answer

    def _note(self, call: Call, fault: Fault | None, answer: Answer | None) -> None:
        self._log(
            {
                "ts": self.gateway.exchange.now,
                "method": call.method,
                "path": call.path,
                "query": call.query,
                "body": call.body,
                "fault": fault.kind if fault else None,
                "status": answer.status if answer else None,
            }
        )

    @staticmethod
    async def _reply(request: web.Request, fault: Fault | None, answer: Answer | None) -> web.StreamResponse:
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.delay)
        if answer is None or (fault and fault.kind == "execute_then_drop"):
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        text = json.dumps(answer.body, separators=(",", ":"))
        return web.Response(text=text, status=answer.status, headers=answer.headers, content_type="application/json")


def _wrong(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """What is wrong, as the venue says it that was asked."""
    return {"error": [f"EService:{body['msg']}"]} if call.path.startswith("/0/") else body


class Tls(NamedTuple):
    """A second port, for clients that keep the venue's own addresses and are led here by their resolver."""

    port: int
    cert: Path
    key: Path


async def serve(server: Server, port: int, ready: Callable[[list[int]], None], tls: Tls | None = None) -> None:
    """Serve on loopback until cancelled.

    Args:
        server: of the exchange.
        port: of the loopback address; 0 takes one that is free.
        ready: told the ports, when the exchange can be reached.
        tls: a second port with a certificate; None for none.

    Raises:
        OSError: a port is taken, or the certificate cannot be read.
    """
    runner = web.AppRunner(server.app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        if tls is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(tls.cert, tls.key)
            await web.TCPSite(runner, "127.0.0.1", tls.port, ssl_context=context).start()
        ready([int(address[1]) for address in runner.addresses])
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
