"""What an order of the session's should look like at the venue right now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from tradewright.domain.enums import OrderType, TimeInForce, TriggerBy
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import IntentSide
from tradewright.domain.orders import NewOrder, exact
from tradewright.domain.signal import EntryKind, ForceName
from tradewright.engine.venue_session import VenueSession

__all__ = ["lots_wanted", "wanted"]

_KINDS: dict[int, EntryKind] = {
    OrderType.MARKET: "market", OrderType.LIMIT: "limit", OrderType.STOP_MARKET: "stop",
    OrderType.TAKE_PROFIT_MARKET: "take_profit", OrderType.STOP_LIMIT: "stop_limit",
    OrderType.TAKE_PROFIT_LIMIT: "take_profit_limit", OrderType.TRAILING_STOP: "trailing_stop",
}  # fmt: skip
# How long an order of so many bars works is told by the session, which cancels it.
_FORCES: dict[int, ForceName] = {
    TimeInForce.GTC: "gtc", TimeInForce.IOC: "ioc", TimeInForce.FOK: "fok", TimeInForce.GTX: "gtx",
    TimeInForce.GTD: "gtc",
}  # fmt: skip

_MARKET = int(OrderType.MARKET)  # the name is looked up anew whenever it is read


def lots_wanted(session: VenueSession, order: np.void) -> int:
    """How much of an order is left to be filled, lots; of one that closes a whole position, what is held.

    A market order that turns a position round is wanted in two parts, first what closes, bound to close only: should a
    stop close the position meanwhile, nothing is opened beyond what was decided.

    Args:
        session: whose order it is.
        order: ORDER, open.
    """
    against = _against(session, order)
    if order["close_position"]:
        return against
    if _closes_first(order, against):
        return against
    rest = int(order["lots"]) - int(order["filled"])
    if order["reduce_only"]:
        rest = min(rest, against)
    elif order["reverses"]:
        rest += against
    return max(rest, 0)


def wanted(session: VenueSession, order: np.void, client_id: str) -> NewOrder | None:
    """The order as it should be sent now, under a name; None where nothing is left to be filled: see `lots_wanted`.

    Args:
        session: whose order it is.
        order: ORDER, open.
        client_id: name to be given.
    """
    if not (lots := lots_wanted(session, order)):
        return None
    instrument = session.instruments[int(order["instrument"])]
    side: IntentSide = "buy" if order["side"] > 0 else "sell"
    if order["close_position"]:
        return NewOrder(client_id, instrument.symbol, side, close_position=True, **_shape(session, order))
    quantity = exact(lots, instrument.lot)
    if _closes_first(order, _against(session, order)):
        return NewOrder(client_id, instrument.symbol, side, quantity, reduce_only=True)
    reduces = bool(order["reduce_only"]) and instrument.is_perpetual
    return NewOrder(client_id, instrument.symbol, side, quantity, reduce_only=reduces, **_shape(session, order))


def _against(session: VenueSession, order: np.void) -> int:
    # What is held against the order's side, lots.
    return max(-session.held_lots(int(order["instrument"])) * int(order["side"]), 0)


def _closes_first(order: np.void, against: int) -> bool:
    return against > 0 and bool(order["reverses"]) and _is_at_market(order)


def _is_at_market(order: np.void) -> bool:
    # What has been triggered takes the market.
    return bool(order["triggered"]) or int(order["type"]) == _MARKET


def _shape(session: VenueSession, order: np.void) -> dict[str, Any]:
    # The kind and the prices of an order.
    if _is_at_market(order):
        return {}
    kind = int(order["type"])
    instrument = session.instruments[int(order["instrument"])]
    terms: dict[str, Any] = {"kind": _KINDS[kind], "time_in_force": _FORCES[int(order["time_in_force"])]}
    level = _price(int(order["level_ticks"]), instrument)
    if kind == OrderType.LIMIT:
        return {**terms, "price": level}
    terms["trigger_by"] = "mark" if order["trigger_by"] == TriggerBy.MARK else "last"
    terms["price_protect"] = bool(order["protected"]) and instrument.is_perpetual
    if kind == OrderType.TRAILING_STOP:
        terms["callback"] = Decimal(int(order["callback"])) / 1_000
        terms["activation"] = _price(session.activation_ticks(order), instrument)
    elif kind in (OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT):
        terms |= {"price": level, "trigger": _price(int(order["trigger_ticks"]), instrument)}
    else:
        terms["trigger"] = level
    return terms


def _price(ticks: int, instrument: Instrument) -> Decimal | None:
    return exact(ticks, instrument.tick) if ticks > 0 else None
