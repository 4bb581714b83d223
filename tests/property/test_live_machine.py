"""Whatever a venue answers, in whatever order: no order of a live session gets where it cannot be, nothing is lost.

Hypothesis plays a venue that keeps true books: it answers late or never, refuses, executes in parts, before the answer
and after our cancel, and tells all of it doubled and out of order. In the end the session's books are the venue's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tradewright.domain.account import Fill, Position
from tradewright.domain.enums import OrderStatus
from tradewright.domain.intents import Cancel as TakeBack
from tradewright.domain.intents import CancelAll, Change, OrderIntent
from tradewright.domain.order_life import Life
from tradewright.domain.orders import Accepted, NewOrder, Order, Rejected, Unknown
from tradewright.domain.signal import Signal
from tradewright.domain.user_events import Filled, OrderChanged
from tradewright.services.live.errands import name_of
from tradewright.services.live.guards import bare_rows
from tradewright.services.live.plain import as_plain
from tradewright.services.live.requests import Amend, Deny, Hold, Place
from tradewright.testing.live_desk import SYMBOL, LiveDesk
from tradewright.testing.live_storm import assert_same

# Without the compiler a session takes seconds to begin.
pytestmark = pytest.mark.compiled
WISHES = (
    None,
    None,
    Signal("long", 1_000.0, 990.0, 1_020.0),
    Signal("short", 1_000.0, 1_010.0, 980.0),
    Signal("long", 995.0, 985.0, 1_020.0, kind="limit"),
    Signal("short", 1_000.0, 1_010.0, targets=((990.0, 0.4), (980.0, 0.6))),
    Signal("exit"),
    [OrderIntent("buy", 0.5, "limit", price=996.0, tag="near")],
    [Change("near", price=995.5)],
    [TakeBack("near")],
    [CancelAll()],
)
PICK = st.integers(0, 1_000)
FEE = Decimal("0.0005")
NONE = Decimal(0)


@dataclass
class There:
    """An order in the venue's own books."""

    order: NewOrder
    filled: Decimal = NONE
    status: OrderStatus = OrderStatus.OPEN
    updated: int = 0

    @property
    def is_open(self) -> bool:
        """It may still be filled."""
        return self.status in (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED)

    def shown(self) -> Order:
        """As the venue shows it."""
        own = self.order
        return Order(
            SYMBOL, own.client_id, f"v-{own.client_id}", own.side, own.kind, reduce_only=own.reduce_only,
            quantity=own.quantity, status=self.status, price=own.price, trigger=own.trigger, filled=self.filled,
            updated=self.updated,
        )  # fmt: skip


@dataclass
class Books:
    """All that has truly happened at the venue."""

    orders: dict[str, There] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    held: Decimal = NONE
    entry: Decimal = NONE
    wallet: Decimal = Decimal(10_000)

    def book(self, fill: Fill) -> None:
        """Average cost, as any book-keeper would."""
        signed = fill.quantity if fill.side == "buy" else -fill.quantity
        self.wallet -= fill.fee
        if self.held * signed >= 0:
            self.entry = (self.held * self.entry + signed * fill.price) / (self.held + signed)
        else:
            closed = min(abs(self.held), abs(signed)) * (1 if self.held > 0 else -1)
            self.wallet += closed * (fill.price - self.entry)
            if abs(signed) > abs(self.held):
                self.entry = fill.price
        self.held += signed
        self.fills.append(fill)


class Venue(RuleBasedStateMachine):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.script: dict[int, Any] = {}
        self.desk = LiveDesk(self.script)
        self.books, self.bars, self.ticks = Books(), 0, 0
        self.asked: list[Any] = []  # on their way to the venue
        self.answers: list[tuple[str, str, Any]] = []  # on their way back
        self.events: list[Any] = []

    # -- the session ----------------------------------------------------------------------------------------

    @rule(wish=st.sampled_from(WISHES), tenths=st.integers(-60, 60))
    def bar(self, wish: Any, tenths: int) -> None:
        """A bar closes, and the strategy wishes something."""
        self.script[self.bars] = wish
        self.bars += 1
        self.desk.bar(1_000.0 + tenths / 10.0)

    @rule()
    def send(self) -> None:
        """What is asked for goes out."""
        self.asked += [one for one in self.desk.send() if not isinstance(one, Hold | Deny)]

    @rule(seconds=st.sampled_from((1, 5, 40)))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.desk.now += seconds * 1_000_000_000

    # -- the venue ------------------------------------------------------------------------------------------

    def now(self) -> int:
        """A time of its own for each change."""
        self.ticks += 1
        return self.desk.now + self.ticks

    def tell(self, there: There) -> None:
        """Put the change of an order among what is still to be told."""
        there.updated = self.now()
        self.events.append(OrderChanged(there.shown(), there.updated))

    def execute(self, there: There, share: Decimal) -> None:
        """Fill a part of an order; what may only reduce finds an end where nothing is left."""
        rest = there.order.quantity - there.filled
        sign = 1 if there.order.side == "buy" else -1
        if there.order.reduce_only:
            rest = min(rest, max(-self.books.held * sign, NONE))
        quantity = max((rest * share).quantize(Decimal("0.01")), Decimal("0.01"))
        if rest <= 0:
            there.status = OrderStatus.CANCELED
        else:
            price = there.order.price or there.order.trigger or Decimal(1_000)
            own = there.order.client_id
            fill = Fill(
                instrument=SYMBOL, id=f"t{len(self.books.fills)}", order_id=f"v-{own}", client_id=own,
                side=there.order.side, price=price, quantity=quantity, fee=price * quantity * FEE,
                fee_currency="USDT", is_maker=False, ts=self.now(),
            )  # fmt: skip
            there.filled += quantity
            is_whole = there.filled == there.order.quantity
            there.status = OrderStatus.FILLED if is_whole else OrderStatus.PARTIALLY_FILLED
            self.books.book(fill)
            self.events.append(Filled(fill, fill.ts))
        self.tell(there)

    def take(self, errand: Any) -> Any:
        """Do what was asked; the outcome."""
        name = name_of(errand)
        if isinstance(errand, Place):
            assert name not in self.books.orders, "sent twice"
            there = self.books.orders[name] = There(errand.order, updated=self.now())
            if errand.order.kind == "market":
                while there.is_open:
                    self.execute(there, Decimal(1))
            return Accepted(there.shown())
        there = self.books.orders.get(name)
        if there is None or not there.is_open:
            return Rejected("unknown order", order=None if there is None else there.shown())
        if isinstance(errand, Amend):
            change = errand.amendment
            if change.quantity is not None and change.quantity <= there.filled:
                return Rejected("less than is filled", order=there.shown())
            there.order = replace(
                there.order, price=change.price or there.order.price, quantity=change.quantity or there.order.quantity,
                trigger=change.trigger or there.order.trigger,
            )  # fmt: skip
        else:
            there.status = OrderStatus.CANCELED
        self.tell(there)
        return Accepted(there.shown())

    @rule(pick=PICK)
    def arrive(self, pick: int) -> None:
        """A request comes to the venue, whichever was sent first."""
        if self.asked:
            errand = self.asked.pop(pick % len(self.asked))
            self.answers.append((what_of(errand), name_of(errand), self.take(errand)))

    @rule(pick=PICK)
    def refuse(self, pick: int) -> None:
        """A request is refused unread."""
        if self.asked:
            errand = self.asked.pop(pick % len(self.asked))
            self.answers.append((what_of(errand), name_of(errand), Rejected("busy", was_sent=False)))

    @rule(pick=PICK)
    def give_up(self, pick: int) -> None:
        """No answer comes in time; the request may come all the same, later."""
        if self.asked:
            errand = self.asked[pick % len(self.asked)]
            if not any(name_of(errand) == name for _, name, _ in self.answers):
                self.desk.play(
                    "outcome", what=what_of(errand), client_id=name_of(errand), result=as_plain(Unknown("no answer", 0))
                )

    @rule(pick=PICK, share=st.sampled_from((Decimal("0.3"), Decimal(1))))
    def trade(self, pick: int, share: Decimal) -> None:
        """The market comes to an order."""
        found = [one for one in self.books.orders.values() if one.is_open]
        if found:
            self.execute(found[pick % len(found)], share)

    @rule(pick=PICK)
    def foreign_hand(self, pick: int) -> None:
        """Somebody else cancels one of ours."""
        found = [one for one in self.books.orders.values() if one.is_open]
        if found:
            there = found[pick % len(found)]
            there.status = OrderStatus.CANCELED
            self.tell(there)

    # -- what is heard --------------------------------------------------------------------------------------

    @rule(pick=PICK)
    def answer(self, pick: int) -> None:
        """An answer comes back."""
        if self.answers:
            what, name, result = self.answers.pop(pick % len(self.answers))
            self.desk.play("outcome", what=what, client_id=name, result=as_plain(result))

    @rule(pick=PICK, again=st.booleans())
    def hear(self, pick: int, again: bool) -> None:
        """The stream tells something, whichever happened first, and perhaps once more later."""
        if self.events:
            place = pick % len(self.events)
            self.desk.tell(self.events[place] if again else self.events.pop(place))

    @rule()
    def probe(self) -> None:
        """What is not certain is asked for."""
        for ticket in self.desk.live.tickets.living():
            if not ticket.is_certain:
                there = self.books.orders.get(ticket.client_id)
                is_final = not any(name_of(one) == ticket.client_id for one in self.asked)
                shown = None if there is None else as_plain(there.shown())
                self.desk.play("probed", client_id=ticket.client_id, order=shown, is_final=is_final)

    @rule()
    def check(self) -> None:
        """Everything is asked for."""
        held = [as_plain(Position(SYMBOL, self.books.held, self.books.entry))] if self.books.held else []
        shown = [as_plain(one.shown()) for one in self.books.orders.values() if one.is_open]
        self.desk.play("checked", orders=shown, positions=held, balances=[], policy="halt")

    # -- what must hold -------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_invented(self) -> None:
        """No fill counts twice, none that did not happen, and no word of a true venue contradicts another."""
        live = self.desk.live
        assert {number for _, number in live.trades} <= {one.id for one in self.books.fills}
        assert "contradicts" not in live.halted
        for name, ticket in live.tickets.by_name.items():
            there = self.books.orders.get(name)
            assert ticket.filled <= (NONE if there is None else there.filled), name
        booked = {fill.id: fill for fill in self.books.fills}
        known = [booked[number] for _, number in live.trades]
        held = sum((one.quantity if one.side == "buy" else -one.quantity for one in known), start=NONE)
        assert held == Decimal(self.desk.held) / 100

    def teardown(self) -> None:
        """In the end everything is told: the books are the venue's, and the journal makes them again."""
        for _ in range(60):
            while self.asked:
                self.arrive(0)
            while self.answers:
                self.answer(0)
            while self.events:
                self.hear(0, again=False)
            self.wait(40)
            self.probe()
            self.check()
            if self.is_quiet() and not self.desk.wishes():
                break
            self.send()
        assert not self.desk.wishes(), "it never comes to rest"
        self.assert_books_agree()

    def is_quiet(self) -> bool:
        """Nothing is on its way."""
        living = self.desk.live.tickets.living()
        return not (self.asked or self.answers or self.events) and all(one.is_certain for one in living)

    def assert_books_agree(self) -> None:
        """Orders, fills, position and money."""
        live, books = self.desk.live, self.books
        assert {one.id for one in books.fills} == {number for _, number in live.trades}
        assert books.held == Decimal(self.desk.held) / 100
        assert abs(float(books.wallet) - live.session.wallet) < 1e-4
        for name, ticket in live.tickets.by_name.items():
            there = books.orders.get(name)
            if there is None:
                assert ticket.life in (Life.NEVER, Life.REJECTED), (name, ticket)
            else:
                assert (there.filled, there.is_open) == (ticket.filled, ticket.life == Life.WORKING), (name, ticket)
        assert bare_rows(live) == ()
        assert_same(live, self.desk.again())


def what_of(errand: Any) -> str:
    """What is asked for."""
    return "place" if isinstance(errand, Place) else "amend" if isinstance(errand, Amend) else "cancel"


TestVenue = Venue.TestCase
TestVenue.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
