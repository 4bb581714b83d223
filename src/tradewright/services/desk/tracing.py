"""What is logged of a session: bars, signals, orders and fills, each with the ids of what it came from.

By `market_event`, the bar at whose close it was decided, by `signal` and by `order` a fill is followed back to where
it began, and a bar to what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tradewright.domain.deployment import Deployment
from tradewright.domain.enums import Code, OrderRole, OrderStatus, SignalKind
from tradewright.domain.times import iso
from tradewright.services import session_facts
from tradewright.services.live.session import LiveSession
from tradewright.services.session_facts import AnySession

__all__ = ["Line", "traced"]

Line = tuple[str, dict[str, Any]]


def traced(one: Deployment, known: AnySession, before: Mapping[str, Any]) -> Iterator[Line]:
    """What has happened to a session since it was told of last: what, and its ids.

    Args:
        one: whose session it is.
        known: as it stands.
        before: facts that were put down last.
    """
    whose, counts = {"deployment": one.name, "session": one.session}, before.get("counts", {})
    trace = _Trace(one.session, known)
    for kind, ids in trace.since(counts, {row["order"]: row["status"] for row in before.get("orders", ())}):
        yield kind, {**whose, **ids}


class _Trace:
    def __init__(self, session: str, known: AnySession) -> None:
        self._name, self._known, self._own = session, known, session_facts.own_of(known)
        self._world, self._signals = self._own.session.world, self._own.session.wishes.rows

    def since(self, counts: Mapping[str, int], seen: Mapping[int, str]) -> Iterator[Line]:
        world = self._world
        for ts_close in self._own.steps.closes[int(counts.get("steps", 0)) :]:
            yield "bar", {"market_event": self._event(ts_close)}
        for row in range(int(counts.get("signals", 0)), self._signals.size):
            wish = self._signals[row]
            yield "signal", {**self._cause(row), **self._what(wish), "kind": _word(SignalKind(int(wish["kind"])))}
        for order in (*world.closed[int(counts.get("ended", 0)) :], *self._own.session.open_orders()):
            status = _word(OrderStatus(int(order["status"])))
            if seen.get(int(order["id"])) != status:
                yield "order", {**self._order(order), "status": status}
        first = int(counts.get("fills", 0))
        for number, fill in enumerate(world.fills[first:], start=first + 1):
            ids = {"fill": number, "order": int(fill["order_id"]), **self._cause(int(fill["signal"]))}
            yield "fill", {**ids, **self._what(fill), "ts": iso(int(fill["ts"]))}

    def _order(self, order: Any) -> dict[str, Any]:
        number, code = int(order["id"]), Code(int(order["code"]))
        ids = {"order": number, **self._cause(int(order["signal"])), **self._what(order)}
        ids["role"] = _word(OrderRole(int(order["role"])))
        if isinstance(self._known, LiveSession):
            ids["sent_as"] = [one.client_id for one in self._known.tickets.of_order(number)]
        return ids if code is Code.OK else {**ids, "reason": _word(code)}

    def _cause(self, row: int) -> dict[str, Any]:
        # Of what a person or a liquidation has made there is no signal.
        if row < 0:
            return {}
        step = int(self._signals[row]["step"])
        return {"signal": row + 1, "market_event": self._event(self._own.steps.closes[step])}

    def _what(self, record: Any) -> dict[str, Any]:
        return {"instrument": self._own.session.instruments[int(record["instrument"])].symbol}

    def _event(self, ts_close: int) -> str:
        return f"{self._name}@{iso(ts_close)}"


def _word(value: OrderStatus | OrderRole | SignalKind | Code) -> str:
    return value.name.lower().replace("_", " ")
