"""One instrument's side of a run bar by bar: its strategy instance, and what that instance is shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import OrderRole, Side
from tradewright.domain.errors import StrategyError
from tradewright.domain.signal import Signal
from tradewright.engine.feed import Feed
from tradewright.strategy.playback import fresh
from tradewright.strategy.strategy import Strategy
from tradewright.strategy.view import FLAT, BarView, FillView, PositionView

__all__ = ["Desk"]


class Desk:
    """Asks one instance of a strategy about one instrument.

    Args:
        k: row of the instrument.
        strategy: of which a fresh instance is made.
        feed: the instrument's bars.
        has_bar: (S,) at which steps it has one.
    """

    def __init__(self, k: int, strategy: Strategy, feed: Feed, has_bar: NDArray[np.bool_]) -> None:
        self.k, self.feed, self.has_bar = k, feed, has_bar
        self.strategy = fresh(strategy)
        self.strategy.on_start()
        self.wishes: list[tuple[int, Signal]] = []
        self._on_bar = self.strategy.on_bar
        self._is_told = type(strategy).on_fill is not Strategy.on_fill
        self._closed = feed.closed
        self._bar = 0  # the next to be shown
        self._held = FLAT
        self._entered = 0

    def tell(self, fills: NDArray[np.void], position: np.void) -> None:
        """Tell the strategy of its fills, all of the bar that is shown next, and note what it holds after them."""
        for fill in fills:
            if fill["instrument"] == self.k:
                if fill["lots"] > fill["closed_lots"]:
                    self._entered = self._bar
                self._hold(position)
                if self._is_told:
                    self.strategy.on_fill(self._fill_view(fill))

    def _fill_view(self, fill: np.void) -> FillView:
        instrument = self.feed.instrument
        price, quantity = instrument.from_ticks(int(fill["ticks"])), instrument.from_lots(int(fill["lots"]))
        side, role = Side(int(fill["side"])), OrderRole(int(fill["role"]))
        return FillView(int(fill["ts"]), side, role, price, quantity, float(fill["fee"]))

    def _hold(self, position: np.void) -> None:
        lots = int(position["lots"])
        if lots == 0:
            self._held = FLAT
            return
        instrument = self.feed.instrument
        num, den = instrument.tick
        side = Side.LONG if lots > 0 else Side.SHORT
        price = float(position["entry_ticks"]) * num / den
        self._held = PositionView(side, instrument.from_lots(abs(lots)), price, self._entered)

    def ask(self, equity: float) -> Signal | None:
        """Show the next bar's close; the strategy's wish, or None.

        Raises:
            StrategyError: `on_bar` gave something else.
        """
        bar = self._bar
        self._bar = bar + 1
        wish = self._on_bar(BarView(self._closed, bar, self._held, equity))
        if wish is None:
            return None
        if not isinstance(wish, Signal):
            raise StrategyError(f"{self.strategy.name}: on_bar gave {type(wish).__name__}; it must give Signal or None")
        self.wishes.append((bar, wish))
        return wish
