"""One trade while it is being put together from its fills."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradewright.domain.enums import FillFlag, OrderRole
from tradewright.portfolio.excursions import Stand

__all__ = ["OpenTrip", "Slice"]


@dataclass(slots=True)
class Slice:
    """The part of a fill that belongs to one trade.

    A fill that turns a position closes one trade and opens another; fee and slippage are split by quantity, the
    realised profit belongs to the closed one.
    """

    lots: int
    ticks: int
    price: float
    fee: float
    slippage: float
    realised: float
    role: int
    flags: int
    touched: bool
    ts: int
    bar: int
    at_open: bool
    group: int
    signal: int


@dataclass(slots=True)
class OpenTrip:
    """A trade that has been entered; filled in place until it is flat.

    Units: `held` lots, signed; `entry_ticks` average entry of what is held; money quote.
    """

    side: int
    first: Slice
    lot: float
    last: Slice = field(init=False)
    held: int = 0
    entry_ticks: float = 0.0
    entered: int = 0
    entered_value: float = 0.0  # ticks times lots
    left: int = 0
    left_value: float = 0.0
    realised: float = 0.0
    fees: float = 0.0
    slippage: float = 0.0
    funding: float = 0.0
    ambiguous: bool = False
    touched: bool = False
    stands: list[Stand] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last = self.first

    def enter(self, part: Slice, tick: float) -> None:
        """Add to the position; the average entry changes only here."""
        held = abs(self.held)
        self.entry_ticks = (self.entry_ticks * held + part.ticks * part.lots) / (held + part.lots)
        self.held += self.side * part.lots
        self.entered += part.lots
        self.entered_value += float(part.ticks) * part.lots
        self._book(part, tick)

    def leave(self, part: Slice, tick: float) -> None:
        """Take from the position."""
        self.held -= self.side * part.lots
        self.left += part.lots
        self.left_value += float(part.ticks) * part.lots
        self.realised += part.realised
        self._book(part, tick)

    def mark(self, ticks: int, tick_value: float) -> None:
        """Value what is still held at a price, as if it were left there; no cost, no fill."""
        lots = abs(self.held)
        self.realised += self.held * (ticks - self.entry_ticks) * tick_value
        self.left += lots
        self.left_value += float(ticks) * lots

    @property
    def reason(self) -> int:
        """OrderRole of the last fill; ENTRY where a reversal ended it."""
        return OrderRole(self.last.role)

    def _book(self, part: Slice, tick: float) -> None:
        self.fees += part.fee
        self.slippage += part.slippage
        self.ambiguous = self.ambiguous or bool(part.flags & FillFlag.AMBIGUOUS)
        self.touched = self.touched or part.touched
        self.last = part
        quantity, entry = self.held * self.lot, self.entry_ticks * tick
        self.stands.append(Stand(part.bar, part.at_open, part.price, part.role, quantity, entry, self.realised))
