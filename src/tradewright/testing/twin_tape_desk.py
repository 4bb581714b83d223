"""The slow twin of a replay of ticks and books, first half: requests reach the venue, answers leave it.

What a request may do is what a command may do: the other twin's desk says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tradewright.domain.enums import Code, OrderRole, OrderStatus, OrderType, TimeInForce, TriggerBy
from tradewright.domain.tape import TapeSpec
from tradewright.kernels.door import Intent
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.market.tape import Tape
from tradewright.testing.tapes import MS, Wish
from tradewright.testing.twin_book import TwinBook
from tradewright.testing.twin_desk import Desk
from tradewright.testing.twin_filters import Objection
from tradewright.testing.twin_ground import Part
from tradewright.testing.twin_limits import Past
from tradewright.testing.twin_order import Bar, TwinOrder

__all__ = ["Place", "TapeDesk"]

_SECOND = 1_000_000_000


class NoPast(Past):
    """A replay has no limits on what has been lost."""

    def objections(self, rules: Rules, step: int) -> Iterator[Objection]:
        """None."""
        del rules, step
        return iter(())


@dataclass
class Place:
    """Where a resting order stands in its queue."""

    ahead: float = 0.0
    traded: int = 0
    spent: bool = False
    """What came up to it has filled it already; or it took that itself."""


class TapeDesk(Desk):
    """What a venue does with requests; what an event fills, its heir knows."""

    def __init__(self, market: Market, rules: Rules, tape: Tape, spec: TapeSpec, room: int) -> None:
        super().__init__(market, rules, spec.balance)
        self.tape, self.spec, self.room = tape, spec, room
        rows = len(market.specs)
        self.k = 0
        """Row of the instrument that the present event or request is of; book, last trade and orders are its own."""
        self.all_books = [TwinBook() for _ in range(rows)]
        self.lasts = [0] * rows
        self.parts = [Part(Bar(0, 0, 0, 0), 0, 0, 0)] * rows
        self.homes: dict[int, int] = {}
        """Row of each order, by its ref."""
        self.places: dict[int, Place] = {}
        self.ends: dict[int, int] = {}
        """When an order ends by itself, by its ref; of those that do."""
        self.reports: list[dict[str, int]] = []
        self.now = self.row = self.price = 0
        self.pasts[:] = [NoPast(market, self.books, 0, self.equity)]
        self.turn_to(0)

    # -- the present --------------------------------------------------------------------------------------------------

    def turn_to(self, k: int) -> None:
        """Something happens to an instrument."""
        self.k, self.part = k, self.parts[k]

    @property
    def book_(self) -> TwinBook:
        """What the venue's others want."""
        return self.all_books[self.k]

    @property
    def last(self) -> int:
        """Ticks of the last trade; 0 before the first."""
        return self.lasts[self.k]

    @property
    def orders(self) -> list[TwinOrder]:
        """Our open orders, oldest first; one that was changed is young again."""
        return self.books.holdings[self.k].orders

    @property
    def ts_open(self) -> int:
        """Now, at the venue."""
        return self.now

    ts_close = ts_open

    def bar(self, k: int) -> Bar:
        """The price of a fill, as a bar of the instrument of which it is."""
        assert k == self.k
        return Bar(*[self.price] * 4)

    def mark(self, k: int) -> Bar:
        """The mark, as a bar; the price itself while nothing has marked the position."""
        return Bar(*[self.books.holdings[k].mark or self.price] * 4)

    # -- requests -----------------------------------------------------------------------------------------------------

    def tell(self, ref: int, status: int, code: int, filled: int, ticks: int = 0) -> None:
        """An answer leaves the venue; answers do not overtake each other."""
        known = self.now + int(self.spec.response_ms * MS)
        known = max([known, *[report["ts_local"] for report in self.reports[-1:]]])
        line = {
            "ts_exchange": self.now,
            "ts_local": known,
            "instrument": self.k,
            "ref": ref,
            "status": int(status),
            "code": int(code),
        }
        self.reports.append(line | {"filled": filled, "ticks": ticks, "position": self.books.holdings[self.k].lots})

    def leave(self, order: TwinOrder, status: OrderStatus, code: Code) -> None:
        """An order leaves without a fill."""
        self.books.close(order, status.value, code.value, self.now)
        self.tell(order.signal, status, code, order.filled)

    def drop(self, order: TwinOrder, code: Code) -> None:
        """Refuse an order, or what is left of it."""
        self.leave(order, OrderStatus.CANCELED if order.filled else OrderStatus.REJECTED, code)

    def receive(self, wish: Wish, ref: int) -> None:
        """A request reaches the venue."""
        if wish.intent is not None:
            self.homes[ref] = wish.k
        self.turn_to(self.homes.get(ref, 0))
        order = next((order for order in self.orders if order.signal == ref), None)
        if wish.intent is not None:
            self.accept(wish, ref)
        elif order is None:
            return
        elif wish.kind == "cancel":
            self.leave(order, OrderStatus.CANCELED, Code.OK)
        else:
            self.renew(
                order,
                {
                    "step": self.step,
                    "code": 0,
                    "level_ticks": max(wish.ticks, 0),
                    "trigger_ticks": 0,
                    "lots": max(wish.lots, 0),
                },
            )

    def look_at(self, order: TwinOrder) -> None:
        """The last trade is the present price; before the first one no trigger is reached."""
        # What trails is kept from its activation by the other end of prices.
        far_above = order.is_below != (order.type == OrderType.TRAILING_STOP)
        self.price = self.last or (10**15 if far_above else 0)

    def renew(self, order: TwinOrder, wish: dict[str, int]) -> None:
        """Change an order as a command would, and answer; with a new price or more lots it comes to the book anew."""
        self.look_at(order)
        before = order.status
        if (objection := next(self.against_change(order, wish), None)) is not None:
            self.tell(order.signal, before, objection[0], order.filled)
            return
        self.change(order, wish)
        if order not in self.orders:
            self.tell(order.signal, order.status, order.code, order.filled)
            return
        news = OrderStatus.PARTIALLY_FILLED if order.filled else OrderStatus.OPEN
        self.tell(order.signal, news, Code.OK, order.filled)
        if order.status == OrderStatus.PENDING:
            self.come(order)

    def against(self, wish: Wish, intent: Intent) -> Iterator[int]:
        """What speaks against a new order: its form, then what speaks against a command."""
        trails = intent.type == OrderType.TRAILING_STOP
        dated = intent.time_in_force == TimeInForce.GTD
        if intent.time_in_force not in set(TimeInForce) or (wish.until and not dated):
            yield Code.ENTRY_INVALID
        if wish.closes and intent.type == OrderType.LIMIT:
            yield Code.ENTRY_INVALID
        if intent.ticks < 0 or (intent.ticks == 0 and not trails and intent.type != OrderType.MARKET):
            yield Code.ENTRY_INVALID
        command = self.command_of(intent) | {"close_position": int(wish.closes)}
        ways = {"time_in_force": intent.time_in_force, "valid_steps": wish.until > 0}
        terms = {"callback": wish.callback, "trigger_ticks": intent.trigger}
        for code, _, _ in self.about_terms(command | ways | terms):
            yield int(code)
        if dated and round(wish.until * MS) <= self.now:
            yield Code.EXPIRY_MISSING
        if dated and self.date_of(wish) - self.now < self.spec.gtd_least_s * _SECOND:
            yield Code.EXPIRY_TOO_SOON
        if intent.lots < 1 and not wish.closes:
            yield Code.QUANTITY_BELOW_MINIMUM
        if len(self.orders) >= self.room:
            yield Code.NO_ROOM_FOR_ORDERS
        holding = self.books.holdings[self.k]
        mark = holding.mark
        if not mark and not command["level_ticks"]:
            # Before the first price it is what it would have to pay.
            holding.mark = self.book_.best(-intent.side) or 0
        codes = [int(code) for code, _, _ in self.objections(command, self.as_wish(command))]
        holding.mark = mark
        yield from codes

    def date_of(self, wish: Wish) -> int:
        """When an order that is good till a date ends; with a least time ahead dates are whole seconds."""
        until = round(wish.until * MS)
        return until - until % _SECOND if self.spec.gtd_least_s else until

    def command_of(self, intent: Intent) -> dict[str, int]:
        """An intent as a command."""
        fields = {
            "instrument": self.k,
            "tag": 0,
            "code": 0,
            "close_position": 0,
            "type": intent.type,
            "side": intent.side,
        }
        level = 0 if intent.type == OrderType.MARKET else intent.ticks
        return fields | {"lots": intent.lots, "level_ticks": level, "reduce_only": int(intent.reduce_only)}

    def accept(self, asked: Wish, ref: int) -> None:
        """Take an order on."""
        intent = asked.intent
        assert intent is not None
        code = next(self.against(asked, intent), None)
        if code is not None:
            self.tell(ref, OrderStatus.REJECTED, code, 0)
            return
        wish = self.as_wish(self.command_of(intent) | {"close_position": int(asked.closes)})
        role = OrderRole.PLACED
        order = self.make(self.k, self.now, signal=ref, type=wish.type, role=role, side=wish.side, lots=wish.lots)
        order.status, order.reduce_only, order.command = OrderStatus.PENDING.value, wish.reduces, 0
        order.level_ticks, order.trigger_ticks = wish.level, intent.trigger
        order.time_in_force, order.callback = intent.time_in_force, asked.callback
        order.close_position = asked.closes
        order.watch(int(TriggerBy.MARK if asked.by_mark else TriggerBy.LAST), False)
        self.places[ref] = Place()
        if order.time_in_force == TimeInForce.GTD:
            self.ends[ref] = self.date_of(asked)
        self.look_at(order)
        if (objection := next(self.venue_objections(order), None)) is not None:
            self.leave(order, OrderStatus.REJECTED, Code(objection[0]))
            return
        if order.type == OrderType.TRAILING_STOP and self.last:
            order.move(self.last)
        self.tell(ref, OrderStatus.OPEN, Code.OK, 0)
        self.come(order)

    def come(self, order: TwinOrder) -> None:
        """An order comes to the book."""
        raise NotImplementedError
