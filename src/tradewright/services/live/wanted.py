"""What an order of the session's should look like at the venue right now."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from tradewright.domain.enums import OrderType, TimeInForce, TriggerBy
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import IntentSide
from tradewright.domain.orders import NewOrder, exact
from tradewright.domain.signal import EntryKind, ForceName
from tradewright.engine.venue_session import VenueSession

__all__ = ["wanted"]

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
_NONE = Decimal(0)


def wanted(session: VenueSession, order: np.void, client_id: str) -> NewOrder | None:
    """The order as it should be sent now, under a name; None where nothing is left to be filled.

    A market order that turns a position round is wanted in two parts, first what closes, bound to close only: should a
    stop close the position meanwhile, nothing is opened beyond what was decided.

    Args:
        session: whose order it is.
        order: ORDER, open.
        client_id: name to be given.
    """
    k = int(order["instrument"])
    instrument, held, side = session.instruments[k], session.held_lots(k), int(order["side"])
    against = max(-held * side, 0)
    word: IntentSide = "buy" if side > 0 else "sell"
    rest = int(order["lots"]) - int(order["filled"])
    plain = NewOrder(client_id, instrument.symbol, word, exact(1, instrument.lot))
    if order["close_position"]:
        return _shaped(session, order, replace(plain, quantity=_NONE, close_position=True)) if against else None
    is_market = order["type"] == OrderType.MARKET or bool(order["triggered"])
    if order["reverses"] and against and is_market:
        return replace(plain, quantity=exact(against, instrument.lot), reduce_only=True)
    if order["reduce_only"]:
        rest = min(rest, against)
    elif order["reverses"]:
        rest += against
    if rest <= 0:
        return None
    reduces = bool(order["reduce_only"]) and instrument.is_perpetual
    return _shaped(session, order, replace(plain, quantity=exact(rest, instrument.lot), reduce_only=reduces))


def _shaped(session: VenueSession, order: np.void, plain: NewOrder) -> NewOrder:
    # With the kind and the prices of an order; what has been triggered takes the market.
    instrument = session.instruments[int(order["instrument"])]
    kind = OrderType(int(order["type"]))
    force = _FORCES[int(order["time_in_force"])]
    if kind == OrderType.MARKET or order["triggered"]:
        return replace(plain, time_in_force="gtc")
    terms: dict[str, Any] = {"kind": _KINDS[kind], "time_in_force": force}
    level = _price(int(order["level_ticks"]), instrument)
    if kind == OrderType.LIMIT:
        return replace(plain, **terms, price=level)
    terms["trigger_by"] = "mark" if order["trigger_by"] == TriggerBy.MARK else "last"
    if kind == OrderType.TRAILING_STOP:
        terms["callback"] = Decimal(int(order["callback"])) / 1_000
        terms["activation"] = _price(session.activation_ticks(order), instrument)
    elif kind in (OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT):
        terms |= {"price": level, "trigger": _price(int(order["trigger_ticks"]), instrument)}
    else:
        terms["trigger"] = level
    return replace(plain, **terms)


def _price(ticks: int, instrument: Instrument) -> Decimal | None:
    return exact(ticks, instrument.tick) if ticks > 0 else None
