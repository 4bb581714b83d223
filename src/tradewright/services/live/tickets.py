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
        is_doubted: the venue has not shown it among what is open.
        sent_at: when it was sent, or when its answer was given up; UTC ns.
        updated: venue time of the last word of its terms; 0 where the venue does not say.
        ended_at: when we heard of its end, UTC ns.
        refused: how often in a row a request to end or change it was refused.
        refused_at: when that was last, UTC ns.
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
    is_doubted: bool = False
    sent_at: int = 0
    updated: int = 0
    ended_at: int = 0
    refused: int = 0
    refused_at: int = 0

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
        """No request about it is without its answer, and nothing speaks against what we know of it."""
        is_asked = self.cancel or self.change is not None or self.is_doubted
        return self.life not in (Life.SENT, Life.UNKNOWN) and not is_asked

    @property
    def has_failed(self) -> bool:
        """It has ended, neither filled nor by our wish."""
        return self.life in (Life.REJECTED, Life.NEVER) or (self.life == Life.CANCELED and not self.was_cancelled)

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
        if 0 < order.updated < self.updated:
            return  # of before the last change
        self.updated, sent = max(order.updated, self.updated), self.order
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

    def failures(self, order_id: int) -> tuple[int, int]:
        """How many of an order's last ones have failed in a row, and when the last of them did, UTC ns."""
        count, at = 0, 0
        for one in reversed(self.of_order(order_id)):
            if not one.is_ended:
                continue
            if not one.has_failed:
                break
            count, at = count + 1, max(at, one.ended_at)
        return count, at

    def of_venue_id(self, venue_id: str) -> Ticket | None:
        """The one that the venue calls so."""
        known = reversed(self.by_name.values())
        return next((one for one in known if venue_id and venue_id in (one.venue_id, one.other_id)), None)

    def living(self) -> tuple[Ticket, ...]:
        """Those of which more is to come, or whose end is still to be acted on."""
        return tuple(self._open.values())

    def let_go(self) -> None:
        """Forget those of the living that have ended, and whose end was acted on."""
        self._open = {name: one for name, one in self._open.items() if not (one.is_ended and one.is_over)}

    def awaken(self, ticket: Ticket) -> None:
        """More came of one that had ended."""
        ticket.is_over = False
        self._open[ticket.client_id] = ticket
