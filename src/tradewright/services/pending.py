"""Orders that wait for somebody to confirm them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tradewright.domain.enums import OrderRole
from tradewright.domain.errors import InvalidValue

__all__ = ["Confirming", "Pending", "is_opening", "waiting_one"]

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Confirming:
    """How orders that open a position are confirmed.

    Args:
        is_on: they wait for it; else they are sent at once.
        ttl_s: seconds after which one that nobody confirmed is dropped.
        tolerance: by how much price may have moved against it, a fraction, before it must be looked at anew.
    """

    is_on: bool = False
    ttl_s: float = 300.0
    tolerance: float = 0.002


@dataclass(slots=True)
class Pending:
    """One order that waits.

    Args:
        order_id: the session's.
        price: at which it was last shown, quote per base.
        since: UTC ns.
        until: when it is dropped, UTC ns.
        quotes: how often it was shown at a new price.
        state: `waiting`; `confirmed` and on its way; `rejected`, by somebody; `expired`;
            `replaced`: the strategy wants something else by now.
        by: who decided.
        decided: when it was confirmed, UTC ns.
    """

    order_id: int
    price: float
    since: int
    until: int
    quotes: int = 0
    state: Literal["waiting", "confirmed", "rejected", "expired", "replaced"] = "waiting"
    by: str = ""
    decided: int = 0

    def confirm(self, market: tuple[float, int], by: str, ts: int, confirming: Confirming) -> bool:
        """Let it go, or show it anew where price has moved against it; whether it goes.

        Args:
            market: price now, and +1 of what buys, -1 of what sells.
            by: who says so.
            ts: UTC ns.
            confirming: how orders are confirmed.
        """
        price, side = market
        if (price - self.price) * side > confirming.tolerance * self.price:
            self.price, self.quotes = price, self.quotes + 1
            self.until = ts + round(confirming.ttl_s * _NS)
            return False
        self.state, self.by, self.decided = "confirmed", by, ts
        return True


def waiting_one(pending: Mapping[int, Pending], record: Mapping[str, Any]) -> Pending:
    """The order that a record decides on.

    Raises:
        InvalidValue: it does not wait (any more).
    """
    own = pending.get(int(record["order_id"]))
    if own is None or own.state != "waiting":
        state = "not known" if own is None else f"{own.state} already"
        raise InvalidValue("order", record["order_id"], f"one that waits to be confirmed; this one is {state}")
    return own


def is_opening(order: np.void, held: int) -> bool:
    """Whether an order may open a position or make one larger.

    Args:
        order: ORDER.
        held: signed lots of its instrument.
    """
    if order["reduce_only"] or order["close_position"]:
        return False
    rest = int(order["lots"]) - int(order["filled"])
    return not (order["role"] == OrderRole.PLACED and held * int(order["side"]) < 0 and abs(held) >= rest)
