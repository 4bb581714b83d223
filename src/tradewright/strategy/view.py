"""What `on_bar` and `on_fill` are given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from tradewright.domain.enums import OrderRole, Side
from tradewright.domain.signal import Signal
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["FLAT", "BarView", "FillView", "PositionView"]


class PositionView(NamedTuple):
    """The open position in the view's instrument."""

    side: Side = Side.FLAT
    quantity: float = 0.0
    """Base currency, >= 0."""
    entry_price: float = 0.0
    """Average, quote per base; 0 when flat."""
    entry_bar: int = 0
    """Row of the bar in which it was entered; 0 when flat."""


FLAT = PositionView()


class FillView(NamedTuple):
    """One of our executions, as a strategy is told of it."""

    ts: int
    side: Side
    role: OrderRole
    price: float
    quantity: float
    fee: float


class BarView:
    """The world at one bar's close.

    Args:
        closed: all bars of the run; the view shows no row after `index`.
        index: row of the bar that has just closed.
        position: in this instrument.
        equity: of the account, quote currency.
    """

    __slots__ = ("_closed", "equity", "index", "position")

    def __init__(self, closed: ClosedBars, index: int, position: PositionView = FLAT, equity: float = 0.0) -> None:
        self._closed = closed
        self.index = index
        self.position = position
        self.equity = equity

    @property
    def bars(self) -> ClosedBars:
        """Every bar up to and including this one; nothing is copied."""
        return self._closed.until(self.index)

    @property
    def open_bars(self) -> int:
        """How many bars have closed since the entry, that of the entry included; 0 when flat."""
        return 0 if self.position.side == Side.FLAT else self.index - self.position.entry_bar + 1

    @property
    def ts_open(self) -> int:
        """When this bar opened, UTC ns."""
        return int(self._closed.ts_open[self.index])

    @property
    def ts_close(self) -> int:
        """Now: when this bar closed, UTC ns."""
        return int(self._closed.ts_close[self.index])

    @property
    def open(self) -> float:
        """First price of this bar."""
        return float(self._closed.open[self.index])

    @property
    def high(self) -> float:
        """Highest price of this bar."""
        return float(self._closed.high[self.index])

    @property
    def low(self) -> float:
        """Lowest price of this bar."""
        return float(self._closed.low[self.index])

    @property
    def close(self) -> float:
        """Last price of this bar."""
        return float(self._closed.close[self.index])

    @property
    def volume(self) -> float:
        """Base currency traded in this bar."""
        return float(self._closed.volume[self.index])

    def with_risk(
        self,
        side: Literal["long", "short"],
        risk: float,
        reward: float = 3.0,
        metadata: Mapping[str, Any] | None = None,
    ) -> Signal | None:
        """A market signal with its stop `risk` away from the close and its target `reward` times as far.

        Returns:
            The signal, or None where `risk` is not yet known (NaN) or a level would not be a price above 0: the same
            rows that `Signals.with_risk` leaves out.
        """
        sign = 1.0 if side == "long" else -1.0
        close = self.close
        stop, target = close - sign * risk, close + sign * (reward * risk)
        if not (math.isfinite(risk) and stop > 0.0 and target > 0.0):
            return None
        return Signal(side, close, stop, target, metadata=metadata or {})
