"""What a session has, in plain data: for a terminal, a program, or a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tradewright.domain.enums import Code, OrderRole, OrderStatus, OrderType, SignalKind
from tradewright.domain.errors import DataError
from tradewright.domain.intents import POSITION_SIDES, PositionSide
from tradewright.domain.times import iso
from tradewright.engine.outcome import log_of
from tradewright.portfolio.summary import summarise
from tradewright.portfolio.trades import RoundTrips
from tradewright.services.kill_switch import is_at_venue
from tradewright.services.live.fold import live_session_of
from tradewright.services.live.session import LiveSession
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.pending import Pending
from tradewright.services.session_risk import budgets, day_profit
from tradewright.strategy.registry import Registry

__all__ = [
    "AnySession",
    "counts",
    "decided",
    "ended_orders",
    "fills",
    "orders",
    "own_of",
    "pending",
    "performance",
    "portfolio",
    "positions",
    "prices",
    "session_of",
    "signals",
    "signals_since",
    "status",
    "waits",
]

AnySession = PaperSession | LiveSession
Row = dict[str, Any]
_Exit = tuple[str, PositionSide | None, str]
"""Instrument, leg of a hedge, and the side of an order that leaves it."""
_SECOND = 1_000_000_000


def session_of(name: str, records: Sequence[Mapping[str, Any]], strategies: Registry) -> AnySession:
    """A session as its records tell of it, on paper or at a venue.

    Raises:
        DataError: they are not those of a session.
        UnknownName: its strategy is not there any more.
    """
    if not records:
        raise DataError(f"session {name} has no records: it ended before it began")
    if is_at_venue(records[0]):
        return live_session_of(name, records, strategies)
    return PaperSession.of(records, strategies)


def own_of(known: AnySession) -> PaperSession:
    """Bars, strategy, steps and books of a session, wherever its orders are matched."""
    return known.own if isinstance(known, LiveSession) else known


def status(name: str, known: AnySession) -> Row:
    """What a session is and how it stands: money in quote currency, times in ISO."""
    own = own_of(known)
    spec = own.spec
    row: Row = {
        "session": name,
        "strategy": own.strategy.name,
        "params": dict(own.strategy.params),
        "instruments": list(spec.instruments),
        "timeframe": spec.timeframe,
        "venue": spec.venue,
        "matched_by": "venue" if isinstance(known, LiveSession) else "engine",
        "bars": len(own.steps),
        "bars_missed": own.missed,
        "last_close": iso(own.last_close),
        "paused": own.session.is_paused,
        "equity": round(_equity(own), 8),
    }
    if isinstance(known, LiveSession):
        row |= {
            "halted": known.halted,
            "synced": known.is_synced,
            "orders_unknown": sum(not one.is_certain for one in known.tickets.living()),
            "differences": [
                f"{one.instrument}: {one.venue} there, {one.ours} here" for one in known.holdings.differences
            ],
            "foreign_orders": len(known.holdings.foreign),
            "notes": [{"ts": iso(ts // _SECOND * _SECOND), "text": text} for ts, text in known.notes[-20:]],
        }
    return row


def _equity(own: PaperSession) -> float:
    equity = own.session.world.equity
    return float(equity[-1]) if equity.size else float(own.spec.balance)


def positions(known: AnySession) -> list[Row]:
    """What is held: base, quote per base, quote."""
    own = own_of(known)
    world, rows = own.session.world, []
    stops, targets = _exits(orders(known))
    for k, instrument in enumerate(own.session.instruments):
        held = world.positions[k]
        if (lots := int(held["lots"])) == 0:
            continue
        num, den = instrument.tick
        entry, last = float(held["entry_ticks"]) * num / den, instrument.from_ticks(int(held["mark_ticks"]))
        quantity = instrument.from_lots(abs(lots)) * (1 if lots > 0 else -1)
        leaves = (instrument.symbol, _leg(own, k), "sell" if lots > 0 else "buy")
        rows.append({
            "instrument": instrument.symbol, "side": "long" if lots > 0 else "short", "quantity": quantity,
            "entry": entry, "price": last, "profit": round((last - entry) * quantity, 8),
            "stop": stops.get(leaves), "target": _nearest(targets.get(leaves, ()), last),
        })  # fmt: skip
    return rows


def _leg(own: PaperSession, k: int) -> PositionSide | None:
    return POSITION_SIDES[k % 2] if own.session.legs > 1 else None


def _exits(waiting: Sequence[Row]) -> tuple[dict[_Exit, float], dict[_Exit, list[float]]]:
    """Prices at which positions are left: of the first stop, of every take-profit."""
    stops: dict[_Exit, float] = {}
    targets: dict[_Exit, list[float]] = {}
    for row in waiting:
        leaves = (row["instrument"], row.get("position_side"), row["side"])
        if row["role"] == "stop loss" or row["type"] == "stop market":
            stops.setdefault(leaves, row["price"])
        elif row["role"] == "take profit" or row["type"].startswith("take profit"):
            targets.setdefault(leaves, []).append(row["price"])
    return stops, targets


def _nearest(prices: Sequence[float], last: float) -> float | None:
    return min(prices, key=lambda price: abs(price - last), default=None)


def orders(known: AnySession) -> list[Row]:
    """Open orders, with their names at the venue."""
    own, rows = own_of(known), []
    world = own.session.world
    for k in range(len(own.session.instruments)):
        for slot in range(int(world.positions[k]["n_orders"])):
            row = _order(own, world.orders[k, slot])
            if isinstance(known, LiveSession):
                tickets = known.tickets.of_order(row["order"])
                row["at_venue"] = [f"{one.client_id} {one.life.value}" for one in tickets if not one.is_ended]
            rows.append(row)
    return rows


def _order(own: PaperSession, order: np.void) -> Row:
    instrument, ticks = own.session.instruments[int(order["instrument"])], int(order["level_ticks"])
    leg = _leg(own, int(order["instrument"]))
    return {
        "order": int(order["id"]), "instrument": instrument.symbol,
        "side": "buy" if order["side"] > 0 else "sell", "type": _word(OrderType(int(order["type"]))),
        "role": _word(OrderRole(int(order["role"]))),
        "quantity": instrument.from_lots(int(order["lots"])),
        "filled": instrument.from_lots(int(order["filled"])),
        "price": instrument.from_ticks(ticks) if ticks else None,
        "status": _word(OrderStatus(int(order["status"]))), "created": iso(int(order["ts_created"])),
        **({"position_side": leg} if leg else {}),
    }  # fmt: skip


def ended_orders(known: AnySession, first: int = 0) -> list[Row]:
    """Orders that have come to their end, from one number of them on, oldest first."""
    own = own_of(known)
    rows = []
    for order in own.session.world.closed[first:]:
        reason = Code(int(order["code"]))
        ended = {"ts": iso(int(order["ts_closed"])), "reason": "" if reason == Code.OK else _word(reason)}
        rows.append({**_order(own, order), **ended})
    return rows


def fills(known: AnySession, first: int = 0) -> list[Row]:
    """Fills from one number of them on, oldest first; numbers count from 1."""
    own = own_of(known)
    rows = []
    for number, fill in enumerate(own.session.world.fills[first:], start=first + 1):
        instrument = own.session.instruments[int(fill["instrument"])]
        rows.append({
            "fill": number, "order": int(fill["order_id"]), "instrument": instrument.symbol,
            "side": "buy" if fill["side"] > 0 else "sell", "role": _word(OrderRole(int(fill["role"]))),
            "quantity": instrument.from_lots(int(fill["lots"])), "price": instrument.from_ticks(int(fill["ticks"])),
            "fee": float(fill["fee"]), "ts": iso(int(fill["ts"])),
        })  # fmt: skip
    return rows


def _word(value: OrderType | OrderRole | OrderStatus | SignalKind | Code) -> str:
    return value.name.lower().replace("_", " ")


def pending(known: AnySession) -> list[Row]:
    """Orders that wait for somebody to confirm them."""
    waiting, session, rows = _pending_of(known), own_of(known).session, []
    open_now = {int(order["id"]): order for order in session.open_orders()} if waiting else {}
    for own in waiting.values():
        order = open_now.get(own.order_id)
        if own.state != "waiting" or order is None:
            continue
        instrument = session.instruments[int(order["instrument"])]
        stop = int(order["stop_ticks"]) if order["has_stop"] else 0
        target = int(order["target_ticks"]) if order["has_target"] else 0
        quantity = instrument.from_lots(int(order["lots"]))
        at_risk = abs(own.price - instrument.from_ticks(stop)) * quantity if stop else None
        rows.append({
            "order": own.order_id, "instrument": instrument.symbol, "side": "buy" if order["side"] > 0 else "sell",
            "type": _word(OrderType(int(order["type"]))), "quantity": quantity, "price": own.price,
            "stop_loss": instrument.from_ticks(stop) if stop else None,
            "take_profit": instrument.from_ticks(target) if target else None,
            "at_risk": at_risk, "state": own.state, "quotes": own.quotes,
            "since": iso(own.since), "until": iso(own.until),
        })  # fmt: skip
    return rows


def decided(known: AnySession) -> list[Row]:
    """Orders that waited to be confirmed, and what became of each."""
    return [{"order": one.order_id, "state": one.state, "by": one.by, "price": one.price, "quotes": one.quotes}
            for one in _pending_of(known).values() if one.state != "waiting"]  # fmt: skip


def waits(known: AnySession) -> tuple[Pending, ...]:
    """Every order that waits, or has waited, for somebody to confirm it."""
    return tuple(_pending_of(known).values())


def _pending_of(known: AnySession) -> Mapping[int, Pending]:
    return known.pending if isinstance(known, LiveSession) else known.waiting.pending


def counts(known: AnySession) -> dict[str, int]:
    """How many fills, ended orders, signals and steps a session has."""
    own = own_of(known)
    account, signals = own.session.world.account[0], int(own.session.wishes.rows.size)
    return {"fills": int(account["n_fills"]), "ended": int(account["n_closed"]), "signals": signals,
            "steps": len(own.steps)}  # fmt: skip


def portfolio(known: AnySession) -> Row:
    """Money: quote."""
    own = own_of(known)
    account = own.session.world.account[0]
    held = positions(known)
    equity = _equity(own)
    return {
        "balance_at_start": own.spec.balance,
        "wallet": float(account["wallet"]),
        "equity": equity,
        "open_profit": sum((row["profit"] for row in held), 0.0),
        "realised": float(account["realised"]),
        "fees": float(account["fees"]),
        "funding": float(account["funding"]),
        "exposure": sum((abs(row["quantity"]) * row["price"] for row in held), 0.0),
        "day_profit": day_profit(own),
        "budgets": budgets(own, held, equity),
        "positions": held,
    }


def performance(known: AnySession, trips: RoundTrips | None = None) -> Row:
    """The figures of a backtest's result, of what the session has done so far.

    Args:
        known: the session.
        trips: that knows its trades up to an earlier call; None puts all of them together.

    Raises:
        DataError: it has not played a bar.
    """
    own = own_of(known)
    if not own.steps:
        raise DataError("the session has not played a bar: there is nothing to judge")
    summary = summarise(log_of(own.session.run), trips)
    return {"bars": len(own.steps), "trades": len(summary.trades), **dict(summary.metrics.values)}


def signals(known: AnySession, last: int = 20) -> list[Row]:
    """The last signals with their reasons, newest first."""
    return list(reversed(signals_since(known, max(own_of(known).session.wishes.rows.size - last, 0))))


def signals_since(known: AnySession, first: int = 0) -> list[Row]:
    """Signals from one number of them on, oldest first; numbers count from 1."""
    own = own_of(known)
    wishes, rows = own.session.wishes, []
    for number in range(first, wishes.rows.size):
        one = wishes.rows[number]
        k, ts_close = int(one["instrument"]), own.steps.closes[int(one["step"])]
        instrument = own.session.instruments[k]
        priced = {name: instrument.from_ticks(int(one[f"{name}_ticks"])) or None for name in _SIGNAL_PRICES}
        rows.append({
            "number": number + 1, "ts": iso(ts_close),
            "signal": _word(SignalKind(int(one["kind"]))), "instrument": instrument.symbol,
            "price": own.session.price_at(k, ts_close),
            "entry": priced["entry"], "stop_loss": priced["stop"] if one["has_stop"] else None,
            "take_profit": priced["target"] if one["has_target"] else None,
            "confidence": float(one["confidence"]), "reasons": _reasons(wishes.metadata(number)),
        })  # fmt: skip
    return rows


_SIGNAL_PRICES = ("entry", "stop", "target")


def prices(known: AnySession) -> dict[str, float]:
    """The last price of each instrument, quote per base; those that have not traded yet are left out."""
    own = own_of(known)
    found = {}
    for k, instrument in enumerate(own.session.instruments):
        if (ticks := int(own.session.world.positions[k]["mark_ticks"])) > 0:
            found[instrument.symbol] = instrument.from_ticks(ticks)
    return found


def _reasons(metadata: Mapping[str, Any]) -> str:
    words = (f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in metadata.items())
    return ", ".join(words)
