"""What keeps an account from trading: it is being liquidated, it cools off, or its conduct has locked a symbol."""

from __future__ import annotations

from typing import Any

from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.market_calls import row_of
from tradewright.adapters.venues.practice.orders import WireOrder
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import refuse
from tradewright.adapters.venues.practice.seat import Seat

__all__ = ["STANDING_CALLS", "check_free", "check_standing"]


def check_free(exchange: Exchange, seat: Seat) -> None:
    """Refuse an account whose position the venue is closing.

    Raises:
        VenueError: -2023.
    """
    if exchange.now < seat.liquidated_until:
        raise refuse(-2023)


def check_standing(exchange: Exchange, seat: Seat, order: WireOrder) -> None:
    """Refuse an order of an account that may not trade, or may only reduce.

    Raises:
        VenueError: -2023, -4192 or -4400.
    """
    check_free(exchange, seat)
    if order.reduce_only or order.close_position or order.side == -order.leg:
        return
    if exchange.now < seat.cooling_until:
        raise refuse(-4192)
    if seat.conduct.is_locked(order.k, exchange.now):
        raise refuse(-4400)


def trading_status(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """The quantitative rules that the account has broken."""
    wanted = {row_of(exchange, params)} if params.has("symbol") else set(range(len(exchange.listings)))
    return {
        "indicators": {
            exchange.listings[k].symbol: [
                {
                    "isLocked": ratio.value >= ratio.trigger,
                    "plannedRecoverTime": until,
                    "indicator": ratio.name,
                    "value": round(ratio.value, 4),
                    "triggerValue": ratio.trigger,
                }
                for ratio in ratios
            ]
            for k, (until, ratios) in seat.conduct.locks(exchange.now).items()
            if k in wanted
        },
        "updateTime": exchange.now,
    }


STANDING_CALLS = {("GET", "/fapi/v1/apiTradingStatus"): (trading_status, 10, 0)}
"""Handler, weight and count of orders of each signed request that asks whether an account may trade."""
