"""Requests over a socket: the same as those of REST, by another name, and signed in another order."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from tradewright.adapters.venues.practice.gateway import Answer, Call, Gateway
from tradewright.adapters.venues.practice.hub import Hub, Socket
from tradewright.adapters.venues.practice.sockets import write_out

__all__ = ["MESSAGES", "PATH", "MessageDoor"]

PATH = "/ws-fapi/v1"
MESSAGES = {
    "ping": ("GET", "/fapi/v1/ping"),
    "time": ("GET", "/fapi/v1/time"),
    "depth": ("GET", "/fapi/v1/depth"),
    "ticker.price": ("GET", "/fapi/v1/ticker/price"),
    "ticker.book": ("GET", "/fapi/v1/ticker/bookTicker"),
    "order.place": ("POST", "/fapi/v1/order"),
    "order.modify": ("PUT", "/fapi/v1/order"),
    "order.cancel": ("DELETE", "/fapi/v1/order"),
    "order.status": ("GET", "/fapi/v1/order"),
    "algoOrder.place": ("POST", "/fapi/v1/algoOrder"),
    "algoOrder.cancel": ("DELETE", "/fapi/v1/algoOrder"),
    "account.status": ("GET", "/fapi/v2/account"),
    "v2/account.status": ("GET", "/fapi/v3/account"),
    "account.balance": ("GET", "/fapi/v2/balance"),
    "v2/account.balance": ("GET", "/fapi/v3/balance"),
    "account.position": ("GET", "/fapi/v2/positionRisk"),
    "v2/account.position": ("GET", "/fapi/v3/positionRisk"),
    "userDataStream.start": ("POST", "/fapi/v1/listenKey"),
    "userDataStream.ping": ("PUT", "/fapi/v1/listenKey"),
    "userDataStream.stop": ("DELETE", "/fapi/v1/listenKey"),
}
"""The request that each method stands for."""
_PING_S = 180.0


class MessageDoor:
    """Takes in connections on which requests are sent.

    Args:
        gateway: that answers.
        hub: whose faults may strike a message: its method is `WS`, its path the name of what it asks for.
    """

    def __init__(self, gateway: Gateway, hub: Hub) -> None:
        self._gateway, self._hub = gateway, hub

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if self._hub.refuses_sockets():
            return web.Response(status=503, headers={"Retry-After": "1"})
        response = web.WebSocketResponse(heartbeat=_PING_S)
        await response.prepare(request)
        socket, ready = Socket("requests", "", combined=False, opened=self._hub.exchange.now), asyncio.Event()
        socket.wake = ready.set
        self._hub.sockets[socket] = None
        writer = asyncio.create_task(write_out(response, socket, ready, request))
        try:
            async for message in response:
                if message.type == WSMsgType.TEXT:
                    told = self.answer(message.data, request.remote or "")
                    if told is not None:
                        socket.put(json.dumps(told, separators=(",", ":")))
        finally:
            self._hub.leave(socket)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return response

    def answer(self, text: str, address: str) -> dict[str, Any] | None:
        """Answer one message; None where a fault keeps the answer back."""
        try:
            said = json.loads(text)
        except json.JSONDecodeError:
            said = None
        if not isinstance(said, dict) or not isinstance(said.get("params", {}), dict):
            return _told(None, Answer(400, {"code": -1000, "msg": "Malformed request."}))
        name, number = str(said.get("method", "")), said.get("id")
        if name not in MESSAGES:
            return _told(number, Answer(400, {"code": -1000, "msg": f"Unknown method '{name}'."}))
        fault = self._hub.faults.for_request("WS", name, self._hub.seconds())
        kind = fault.kind if fault else ""
        if fault and kind in ("status", "maintenance"):
            return _told(number, Answer(fault.status, {"code": fault.code, "msg": fault.text}))
        if kind == "drop":
            return None
        answer = self._ask(name, said.get("params", {}), address)
        self._hub.refresh()
        most = self._gateway.rates.limits.weight
        return None if kind == "execute_then_drop" else _told(number, answer, most)

    def _ask(self, name: str, given: dict[str, Any], address: str) -> Answer:
        values = {field: _text(value) for field, value in given.items()}
        method, path = MESSAGES[name]
        return self._gateway.answer_message(Call(method, path, key=values.get("apiKey", ""), address=address), values)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(number: Any, answer: Answer, most: int = 0) -> dict[str, Any]:
    used = [
        {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": most, "count": int(count)}
        for name, count in answer.headers.items()
        if name == "X-MBX-USED-WEIGHT-1M"
    ]
    field = "result" if answer.status == 200 else "error"  # noqa: PLR2004 - of HTTP
    return {"id": number, "status": answer.status, field: answer.body, "rateLimits": used}
