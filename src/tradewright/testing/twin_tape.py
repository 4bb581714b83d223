"""The slow twin of a replay of ticks and books, second half: what an event fills.

Written from the rules, for reading. Money, margin, the gate and what requests do are the other twin's; here is only
what an event fills.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tradewright.domain.enums import (
    Code,
    EventKind,
    Liquidity,
    OrderStatus,
    OrderType,
    QueueModel,
    SelfTrade,
    TimeInForce,
)
from tradewright.domain.order_terms import LONGEST_NS
from tradewright.testing.tapes import MS, Wish
from tradewright.testing.twin_account import cash
from tradewright.testing.twin_book import behind
from tradewright.testing.twin_ground import Part
from tradewright.testing.twin_order import Bar, TwinOrder
from tradewright.testing.twin_tape_desk import Place, TapeDesk
from tradewright.testing.twin_venue import Deal

__all__ = ["TapeTwin"]

_WAITING = {OrderType.MARKET.value, OrderType.LIMIT.value}
_END = 2


class TapeTwin(TapeDesk):
    """Replays a tape for a script; the answer is `fills` (in its books), `reports` and the account."""

    def run(self, script: Sequence[Wish]) -> TapeTwin:
        """Let events happen and requests arrive, in order of time; at one time events come first, and ends last."""
        entry = int(self.spec.entry_ms * MS)
        moments: list[tuple[int, int, int]] = [
            (int(self.tape.events["ts_exchange"][row]), 0, number) for number, row in enumerate(self.tape.by_exchange)
        ]
        begin = min(moments)[0]
        moments += [(max(round(wish.ms * MS), begin) + entry, 1, n) for n, wish in enumerate(script)]
        refs = {n: ref for ref, n in enumerate(n for n, wish in enumerate(script) if wish.intent is not None)}
        moments += [(int(row["ts"]), -1, number) for number, row in enumerate(self.market.funding)]
        final = max(moments)[0]
        dates = {self.date_of(wish) for wish in script}
        dates |= {ts + LONGEST_NS for ts, is_request, _ in moments if is_request > 0}
        moments += [(ts, _END, 0) for ts in dates if ts < final]
        for ts, is_request, number in sorted(moments):
            self.now = ts
            if is_request < 0:
                self.pay(number)
                later = self.market.funding["ts"][number + 1 : number + 2]
                if not later.size or later[0] > ts:
                    self.judge_all()
            elif is_request == _END:
                self.end_dated()
            elif is_request:
                self.acting(partial(self.receive, script[number], refs.get(number, script[number].ref)))
            else:
                self.step = number
                self.acting(partial(self.happen, self.tape.events[self.tape.by_exchange[number]]))
                self.step = number + 1
        return self

    def acting(self, act: Callable[[], None]) -> None:
        """Let something happen; if that has filled an order, what was to close a position that is gone leaves."""
        before = len(self.books.fills)
        act()
        held = self.books.holdings[self.k].lots
        for order in list(self.orders) if len(self.books.fills) > before else ():
            if order.close_position and held * order.side >= 0:
                self.leave(order, OrderStatus.CANCELED, Code.OK)

    def end_dated(self) -> None:
        """Orders that were good till now, or are a year old, leave: first instruments first, of one the oldest."""
        for k in range(len(self.lasts)):
            self.turn_to(k)
            for order in list(self.orders):
                if self.ends.get(order.signal) == self.now:
                    self.leave(order, OrderStatus.CANCELED, Code.OK)
                elif order.is_aged(self.now):
                    self.leave(order, OrderStatus.CANCELED, Code.GTC_EXPIRED)

    # -- arriving -----------------------------------------------------------------------------------------------------

    def come(self, order: TwinOrder) -> None:
        """An order comes to the book: it takes, rests, waits, or is refused."""
        if order.type not in _WAITING:
            order.rest()
            return
        self.size(order)
        best = self.book_.best(-order.side)
        if best is None or self.is_over():
            return
        takes = order.type == OrderType.MARKET or order.would_take(best)
        if not takes and self.own_match(order) is None:
            self.rest(order, spent=False)
        elif order.time_in_force == TimeInForce.GTX:
            self.drop(order, Code.POST_ONLY_WOULD_TAKE)
        else:
            self.take(order)

    def size(self, order: TwinOrder) -> None:
        """What closes a position asks for what is held."""
        if order.close_position:
            order.lots = order.filled + self.wanted_now(order)

    def is_over(self) -> bool:
        """Whether others go on after the last event of this instrument."""
        events = self.tape.events
        last = events["ts_exchange"][events["instrument"] == self.k].max()
        return bool(self.now > last and last < events["ts_exchange"].max())

    def rests(self, order: TwinOrder) -> bool:
        """Whether it stands at its price for others to take."""
        return order.type == OrderType.LIMIT and order.status != OrderStatus.PENDING

    def rest(self, order: TwinOrder, *, spent: bool) -> None:
        """What is left of an order rests behind all who are there, or leaves."""
        if order.type == OrderType.MARKET:
            left = any(not self.accepts(order, ticks) for ticks in self.book_.levels[-order.side])
            self.leave(order, OrderStatus.CANCELED, Code.BEYOND_TAKE_BOUND if left else Code.BOOK_EXHAUSTED)
        elif order.time_in_force == TimeInForce.FOK:
            self.drop(order, Code.FOK_NOT_WHOLE)
        elif order.time_in_force == TimeInForce.IOC:
            self.leave(order, OrderStatus.CANCELED, Code.IOC_EXPIRED)
        else:
            order.rest()
            ahead = self.book_.levels[order.side].get(order.level_ticks, 0)
            self.places[order.signal] = Place(float(ahead), 0, spent)

    # -- taking -------------------------------------------------------------------------------------------------------

    def in_reach(self, order: TwinOrder) -> list[tuple[int, int]]:
        """Levels that an order may take from, best first: (ticks, lots)."""
        levels = sorted(self.book_.levels[-order.side].items(), key=lambda level: level[0] * order.side)
        return [level for level in levels if self.accepts(order, level[0])]

    def accepts(self, order: TwinOrder, ticks: int) -> bool:
        """Whether a price is within an order's limit; a market order's is so far from the mark."""
        if order.type != OrderType.MARKET:
            return order.would_take(ticks)
        mark, most = self.books.holdings[self.k].mark, self.books.specs[self.k].take_bound
        if not (mark and most):
            return True
        far = mark * (1 + order.side * most)
        return ticks <= math.floor(far + 1e-9) if order.side > 0 else ticks >= max(math.ceil(far - 1e-9), 1)

    def own_match(self, order: TwinOrder) -> TwinOrder | None:
        """The oldest order of ours on the other side that is in its way: others at better prices do not suffice."""
        rest = order.lots - order.filled
        for other in self.orders:
            faces = other.side != order.side and self.rests(other)
            if not faces or not self.accepts(order, other.level_ticks):
                continue
            better = sum(lots for ticks, lots in self.in_reach(order) if (ticks - other.level_ticks) * order.side < 0)
            if better < rest:
                return other
        return None

    def take(self, order: TwinOrder) -> None:
        """Take from the book, level by level."""
        while other := self.own_match(order):
            if self.spec.self_trade != SelfTrade.EXPIRE_TAKER:
                self.leave(other, OrderStatus.CANCELED, Code.SELF_TRADE)
            if self.spec.self_trade != SelfTrade.EXPIRE_MAKER:
                self.leave(order, OrderStatus.CANCELED, Code.SELF_TRADE)
                return
        levels = self.in_reach(order)
        whole = sum(lots for _, lots in levels) >= self.wanted_now(order)
        if order.time_in_force == TimeInForce.FOK and not whole:
            self.drop(order, Code.FOK_NOT_WHOLE)
            return
        for ticks, lots in levels:
            if order in self.orders:
                took = self.trade(order, lots, Deal(ticks, levels[0][0], Liquidity.TAKER.value))
                if self.spec.impact:
                    self.book_.set(-order.side, ticks, lots - took)
        if order in self.orders:
            self.rest(order, spent=True)

    def wanted_now(self, order: TwinOrder) -> int:
        """Lots that an order asks for; what only reduces no more than is held."""
        held = max(-self.books.holdings[self.k].lots * order.side, 0)
        if order.close_position:
            return held
        return min(order.lots - order.filled, held) if order.reduce_only else order.lots - order.filled

    def trade(self, order: TwinOrder, offered: int, deal: Deal) -> int:
        """Fill an order with as much of an offer as it asks for, holds and can pay; returns how much that was."""
        against = max(-self.books.holdings[self.k].lots * order.side, 0)
        wanted = self.wanted_now(order)
        if not wanted:
            self.leave(order, OrderStatus.CANCELED, Code.NOTHING_TO_EXIT)
            return 0
        lots, self.price = min(wanted, offered), deal.price
        if lots > against and not self.can_carry(order, lots, deal.price):
            self.drop(order, Code.MARGIN_INSUFFICIENT)
            return 0
        holding = self.books.holdings[self.k]
        holding.mark = holding.mark or deal.price
        self.book(order, lots, deal, self.now)
        order.filled += lots
        order.status = OrderStatus.PARTIALLY_FILLED.value
        if order.filled == order.lots:
            self.books.close(order, OrderStatus.FILLED.value, 0, self.now)
        self.tell(order.signal, order.status, Code.OK, order.filled, deal.price)
        return lots

    def seek_book(self) -> None:
        """What waited for a book comes to it, oldest first, once the side that it takes from is there."""
        for order in list(self.orders):
            waits = order.type == OrderType.MARKET or (order.type == OrderType.LIMIT and not self.rests(order))
            if order in self.orders and waits and self.book_.best(-order.side) is not None:
                self.come(order)

    # -- what happens -------------------------------------------------------------------------------------------------

    def happen(self, event: Any) -> None:
        """One row of the tape."""
        self.turn_to(int(event["instrument"]))
        if event["kind"] == EventKind.TRADE:
            self.lasts[self.k] = int(event["ticks"])
            self.parts[self.k] = self.part = Part(Bar(*[self.last] * 4), int(event["lots"]), self.now, self.now)
            self.meet_trade(int(event["ticks"]), int(event["lots"]), int(event["side"]))
        else:
            self.follow(event)
            if not event["last"]:
                return
            self.meet_book()
            self.seek_book()
        bid, ask = self.book_.best(1), self.book_.best(-1)
        holding = self.books.holdings[self.k]
        if bid is not None and ask is not None:
            holding.mark = (bid + ask) // 2
        elif event["kind"] == EventKind.TRADE or not holding.mark:
            holding.mark = self.last
        if self.books.is_liquidated_at(self.k, holding.mark):
            self.close_down(self.k)
        for order in list(self.orders):
            if order in self.orders and order.watches_mark and holding.mark and order.acts_at(holding.mark):
                self.fire(order)
                if self.book_.best(-order.side) is not None:
                    self.come(order)

    def close_down(self, k: int) -> None:
        """The venue closes a position, and then, first rows first, all that the account cannot hold without it."""
        here, holdings = self.k, self.books.holdings
        due: int | None = k
        while due is not None:
            self.turn_to(due)
            for order in list(self.orders):
                self.leave(order, OrderStatus.CANCELED, Code.OK)
            self.liquidate(due, holdings[due].mark, 0)
            self.tell(-1, OrderStatus.FILLED, Code.OK, 0, holdings[due].mark)
            rows = range(len(holdings))
            due = next((row for row in rows if self.books.is_liquidated_at(row, holdings[row].mark)), None)
        self.turn_to(here)

    def fire(self, order: TwinOrder) -> None:
        """A trigger is pulled: a market order or a limit comes to the book."""
        order.type = OrderType.LIMIT.value if order.is_two_stage else OrderType.MARKET.value
        order.status, order.triggered = OrderStatus.PENDING.value, True

    def pay(self, number: int) -> None:
        """Longs pay a positive rate on the value of what they hold at the mark."""
        row = self.market.funding[number]
        self.turn_to(int(row["instrument"]))
        holding = self.books.holdings[self.k]
        if not holding.lots:
            return
        rate, value = float(row["rate"]), self.books.specs[self.k].value(holding.lots, holding.mark)
        amount = cash((-1 if holding.lots > 0 else 1) * value * rate)
        self.books.count("funding", amount)
        self.books.wallet = cash(self.books.wallet + amount)
        if self.books.specs[self.k].is_isolated:
            holding.margin = max(cash(holding.margin + amount), 0.0)
        line = {"ts": int(row["ts"]), "instrument": self.k, "lots": holding.lots, "ticks": holding.mark}
        self.books.payments.append(line | {"rate": rate, "amount": amount})

    def judge_all(self) -> None:
        """After funding: who cannot be held any more falls, first rows first."""
        holdings = self.books.holdings
        due = next((row for row in range(len(holdings)) if self.books.is_liquidated_at(row, holdings[row].mark)), None)
        if due is not None:
            self.close_down(due)

    def queue(self, *sides: int) -> list[TwinOrder]:
        """Resting orders: bids before asks, better prices first, of one price the older first."""
        resting = [order for order in self.orders if self.rests(order) and order.side in sides]
        return sorted(resting, key=lambda order: (-order.side, -order.level_ticks * order.side))

    def meet_trade(self, ticks: int, lots: int, side: int) -> None:
        """A public trade fills what rests, triggers what waits for it, and gives a price to what has none."""
        left = lots
        for order in self.queue(1, -1):
            offer = self.offered(order, (ticks, lots, side), left)
            if min(offer, order.lots - order.filled):
                left -= self.trade(order, offer, Deal(order.level_ticks, order.level_ticks, Liquidity.MAKER.value))
        for order in self.orders:
            if order.type not in _WAITING and not order.watches_mark:
                if order.acts_at(ticks):
                    self.fire(order)
                elif order.is_trailing:
                    order.move(ticks)
        for order in list(self.orders):
            waits = order.type == OrderType.MARKET or (order.type == OrderType.LIMIT and not self.rests(order))
            if order in self.orders and waits:
                if self.book_.best(-order.side) is None:
                    left -= self.wait(order, ticks, left)
                else:
                    self.come(order)

    def offered(self, order: TwinOrder, trade: tuple[int, int, int], left: int) -> int:
        """How much of what is left of a trade (ticks, lots, side) comes to a resting order; its queue moves up."""
        (ticks, lots, side), place = trade, self.places[order.signal]
        if (order.level_ticks - ticks) * order.side > 0:
            place.ahead = 0.0
            return left
        if order.level_ticks != ticks or self.spec.queue == QueueModel.THROUGH:
            return 0
        if self.spec.queue == QueueModel.TOUCH:
            return left
        if side == order.side:
            return 0
        offer = math.floor(max(left - place.ahead, 0.0) + 1e-9)
        place.ahead = max(place.ahead - left, 0.0)
        place.traded += lots
        return offer

    def wait(self, order: TwinOrder, ticks: int, left: int) -> int:
        """An order that knows no book meets a trade; returns what it took of it."""
        self.size(order)
        if order.type == OrderType.LIMIT and not order.would_take(ticks):
            self.rest(order, spent=False)
        elif order.time_in_force == TimeInForce.GTX:
            self.drop(order, Code.POST_ONLY_WOULD_TAKE)
        elif order.time_in_force == TimeInForce.FOK and left < self.wanted_now(order):
            self.drop(order, Code.FOK_NOT_WHOLE)
        elif left and not self.accepts(order, ticks):
            self.drop(order, Code.BEYOND_TAKE_BOUND)
        elif left:
            price = order.bounded(self.taken(self.k, order.side, min(left, self.wanted_now(order)), ticks))
            while not self.accepts(order, price):
                price -= order.side
            took = self.trade(order, left, Deal(price, ticks, Liquidity.TAKER.value))
            if order.time_in_force == TimeInForce.IOC and order in self.orders:
                self.leave(order, OrderStatus.CANCELED, Code.IOC_EXPIRED)
            return took
        return 0

    def follow(self, event: Any) -> None:
        """The book changes; the queues ahead of ours follow."""
        side, ticks = int(event["side"]), int(event["ticks"])
        before = self.book_.levels[side].get(ticks, 0) if side else 0
        self.book_.apply(event)
        model = self.spec.queue
        if model < QueueModel.RISK_AVERSE:
            return
        for order in self.queue(1, -1):
            place = self.places[order.signal]
            if event["kind"] != EventKind.CLEAR and (order.side, order.level_ticks) == (side, ticks):
                after = self.book_.levels[side].get(ticks, 0)
                place.ahead = behind(model, self.spec.power, place.ahead, before - place.traded, after)
                place.traded = 0
            best = self.book_.best(order.side)
            if event["last"] and best is not None and (order.level_ticks - best) * order.side > 0:
                place.ahead = 0.0

    def meet_book(self) -> None:
        """The other side of the book has come up to ours: it fills each once, by as much as came."""
        beyond = 1 if self.spec.queue == QueueModel.THROUGH else 0
        for side in (1, -1):
            best = self.book_.best(-side)
            used = 0
            for order in self.queue(side):
                place, rest = self.places[order.signal], order.lots - order.filled
                if best is None or (order.level_ticks - best) * side < beyond:
                    place.spent = False
                    continue
                came = sum(lots for _, lots in self.in_reach(order)) - used
                if came > 0 and not place.spent:
                    deal = Deal(order.level_ticks, order.level_ticks, Liquidity.MAKER.value)
                    used += self.trade(order, min(came, rest), deal)
                    place.spent = True
