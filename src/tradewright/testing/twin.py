"""The slow twin of the engine: the rules of a run, step by step, in plain Python.

It shares no code with the kernels but the enums and the records that it reads. Where the two differ, the rules say
which one is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tradewright.domain.enums import (
    Arrival,
    Code,
    FillFlag,
    Liquidity,
    OnOpposite,
    OrderRole,
    OrderStatus,
    OrderType,
    SignalKind,
)
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.testing.twin_account import Bar, Books, TwinOrder, cash
from tradewright.testing.twin_gate import Gate

__all__ = ["Twin"]

_FAVOURABLE, _ADVERSE = 1, 0


@dataclass(frozen=True)
class Deal:
    """On what terms an order trades; `inside` says how price moved when it did, AT_OPEN that it was at the open."""

    price: int
    reference: int
    liquidity: int
    flags: int = 0
    inside: Arrival = Arrival.AT_OPEN


class Twin:
    """One run: `Twin(market, rules, balance).run()`; then read `books`, `equity`, `ambiguous_bars`."""

    def __init__(self, market: Market, rules: Rules, balance: float, *, room: int = 8) -> None:
        self.market = market
        self.rules = rules
        self.books = Books(market, balance)
        self.gate = Gate(self.books, rules, room)
        self.equity: list[float] = []
        self.ambiguous_bars = 0
        self.liquidations = 0
        self.orders_made = 0
        self.step = 0
        # The bar in which a stop entry opened the present position: its extremes may be older than the position.
        self.entered_on_stop: dict[int, int] = {}

    def run(self) -> Twin:
        """Play every step."""
        for step in range(len(self.market.ts_open)):
            self.step = step
            self.play_open()
            for k in self.present():
                self.play_inside(k)
            self.play_close()
            for row in range(len(self.market.signals)):
                if self.market.signals[row]["step"] == step:
                    self.decide(row)
        return self

    # -- the market ---------------------------------------------------------------------------------------------------

    def present(self) -> list[int]:
        """Instruments that have a bar now."""
        return [k for k in range(len(self.books.specs)) if self.market.has_bar[k, self.step]]

    def bar(self, k: int) -> Bar:
        """The bar of an instrument now."""
        market, at = self.market, (k, self.step)
        return Bar(int(market.open[at]), int(market.high[at]), int(market.low[at]), int(market.close[at]))

    @property
    def ts_open(self) -> int:
        """When the step begins."""
        return int(self.market.ts_open[self.step])

    @property
    def ts_close(self) -> int:
        """When the step ends."""
        return int(self.market.ts_close[self.step])

    # -- the three parts of a step ------------------------------------------------------------------------------------

    def play_open(self) -> None:
        """Marks, funding, liquidation, waiting orders, arriving orders: in that order."""
        for k in self.present():
            self.books.holdings[k].mark = self.bar(k).open
        self.pay_funding(at_open=True)
        for k in self.present():
            if self.books.is_liquidated_at(k, self.bar(k).open):
                self.liquidate(k, self.bar(k).open, FillFlag.GAP.value)
        for k in self.present():
            self.act_on_gap(k)
            self.admit(k)
            self.act_on_gap(k)

    def play_close(self) -> None:
        """Marks, funding, liquidation, expiry, equity."""
        for k, holding in enumerate(self.books.holdings):
            holding.mark = int(self.market.close[k, self.step])
        self.pay_funding(at_open=False)
        for k in self.present():
            if self.books.is_liquidated_at(k, self.bar(k).close):
                self.liquidate(k, self.bar(k).close, 0)
        for holding in self.books.holdings:
            over = [o for o in holding.orders if o.valid_steps and self.step >= o.step + o.valid_steps]
            self.books.cancel(over, self.ts_close)
        self.equity.append(self.books.equity())

    def pay_funding(self, *, at_open: bool) -> None:
        """Longs pay a positive rate on the value of what they hold at that instant."""
        for event in self.market.funding:
            k, rate = int(event["instrument"]), float(event["rate"])
            holding = self.books.holdings[k]
            if event["step"] != self.step or event["at_open"] != at_open or holding.lots == 0:
                continue
            value = self.books.specs[k].value(holding.lots, holding.mark)
            amount = cash((-1 if holding.lots > 0 else 1) * value * rate)
            self.books.count("funding", amount)
            self.books.wallet = cash(self.books.wallet + amount)
            line = {"ts": int(event["ts"]), "instrument": k, "lots": holding.lots, "ticks": holding.mark}
            self.books.payments.append(line | {"rate": rate, "amount": amount})

    # -- the open -----------------------------------------------------------------------------------------------------

    def act_on_gap(self, k: int) -> None:
        """Orders that rest and that the open alone brings to life, oldest first."""
        price = self.bar(k).open
        while hits := [o for o in self.books.holdings[k].orders if o.status == OrderStatus.OPEN and o.acts_at(price)]:
            order = hits[0]
            rested = order.step < self.step
            gap = FillFlag.GAP.value if rested and price != order.level_ticks else 0
            if rested and order.type == OrderType.LIMIT:
                self.fill(order, Deal(order.level_ticks, order.level_ticks, Liquidity.MAKER, gap))
            else:
                self.take_open(order, gap)

    def admit(self, k: int) -> None:
        """Orders decided at an earlier close reach the venue."""
        price = self.bar(k).open
        for order in list(self.books.holdings[k].orders):
            if order.status != OrderStatus.PENDING or order not in self.books.holdings[k].orders:
                continue
            takes = order.side * (order.level_ticks - price) >= 0
            if order.type == OrderType.MARKET or (order.type == OrderType.LIMIT and takes):
                self.take_open(order, 0)
            elif order.type == OrderType.STOP_MARKET and order.acts_at(price):
                self.books.close(order, OrderStatus.REJECTED.value, Code.WOULD_TRIGGER_AT_ONCE.value, self.ts_open)
            else:
                order.status = OrderStatus.OPEN.value

    def take_open(self, order: TwinOrder, gap: int) -> None:
        """Take the open with its costs; a limit is never filled beyond its price."""
        reference = self.bar(order.instrument).open
        price = self.books.specs[order.instrument].taken(order.side, reference)
        if order.type == OrderType.LIMIT:
            price = min(price, order.level_ticks) if order.side > 0 else max(price, order.level_ticks)
        self.fill(order, Deal(price, reference, Liquidity.TAKER, gap))

    # -- inside the bar -----------------------------------------------------------------------------------------------

    def play_inside(self, k: int) -> None:
        """One event after another until the bar has no more."""
        decided = False
        while (event := self.next_event(k)) is not None:
            if event == "liquidation":
                decided |= self.liquidate_inside(k)
            else:
                decided |= self.act_inside(event)
        decided |= any(self.is_missed_target(order) for order in self.books.holdings[k].orders)
        self.ambiguous_bars += decided

    def next_event(self, k: int) -> Any:
        """An order, "liquidation" or None: the adverse side first, then the favourable; nearest to the open first."""
        bar, holding = self.bar(k), self.books.holdings[k]
        events: list[tuple[tuple[int, int, int], Any]] = []
        for order in holding.orders:
            leg = _ADVERSE
            if holding.lots != 0 and order.is_below != (holding.lots > 0):
                leg = _FAVOURABLE
            if order.status == OrderStatus.OPEN and order.acts_at(self.reach(order, leg)):
                events.append(((leg, abs(order.level_ticks - bar.open), order.id), order))
        if self.books.is_liquidated_at(k, bar.low if holding.lots > 0 else bar.high):
            price = self.price_of_liquidation(k)
            # At one price an order comes before the venue's axe.
            events.append(((_ADVERSE, abs(price - bar.open), 1 << 60), "liquidation"))
        return min(events)[1] if events else None

    def reach(self, order: TwinOrder, leg: int) -> int:
        """How far the price went towards an order while it was there, as far as the bar proves it."""
        bar = self.bar(order.instrument)
        born_here = order.step == self.step and order.arrival == Arrival.ON_LIMIT
        if leg == _FAVOURABLE and born_here:
            return bar.close
        return bar.low if order.is_below else bar.high

    def act_inside(self, order: TwinOrder) -> bool:
        """Fill an order inside the bar; returns whether the bar allows another outcome."""
        bar, level, k = self.bar(order.instrument), order.level_ticks, order.instrument
        unproven = order.role == OrderRole.STOP_LOSS and self.is_fresh(k) and not order.acts_at(bar.close)
        ambiguous = unproven or self.has_rival(k, below=order.is_below)
        flags = FillFlag.AMBIGUOUS.value if ambiguous else 0
        if order.type == OrderType.LIMIT:
            self.fill(order, Deal(level, level, Liquidity.MAKER, flags, Arrival.ON_LIMIT))
            return ambiguous
        price = self.books.specs[k].taken(order.side, level)
        # Slippage does not reach beyond what was traded; nor does a taker ever gain from the bound.
        price = max(level, min(price, bar.high)) if order.side > 0 else min(level, max(price, bar.low))
        before = self.books.holdings[k].lots
        self.fill(order, Deal(price, level, Liquidity.TAKER, flags, Arrival.ON_STOP))
        if not order.reduce_only and self.books.holdings[k].lots != before:
            self.entered_on_stop[k] = self.step
        return ambiguous

    def is_fresh(self, k: int) -> bool:
        """Whether a stop entry opened the position inside this very bar."""
        return self.entered_on_stop.get(k) == self.step

    def has_rival(self, k: int, *, below: bool) -> bool:
        """Whether the bar also reaches an order on the other side of the price."""
        others = [o for o in self.books.holdings[k].orders if o.status == OrderStatus.OPEN and o.is_below != below]
        return any(order.acts_within(self.bar(k)) for order in others)

    def is_missed_target(self, order: TwinOrder) -> bool:
        """A target in the bar's range that was not granted, since the range may be older than the target."""
        born_here = order.step == self.step and order.arrival == Arrival.ON_LIMIT
        is_target = order.role == OrderRole.TAKE_PROFIT
        return born_here and is_target and order.acts_within(self.bar(order.instrument))

    # -- fills --------------------------------------------------------------------------------------------------------

    def fill(self, order: TwinOrder, deal: Deal) -> None:
        """Fill an order, or reject an entry that margin does not carry."""
        k, books = order.instrument, self.books
        ts = self.ts_close if deal.inside else self.ts_open
        against = max(-books.holdings[k].lots * order.side, 0)
        lots = min(order.lots, against) if order.reduce_only else order.lots + against
        if not order.reduce_only and not self.can_carry(order, lots, deal.price):
            books.close(order, OrderStatus.REJECTED.value, Code.MARGIN_INSUFFICIENT.value, ts)
            return
        self.book(order, lots, deal, ts)
        books.close(order, OrderStatus.FILLED.value, 0, ts)
        if not order.reduce_only:
            books.cancel([o for o in books.exits(k) if o.group != order.group], ts)
            self.attach(order, deal, ts)
        elif books.holdings[k].lots == 0:
            books.cancel(books.exits(k), ts)

    def can_carry(self, order: TwinOrder, lots: int, price: int) -> bool:
        """Whether equity at the fill price, less the fee, covers the initial margin of what would be held."""
        books, k = self.books, order.instrument
        spec, holding = books.specs[k], books.holdings[k]
        mark, holding.mark = holding.mark, price
        equity = books.equity()
        holding.mark = mark
        margin = sum(
            books.initial_margin(j, books.holdings[j].lots, books.holdings[j].mark) for j in books.held() if j != k
        )
        margin += books.initial_margin(k, holding.lots + order.side * lots, price)
        return bool(margin <= equity - spec.value(lots, price) * spec.taker_rate)

    def book(self, order: TwinOrder, lots: int, deal: Deal, ts: int) -> None:
        """Write a fill into position, wallet, totals and log."""
        books, k = self.books, order.instrument
        spec = books.specs[k]
        rate = spec.maker_rate if deal.liquidity == Liquidity.MAKER else spec.taker_rate
        if order.role == OrderRole.LIQUIDATION:
            rate += spec.liquidation_rate
        closed, earned = books.move(k, order.side * lots, deal.price)
        fee = cash(spec.value(lots, deal.price) * rate)
        slippage = cash(spec.value(lots, abs(deal.price - deal.reference)))
        for name, amount in (("realised", earned), ("fees", fee), ("slippage", slippage)):
            books.count(name, amount)
        books.wallet = cash(books.wallet + earned - fee)
        line = {name: getattr(order, name) for name in ("instrument", "group", "signal", "side", "role")}
        line |= {"ts": ts, "step": self.step, "order_id": order.id, "liquidity": int(deal.liquidity)}
        line |= {"flags": deal.flags, "ticks": deal.price, "lots": lots, "closed_lots": closed}
        books.fills.append(line | {"fee": fee, "slippage": slippage, "realised": earned})

    def attach(self, entry: TwinOrder, deal: Deal, ts: int) -> None:
        """The exits that an entry brought with it begin to rest."""
        exits = (
            (entry.has_stop, OrderRole.STOP_LOSS, OrderType.STOP_MARKET, entry.stop_ticks),
            (entry.has_target, OrderRole.TAKE_PROFIT, self.rules.target_type, entry.target_ticks),
        )
        for wanted, role, kind, level in exits:
            if wanted:
                order = self.make(entry.instrument, ts, type=kind, role=role, side=-entry.side, lots=entry.lots)
                order.group, order.signal, order.reduce_only = entry.group, entry.signal, True
                order.level_ticks, order.arrival = level, int(deal.inside)

    def make(self, k: int, ts: int, **fields: int) -> TwinOrder:
        """An order with the next id, in the book."""
        self.orders_made += 1
        order = TwinOrder(self.orders_made, k, group=self.orders_made, step=self.step, ts_created=ts)
        for name, value in fields.items():
            setattr(order, name, int(value))
        self.books.holdings[k].orders.append(order)
        return order

    # -- liquidation --------------------------------------------------------------------------------------------------

    def price_of_liquidation(self, k: int) -> int:
        """Where inside the bar the venue steps in: at the open, if that is too late already."""
        bar = self.bar(k)
        if self.books.is_liquidated_at(k, bar.open):
            return bar.open
        return self.books.liquidation_price(k, bar.open, bar.low if self.books.holdings[k].lots > 0 else bar.high)

    def liquidate_inside(self, k: int) -> bool:
        """Liquidate within the bar; returns whether the bar allows another outcome."""
        is_long, close = self.books.holdings[k].lots > 0, self.bar(k).close
        price = self.price_of_liquidation(k)
        unproven = self.is_fresh(k) and (close > price if is_long else close < price)
        ambiguous = unproven or self.has_rival(k, below=is_long)
        self.liquidate(k, price, FillFlag.AMBIGUOUS.value if ambiguous else 0)
        return ambiguous

    def liquidate(self, k: int, reference: int, flags: int) -> None:
        """Cancel, close at the price with slippage but not beyond bankruptcy, take the fee, never leave a debt."""
        books, held = self.books, self.books.holdings[k].lots
        side = -1 if held > 0 else 1
        price, limit = books.specs[k].taken(side, reference), books.bankruptcy_price(k)
        choose = max if held > 0 else min
        price, reference = choose(price, limit), choose(reference, limit)
        ts = self.ts_open if flags == FillFlag.GAP else self.ts_close
        books.cancel(books.entries(k), ts)
        books.cancel(books.exits(k), ts)
        order = self.make(k, ts, type=OrderType.MARKET, role=OrderRole.LIQUIDATION, side=side, lots=abs(held))
        order.reduce_only = True
        self.book(order, abs(held), Deal(price, reference, Liquidity.TAKER, flags), ts)
        books.close(order, OrderStatus.FILLED.value, 0, ts)
        self.liquidations += 1
        if not books.held() and books.wallet < 0.0:
            books.count("insurance", -books.wallet)
            books.wallet = 0.0

    # -- decide -------------------------------------------------------------------------------------------------------

    def decide(self, row: int) -> None:
        """A signal at the close becomes orders for the next open, or a refusal with its numbers."""
        signal = self.market.signals[row]
        k, kind = int(signal["instrument"]), int(signal["kind"])
        held, on_opposite = self.books.holdings[k].lots, self.rules.on_opposite
        opposes = held != 0 and kind != SignalKind.EXIT and (held > 0) != (kind > 0)
        # Spot knows no shorts: to sell there is to leave.
        knows_shorts = self.books.specs[k].is_perpetual
        closes = on_opposite == OnOpposite.CLOSE or (on_opposite == OnOpposite.REVERSE and not knows_shorts)
        if kind == SignalKind.EXIT and held == 0:
            self.books.cancel(self.books.entries(k), self.ts_close)
            self.refuse(row, signal, Code.NOTHING_TO_EXIT, 0.0, 0.0)
        elif kind == SignalKind.EXIT or (opposes and closes):
            self.leave(k, row)
        else:
            code, observed, limit, lots = self.gate.judge(signal)
            if code == Code.OK:
                self.enter(k, row, signal, lots)
            else:
                self.refuse(row, signal, code, observed, limit)

    def refuse(self, row: int, signal: Any, code: int, observed: float, limit: float) -> None:
        """Write a refusal down."""
        line = {"ts": self.ts_close, "step": self.step, "instrument": int(signal["instrument"]), "signal": row}
        self.books.refusals.append(line | {"code": int(code), "observed": float(observed), "limit": float(limit)})

    def leave(self, k: int, row: int) -> None:
        """Close the position at the next open; waiting entries are withdrawn."""
        self.books.cancel(self.books.entries(k), self.ts_close)
        if all(order.role != OrderRole.EXIT for order in self.books.holdings[k].orders):
            held = self.books.holdings[k].lots
            side = -1 if held > 0 else 1
            order = self.make(k, self.ts_close, type=OrderType.MARKET, role=OrderRole.EXIT, side=side, lots=abs(held))
            order.signal, order.reduce_only, order.status = row, True, OrderStatus.PENDING.value

    def enter(self, k: int, row: int, signal: Any, lots: int) -> None:
        """Send an entry with its bracket; it replaces those that wait."""
        self.books.cancel(self.books.entries(k), self.ts_close)
        what = {"type": signal["order_type"], "role": OrderRole.ENTRY, "side": signal["kind"], "lots": lots}
        order = self.make(k, self.ts_close, **what)
        order.signal, order.status, order.reverses = row, OrderStatus.PENDING.value, True
        order.level_ticks = 0 if order.type == OrderType.MARKET else int(signal["entry_ticks"])
        order.valid_steps = int(signal["valid_steps"])
        order.has_stop, order.has_target = bool(signal["has_stop"]), bool(signal["has_target"])
        order.stop_ticks, order.target_ticks = int(signal["stop_ticks"]), int(signal["target_ticks"])
