"""How an account behaves, by the venue's quantitative rules: who asks much and trades little may only reduce.

Sources: Binance, "Futures Trading Quantitative Rules" (support FAQ 4f462ebe6ff445d4a170be7d9e897272), and the answer of
`GET /fapi/v1/apiTradingStatus`. Orders are counted by symbol in cycles of ten minutes; at the end of one that had
enough of them, four ratios are held against their limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tradewright.adapters.venues.practice.listing import Listing
from tradewright.adapters.venues.practice.orders import WireOrder

__all__ = ["Conduct", "QuantRules", "Ratio"]


@dataclass(frozen=True, slots=True)
class QuantRules:
    """What is asked of conduct; whoever breaks it may only reduce on that symbol for a while.

    Args:
        is_on: whether anybody looks.
        orders: of a symbol in a cycle, from which on UFR and DR count.
        orders_of_a_kind: good till cancelled, or immediate, from which on GCR and IFER count.
        most: of UFR, GCR and IFER.
        most_dust: of DR.
        dust: an order worth less is dust, quote.
        hasty_ms: a good-till-cancelled order that is cancelled sooner is invalid.
        cycle_ms: length of a cycle.
        lock_ms: for how long one may only reduce.
    """

    is_on: bool = True
    orders: int = 10_000
    orders_of_a_kind: int = 5_000
    most: float = 0.99
    most_dust: float = 0.9
    dust: float = 50.0
    hasty_ms: int = 2_000
    cycle_ms: int = 600_000
    lock_ms: int = 600_000


class Ratio(NamedTuple):
    """One indicator of a cycle, and from which value on it locks."""

    name: str
    value: float
    trigger: float


class Conduct:
    """What an account has asked for in the present cycle, and where it is locked.

    Args:
        rules: of the house.
        listings: what is traded.
    """

    def __init__(self, rules: QuantRules, listings: Sequence[Listing]) -> None:
        self._rules, self._listings = rules, listings
        self._cycle = 0
        self._placed: dict[int, list[WireOrder]] = {}
        self._locks: dict[int, tuple[int, list[Ratio]]] = {}

    def note(self, order: WireOrder, now: int) -> None:
        """Count an order that the venue has taken on, UTC ms."""
        if self._rules.is_on:
            self._turn(now)
            self._placed.setdefault(order.k, []).append(order)

    def is_locked(self, k: int, now: int) -> bool:
        """Whether one may only reduce on a symbol."""
        self._turn(now)
        return k in self._locks and now < self._locks[k][0]

    def locks(self, now: int) -> dict[int, tuple[int, list[Ratio]]]:
        """Symbols that are locked: until when, UTC ms, and the indicators of the cycle that did it."""
        self._turn(now)
        return {k: lock for k, lock in self._locks.items() if now < lock[0]}

    def _turn(self, now: int) -> None:
        # A cycle is judged when it is over, by what has become of its orders until then.
        cycle = now // self._rules.cycle_ms
        if cycle == self._cycle:
            return
        end = (self._cycle + 1) * self._rules.cycle_ms
        for k, orders in self._placed.items():
            ratios = list(self._ratios(orders, self._listings[k]))
            if any(ratio.value >= ratio.trigger for ratio in ratios):
                self._locks[k] = end + self._rules.lock_ms, ratios
        self._placed.clear()
        self._cycle = cycle

    def _ratios(self, orders: list[WireOrder], listing: Listing) -> Iterator[Ratio]:
        rules = self._rules
        if len(orders) >= rules.orders:
            asked = sum(order.lots for order in orders)
            yield Ratio("UFR", 1.0 - sum(order.filled for order in orders) / max(asked, 1), rules.most)
            dust = sum(self._value(order, listing) < rules.dust for order in orders)
            yield Ratio("DR", dust / len(orders), rules.most_dust)
        at_once = [order for order in orders if order.tif in ("IOC", "FOK")]
        if len(at_once) >= rules.orders_of_a_kind:
            expired = sum(order.status == "EXPIRED" for order in at_once)
            yield Ratio("IFER", expired / len(at_once), rules.most)
        resting = [order for order in orders if order.tif == "GTC" and order.type == "LIMIT"]
        if len(resting) >= rules.orders_of_a_kind:
            yield Ratio("GCR", sum(map(self._is_hasty, resting)) / len(resting), rules.most)

    def _is_hasty(self, order: WireOrder) -> bool:
        return order.status == "CANCELED" and order.updated - order.created < self._rules.hasty_ms

    @staticmethod
    def _value(order: WireOrder, listing: Listing) -> float:
        # A market order is worth what it was filled at; one that closes a position, whatever that is.
        ticks = order.ticks or order.trigger
        worth = ticks * order.lots if ticks else order.value
        return float(worth * listing.value) if worth else float("inf")

    def told(self) -> dict[str, Any]:
        """What an exchange keeps of it."""
        placed = {k: [order.id for order in orders] for k, orders in self._placed.items()}
        return {"cycle": self._cycle, "placed": placed, "locks": self._locks}

    def bring_back(self, told: dict[str, Any], orders: Mapping[int, WireOrder]) -> None:
        """Be what was kept; `orders` are the account's, by their ids."""
        self._cycle = told["cycle"]
        self._placed = {int(k): [orders[number] for number in ids] for k, ids in told["placed"].items()}
        self._locks = {int(k): (until, [Ratio(*row) for row in rows]) for k, (until, rows) in told["locks"].items()}
