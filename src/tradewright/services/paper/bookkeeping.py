"""What a session has made, as entries of the books: for people, and for who looks things up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tradewright.domain.books import EquityPoint, ExitEntry, FillEntry, TradeEntry
from tradewright.domain.enums import Liquidity
from tradewright.domain.orders import exact
from tradewright.domain.trade import Trade
from tradewright.engine.outcome import log_of
from tradewright.portfolio.trades import RoundTrips
from tradewright.ports.books import Books
from tradewright.services.paper.partial_exits import Part, PartialExits
from tradewright.services.paper.sessions import PaperSession

__all__ = ["enter_equity", "enter_fills", "enter_session", "enter_trades"]


async def enter_session(name: str, own: PaperSession, books: Books[Any]) -> None:
    """Enter the trades with their parts, fills and equity of a session; what is there already is written again.

    Args:
        name: of the session.
        own: as it stands.
        books: of its mode.

    Raises:
        StoreError: they cannot be written.
    """
    if own.steps:
        await enter_trades(name, own, books)
        await enter_fills(name, own, books)
        await enter_equity(name, own, books)


async def enter_trades(
    name: str, own: PaperSession, books: Books[Any], settled: int = 0,
    known: tuple[RoundTrips, PartialExits] | None = None,
) -> int:  # fmt: skip
    """Enter the trades of a session but the first ones that are known to be over; how many of those there are now.

    What was taken out of them in parts is entered with them.

    Args:
        name: of the session.
        own: as it stands.
        books: of its mode.
        settled: how many were over at an earlier call.
        known: what knows its trades and their parts up to an earlier call; None goes through all of it.
    """
    if not own.steps:
        return 0
    trips, parts = known or (RoundTrips(), PartialExits())
    log = log_of(own.session.run)
    trades = trips.of(log)
    await books.trades.put([_trade(name, trade) for trade in trades[settled:]])
    await books.exits.put([_part(name, own, part) for part in parts.of(log, trades)])
    return next((place for place, trade in enumerate(trades) if trade.exit_reason == "open"), len(trades))


async def enter_fills(name: str, own: PaperSession, books: Books[Any], first: int = 0) -> None:
    """Enter the fills of a session from one number of them on."""
    await books.fills.put(_fills(name, own, first))


async def enter_equity(name: str, own: PaperSession, books: Books[Any], first: int = 0) -> None:
    """Enter the points of equity of a session from one step on."""
    await books.equity.put(_points(name, own, first))


def _trade(name: str, trade: Trade) -> TradeEntry:
    is_open = trade.exit_reason == "open"
    return TradeEntry(
        name, trade.id, trade.symbol, trade.side, trade.ts_entry, _number(trade.quantity), _number(trade.entry_price),
        None if is_open else trade.ts_exit, None if is_open else _number(trade.exit_price), _maybe(trade.stop_loss),
        _maybe(trade.take_profit), _number(trade.fees), _number(trade.funding), _number(trade.pnl), trade.exit_reason,
        dict(trade.metadata),
    )  # fmt: skip


def _part(name: str, own: PaperSession, part: Part) -> ExitEntry:
    instrument = own.session.instruments[part.row]
    quantity, price = exact(part.lots, instrument.lot), exact(part.ticks, instrument.tick)
    return ExitEntry(name, part.trade, part.number, part.ts, quantity, price, _number(part.pnl), part.reason)


def _fills(name: str, own: PaperSession, first: int) -> list[FillEntry]:
    entries = []
    for number, fill in enumerate(own.session.world.fills[first:], start=first + 1):
        instrument = own.session.instruments[int(fill["instrument"])]
        quantity, price = exact(int(fill["lots"]), instrument.lot), exact(int(fill["ticks"]), instrument.tick)
        entries.append(FillEntry(
            own.spec.venue, instrument.symbol, f"{name}-{number}", name, f"{name}-{int(fill['order_id'])}",
            "buy" if fill["side"] > 0 else "sell", quantity, price, _number(float(fill["fee"])), instrument.quote,
            int(fill["liquidity"]) == Liquidity.MAKER, int(fill["ts"]),
        ))  # fmt: skip
    return entries


def _points(name: str, own: PaperSession, first: int) -> list[EquityPoint]:
    # At a venue the bar under way may be there already, with what was filled in it: it is no point before its close.
    equity = own.session.world.equity[: len(own.steps)]
    points, highest = [], max(float(equity[:first].max()), 0.0) if first else 0.0
    for ts_close, value in zip(own.steps.closes[first:], equity[first:].tolist(), strict=True):
        highest = max(highest, value)
        fall = 1.0 - value / highest if highest > 0.0 else 0.0
        points.append(EquityPoint(name, ts_close, _number(value), _number(fall)))
    return points


def _number(value: float) -> Decimal:
    # As it is written: the shortest decimal that is this float.
    return Decimal(repr(float(value)))


def _maybe(value: float | None) -> Decimal | None:
    return None if value is None else _number(value)
