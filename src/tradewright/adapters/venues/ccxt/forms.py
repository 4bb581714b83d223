"""The library's unified rows as values of the domain. Its floats are shortest texts of the venue's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tradewright.domain.account import Balance, Fill, Position
from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import VenueError
from tradewright.domain.intents import IntentSide
from tradewright.domain.orders import Leg, NewOrder, Order
from tradewright.domain.signal import EntryKind, ForceName

__all__ = ["MS", "balances_of", "exact_number", "fill_of", "order_of", "order_params", "position_of"]

MS = 1_000_000
"""ns in a ms."""

_STATUSES = {
    "open": OrderStatus.OPEN, "closed": OrderStatus.FILLED, "canceled": OrderStatus.CANCELED,
    "canceling": OrderStatus.OPEN, "expired": OrderStatus.CANCELED, "rejected": OrderStatus.REJECTED,
}  # fmt: skip
_KINDS: dict[str, EntryKind] = {
    "market": "market", "limit": "limit", "stop": "stop_limit", "stop_market": "stop", "stop_limit": "stop_limit",
    "take_profit": "take_profit_limit", "take_profit_market": "take_profit", "take_profit_limit": "take_profit_limit",
    "trailing_stop_market": "trailing_stop", "trailing_stop": "trailing_stop",
}  # fmt: skip
_FORCES: dict[str, ForceName] = {"GTC": "gtc", "IOC": "ioc", "FOK": "fok", "PO": "gtx", "GTX": "gtx"}
_LEGS: dict[str, Leg] = {"long": "long", "short": "short"}


def exact_number(value: Any) -> Decimal | None:
    """A number of the library as a decimal; None for None."""
    return None if value is None else Decimal(str(value))


def _ns(value: Any) -> int:
    return 0 if value is None else int(value) * MS


def order_params(order: NewOrder, *, directed: bool, by_stop_prices: bool) -> dict[str, Any]:
    """What goes beside side, quantity and price.

    Args:
        order: to be placed.
        directed: whether the venue wants to be told from which side a trigger is reached.
        by_stop_prices: whether a stop loss or take profit may open a position too.
    """
    params: dict[str, Any] = {"clientOrderId": order.client_id}
    if order.time_in_force == "gtx":
        params["postOnly"] = True
    elif order.time_in_force != "gtc":
        params["timeInForce"] = order.time_in_force.upper()
    if order.leg:
        closes = (order.leg == "long") != (order.side == "buy")
        params |= {"hedged": True} | ({"reduceOnly": True} if closes else {})
    elif order.reduce_only:
        params["reduceOnly"] = True
    if order.trigger is not None:
        is_stop = order.kind in ("stop", "stop_limit")
        params |= _trigger(float(order.trigger), (order.side == "buy") == is_stop, is_stop, directed, by_stop_prices)
    if order.callback is not None:
        params["trailingPercent"] = float(100 * order.callback)
    if order.activation is not None:
        params["trailingTriggerPrice"] = float(order.activation)
    return params


def _trigger(price: float, rises: bool, is_stop: bool, directed: bool, by_stop_prices: bool) -> dict[str, Any]:
    if by_stop_prices:
        return {"stopLossPrice" if is_stop else "takeProfitPrice": price}
    return {"triggerPrice": price} | ({"triggerDirection": "ascending" if rises else "descending"} if directed else {})


def _side(row: Mapping[str, Any]) -> IntentSide:
    if row.get("side") not in ("buy", "sell"):
        raise VenueError(f"the side of an answer is {row.get('side')!r}")
    return "buy" if row["side"] == "buy" else "sell"


def order_of(row: Mapping[str, Any], instrument: str, size: Decimal, placed: NewOrder | None) -> Order:
    """An order.

    Args:
        row: as the library shows it.
        instrument: symbol.
        size: of a contract, base.
        placed: as we placed it, where that is known: venues repeat little of it.

    Raises:
        VenueError: it cannot be read.
    """
    amount, filled = exact_number(row.get("amount")), exact_number(row.get("filled")) or Decimal(0)
    quantity = placed.quantity if placed and amount is None else (amount or Decimal(0)) * size
    status = _STATUSES.get(row.get("status") or "open", OrderStatus.OPEN)
    if status == OrderStatus.FILLED and filled * size < quantity:
        status = OrderStatus.CANCELED  # closed, and not by being filled
    if status == OrderStatus.OPEN and filled:
        status = OrderStatus.PARTIALLY_FILLED
    trigger = exact_number(row.get("triggerPrice")) or (placed.trigger if placed else None)
    kind = placed.kind if placed else _kind(row, trigger)
    return Order(
        instrument, str(row.get("clientOrderId") or (placed.client_id if placed else "")), str(row.get("id") or ""),
        placed.side if placed else _side(row), kind, quantity, status, str(row.get("status") or ""),
        filled=filled * size, average=exact_number(row.get("average")) or None,
        price=exact_number(row.get("price")) if kind in ("limit", "stop_limit", "take_profit_limit") else None,
        trigger=trigger, time_in_force=_FORCES.get(str(row.get("timeInForce")), "gtc"),
        reduce_only=bool(row.get("reduceOnly")), leg=placed.leg if placed else "",
        created=_ns(row.get("timestamp")), updated=_ns(row.get("lastUpdateTimestamp") or row.get("timestamp")),
    )  # fmt: skip


def _kind(row: Mapping[str, Any], trigger: Decimal | None) -> EntryKind:
    kind = _KINDS.get(str(row.get("type")).lower(), "limit")
    if trigger is None or kind not in ("market", "limit"):
        return kind
    return "stop" if kind == "market" else "stop_limit"


def fill_of(row: Mapping[str, Any], instrument: str, size: Decimal, client_id: str) -> Fill:
    """An execution; see `order_of`."""
    fee = row.get("fee") or {}
    price, amount = exact_number(row.get("price")), exact_number(row.get("amount"))
    if price is None or amount is None or row.get("id") is None:
        raise VenueError(f"a fill without id, price or quantity: {dict(row)!r:.200}")
    return Fill(
        str(row["id"]), instrument, str(row.get("order") or ""), client_id, _side(row), price, amount * size,
        exact_number(fee.get("cost")) or Decimal(0), str(fee.get("currency") or ""),
        None if row.get("takerOrMaker") is None else row["takerOrMaker"] == "maker", _ns(row.get("timestamp")),
    )  # fmt: skip


def position_of(row: Mapping[str, Any], instrument: str, size: Decimal) -> Position:
    """A position; see `order_of`."""
    held = (exact_number(row.get("contracts")) or Decimal(0)) * size
    mode = row.get("marginMode")
    return Position(
        instrument, -held if row.get("side") == "short" else held, exact_number(row.get("entryPrice")) or Decimal(0),
        _LEGS.get(str(row.get("side")), "") if row.get("hedged") else "",
        mark_price=exact_number(row.get("markPrice")), unrealised=exact_number(row.get("unrealizedPnl")),
        liquidation_price=exact_number(row.get("liquidationPrice")), leverage=exact_number(row.get("leverage")),
        margin_mode=mode if mode in ("cross", "isolated") else None, margin=exact_number(row.get("collateral")),
        ts=_ns(row.get("timestamp")),
    )  # fmt: skip


def balances_of(answer: Mapping[str, Any]) -> tuple[Balance, ...]:
    """Balances that are not zero. What a venue calls "total" is taken for the wallet: some count open profit in."""
    totals: Mapping[str, Any] = answer.get("total") or {}
    found = [
        Balance(
            currency, exact_number(total) or Decimal(0), None, exact_number((answer.get("free") or {}).get(currency))
        )
        for currency, total in totals.items()
    ]
    return tuple(one for one in found if one.wallet or one.free)
