"""Keys of user streams: an hour long, extended by whoever keeps asking."""

from __future__ import annotations

import hashlib
from typing import Any

from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import refuse
from tradewright.adapters.venues.practice.seat import Seat

__all__ = ["LISTEN_CALLS", "expire", "is_alive"]

_LIFE_MS = 60 * 60_000


def is_alive(seat: Seat, now: int) -> bool:
    """Whether the account's key is valid at a time, UTC ms."""
    return bool(seat.listen_key) and now < seat.listen_until


def create(exchange: Exchange, seat: Seat, _: Params) -> Any:
    """The key that is alive, extended, or a new one."""
    if not is_alive(seat, exchange.now):
        text = f"{seat.key}/{exchange.now}/{seat.listen_until}"
        seat.listen_key = hashlib.sha256(text.encode()).hexdigest()
    seat.listen_until = exchange.now + _LIFE_MS
    return {"listenKey": seat.listen_key}


def extend(exchange: Exchange, seat: Seat, _: Params) -> Any:
    """The key that is alive, extended."""
    if not is_alive(seat, exchange.now):
        raise refuse(-1125)
    seat.listen_until = exchange.now + _LIFE_MS
    return {"listenKey": seat.listen_key}


def close(_: Exchange, seat: Seat, __: Params) -> Any:
    """End the key."""
    seat.listen_key = ""
    return {}


def expire(exchange: Exchange, seat: Seat) -> None:
    """Say that the key has expired, once, and be silent from then on."""
    now = exchange.now
    event = {"e": "listenKeyExpired", "E": now, "listenKey": seat.listen_key}
    exchange.listener.on_user(seat, event)
    seat.listen_key = ""


LISTEN_CALLS = {
    ("POST", "/fapi/v1/listenKey"): (create, 1, 0),
    ("PUT", "/fapi/v1/listenKey"): (extend, 1, 0),
    ("DELETE", "/fapi/v1/listenKey"): (close, 1, 0),
}
"""Handler, weight and count of orders; they need a key, and no signature."""
