"""What the user stream tells, each as the venue writes it. Times are UTC ms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tradewright.adapters.venues.practice.listing import Listing, cash
from tradewright.adapters.venues.practice.orders import LEGS, WireOrder, average, side_text
from tradewright.engine.venue_account import Holding

__all__ = ["FillNote", "account_update", "algo_update", "assets_update", "config_update", "order_update"]


class FillNote(NamedTuple):
    """A fill of an account, as trades and events tell it."""

    id: int
    order: WireOrder
    ts: int  # UTC ms
    ticks: int
    lots: int
    fee: float
    realised: float
    maker: bool


def order_update(order: WireOrder, listing: Listing, what: str, fill: FillNote | None, now: int) -> dict[str, Any]:
    """ORDER_TRADE_UPDATE; `what` is the execution type."""
    body = {
        "s": listing.symbol,
        "c": order.client_id,
        "S": side_text(order.side),
        "o": order.kind,
        "f": order.tif,
        "q": listing.quantity_text(order.lots),
        "p": listing.price_text(order.ticks),
        "ap": average(order, listing),
        "sp": "0",
        "x": what,
        "X": order.status,
        "i": order.order_id,
        "l": listing.quantity_text(fill.lots if fill else 0),
        "z": listing.quantity_text(order.filled),
        "L": listing.price_text(fill.ticks if fill else 0),
        "n": cash(fill.fee if fill else 0.0),
        "N": "USDT",
        "T": now,
        "t": fill.id if fill else 0,
        "b": "0",
        "a": "0",
        "m": bool(fill and fill.maker),
        "R": order.reduce_only,
        "wt": order.working,
        "ot": order.kind,
        "ps": LEGS[order.leg],
        "cp": order.close_position,
        "rp": cash(fill.realised if fill else 0.0),
        "pP": order.protect,
        "si": 0,
        "ss": 0,
        "V": "EXPIRE_MAKER",
        "pm": "NONE",
        "gtd": order.good_till,
        "er": str(order.reason),
    }
    return {"e": "ORDER_TRADE_UPDATE", "E": now, "T": now, "o": body}


def algo_update(order: WireOrder, listing: Listing, now: int) -> dict[str, Any]:
    """ALGO_UPDATE."""
    acted = order.algo_status in ("TRIGGERED", "FINISHED")
    body = {
        "caid": order.client_id,
        "aid": order.algo_id,
        "at": "CONDITIONAL",
        "o": order.type,
        "s": listing.symbol,
        "S": side_text(order.side),
        "ps": LEGS[order.leg],
        "f": order.tif,
        "q": listing.quantity_text(order.lots),
        "X": order.algo_status,
        "ai": str(order.order_id) if acted else "",
        "ap": average(order, listing) if acted else "0",
        "aq": listing.quantity_text(order.filled) if acted else "0",
        "act": order.kind if acted else "",
        "tp": listing.price_text(order.trigger),
        "p": listing.price_text(order.ticks),
        "V": "EXPIRE_MAKER",
        "wt": order.working,
        "pm": "NONE",
        "cp": order.close_position,
        "pP": order.protect,
        "R": order.reduce_only,
        "tt": order.triggered,
        "gtd": order.good_till,
        "rm": order.remark,
    }
    return {"e": "ALGO_UPDATE", "T": now, "E": now, "o": body}


def account_update(
    reason: str, wallet: float, free: float, held: Sequence[tuple[Listing, Holding, float]], now: int
) -> dict[str, Any]:
    """ACCOUNT_UPDATE.

    Args:
        reason: `m`, such as ORDER or FUNDING_FEE.
        wallet: balance, quote.
        free: of it what isolated positions have not set aside, quote.
        held: the positions that changed, each with what it has earned so far, quote.
        now: UTC ms.
    """
    positions = [
        {
            "s": listing.symbol,
            "pa": listing.quantity_text(one.lots),
            "ep": listing.average_text(one.entry_ticks),
            "bep": listing.average_text(one.entry_ticks),
            "cr": cash(earned),
            "up": cash(one.open_profit),
            "mt": "isolated" if one.is_isolated else "cross",
            "iw": cash(one.isolated_margin),
            "ps": LEGS[one.leg],
            "ma": "USDT",
        }
        for listing, one, earned in held
    ]
    balances = [{"a": "USDT", "wb": cash(wallet), "cw": cash(free), "bc": "0"}]
    return {"e": "ACCOUNT_UPDATE", "E": now, "T": now, "a": {"m": reason, "B": balances, "P": positions}}


def config_update(symbol: str, leverage: int, now: int) -> dict[str, Any]:
    """ACCOUNT_CONFIG_UPDATE, of leverage."""
    return {"e": "ACCOUNT_CONFIG_UPDATE", "E": now, "T": now, "ac": {"s": symbol, "l": leverage}}


def assets_update(joint: bool, now: int) -> dict[str, Any]:
    """ACCOUNT_CONFIG_UPDATE, of the asset mode."""
    return {"e": "ACCOUNT_CONFIG_UPDATE", "E": now, "T": now, "ai": {"j": joint}}
