"""One account at a venue of ours: it trades in the present by commands, and the kernels do all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Code, CommandKind, OrderStatus, OrderType, TimeInForce, TriggerBy
from tradewright.domain.instrument import Instrument
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import CostSpec, FillSpec, LimitFillName, RiskSpec
from tradewright.engine.present import Present
from tradewright.engine.world import grown, new_world
from tradewright.execution.venue_terms import venue_terms
from tradewright.kernels.loop import run_steps
from tradewright.kernels.margin import (
    initial_margin,
    liquidation_ticks,
    maintenance,
    open_profit,
    set_aside,
    total_equity,
)
from tradewright.kernels.money import notional
from tradewright.kernels.orders import close_order, slot_of
from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World
from tradewright.kernels.settlement import add_cash
from tradewright.kernels.sizing import committed, worst_value
from tradewright.risk.policy import rules_for

__all__ = ["Happened", "Holding", "Money", "VenueAccount", "VenueLimits", "Wish", "house_rules", "house_terms"]

_NO_CAP = 1e15
_STEPS = _BEYOND = 2
_ROOM = 64


@dataclass(frozen=True, slots=True)
class VenueLimits:
    """A venue's filters beyond those that an instrument states, as in `kernels.records.SPEC`; 0 is no limit."""

    min_ticks: int = 0
    max_ticks: int = 0
    max_lots: int = 0
    market_max_lots: int = 0
    price_up: float = 0.0
    price_down: float = 0.0
    max_orders: int = 0
    max_conditionals: int = 0
    trigger_protect: float = 0.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of the venue. Prices are ticks, quantities lots; fields as in `kernels.records.COMMAND`.

    `leg` is that of a hedge: +1 long, -1 short; 0 where an instrument is held long or short.
    """

    instrument: int
    kind: CommandKind
    order_id: int = 0
    type: OrderType = OrderType.MARKET
    side: int = 1
    lots: int = 0
    level_ticks: int = 0
    trigger_ticks: int = 0
    callback: int = 0
    time_in_force: TimeInForce = TimeInForce.GTC
    trigger_by: TriggerBy = TriggerBy.LAST
    reduce_only: bool = False
    close_position: bool = False
    protected: bool = False
    leg: int = 0


_SENT = tuple(name for name in Wish.__slots__ if name not in ("instrument", "leg"))


class Happened(NamedTuple):
    """What a step brought: rows of FILL, ORDER, PAYMENT and REFUSAL, whose instruments are those of the venue."""

    fills: NDArray[np.void]
    closed: NDArray[np.void]
    payments: NDArray[np.void]
    refusals: NDArray[np.void]


class Money(NamedTuple):
    """What an account is worth, quote."""

    wallet: float
    open_profit: float
    position_margin: float
    order_margin: float
    maintenance: float
    available: float
    short: bool
    """Margin asks for more than there is: nothing is available, and less than nothing would be left."""


class Holding(NamedTuple):
    """A position, as margin sees it; prices in ticks, money in quote currency."""

    leg: int  # +1 long, -1 short; 0 where it may be either
    lots: int
    entry_ticks: float
    mark_ticks: int
    open_profit: float
    notional: float
    position_margin: float
    order_margin: float
    maintenance: float
    isolated_margin: float
    liquidation_ticks: int
    leverage: float
    is_isolated: bool


def house_terms(
    instruments: Sequence[Instrument], limits: Sequence[VenueLimits], costs: CostSpec, leverage: float
) -> tuple[NDArray[np.void], NDArray[np.float64]]:
    """SPEC records and tiers of a venue's instruments, with its filters."""
    # Its orders walk a book level by level, as ticks: a step shows too little to say who stands before whom.
    specs, tiers = venue_terms(instruments, costs, RiskSpec(leverage=leverage, self_trade="none"))
    for spec, own in zip(specs, limits, strict=True):
        for name in VenueLimits.__slots__:
            spec[name] = getattr(own, name)
    # A tick stands at the bid or the ask, the mark does not: they are series of their own.
    specs["has_mark"] = True
    return specs, tiers


def house_rules(count: int, limit_fill: LimitFillName, capped: bool) -> Rules:
    """Rules of an account that is held by the venue's own limits alone; `capped` lets no step fill more than it has."""
    fills = FillSpec(participation=1.0 if capped else 0.0, limit_fill=limit_fill)
    rules = rules_for(RiskSpec(), fills, LimitSpec(), 1)
    return rules._replace(max_exposure=_NO_CAP, max_positions=2 * count)


class VenueAccount:
    """The state of one account, moved on by the kernels alone.

    Args:
        present: of the venue; shared.
        rules: of `house_rules`.
        balance: wallet at the start, quote.
    """

    def __init__(self, present: Present, rules: Rules, balance: float) -> None:
        self.rules = rules
        self._present = present
        self.legs: tuple[int, ...] = (0,)
        """What each instrument is held as: (0,) long or short, (1, -1) both side by side."""
        self.market = self._market(in_legs=False)
        self.world = new_world(self.market, balance, _ROOM)

    def _market(self, *, in_legs: bool) -> Market:
        shared = self._present.in_legs() if in_legs else self._present.market
        return shared._replace(specs=shared.specs.copy(), commands=shared.commands.copy())

    def turn(self, *, in_legs: bool) -> None:
        """Hold instruments long and short side by side, or long or short; the account holds and waits for nothing."""
        before, terms = self.world, self.market.specs[:: len(self.legs)]
        self.legs = (1, -1) if in_legs else (0,)
        self.market = self._market(in_legs=in_legs)
        for name in ("leverage", "is_isolated"):
            self.market.specs[name] = np.repeat(terms[name], len(self.legs))
        self.world = new_world(self.market, 0.0, _ROOM)
        self.world.account[:] = before.account

    def _row(self, k: int, leg: int) -> int:
        return k * len(self.legs) + self.legs.index(leg)

    @property
    def is_bare(self) -> bool:
        """Whether it holds nothing, and nothing of it waits."""
        return not (self.world.positions["lots"].any() or self.world.positions["n_orders"].any())

    @property
    def next_id(self) -> int:
        """Id that the next order gets, if it is placed."""
        return int(self.world.account[0]["next_order_id"])

    @property
    def rows_held(self) -> list[tuple[int, int]]:
        """Instruments and legs that are held."""
        size = len(self.legs)
        return [(int(row) // size, self.legs[row % size]) for row in np.flatnonzero(self.world.positions["lots"])]

    def play(self) -> Happened:
        """Play the step that the present has begun."""
        return self._advance()

    def send(self, wish: Wish) -> Happened:
        """Let a wish reach the venue in the step that the present has begun, and play it."""
        row = self.market.commands[0]
        row["step"], row["instrument"] = 0, self._row(wish.instrument, wish.leg)
        for name in _SENT:
            row[name] = getattr(wish, name)
        happened = self._advance()
        row["step"] = _BEYOND
        return happened

    def _advance(self) -> Happened:
        if len(self.legs) > 1:
            self._present.show(self.market)
        account = self.world.account[0]
        while (code := run_steps(self.world, self.market, self.rules, _STEPS, 0)) != Code.OK:
            self.world = grown(self.world, code)
        account["command"] = account["arrived"] = account["payment"] = 0
        # Column 1 will be the next step again: whatever came into being in this one is older than that.
        self.world.orders["step"] = 0
        return self._told()

    def _told(self) -> Happened:
        world, account = self.world, self.world.account[0]
        rows = []
        for log, count in (
            (world.fills, "n_fills"),
            (world.closed, "n_closed"),
            (world.payments, "n_payments"),
            (world.refusals, "n_refusals"),
        ):
            number = int(account[count])
            found = log[:number].copy() if number else log[:0]
            found["instrument"] //= len(self.legs)
            rows.append(found)
            account[count] = 0
        return Happened(*rows)

    def open_orders(self, k: int) -> NDArray[np.void]:
        """ORDER rows of an instrument's open orders, of each leg the oldest first."""
        parts = [self.world.orders[row, : self.world.positions[row]["n_orders"]] for row in self._rows(k)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _rows(self, k: int) -> range:
        return range(k * len(self.legs), (k + 1) * len(self.legs))

    def _order(self, k: int, leg: int, number: int) -> Any:
        row = self._row(k, leg)
        orders = self.world.orders[row, : self.world.positions[row]["n_orders"]]
        found = np.flatnonzero(orders["id"] == number)
        return orders[found[0]] if found.size else None

    def is_open(self, k: int, leg: int, number: int) -> bool:
        """Whether an order is open."""
        return self._order(k, leg, number) is not None

    def takes_on(self, k: int, leg: int, number: int) -> bool:
        """Whether an order was triggered, and takes whatever price comes next."""
        order = self._order(k, leg, number)
        return order is not None and bool(order["triggered"]) and order["type"] != OrderType.LIMIT

    def come_again(self, k: int, leg: int, number: int, ticks: int) -> None:
        """Let an open limit, on its way through the book, arrive in the next step at a level that it accepts."""
        order = self._order(k, leg, number)
        order["level_ticks"], order["status"] = ticks, OrderStatus.PENDING

    def rest(self, k: int, leg: int, number: int, ticks: int) -> None:
        """Let an open limit that has been through the book stand at its own price."""
        order = self._order(k, leg, number)
        order["level_ticks"] = ticks
        order["status"] = OrderStatus.PARTIALLY_FILLED if order["filled"] else OrderStatus.OPEN

    def touch(self, k: int, leg: int, number: int, *, touched: bool) -> None:
        """Let a resting limit fill at its own price, because nobody stands before it there, or no longer."""
        self._order(k, leg, number)["touch"] = touched

    def remember(self) -> World:
        """The state as it is now."""
        copies: dict[str, Any] = {name: array.copy() for name, array in self.world._asdict().items()}
        return World(**copies)

    def recall(self, world: World) -> None:
        """Be what was remembered."""
        self.world = world

    def withdraw(self, k: int, leg: int, number: int) -> None:
        """Take an open order away as if it had never come."""
        row = self._row(k, leg)
        close_order(self.world, row, slot_of(self.world, row, number), OrderStatus.CANCELED.value, 0, self._present.ts)

    def held(self, k: int, leg: int = 0) -> int:
        """Signed lots of an instrument, or of a leg of it."""
        return int(self.world.positions[self._row(k, leg)]["lots"])

    @property
    def set_apart(self) -> float:
        """What isolated positions have of the wallet, quote."""
        return float(self.world.positions["margin"].sum())

    def money(self) -> Money:
        """What the account is worth at the marks."""
        world, market = self.world, self.market
        wallet = float(world.account[0]["wallet"])
        equity = total_equity(world, market)
        holdings = [self.holding(k, leg) for k, leg in self.rows_held]
        asked = committed(world, market, -1)[1]
        waiting = asked - initial_margin(world, market, -1)
        available = equity - set_aside(world, market, -1) - asked
        return Money(
            wallet=wallet,
            open_profit=equity - wallet,
            position_margin=sum(one.position_margin for one in holdings),
            order_margin=max(float(waiting), 0.0),
            maintenance=sum(one.maintenance for one in holdings),
            available=max(float(available), 0.0),
            short=bool(available < 0.0),
        )

    def holdings(self, k: int) -> list[Holding]:
        """The position of an instrument, or those of its legs; flat ones too."""
        return [self.holding(k, leg) for leg in self.legs]

    def holding(self, k: int, leg: int = 0) -> Holding:
        """The position of an instrument, or of a leg of it; a flat one too."""
        world, market, k = self.world, self.market, self._row(k, leg)
        position: Any = world.positions[k]
        spec: Any = market.specs[k]
        lots, mark = int(position["lots"]), int(position["mark_ticks"])
        value = notional(spec, lots, mark)
        waiting = worst_value(world, market, k, 0.0, 0.0) - value
        return Holding(
            leg=leg,
            lots=lots,
            entry_ticks=float(position["entry_ticks"]),
            mark_ticks=mark,
            open_profit=open_profit(world, market, k, mark),
            notional=value if lots > 0 else -value,
            position_margin=value / float(spec["leverage"]),
            order_margin=max(float(waiting), 0.0) / float(spec["leverage"]),
            maintenance=maintenance(market, k, value) if lots else 0.0,
            isolated_margin=float(position["margin"]),
            liquidation_ticks=liquidation_ticks(world, market, k),
            leverage=float(spec["leverage"]),
            is_isolated=bool(spec["is_isolated"]),
        )

    def set_leverage(self, k: int, leverage: float) -> None:
        """Set the leverage by which an instrument's margin is counted."""
        self.market.specs["leverage"][self._rows(k)] = leverage

    def set_isolated(self, k: int, isolated: bool) -> None:
        """Set an instrument's margin mode; the caller has made sure that it holds and waits for nothing."""
        self.market.specs["is_isolated"][self._rows(k)] = isolated

    def set_margin(self, k: int, leg: int, amount: float) -> None:
        """Set aside so much for an isolated position, quote; the caller has made sure that it is there."""
        self.world.positions[self._row(k, leg)]["margin"] = amount

    def deposit(self, amount: float) -> None:
        """Add cash to the wallet, or take it out."""
        add_cash(self.world.account[0], amount)
