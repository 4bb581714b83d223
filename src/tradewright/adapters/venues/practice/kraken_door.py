"""Connections of Kraken's WebSocket v2: what clients may say, and what they are answered."""

from __future__ import annotations

import asyncio
import json
from typing import Any, NamedTuple

from aiohttp import WSMsgType, web

from tradewright.adapters.venues.practice.hub import Hub, Socket
from tradewright.adapters.venues.practice.kraken_channels import KrakenChannel, instruments, kraken_channel
from tradewright.adapters.venues.practice.kraken_shapes import find_pair, moment
from tradewright.adapters.venues.practice.sockets import write_out

__all__ = ["KRAKEN_PATHS", "KrakenDoor"]

KRAKEN_PATHS = ("/v2", "/kraken/v2")
_DEFAULTS = {"ohlc": ("interval", 1), "book": ("depth", 10), "ticker": ("", 0), "trade": ("", 0)}
_HEARTBEAT_S = 1.0


class _Wish(NamedTuple):
    """What a client asks of a pair."""

    method: str
    channel: str
    field: str  # that says more of the channel; empty where nothing does
    number: Any  # and what it says
    shows: bool  # whether the client wants to be told what there is already
    tail: dict[str, Any]


class KrakenDoor:
    """Takes in connections.

    Args:
        hub: that they listen to; faults strike them as they strike other sockets.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub, self._exchange = hub, hub.exchange

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if self._hub.refuses_sockets():
            return web.Response(status=503, headers={"Retry-After": "1"})
        response = web.WebSocketResponse(compress=True)
        await response.prepare(request)
        socket, ready = Socket("kraken", "", combined=False, opened=self._exchange.now), asyncio.Event()
        socket.wake = ready.set
        self._hub.sockets[socket] = None
        self._put(socket, self._status())
        tasks = write_out(response, socket, ready, request), self._beat(socket)
        writers = [asyncio.create_task(task) for task in tasks]
        try:
            async for message in response:
                if message.type == WSMsgType.TEXT:
                    self._hear(socket, message.data)
        finally:
            self._hub.leave(socket)
            for writer in writers:
                writer.cancel()
            await asyncio.gather(*writers, return_exceptions=True)
        return response

    async def _beat(self, socket: Socket) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT_S)
            if socket.names and self._exchange.now >= socket.silent_until:
                self._put(socket, {"channel": "heartbeat"})

    @staticmethod
    def _put(socket: Socket, said: dict[str, Any]) -> None:
        socket.put(json.dumps(said, separators=(",", ":")))

    def _status(self) -> dict[str, Any]:
        number = self._exchange.now
        data = {"version": "2.0.10", "system": "online", "api_version": "v2", "connection_id": number}
        return {"channel": "status", "type": "update", "data": [data]}

    def _hear(self, socket: Socket, text: str) -> None:
        try:
            said = json.loads(text)
        except json.JSONDecodeError:
            said = None
        if not isinstance(said, dict):
            self._put(socket, {"error": "Malformed request", "success": False})
            return
        method, number = said.get("method"), said.get("req_id")
        times = {"time_in": moment(self._exchange.clock.now()), "time_out": moment(self._exchange.clock.now())}
        tail = times | ({} if number is None else {"req_id": number})
        if method == "ping":
            self._put(socket, {"method": "pong", **tail})
        elif method in ("subscribe", "unsubscribe") and isinstance(said.get("params"), dict):
            self._subscribe(socket, method, said["params"], tail)
        else:
            self._put(socket, {"error": "Unsupported method", "method": method, "success": False, **tail})

    def _subscribe(self, socket: Socket, method: str, given: dict[str, Any], tail: dict[str, Any]) -> None:
        name = given.get("channel")
        if name == "instrument":
            self._put(socket, {"method": method, "result": {"channel": name}, "success": True, **tail})
            if method == "subscribe":
                self._put(socket, instruments(self._exchange))
            return
        symbols = given.get("symbol")
        if name not in _DEFAULTS or not isinstance(symbols, list):
            self._put(socket, {"error": "Unsupported channel", "method": method, "success": False, **tail})
            return
        field, default = _DEFAULTS[name]
        shows = given.get("snapshot", True) is True
        for symbol in symbols:
            self._one(socket, _Wish(method, name, field, given.get(field, default), shows, tail), str(symbol))

    def _one(self, socket: Socket, wish: _Wish, symbol: str) -> None:
        k = find_pair(self._exchange, symbol)
        refusal = {"method": wish.method, "success": False, "symbol": symbol, **wish.tail}
        if k is None:
            self._put(socket, {"error": f"Currency pair not supported {symbol}", **refusal})
            return
        key = f"{wish.channel}-{wish.number}:{symbol}"
        wanted = wish.channel, wish.number
        channel = kraken_channel(self._exchange, k, wanted, lambda data: self._hub.send(("kraken", key), data))
        if channel is None:
            self._put(socket, {"error": f"{wish.field}: not supported", **refusal})
            return
        result = {"channel": wish.channel, "symbol": symbol} | ({wish.field: wish.number} if wish.field else {})
        told = {"result": result | {"snapshot": wish.shows}, "success": True, **wish.tail}
        self._put(socket, {"method": wish.method, **told})
        if wish.method == "unsubscribe":
            self._hub.unsubscribe(socket, key)
            return
        known = self._hub.enter(socket, key, channel)
        if wish.shows and isinstance(known, KrakenChannel):
            self._put(socket, known.first())
