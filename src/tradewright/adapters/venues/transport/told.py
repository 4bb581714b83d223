"""What a listener has been told of an account: nothing twice, nothing that is older than what it knows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

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

    def tell(self, event: UserEvent) -> bool:
        """Whether an event is news; it counts as told from now on, so nothing may come between this and telling it."""
        if isinstance(event, Filled):
            self.touched.add(event.fill.instrument)
        if isinstance(event, OrderChanged):
            return self._keep(event.order) if self._is_newer(event.order) else False
        key = _key(event)
        if key is None:
            return True
        if key in self._once:
            return False
        self._once[key] = None
        if len(self._once) > _REMEMBERED:
            self._once.popitem(last=False)
        return True

    def is_news(self, event: UserEvent) -> bool:
        """Whether an order, a fill or a payment is news; nothing is told by asking."""
        if isinstance(event, OrderChanged):
            return self._is_newer(event.order)
        return (key := _key(event)) is not None and key not in self._once

    def has(self, fill: Fill) -> bool:
        """Whether a fill was told."""
        return ("fill", fill.instrument, fill.id) in self._once

    def _is_newer(self, order: Order) -> bool:
        key = (order.instrument, order.client_id or order.venue_id)
        known = self.open.get(key) or self._ended.get(key)
        return known is None or known.venue_id != order.venue_id or _follows(order, known)

    def _keep(self, order: Order) -> bool:
        self.touched.add(order.instrument)
        key = (order.instrument, order.client_id or order.venue_id)
        self.open.pop(key, None)
        self._ended.pop(key, None)
        (self.open if order.is_open else self._ended)[key] = order
        if len(self._ended) > _REMEMBERED:
            self._ended.popitem(last=False)
        return True


def _key(event: UserEvent) -> Hashable | None:
    if isinstance(event, Filled):
        return "fill", event.fill.instrument, event.fill.id
    return ("paid", event.instrument, event.id) if isinstance(event, FundingPaid) else None


def _follows(order: Order, known: Order) -> bool:
    # An order never comes back, and never loses what it has filled.
    if order.filled != known.filled:
        return order.filled > known.filled
    if order.is_open != known.is_open:
        return known.is_open
    return order.updated >= known.updated and _shown(order) != _shown(known)


def _shown(order: Order) -> tuple[object, ...]:
    return order.status, order.venue_status, order.quantity, order.price, order.trigger, order.triggered_id
