"""The slow twin of the desk: orders as such, placed, changed and cancelled by commands that take time to arrive."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

from tradewright.domain.enums import Code, CommandKind, OrderRole, OrderStatus, OrderType, TimeInForce
from tradewright.domain.order_terms import MOST_CHANGES
from tradewright.testing.twin_drill import Drilling
from tradewright.testing.twin_filters import Objection, Wish, band, filters
from tradewright.testing.twin_limits import risk_at_stops
from tradewright.testing.twin_order import TwinOrder

__all__ = ["Desk"]


class Desk(Drilling):
    """What a run does with commands, and with whatever else arrives at the venue."""

    # -- at the close -------------------------------------------------------------------------------------------------

    def command(self, row: int) -> None:
        """A PLACE becomes an order on its way, or is refused; everything is on its way from now on."""
        wish = self.market.commands[row]
        self.travelling.append(row)
        if wish["kind"] != CommandKind.PLACE:
            return
        k = int(wish["instrument"])
        order = self.as_wish(wish)
        terms = self.about_terms(wish) if not wish["code"] else ()
        objection = next(chain(terms, self.objections(wish, order)), None)
        if objection is not None:
            self.refuse_command(row, objection, self.ts_close)
            return
        made = self.make(k, self.ts_close, type=order.type, role=OrderRole.PLACED, side=order.side, lots=order.lots)
        made.status, made.level_ticks, made.reduce_only = OrderStatus.PENDING.value, order.level, order.reduces
        made.command, made.tag, made.parent = row, int(wish["tag"]), int(wish["parent"])
        made.close_position = bool(wish["close_position"])
        made.valid_until = self.step + int(wish["valid_steps"]) if wish["valid_steps"] else 0
        made.time_in_force, made.callback = int(wish["time_in_force"]), int(wish["callback"])
        made.trigger_ticks = int(wish["trigger_ticks"]) if made.is_two_stage else 0
        made.watch(int(wish["trigger_by"]), bool(wish["protected"]))
        placed = [order for order in self.books.placed(k) if order is not made]
        linked = [o.group for o in placed if wish["oco"] and self.market.commands[o.command]["oco"] == wish["oco"]]
        made.group = linked[0] if linked else made.group

    def as_wish(self, wish: Any) -> Wish:
        """A command as an order that somebody wants; on spot, selling reduces, on a leg what goes against it."""
        k, side = int(wish["instrument"]), int(wish["side"])
        reduces = wish["reduce_only"] or wish["close_position"] or (side < 0 and not self.books.specs[k].is_perpetual)
        reduces = reduces or side == -self.books.specs[k].side
        return Wish(k, int(wish["type"]), side, int(wish["lots"]), int(wish["level_ticks"]), bool(reduces))

    def objections(self, wish: Any, order: Wish) -> Any:
        """Everything that speaks against placing an order, in the order in which it is said."""
        if wish["code"]:
            yield int(wish["code"]), float(wish["observed"]), float(wish["limit"])
        if any(o.tag == wish["tag"] for o in self.books.holdings[order.k].orders if wish["tag"]):
            yield Code.TAG_IN_USE, wish["tag"], 0
        unpriced = order.type in {OrderType.MARKET, OrderType.TRAILING_STOP} and not order.level
        if unpriced and not order.reduces and not self.books.holdings[order.k].mark:
            yield Code.NO_PRICE_YET, 0, 0
        yield from filters(self.books, order, new=True)
        if not order.reduces:
            yield from self.gate(order.k).about_account(order)
            yield from self.gate(order.k).about_past(order.k, int(self.step))
            yield from self.gate(order.k).about_load(order, int(self.step))
            spec = self.books.specs[order.k]
            whole = spec.value(order.lots, order.level or self.books.holdings[order.k].mark)
            yield from self.gate(order.k).about_heat(order.k, risk_at_stops(self.books, order.k) + whole)
            yield from self.gate(order.k).about_likeness(order.k, order.side, int(self.step))

    def about_terms(self, wish: Any) -> Any:
        """What does not go together: each sort of order needs what it lives by, and can do without the rest."""
        kind, force = OrderType(wish["type"]), TimeInForce(wish["time_in_force"])
        leg, side = self.books.specs[int(wish["instrument"])].side, int(wish["side"])
        if leg and (wish["reduce_only"] or (wish["close_position"] and side == leg)):
            yield Code.LEG_SAYS_WHAT_REDUCES, side, leg
        two_prices = kind in {OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT}
        if two_prices and wish["trigger_ticks"] < 1:
            yield Code.TRIGGER_MISSING, wish["trigger_ticks"], 0
        if kind == OrderType.TRAILING_STOP and wish["callback"] not in range(1, 101):
            yield Code.CALLBACK_OUT_OF_RANGE, wish["callback"] / 1000, 0.1
        if force == TimeInForce.GTX and not two_prices and kind != OrderType.LIMIT:
            yield Code.POST_ONLY_NEEDS_LIMIT, 0, 0
        if force == TimeInForce.GTD and not wish["valid_steps"]:
            yield Code.EXPIRY_MISSING, 0, 0
        if wish["close_position"] and (two_prices or kind == OrderType.TRAILING_STOP):
            yield Code.CLOSE_NEEDS_MARKET, 0, 0

    def refuse_command(self, row: int, objection: Objection, ts: int, order_id: int = 0) -> None:
        """Write a refused command down."""
        code, observed, limit = objection
        line = {"ts": ts, "step": self.step, "instrument": int(self.market.commands[row]["instrument"]), "signal": -1}
        line |= {"command": row, "order_id": order_id, "code": int(code)}
        self.books.refusals.append(line | {"observed": float(observed), "limit": float(limit)})

    # -- at the venue -------------------------------------------------------------------------------------------------

    def is_there(self, sent: int) -> bool:
        """Whether what was sent at the close of a step has arrived by now."""
        travelled = self.ts_open - int(self.market.ts_close[sent])
        return self.step > sent and travelled >= self.rules.latency

    def arrive(self, k: int) -> None:
        """Orders, changes and cancels reach the venue in the order in which they were sent."""
        commands = self.market.commands
        due = [r for r in self.travelling if commands[r]["instrument"] == k and self.is_there(commands[r]["step"])]
        for row in due:
            self.admit(k, row)
            self.deliver(k, row)
            self.travelling.remove(row)
        self.admit(k, None)

    def admit(self, k: int, before: int | None) -> None:
        """Orders that were sent before a command (None: all) reach the venue; without a bar they wait."""
        if not self.market.has_bar[k, self.step]:
            return
        for order in list(self.books.holdings[k].orders):
            is_open = any(order is other for other in self.books.holdings[k].orders)
            on_its_way = is_open and order.status == OrderStatus.PENDING
            if on_its_way and self.is_there(order.step) and (before is None or self.was_sent_before(order, before)):
                self.admit_one(order)

    def was_sent_before(self, order: TwinOrder, row: int) -> bool:
        """Whether an order was sent before a command; of one close, signals are sent before commands."""
        return order.command < row if order.command >= 0 else order.step <= int(self.market.commands[row]["step"])

    def admit_one(self, order: TwinOrder) -> None:
        """Fill, rest, or be rejected."""
        price = self.bar(order.instrument).open
        self.look(order)
        if (objection := next(self.venue_objections(order), None)) is not None:
            if order.command >= 0:
                self.refuse_command(order.command, objection, self.ts_open, order.id)
            self.books.close(order, OrderStatus.REJECTED.value, int(objection[0]), self.ts_open)
            return
        if order.is_conditional:
            order.rest()
            if order.is_trailing:
                order.move(price)
        elif self.has_way(order, price, self.ts_open) and (
            order.type == OrderType.MARKET or self.reaches_book(order, price, self.ts_open)
        ):
            self.take_open(order, 0)

    def venue_objections(self, order: TwinOrder) -> Any:
        """What the venue says to an order as it arrives."""
        held = self.books.holdings[order.instrument].lots
        if order.role == OrderRole.PLACED and order.reduce_only and held * order.side >= 0:
            yield Code.NOTHING_TO_REDUCE, held, 0
        if order.type == OrderType.LIMIT:
            yield from band(self.books, order.instrument, order.side, order.level_ticks)
        price = self.seen(order).open
        is_active = order.type == OrderType.TRAILING_STOP and order.level_ticks and order.moved(price)[0]
        if order.is_conditional and (order.acts_at(price) or is_active):
            yield Code.WOULD_TRIGGER_AT_ONCE, order.place, price

    def take_open(self, order: TwinOrder, gap: int) -> None:
        """Take the open; the twin itself says on what terms."""
        raise NotImplementedError

    def deliver(self, k: int, row: int) -> None:
        """Let a command do to the open orders what it says."""
        wish, books = self.market.commands[row], self.books
        orders = books.holdings[k].orders
        if wish["kind"] == CommandKind.CANCEL_ALL:
            there = [order for order in orders if not self.follows(order, row)]
            for part in (books.entries(k), books.exits(k), books.placed(k)):
                books.cancel([order for order in part if order in there], self.ts_open)
        if wish["kind"] not in {CommandKind.MODIFY, CommandKind.CANCEL}:
            return
        if wish["order_id"]:
            meant = [order for order in orders if order.id == wish["order_id"]]
        else:
            meant = [order for order in orders if wish["tag"] and order.tag == wish["tag"]]
        if not meant:
            self.refuse_command(row, (Code.ORDER_UNKNOWN, wish["order_id"], wish["tag"]), self.ts_open)
        elif wish["kind"] == CommandKind.CANCEL:
            books.cancel(meant, self.ts_open)
        elif (objection := next(self.against_change(meant[0], wish), None)) is not None:
            self.refuse_command(row, objection, self.ts_open)
        else:
            self.change(meant[0], wish)

    def follows(self, order: TwinOrder, row: int) -> bool:
        """Whether an order was sent after a command, and so is still on its way when that arrives."""
        if order.command >= 0:
            return order.command > row
        return order.signal >= 0 and bool(self.market.signals[order.signal]["step"] > self.market.commands[row]["step"])

    def against_change(self, order: TwinOrder, wish: Any) -> Any:
        """What speaks against a change: the order's kind, the filters, a trigger already passed, the account."""
        level, lots = int(wish["level_ticks"]) or order.level_ticks, int(wish["lots"]) or order.lots
        if wish["code"]:
            yield int(wish["code"]), float(wish["observed"]), float(wish["limit"])
        fixed = order.triggered or order.type in {OrderType.MARKET, OrderType.TRAILING_STOP}
        if fixed or (order.close_position and wish["lots"]):
            yield Code.NOT_MODIFIABLE, order.id, 0
        if order.changed >= MOST_CHANGES:
            yield Code.CHANGED_TOO_OFTEN, order.changed, MOST_CHANGES
        new = Wish(order.instrument, order.type, order.side, lots, level, order.reduce_only)
        yield from filters(self.books, new, new=False)
        price = self.seen(order).open
        changed = replace(order, level_ticks=level, trigger_ticks=self.new_trigger(order, wish))
        if order.is_conditional and changed.acts_at(price):
            yield Code.WOULD_TRIGGER_AT_ONCE, changed.place, price
        if not order.reduce_only and (lots > order.lots or level > order.level_ticks):
            yield from self.gate(new.k).about_load(new._replace(lots=lots - order.filled), int(order.step), apart=order)

    def new_trigger(self, order: TwinOrder, wish: Any) -> int:
        """The trigger of an order after a change: only what has two prices has one apart."""
        return (order.is_two_stage and int(wish["trigger_ticks"])) or order.trigger_ticks

    def change(self, order: TwinOrder, wish: Any) -> None:
        """The order keeps its id, and its place only where it asks for less at the same price."""
        level, lots = int(wish["level_ticks"]) or order.level_ticks, int(wish["lots"]) or order.lots
        order.changed += 1
        if wish["lots"] and lots <= order.filled:
            self.books.close(order, OrderStatus.CANCELED.value, Code.QUANTITY_DONE.value, self.ts_open)
            return
        trigger = self.new_trigger(order, wish)
        if level != order.level_ticks or lots > order.lots or trigger != order.trigger_ticks:
            orders = self.books.holdings[order.instrument].orders
            orders.append(orders.pop(next(place for place, other in enumerate(orders) if other is order)))
            order.status = OrderStatus.PENDING.value
            # It comes with the command, even if it came into being at this very open.
            order.step = min(order.step, int(wish["step"]))
        order.level_ticks, order.trigger_ticks, order.lots = level, trigger, lots
