"""What a listener has been told of an account: nothing twice, nothing that is older than what it knows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable

from tradewright.domain.account import Fill
from tradewright.domain.orders import Order
from tradewright.domain.user_events import Filled, FundingPaid, OrderChanged, UserEvent

__all__ = ["Told"]

_REMEMBERED = 20_000


class Told:
    """Remembers what was told, as much as can still be told again."""

    def __init__(self) -> None:
        self._once: OrderedDict[Hashable, None] = OrderedDict()
        self._ended: OrderedDict[tuple[str, str], Order] = OrderedDict()
        self.open: dict[tuple[str, str], Order] = {}
        """Orders that were open when they were last told of, by instrument and name."""
        self.touched: set[str] = set()
        """Instruments of which something was told; the listener empties it."""

    def news(self, events: Iterable[UserEvent]) -> list[UserEvent]:
        """Of some events those that are news; they are told then."""
        return [event for event in events if self._is_news(event)]

    def pay(self, number: str, event: FundingPaid) -> list[UserEvent]:
        """A payment, unless one of that number was told."""
        return [event] if self._first(("paid", event.instrument, number)) else []

    def has(self, fill: Fill) -> bool:
        """Whether a fill was told."""
        return ("fill", fill.instrument, fill.id) in self._once

    def _is_news(self, event: UserEvent) -> bool:
        if isinstance(event, Filled):
            self.touched.add(event.fill.instrument)
            return self._first(("fill", event.fill.instrument, event.fill.id))
        return self._is_newer(event.order) if isinstance(event, OrderChanged) else True

    def _first(self, key: Hashable) -> bool:
        if key in self._once:
            return False
        self._once[key] = None
        if len(self._once) > _REMEMBERED:
            self._once.popitem(last=False)
        return True

    def _is_newer(self, order: Order) -> bool:
        self.touched.add(order.instrument)
        key = (order.instrument, order.client_id or order.venue_id)
        known = self.open.get(key) or self._ended.get(key)
        if known is not None and known.venue_id == order.venue_id and not _follows(order, known):
            return False
        self.open.pop(key, None)
        self._ended.pop(key, None)
        if order.is_open:
            self.open[key] = order
            return True
        self._ended[key] = order
        if len(self._ended) > _REMEMBERED:
            self._ended.popitem(last=False)
        return True


def _follows(order: Order, known: Order) -> bool:
    # An order never comes back, and never loses what it has filled.
    if order.filled != known.filled:
        return order.filled > known.filled
    if order.is_open != known.is_open:
        return known.is_open
    return order.updated >= known.updated and _shown(order) != _shown(known)


def _shown(order: Order) -> tuple[object, ...]:
    return order.status, order.venue_status, order.quantity, order.price, order.trigger, order.triggered_id
