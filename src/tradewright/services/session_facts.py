"""What a session has, in plain data: for a terminal, a program, or a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradewright.domain.enums import OrderRole, OrderStatus, OrderType, SignalKind
from tradewright.domain.errors import DataError
from tradewright.domain.times import iso
from tradewright.engine.outcome import log_of
from tradewright.portfolio.summary import summarise
from tradewright.services.live.fold import live_session_of
from tradewright.services.live.session import LiveSession
from tradewright.services.paper.sessions import PaperSession
from tradewright.strategy.registry import Registry

__all__ = [
    "AnySession",
    "orders",
    "pending",
    "performance",
    "portfolio",
    "positions",
    "session_of",
    "signals",
    "status",
]

AnySession = PaperSession | LiveSession
Row = dict[str, Any]
_SECOND = 1_000_000_000


def session_of(name: str, records: Sequence[Mapping[str, Any]], strategies: Registry) -> AnySession:
    """A session as its records tell of it, on paper or at a venue.

    Raises:
        DataError: they are not those of a session.
        UnknownName: its strategy is not there any more.
    """
    if not records:
        raise DataError(f"session {name} has no records: it ended before it began")
    if "confirming" in records[0]:
        return live_session_of(name, records, strategies)
    return PaperSession.of(records, strategies)


def _own(known: AnySession) -> PaperSession:
    return known.own if isinstance(known, LiveSession) else known


def status(name: str, known: AnySession) -> Row:
    """What a session is and how it stands: money in quote currency, times in ISO."""
    own = _own(known)
    spec = own.spec
    row: Row = {
        "session": name,
        "strategy": spec.strategy,
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
    run = own.session.run
    return float(run.world.equity[-1]) if run.world.equity.size else float(own.spec.balance)


def positions(known: AnySession) -> list[Row]:
    """What is held: base, quote per base, quote."""
    own = _own(known)
    world, rows = own.session.run.world, []
    waiting = [row for row in orders(known) if row["role"] == "stop loss"]
    for k, instrument in enumerate(own.session.instruments):
        held = world.positions[k]
        if (lots := int(held["lots"])) == 0:
            continue
        num, den = instrument.tick
        entry, last = float(held["entry_ticks"]) * num / den, instrument.from_ticks(int(held["mark_ticks"]))
        quantity = instrument.from_lots(abs(lots)) * (1 if lots > 0 else -1)
        rows.append({
            "instrument": instrument.symbol, "side": "long" if lots > 0 else "short", "quantity": quantity,
            "entry": entry, "price": last, "profit": round((last - entry) * quantity, 8),
            "stop": next((row["price"] for row in waiting if row["instrument"] == instrument.symbol), None),
        })  # fmt: skip
    return rows


def orders(known: AnySession) -> list[Row]:
    """Open orders, with their names at the venue."""
    own, rows = _own(known), []
    world = own.session.run.world
    for k, instrument in enumerate(own.session.instruments):
        for slot in range(int(world.positions[k]["n_orders"])):
            order = world.orders[k, slot]
            ticks = int(order["level_ticks"])
            row: Row = {
                "order": int(order["id"]), "instrument": instrument.symbol,
                "side": "buy" if order["side"] > 0 else "sell", "type": _word(OrderType(int(order["type"]))),
                "role": _word(OrderRole(int(order["role"]))),
                "quantity": instrument.from_lots(int(order["lots"])),
                "filled": instrument.from_lots(int(order["filled"])),
                "price": instrument.from_ticks(ticks) if ticks else None,
                "status": _word(OrderStatus(int(order["status"]))),
            }  # fmt: skip
            if isinstance(known, LiveSession):
                tickets = known.tickets.of_order(row["order"])
                row["at_venue"] = [f"{one.client_id} {one.life.value}" for one in tickets if not one.is_ended]
            rows.append(row)
    return rows


def _word(value: OrderType | OrderRole | OrderStatus | SignalKind) -> str:
    return value.name.lower().replace("_", " ")


def pending(known: AnySession) -> list[Row]:
    """Orders that wait for somebody to confirm them."""
    if not isinstance(known, LiveSession):
        return []
    rows = []
    for own in known.pending.values():
        order = known.order(own.order_id)
        if own.state != "waiting" or order is None:
            continue
        instrument = known.session.instruments[int(order["instrument"])]
        stop = int(order["stop_ticks"]) if order["has_stop"] else 0
        target = int(order["target_ticks"]) if order["has_target"] else 0
        quantity = instrument.from_lots(int(order["lots"]))
        at_risk = abs(own.price - instrument.from_ticks(stop)) * quantity if stop else None
        rows.append({
            "order": own.order_id, "instrument": instrument.symbol, "side": "buy" if order["side"] > 0 else "sell",
            "type": _word(OrderType(int(order["type"]))), "quantity": quantity, "price": own.price,
            "stop_loss": instrument.from_ticks(stop) if stop else None,
            "take_profit": instrument.from_ticks(target) if target else None,
            "at_risk": at_risk, "quotes": own.quotes, "since": iso(own.since), "until": iso(own.until),
        })  # fmt: skip
    return rows


def portfolio(known: AnySession) -> Row:
    """Money: quote."""
    own = _own(known)
    account = own.session.run.world.account[0]
    held = positions(known)
    equity = _equity(own)
    return {
        "balance_at_start": own.spec.balance,
        "wallet": float(account["wallet"]),
        "equity": equity,
        "open_profit": sum(row["profit"] for row in held),
        "realised": float(account["realised"]),
        "fees": float(account["fees"]),
        "funding": float(account["funding"]),
        "exposure": sum(abs(row["quantity"]) * row["price"] for row in held),
        "positions": held,
    }


def performance(known: AnySession) -> Row:
    """The figures of a backtest's result, of what the session has done so far.

    Raises:
        DataError: it has not played a bar.
    """
    own = _own(known)
    if not own.steps:
        raise DataError("the session has not played a bar: there is nothing to judge")
    summary = summarise(log_of(own.session.run))
    return {"bars": len(own.steps), "trades": len(summary.trades), **dict(summary.metrics.values)}


def signals(known: AnySession, last: int = 20) -> list[Row]:
    """The last signals with their reasons, newest first."""
    run = _own(known).session.run
    rows = []
    for number in reversed(range(max(run.wishes.rows.size - last, 0), run.wishes.rows.size)):
        one = run.wishes.rows[number]
        step = int(one["step"])
        rows.append({
            "ts": iso(int(run.market.ts_close[step])), "signal": _word(SignalKind(int(one["kind"]))),
            "instrument": run.feeds[int(one["instrument"])].instrument.symbol,
            "confidence": float(one["confidence"]), "reasons": _reasons(run.wishes.metadata(number)),
        })  # fmt: skip
    return rows


def _reasons(metadata: Mapping[str, Any]) -> str:
    words = (f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in metadata.items())
    return ", ".join(words)
