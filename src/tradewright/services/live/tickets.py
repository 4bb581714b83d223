"""Our orders at the venue, each by the name under which it was sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from tradewright.domain.order_life import ENDED, Life, Word, next_life
from tradewright.domain.orders import Amendment, NewOrder, Order, OrderRef

__all__ = ["Ticket", "Tickets"]

_NONE = Decimal(0)


@dataclass(slots=True)
class Ticket:
    """One order as it was sent.

    Args:
        order: what was sent.
        order_id: of the session's order that it serves.
        is_opening: it may open a position.
        life: where it stands.
        filled: base, by the fills that were heard of.
        told: base, as the venue says; the fills that make up the difference are still to come.
        venue_id: the venue's own id.
        other_id: of the plain order that its trigger made.
        final_at: with an unknown outcome: venue time from which it cannot come any more; 0 where nothing is known.
        cancel: a request to end it is on its way, or its answer was lost.
        was_cancelled: we asked for its end.
        change: a request to change it is on its way, or its answer was lost.
        is_over: its session's order knows of its end.
    """

    order: NewOrder
    order_id: int
    is_opening: bool
    life: Life = Life.SENT
    filled: Decimal = _NONE
    told: Decimal = _NONE
    venue_id: str = ""
    other_id: str = ""
    final_at: int = 0
    cancel: bool = False
    was_cancelled: bool = False
    change: Amendment | None = None
    is_over: bool = False

    @property
    def client_id(self) -> str:
        """The name under which it was sent."""
        return self.order.client_id

    @property
    def ref(self) -> OrderRef:
        """By what the venue finds it."""
        return OrderRef(self.order.instrument, self.client_id, self.order.is_conditional, self.venue_id)

    @property
    def is_ended(self) -> bool:
        """Nothing more is to come of it, and every fill has been heard of."""
        return self.life in ENDED and self.filled >= self.told

    @property
    def is_certain(self) -> bool:
        """No request about it is without its answer."""
        return self.life not in (Life.SENT, Life.UNKNOWN) and not self.cancel and self.change is None

    @property
    def rest(self) -> Decimal:
        """What may still be filled, base."""
        return self.order.quantity - self.filled

    def hear(self, word: Word) -> None:
        """Go on in its life.

        Raises:
            DataError: that cannot be.
        """
        self.life = next_life(self.life, word)

    def learn(self, order: Order) -> None:
        """Note what the venue says of it."""
        self.venue_id = order.venue_id or self.venue_id
        self.other_id = order.triggered_id or self.other_id
        self.told = max(self.told, order.filled)
        sent = self.order
        self.order = replace(
            sent,
            price=order.price if sent.price and order.price else sent.price,
            trigger=order.trigger if sent.trigger and order.trigger else sent.trigger,
            quantity=order.quantity if sent.quantity and order.quantity else sent.quantity,
        )


@dataclass(slots=True)
class Tickets:
    """All of a session's, in the order in which they were sent."""

    by_name: dict[str, Ticket] = field(default_factory=dict)
    by_order: dict[int, list[Ticket]] = field(default_factory=dict)
    _open: dict[str, Ticket] = field(default_factory=dict)

    def add(self, ticket: Ticket) -> None:
        """Note one that is about to be sent."""
        self.by_name[ticket.client_id] = self._open[ticket.client_id] = ticket
        self.by_order.setdefault(ticket.order_id, []).append(ticket)

    def of_order(self, order_id: int) -> list[Ticket]:
        """Those that served an order, oldest first."""
        return self.by_order.get(order_id, [])

    def of_venue_id(self, venue_id: str) -> Ticket | None:
        """The one that the venue calls so."""
        known = reversed(self.by_name.values())
        return next((one for one in known if venue_id and venue_id in (one.venue_id, one.other_id)), None)

    def living(self) -> tuple[Ticket, ...]:
        """Those of which more is to come, or whose end is still to be acted on."""
        for name, ticket in list(self._open.items()):
            if ticket.is_ended and ticket.is_over:
                del self._open[name]
        return tuple(self._open.values())

    def awaken(self, ticket: Ticket) -> None:
        """More came of one that had ended."""
        ticket.is_over = False
        self._open[ticket.client_id] = ticket
