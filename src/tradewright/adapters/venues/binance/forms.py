"""Orders, fills and holdings as the venue writes them, to and fro. Numbers stay text or decimals, never floats."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tradewright.adapters.venues.transport.calls import Call
from tradewright.domain.account import AccountTerms, Balance, Fill, Position
from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import VenueError
from tradewright.domain.intents import IntentSide
from tradewright.domain.orders import Leg, NewOrder, Order
from tradewright.domain.signal import EntryKind, ForceName

__all__ = [
    "ALGO_ONLY",
    "MS",
    "algo_of",
    "balance_of",
    "fill_of",
    "leg_params",
    "number",
    "order_call",
    "order_of",
    "plain",
    "position_of",
    "status_of",
    "terms_of",
]

MS = 1_000_000
"""ns in a ms."""

_TYPES: dict[EntryKind, str] = {
    "market": "MARKET", "limit": "LIMIT", "stop": "STOP_MARKET", "take_profit": "TAKE_PROFIT_MARKET",
    "stop_limit": "STOP", "take_profit_limit": "TAKE_PROFIT", "trailing_stop": "TRAILING_STOP_MARKET",
}  # fmt: skip
_KINDS = {text: kind for kind, text in _TYPES.items()}
_FORCES: dict[str, ForceName] = {"GTC": "gtc", "IOC": "ioc", "FOK": "fok", "GTX": "gtx", "GTD": "gtd"}
_SIDES: dict[str, IntentSide] = {"BUY": "buy", "SELL": "sell"}
_LEGS: dict[str, Leg] = {"BOTH": "", "LONG": "long", "SHORT": "short"}
_WORKING = {"last": "CONTRACT_PRICE", "mark": "MARK_PRICE"}
_STATUSES = {
    "NEW": OrderStatus.OPEN, "PARTIALLY_FILLED": OrderStatus.PARTIALLY_FILLED, "FILLED": OrderStatus.FILLED,
    "CANCELED": OrderStatus.CANCELED, "EXPIRED": OrderStatus.CANCELED, "EXPIRED_IN_MATCH": OrderStatus.CANCELED,
    "REJECTED": OrderStatus.REJECTED,
    # Of conditional orders. What has been triggered is as open as the plain order that it became.
    "TRIGGERING": OrderStatus.OPEN, "TRIGGERED": OrderStatus.OPEN, "FINISHED": OrderStatus.FILLED,
}  # fmt: skip
ALGO_ONLY = frozenset({"TRIGGERING", "TRIGGERED", "FINISHED"})
"""Words that only conditional orders have: a joined one bears those of the plain order that it became."""


def number(row: Mapping[str, Any], name: str) -> Decimal:
    """A field as an exact number.

    Raises:
        VenueError: it is missing, or none.
    """
    try:
        return Decimal(str(row[name]))
    except (KeyError, InvalidOperation):
        raise VenueError(f"binance: {name} of an answer is {row.get(name)!r}, not a number") from None


def _given(row: Mapping[str, Any], name: str) -> Decimal | None:
    # What does not apply is 0, empty or left out.
    return (number(row, name) or None) if row.get(name) else None


def plain(value: Decimal) -> str:
    """A number as text, without an exponent.

    Example:
        >>> plain(Decimal("1E+3")), plain(Decimal("0.00000010"))
        ('1000', '0.0000001')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def leg_params(leg: Leg) -> dict[str, str]:
    """The position that an order belongs to; nothing where there is only one."""
    return {"positionSide": leg.upper()} if leg else {}


def order_call(order: NewOrder, symbol: str) -> Call:
    """The request that places an order: conditional ones have a door of their own."""
    params = {"symbol": symbol, "side": order.side.upper(), "type": _TYPES[order.kind], **leg_params(order.leg)}
    if order.quantity:
        params["quantity"] = plain(order.quantity)
    if order.reduce_only:
        params["reduceOnly"] = "true"
    if order.price is not None:
        params |= {"price": plain(order.price), "timeInForce": order.time_in_force.upper()}
    if order.good_till:
        params["goodTillDate"] = str(order.good_till // MS)
    if not order.is_conditional:
        params |= {"newClientOrderId": order.client_id, "newOrderRespType": "RESULT"}
        return Call("POST", "/fapi/v1/order", params, weight=0, orders=1, signed=True)
    return Call("POST", "/fapi/v1/algoOrder", params | _trigger_params(order), weight=0, orders=1, signed=True)


def _trigger_params(order: NewOrder) -> dict[str, str]:
    params = {"algoType": "CONDITIONAL", "clientAlgoId": order.client_id, "workingType": _WORKING[order.trigger_by]}
    given = {"triggerPrice": order.trigger, "activatePrice": order.activation}
    params |= {name: plain(value) for name, value in given.items() if value is not None}
    if order.callback is not None:
        params["callbackRate"] = plain(100 * order.callback)
    asked = {"closePosition": order.close_position, "priceProtect": order.price_protect}
    return params | {name: "true" for name, wished in asked.items() if wished}


def status_of(text: str) -> OrderStatus:
    """Where an order stands, by the venue's word.

    Raises:
        VenueError: nothing is known of that word.
    """
    if text not in _STATUSES:
        raise VenueError(f"binance: nothing is known of the order status {text!r}")
    return _STATUSES[text]


def order_of(row: Mapping[str, Any], instrument: str) -> Order:
    """A plain order of an answer.

    Raises:
        VenueError: it cannot be read.
    """
    return Order(
        instrument, str(row["clientOrderId"]), str(row["orderId"]), _SIDES[row["side"]],
        _KINDS.get(row["type"], "limit"), number(row, "origQty"), status_of(row["status"]), row["status"],
        filled=number(row, "executedQty"), average=_given(row, "avgPrice"), price=_given(row, "price"),
        time_in_force=_FORCES.get(row.get("timeInForce", ""), "gtc"), reduce_only=bool(row.get("reduceOnly")),
        close_position=bool(row.get("closePosition")), leg=_LEGS[row.get("positionSide", "BOTH")],
        created=int(row.get("time", 0)) * MS, updated=int(row.get("updateTime", 0)) * MS,
    )  # fmt: skip


def algo_of(row: Mapping[str, Any], instrument: str) -> Order:
    """A conditional order of an answer, as it was placed; `triggered_id` is the plain one that it became.

    Raises:
        VenueError: it cannot be read.
    """
    triggered, quantity = str(row.get("actualOrderId") or ""), number(row, "quantity")
    filled = (_given(row, "actualQty") if triggered else None) or Decimal(0)
    status = status_of(row["algoStatus"])
    if row["algoStatus"] == "FINISHED" and filled < quantity:
        status = OrderStatus.CANCELED
    return Order(
        instrument, str(row["clientAlgoId"]), str(row["algoId"]), _SIDES[row["side"]], _KINDS[row["orderType"]],
        quantity, status, row["algoStatus"], filled=filled,
        average=_given(row, "actualPrice"), price=_given(row, "price"), trigger=_given(row, "triggerPrice"),
        time_in_force=_FORCES.get(row.get("timeInForce", ""), "gtc"), reduce_only=bool(row.get("reduceOnly")),
        close_position=bool(row.get("closePosition")), leg=_LEGS[row.get("positionSide", "BOTH")],
        triggered_id=triggered, created=int(row.get("createTime", 0)) * MS, updated=int(row.get("updateTime", 0)) * MS,
    )  # fmt: skip


def fill_of(row: Mapping[str, Any], instrument: str, client_id: str) -> Fill:
    """A fill of an answer.

    Raises:
        VenueError: it cannot be read.
    """
    return Fill(
        str(row["id"]), instrument, str(row["orderId"]), client_id, _SIDES[row["side"]], number(row, "price"),
        number(row, "qty"), number(row, "commission"), str(row["commissionAsset"]), bool(row["maker"]),
        int(row["time"]) * MS, number(row, "realizedPnl"), _LEGS[row.get("positionSide", "BOTH")],
    )  # fmt: skip


def position_of(row: Mapping[str, Any], instrument: str, terms: AccountTerms | None) -> Position:
    """A position of an answer, which does not tell its leverage: `terms` do.

    Raises:
        VenueError: it cannot be read.
    """
    return Position(
        instrument, number(row, "positionAmt"), number(row, "entryPrice"), _LEGS[row.get("positionSide", "BOTH")],
        mark_price=_given(row, "markPrice"), unrealised=number(row, "unRealizedProfit"),
        liquidation_price=_given(row, "liquidationPrice"), leverage=terms.leverage if terms else None,
        margin_mode=terms.margin_mode if terms else None, margin=number(row, "isolatedMargin"),
        ts=int(row.get("updateTime", 0)) * MS,
    )  # fmt: skip


def balance_of(row: Mapping[str, Any]) -> Balance:
    """A currency of an account.

    Raises:
        VenueError: it cannot be read.
    """
    return Balance(
        str(row["asset"]), number(row, "walletBalance"), number(row, "marginBalance"), number(row, "availableBalance")
    )


def terms_of(row: Mapping[str, Any], instrument: str) -> AccountTerms:
    """What is set for an instrument.

    Raises:
        VenueError: it cannot be read.
    """
    return AccountTerms(instrument, number(row, "leverage"), "isolated" if row["marginType"] == "ISOLATED" else "cross")
