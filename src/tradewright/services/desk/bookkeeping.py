"""What sessions make, entered into the books while they trade: wherever their orders are matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from tradewright.domain.books import OrderEntry, PendingOrder, PositionEntry, SignalEntry
from tradewright.domain.mode import Mode
from tradewright.domain.times import parse_time
from tradewright.portfolio.trades import RoundTrips
from tradewright.ports.books import Books
from tradewright.services import session_facts
from tradewright.services.paper.bookkeeping import enter_equity, enter_fills, enter_trades
from tradewright.services.paper.partial_exits import PartialExits
from tradewright.services.session_facts import AnySession

__all__ = ["Booked", "Bookkeeper"]

Plain = Mapping[str, Any]
_FLAT = Decimal(0)


class Booked(Protocol):
    """Whose session is entered, a deployment or another."""

    @property
    def session(self) -> str:
        """Its name."""
        ...

    @property
    def mode(self) -> Mode:
        """Whose books."""
        ...


@dataclass(frozen=True, slots=True)
class Bookkeeper:
    """Enters what is new; what is there already is written again where nobody knows, and is the same.

    Args:
        books: by mode.
        settled: trades of each session that are known to be over, and entered.
        trips: what is known of the trades of each session, and of the parts that were taken out of them.
    """

    books: Mapping[Mode, Books[Any]]
    settled: dict[str, int] = field(default_factory=dict)
    trips: dict[str, tuple[RoundTrips, PartialExits]] = field(default_factory=dict)

    async def enter(self, one: Booked, known: AnySession, before: Plain, now: Plain) -> None:
        """Enter what has happened to a session between two of its facts.

        Args:
            one: whose session it is.
            known: as it stands.
            before: facts that were put down last.
            now: its facts.

        Raises:
            StoreError: it cannot be written.
        """
        name, books, since = one.session, self.books[one.mode], before.get("counts", {})
        own, told = session_facts.own_of(known), now["counts"]
        if name not in self.settled or told["fills"] > since.get("fills", 0):
            await enter_fills(name, own, books, int(since.get("fills", 0)))
            trips = self.trips.setdefault(name, (RoundTrips(), PartialExits()))
            self.settled[name] = await enter_trades(name, own, books, self.settled.get(name, 0), trips)
        if told["steps"] > since.get("steps", 0):
            await enter_equity(name, own, books, int(since.get("steps", 0)))
        signals = session_facts.signals_since(known, int(since.get("signals", 0)))
        await books.signals.put([_signal(name, row) for row in signals])
        ended = session_facts.ended_orders(known, int(since.get("ended", 0)))
        was = {row["order"]: row for row in before.get("orders", ())}
        changed = [row for row in now["orders"] if was.get(row["order"]) != row]
        await books.orders.put([_order(name, row, now["status"]["last_close"]) for row in (*changed, *ended)])
        await books.positions.put(_positions(name, before, now))
        await books.pending.put(_pending(name, known, before, (now, ended)))


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value)))


def _sure(value: float) -> Decimal:
    return Decimal(repr(float(value)))


def _signal(name: str, row: Plain) -> SignalEntry:
    return SignalEntry(
        name, row["instrument"], parse_time(row["ts"]), row["signal"], _exact(row["entry"]), _exact(row["stop_loss"]),
        _exact(row["take_profit"]), _exact(row["confidence"]), {"reasons": row["reasons"], "price": row["price"]},
    )  # fmt: skip


def _order(name: str, row: Plain, last: str) -> OrderEntry:
    return OrderEntry(
        name, f"{name}-{row['order']}", row["instrument"], "", row["side"], row["type"], row["status"],
        _sure(row["quantity"]), _sure(row["filled"]), parse_time(row["created"]), parse_time(row.get("ts") or last),
        _exact(row["price"]), None, None, row.get("reason") or row["role"],
    )  # fmt: skip


def _pending(name: str, known: AnySession, before: Plain, now: tuple[Plain, list[Any]]) -> list[PendingOrder]:
    # Those that wait as they do now, and those about which somebody, or time, has decided since.
    facts, ended = now
    was = {row["order"]: row for row in before.get("pending", ())}
    told = {row["order"] for row in before.get("decided", ())}
    rows = {row["order"]: row for row in (*facts["orders"], *ended)} | was
    rows |= {row["order"]: row for row in facts["pending"]}
    return [
        PendingOrder(
            f"{name}-{one.order_id}", name, row["instrument"], row, _sure(one.price), one.since, one.until, one.state,
            one.by, one.decided or None,
        )
        for one in session_facts.waits(known)
        if (row := rows.get(one.order_id)) is not None
        and (was.get(one.order_id) != row if one.state == "waiting" else one.order_id not in told)
    ]  # fmt: skip


def _positions(name: str, before: Plain, now: Plain) -> list[PositionEntry]:
    updated = parse_time(now["status"]["last_close"])
    held = {row["instrument"]: row for row in now["positions"]}
    entries = [
        PositionEntry(
            name, row["instrument"], "", _sure(row["quantity"]), updated, _exact(row["entry"]), _exact(row["price"]),
            None, _exact(row["stop"]),
        )
        for row in held.values()
    ]  # fmt: skip
    gone = {row["instrument"] for row in before.get("positions", ())} - set(held)
    return entries + [PositionEntry(name, symbol, "", _FLAT, updated) for symbol in sorted(gone)]
