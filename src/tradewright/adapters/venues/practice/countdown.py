"""A switch for dead men: orders of a symbol are cancelled unless the client keeps asking for more time."""

from __future__ import annotations

from typing import Any

from tradewright.adapters.venues.practice.desk import cancel
from tradewright.adapters.venues.practice.exchange import NS_PER_MS, Exchange
from tradewright.adapters.venues.practice.market_calls import row_of
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.seat import Seat

__all__ = ["COUNTDOWN_CALLS", "start_countdown"]


def start_countdown(exchange: Exchange, seat: Seat, k: int, until: int) -> None:
    """Cancel what an account has open on a symbol at a time, UTC ms, unless another time is set by then."""
    seat.countdowns[k] = until

    def end() -> None:
        if seat.countdowns.get(k) != until:
            return
        del seat.countdowns[k]
        for order in [one for one in seat.ledger.open.values() if one.k == k and not one.waits]:
            cancel(exchange, seat, order)

    exchange.alarm(until * NS_PER_MS, end)


def count_down(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Set, put off or, with 0, take back the time at which a symbol's orders are cancelled."""
    k = row_of(exchange, params)
    params.required("countdownTime")
    length = params.whole("countdownTime") or 0
    seat.countdowns.pop(k, None)
    if length:
        start_countdown(exchange, seat, k, exchange.now + length)
    return {"symbol": exchange.listings[k].symbol, "countdownTime": str(length)}


COUNTDOWN_CALLS = {("POST", "/fapi/v1/countdownCancelAll"): (count_down, 10, 0)}
"""Handler, weight and count of orders."""
