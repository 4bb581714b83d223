"""A session at a venue: what its records have made of it so far."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from tradewright.domain.account import Fill, MarginMode, Position
from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.run import RunSpec
from tradewright.engine.venue_session import VenueSession
from tradewright.services.live.holdings import Holdings
from tradewright.services.live.tickets import Tickets
from tradewright.services.paper.records import Beginning
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.pending import Confirming, Pending
from tradewright.strategy.registry import Registry

__all__ = ["NAMES", "LiveSession", "asked_terms", "name_mark"]

NAMES = "tw-"
"""What the names of all our orders begin with, whichever session's they are."""


def name_mark(name: str) -> str:
    """What the names of a session's orders begin with; no other session's do.

    Example:
        >>> name_mark("20260101-abc")
        'tw-18c94d4e-'
    """
    return f"{NAMES}{hashlib.sha256(name.encode()).hexdigest()[:8]}-"


def asked_terms(spec: RunSpec) -> tuple[int, MarginMode]:
    """Leverage and margin mode that a run has its account set to: less leverage would refuse its orders."""
    return max(1, math.ceil(spec.risk.leverage)), spec.risk.margin_mode


@dataclass
class LiveSession:
    """A session, its orders at the venue, and what waits for somebody. `fold.play` alone changes it.

    Args:
        name: of the session.
        own: bars, strategy, steps and acts, as on paper.
        confirming: how orders are confirmed.
        tickets: every order that was sent.
        holdings: what the venue says of the account.
        trades: (instrument, id of the trade) of every fill that was taken in.
        payments: ids of funding payments that were taken in.
        unplaced: fills whose order is not known yet.
        refusals: why an order was refused, by its name.
        pending: orders that wait for somebody or did, by their number.
        unwanted: numbers of orders that are to end.
        halted: why nothing may be opened; empty while all is well.
        is_synced: the venue's stream is whole.
        notes: (UTC ns, what a person should know).
        fitting: by the number of an order, how it and its ticket stood when the venue had what was wanted.
    """

    name: str
    own: PaperSession
    confirming: Confirming
    tickets: Tickets = field(default_factory=Tickets)
    holdings: Holdings = field(default_factory=Holdings)
    trades: set[tuple[str, str]] = field(default_factory=set)
    payments: set[str] = field(default_factory=set)
    unplaced: list[Fill] = field(default_factory=list)
    refusals: dict[str, tuple[Code, str]] = field(default_factory=dict)
    pending: dict[int, Pending] = field(default_factory=dict)
    unwanted: set[int] = field(default_factory=set)
    halted: str = ""
    is_synced: bool = False
    notes: list[tuple[int, str]] = field(default_factory=list)
    fitting: dict[int, tuple[object, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def new(cls, name: str, begun: Beginning, strategies: Registry, confirming: Confirming) -> LiveSession:
        """One that has not played a step."""
        return cls(name, PaperSession.new(begun, strategies, VenueSession), confirming)

    @property
    def session(self) -> VenueSession:
        """The engine's."""
        assert isinstance(self.own.session, VenueSession)
        return self.own.session

    @property
    def spec(self) -> RunSpec:
        """Of its run."""
        return self.own.spec

    @property
    def mark(self) -> str:
        """See `name_mark`."""
        return name_mark(self.name)

    @property
    def may_open(self) -> bool:
        """Nothing stands against opening a position."""
        return not self.halted and not self.session.is_paused

    def next_name(self, order_id: int) -> str:
        """The name under which an order is sent next: the same whenever the same records are played."""
        return f"{self.mark}{order_id}-{len(self.tickets.of_order(order_id))}"

    def order(self, order_id: int) -> np.void | None:
        """An open order of the session's by its number."""
        return self.session.open_order(order_id)

    def row_of(self, symbol: str) -> int | None:
        """Row of an instrument; None where the session does not trade it."""
        return next((k for k, one in enumerate(self.session.instruments) if one.symbol == symbol), None)

    def take_positions(self, positions: Iterable[Position]) -> None:
        """Note positions of the account that have changed; one in what the session does not trade is another's."""
        for one in positions:
            self.holdings.positions[one.instrument] = one
            self.holdings.is_shared |= bool(one.quantity) and self.row_of(one.instrument) is None

    def note(self, text: str) -> None:
        """Keep what a person should know."""
        self.notes.append((self.holdings.now, text))

    def halt(self, text: str) -> None:
        """Open nothing any more."""
        self.halted = text
        self.note(f"nothing is opened any more: {text}")

    def end(self, order_id: int, status: OrderStatus, code: Code = Code.OK) -> None:
        """Let an order of the session's end."""
        self.session.end(order_id, status, code, self.holdings.now)
        self.unwanted.discard(order_id)
