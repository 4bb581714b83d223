"""The slow twin of the risk gate: may this signal become an order, and of what size."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any

from tradewright.domain.enums import Code, OnOpposite, OrderType, SignalKind, Sizing, Slippage
from tradewright.testing.twin_account import Books, plan_of
from tradewright.testing.twin_filters import WITH_LIMIT, Objection, Wish, filters
from tradewright.testing.twin_limits import Past, risk_at_stops
from tradewright.testing.twin_order import TwinOrder
from tradewright.testing.twin_spec import Spec

__all__ = ["Gate", "Verdict"]

Verdict = tuple[int, float, float, int]
"""Code, the number observed, the limit it was compared with, lots to hold."""

_BRACKET = 3
_UNPRICED = {OrderType.MARKET, OrderType.TRAILING_STOP}
_A_HAIR = 1e-9
_STILL = 1e-9
_ARRIVAL_BUFFER = 0.0005


class Gate:
    """The rules of an account or of a member, asked about one signal at a time."""

    def __init__(self, books: Books, who: int, room: int, pasts: list[Past]) -> None:
        self.books = books
        self.who = who
        self.rules = books.team.rules[who]
        self.room = room
        self.pasts = pasts

    def judge(self, signal: Any) -> Verdict:
        """The first objection, or the lots."""
        k = int(signal["instrument"])
        unpriced = signal["order_type"] in _UNPRICED
        entry = self.books.holdings[k].last if unpriced else int(signal["entry_ticks"])
        for objections in (self.about_presence, self.about_shape, self.about_position):
            for code, observed, limit in objections(signal, entry):
                return int(code), float(observed), float(limit), 0
        for code, observed, limit in self.about_past(k, int(signal["step"])):
            return int(code), float(observed), float(limit), 0
        if (part := self.pasts[self.who].at_risk(self.rules)) <= 0.0:
            return int(Code.NO_EDGE), part, 0.0, 0
        return self.size(signal, entry)

    def about_past(self, k: int, step: int) -> Iterator[Objection]:
        """What the account's limits say to what it has been through, then what the member's say."""
        for who in self.books.team.watchers(k):
            yield from self.pasts[who].objections(self.books.team.rules[who], step)

    def busy_beside(self, k: int) -> list[int]:
        """Other rows of the same member that hold or wait."""
        return [j for j in self.books.team.mates(k) if self.books.holdings[j].lots or self.books.holdings[j].orders]

    def about_presence(self, signal: Any, entry: int) -> Iterator[tuple[int, float, float]]:
        """What must be there."""
        by_stop = {Sizing.RISK_FRACTION, Sizing.KELLY, Sizing.OPTIMAL_F}
        needs_stop = self.rules.require_stop or self.rules.sizing in by_stop
        if entry <= 0:
            yield Code.ENTRY_INVALID, entry, 0
        if needs_stop and not signal["has_stop"]:
            yield Code.STOP_MISSING, 0, 0
        if self.rules.require_target and not signal["has_target"]:
            yield Code.TARGET_MISSING, 0, 0

    def about_shape(self, signal: Any, entry: int) -> Iterator[tuple[int, float, float]]:
        """Stop, entry, target in this order along the side, and enough reward for the risk."""
        side, stop, target = int(signal["kind"]), int(signal["stop_ticks"]), int(signal["target_ticks"])
        risk, reward = side * (entry - stop), float(side * (target - entry))
        if signal["has_stop"] and (stop <= 0 or risk <= 0):
            yield Code.STOP_WRONG_SIDE, stop, entry
        if signal["has_target"] and (target <= 0 or reward <= 0):
            yield Code.TARGET_WRONG_SIDE, target, entry
        plan = plan_of(self.books.market, signal)
        if signal["has_stop"] and signal["has_target"] and plan is not None:
            every = [target, *(int(plan[f"target{n}_ticks"]) for n in range(2, 2 + int(plan["more_targets"])))]
            shares = [float(plan[f"share{n}"]) for n in range(1, 1 + len(every))]
            worst = min(every, key=lambda ticks: side * ticks)
            if side * (worst - entry) <= 0:
                yield Code.TARGET_WRONG_SIDE, worst, entry
            if any(shares):
                mean = sum(t * s for t, s in zip(every, shares, strict=True)) / sum(shares)
                reward = side * (mean - entry)
        # Each price but the last close may be half a tick from what the strategy meant.
        slack = 0.5 if signal["order_type"] in _UNPRICED else 1.0
        both = signal["has_stop"] and signal["has_target"]
        if both and reward + slack < (risk - slack) * self.rules.min_reward_risk:
            yield Code.REWARD_RISK_TOO_LOW, reward / risk, self.rules.min_reward_risk

    def about_position(self, signal: Any, _: int) -> Iterator[tuple[int, float, float]]:
        """What the account holds already."""
        k, side = int(signal["instrument"]), int(signal["kind"])
        holding = self.books.holdings[k]
        if holding.lots * side > 0 or (holding.lots and self.rules.on_opposite == OnOpposite.IGNORE):
            yield Code.POSITION_OPEN, holding.lots, 0
        if side == SignalKind.SHORT and not self.books.specs[k].is_perpetual and holding.lots == 0:
            yield Code.SHORT_NOT_ALLOWED, 0, 0
        busy = self.busy_beside(k)
        if len(busy) >= self.rules.max_positions:
            yield Code.TOO_MANY_POSITIONS, len(busy), self.rules.max_positions
        plan = plan_of(self.books.market, signal)
        more = 0 if plan is None else int(plan["more_targets"]) + bool(plan["callback"])
        if self.room and len(holding.orders) + _BRACKET + more > self.room:
            yield Code.NO_ROOM_FOR_ORDERS, len(holding.orders), self.room

    def size(self, signal: Any, entry: int) -> Verdict:
        """As many lots as wanted and affordable, if the venue takes so few or so many."""
        k = int(signal["instrument"])
        spec, unit = self.books.specs[k], self.books.specs[k].lots_per_unit
        at_market = signal["order_type"] not in WITH_LIMIT
        step = (at_market and spec.market_step_lots) or 1
        least = max(spec.min_lots, 1)
        least += -least % step
        lots, objection = self.within_cap(k, entry, int(signal["stop_ticks"]), least)
        if objection is None:
            most, objection = self.affordable(k, entry, self.cost_of(signal, entry), least)
        if objection is not None:
            return (*objection, 0)
        # The venue's own most, and steps, for orders of this type.
        lots = min(lots, most, (at_market and spec.market_max_lots) or spec.max_lots or lots)
        lots -= lots % step
        if lots < least:
            return Code.QUANTITY_BELOW_MINIMUM, lots / unit, least / unit, 0
        wish = Wish(k, int(signal["order_type"]), int(signal["kind"]), lots, entry, False)
        value = spec.value(lots, entry)
        if value < spec.min_notional:
            return Code.NOTIONAL_BELOW_MINIMUM, value, spec.min_notional, 0
        risk = spec.value(lots, abs(entry - int(signal["stop_ticks"])) if signal["has_stop"] else entry)
        venue = filters(self.books, wish, new=True)
        alike = self.about_likeness(k, wish.side, int(signal["step"]))
        objections = chain(self.about_tier(spec, value), venue, self.about_heat(k, risk), alike)
        code, observed, limit = next(objections, (Code.OK, 0.0, 0.0))
        return int(code), float(observed), float(limit), lots if code == Code.OK else 0

    def within_cap(self, k: int, entry: int, stop: int, least: int) -> tuple[int, Objection | None]:
        """What is wanted, as far as the cap on a position goes, or why that is too little."""
        spec, equity = self.books.specs[k], self.books.equity(self.who)
        if equity <= 0.0:
            return 0, (Code.EQUITY_EXHAUSTED, equity, 0.0)
        wanted = self.wanted(spec, entry, stop, equity)
        if wanted < least:
            return 0, (Code.QUANTITY_BELOW_MINIMUM, wanted / spec.lots_per_unit, least / spec.lots_per_unit)
        cap = equity * self.rules.max_position
        lots = min(wanted, whole(cap / (entry * spec.tick_value))) if self.rules.max_position else wanted
        return lots, (Code.POSITION_TOO_LARGE, spec.value(least, entry), cap) if lots < least else None

    def about_heat(self, k: int, risk: float) -> Iterator[Objection]:
        """Whether all stops together lose too much, with so much at risk on one instrument."""
        for who in self.books.team.watchers(k):
            equity, most, whole = self.books.equity(who), self.books.team.rules[who].max_heat, risk
            for other in self.books.team.rows(who):
                whole += risk_at_stops(self.books, other) if other != k else 0.0
            if most and whole > most * equity:
                yield Code.HEAT_EXCEEDED, whole / equity, most

    def about_likeness(self, k: int, side: int, step: int) -> Iterator[Objection]:
        """Whether what is held already, on the same side, has moved as this instrument did; or against it, if sold."""
        for who in self.books.team.watchers(k):
            rules = self.books.team.rules[who]
            for other in self.books.team.rows(who):
                lots = self.books.holdings[other].lots
                if other != k and lots and rules.max_correlation:
                    same = 1 if lots * side > 0 else -1
                    alike = same * likeness(self.books.market.close, k, other, step, rules.correlation_bars)
                    if alike > rules.max_correlation:
                        yield Code.CORRELATION_EXCEEDED, alike, rules.max_correlation

    def about_tier(self, spec: Spec, value: float) -> Iterator[Objection]:
        """Whether the tier of a notional grants the leverage that is set."""
        if spec.is_perpetual and spec.leverage > spec.max_leverage(value):
            yield Code.LEVERAGE_ABOVE_TIER, spec.leverage, spec.max_leverage(value)

    def wanted(self, spec: Spec, entry: int, stop: int, equity: float) -> int:
        """Whole lots that the sizing asks for."""
        per_lot = entry * spec.tick_value
        if self.rules.sizing == Sizing.FIXED_QUANTITY:
            return whole(self.rules.size * spec.lots_per_unit)
        if self.rules.sizing == Sizing.FIXED_NOTIONAL:
            return whole(self.rules.size / per_lot)
        if self.rules.sizing == Sizing.EQUITY_FRACTION:
            return whole(equity * self.rules.size / per_lot)
        costs = (entry + stop) * spec.tick_value * (spec.taker_rate + spec.cost_rate)
        costs += (2.0 * spec.slippage_size if spec.slippage == Slippage.TICKS else 0.0) * spec.tick_value
        return whole(equity * self.pasts[self.who].at_risk(self.rules) / (abs(entry - stop) * spec.tick_value + costs))

    def cost_of(self, signal: Any, entry: int) -> float:
        """What a signal's entry costs, in multiples of its initial margin."""
        k, side = int(signal["instrument"]), int(signal["kind"])
        return self.cost(k, side, int(signal["order_type"]), int(signal["step"]), entry)

    def cost(self, k: int, side: int, kind: int, step: int, ticks: float) -> float:
        """What an order costs, in multiples of its initial margin at a price.

        By the book: buyers pay the ask and five hundredths of a per cent more, sellers get the bid; what the mark says
        is lost by that at once is paid as well.
        """
        spec = self.books.specs[k]
        if not spec.by_book or kind != OrderType.MARKET:
            return float(1.0 + _ARRIVAL_BUFFER + spec.dearer(int(ticks)) + spec.taker_rate * spec.leverage)
        last = int(self.books.market.close[k, step])
        half = float(self.books.market.spread[k, step]) if spec.has_spread else last * spec.spread_rate
        price = (last + half) * (1.0 + _ARRIVAL_BUFFER) if side > 0 else last - half
        loss = max(side * (price - self.books.holdings[k].mark), 0.0)
        return float((price + loss * spec.leverage) / ticks + spec.taker_rate * spec.leverage)

    def affordable(self, k: int, entry: int, cost: float, least: int) -> tuple[int, Objection | None]:
        """What the exposure cap and the free margin leave, counting what the other instruments hold or may hold.

        And which of them it is that does not leave the least: with that much, it would have come to the first number.
        """
        spec, holding, equity = self.books.specs[k], self.books.holdings[k], self.books.equity(self.who)
        others = [j for j in range(len(self.books.holdings)) if j != k]
        exposure, cap = sum(self.most(j) for j in self.books.team.mates(k)), equity * self.rules.max_exposure
        margin = sum(self.asked(j) for j in others)
        margin += spec.value(holding.lots, entry) * (spec.taker_rate + spec.dearer(entry))
        free = self.books.equity() - self.books.kept_apart(but=k)
        per_lot, value = entry * spec.tick_value, spec.value(least, entry)
        by_exposure = whole((cap - exposure) / per_lot)
        by_margin = whole((free - margin) * spec.leverage / (per_lot * cost))
        if by_exposure < least:
            return 0, (Code.EXPOSURE_EXCEEDED, exposure + value, cap)
        if by_margin < least:
            return 0, (Code.MARGIN_INSUFFICIENT, margin + value / spec.leverage * cost, free)
        return min(by_exposure, by_margin), None

    def most(self, k: int) -> float:
        """Notional of a position, or of the one that a waiting entry would leave, whichever is more."""
        holding, spec = self.books.holdings[k], self.books.specs[k]
        entries = [spec.value(o.lots, o.level_ticks or holding.mark) for o in self.books.entries(k)]
        return max([spec.value(holding.lots, holding.mark), *entries, *self.sides(k)])

    def asked(self, k: int) -> float:
        """Initial margin that an instrument takes from the common wallet; an isolated position has its own already."""
        holding, spec = self.books.holdings[k], self.books.specs[k]
        own = spec.value(holding.lots, holding.mark) if spec.is_isolated else 0.0
        return (self.most(k) - own) / spec.leverage

    def sides(self, k: int, *more: Wish, apart: TwinOrder | None = None) -> tuple[float, float]:
        """Notional after all orders of one side have filled, and after all of the other."""
        holding, spec = self.books.holdings[k], self.books.specs[k]
        sums = {1: 0.0, -1: 0.0}
        for wish in more:
            sums[wish.side] += spec.value(wish.lots, wish.level or holding.mark)
        for order in self.books.placed(k):
            if order is not apart and not order.reduce_only:
                sums[order.side] += spec.value(order.lots - order.filled, order.level_ticks or holding.mark)
        held = spec.value(holding.lots, holding.mark) * (1 if holding.lots > 0 else -1)
        return abs(held + sums[1]), abs(held - sums[-1])

    def about_account(self, wish: Wish) -> Iterator[Objection]:
        """Whether the account may open anything on this instrument."""
        equity = self.books.equity(self.who)
        if equity <= 0.0:
            yield Code.EQUITY_EXHAUSTED, equity, 0
        busy = self.busy_beside(wish.k)
        if len(busy) >= self.rules.max_positions:
            yield Code.TOO_MANY_POSITIONS, len(busy), self.rules.max_positions

    def about_load(self, wish: Wish, step: int, apart: TwinOrder | None = None) -> Iterator[Objection]:
        """Exposure, margin and tier with the order on top; one that is to be replaced stands apart."""
        spec, equity = self.books.specs[wish.k], self.books.equity(self.who)
        own = self.most(wish.k) if apart is None else self.without(wish.k, apart)
        worst = max(own, *self.sides(wish.k, wish, apart=apart))
        if self.rules.max_position and worst > equity * self.rules.max_position:
            yield Code.POSITION_TOO_LARGE, worst, equity * self.rules.max_position
        others = [j for j in range(len(self.books.holdings)) if j != wish.k]
        exposure = sum(self.most(j) for j in self.books.team.mates(wish.k)) + worst
        if exposure > equity * self.rules.max_exposure:
            yield Code.EXPOSURE_EXCEEDED, exposure, equity * self.rules.max_exposure
        price = wish.level or self.books.holdings[wish.k].mark
        cost = self.cost(wish.k, wish.side, wish.type, step, price)
        margin = sum(self.asked(j) for j in others) + worst / spec.leverage * cost
        free = self.books.equity() - self.books.kept_apart(but=wish.k)
        if wish.type in {OrderType.MARKET, OrderType.LIMIT} and margin > free:
            yield Code.MARGIN_INSUFFICIENT, margin, free
        yield from self.about_tier(spec, worst)

    def without(self, k: int, apart: TwinOrder) -> float:
        """As `most`, with one order set aside."""
        orders = self.books.holdings[k].orders
        place = next(n for n, order in enumerate(orders) if order is apart)
        orders.pop(place)
        most = self.most(k)
        orders.insert(place, apart)
        return most


def likeness(closes: Any, one: int, other: int, step: int, bars: int) -> float:
    """Correlation of the last returns of two instruments, to nine digits; 0 where it is not known or nothing moved."""
    known = [[int(ticks) for ticks in closes[k][: step + 1]][-bars - 1 :] for k in (one, other)]
    if min(map(len, known)) <= bars or 0 in (known[0][0], known[1][0]):
        return 0.0
    moves = [[after / before - 1.0 for before, after in pairwise(prices)] for prices in known]
    if min(map(statistics.pstdev, moves)) <= _STILL:
        return 0.0
    return math.floor(statistics.correlation(*moves) * 1e9 + 0.5) / 1e9


def whole(lots: float) -> int:
    """Whole lots, rounded down; what lacks a hair counts as whole."""
    return math.floor(lots + _A_HAIR)
