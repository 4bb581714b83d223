"""The exchange's own interface, beside the venue's: time, faults, money, and the end of a market."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tradewright.adapters.venues.practice.faults import KINDS, Fault
from tradewright.adapters.venues.practice.gateway import Gateway
from tradewright.adapters.venues.practice.hub import Hub
from tradewright.domain.errors import InvalidValue

__all__ = ["Admin"]

_NS_PER_MS = 1_000_000
_LONGEST_MS = 366 * 86_400_000


class Admin:
    """Answers under `/_emu/`.

    Args:
        gateway: of the exchange.
        hub: that holds the faults.
    """

    def __init__(self, gateway: Gateway, hub: Hub) -> None:
        self._exchange, self._hub = gateway.exchange, hub

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request."""
        text = await request.text()
        try:
            given = json.loads(text) if text else {}
        except json.JSONDecodeError:
            return web.json_response({"error": "the body is not JSON"}, status=400)
        route = (request.method, request.path.removeprefix("/_emu/"))
        act = {
            ("GET", "state"): self._state,
            ("POST", "clock"): self._clock,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._drop_faults,
            ("POST", "accounts"): self._account,
            ("POST", "cooling-off"): self._cool,
        }.get(route)
        if act is None:
            return web.json_response({"error": f"nothing is at {request.method} {request.path}"}, status=404)
        try:
            return web.json_response(act(given))
        except InvalidValue as error:
            return web.json_response({"error": str(error)}, status=400)

    def _state(self, _: dict[str, Any]) -> Any:
        self._exchange.catch_up()
        return {
            "now": self._exchange.now,
            "speed": self._exchange.clock.speed,
            "is_over": self._exchange.script.is_over,
            "symbols": [listing.symbol for listing in self._exchange.listings],
            "accounts": len(self._exchange.seats),
            "sockets": len(self._hub.sockets),
        }

    def _clock(self, given: dict[str, Any]) -> Any:
        speed, ms = given.get("speed"), given.get("advance_ms", 0 if "speed" in given else None)
        if speed is not None and (not isinstance(speed, int | float) or isinstance(speed, bool)):
            raise InvalidValue("speed", speed, "a number from 0 (stands still) to 1000")
        if not isinstance(ms, int) or isinstance(ms, bool) or not 0 <= ms <= _LONGEST_MS:
            raise InvalidValue("advance_ms", ms, f"whole milliseconds from 0 to {_LONGEST_MS}")
        if speed is not None:
            self._exchange.clock.run(float(speed))
        self._exchange.clock.advance(ms * _NS_PER_MS)
        self._exchange.catch_up()
        self._hub.refresh()
        return {"now": self._exchange.now}

    def _faults(self, _: dict[str, Any]) -> Any:
        return {"kinds": KINDS, "faults": self._hub.faults.told()}

    def _add_fault(self, given: dict[str, Any]) -> Any:
        return {"id": self._hub.faults.add(Fault.read(given))}

    def _drop_faults(self, given: dict[str, Any]) -> Any:
        self._hub.faults.remove(given.get("id"))
        return {"faults": self._hub.faults.told()}

    def _cool(self, given: dict[str, Any]) -> Any:
        key, ms = given.get("key"), given.get("ms")
        if not isinstance(key, str) or key not in self._exchange.seats:
            raise InvalidValue("key", key, "that of an account")
        if not isinstance(ms, int) or isinstance(ms, bool) or not 0 <= ms <= _LONGEST_MS:
            raise InvalidValue("ms", ms, f"whole milliseconds from 0 to {_LONGEST_MS}")
        seat = self._exchange.seats[key]
        seat.cooling_until = self._exchange.now + ms
        return {"key": key, "cooling_until": seat.cooling_until}

    def _account(self, given: dict[str, Any]) -> Any:
        key, secret, balance = given.get("key"), given.get("secret"), given.get("balance", 10_000)
        if not isinstance(key, str) or not key.isascii() or not key or key in self._exchange.seats:
            raise InvalidValue("key", key, "a text that no account has yet")
        if not isinstance(secret, str) or not secret:
            raise InvalidValue("secret", "", "a text")
        if not isinstance(balance, int | float) or not balance >= 0:
            raise InvalidValue("balance", balance, "an amount of USDT")
        self._exchange.open_account(key, secret, float(balance))
        return {"key": key, "balance": balance}
