"""The books of deployments: orders, fills, positions, trades and what else is looked up; of one mode, or of none.

A journal (`ports.session_store`) is what a session believes. Books are what people and other processes read; they may
be written again from journals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from tradewright.domain.books import (
    EquityPoint,
    ExitEntry,
    FillEntry,
    Find,
    MarketSnapshot,
    OrderEntry,
    PendingOrder,
    Performance,
    PositionEntry,
    SignalEntry,
    TradeEntry,
    TradeNote,
)
from tradewright.domain.mode import Live, Mode, Simulation

__all__ = ["Books", "LiveBooks", "Markets", "PendingOrders", "Shelf", "SimBooks"]

EntryT = TypeVar("EntryT")
ModeT_co = TypeVar("ModeT_co", covariant=True, bound=Mode)
_ANY = Find()


class Shelf(Protocol[EntryT, ModeT_co]):
    """Entries of one kind and mode."""

    @property
    def mode(self) -> ModeT_co:
        """Whose they are."""
        ...

    async def put(self, entries: Sequence[EntryT]) -> None:
        """Write entries, all or none; those of the same name are replaced. A fill that is there stays as it is.

        Raises:
            StoreError: they cannot be written.
        """
        ...

    async def find(self, wish: Find = _ANY) -> Sequence[EntryT]:
        """Entries, in order of time.

        Raises:
            StoreError: they cannot be read.
            InvalidValue: they have no field that is asked for.
        """
        ...

    async def count(self) -> int:
        """How many there are.

        Raises:
            StoreError: they cannot be read.
        """
        ...


class PendingOrders(Shelf[PendingOrder, ModeT_co], Protocol[ModeT_co]):
    """Orders that wait for a person."""

    async def change(self, was: PendingOrder, becomes: PendingOrder) -> bool:
        """Change one that still stands as it was; of two who try at once exactly one succeeds.

        Args:
            was: as it was read: status, price and expiry are compared.
            becomes: the same order, otherwise.

        Returns:
            Whether it stood so, and was changed.

        Raises:
            InvalidValue: they are two different orders.
            StoreError: it cannot be written.
        """
        ...


class Books(Protocol[ModeT_co]):
    """Every shelf of a mode."""

    @property
    def mode(self) -> ModeT_co:
        """Whose they are."""
        ...

    @property
    def signals(self) -> Shelf[SignalEntry, ModeT_co]:
        """That strategies gave."""
        ...

    @property
    def orders(self) -> Shelf[OrderEntry, ModeT_co]:
        """As they stand."""
        ...

    @property
    def fills(self) -> Shelf[FillEntry, ModeT_co]:
        """Each once."""
        ...

    @property
    def positions(self) -> Shelf[PositionEntry, ModeT_co]:
        """As they stand."""
        ...

    @property
    def trades(self) -> Shelf[TradeEntry, ModeT_co]:
        """Round trips."""
        ...

    @property
    def exits(self) -> Shelf[ExitEntry, ModeT_co]:
        """Parts of trades."""
        ...

    @property
    def notes(self) -> Shelf[TradeNote, ModeT_co]:
        """On trades."""
        ...

    @property
    def equity(self) -> Shelf[EquityPoint, ModeT_co]:
        """Points of it."""
        ...

    @property
    def performance(self) -> Shelf[Performance, ModeT_co]:
        """Metrics over time."""
        ...

    @property
    def pending(self) -> PendingOrders[ModeT_co]:
        """Orders that wait for a person."""
        ...


class Markets(Protocol):
    """What was seen of markets; that has no mode."""

    async def put(self, entries: Sequence[MarketSnapshot]) -> None:
        """See `Shelf.put`."""
        ...

    async def find(self, wish: Find = _ANY) -> Sequence[MarketSnapshot]:
        """See `Shelf.find`."""
        ...

    async def forget(self, venue: str, before: int, most: int) -> int:
        """Throw away the oldest of a venue.

        Args:
            venue: whose.
            before: only what was seen before, UTC ns.
            most: so many at once at most.

        Returns:
            How many went.

        Raises:
            StoreError: the database refuses; nothing was thrown away.
        """
        ...


SimBooks = Books[Simulation]
LiveBooks = Books[Live]
