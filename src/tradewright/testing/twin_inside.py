"""The slow twin of the engine, the inside of a bar: one event after another, as the policy reads it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tradewright.domain.enums import Ambiguity, Arrival, FillFlag, Liquidity, OrderType, Side
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market
from tradewright.testing.twin_account import coin, same_part
from tradewright.testing.twin_cross import Crossing
from tradewright.testing.twin_order import Bar, TwinOrder
from tradewright.testing.twin_venue import Deal
from tradewright.testing.worlds import NO_FINER, FinerBars

__all__ = ["Inside"]

_WITH_A_PATH = {Ambiguity.OHLC, Ambiguity.OLHC, Ambiguity.ADAPTIVE, Ambiguity.RANDOM}


class Inside(Crossing):
    """What happens between a bar's open and its close."""

    def __init__(
        self, market: Market, rules: Rules, balance: float, *, room: int = 8, finer: FinerBars = NO_FINER
    ) -> None:
        super().__init__(market, rules, balance, room=room, finer=finer)
        self.has_path = rules.ambiguity in _WITH_A_PATH
        # Where the price has been since a trailing stop last took note of it, by the order's id.
        self.been: dict[int, tuple[int, ...]] = {}

    def become_limit(self, order: TwinOrder, arrival: Arrival) -> None:
        """Triggered, an order of two prices is a plain limit, and as young as this moment."""
        order.type, order.step, order.arrival = OrderType.LIMIT.value, self.step, arrival.value

    def play_inside(self, k: int) -> None:
        """One event after another until the bar has no more."""
        decided = False
        if not self.has_path:
            while (met := self.next_event(k)) is not None:
                decided |= self.act(k, met[1], met[0], met[0])
        else:
            decided = self.walk(k)
        decided |= self.end_trails(k)
        self.ambiguous_bars += decided or self.was_spared(k)

    def walk(self, k: int) -> bool:
        """Go along the policy's path; returns whether it decided anything."""
        decided, holding = False, self.books.holdings[k]
        for leg in pairwise(zip(self.corners(self.bar(k), k), self.corners(self.mark(k), k), strict=True)):
            gone = 0
            while (met := self.next_on_leg(k, gone, leg)) is not None:
                gone, _, price, event = met
                here = leg[0][0] + (gone if leg[1][0] > leg[0][0] else -gone)
                decided |= self.act(k, event, price, here)
            end = leg[1][0]
            for order in holding.orders:
                self.been[order.id] = (*self.been.get(order.id, ()), end)
        return decided

    def catch_up(self, k: int, price: int) -> None:
        """An event at a price: every trailing stop takes note of where the price has been until then."""
        for order in self.books.holdings[k].orders:
            if order.is_trailing:
                order.move(*self.been.pop(order.id, ()), price)
                self.been[order.id] = (price,)

    def end_trails(self, k: int) -> bool:
        """Every trailing stop learns the bar's last word; returns whether one of them may have missed an extreme."""
        bar, holding, doubtful = self.bar(k), self.books.holdings[k], False
        for order in [o for o in holding.orders if o.is_trailing]:
            far = bar.high if order.is_below else bar.low
            young = self.may_be_younger(order, below=not order.is_below)
            doubtful |= young and order.moved(far) != order.moved(bar.close)
            if order.id in self.been:
                order.move(*self.been[order.id])
            else:
                order.move(bar.close if young and not self.comes_late(order) else far)
        self.been.clear()
        return doubtful

    def act(self, k: int, event: Any, price: int, here: int) -> bool:
        """Let an event happen while trades are at `here`; returns whether the bar allows another outcome."""
        return self.liquidate_inside(k, price) if event == "liquidation" else self.act_inside(event, price, here)

    def corners(self, prices: Bar, k: int) -> tuple[int, ...]:
        """The turning points of prices that follow the path of the policy; trades say which way, for the mark too."""
        bar, policy = self.bar(k), self.rules.ambiguity
        upward = policy == Ambiguity.OHLC
        if policy == Ambiguity.ADAPTIVE:
            upward = bar.high - bar.open < bar.open - bar.low
        if policy == Ambiguity.RANDOM:
            upward = coin(self.rules.seed, self.ts_open, self.team.instrument[k])
        turns = (prices.high, prices.low) if upward else (prices.low, prices.high)
        return prices.open, *turns, prices.close

    def next_on_leg(self, k: int, gone: int, leg: Any) -> tuple[int, int, int, Any] | None:
        """What is met on a straight way of which trades have gone a part: how far on, and at what price or mark.

        The first in the queue first, the venue last. The mark goes the same fraction of its own way.
        """
        (start, mark_start), (end, mark_end) = leg
        met: list[tuple[int, int, int, Any]] = []
        here = start + (gone if end > start else -gone)
        length, mark_length = abs(end - start), abs(mark_end - mark_start)
        mark_gone = same_part(gone, length, mark_length)
        mark = mark_start + (mark_gone if mark_end > mark_start else -mark_gone)
        for queued, order in enumerate(self.books.holdings[k].orders):
            if self.holds_inside(order):
                continue
            if order.watches_mark:
                if self.books.holdings[k].listens(order) and (order.acts_at(mark) or order.acts_at(mark_end)):
                    way = 0 if order.acts_at(mark) else abs(order.place - mark_start)
                    met.append((max(gone, same_part(way, mark_length, length)), queued, order.place, order))
                continue
            place, meets = order.place, order.acts_at(end)
            if order.is_trailing:
                armed, place = order.moved(*self.been.get(order.id, ()), here)
                meets = armed and order.is_past(place, end) and (end < start) == order.is_below
            if meets and self.books.holdings[k].listens(order):
                met.append((max(gone, abs(place - start)), queued, place, order))
        if self.books.is_liquidated_at(k, mark):
            met.append((gone, 1 << 60, mark, "liquidation"))
        elif self.books.is_liquidated_at(k, mark_end):
            fatal = self.books.liquidation_price(k, mark, mark_end)
            when = same_part(abs(fatal - mark_start), mark_length, length)
            met.append((max(when, gone), 1 << 60, fatal, "liquidation"))
        return min(met) if met else None

    def next_event(self, k: int) -> tuple[int, Any] | None:
        """A price and an order, or "liquidation"; one side first, then the other, nearest to the open first."""
        bar, holding = self.bar(k), self.books.holdings[k]
        events: list[tuple[tuple[int, int, int], int, Any]] = []
        for queued, order in enumerate(holding.orders):
            if order.is_trailing and holding.listens(order):
                events += [((phase, away, queued), level, order) for phase, away, level in self.trail_fires(order)]
            if order.is_trailing:
                continue
            late = self.comes_late(order)
            if self.holds_inside(order) or not holding.listens(order):
                continue
            if order.acts_at(self.reach(order, proof=late or holding.lots == 0)):
                events.append(((late, self.way_to(order), queued), order.place, order))
        late, mark, is_long = self.is_late(False), self.mark(k), self.books.dies_below(k)
        worst = mark.low if is_long else mark.high
        if self.books.is_liquidated_at(k, mark.close if late and self.is_fresh(k) else worst):
            fatal = self.mark_of_liquidation(k)
            # Trades have gone the same part of their way. At one price an order comes before the venue's axe.
            whole = abs((bar.low if is_long else bar.high) - bar.open)
            way = same_part(abs(fatal - mark.open), abs(worst - mark.open), whole)
            events.append(((late, way, 1 << 60), fatal, "liquidation"))
        return min(events)[1:] if events else None

    def way_to(self, order: TwinOrder) -> int:
        """How far trades have gone from the open when an order is met; with the mark, the same part of their way."""
        bar, seen = self.bar(order.instrument), self.seen(order)
        if not order.watches_mark:
            return abs(order.place - bar.open)
        if order.is_below:
            return same_part(max(seen.open - order.place, 0), seen.open - seen.low, bar.open - bar.low)
        return same_part(max(order.place - seen.open, 0), seen.high - seen.open, bar.high - bar.open)

    def holds_inside(self, order: TwinOrder) -> bool:
        """Whether price protection holds an order back where the bar meets it."""
        own = self.met_at(order)
        other = self.other_price(order.instrument, own, of_mark=not order.watches_mark)
        return self.is_held_back(order, *((own, other) if order.watches_mark else (other, own)))

    def met_at(self, order: TwinOrder) -> int:
        """Where the bar meets a trigger; one that its open had passed already was held back there."""
        was_there = order.step != self.step or order.arrival == Arrival.AT_OPEN
        opening = self.seen(order).open
        return opening if was_there and order.acts_at(opening) else order.place

    def may_hold_or_not(self, order: TwinOrder) -> bool:
        """Whether nobody knows if price protection holds an order back: the other price may have been near, or far."""
        other = self.bar(order.instrument) if order.watches_mark else self.mark(order.instrument)
        if not self.is_apart(order.instrument) or not order.protected:
            return False
        own = self.met_at(order)
        pairs = [(own, at) if order.watches_mark else (at, own) for at in range(other.low, other.high + 1)]
        verdicts = {self.is_held_back(order, *pair) for pair in pairs}
        return len(verdicts) > 1

    def may_act_within(self, order: TwinOrder) -> bool:
        """Whether the bar holds a price that may bring an order to life."""
        allowed = not self.holds_inside(order) or self.may_hold_or_not(order)
        return order.acts_within(self.seen(order)) and allowed

    def trail_fires(self, order: TwinOrder) -> list[tuple[int, int, int]]:
        """When a trailing stop fires without a path, how far from the open, and at which trigger (rule S-9).

        Its own side first: at the old trigger, or else, at the very end, at the one to which the other side moved it.
        Its own side last: the other side has moved it, and the bar must prove that it fires.
        """
        bar = self.bar(order.instrument)
        near, far = (bar.low, bar.high) if order.is_below else (bar.high, bar.low)
        armed, level = order.moved(far)
        if not self.comes_late(order):
            if order.acts_at(near):
                return [(0, abs(order.level_ticks - bar.open), order.level_ticks)]
            young = self.may_be_younger(order, below=not order.is_below)
            return [(2, abs(far - level), level)] if armed and order.is_past(level, near) and not young else []
        proof = bar.close if self.is_doubtful(order) else near
        proven = armed and (order.acts_at(proof) or order.is_past(level, bar.close))
        return [(1, bar.open - level if order.is_below else level - bar.open, level)] if proven else []

    def comes_late(self, order: TwinOrder) -> bool:
        """Whether the policy puts an order's side of the bar after the other."""
        held = self.books.holdings[order.instrument].lots
        return self.is_late(held != 0 and order.is_below != (held > 0))

    def is_late(self, favourable: bool) -> bool:
        """Whether the policy puts this side of the position after the other, and gives it no benefit of doubt."""
        return favourable == (self.rules.ambiguity in {Ambiguity.WORST, Ambiguity.SUBBAR})

    def is_doubtful(self, order: TwinOrder) -> bool:
        """Whether the extreme on its side may be older than an order that came into being inside the bar.

        ON_STOP, an exit came to life while price ran for its position, from which it sells or buys back: away from
        its stop. ON_LIMIT the other way round.
        """
        return self.may_be_younger(order, below=order.is_below)

    def may_be_younger(self, order: TwinOrder, *, below: bool) -> bool:
        """Whether an order may be younger than the low, or the high, of the bar."""
        if order.step != self.step or order.arrival == Arrival.AT_OPEN:
            return False
        if order.arrival == Arrival.IN_DOUBT or (order.watches_mark and self.is_apart(order.instrument)):
            return True
        price_fell = (order.arrival == Arrival.ON_LIMIT) == (order.side == Side.SHORT)
        return price_fell != below

    def reach(self, order: TwinOrder, *, proof: bool) -> int:
        """How far the price went towards an order while it was there, as far as it is believed, or has to be proven."""
        bar = self.seen(order)
        if proof and self.is_doubtful(order):
            return bar.close
        return bar.low if order.is_below else bar.high

    def act_inside(self, order: TwinOrder, price: int, here: int) -> bool:
        """Fill an order inside the bar; returns whether the bar allows another outcome."""
        level, k = price, order.instrument
        doubts = self.is_open_to_doubt(order, level), self.has_rival(k, order, level), self.may_hold_or_not(order)
        ambiguous = any(doubts)
        # While a limit fills, trades move against the new position; a mark of its own may have done so before.
        doubtful = not order.reduce_only and (order.is_stop or self.mark(k) != self.bar(k))
        before = self.books.holdings[k].lots
        was_moved = order.is_trailing and (order.armed, order.level_ticks) != (True, level)
        if self.has_path:
            self.catch_up(k, here)
        if order.is_trailing:
            order.armed, order.level_ticks = True, level
        if order.type == OrderType.LIMIT:
            flags = self.touched(order) | ambiguous * FillFlag.AMBIGUOUS
            self.fill(order, Deal(level, level, Liquidity.MAKER, flags, Arrival.ON_LIMIT))
        else:
            last = self.other_price(k, level, of_mark=False) if order.watches_mark else level
            self.trigger_inside(order, last, ambiguous * FillFlag.AMBIGUOUS, was_moved=was_moved)
        for other in self.books.holdings[k].orders:
            if self.has_path and other.is_trailing:
                self.been.setdefault(other.id, (here,))
        if doubtful and self.books.holdings[k].lots != before:
            self.entered_in_doubt[k] = self.step
        return ambiguous

    def trigger_inside(self, order: TwinOrder, level: int, flags: int, *, was_moved: bool) -> None:
        """A trigger is met: its order takes, or becomes a limit that takes or rests."""
        bar = self.bar(order.instrument)
        ran = Arrival.ON_STOP if order.is_stop else Arrival.ON_LIMIT
        # Where trades were going when a mark of its own pulled the trigger, nobody knows; nor where they had been when
        # one fires to which this bar has moved it.
        blind = was_moved or (order.watches_mark and self.is_apart(order.instrument))
        if order.is_two_stage:
            # Seen from an exit of the same side it is born the other way round.
            born = Arrival.ON_LIMIT if order.is_stop else Arrival.ON_STOP
            self.become_limit(order, Arrival.IN_DOUBT if blind else born)
        if not self.has_way(order, level, self.ts_close):
            return
        if order.type == OrderType.LIMIT and not self.reaches_book(order, level, self.ts_close):
            return
        price = self.taken(order.instrument, order.side, self.lots_for(order)[0], level)
        # Slippage does not reach beyond what was traded; nor does a taker ever gain from the bound.
        price = max(level, min(price, bar.high)) if order.side > 0 else min(level, max(price, bar.low))
        if order.type != OrderType.LIMIT:
            price = self.held_to_bound(order.instrument, order.side, price, level)
        self.fill(order, Deal(order.bounded(price), level, Liquidity.TAKER, flags, Arrival.IN_DOUBT if blind else ran))

    def touched(self, order: TwinOrder) -> int:
        """The flag of a limit that the bar reached and did not go through."""
        bar = self.bar(order.instrument)
        through = bar.low < order.level_ticks if order.side > 0 else bar.high > order.level_ticks
        return 0 if through else FillFlag.TOUCHED.value

    def is_open_to_doubt(self, order: TwinOrder, level: int) -> bool:
        """Whether the bar allows that an order fired elsewhere, or not at all."""
        bar, young = self.bar(order.instrument), self.is_doubtful(order)
        if not order.is_trailing:
            return young and not order.acts_at(self.seen(order).close)
        if young and not order.is_past(level, bar.close):
            return True
        near, far = (bar.low, bar.high) if order.is_below else (bar.high, bar.low)
        moved = order.moved(far)
        if moved == (order.armed, order.level_ticks):
            return False
        certain = order.is_past(moved[1], bar.close) and not self.may_be_younger(order, below=not order.is_below)
        return order.acts_at(near) or not certain

    def is_fresh(self, k: int) -> bool:
        """Whether the position was opened inside this very bar, perhaps after its worst mark."""
        return bool(self.entered_in_doubt.get(k) == self.step)

    def has_rival(self, k: int, own: TwinOrder | None, level: int) -> bool:
        """Whether the bar also reaches an order, or the venue's axe, that may have come before.

        That is what lies on the other side of the price; a trailing stop on the same side, where the bar may move it to
        fire before; and, where the mark is its own, two on one side of which only one watches it, as the axe does:
        nobody knows how the two series lie.
        """
        holding, bar = self.books.holdings[k], self.bar(k)
        apart, by_mark = self.is_apart(k), own is None or own.watches_mark
        below = holding.lots > 0 if own is None else own.is_below
        for other in holding.orders:
            if other is own or not holding.listens(other) or not self.may_act_within(other):
                continue
            if other.is_below != below or (apart and other.watches_mark != by_mark):
                return True
            if other.is_trailing:
                moved = other.moved(bar.high if below else bar.low)
                nearer = moved[1] > level if below else moved[1] < level
                if nearer and moved != (other.armed, other.level_ticks):
                    return True
        return own is not None and ((apart and not by_mark) or self.books.dies_below(k) != below) and self.is_mortal(k)

    def is_mortal(self, k: int) -> bool:
        """Whether the bar holds a mark at which the position is liquidated."""
        mark = self.mark(k)
        return self.books.is_liquidated_at(k, mark.low if self.books.dies_below(k) else mark.high)

    def was_spared(self, k: int) -> bool:
        """Whether the bar holds a price that would have acted on what is still there."""
        holding = self.books.holdings[k]
        return any(self.may_act_within(o) for o in holding.orders if holding.listens(o)) or self.is_mortal(k)

    def mark_of_liquidation(self, k: int) -> int:
        """At what mark inside the bar the venue steps in: at the open, if that is too late already."""
        mark = self.mark(k)
        if self.books.is_liquidated_at(k, mark.open):
            return mark.open
        return self.books.liquidation_price(k, mark.open, mark.low if self.books.dies_below(k) else mark.high)

    def liquidate_inside(self, k: int, price: int) -> bool:
        """Liquidate within the bar at a mark; returns whether the bar allows another outcome."""
        is_long, bar, mark = self.books.dies_below(k), self.bar(k), self.mark(k)
        unproven = self.is_fresh(k) and (mark != bar or (mark.close > price if is_long else mark.close < price))
        ambiguous = unproven or self.has_rival(k, None, price)
        # Trades are as far from the mark as they were at the open, and within the bar.
        last = min(max(price + bar.open - mark.open, bar.low), bar.high)
        self.liquidate(k, last, FillFlag.AMBIGUOUS.value if ambiguous else 0)
        return ambiguous
