"""Orders that wait for somebody to confirm them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Confirming", "Pending"]


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
