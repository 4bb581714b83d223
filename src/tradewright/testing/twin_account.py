"""The slow twin of the engine, first half: money, margin and the books of an account, in plain Python.

Written from the rules, for reading: objects, lists and dictionaries, one idea after another, nothing fast.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from tradewright.domain.enums import Arrival, OrderRole, OrderStatus, OrderType, Side, TimeInForce, TriggerBy
from tradewright.domain.order_terms import LONGEST_NS
from tradewright.kernels.records import Market
from tradewright.testing.twin_spec import Spec
from tradewright.testing.twin_team import Team

__all__ = ["Bar", "Books", "Holding", "TwinOrder", "cash", "coin", "drawn", "plan_of", "same_part"]

_A_MILLIONTH_OF_A_TICK = 1e-6


def cash(amount: float) -> float:
    """Cash in units of 1e-8, ties to even."""
    return round(amount * 1e8) / 1e8


def same_part(gone: int, whole: int, other: int) -> int:
    """As much of another way as `gone` is of the whole one, rounded down; nothing of a way of no length."""
    return math.floor(gone * (other / whole)) if whole else 0


def drawn(seed: int, ts: int, number: int) -> int:
    """A number drawn for a bar and a thing in it: Lehmer's generator over seed, second and number."""
    state = seed % (2**31 - 1)
    for word in (ts // 10**9, number, 1, 1):
        state = ((state ^ state >> 15) + word) * 48271 % (2**31 - 1)
    return state


def coin(seed: int, ts: int, k: int) -> bool:
    """The policy's coin for a bar."""
    return (drawn(seed, ts, k + 1) >> 14) % 2 == 1


def plan_of(market: Market, signal: Any) -> Any:
    """What a signal asks beyond the plain, or None."""
    return market.plans[signal["plan"] - 1] if signal["plan"] else None


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
        is_kept = self.role not in {OrderRole.ENTRY, OrderRole.PLACED} or self.time_in_force == TimeInForce.GTD
        return not is_kept and ts - self.ts_created >= LONGEST_NS

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


@dataclass
class Holding:
    """The position in one instrument."""

    lots: int = 0
    entry: float = 0.0
    mark: int = 0
    margin: float = 0.0
    """Set aside for it alone, if it is isolated."""
    last: int = 0
    """The last close."""
    orders: list[TwinOrder] = field(default_factory=list)
    volume: dict[int, float] = field(default_factory=dict)
    """What is left of the bar for our orders of each side, lots."""

    def can_act(self, order: TwinOrder) -> bool:
        """Whether acting would change anything: a fill, or a trigger that is pulled for the next open."""
        return self.volume[order.side] > 0 or not (order.triggered or order.type == OrderType.LIMIT)

    def listens(self, order: TwinOrder) -> bool:
        """Whether prices inside a bar mean anything to an order."""
        return order.status != OrderStatus.PENDING and not order.triggered and self.can_act(order)


class Books:
    """Wallet, positions and the margin that they need."""

    def __init__(self, market: Market, team: Team) -> None:
        self.market = market
        self.team = team
        self.specs = [Spec(market, k) for k in range(len(market.specs))]
        self.holdings = [Holding() for _ in self.specs]
        self.wallet = team.capital[0]
        self.totals = dict.fromkeys(("realised", "fees", "funding", "slippage", "insurance"), 0.0)
        self.turnover: dict[int, float] = {}
        self.fills: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.payments: list[dict[str, Any]] = []
        self.refusals: list[dict[str, Any]] = []
        self.covered: list[tuple[int, float]] = []
        """What the fund has paid for which row."""

    def fee_rates(self, k: int, day: int) -> tuple[float, float]:
        """Maker and taker rate of a day: those of the tier that the thirty days before it have reached."""
        if not self.specs[k].has_fee_tiers or not len(self.market.fees):
            return self.specs[k].maker_rate, self.specs[k].taker_rate
        traded = cash(math.fsum(self.turnover.get(day - back, 0.0) for back in range(1, 31)))
        return next((float(maker), float(taker)) for least, maker, taker in self.market.fees[::-1] if least <= traded)

    def count(self, name: str, amount: float) -> None:
        """Add to one of the account's totals."""
        self.totals[name] = cash(self.totals[name] + amount)

    def open_profit(self, k: int, ticks: float) -> float:
        """Profit of a position at a price."""
        holding = self.holdings[k]
        return holding.lots * (ticks - holding.entry) * self.specs[k].tick_value

    def held(self) -> list[int]:
        """Instruments with a position."""
        return [k for k, holding in enumerate(self.holdings) if holding.lots != 0]

    def equity(self, who: int = 0) -> float:
        """Wallet plus open profit at the marks: of the account, or of a member as if it were an account."""
        total = self.wallet if who == 0 else self.purse(who)
        for k in self.held():
            if k in self.team.rows(who):
                total += self.open_profit(k, self.holdings[k].mark)
        return total

    def purse(self, who: int) -> float:
        """What a member began with, and all that its rows have won, lost, paid and been paid since."""
        own = self.team.rows(who)
        amounts = [fill["realised"] - fill["fee"] for fill in self.fills if fill["instrument"] in own]
        amounts += [payment["amount"] for payment in self.payments if payment["instrument"] in own]
        amounts += [amount for k, amount in self.covered if k in own]
        return cash(self.team.capital[who] + math.fsum(amounts))

    def initial_margin(self, k: int, lots: int, ticks: float) -> float:
        """Margin that a position is opened with."""
        return self.specs[k].value(lots, ticks) / self.specs[k].leverage

    def cash_behind(self, k: int) -> float:
        """Cash that answers for a position: its own margin, or whatever no isolated position has set aside."""
        if self.specs[k].is_isolated:
            return self.holdings[k].margin
        return self.wallet - math.fsum(holding.margin for holding in self.holdings)

    def company(self, k: int) -> list[int]:
        """The positions that answer for each other with this one, itself included."""
        return [j for j in self.held() if j == k or not (self.specs[j].is_isolated or self.specs[k].is_isolated)]

    def kept_apart(self, *, but: int | None) -> float:
        """Equity of isolated positions, which nobody else may use."""
        apart = [j for j in self.held() if self.specs[j].is_isolated and j != but]
        return math.fsum(self.holdings[j].margin + self.open_profit(j, self.holdings[j].mark) for j in apart)

    def fellows(self, k: int) -> list[int]:
        """Positions on the same instrument that answer for each other with this one, itself left out."""
        return [j for j in self.company(k) if j in self.team.beside(k)]

    def excess(self, k: int, ticks: float) -> float:
        """Equity behind `k` above maintenance margin if its instrument stood at a price, the others at their marks."""
        total, moved = self.cash_behind(k), [k, *self.fellows(k)]
        for other in self.company(k):
            price = ticks if other in moved else self.holdings[other].mark
            total += self.open_profit(other, price)
            total -= self.specs[other].maintenance(self.specs[other].value(self.holdings[other].lots, price))
        return total

    def is_liquidated_at(self, k: int, ticks: int) -> bool:
        """Whether a price is at the liquidation price, rounded to the side of the position, or beyond it."""
        holding = self.holdings[k]
        if holding.lots == 0 or not self.specs[k].is_perpetual:
            return False
        if self.dies_below(k):
            # The next tick below already lacks margin: this one is where the venue steps in.
            return self.excess(k, ticks - 1 + _A_MILLIONTH_OF_A_TICK) < 0.0
        return self.excess(k, ticks + 1 - _A_MILLIONTH_OF_A_TICK) < 0.0

    def dies_below(self, k: int) -> bool:
        """Whether a falling price hurts: it takes more profit than it takes margin."""
        if not self.fellows(k):
            return self.holdings[k].lots > 0
        mark = self.holdings[k].mark
        return self.excess(k, mark + _A_MILLIONTH_OF_A_TICK) > self.excess(k, mark)

    def net(self, k: int) -> int:
        """Signed lots of a position and its fellows."""
        return sum(self.holdings[j].lots for j in [k, *self.fellows(k)])

    def liquidation_price(self, k: int, safe: int, fatal: int) -> int:
        """The first fatal tick on the way from a safe price to a fatal one."""
        while abs(safe - fatal) > 1:
            middle = (safe + fatal) // 2
            if self.is_liquidated_at(k, middle):
                fatal = middle
            else:
                safe = middle
        return fatal

    def standing(self, k: int) -> list[int]:
        """The positions that answer with this one, but for those that its price moves."""
        moved = [k, *self.fellows(k)]
        return [j for j in self.company(k) if j not in moved]

    def spare(self, k: int) -> float:
        """What could be lost on a position and its fellows: cash, and what all others are worth more than they cost."""
        return cash(self.cash_behind(k) + sum(self.open_profit(j, self.holdings[j].mark) for j in self.standing(k)))

    def bankruptcy(self, k: int) -> int | None:
        """The last whole tick at which not less than nothing is left; None where no loss of this position's could."""
        moved, net = [k, *self.fellows(k)], self.net(k)
        if net == 0 or self.spare(k) < 0.0:
            return None
        entry = self.holdings[k].entry
        spare = self.cash_behind(k) + sum(self.open_profit(j, self.holdings[j].mark) for j in self.standing(k))
        spare += sum(self.open_profit(j, entry) for j in moved if j != k)
        price = entry - spare / (net * self.specs[k].tick_value)
        if net > 0:
            return max(math.ceil(price - _A_MILLIONTH_OF_A_TICK), 1)
        return max(math.floor(price + _A_MILLIONTH_OF_A_TICK), 1)

    def close(self, order: TwinOrder, status: int, code: int, ts: int) -> None:
        """An order leaves the book and is written down."""
        orders = self.holdings[order.instrument].orders
        orders[:] = [other for other in orders if other is not order]
        order.status, order.code, order.ts_closed = status, code, ts
        self.closed.append(asdict(order))

    def cancel(self, orders: list[TwinOrder], ts: int) -> None:
        """Cancel several orders, oldest first."""
        for order in orders:
            self.close(order, OrderStatus.CANCELED.value, 0, ts)

    def entries(self, k: int) -> list[TwinOrder]:
        """Waiting orders of signals that could open a position."""
        return [order for order in self.holdings[k].orders if not order.reduce_only and order.command < 0]

    def exits(self, k: int) -> list[TwinOrder]:
        """Waiting orders of signals that can only reduce."""
        return [order for order in self.holdings[k].orders if order.reduce_only and order.command < 0]

    def placed(self, k: int) -> list[TwinOrder]:
        """Waiting orders that commands have placed."""
        return [order for order in self.holdings[k].orders if order.command >= 0]

    def move(self, k: int, signed_lots: int, ticks: int) -> tuple[int, float]:
        """Change a position; returns the lots closed and what they earned."""
        holding = self.holdings[k]
        side = 1 if signed_lots > 0 else -1
        against = max(-holding.lots * side, 0)
        closed = min(against, abs(signed_lots))
        earned = cash(closed * (holding.entry - ticks) * side * self.specs[k].tick_value)
        opened = abs(signed_lots) - closed
        if self.specs[k].is_isolated:
            still = (abs(holding.lots) - closed) / abs(holding.lots) if closed else 1
            holding.margin = cash(holding.margin * still + self.initial_margin(k, opened, ticks))
        if opened:
            kept = abs(holding.lots) - closed
            holding.entry = (holding.entry * kept + ticks * opened) / (kept + opened)
        holding.lots += signed_lots
        if holding.lots == 0:
            holding.entry = 0.0
        return closed, earned
