"""Orders, as REST asks for them and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from tradewright.adapters.venues.practice.desk import as_params, cancel, change, find, place, read_algo, read_order
from tradewright.adapters.venues.practice.exchange import Exchange
from tradewright.adapters.venues.practice.market_calls import row_of
from tradewright.adapters.venues.practice.orders import WireOrder, algo_json, order_json
from tradewright.adapters.venues.practice.params import Params
from tradewright.adapters.venues.practice.refusal import VenueError, refuse
from tradewright.adapters.venues.practice.seat import Seat

__all__ = ["ORDER_CALLS"]

_ORDER = ("orderId", "origClientOrderId")
_ALGO = ("algoId", "clientAlgoId")
_MOST_IN_BATCH, _MOST_IN_CANCEL = 5, 10
_WEEK_MS = 7 * 86_400_000
_GONE_MS = 3 * 86_400_000
_DONE = {"code": 200, "msg": "The operation of cancel all open order is done."}


def _json(exchange: Exchange, order: WireOrder) -> dict[str, Any]:
    return order_json(order, exchange.listings[order.k])


def _answered(answer: dict[str, Any]) -> dict[str, Any]:
    # Whoever places, changes or cancels is not told when the order was made.
    return {name: value for name, value in answer.items() if name != "time"} | {"cumQty": answer["executedQty"]}


def _found(exchange: Exchange, seat: Seat, params: Params, names: tuple[str, str], code: int) -> WireOrder:
    row_of(exchange, params)
    order = find(exchange, seat, params, names)
    if order is None or _is_gone(exchange, order):
        raise refuse(code)
    return order


def _is_gone(exchange: Exchange, order: WireOrder) -> bool:
    # What was cancelled without a fill is not kept for ever.
    return not order.is_open and order.filled == 0 and exchange.now - order.updated > _GONE_MS


def new_order(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Place an order."""
    order = read_order(exchange, seat, params)
    acknowledged = place(exchange, seat, order)
    wants_result = params.text("newOrderRespType", "ACK") == "RESULT"
    return _answered(_json(exchange, order) if wants_result else acknowledged)


def test_order(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Read an order, and place nothing."""
    read_order(exchange, seat, params)
    return {}


def change_order(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Change price and quantity of a limit order."""
    params.required("side")
    order = _found(exchange, seat, params, _ORDER, -2013)
    change(exchange, seat, order, params)
    return _answered(_json(exchange, order))


def get_order(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """One order."""
    return _json(exchange, _found(exchange, seat, params, _ORDER, -2013))


def cancel_order(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Cancel one order."""
    order = _found(exchange, seat, params, _ORDER, -2011)
    cancel(exchange, seat, order)
    return _answered(_json(exchange, order))


def _each(wishes: Iterable[Params], act: Callable[[Params], Any]) -> list[Any]:
    answers = []
    for wish in wishes:
        try:
            answers.append(act(wish))
        except VenueError as error:
            answers.append(error.body)
    return answers


def new_orders(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Place up to five orders, each for itself."""
    wishes = _list(params, "batchOrders")
    if not 1 <= len(wishes) <= _MOST_IN_BATCH or not all(isinstance(wish, dict) for wish in wishes):
        raise VenueError(-4082, "Invalid number of batch place orders.")
    return _each(map(as_params, wishes), lambda wish: new_order(exchange, seat, wish))


def cancel_orders(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Cancel up to ten orders of a symbol, each for itself."""
    name, field = ("orderIdList", "orderId") if params.has("orderIdList") else ("origClientOrderIdList", _ORDER[1])
    name = "orderidlist" if params.has("orderidlist") else name
    field = "orderId" if name == "orderidlist" else field
    wanted = _list(params, name)
    if not 1 <= len(wanted) <= _MOST_IN_CANCEL:
        raise VenueError(-4032, "Exceed max cancel order size")
    symbol = params.required("symbol")
    wishes = (Params({"symbol": symbol, field: str(one)}) for one in wanted)
    return _each(wishes, lambda wish: cancel_order(exchange, seat, wish))


def _list(params: Params, name: str) -> list[Any]:
    try:
        found = json.loads(params.required(name))
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, list):
        raise VenueError(-1130, f"Data sent for parameter '{name}' is not valid.")
    return found


def _open(exchange: Exchange, seat: Seat, params: Params, waiting: bool) -> list[WireOrder]:
    k = row_of(exchange, params) if params.has("symbol") else None
    return [one for one in seat.ledger.open.values() if one.waits == waiting and (k is None or one.k == k)]


def open_orders(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Orders that may still fill."""
    return [_json(exchange, one) for one in _open(exchange, seat, params, waiting=False)]


def open_order(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """One order that may still fill."""
    order = _found(exchange, seat, params, _ORDER, -2013)
    if not order.is_open:
        raise refuse(-2013)
    return _json(exchange, order)


def cancel_all(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Cancel every order of a symbol that waits for no trigger."""
    row_of(exchange, params)
    for order in _open(exchange, seat, params, waiting=False):
        cancel(exchange, seat, order)
    return _DONE


def _past(exchange: Exchange, seat: Seat, params: Params, algo: bool) -> list[WireOrder]:
    k, first = row_of(exchange, params), params.whole("algoId" if algo else "orderId")
    begin, end = params.span(_WEEK_MS)
    found = [
        one
        for one in seat.ledger.orders.values()
        if one.k == k
        and (one.is_algo if algo else not one.is_algo or one.triggered > 0)
        and not _is_gone(exchange, one)
        and (first is None or (one.algo_id if algo else one.order_id) >= first)
        and (begin is None or one.created >= begin)
        and (end is None or one.created <= end)
    ]
    limit = params.limit(500, 1000)
    return found[:limit] if first is not None else found[-limit:]


def all_orders(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Orders of a symbol, whatever became of them."""
    return [_json(exchange, one) for one in _past(exchange, seat, params, algo=False)]


def force_orders(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Orders by which the venue closed positions."""
    k = row_of(exchange, params) if params.has("symbol") else None
    begin, end = params.span(_WEEK_MS)
    found = [
        one
        for one in seat.ledger.orders.values()
        if one.is_forced
        and (k is None or one.k == k)
        and (begin is None or one.created >= begin)
        and (end is None or one.created <= end)
    ]
    return [_json(exchange, one) for one in found[-params.limit(50, 100) :]]


def new_algo(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Place a conditional order."""
    order = read_algo(exchange, seat, params)
    place(exchange, seat, order)
    return algo_json(order, exchange.listings[order.k])


def get_algo(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """One conditional order."""
    order = find(exchange, seat, params, _ALGO)
    if order is None or _is_gone(exchange, order):
        raise refuse(-2013)
    return algo_json(order, exchange.listings[order.k])


def cancel_algo(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Cancel a conditional order that waits for its trigger."""
    order = find(exchange, seat, params, _ALGO)
    if order is None or not order.waits:
        raise refuse(-2011)
    cancel(exchange, seat, order)
    return {"algoId": order.algo_id, "clientAlgoId": order.client_id, "code": "200", "msg": "success"}


def open_algos(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Conditional orders that wait for their trigger."""
    return [algo_json(one, exchange.listings[one.k]) for one in _open(exchange, seat, params, waiting=True)]


def all_algos(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Conditional orders of a symbol, whatever became of them."""
    return [algo_json(one, exchange.listings[one.k]) for one in _past(exchange, seat, params, algo=True)]


def cancel_all_algos(exchange: Exchange, seat: Seat, params: Params) -> Any:
    """Cancel every conditional order of a symbol that waits for its trigger."""
    row_of(exchange, params)
    for order in _open(exchange, seat, params, waiting=True):
        cancel(exchange, seat, order)
    return _DONE


ORDER_CALLS = {
    ("POST", "/fapi/v1/order"): (new_order, 0, 1),
    ("POST", "/fapi/v1/order/test"): (test_order, 0, 0),
    ("PUT", "/fapi/v1/order"): (change_order, 1, 1),
    ("GET", "/fapi/v1/order"): (get_order, 1, 0),
    ("DELETE", "/fapi/v1/order"): (cancel_order, 1, 0),
    ("POST", "/fapi/v1/batchOrders"): (new_orders, 5, 5),
    ("DELETE", "/fapi/v1/batchOrders"): (cancel_orders, 1, 0),
    ("GET", "/fapi/v1/openOrder"): (open_order, 1, 0),
    ("GET", "/fapi/v1/openOrders"): (open_orders, 1, 0),
    ("DELETE", "/fapi/v1/allOpenOrders"): (cancel_all, 1, 0),
    ("GET", "/fapi/v1/allOrders"): (all_orders, 5, 0),
    ("GET", "/fapi/v1/forceOrders"): (force_orders, 20, 0),
    ("POST", "/fapi/v1/algoOrder"): (new_algo, 0, 1),
    ("GET", "/fapi/v1/algoOrder"): (get_algo, 1, 0),
    ("DELETE", "/fapi/v1/algoOrder"): (cancel_algo, 1, 0),
    ("GET", "/fapi/v1/openAlgoOrders"): (open_algos, 1, 0),
    ("GET", "/fapi/v1/allAlgoOrders"): (all_algos, 5, 0),
    ("DELETE", "/fapi/v1/algoOpenOrders"): (cancel_all_algos, 1, 0),
}
"""Handler, weight and count of orders of each signed request that speaks of orders."""
