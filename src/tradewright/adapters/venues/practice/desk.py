"""Orders from the wire to the kernels: read, sent, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tradewright.adapters.venues.practice.exchange import NS_PER_MS, Exchange
from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.market_calls import row_of
from tradewright.adapters.venues.practice.orders import (
    ACCOUNT_SPAN,
    CONDITIONAL,
    LEGS,
    LIMITED,
    WIRE_TYPES,
    WireOrder,
    order_json,
)
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import VenueError, refusal_of, refuse
from tradewright.adapters.venues.practice.seat import Seat
from tradewright.adapters.venues.practice.standing import check_free, check_standing
from tradewright.adapters.venues.practice.waiting import stand
from tradewright.domain.enums import Code, CommandKind, OrderStatus, TimeInForce, TriggerBy
from tradewright.domain.order_terms import LONGEST_NS, MOST_CHANGES, SOONEST_DATE_S
from tradewright.engine.venue_account import Happened, Wish
from tradewright.engine.venue_queue import QueuePlace

__all__ = ["as_params", "cancel", "change", "expire_later", "find", "place", "read_algo", "read_order"]

_CLIENT_ID = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")
_FORCES = {name: TimeInForce[name] for name in ("GTC", "IOC", "FOK", "GTX")} | {"GTD": TimeInForce.GTC}
"""To the kernels an order that is good till a date is good till cancelled: the exchange looks at the clock."""
_CLOSERS = ("STOP_MARKET", "TAKE_PROFIT_MARKET")
_WORKING = {"CONTRACT_PRICE": TriggerBy.LAST, "MARK_PRICE": TriggerBy.MARK}
_TRAILING = "TRAILING_STOP_MARKET"
_LEGS = {text: leg for leg, text in LEGS.items()}
_PERMILLE = 10.0
_LEAST_CALLBACK, _MOST_CALLBACK = 0.1, 10.0


def read_order(exchange: Exchange, seat: Seat, params: Params) -> WireOrder:
    """An order without a trigger, as it was asked for."""
    order = _begin(exchange, seat, params, "newClientOrderId")
    if order.type in CONDITIONAL:
        raise refuse(-4120)
    listing = exchange.listings[order.k]
    order.lots = listing.lots_of(params.required("quantity"))
    if order.type == "LIMIT":
        order.tif = _force(params.required("timeInForce"))
        order.ticks = _price(listing, params.required("price"), "price")
        _read_date(order, exchange.now, params)
    else:
        for name in ("timeInForce", "price"):
            if params.has(name):
                raise VenueError(-1106, f"Parameter '{name}' sent when not required.")
    return order


def read_algo(exchange: Exchange, seat: Seat, params: Params) -> WireOrder:
    """A conditional order, as it was asked for."""
    if params.required("algoType") != "CONDITIONAL":
        raise VenueError(-1130, "Data sent for parameter 'algoType' is not valid.")
    order = _begin(exchange, seat, params, "clientAlgoId")
    if order.type not in CONDITIONAL:
        raise refuse(-1116)
    order.algo_status = "NEW"
    order.protect = params.flag("priceProtect")
    order.working = params.text("workingType", "CONTRACT_PRICE").upper()
    if order.working not in _WORKING:
        raise VenueError(-4031, "Invalid working type")
    order.tif = _force(params.text("timeInForce", "GTC"))
    listing = exchange.listings[order.k]
    _read_quantity(order, listing, params)
    if order.type == _TRAILING:
        _read_callback(order, listing, params)
    else:
        order.trigger = _price(listing, params.required("triggerPrice"), "triggerPrice")
    if order.type in LIMITED:
        order.ticks = _price(listing, params.required("price"), "price")
    _read_date(order, exchange.now, params)
    return order


def _begin(exchange: Exchange, seat: Seat, params: Params, name: str) -> WireOrder:
    k = row_of(exchange, params)
    side = {"BUY": 1, "SELL": -1}.get(params.required("side").upper())
    if side is None:
        raise refuse(-1117)
    kind = params.required("type").upper()
    if kind not in WIRE_TYPES:
        raise refuse(-1116)
    leg = _leg(seat, params)
    number = seat.account.next_id
    client_id = params.text(name, f"practice-{seat.ledger.number}-{number}")
    if not _CLIENT_ID.fullmatch(client_id):
        raise refuse(-4015)
    older = seat.ledger.by_client.get(client_id)
    if older is not None and older.is_open:
        raise refuse(-4116)
    now, reduces = exchange.now, params.flag("reduceOnly")
    return WireOrder(
        seat.ledger.number, number, k, client_id, side, kind, "GTC", 0, reduce_only=reduces, created=now, updated=now,
        leg=leg,
    )  # fmt: skip


def _leg(seat: Seat, params: Params) -> int:
    """The leg that an order is for; in a hedge it says so, and its side says what closes."""
    leg = _LEGS.get(params.text("positionSide", "BOTH").upper())
    if leg is None:
        raise refuse(-4060)
    if leg not in seat.account.legs:
        raise refuse(-4061)
    if leg and params.has("reduceOnly"):
        raise VenueError(-1106, "Parameter 'reduceonly' sent when not required.")
    return leg


def _read_date(order: WireOrder, now: int, params: Params) -> None:
    if order.tif != "GTD":
        return
    params.required("goodTillDate")
    # The venue counts in whole seconds.
    order.good_till = (params.whole("goodTillDate") or 0) // 1_000 * 1_000
    if order.good_till < now + SOONEST_DATE_S * 1_000:
        raise VenueError(-1130, "Data sent for parameter 'goodTillDate' is not valid.")


def _force(text: str) -> str:
    if text.upper() not in _FORCES:
        raise refuse(-1115)
    return text.upper()


def _price(listing: Listing, text: str, name: str) -> int:
    ticks = listing.ticks_of(text, name)
    if ticks <= 0:
        raise refuse(-4001)
    return ticks


def _read_quantity(order: WireOrder, listing: Listing, params: Params) -> None:
    order.close_position = params.flag("closePosition")
    if not order.close_position:
        order.lots = listing.lots_of(params.required("quantity"))
        return
    if order.type not in _CLOSERS:
        raise refuse(-4136, order.type)
    if params.has("quantity"):
        raise refuse(-4137)
    if params.has("reduceOnly"):
        raise VenueError(-1106, "Parameter 'reduceonly' sent when not required.")


def _read_callback(order: WireOrder, listing: Listing, params: Params) -> None:
    text = params.required("callbackRate")
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not _LEAST_CALLBACK <= rate <= _MOST_CALLBACK or abs(rate * _PERMILLE - round(rate * _PERMILLE)) > 1e-9:  # noqa: PLR2004 - noise
        raise VenueError(-2007, "Invalid callBack rate.")
    order.callback = round(rate * _PERMILLE)
    if params.has("activatePrice"):
        order.trigger = listing.ticks_of(params.required("activatePrice"), "activatePrice")
        if order.trigger <= 0:
            raise refuse(-4135)


def _wish(order: WireOrder) -> Wish:
    two_prices = order.type in ("STOP", "TAKE_PROFIT")
    # What a market order cannot take at once expires, as it does at the venue.
    force = TimeInForce.IOC if order.type == "MARKET" else _FORCES[order.tif]
    return Wish(
        order.k,
        CommandKind.PLACE,
        type=WIRE_TYPES[order.type],
        side=order.side,
        lots=order.lots,
        level_ticks=order.ticks if two_prices or order.type == "LIMIT" else order.trigger,
        trigger_ticks=order.trigger if two_prices else 0,
        callback=order.callback,
        time_in_force=force,
        trigger_by=_WORKING[order.working],
        reduce_only=order.reduce_only,
        close_position=order.close_position,
        protected=order.protect,
        leg=order.leg,
    )


def place(exchange: Exchange, seat: Seat, order: WireOrder) -> dict[str, Any]:
    """Send an order; returns it as it was when the venue had taken it in, before anything of it filled.

    Raises:
        VenueError: the venue refuses it; then it never was.
    """
    check_standing(exchange, seat, order)
    ledger = seat.ledger
    if order.side == -order.leg and not order.is_algo and order.lots > abs(seat.account.held(order.k, order.leg)):
        raise refuse(-2022)  # it would close more of its leg than is held
    happened = exchange.send(seat, _wish(order))
    refusal = _refusal(exchange, order, happened)
    if refusal is not None:
        exchange.absorb(seat, happened, exchange.present.ts)
        raise refusal
    ledger.add(order)
    seat.conduct.note(order, exchange.now)
    ledger.announce(order, "NEW", exchange.now)
    acknowledged = order_json(order, exchange.listings[order.k])
    exchange.absorb(seat, happened, exchange.present.ts)
    _stand(exchange, order)
    expire_later(exchange, seat, order)
    return acknowledged


def _stand(exchange: Exchange, order: WireOrder) -> None:
    """Let an order that rests from now on be the last at its price."""
    order.place = QueuePlace()
    if order.is_open and order.kind == "LIMIT" and not order.waits:
        stand(exchange, order)


def expire_later(exchange: Exchange, seat: Seat, order: WireOrder) -> None:
    """Let an order end at its date, or without one after a year, if it is still open."""

    def end() -> None:
        if order.is_open:
            happened = exchange.send(seat, Wish(order.k, CommandKind.CANCEL, order_id=order.id, leg=order.leg))
            exchange.absorb(seat, happened, exchange.present.ts)

    if order.is_open:
        date = order.good_till * NS_PER_MS
        exchange.alarm(date or order.created * NS_PER_MS + LONGEST_NS, end)


def _refusal(exchange: Exchange, order: WireOrder, happened: Happened) -> VenueError | None:
    for row in happened.refusals:
        return _said(exchange.listings[order.k], int(row["code"]), float(row["limit"]))
    for row in happened.closed:
        if row["id"] == order.id and row["status"] == OrderStatus.REJECTED and row["filled"] == 0:
            return _said(exchange.listings[order.k], int(row["code"]), 0.0)
    return None


def _said(listing: Listing, code: int, limit: float) -> VenueError:
    if code in (Code.PRICE_ABOVE_BAND, Code.PRICE_BELOW_BAND):
        return refusal_of(code, listing.price_text(int(limit)))
    return refusal_of(code, f"{limit:g}")


def find(exchange: Exchange, seat: Seat, params: Params, names: tuple[str, str]) -> WireOrder | None:
    """The order that a request means, by its id or by the client's; names are those of the two parameters."""
    by_id, by_client = names
    number = params.whole(by_id)
    k = exchange.rows.get(params.text("symbol")) if params.has("symbol") else None
    if number is None and not params.has(by_client):
        raise VenueError(-1102, f"Param '{by_client}' or '{by_id}' must be sent, but both were empty/null!")
    found = seat.ledger.by_client.get(params.text(by_client)) if number is None else _by_number(seat, by_id, number)
    if found is None or (k is not None and found.k != k):
        return None
    if by_id == "algoId":
        return found if found.is_algo else None
    return None if found.is_algo and not found.triggered else found


def _by_number(seat: Seat, name: str, number: int) -> WireOrder | None:
    order = seat.ledger.orders.get(number % ACCOUNT_SPAN)
    if order is None or number != (order.algo_id if name == "algoId" else order.order_id):
        return None
    return order


def cancel(exchange: Exchange, seat: Seat, order: WireOrder) -> None:
    """Cancel an open order.

    Raises:
        VenueError: it is not open any more.
    """
    if not order.is_open:
        raise refuse(-2011)
    ledger = seat.ledger
    ledger.leaving.add(order.id)
    happened = exchange.send(seat, Wish(order.k, CommandKind.CANCEL, order_id=order.id, leg=order.leg))
    exchange.absorb(seat, happened, exchange.present.ts)
    ledger.leaving.discard(order.id)


def change(exchange: Exchange, seat: Seat, order: WireOrder, params: Params) -> None:
    """Change price and quantity of an open limit order: it keeps its id, and goes to the end of the queue.

    Raises:
        VenueError: it is not open, nothing would change, it was changed too often, or what it would be is refused.
    """
    listing = exchange.listings[order.k]
    ticks = _price(listing, params.required("price"), "price")
    lots = listing.lots_of(params.required("quantity"))
    check_free(exchange, seat)
    if not order.is_open or order.kind != "LIMIT" or order.waits:
        raise refuse(-2013)
    if (ticks, lots) == (order.ticks, order.lots):
        raise refuse(-5027)
    if order.changed >= MOST_CHANGES:
        raise refuse(-5026)
    wish = Wish(
        order.k, CommandKind.MODIFY, order_id=order.id, type=WIRE_TYPES["LIMIT"], side=order.side, leg=order.leg
    )
    happened = exchange.send(seat, replace(wish, lots=lots, level_ticks=ticks))
    for row in happened.refusals:
        exchange.absorb(seat, happened, exchange.present.ts)
        raise _said(listing, int(row["code"]), float(row["limit"]))
    order.ticks, order.lots, order.updated = ticks, lots, exchange.now
    order.changed += 1
    seat.ledger.announce(order, "AMENDMENT", exchange.now)
    exchange.absorb(seat, happened, exchange.present.ts)
    _stand(exchange, order)
    for row in happened.closed:
        if row["id"] == order.id and row["status"] == OrderStatus.REJECTED:
            raise _said(listing, int(row["code"]), 0.0)


def as_params(values: Mapping[str, Any]) -> Params:
    """Parameters from a JSON object, as batches bring them."""
    return Params(
        {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}
    )
