"""The slow twin of the engine, first half: money, margin and the books of an account, in plain Python.

Written from the rules, for reading: objects, lists and dictionaries, one idea after another, nothing fast.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from tradewright.domain.enums import OrderStatus, OrderType
from tradewright.kernels.records import Market
from tradewright.testing.twin_order import TwinOrder
from tradewright.testing.twin_spec import Spec
from tradewright.testing.twin_team import Team

__all__ = ["Books", "Holding", "cash", "coin", "drawn", "plan_of", "same_part"]

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
