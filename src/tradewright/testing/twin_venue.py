"""The slow twin of the engine, second half: what the venue does with an order, in plain Python."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tradewright.domain.enums import (
    Arrival,
    Code,
    FillFlag,
    LimitFill,
    Liquidity,
    OrderRole,
    OrderStatus,
    OrderType,
    TimeInForce,
)
from tradewright.testing.twin_account import cash, drawn
from tradewright.testing.twin_bracket import exits_for, own_plan, shrunk
from tradewright.testing.twin_ground import Ground
from tradewright.testing.twin_order import TwinOrder

__all__ = ["Deal", "Venue"]

_DAY = 86_400 * 10**9


@dataclass(frozen=True)
class Deal:
    """On what terms an order trades; `inside` says how price moved when it did, AT_OPEN that it was at the open."""

    price: int
    reference: int
    liquidity: int
    flags: int = 0
    inside: Arrival = Arrival.AT_OPEN


class Venue(Ground):
    """The account that a market fills."""

    # -- fills --------------------------------------------------------------------------------------------------------

    def lots_for(self, order: TwinOrder) -> tuple[int, int, int]:
        """Lots that an order gets if it acts now, that it wants, and that stand against it."""
        holding = self.books.holdings[order.instrument]
        against = max(-holding.lots * order.side, 0)
        rest = order.lots - order.filled
        wanted = against if order.close_position else rest
        if order.reduce_only:
            wanted = min(wanted, against)
        elif order.reverses:
            wanted += against
        return int(min(wanted, holding.volume[order.side])), wanted, against

    def fill(self, order: TwinOrder, deal: Deal) -> None:
        """Fill an order as far as the volume goes, or reject an entry that margin does not carry."""
        k, books = order.instrument, self.books
        holding, ts = books.holdings[k], self.ts_close if deal.inside else self.ts_open
        lots, wanted, against = self.lots_for(order)
        if wanted == 0:
            books.close(order, OrderStatus.CANCELED.value, Code.NOTHING_TO_EXIT.value, ts)
            return
        if order.type != OrderType.LIMIT and self.is_barred(k, order.side, deal.reference):
            if order.role in {OrderRole.ENTRY, OrderRole.PLACED}:
                status = OrderStatus.CANCELED if order.filled else OrderStatus.REJECTED
                books.close(order, status.value, Code.BEYOND_TAKE_BOUND.value, ts)
                return
            lots = 0
        elif order.time_in_force == TimeInForce.FOK and lots != wanted:
            books.close(order, OrderStatus.REJECTED.value, Code.FOK_NOT_WHOLE.value, ts)
            return
        opened = 0 if order.reduce_only else max(lots - against, 0)
        if opened and not self.can_carry(order, lots, deal.price):
            status = OrderStatus.CANCELED if order.filled else OrderStatus.REJECTED
            books.close(order, status.value, Code.MARGIN_INSUFFICIENT.value, ts)
            return
        order.triggered = order.type != OrderType.LIMIT
        if order.close_position:
            order.lots = order.filled + wanted
        order.status = max(order.status, OrderStatus.OPEN.value)
        if lots > 0:
            self.book(order, lots, deal, ts)
            for row in [order.instrument, *self.team.beside(order.instrument)]:
                self.books.holdings[row].volume[order.side] -= lots
            self.follow_up(order, deal, lots, opened)
        if order.time_in_force == TimeInForce.IOC and lots < wanted and order in holding.orders:
            books.close(order, OrderStatus.CANCELED.value, Code.IOC_EXPIRED.value, ts)

    def reaches_book(self, order: TwinOrder, price: int, ts: int) -> bool:
        """Whether a limit takes at a price, now that it comes to the book; else it rests, or is not placed at all."""
        takes = order.would_take(price)
        if takes and order.time_in_force == TimeInForce.GTX:
            self.books.close(order, OrderStatus.REJECTED.value, Code.POST_ONLY_WOULD_TAKE.value, ts)
            return False
        if takes and self.books.holdings[order.instrument].can_act(order):
            return True
        if order.time_in_force == TimeInForce.IOC:
            self.books.close(order, OrderStatus.CANCELED.value, Code.IOC_EXPIRED.value, ts)
        elif order.time_in_force == TimeInForce.FOK:
            self.books.close(order, OrderStatus.REJECTED.value, Code.FOK_NOT_WHOLE.value, ts)
        else:
            order.rest()
        return False

    def follow_up(self, order: TwinOrder, deal: Deal, lots: int, opened: int) -> None:
        """Grow or shrink the bracket; let go of what is done."""
        k, books = order.instrument, self.books
        holding, ts = books.holdings[k], self.ts_close if deal.inside else self.ts_open
        turned = 0 < opened < lots
        family = [o for o in holding.orders if o.group == order.group and o is not order]
        placed = order.role == OrderRole.PLACED
        if opened and not placed:
            self.attach(order, deal, order.filled + opened, ts)
        # A reversal counts what it opened; all else counts every lot.
        order.filled += opened if order.reverses else lots
        if order.filled == order.lots or (order.reduce_only and holding.lots == 0):
            books.close(order, OrderStatus.FILLED.value, 0, ts)
        else:
            order.status = OrderStatus.PARTIALLY_FILLED.value
        if order.role in {OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT}:
            self.shrink(order, family, lots, ts)
            if order.role == OrderRole.TAKE_PROFIT:
                self.break_even(order, deal)
        if placed:
            self.withdraw(order, family, lots, ts)
        self.clean_up(order, ended=turned or holding.lots == 0, entered=opened > 0 and not placed)

    def clean_up(self, order: TwinOrder, *, ended: bool, entered: bool) -> None:
        """Cancel what protected a position that is no more, or that a new entry has replaced."""
        k, books = order.instrument, self.books
        ts = books.fills[-1]["ts"]
        if entered:
            books.cancel([o for o in books.exits(k) if o.group != order.group], ts)
        elif ended:
            books.cancel(books.exits(k), ts)
        if ended:
            books.cancel([o for o in books.holdings[k].orders if o.close_position], ts)

    def can_carry(self, order: TwinOrder, lots: int, price: int) -> bool:
        """Whether equity at the fill price, less the fee, covers the initial margin of what would be held."""
        books, k = self.books, order.instrument
        spec, holding = books.specs[k], books.holdings[k]
        # The mark is as far from the fill as it was from the open; to buy above it is to lose the difference at once.
        basis = self.mark(k).open - self.bar(k).open
        mark, holding.mark = holding.mark, price + basis
        equity = books.equity()
        apart = books.kept_apart(but=None if holding.lots * order.side > 0 else k)
        holding.mark = mark
        open_loss = spec.value(lots, max(-order.side * basis, 0))
        # An isolated position that grows asks for the margin of the new part alone, and lends nothing of its own.
        grows = spec.is_isolated and holding.lots * order.side > 0
        others = [j for j in books.held() if j != k and not books.specs[j].is_isolated]
        margin = sum(books.initial_margin(j, books.holdings[j].lots, books.holdings[j].mark) for j in others)
        margin += books.initial_margin(k, lots if grows else holding.lots + order.side * lots, price)
        equity -= apart
        return bool(margin <= equity - spec.value(lots, price) * spec.taker_rate - open_loss)

    def book(self, order: TwinOrder, lots: int, deal: Deal, ts: int) -> None:
        """Write a fill into position, wallet, totals and log."""
        books, k = self.books, order.instrument
        spec = books.specs[k]
        day = self.ts_open // _DAY
        maker, taker = books.fee_rates(k, day)
        rate = maker if deal.liquidity == Liquidity.MAKER else taker
        if order.role == OrderRole.LIQUIDATION:
            rate += spec.liquidation_rate
        closed, earned = books.move(k, order.side * lots, deal.price)
        fee = cash(spec.value(lots, deal.price) * rate)
        books.turnover[day] = cash(books.turnover.get(day, 0.0) + spec.value(lots, deal.price))
        slippage = cash(spec.value(lots, abs(deal.price - deal.reference)))
        for name, amount in (("realised", earned), ("fees", fee), ("slippage", slippage)):
            books.count(name, amount)
        books.wallet = cash(books.wallet + earned - fee)
        line = {name: getattr(order, name) for name in ("instrument", "group", "signal", "side", "role")}
        line |= {"ts": ts, "step": self.step, "order_id": order.id, "liquidity": int(deal.liquidity)}
        line |= {"flags": deal.flags, "ticks": deal.price, "lots": lots, "closed_lots": closed}
        books.fills.append(line | {"fee": fee, "slippage": slippage, "realised": earned})

    def attach(self, entry: TwinOrder, deal: Deal, total: int, ts: int) -> None:
        """The exits that an entry brought with it begin to rest, or grow; as young as this fill."""
        k = entry.instrument
        there = {o.leg: o for o in self.books.exits(k) if o.group == entry.group}
        for wanted in exits_for(self.market, self.own_rules(k), entry, total):
            order = there.get(wanted.leg)
            if order is None:
                order = self.make(k, ts, type=wanted.type, role=wanted.role, side=-entry.side, leg=wanted.leg)
                order.group, order.signal, order.reduce_only = entry.group, entry.signal, True
                order.level_ticks, order.callback = wanted.level, wanted.callback
                order.watch(self.trigger_by(entry.signal, k), self.own_rules(k).price_protect)
                self.look(order)
                if order.is_trailing:
                    order.move(deal.reference if deal.inside else self.bar(k).open)
                # What the market has passed already closes at the next open.
                then = deal.reference
                if order.watches_mark:
                    then = self.other_price(k, then, of_mark=True)
                order.triggered = bool(deal.inside) and order.acts_at(then)
            order.lots, order.step, order.arrival = wanted.lots, self.step, int(deal.inside)

    def shrink(self, done: TwinOrder, family: list[TwinOrder], lots: int, ts: int) -> None:
        """What is left of the position is all that the exits may ask for; the entry's rest is withdrawn."""
        room = done.lots - done.filled
        for other in [o for o in family if o in self.books.holdings[done.instrument].orders]:
            rest = shrunk(other, done, lots, room)
            if other.role == OrderRole.TAKE_PROFIT:
                room -= rest
            if rest:
                other.lots = other.filled + rest
            else:
                self.books.cancel([other], ts)

    def withdraw(self, done: TwinOrder, family: list[TwinOrder], lots: int, ts: int) -> None:
        """Orders that are linked ask for as much less as one of them has got, and for nothing once it is done."""
        for other in family:
            if done.status == OrderStatus.FILLED or other.lots - other.filled <= lots:
                self.books.cancel([other], ts)
            else:
                other.lots -= lots

    def break_even(self, done: TwinOrder, deal: Deal) -> None:
        """A target has filled: the stop-loss goes to the entry price where the plan says so, if that is nearer."""
        plan, holding = own_plan(self.market, done), self.books.holdings[done.instrument]
        if plan is None or not plan["break_even"]:
            return
        for stop in holding.orders:
            if stop.group != done.group or stop.type != OrderType.STOP_MARKET or stop.leg or stop.triggered:
                continue
            level = math.ceil(holding.entry) if holding.lots > 0 else math.floor(holding.entry)
            if level > stop.level_ticks if holding.lots > 0 else level < stop.level_ticks:
                # Price was on its way to the target, with the position: the worst of the bar may lie before.
                stop.level_ticks, stop.step = level, self.step
                known = deal.inside not in {Arrival.AT_OPEN, Arrival.IN_DOUBT}
                stop.arrival = int(Arrival.ON_STOP if known else deal.inside)

    def look(self, order: TwinOrder) -> None:
        """Say how near the price must come to an order in this bar, should it be a limit."""
        chance = self.rules.limit_fill == LimitFill.PROB and self.rules.fill_chance
        number = drawn(self.rules.seed, self.ts_open, 1_000_003 + order.id)
        order.touch = self.rules.limit_fill == LimitFill.TOUCH or number < chance * (2**31 - 1)

    def make(self, k: int, ts: int, **fields: int) -> TwinOrder:
        """An order with the next id, in the book."""
        self.orders_made += 1
        order = TwinOrder(self.orders_made, k, group=self.orders_made, step=self.step, ts_created=ts)
        for name, value in fields.items():
            setattr(order, name, int(value))
        order.origin = order.type
        self.books.holdings[k].orders.append(order)
        return order

    # -- liquidation --------------------------------------------------------------------------------------------------

    def liquidate(self, k: int, reference: int, flags: int) -> None:
        """Close all that the price moves together, in the order of rows, at one price; the fund pays what lacks."""
        books = self.books
        rows, net, limit = sorted([k, *books.fellows(k)]), books.net(k), books.bankruptcy(k)

        def held(ticks: int) -> int:
            return ticks if limit is None else max(ticks, limit) if net > 0 else min(ticks, limit)

        # Nobody owes more than what stood behind the position; what others have lost beyond that is still theirs.
        beside, debt = books.wallet - books.holdings[k].margin, min(books.spare(k), 0.0) if books.standing(k) else 0.0
        for row in rows:
            lots = books.holdings[row].lots
            side = -1 if lots > 0 else 1
            price = self.taken(row, side, abs(lots), held(reference))
            price = held(price) if net * lots > 0 else price
            self.close_by_force(row, Deal(price, held(reference), Liquidity.TAKER, flags))
        lacks = cash(beside - books.wallet if books.specs[k].is_isolated else debt - books.spare(k))
        if lacks > 0.0:
            books.count("insurance", lacks)
            books.covered.append((rows[-1], lacks))
            books.wallet = cash(books.wallet + lacks)

    def close_by_force(self, k: int, deal: Deal) -> None:
        """Cancel all that waits, close, take the fee."""
        books, held = self.books, self.books.holdings[k].lots
        ts = self.ts_open if deal.flags == FillFlag.GAP else self.ts_close
        books.cancel(books.entries(k), ts)
        books.cancel(books.exits(k), ts)
        books.cancel(books.placed(k), ts)
        side = -1 if held > 0 else 1
        order = self.make(k, ts, type=OrderType.MARKET, role=OrderRole.LIQUIDATION, side=side, lots=abs(held))
        order.reduce_only = True
        self.book(order, abs(held), deal, ts)
        order.filled = order.lots
        books.close(order, OrderStatus.FILLED.value, 0, ts)
        self.liquidations += 1
