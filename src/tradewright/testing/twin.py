"""The slow twin of the engine: the rules of a run, step by step, in plain Python.

It shares no code with the kernels but the enums and the records that it reads. Where the two differ, the rules say
which one is wrong.
"""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import (
    Arrival,
    Code,
    FillFlag,
    LimitFill,
    Liquidity,
    OnOpposite,
    OrderRole,
    OrderStatus,
    OrderType,
    SignalKind,
)
from tradewright.testing.twin_account import cash
from tradewright.testing.twin_desk import Desk
from tradewright.testing.twin_limits import LIMITS
from tradewright.testing.twin_order import TwinOrder
from tradewright.testing.twin_venue import Deal

__all__ = ["Twin"]


class Twin(Desk):
    """One run: `Twin(market, rules, balance).run()`; then read `books`, `equity`, `ambiguous_bars`."""

    def run(self) -> Twin:
        """Play every step."""
        for step in range(len(self.market.ts_open)):
            self.step = step
            self.play_open()
            for k in self.present():
                self.play_inside_or_drill(k)
            self.play_close()
            for row in range(len(self.market.signals)):
                if self.market.signals[row]["step"] == step:
                    self.decide(row)
            for row in range(len(self.market.commands)):
                if self.market.commands[row]["step"] == step:
                    self.command(row)
        return self

    # -- the three parts of a step ------------------------------------------------------------------------------------

    def play_open(self) -> None:
        """Marks, funding, liquidation, waiting orders, arriving orders: in that order."""
        for k in self.present():
            self.books.holdings[k].mark = self.mark(k).open
            lots = self.share_of(int(self.market.volume[k, self.step]))
            self.books.holdings[k].volume = {1: lots, -1: lots}
        self.pay_funding(at_open=True)
        for k in self.present():
            if self.books.is_liquidated_at(k, self.mark(k).open):
                self.liquidate(k, self.bar(k).open, FillFlag.GAP.value)
        for k in range(len(self.books.holdings)):
            self.begin_bar(k)
            self.arrive(k)
            self.act_on_gap(k)

    def play_close(self) -> None:
        """Marks, funding, liquidation, expiry, equity."""
        for k, holding in enumerate(self.books.holdings):
            holding.last, holding.mark = self.bar(k).close, self.mark(k).close
        self.pay_funding(at_open=False)
        for k in self.present():
            if self.books.is_liquidated_at(k, self.mark(k).close):
                self.liquidate(k, self.bar(k).close, 0)
        for holding in self.books.holdings:
            for order in list(holding.orders):
                if order.valid_until and self.step >= order.valid_until:
                    self.books.cancel([order], self.ts_close)
                elif order.is_aged(self.ts_close):
                    self.books.close(order, OrderStatus.CANCELED.value, Code.GTC_EXPIRED.value, self.ts_close)
            for order in holding.orders:
                order.touch |= self.rules.limit_fill == LimitFill.PROB
        for who, curve in enumerate(self.curves):
            curve.append(self.books.equity(who))

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
            if self.books.specs[k].is_isolated:
                holding.margin = max(cash(holding.margin + amount), 0.0)
            line = {"ts": int(event["ts"]), "instrument": k, "lots": holding.lots, "ticks": holding.mark}
            self.books.payments.append(line | {"rate": rate, "amount": amount})

    # -- the open -----------------------------------------------------------------------------------------------------

    def begin_bar(self, k: int) -> None:
        """What was there before the bar meets its open."""
        if k not in self.present():
            return
        for order in self.books.holdings[k].orders:
            if self.rules.limit_fill == LimitFill.PROB:
                self.look(order)
        self.act_on_gap(k)
        for order in self.books.holdings[k].orders:
            if order.is_trailing:
                order.move(self.bar(k).open)

    def act_on_gap(self, k: int) -> None:
        """Orders that rest and that the open alone brings to life, oldest first."""
        if k not in self.present():
            return
        price, holding = self.bar(k).open, self.books.holdings[k]
        while hits := [o for o in holding.orders if self.acts_on_open(o)]:
            order = hits[0]
            rested = order.step < self.step and not order.triggered
            gap = FillFlag.GAP.value if rested and self.seen(order).open != order.place else 0
            if order.is_two_stage:
                self.become_limit(order, Arrival.AT_OPEN)
                if self.has_way(order, price, self.ts_open) and self.reaches_book(order, price, self.ts_open):
                    self.take_open(order, gap)
            elif rested and order.type == OrderType.LIMIT:
                gap |= self.touched(order)
                self.fill(order, Deal(order.level_ticks, order.level_ticks, Liquidity.MAKER, gap))
            elif self.has_way(order, price, self.ts_open):
                self.take_open(order, gap)

    def acts_on_open(self, order: TwinOrder) -> bool:
        """Whether an order that is at the venue does something at the open."""
        k = order.instrument
        held_back = self.is_held_back(order, self.mark(k).open, self.bar(k).open)
        wakes = order.acts_at(self.seen(order).open) and not held_back
        if order.triggered:
            wakes = not self.is_barred(k, order.side, self.bar(k).open)
        return order.status != OrderStatus.PENDING and wakes and self.books.holdings[order.instrument].can_act(order)

    def take_open(self, order: TwinOrder, gap: int) -> None:
        """Take the open with its costs; a limit is never filled beyond its price."""
        reference = self.bar(order.instrument).open
        lots = self.lots_for(order)[0]
        price = order.bounded(self.taken(order.instrument, order.side, lots, reference))
        if order.type != OrderType.LIMIT:
            price = self.held_to_bound(order.instrument, order.side, price, reference)
        self.fill(order, Deal(price, reference, Liquidity.TAKER, gap))

    # -- decide -------------------------------------------------------------------------------------------------------

    def decide(self, row: int) -> None:
        """A signal at the close becomes orders for the next open, or a refusal with its numbers."""
        signal = self.market.signals[row]
        k, kind = int(signal["instrument"]), int(signal["kind"])
        held, on_opposite = self.books.holdings[k].lots, self.own_rules(k).on_opposite
        opposes = held != 0 and kind != SignalKind.EXIT and (held > 0) != (kind > 0)
        # Spot knows no shorts: to sell there is to leave.
        knows_shorts = self.books.specs[k].is_perpetual
        closes = on_opposite == OnOpposite.CLOSE or (on_opposite == OnOpposite.REVERSE and not knows_shorts)
        if kind == SignalKind.EXIT:
            legs = self.team.legs(k)
            for leg in legs:
                self.books.cancel(self.books.entries(leg), self.ts_close)
            for leg in [leg for leg in legs if self.books.holdings[leg].lots]:
                self.leave(leg, row)
            if not any(self.books.holdings[leg].lots for leg in legs):
                self.refuse(row, signal, Code.NOTHING_TO_EXIT, 0.0, 0.0)
        elif opposes and closes:
            self.leave(k, row)
        else:
            code, observed, limit, lots = self.gate(k).judge(signal)
            if code == Code.OK:
                self.enter(k, row, signal, lots)
            else:
                if opposes and code in LIMITS:
                    self.leave(k, row)
                self.refuse(row, signal, code, observed, limit)

    def refuse(self, row: int, signal: Any, code: int, observed: float, limit: float) -> None:
        """Write a refusal down."""
        line = {"ts": self.ts_close, "step": self.step, "instrument": int(signal["instrument"]), "signal": row}
        line |= {"command": -1, "order_id": 0}
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
        order.valid_until = self.step + int(signal["valid_steps"]) if signal["valid_steps"] else 0
        order.time_in_force = int(signal["time_in_force"])
        order.watch(self.trigger_by(row, k), self.own_rules(k).price_protect)
        if signal["plan"]:
            plan = self.market.plans[signal["plan"] - 1]
            order.trigger_ticks, order.callback = int(plan["trigger_ticks"]), int(plan["entry_callback"])
        order.has_stop, order.has_target = bool(signal["has_stop"]), bool(signal["has_target"])
        order.stop_ticks, order.target_ticks = int(signal["stop_ticks"]), int(signal["target_ticks"])
