"""The slow twin's bar and order: what an order is, and which prices bring it to life."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tradewright.domain.enums import Arrival, OrderRole, OrderStatus, OrderType, Side, TimeInForce, TriggerBy
from tradewright.domain.order_terms import LONGEST_NS

__all__ = ["Bar", "TwinOrder"]


@dataclass(frozen=True)
class Bar:
    """One bar of one instrument, ticks."""

    open: int
    high: int
    low: int
    close: int


@dataclass
class TwinOrder:
    """An order; fields as in `records.ORDER`."""

    id: int
    instrument: int
    type: int = OrderType.MARKET.value
    role: int = OrderRole.ENTRY.value
    side: int = Side.FLAT.value
    lots: int = 0
    group: int = 0
    signal: int = -1
    command: int = -1
    tag: int = 0
    parent: int = 0
    status: int = OrderStatus.OPEN.value
    code: int = 0
    arrival: int = Arrival.AT_OPEN.value
    reduce_only: bool = False
    close_position: bool = False
    reverses: bool = False
    has_stop: bool = False
    has_target: bool = False
    triggered: bool = False
    leg: int = 0
    armed: bool = False
    touch: bool = False
    protected: bool = False
    trigger_by: int = TriggerBy.LAST.value
    time_in_force: int = TimeInForce.GTC.value
    origin: int = OrderType.MARKET.value
    callback: int = 0
    filled: int = 0
    changed: int = 0
    level_ticks: int = 0
    trigger_ticks: int = 0
    stop_ticks: int = 0
    target_ticks: int = 0
    valid_until: int = 0
    step: Any = 0  # while a bar is drilled, a fraction
    ts_created: int = 0
    ts_closed: int = 0

    def watch(self, by: int, protected: bool) -> None:
        """Say which price triggers it, and whether it is protected; a trailing stop follows trades always."""
        if self.is_conditional and self.type != OrderType.TRAILING_STOP:
            self.trigger_by, self.protected = by, protected

    def rest(self) -> None:
        """Wait at the venue."""
        self.status = OrderStatus.PARTIALLY_FILLED.value if self.filled else OrderStatus.OPEN.value

    def is_aged(self, ts: int) -> bool:
        """Whether a year has ended it: what a strategy has left at the venue without a date of its own."""
        ends = self.role in {OrderRole.ENTRY, OrderRole.PLACED} and self.time_in_force != TimeInForce.GTD
        return ends and ts - self.ts_created >= LONGEST_NS

    @property
    def is_conditional(self) -> bool:
        """Whether it waits for a trigger."""
        return self.type not in {OrderType.MARKET, OrderType.LIMIT}

    @property
    def watches_mark(self) -> bool:
        """Whether the mark brings it to life; a limit, even one that a mark has made, meets trades."""
        return self.is_conditional and self.trigger_by == TriggerBy.MARK

    @property
    def is_below(self) -> bool:
        """Whether it waits for a falling price: buying cheap, or a stop that sells."""
        return (self.side == Side.SHORT) == self.is_stop

    @property
    def is_stop(self) -> bool:
        """Whether it goes with the price: it sells what falls and buys what rises."""
        return self.type in {OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP}

    @property
    def is_trailing(self) -> bool:
        """Whether its trigger follows the price: it has arrived, and waits."""
        waits = self.status != OrderStatus.PENDING and not self.triggered
        return self.type == OrderType.TRAILING_STOP and waits

    @property
    def is_two_stage(self) -> bool:
        """Whether a trigger makes a limit of it."""
        return self.type in {OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT}

    @property
    def place(self) -> int:
        """The price at which it stands."""
        return self.trigger_ticks if self.is_two_stage else self.level_ticks

    def acts_at(self, ticks: int) -> bool:
        """Whether a price brings it to life: a limit must be traded through, a trigger touched."""
        if self.type == OrderType.TRAILING_STOP and not self.armed:
            return False
        through = 1 if self.type == OrderType.LIMIT and not self.touch else 0
        return ticks <= self.place - through if self.is_below else ticks >= self.place + through

    def would_take(self, ticks: int) -> bool:
        """Whether a limit finds its price, or a better one, in the market."""
        return ticks <= self.level_ticks if self.side == Side.LONG else ticks >= self.level_ticks

    def bounded(self, ticks: int) -> int:
        """A price, but for a limit never a worse one than its own."""
        if self.type != OrderType.LIMIT:
            return ticks
        return min(ticks, self.level_ticks) if self.side == Side.LONG else max(ticks, self.level_ticks)

    def acts_within(self, bar: Bar) -> bool:
        """Whether any price of the bar brings it to life, a trailing stop after the bar has moved it."""
        if self.is_trailing:
            armed, level = self.moved(bar.high if self.is_below else bar.low)
            return armed and self.is_past(level, bar.low if self.is_below else bar.high)
        return self.acts_at(bar.low) or self.acts_at(bar.high)

    def is_past(self, trigger: int, ticks: int) -> bool:
        """Whether a price is at a stop's trigger or beyond."""
        return ticks <= trigger if self.is_below else ticks >= trigger

    def moved(self, *prices: int) -> tuple[bool, int]:
        """Whether a trailing stop is armed, and where it stands, once the price has been there and there."""
        best = max(prices) if self.is_below else min(prices)
        away = Fraction(self.callback, 1000)
        trigger = math.floor(best * (1 - away)) if self.is_below else math.ceil(best * (1 + away))
        if self.armed:
            return True, max(trigger, self.level_ticks) if self.is_below else min(trigger, self.level_ticks)
        wakes = best >= self.level_ticks if self.is_below else best <= self.level_ticks
        return (True, trigger) if wakes or not self.level_ticks else (False, self.level_ticks)

    def move(self, *prices: int) -> None:
        """Let a trailing stop follow the price."""
        self.armed, self.level_ticks = self.moved(*prices)
