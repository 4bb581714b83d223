"""The slow twin of the engine, second half: what the venue does with an order, in plain Python."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tradewright.domain.enums import (
    Arrival,
    Code,
    FillFlag,
    LimitFill,
    Liquidity,
    OrderRole,
    OrderStatus,
    OrderType,
    Slippage,
    TimeInForce,
)
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.testing.twin_account import Bar, Books, TwinOrder, cash, drawn
from tradewright.testing.twin_bracket import exits_for, own_plan, shrunk
from tradewright.testing.twin_gate import Gate
from tradewright.testing.twin_limits import Past
from tradewright.testing.twin_team import Team
from tradewright.testing.worlds import NO_FINER, FinerBars

__all__ = ["Deal", "Part", "Venue"]

_DAY = 86_400 * 10**9


@dataclass(frozen=True)
class Deal:
    """On what terms an order trades; `inside` says how price moved when it did, AT_OPEN that it was at the open."""

    price: int
    reference: int
    liquidity: int
    flags: int = 0
    inside: Arrival = Arrival.AT_OPEN


@dataclass(frozen=True)
class Part:
    """A finer bar: a part of the bar of one instrument."""

    bar: Bar
    volume: int
    ts_open: int
    ts_close: int


class Venue:
    """The market that a run is played against, and the account that it fills."""

    def __init__(
        self, market: Market, rules: Rules, balance: float, *, room: int = 8, finer: FinerBars = NO_FINER
    ) -> None:
        self.market = market
        self.rules = rules
        self.finer = finer
        self.part: Part | None = None
        self.team = Team(market, rules, balance)
        self.books = Books(market, self.team)
        self.curves: list[list[float]] = [[] for _ in self.team.rules]
        self.equity = self.curves[0]
        self.pasts = [Past(market, self.books, who, curve) for who, curve in enumerate(self.curves)]
        # Where commands are given, rows of orders grow as they are filled.
        self.gates = [Gate(self.books, who, 0 if len(market.commands) else room, self.pasts) for who in self.members()]
        self.ambiguous_bars = 0
        self.liquidations = 0
        self.orders_made = 0
        self.travelling: list[int] = []
        self.step: Any = 0  # while a bar is drilled, a fraction
        # The bar in which an entry opened the present position: its worst mark may be older than the position.
        self.entered_in_doubt: dict[int, Any] = {}

    # -- the team -----------------------------------------------------------------------------------------------------

    def members(self) -> range:
        """The account and its members."""
        return range(len(self.team.rules))

    def gate(self, k: int) -> Gate:
        """Who judges what is wished of a row."""
        return self.gates[self.team.of_row[k]]

    def own_rules(self, k: int) -> Rules:
        """By which a row is traded."""
        return self.team.rules[self.team.of_row[k]]

    # -- the market ---------------------------------------------------------------------------------------------------

    def present(self) -> list[int]:
        """Instruments that have a bar now."""
        return [k for k in range(len(self.books.specs)) if self.market.has_bar[k, int(self.step)]]

    def bar(self, k: int) -> Bar:
        """The bar of an instrument now."""
        if self.part is not None:
            return self.part.bar
        market, at = self.market, (k, self.step)
        return Bar(int(market.open[at]), int(market.high[at]), int(market.low[at]), int(market.close[at]))

    def mark(self, k: int) -> Bar:
        """The bar of an instrument's mark price now."""
        market, at = self.market, (k, int(self.step))
        columns = (market.mark_open, market.mark_high, market.mark_low, market.mark_close)
        whole = Bar(*(int(column[at]) for column in columns))
        if self.part is None:
            return whole
        # A mark of its own has no finer bars: it may be anywhere where it was in the whole bar.
        trades = Bar(*(int(column[at]) for column in (market.open, market.high, market.low, market.close)))
        return self.part.bar if whole == trades else whole

    def seen(self, order: TwinOrder) -> Bar:
        """The bar of the price that an order watches."""
        return self.mark(order.instrument) if order.watches_mark else self.bar(order.instrument)

    def is_apart(self, k: int) -> bool:
        """Whether the mark goes its own way in this bar."""
        return self.mark(k) != self.bar(k)

    def other_price(self, k: int, ticks: int, *, of_mark: bool) -> int:
        """The mark when trades are at a price, or the other way: as far off as at the open, within its extremes."""
        mark, bar = self.mark(k), self.bar(k)
        own, other = (bar, mark) if of_mark else (mark, bar)
        return sorted((other.low, ticks + other.open - own.open, other.high))[1]

    def is_held_back(self, order: TwinOrder, mark: int, last: int) -> bool:
        """Price protection: too far apart, they trigger nothing."""
        most = self.books.specs[order.instrument].trigger_protect
        return bool(order.protected and order.is_conditional and most and abs(mark - last) > most * mark)

    def trigger_by(self, signal: int, k: int) -> int:
        """What watches the triggers of a signal: what it says, or else what the rules of its row say."""
        asked = int(self.market.signals[signal]["trigger_by"]) if signal >= 0 else 0
        return asked - 1 if asked else self.own_rules(k).trigger_by

    @property
    def ts_open(self) -> int:
        """When the step begins."""
        if self.part is not None:
            return self.part.ts_open
        return int(self.market.ts_open[self.step])

    @property
    def ts_close(self) -> int:
        """When the step ends."""
        if self.part is not None:
            return self.part.ts_close
        return int(self.market.ts_close[self.step])

    # -- fills --------------------------------------------------------------------------------------------------------

    def taken(self, k: int, side: int, lots: int, ticks: int) -> int:
        """The price that a taker of so many lots gets: spread and slippage against him, in whole ticks."""
        spec, at = self.books.specs[k], (k, int(self.step))
        volume = int(self.market.volume[at]) if self.part is None else self.part.volume
        cost = ticks * spec.cost_rate
        if spec.slippage == Slippage.TICKS:
            cost += spec.slippage_size
        if spec.slippage == Slippage.VOLUME_SHARE:
            share = 1.0 if lots >= volume else lots / volume
            cost += ticks * spec.slippage_size * (share * share)
        if spec.slippage == Slippage.SQUARE_ROOT:
            cost += ticks * spec.slippage_size * (float(self.market.impact[at]) * math.sqrt(lots))
        return max(ticks + side * math.ceil(cost - 1e-9), 1)

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
        if order.time_in_force == TimeInForce.FOK and lots != wanted:
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
        """Close all that the price moves together, in the order of rows, at one price."""
        price = self.books.not_beyond_bankruptcy(k, reference)
        for row in sorted([k, *self.books.fellows(k)]):
            self.close_by_force(row, price, flags)

    def close_by_force(self, k: int, reference: int, flags: int) -> None:
        """Cancel, close at the price with slippage but not beyond bankruptcy, take the fee, never leave a debt."""
        books, held = self.books, self.books.holdings[k].lots
        side = -1 if held > 0 else 1
        price = self.taken(k, side, abs(held), reference)
        if (books.net(k) > 0) == (held > 0):
            price, reference = (books.not_beyond_bankruptcy(k, ticks) for ticks in (price, reference))
        ts = self.ts_open if flags == FillFlag.GAP else self.ts_close
        books.cancel(books.entries(k), ts)
        books.cancel(books.exits(k), ts)
        books.cancel(books.placed(k), ts)
        order = self.make(k, ts, type=OrderType.MARKET, role=OrderRole.LIQUIDATION, side=side, lots=abs(held))
        order.reduce_only = True
        beside = books.wallet - books.holdings[k].margin
        self.book(order, abs(held), Deal(price, reference, Liquidity.TAKER, flags), ts)
        order.filled = order.lots
        books.close(order, OrderStatus.FILLED.value, 0, ts)
        self.liquidations += 1
        # Nobody owes more than what stood behind the position: isolated, its margin; else what is set aside for none.
        if not books.specs[k].is_isolated:
            beside = math.fsum(holding.margin for holding in books.holdings)
        if (books.specs[k].is_isolated or not books.company(k)) and books.wallet < beside:
            books.count("insurance", cash(beside) - books.wallet)
            books.covered.append((k, cash(beside) - books.wallet))
            books.wallet = cash(beside)
