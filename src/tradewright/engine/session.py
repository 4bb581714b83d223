"""A run whose bars come one by one: what a backtest does over all bars, done at each close.

A session does no I/O and reads no clock. The same bars give the same fills as the backtest, to the last byte, whether
they come from a file or from a venue while they happen. Its state is what the steps so far have made of it: who keeps
the steps can make it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.intents import Cancel, Change, OrderIntent
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, make_market, trimmed
from tradewright.engine.blotter import leg_row
from tradewright.engine.by_hand import asked_row, flattening_rows
from tradewright.engine.cast import Cast, cast_of, each_leg, legs_of
from tradewright.engine.drilling import Drills
from tradewright.engine.feed import Feed
from tradewright.engine.funding import Schedule
from tradewright.engine.grid import lay_grid
from tradewright.engine.ground import StepTicks, bare_grid, lay_step, step_ticks, trimmed_market, widened
from tradewright.engine.guard import speaking
from tradewright.engine.pausing import reducing
from tradewright.engine.recital import Reading
from tradewright.engine.room import set_aside
from tradewright.engine.seat import Seat
from tradewright.engine.seating import desk_at
from tradewright.engine.walk import Setting, Walk
from tradewright.engine.wishes import Wishes
from tradewright.kernels.records import FUNDING, World
from tradewright.market.steps import Step, check_step
from tradewright.risk.policy import rules_of
from tradewright.strategy.strategy import Strategy

__all__ = ["Heard", "Session"]

_FIRST_ROOM = 512
_REACH = 256
"""Steps whose prices the rules may look back at: a few are looked at, but for correlations."""

_ASIDE_EVERY = 64
"""Steps after which what is new in the logs leaves memory."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one step has brought. Records as in `kernels.records`, in the order in which they came.

    Args:
        step: its number.
        equity: of the account at its close, quote.
        fills: FILL.
        closed: ORDER, of orders that came to their end.
        refusals: REFUSAL.
        payments: PAYMENT.
        signals: SIGNAL, given at its close.
    """

    step: int
    equity: float
    fills: NDArray[np.void]
    closed: NDArray[np.void]
    refusals: NDArray[np.void]
    payments: NDArray[np.void]
    signals: NDArray[np.void]


class Session:
    """One account, its strategies and its instruments, from step to step.

    Args:
        spec: the run's description.
        strategy: with its parameters set, or one for each member of `spec.team`.
        feeds: one for each of `domain.team.seats_of`: what is known of each instrument before the session begins, in
            `context` and `htf`. Those with a mark series, even an empty one, are judged by the marks of the steps.

    Attributes:
        steps: how many have closed.
        is_paused: what opens or enlarges a position is not heard; what reduces one is.
        admitted: symbols in which positions may be opened or enlarged; None for all.
        held: numbers of orders that do not reach the venue as long as they are in here.
        legs: rows of an instrument in which one strategy trades: two in a hedge, the long leg and then the short one.

    Raises:
        InvalidValue: the run needs what is not known step by step.
        StrategyError: a strategy fails.
    """

    _matches: ClassVar[bool] = True
    """Whether orders are matched here."""

    def __init__(self, spec: RunSpec, strategy: Cast, feeds: Sequence[Feed]) -> None:
        _check_reach(spec)
        self.spec = spec
        self.legs = legs_of(spec)
        self._cast = cast_of(spec, strategy)
        frame, htf = Timeframe.parse(spec.timeframe), Timeframe.parse(spec.htf) if spec.htf else None
        self._seats = [Seat(feed, frame, htf) for feed in feeds]
        rows = each_leg(feeds, self.legs)
        self.instruments = tuple(feed.instrument for feed in rows)
        grid = bare_grid(rows, _FIRST_ROOM)
        market = make_market(spec, rows, grid, Schedule(np.zeros(0, FUNDING), ()))
        rules = rules_of(spec)
        self._walk = Walk(spec.balance, Setting(market, rules, Drills(rows, rules)), self.legs)
        self._walk.matches = self._matches
        self._assumed = dict.fromkeys((feed.instrument.symbol for feed in feeds), 0)
        self.steps = 0
        self._reach = max(_REACH, *(one.correlation_bars + 2 for one in _limits(spec)))
        self._begin = 0  # the first step whose prices are in the market's columns
        self._sound: tuple[int, Step, StepTicks] | None = None
        self._told = (0, 0, 0, 0, 0)
        self.is_paused = False
        self.admitted: frozenset[str] | None = None
        self.held: set[int] = set()
        with speaking(*self._cast):
            self._walk.desks = [
                desk_at(self._walk, k * self.legs, own, seat.feed, Reading)
                for k, (own, seat) in enumerate(zip(self._cast, self._seats, strict=True))
            ]

    def close(self, step: Step) -> Heard:
        """Play what has closed, show it to the strategies, and decide on what they wish.

        Raises:
            DataError: the step does not follow the last, or names an instrument that the session does not trade.
            InvalidValue: a price rounds to no tick above zero.
            StrategyError: a strategy fails; the step has been played then, and what others wished is not decided on.
        """
        ticks = self._checked(step)
        walk, at = self._walk, self.steps
        self._make_room_for(at)
        walk.market = lay_step(walk.market, at, step, ticks, self.instruments)
        for payment in step.funding:
            self._assumed[payment.symbol] += payment.is_assumed
        self._play(at)
        self.steps = at + 1
        self._look(step)
        with speaking(*self._cast):
            walk.tell(self._told[0])
            self._ask(step, at)
        walk.advance(at, at + 1)
        return self._heard(at)

    def _make_room_for(self, at: int) -> None:
        walk = self._walk
        if at == walk.market.ts_open.size:
            walk.market, walk.world = widened(walk.market, walk.world, self._reach)
            self._begin = max(at - self._reach, 0)

    def _play(self, at: int) -> None:
        # Match and settle what has been laid in column `at`.
        for order in self._standing() if self.held else ():
            if int(order["id"]) in self.held:
                order["step"] = at  # as young as the bar itself: it arrives at none of its prices
        self._walk.advance(at - 1, at + 1)

    def check(self, step: Step) -> None:
        """Hold a step to what the session can play next; nothing is changed.

        Raises:
            DataError: it does not follow the last, or names an instrument that the session does not trade.
            InvalidValue: a price rounds to no tick above zero.
        """
        check_step(step, int(self._walk.market.ts_close[self.steps - 1]) if self.steps else None)
        known = set(self._assumed)
        named = [*step.bars, *step.marks, *(payment.symbol for payment in step.funding)]
        if strange := sorted(set(named) - known):
            raise DataError(f"{strange[0]}: not an instrument of this session; it trades {', '.join(sorted(known))}")
        self._sound = (self.steps, step, step_ticks(self.instruments, step))

    def _checked(self, step: Step) -> StepTicks:
        # What was held to all that a step must be, to be written down, is not held to it again to be played.
        if self._sound is None or self._sound[:2] != (self.steps, step):
            self.check(step)
        assert self._sound is not None
        return self._sound[2]

    def _look(self, step: Step) -> None:
        for desk, seat in zip(self._walk.desks, self._seats, strict=True):
            symbol = desk.feed.instrument.symbol
            if (bar := step.bars.get(symbol)) is not None:
                seat.add(step.ts_open, step.ts_close, bar, step.marks.get(symbol))
                desk.look(seat.feed_since(desk.before), seat.closed)

    def _ask(self, step: Step, at: int) -> None:
        walk = self._walk
        for desk in walk.desks:
            if (symbol := desk.feed.instrument.symbol) in step.bars:
                answer = desk.ask(at, float(walk.equity_of(desk.k)[at]))
                if answer is not None and (self.is_paused or not self._admits(symbol)):
                    answer = reducing(desk, answer)
                if answer is not None:
                    walk.take(desk, answer, at)

    def _admits(self, symbol: str) -> bool:
        return self.admitted is None or symbol in self.admitted

    def swap(self, strategy: Strategy) -> None:
        """Let another strategy, or the same with other parameters, go on from here.

        It is shown every bar so far, and nothing it wishes there is heard. What is held, what waits and what is being
        worked stays as it is, and is the new one's.

        Args:
            strategy: with its parameters set.

        Raises:
            InvalidValue: the session is a team's; the strategy needs another higher timeframe than the session has; or
                it gives signals by columns alone while parents are at work.
            StrategyError: it fails.
        """
        if self.spec.team:
            raise InvalidValue("strategy", strategy.name, "a session of one strategy; that of a team has several")
        if strategy.htf and strategy.htf != self.spec.htf:
            raise InvalidValue("htf", strategy.htf, f"{self.spec.htf}, as the session has it")
        works = any(desk.blotter is not None and desk.blotter.works for desk in self._walk.desks)
        if works and not strategy.has_on_bar:
            raise InvalidValue("strategy", strategy.name, "one with on_bar while parents are at work")
        cast = tuple(strategy for _ in self._seats)
        with speaking(*cast):
            desks = [
                desk_at(self._walk, desk.k, own, seat.feed_since(len(seat)), Reading)
                for desk, own, seat in zip(self._walk.desks, cast, self._seats, strict=True)
            ]
        for desk, before in zip(desks, self._walk.desks, strict=True):
            desk.take_over(before)
        self._walk.desks, self._cast = desks, cast

    def _standing(self) -> Iterator[np.void]:
        world = self._walk.world
        for k in range(world.positions.size):
            for slot in range(int(world.positions[k]["n_orders"])):
                yield world.orders[k, slot]

    def open_rows(self) -> NDArray[np.void]:
        """Every order that is open now: ORDER records, oldest first within an instrument; a copy."""
        world = self._walk.world
        return world.orders[np.arange(world.orders.shape[1]) < world.positions["n_orders"][:, np.newaxis]]

    def open_orders(self) -> Iterator[np.void]:
        """The same, one by one."""
        yield from self.open_rows()

    def open_order(self, order_id: int) -> np.void | None:
        """An order that is open now by its number: an ORDER record."""
        world = self._walk.world
        for k, slot in zip(*np.nonzero(world.orders["id"] == order_id), strict=True):
            if slot < world.positions[k]["n_orders"]:
                order: np.void = world.orders[k, slot].copy()
                return order
        return None

    def held_lots(self, k: int) -> int:
        """What row `k` holds, signed lots."""
        return int(self._walk.world.positions[k]["lots"])

    def last_ticks(self, k: int) -> int:
        """The last price of row `k`: of a close."""
        return int(self._walk.market.close[k, self.steps - 1])

    def ask_by_hand(self, symbol: str, ask: OrderIntent | Change | Cancel) -> None:
        """Do with orders what a person asks, as if a strategy had asked it at the last close; risk may refuse it.

        Args:
            symbol: of an instrument.
            ask: an order, other terms for one, or the end of one.

        Raises:
            InvalidValue: no step has closed yet; the session does not trade the instrument, or several members of it
                do and an order says of none; an order does not say its leg of a hedge.
        """
        rows = [k for k, one in enumerate(self.instruments) if one.symbol == symbol]
        if self.steps == 0:
            raise InvalidValue("session", 0, "at least one step that has closed")
        known = None if isinstance(ask, OrderIntent) else self.open_order(ask.order_id)
        if known is not None and int(known["instrument"]) not in rows:
            known = None
        if not rows or (known is None and len(rows) != self.legs):
            raise InvalidValue("instrument", symbol, "one that the session trades, with one strategy")
        if isinstance(ask, OrderIntent):
            k = leg_row(rows, ask.position_side)
        else:
            k = rows[0] if known is None else int(known["instrument"])
        at = self.steps - 1
        self._walk.send(asked_row(self._walk, (at, k), ask, known))
        self._walk.advance(at, at + 1)
        self._heard(at)

    def flatten(self) -> Heard:
        """Cancel every order and close every position at the next open, as of the last close.

        Raises:
            InvalidValue: no step has closed yet.
        """
        if self.steps == 0:
            raise InvalidValue("session", 0, "at least one step that has closed")
        at = self.steps - 1
        for row in flattening_rows(self._walk, at):
            self._walk.send(row)
        self._walk.advance(at, at + 1)
        return self._heard(at)

    def _counts(self) -> tuple[int, int, int, int, int]:
        account = self._walk.world.account[0]
        names = ("n_fills", "n_closed", "n_refusals", "n_payments")
        fills, closed, refusals, payments = (int(account[name]) for name in names)
        return fills, closed, refusals, payments, self._walk.given

    def _heard(self, at: int) -> Heard:
        # All that is new since the last time.
        world, after = self._walk.world, self._counts()
        logs = (world.fills, world.closed, world.refusals, world.payments, self._walk.market.signals)
        parts = [log[begin:end].copy() for log, begin, end in zip(logs, self._told, after, strict=True)]
        self._told = after
        if at % _ASIDE_EVERY == 0:
            for log, count in zip(logs, after, strict=True):
                set_aside(log[:count])
        return Heard(at, float(world.equity[at]), *parts)

    @property
    def positions(self) -> tuple[float, ...]:
        """What is held on each row, base; below 0 is short."""
        lots = self._walk.world.positions["lots"].tolist()
        return tuple(one.from_lots(own) for one, own in zip(self.instruments, lots, strict=True))

    def positions_by_symbol(self) -> dict[str, list[float]]:
        """What is held of each instrument, base: one number, of several rows as many."""
        held: dict[str, list[float]] = {}
        for instrument, quantity in zip(self.instruments, self.positions, strict=True):
            held.setdefault(instrument.symbol, []).append(quantity)
        return held

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Each seat's instrument with all of its bars so far."""
        return tuple(seat.feed for seat in self._seats)

    def price_at(self, k: int, ts: int) -> float:
        """The last price of row `k` that was known at a time, UTC ns: a whole number of ticks, quote per base."""
        instrument = self.instruments[k]
        return instrument.from_ticks(instrument.to_ticks(self._seats[k // self.legs].close_at(ts)))

    @property
    def world(self) -> World:
        """Account, positions, orders and every line so far; equity at each close."""
        size = self._columns()
        world = self._walk.world
        return trimmed(world._replace(equity=world.equity[:size].copy(), shares=world.shares[:, :size].copy()))

    @property
    def wishes(self) -> Wishes:
        """All that was asked for so far."""
        return self._walk.wishes()

    @property
    def run(self) -> Run:
        """The run so far, as a backtest over the same steps leaves it behind; it takes time in step with its length."""
        world, walk, wishes = self.world, self._walk, self.wishes
        feeds = each_leg((seat.feed for seat in self._seats), self.legs)
        early = lay_grid(feeds, walk.market.ts_open[: self.steps]) if self._begin else None
        market = trimmed_market(walk.market, world.equity.size, early, self._begin)
        market = market._replace(signals=wishes.rows, plans=wishes.plans, commands=wishes.commands)
        assumed = tuple(self._assumed[feed.instrument.symbol] for feed in feeds)
        instruments = tuple(feed.instrument for feed in feeds)
        return Run(self.spec, feeds, instruments, market, world, wishes, assumed, "on_bar", walk.drills.told())

    def _columns(self) -> int:
        # How many bars the run has so far.
        return self.steps


def _limits(spec: RunSpec) -> list[LimitSpec]:
    # Of the account and of each member.
    return [spec.limits, *(LimitSpec(**dict(member.limits)) for member in spec.team)]


def _check_reach(spec: RunSpec) -> None:
    if spec.fills.drills:
        raise InvalidValue("ambiguity", spec.fills.ambiguity, "of a session: any but subbar")
    if spec.costs.slippage == "square_root":
        raise InvalidValue("slippage", spec.costs.slippage, "of a session: any but square_root")
