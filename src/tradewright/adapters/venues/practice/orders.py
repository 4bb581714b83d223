"""Orders as the wire shows them: what the client wrote, and what the kernels made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tradewright.adapters.venues.practice.listing import Listing
from tradewright.domain.enums import OrderType
from tradewright.engine.venue_queue import QueuePlace

__all__ = [
    "ACCOUNT_SPAN",
    "CONDITIONAL",
    "LEGS",
    "LIMITED",
    "OPEN",
    "WIRE_TYPES",
    "WireOrder",
    "algo_json",
    "average",
    "order_json",
    "side_text",
]

WIRE_TYPES = {
    "MARKET": OrderType.MARKET,
    "LIMIT": OrderType.LIMIT,
    "STOP_MARKET": OrderType.STOP_MARKET,
    "TAKE_PROFIT_MARKET": OrderType.TAKE_PROFIT_MARKET,
    "STOP": OrderType.STOP_LIMIT,
    "TAKE_PROFIT": OrderType.TAKE_PROFIT_LIMIT,
    "TRAILING_STOP_MARKET": OrderType.TRAILING_STOP,
}
CONDITIONAL = frozenset(WIRE_TYPES) - {"MARKET", "LIMIT"}
LIMITED = frozenset({"LIMIT", "STOP", "TAKE_PROFIT"})
OPEN = frozenset({"NEW", "PARTIALLY_FILLED"})
LEGS = {0: "BOTH", 1: "LONG", -1: "SHORT"}
"""Position sides by their legs."""
ALGO_BASE = 4_000_000_000_000_000
ACCOUNT_SPAN = 100_000_000_000
_PERMILLE = 10


@dataclass(slots=True)
class WireOrder:
    """One order of one account.

    Args:
        account: number of the account, which makes its ids its own.
        id: the kernels' id.
        k: row of the symbol.
        client_id: the client's name for it.
        side: +1 buys.
        type: as it was written; of a conditional order the type of its trigger.
        tif: time in force, as it was written.
        lots: asked for; 0 closes the position.
        ticks: limit price.
        trigger: price or activation, ticks.
        callback: of a trailing stop, permille.
        reduce_only: it never opens.
        close_position: it closes whatever is held.
        working: price that triggers it, as it was written.
        protect: it is held back while last and mark are far apart.
        created: UTC ms.
        updated: UTC ms.
        status: among orders.
        algo_status: among conditional orders; empty where it never was one.
        triggered: UTC ms; 0 before.
        filled: lots.
        value: of what is filled, ticks times lots.
        reason: of an expiry, the venue's number.
        remark: why a conditional order was rejected.
        good_till: when it expires, UTC ms; 0 for no such time.
        leg: of a hedge, +1 long, -1 short; 0 without one.
        place: in the queue at its price.
        changed: how often its terms were changed.
    """

    account: int
    id: int
    k: int
    client_id: str
    side: int
    type: str
    tif: str
    lots: int
    ticks: int = 0
    trigger: int = 0
    callback: int = 0
    reduce_only: bool = False
    close_position: bool = False
    working: str = "CONTRACT_PRICE"
    protect: bool = False
    created: int = 0
    updated: int = 0
    status: str = "NEW"
    algo_status: str = ""
    triggered: int = 0
    filled: int = 0
    value: int = 0
    reason: int = 0
    remark: str = ""
    good_till: int = 0
    leg: int = 0
    place: QueuePlace = field(default_factory=QueuePlace)
    changed: int = 0

    @property
    def is_algo(self) -> bool:
        """Whether it was sent as a conditional order."""
        return bool(self.algo_status)

    @property
    def is_open(self) -> bool:
        """Whether it may still fill."""
        return self.status in OPEN

    @property
    def is_forced(self) -> bool:
        """Whether the venue sent it, to close a position."""
        return self.client_id.startswith("autoclose-")

    @property
    def waits(self) -> bool:
        """Whether it waits for its trigger."""
        return self.algo_status == "NEW"

    @property
    def order_id(self) -> int:
        """Its id among orders."""
        return self.account * ACCOUNT_SPAN + self.id

    @property
    def algo_id(self) -> int:
        """Its id among conditional orders."""
        return ALGO_BASE + self.order_id

    @property
    def kind(self) -> str:
        """Its type among orders: what a trigger has made of it."""
        if not self.is_algo:
            return self.type
        return "LIMIT" if self.type in LIMITED else "MARKET"


def side_text(side: int) -> str:
    """BUY or SELL."""
    return "BUY" if side > 0 else "SELL"


def average(order: WireOrder, listing: Listing) -> str:
    """Average price of what is filled."""
    return listing.average_text(order.value / order.filled) if order.filled else "0.00"


def order_json(order: WireOrder, listing: Listing) -> dict[str, Any]:
    """An order as REST answers it."""
    return {
        "orderId": order.order_id,
        "symbol": listing.symbol,
        "status": order.status,
        "clientOrderId": order.client_id,
        "price": listing.price_text(order.ticks),
        "avgPrice": average(order, listing),
        "origQty": listing.quantity_text(order.lots),
        "executedQty": listing.quantity_text(order.filled),
        "cumQuote": listing.value_text(order.value),
        "timeInForce": order.tif,
        "type": order.kind,
        "reduceOnly": order.reduce_only,
        "closePosition": order.close_position,
        "side": side_text(order.side),
        "positionSide": LEGS[order.leg],
        "stopPrice": "0",
        "workingType": order.working,
        "priceProtect": order.protect,
        "origType": order.kind,
        "priceMatch": "NONE",
        "selfTradePreventionMode": "EXPIRE_MAKER",
        "goodTillDate": order.good_till,
        "time": order.created,
        "updateTime": order.updated,
    }


def algo_json(order: WireOrder, listing: Listing) -> dict[str, Any]:
    """A conditional order as REST answers it."""
    acted = order.algo_status in ("TRIGGERED", "FINISHED")
    trails = order.type == "TRAILING_STOP_MARKET"
    return {
        "algoId": order.algo_id,
        "clientAlgoId": order.client_id,
        "algoType": "CONDITIONAL",
        "orderType": order.type,
        "symbol": listing.symbol,
        "side": side_text(order.side),
        "positionSide": LEGS[order.leg],
        "timeInForce": order.tif,
        "quantity": listing.quantity_text(order.lots),
        "algoStatus": order.algo_status,
        "actualOrderId": str(order.order_id) if acted else "",
        "actualPrice": average(order, listing) if acted else "0",
        "actualQty": listing.quantity_text(order.filled) if acted else "0",
        "actualType": order.kind if acted else "",
        "triggerPrice": listing.price_text(0 if trails else order.trigger),
        "price": listing.price_text(order.ticks),
        "icebergQuantity": None,
        "selfTradePreventionMode": "EXPIRE_MAKER",
        "workingType": order.working,
        "priceMatch": "NONE",
        "closePosition": order.close_position,
        "priceProtect": order.protect,
        "reduceOnly": order.reduce_only,
        "activatePrice": listing.price_text(order.trigger) if trails else "",
        "callbackRate": f"{order.callback / _PERMILLE:g}" if trails else "",
        "createTime": order.created,
        "updateTime": order.updated,
        "triggerTime": order.triggered,
        "goodTillDate": order.good_till,
    }
