"""What the user stream says, as events of the domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tradewright.adapters.venues.binance.account import BinanceAccount
from tradewright.adapters.venues.binance.forms import MS, algo_of, number, order_of
from tradewright.adapters.venues.binance.listings import Listings
from tradewright.domain.account import Balance, Fill, Position
from tradewright.domain.orders import Leg, Order
from tradewright.domain.user_events import (
    BalancesChanged,
    Filled,
    MarginCalled,
    OrderChanged,
    PositionsChanged,
    TermsChanged,
    UserEvent,
)

__all__ = ["EXPIRED", "FUNDING", "events_of"]

EXPIRED, FUNDING = "listenKeyExpired", "FUNDING_FEE"
_VENUES_OWN = ("autoclose-", "adl_autoclose", "settlement_autoclose-")
_LEGS: dict[str, Leg] = {"BOTH": "", "LONG": "long", "SHORT": "short"}
_ORDER_NAMES = {
    "c": "clientOrderId", "i": "orderId", "S": "side", "o": "type", "q": "origQty", "X": "status", "z": "executedQty",
    "ap": "avgPrice", "p": "price", "f": "timeInForce", "R": "reduceOnly", "cp": "closePosition", "ps": "positionSide",
    "T": "updateTime",
}  # fmt: skip
_ALGO_NAMES = {
    "caid": "clientAlgoId", "aid": "algoId", "S": "side", "o": "orderType", "q": "quantity", "X": "algoStatus",
    "ai": "actualOrderId", "aq": "actualQty", "ap": "actualPrice", "p": "price", "tp": "triggerPrice",
    "f": "timeInForce", "R": "reduceOnly", "cp": "closePosition", "ps": "positionSide",
}  # fmt: skip


def events_of(account: BinanceAccount, listings: Listings, said: Mapping[str, Any]) -> list[UserEvent]:
    """The events in a message; none of what speaks of instruments that have no symbol of ours.

    Raises:
        VenueError: it cannot be read.
    """
    return account.read(lambda: list(_events(account, listings, said)))


def _events(account: BinanceAccount, listings: Listings, said: Mapping[str, Any]) -> Iterator[UserEvent]:
    kind, ts = said.get("e"), int(said.get("T", said.get("E", 0))) * MS
    if kind == "ORDER_TRADE_UPDATE":
        name = listings.name(said["o"]["s"])
        if name:
            yield from _order_events(account, name, said["o"], ts)
    elif kind == "ALGO_UPDATE":
        name = listings.name(said["o"]["s"])
        if name:
            yield _algo_event(account, name, said["o"], ts)
    elif kind == "ACCOUNT_UPDATE":
        yield from _account_events(listings, said["a"], ts)
    elif kind == "MARGIN_CALL":
        called = [_called(row, name) for row in said["p"] if (name := listings.name(row["s"]))]
        yield MarginCalled(tuple(called), ts)
    elif kind == "ACCOUNT_CONFIG_UPDATE" and "ac" in said:
        name = listings.name(said["ac"]["s"])
        if name:
            yield TermsChanged(name, ts, leverage=number(said["ac"], "l"))


def _order_events(account: BinanceAccount, name: str, row: Mapping[str, Any], ts: int) -> Iterator[UserEvent]:
    renamed = {long: row[short] for short, long in _ORDER_NAMES.items() if short in row}
    order = account.take_order(renamed, name)
    yield OrderChanged(order, ts, is_ours=not order.client_id.startswith(_VENUES_OWN))
    if row["x"] in ("TRADE", "CALCULATED") and number(row, "l"):
        yield Filled(_fill(row, name, order_of(renamed, name)), ts)


def _fill(row: Mapping[str, Any], name: str, order: Order) -> Fill:
    fee = Decimal(0) if row.get("n") is None else number(row, "n")
    return Fill(
        str(row["t"]), name, order.venue_id, order.client_id, order.side, number(row, "L"), number(row, "l"), fee,
        str(row.get("N") or ""), bool(row["m"]), int(row["T"]) * MS, number(row, "rp"), order.leg,
    )  # fmt: skip


def _algo_event(account: BinanceAccount, name: str, row: Mapping[str, Any], ts: int) -> OrderChanged:
    renamed = {long: row[short] for short, long in _ALGO_NAMES.items() if short in row}
    order = algo_of({**renamed, "updateTime": ts // MS}, name)
    return OrderChanged(account.take_algo(order), ts)


def _account_events(listings: Listings, row: Mapping[str, Any], ts: int) -> Iterator[UserEvent]:
    if row["B"]:
        balances = [Balance(str(one["a"]), number(one, "wb")) for one in row["B"]]
        yield BalancesChanged(tuple(balances), str(row["m"]), ts)
    held = [_position(one, name, ts) for one in row.get("P", ()) if (name := listings.name(one["s"]))]
    if held:
        yield PositionsChanged(tuple(held), ts)


def _position(row: Mapping[str, Any], name: str, ts: int) -> Position:
    isolated = row["mt"] == "isolated"
    return Position(
        name, number(row, "pa"), number(row, "ep"), _LEGS[row.get("ps", "BOTH")], unrealised=number(row, "up"),
        margin_mode="isolated" if isolated else "cross", margin=number(row, "iw"), ts=ts,
    )  # fmt: skip


def _called(row: Mapping[str, Any], name: str) -> Position:
    return Position(
        name, number(row, "pa"), Decimal(0), _LEGS[row.get("ps", "BOTH")], mark_price=number(row, "mp"),
        unrealised=number(row, "up"),
    )  # fmt: skip
