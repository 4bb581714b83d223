"""What `on_bar` and `on_fill` are given."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, TypedDict, Unpack

from tradewright.domain.enums import OrderRole, OrderStatus, Side
from tradewright.domain.intents import IntentSide, PositionSide
from tradewright.domain.signal import EntryKind, Signal
from tradewright.strategy.closed_bars import ClosedBars

__all__ = ["FLAT", "BarView", "BracketTerms", "FillView", "OrderDesk", "OrderView", "ParentView", "PositionView"]


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
    order_id: int = 0
    tag: str = ""
    """Of the order, where it was given one."""
    parent: str = ""
    """Of the order's parent, where it has one."""
    position_side: PositionSide | None = None
    """In a hedge, of which position."""


class OrderView(NamedTuple):
    """One of our open orders in the view's instrument, or one that is on its way to the venue."""

    id: int
    tag: str
    parent: str
    role: OrderRole
    side: IntentSide
    kind: EntryKind
    price: float | None
    """Limit price; None where it has none."""
    trigger: float | None
    """What sets it off; of a trailing stop its activation, and once armed its stop. None where there is none."""
    quantity: float
    """Base; 0 of what closes whatever is held."""
    remaining: float
    """What has not been filled."""
    status: OrderStatus
    reduce_only: bool
    position_side: PositionSide | None = None
    """In a hedge, of which position."""


class ParentView(NamedTuple):
    """An order of ours that is worked by children."""

    tag: str
    side: IntentSide
    quantity: float
    filled: float
    working: float
    """What its children may still fill."""
    bars_left: int
    """Of its window; 0 where it has no end."""
    position_side: PositionSide | None = None
    """In a hedge, of which position."""

    @property
    def remaining(self) -> float:
        """What has not been filled."""
        return self.quantity - self.filled


class OrderDesk(Protocol):
    """Where a view finds out what is asked of it seldom."""

    def legs(self) -> tuple[PositionView, PositionView]:
        """What is held long, and what is held short."""
        ...

    def open_orders(self) -> tuple[OrderView, ...]:
        """Every open order of the instrument, oldest first."""
        ...

    def open_parents(self) -> tuple[ParentView, ...]:
        """Every parent at work, oldest first."""
        ...

    def whole_price(self, price: float, side: IntentSide | None) -> float:
        """A price on a tick."""
        ...

    def whole_quantity(self, quantity: float) -> float:
        """A quantity in whole steps."""
        ...


class BracketTerms(TypedDict, total=False):
    """What else guards the position of a signal; see `Signal`.

    Attributes:
        trailing: callback of a trailing stop, a fraction.
        activation: price from which it counts.
        break_even: move the stop-loss to the entry price after the first target.
    """

    trailing: float
    activation: float
    break_even: bool


class BarView:
    """The world at one bar's close.

    Args:
        closed: all bars of the run; the view shows no row after `index`.
        index: row of the bar that has just closed.
        position: in this instrument; in a hedge the long leg where there is one, else the short one.
        equity: of the account, in a team of the member; quote currency.
    """

    __slots__ = ("_closed", "equity", "index", "position")
    _desk: ClassVar[OrderDesk | None] = None

    @classmethod
    def at(cls, desk: OrderDesk) -> type[BarView]:
        """Views that know orders from a desk; a class of its own, so that it costs nothing bar by bar."""
        return type(cls.__name__, (cls,), {"__slots__": (), "_desk": desk})

    def __init__(self, closed: ClosedBars, index: int, position: PositionView = FLAT, equity: float = 0.0) -> None:
        self._closed = closed
        self.index = index
        self.position = position
        self.equity = equity

    @property
    def legs(self) -> tuple[PositionView, PositionView]:
        """What is held long and what is held short; both only in a hedge."""
        return self._desk.legs() if self._desk is not None else (FLAT, FLAT)

    @property
    def orders(self) -> tuple[OrderView, ...]:
        """Open orders in this instrument as they stand at this close, oldest first."""
        return self._desk.open_orders() if self._desk is not None else ()

    @property
    def parents(self) -> tuple[ParentView, ...]:
        """Parents at work in this instrument, oldest first."""
        return self._desk.open_parents() if self._desk is not None else ()

    def whole_price(self, price: float, side: IntentSide | None = None) -> float:
        """The price on a tick: the nearest, or of a side the one that is not dearer for it."""
        return self._desk.whole_price(price, side) if self._desk is not None else price

    def whole_quantity(self, quantity: float) -> float:
        """The quantity in whole steps of the instrument, rounded down; 0 where it is less than one."""
        return self._desk.whole_quantity(quantity) if self._desk is not None else quantity

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
        return self._closed._rows.ts_open[self.index]

    @property
    def ts_close(self) -> int:
        """Now: when this bar closed, UTC ns."""
        return self._closed._rows.ts_close[self.index]

    @property
    def open(self) -> float:
        """First price of this bar."""
        return self._closed._rows.open[self.index]

    @property
    def high(self) -> float:
        """Highest price of this bar."""
        return self._closed._rows.high[self.index]

    @property
    def low(self) -> float:
        """Lowest price of this bar."""
        return self._closed._rows.low[self.index]

    @property
    def close(self) -> float:
        """Last price of this bar."""
        return self._closed._rows.close[self.index]

    @property
    def volume(self) -> float:
        """Base currency traded in this bar."""
        return self._closed._rows.volume[self.index]

    def with_risk(
        self,
        side: Literal["long", "short"],
        risk: float,
        reward: float = 3.0,
        metadata: Mapping[str, Any] | None = None,
        rewards: Sequence[tuple[float, float]] = (),
        **terms: Unpack[BracketTerms],
    ) -> Signal | None:
        """A market signal with its stop `risk` away from the close and its target `reward` times as far.

        `rewards` asks for several targets in place of that one: (multiple of `risk`, fraction of the position), nearest
        first. `terms` says what else guards the position, see `BracketTerms`.

        Returns:
            The signal, or None where `risk` is not yet known (NaN): the same rows that `Signals.with_risk` leaves out.
            A level at or below 0 is not left out: the gate refuses it, and the refusal is kept.
        """
        sign = 1.0 if side == "long" else -1.0
        close = self.close
        steps = rewards or ((reward, 1.0),)
        stop = close - sign * risk
        targets = tuple((close + sign * (multiple * risk), share) for multiple, share in steps)
        if not math.isfinite(risk):
            return None
        if rewards:
            return Signal(side, close, stop, metadata=metadata or {}, targets=targets, **terms)
        return Signal(side, close, stop, targets[0][0], metadata=metadata or {}, **terms)
