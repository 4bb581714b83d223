"""The slow twin of the engine: the rules of a run, step by step, in plain Python.

It shares no code with the kernels but the enums and the records that it reads. Where the two differ, the rules say
which one is wrong.
"""

from __future__ import annotations

import math
from typing import Any

from tradewright.domain.enums import (
    Ambiguity,
    Arrival,
    Code,
    FillFlag,
    Liquidity,
    OnOpposite,
    OrderRole,
    OrderStatus,
    OrderType,
    Side,
    SignalKind,
)
from tradewright.testing.twin_account import TwinOrder, cash, coin
from tradewright.testing.twin_venue import Deal, Venue

__all__ = ["Twin"]


class Twin(Venue):
    """One run: `Twin(market, rules, balance).run()`; then read `books`, `equity`, `ambiguous_bars`."""

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

    # -- the three parts of a step ------------------------------------------------------------------------------------

    def play_open(self) -> None:
        """Marks, funding, liquidation, waiting orders, arriving orders: in that order."""
        for k in self.present():
            self.books.holdings[k].mark = self.bar(k).open
            share = self.rules.participation
            lots = math.floor(share * int(self.market.volume[k, self.step]) + 1e-9) if share else math.inf
            self.books.holdings[k].volume = {1: lots, -1: lots}
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
            over = [o for o in holding.orders if o.valid_until and self.step >= o.valid_until]
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
        price, holding = self.bar(k).open, self.books.holdings[k]
        while hits := [o for o in holding.orders if self.acts_on_open(o, price)]:
            order = hits[0]
            rested = order.step < self.step and not order.triggered
            gap = FillFlag.GAP.value if rested and price != order.place else 0
            if order.is_two_stage:
                self.become_limit(order, Arrival.AT_OPEN)
                if self.reaches_book(order, price, self.ts_open):
                    self.take_open(order, gap)
            elif rested and order.type == OrderType.LIMIT:
                self.fill(order, Deal(order.level_ticks, order.level_ticks, Liquidity.MAKER, gap))
            else:
                self.take_open(order, gap)

    def acts_on_open(self, order: TwinOrder, price: int) -> bool:
        """Whether an order that is at the venue does something at the open."""
        wakes = order.triggered or order.acts_at(price)
        return order.status != OrderStatus.PENDING and wakes and self.books.holdings[order.instrument].can_act(order)

    def admit(self, k: int) -> None:
        """Orders decided at an earlier close reach the venue."""
        price = self.bar(k).open
        for order in list(self.books.holdings[k].orders):
            if order.status != OrderStatus.PENDING or order not in self.books.holdings[k].orders:
                continue
            if order.type == OrderType.MARKET:
                self.take_open(order, 0)
            elif order.type == OrderType.LIMIT:
                if self.reaches_book(order, price, self.ts_open):
                    self.take_open(order, 0)
            elif order.acts_at(price):
                self.books.close(order, OrderStatus.REJECTED.value, Code.WOULD_TRIGGER_AT_ONCE.value, self.ts_open)
            else:
                order.status = OrderStatus.OPEN.value

    def take_open(self, order: TwinOrder, gap: int) -> None:
        """Take the open with its costs; a limit is never filled beyond its price."""
        reference = self.bar(order.instrument).open
        price = order.bounded(self.books.specs[order.instrument].taken(order.side, reference))
        self.fill(order, Deal(price, reference, Liquidity.TAKER, gap))

    def become_limit(self, order: TwinOrder, arrival: Arrival) -> None:
        """Triggered, an order of two prices is a plain limit, and as young as this moment."""
        order.type, order.step, order.arrival = OrderType.LIMIT.value, self.step, arrival.value

    # -- inside the bar -----------------------------------------------------------------------------------------------

    def play_inside(self, k: int) -> None:
        """One event after another until the bar has no more."""
        decided = False
        if self.rules.ambiguity in {Ambiguity.WORST, Ambiguity.BEST}:
            while (event := self.next_event(k)) is not None:
                decided |= self.act(k, event, self.price_of_liquidation(k) if event == "liquidation" else 0)
        else:
            start = self.bar(k).open
            for end in self.corners(k):
                while (met := self.next_on_leg(k, start, end)) is not None:
                    start = met[0]
                    decided |= self.act(k, met[1], start)
                start = end
        self.ambiguous_bars += decided or self.was_spared(k)

    def act(self, k: int, event: Any, price: int) -> bool:
        """Let an event happen; returns whether the bar allows another outcome."""
        return self.liquidate_inside(k, price) if event == "liquidation" else self.act_inside(event)

    def corners(self, k: int) -> tuple[int, int, int]:
        """Where the path of the policy turns, after the open."""
        bar, policy = self.bar(k), self.rules.ambiguity
        upward = policy == Ambiguity.OHLC
        if policy == Ambiguity.ADAPTIVE:
            upward = bar.high - bar.open < bar.open - bar.low
        if policy == Ambiguity.RANDOM:
            upward = coin(self.rules.seed, self.ts_open, k)
        return (bar.high, bar.low, bar.close) if upward else (bar.low, bar.high, bar.close)

    def next_on_leg(self, k: int, start: int, end: int) -> tuple[int, Any] | None:
        """What is met on a straight way, and where; the oldest order first, and the venue last."""
        orders = [o for o in self.books.holdings[k].orders if self.books.holdings[k].listens(o) and o.acts_at(end)]
        met: list[tuple[int, int, int, Any]] = [(abs(o.place - start), o.id, o.place, o) for o in orders]
        if self.books.is_liquidated_at(k, start):
            met.append((0, 1 << 60, start, "liquidation"))
        elif self.books.is_liquidated_at(k, end):
            price = self.books.liquidation_price(k, start, end)
            met.append((abs(price - start), 1 << 60, price, "liquidation"))
        return min(met)[2:] if met else None

    def next_event(self, k: int) -> Any:
        """An order, "liquidation" or None: one side first, then the other; nearest to the open first."""
        bar, holding = self.bar(k), self.books.holdings[k]
        events: list[tuple[tuple[bool, int, int], Any]] = []
        for order in holding.orders:
            late = self.is_late(holding.lots != 0 and order.is_below != (holding.lots > 0))
            if holding.listens(order) and order.acts_at(self.reach(order, proof=late or holding.lots == 0)):
                events.append(((late, abs(order.place - bar.open), order.id), order))
        late = self.is_late(False)
        worst = bar.low if holding.lots > 0 else bar.high
        if self.books.is_liquidated_at(k, bar.close if late and self.is_fresh(k) else worst):
            price = self.price_of_liquidation(k)
            # At one price an order comes before the venue's axe.
            events.append(((late, abs(price - bar.open), 1 << 60), "liquidation"))
        return min(events)[1] if events else None

    def is_late(self, favourable: bool) -> bool:
        """Whether the policy puts this side of the position after the other, and gives it no benefit of doubt."""
        return favourable == (self.rules.ambiguity == Ambiguity.WORST)

    def is_doubtful(self, order: TwinOrder) -> bool:
        """Whether the extreme on its side may be older than an order that came into being inside the bar.

        ON_STOP, an exit came to life while price ran for its position, from which it sells or buys back: away from
        its stop. ON_LIMIT the other way round.
        """
        if order.step != self.step or order.arrival == Arrival.AT_OPEN:
            return False
        price_fell = (order.arrival == Arrival.ON_LIMIT) == (order.side == Side.SHORT)
        return price_fell != order.is_below

    def reach(self, order: TwinOrder, *, proof: bool) -> int:
        """How far the price went towards an order while it was there, as far as it is believed, or has to be proven."""
        bar = self.bar(order.instrument)
        if proof and self.is_doubtful(order):
            return bar.close
        return bar.low if order.is_below else bar.high

    def act_inside(self, order: TwinOrder) -> bool:
        """Fill an order inside the bar; returns whether the bar allows another outcome."""
        bar, level, k = self.bar(order.instrument), order.place, order.instrument
        unproven = self.is_doubtful(order) and not order.acts_at(bar.close)
        ambiguous = unproven or self.has_rival(k, below=order.is_below)
        flags = FillFlag.AMBIGUOUS.value if ambiguous else 0
        if order.type == OrderType.LIMIT:
            self.fill(order, Deal(level, level, Liquidity.MAKER, flags, Arrival.ON_LIMIT))
            return ambiguous
        ran = Arrival.ON_STOP if order.is_stop else Arrival.ON_LIMIT
        opens = order.is_stop and not order.reduce_only
        if order.is_two_stage:
            # Seen from an exit of the same side it is born the other way round.
            self.become_limit(order, Arrival.ON_LIMIT if order.is_stop else Arrival.ON_STOP)
            if not self.reaches_book(order, level, self.ts_close):
                return ambiguous
        price = self.books.specs[k].taken(order.side, level)
        # Slippage does not reach beyond what was traded; nor does a taker ever gain from the bound.
        price = max(level, min(price, bar.high)) if order.side > 0 else min(level, max(price, bar.low))
        before = self.books.holdings[k].lots
        self.fill(order, Deal(order.bounded(price), level, Liquidity.TAKER, flags, ran))
        if opens and self.books.holdings[k].lots != before:
            self.entered_on_stop[k] = self.step
        return ambiguous

    def is_fresh(self, k: int) -> bool:
        """Whether a stop entry opened the position inside this very bar."""
        return self.entered_on_stop.get(k) == self.step

    def has_rival(self, k: int, *, below: bool) -> bool:
        """Whether the bar also reaches an order, or the venue's axe, on the other side of the price."""
        holding = self.books.holdings[k]
        others = [o for o in holding.orders if holding.listens(o) and o.is_below != below]
        axe_is_below = holding.lots > 0
        return any(o.acts_within(self.bar(k)) for o in others) or (axe_is_below != below and self.is_mortal(k))

    def is_mortal(self, k: int) -> bool:
        """Whether the bar holds a price at which the position is liquidated."""
        bar = self.bar(k)
        return self.books.is_liquidated_at(k, bar.low if self.books.holdings[k].lots > 0 else bar.high)

    def was_spared(self, k: int) -> bool:
        """Whether the bar holds a price that would have acted on what is still there."""
        holding = self.books.holdings[k]
        return any(o.acts_within(self.bar(k)) for o in holding.orders if holding.listens(o)) or self.is_mortal(k)

    def price_of_liquidation(self, k: int) -> int:
        """Where inside the bar the venue steps in: at the open, if that is too late already."""
        bar = self.bar(k)
        if self.books.is_liquidated_at(k, bar.open):
            return bar.open
        return self.books.liquidation_price(k, bar.open, bar.low if self.books.holdings[k].lots > 0 else bar.high)

    def liquidate_inside(self, k: int, price: int) -> bool:
        """Liquidate within the bar; returns whether the bar allows another outcome."""
        is_long, close = self.books.holdings[k].lots > 0, self.bar(k).close
        unproven = self.is_fresh(k) and (close > price if is_long else close < price)
        ambiguous = unproven or self.has_rival(k, below=is_long)
        self.liquidate(k, price, FillFlag.AMBIGUOUS.value if ambiguous else 0)
        return ambiguous

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
        order.valid_until = self.step + int(signal["valid_steps"]) if signal["valid_steps"] else 0
        order.time_in_force = int(signal["time_in_force"])
        if signal["plan"]:
            order.trigger_ticks = int(self.market.plans[signal["plan"] - 1]["trigger_ticks"])
        order.has_stop, order.has_target = bool(signal["has_stop"]), bool(signal["has_target"])
        order.stop_ticks, order.target_ticks = int(signal["stop_ticks"]), int(signal["target_ticks"])
