"""Requests to a practice exchange without a socket, in simulated time, struck by the faults that it was given."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tradewright.adapters.venues.practice.gateway import Answer, Call
from tradewright.adapters.venues.practice.server import Server
from tradewright.adapters.venues.transport.calls import NoAnswer, Reply, Wire
from tradewright.ports.clock import Clock

__all__ = ["GatewaySender"]


class GatewaySender:
    """See `adapters.venues.transport.calls.Sender`.

    Args:
        server: of the exchange; its own clock must run with `clock`.
        clock: the client's.
        timeout_s: in which an answer must be there.
        latency_s: one way.
    """

    def __init__(self, server: Server, clock: Clock, timeout_s: float = 10.0, latency_s: float = 0.02) -> None:
        self.server, self._clock, self._timeout_s, self._latency_s = server, clock, timeout_s, latency_s
        self.sent: list[Wire] = []
        self.statuses: list[int] = []
        self.spoil: Callable[[Any], Any] = lambda body: body
        """Changes the body of an answer on its way."""

    async def send(self, wire: Wire) -> Reply:
        """See `Sender.send`."""
        self.sent.append(wire)
        sent_ns = self._clock.now_ns()
        await self._clock.sleep(self._latency_s)
        path, _, query = wire.target.partition("?")
        fault = self.server.hub.faults.for_request(wire.method, path, self.server.hub.seconds())
        kind = fault.kind if fault else ""
        answer = self._answer(Call(wire.method, path, query, wire.body), kind)
        if fault and kind == "status":
            answer = Answer(fault.status, {"code": fault.code, "msg": fault.text})
        if kind in ("drop", "execute_then_drop"):
            raise NoAnswer("the connection was lost before an answer came")
        late = fault.delay if fault and kind == "delay" else 0.0
        await self._clock.sleep(min(self._latency_s + late, self._timeout_s))
        if late >= self._timeout_s:
            raise NoAnswer(f"no answer within {self._timeout_s:g} s")
        self.statuses.append(answer.status)
        return Reply(
            answer.status, self.spoil(json.loads(json.dumps(answer.body))),
            {name.lower(): text for name, text in answer.headers.items()}, sent_ns, self._clock.now_ns(),
        )  # fmt: skip

    def _answer(self, call: Call, kind: str) -> Answer:
        hub = self.server.hub
        if kind in ("drop", "status"):
            return Answer(503, {})
        if kind == "maintenance" or hub.faults.lasting("maintenance", hub.seconds()):
            return Answer(503, {"code": -1016, "msg": "This service is no longer available."})
        self.server.gateway.skew = round(hub.faults.lasting("skew", hub.seconds()) * 1_000)
        answer = self.server.gateway.answer(call)
        hub.refresh()
        return answer
