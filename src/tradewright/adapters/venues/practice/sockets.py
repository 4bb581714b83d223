"""WebSockets: which path is what, what clients may say, and the life of a connection."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from tradewright.adapters.venues.practice.hub import Hub, Socket

__all__ = ["SocketDoor", "write_out"]

_MOST_STREAMS, _MOST_A_SECOND = 1_024, 10
_CATEGORIES = ("public", "market", "private")
_TOO_MANY, _GOING_AWAY = 1008, 1001
_PING_S = 180.0
_SPOT_PATH, _SPOT_HOST = "/stream/ws", "stream.binance."


class SocketDoor:
    """Takes in connections.

    Args:
        hub: that they listen to.
        legacy: whether the paths without a category exist, and deliver everything.
    """

    def __init__(self, hub: Hub, *, legacy: bool) -> None:
        self._hub, self._legacy = hub, legacy

    def is_socket(self, request: web.Request) -> bool:
        """Whether a request is for a socket, by its path and its host."""
        parts = request.path.strip("/").split("/")
        if _space(request):
            return parts[0] in ("ws", "stream")
        if parts[0] in _CATEGORIES:
            parts = parts[1:]
        elif not self._legacy:
            return False
        return bool(parts) and parts[0] in ("ws", "stream")

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if self._hub.refuses_sockets():
            return web.Response(status=503, headers={"Retry-After": "1"})
        response = web.WebSocketResponse(heartbeat=_PING_S, compress=True)
        await response.prepare(request)
        socket, ready = self._enter(request), asyncio.Event()
        socket.wake = ready.set
        self._hub.sockets[socket] = None
        for name in self._asked(request):
            self._hub.subscribe(socket, name)
        writer = asyncio.create_task(write_out(response, socket, ready, request))
        try:
            await self._read(response, socket)
        finally:
            self._hub.leave(socket)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return response

    def _enter(self, request: web.Request) -> Socket:
        parts, space = self._parts(request), _space(request)
        category = parts[0] if parts[0] in _CATEGORIES else ""
        wanted = frozenset(filter(None, request.query.get("events", "").split("/")))
        stamped = request.query.get("stamped") == "true"
        return Socket(space, category, "stream" in parts[:2], self._hub.exchange.now, wanted, stamped=stamped)

    @staticmethod
    def _parts(request: web.Request) -> list[str]:
        # CCXT tells spot from futures by `/stream` in front of the path.
        path = request.path.removeprefix("/stream") if request.path.startswith(_SPOT_PATH) else request.path
        return path.strip("/").split("/")

    def _asked(self, request: web.Request) -> list[str]:
        parts = self._parts(request)
        rest = parts[2:] if parts[0] in _CATEGORIES else parts[1:]
        streams = request.query.get("streams", "").split("/")
        return [name for name in (*rest, *streams, request.query.get("listenKey", "")) if name]

    async def _read(self, response: web.WebSocketResponse, socket: Socket) -> None:
        begun, count = 0.0, 0
        async for message in response:
            if message.type != WSMsgType.TEXT:
                continue
            now = asyncio.get_running_loop().time()
            begun, count = (begun, count + 1) if now - begun < 1.0 else (now, 1)
            if count > _MOST_A_SECOND:
                await response.close(code=_TOO_MANY, message=b"Too many requests")
                return
            socket.put(json.dumps(self._answer(socket, message.data), separators=(",", ":")))

    def _answer(self, socket: Socket, text: str) -> dict[str, Any]:
        try:
            said = json.loads(text)
        except json.JSONDecodeError:
            said = None
        if not isinstance(said, dict):
            return _error(3, "Invalid JSON: expected value at line 1 column 1", None)
        method, names, number = said.get("method"), said.get("params", []), said.get("id")
        if method in ("SUBSCRIBE", "UNSUBSCRIBE"):
            return self._subscribe(socket, method, names, number)
        if method == "LIST_SUBSCRIPTIONS":
            return {"result": list(socket.names), "id": number}
        if method == "SET_PROPERTY" and isinstance(names, list) and names[:1] == ["combined"]:
            socket.combined = names[1:] == [True]
            return {"result": None, "id": number}
        if method == "GET_PROPERTY":
            return {"result": socket.combined, "id": number}
        return _error(2, f"Invalid request: unknown variant `{method}`", number)

    def _subscribe(self, socket: Socket, method: str, names: Any, number: Any) -> dict[str, Any]:
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return _error(2, "Invalid request: invalid type, expected a list of strings", number)
        if method == "SUBSCRIBE" and len(socket.names) + len(names) > _MOST_STREAMS:
            return _error(2, f"Invalid request: more than {_MOST_STREAMS} streams", number)
        for name in names:
            if method == "SUBSCRIBE":
                self._hub.subscribe(socket, name)
            else:
                self._hub.unsubscribe(socket, name)
        return {"result": None, "id": number}


def _space(request: web.Request) -> str:
    is_spot = request.path.startswith(_SPOT_PATH) or request.host.startswith(_SPOT_HOST)
    return "spot" if is_spot else ""


async def write_out(
    response: web.WebSocketResponse, socket: Socket, ready: asyncio.Event, request: web.Request
) -> None:
    """Send what comes into a socket's outbox, until it ends."""
    while True:
        await ready.wait()
        ready.clear()
        while socket.outbox:
            text, action = socket.outbox.popleft()
            if action == "close":
                await response.close(code=_GOING_AWAY)
            elif action == "abort":
                if request.transport is not None:
                    request.transport.abort()
            else:
                await response.send_str(text)


def _error(code: int, text: str, number: Any) -> dict[str, Any]:
    return {"error": {"code": code, "msg": text}, "id": number}
