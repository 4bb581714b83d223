"""One instrument's side of a run bar by bar: its strategy instance, and what that instance is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import OrderRole, Side
from tradewright.domain.intents import POSITION_SIDES, IntentSide
from tradewright.domain.signal import Signal
from tradewright.engine.blotter import Blotter
from tradewright.engine.feed import Feed
from tradewright.engine.wishes import plan_row, wish_row
from tradewright.kernels.records import FILL
from tradewright.strategy.answer import NO_ANSWER, Answer, answered
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.playback import fresh
from tradewright.strategy.signals import Signals, joined_signals
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import FLAT, BarView, FillView, OrderView, ParentView, PositionView

__all__ = ["Desk"]

_A_HAIR = 1e-9
_INSTRUMENT, _LOTS, _CLOSED_LOTS = map((FILL.names or ()).index, ("instrument", "lots", "closed_lots"))


class Desk:
    """Asks one instance of a strategy about one instrument.

    Args:
        k: row of the instrument; in a hedge that of the long leg, and the short leg's comes next.
        strategy: of which a fresh instance is made.
        feed: the instrument's bars.
        blotter: of the instrument's orders; None where the strategy gives none.
        legs: how many rows there are.
    """

    def __init__(self, k: int, strategy: Strategy, feed: Feed, blotter: Blotter | None = None, legs: int = 1) -> None:
        self.k, self.feed = k, feed
        self.blotter = blotter
        self.is_idle = True  # but for what `on_bar` says, nothing is to be done at the next close
        self.strategy = fresh(strategy)
        self.strategy.on_start()
        self.wishes: list[tuple[int, Signal]] = []
        self._on_bar = self.strategy.on_bar
        self._view = BarView.at(self)
        self._is_told = type(strategy).on_fill is not Strategy.on_fill
        self._closed = feed.closed
        self._before = feed.before
        self._row = self._before  # the next to be shown
        self._step = -1  # whose close was shown last
        self.earlier = Signals.none()  # of a strategy whose place this one has taken
        self._held = FLAT
        self._legs = [FLAT] * legs
        self._entered = [0] * legs
        self._told = NO_ANSWER  # to fills, until the bar in which they happened is shown

    def listen(self, equity: float) -> None:
        """Show the bars before the first that is traded, and the equity with which the run begins.

        What the strategy wishes there is not heard.

        Raises:
            StrategyError: it gave something else than it may.
        """
        for row in range(self._before):
            answered(self.strategy.name, "on_bar", self._on_bar(self._view(self._closed, row, FLAT, equity)))

    @property
    def before(self) -> int:
        """How many bars it was shown before the first that is traded."""
        return self._before

    def take_over(self, other: Desk) -> None:
        """Go on where the desk of another strategy was: what is held, and its parents at work, are this one's now."""
        self._held, self._legs, self._entered = other._held, other._legs, other._entered
        self.earlier = joined_signals([other.earlier, other.told()])
        if self.blotter is not None and other.blotter is not None:
            self.blotter = other.blotter
            self.is_idle = not other.blotter.works

    def look(self, feed: Feed, closed: ClosedBars) -> None:
        """Take the bars as they are now: more have closed."""
        self.feed, self._closed = feed, closed
        if self.blotter is not None:
            self.blotter.feed = feed

    def tell(self, fills: NDArray[np.void], positions: Sequence[np.void] | NDArray[np.void]) -> None:
        """Tell the strategy of its fills, all of the bar that is shown next, and note what its rows hold after them."""
        for place, row in enumerate(fills.tolist()):
            leg = row[_INSTRUMENT] - self.k
            if 0 <= leg < len(self._legs):
                if row[_LOTS] > row[_CLOSED_LOTS]:
                    self._entered[leg] = self._row
                self._hold(leg, positions[leg])
                if self._is_told or (self.blotter is not None and self.blotter.works):
                    self._hear(fills[place])

    def _hear(self, fill: np.void) -> None:
        tags = self.blotter.note(fill) if self.blotter is not None else ("", "")
        if self._is_told:
            given = self.strategy.on_fill(self._fill_view(fill, tags))
            if given is not None:
                self._told = answered(self.strategy.name, "on_fill", given, self._told)
                self.is_idle = False

    def _fill_view(self, fill: np.void, tags: tuple[str, str]) -> FillView:
        instrument = self.feed.instrument
        price, quantity = instrument.from_ticks(int(fill["ticks"])), instrument.from_lots(int(fill["lots"]))
        side, role = Side(int(fill["side"])), OrderRole(int(fill["role"]))
        leg = POSITION_SIDES[int(fill["instrument"]) - self.k] if len(self._legs) > 1 else None
        return FillView(
            int(fill["ts"]), side, role, price, quantity, float(fill["fee"]), int(fill["order_id"]), *tags, leg
        )

    def _hold(self, leg: int, position: np.void) -> None:
        lots, held = int(position["lots"]), FLAT
        if lots != 0:
            instrument = self.feed.instrument
            num, den = instrument.tick
            side = Side.LONG if lots > 0 else Side.SHORT
            price = float(position["entry_ticks"]) * num / den
            held = PositionView(side, instrument.from_lots(abs(lots)), price, self._entered[leg])
        self._legs[leg] = held
        self._held = held if len(self._legs) == 1 else next((own for own in self._legs if own is not FLAT), FLAT)

    def legs(self) -> tuple[PositionView, PositionView]:
        """See `BarView.legs`."""
        by_side = {own.side: own for own in self._legs}
        return by_side.get(Side.LONG, FLAT), by_side.get(Side.SHORT, FLAT)

    def ask(self, step: int, equity: float) -> Answer | None:
        """Show the next bar's close, that of a step; what the strategy answers, None where there is nothing to do.

        Raises:
            StrategyError: it gave something else than it may.
        """
        row = self._row
        self._row = row + 1
        self._step = step
        given = self._on_bar(self._view(self._closed, row, self._held, equity))
        if given is None and self.is_idle:
            return None
        answer = answered(self.strategy.name, "on_bar", given, self._told)
        self._told, self.is_idle = NO_ANSWER, True
        if answer.signal is not None:
            self.wishes.append((row - self._before, answer.signal))
        return answer

    @property
    def place(self) -> int:
        """Of the last signal, among all of its own."""
        return len(self.wishes) - 1

    def plan(self, answer: Answer) -> tuple[float, ...] | None:
        """The PLAN record of an answer's signal, or None where it needs none."""
        return None if answer.signal is None else plan_row(answer.signal, self.feed.instrument)

    def row(self, answer: Answer, step: int, plan: int) -> tuple[float, ...] | None:
        """The SIGNAL record of an answer's signal, with the number of its plan; None where there is no signal."""
        if answer.signal is None:
            return None
        own = self.k if len(self._legs) == 1 else self.k + (answer.signal.side == "short")
        return wish_row(answer.signal, own, step, self.feed.instrument, plan)

    def told(self) -> Signals:
        """Every signal so far."""
        return Signals.from_list(self.wishes)

    @property
    def bar(self) -> int:
        """Row of the bar that was shown last, among those that are traded."""
        return self._row - self._before - 1

    def open_orders(self) -> tuple[OrderView, ...]:
        """See `BarView.orders`."""
        return self.blotter.open_orders() if self.blotter is not None else ()

    def open_parents(self) -> tuple[ParentView, ...]:
        """See `BarView.parents`."""
        if self.blotter is None or not self.blotter.works:
            return ()
        return self.blotter.open_parents(self._step)

    def whole_price(self, price: float, side: IntentSide | None) -> float:
        """See `BarView.whole_price`."""
        instrument = self.feed.instrument
        num, den = instrument.tick
        exact = price * den / num
        if side is None:
            return instrument.from_ticks(round(exact))
        slack = _A_HAIR * max(1.0, exact)
        return instrument.from_ticks(math.floor(exact + slack) if side == "buy" else math.ceil(exact - slack))

    def whole_quantity(self, quantity: float) -> float:
        """See `BarView.whole_quantity`."""
        return self.feed.instrument.from_lots(self.feed.instrument.to_lots(quantity))
