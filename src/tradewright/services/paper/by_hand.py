"""What a person asks of a session's orders and positions, as what a strategy would ask."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tradewright.domain.enums import OrderRole, OrderType
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import POSITION_SIDES, Cancel, Change, IntentSide, OrderIntent, PositionSide
from tradewright.domain.signal import EntryKind
from tradewright.engine.blotter import leg_row
from tradewright.engine.session import Session

__all__ = ["HAND_ACTS", "check_exits", "hand_asks", "new_asks", "opens"]

HAND_ACTS = ("place", "cancel", "change", "close", "protect")
"""`place` comes with `symbol` and the fields of an `OrderIntent` as `order`; `cancel` and `change` with `symbol` and
`order_id`; `close` with `symbol` and the `part` of the position; `protect` with `symbol` and prices of exits; in a
hedge both say by `position_side` which position is meant, where there are two."""
_EXITS: dict[str, tuple[OrderRole, OrderType, EntryKind]] = {
    "stop_loss": (OrderRole.STOP_LOSS, OrderType.STOP_MARKET, "stop"),
    "take_profit": (OrderRole.TAKE_PROFIT, OrderType.TAKE_PROFIT_MARKET, "take_profit"),
}
_INTENT = {one.name for one in fields(OrderIntent)}

Ask = OrderIntent | Change | Cancel


def hand_asks(session: Session, record: Mapping[str, Any]) -> list[Ask]:
    """What a record asks of the orders of its symbol.

    Raises:
        InvalidValue: it cannot be asked; by field.
    """
    kind, rows = record["kind"], _rows(session, record.get("symbol"))
    if kind == "place":
        return [_intent(record.get("order"), rows)]
    if kind == "close":
        return [_closing(session, _held_row(session, rows, record), record.get("part", 1.0))]
    if kind == "protect":
        return _protection(session, _held_row(session, rows, record), record)
    number = _order_id(session, rows, record.get("order_id"))
    if kind == "cancel":
        return [Cancel(order_id=number)]
    quantity, price, trigger = (
        None if record.get(name) is None else _price(name, record[name]) for name in ("quantity", "price", "trigger")
    )
    return [Change(order_id=number, quantity=quantity, price=price, trigger=trigger)]


def new_asks(session: Session, record: Mapping[str, Any]) -> list[Ask]:
    """What a record asks that is not written down yet: beside `hand_asks`, an exit must lie ahead of the last price.

    What is written down is played as it stands, wherever price was then.

    Raises:
        InvalidValue: it cannot be asked; by field.
    """
    asks = hand_asks(session, record)
    if record["kind"] == "protect":
        k = _held_row(session, _rows(session, record.get("symbol")), record)
        check_exits(session.held_lots(k) > 0, session.instruments[k].from_ticks(session.last_ticks(k)), record)
    return asks


def check_exits(is_long: bool, last: float, given: Mapping[str, Any]) -> None:
    """Hold prices at which a position is to be left to those that price has not reached yet.

    Args:
        is_long: of the position.
        last: price, quote per base.
        given: `stop_loss` and `take_profit`, where they are moved.

    Raises:
        InvalidValue: one would fire at once: it is on the wrong side of the price.

    Example:
        >>> check_exits(True, 100.0, {"stop_loss": 101.0})
        Traceback (most recent call last):
        tradewright.domain.errors.InvalidValue: stop_loss: 101.0 is not allowed; give a price below the last one, 100
    """
    for name, is_below in (("stop_loss", is_long), ("take_profit", not is_long)):
        price = given.get(name)
        if price is not None and not (price < last if is_below else price > last):
            side = "below" if is_below else "above"
            raise InvalidValue(name, price, f"a price {side} the last one, {last:.12g}")


def opens(asks: list[Ask]) -> bool:
    """Whether any of them may open a position, or make one larger."""
    return any(
        (isinstance(one, Change) and one.quantity is not None)
        or (isinstance(one, OrderIntent) and not one.closes)
        for one in asks
    )  # fmt: skip


def _rows(session: Session, symbol: object) -> list[int]:
    # One, or in a hedge the long leg's and the short leg's.
    rows = [k for k, one in enumerate(session.instruments) if one.symbol == symbol]
    if session.steps == 0:
        raise InvalidValue("session", 0, "one that has played a bar")
    if len(rows) != session.legs:
        known = ", ".join(dict.fromkeys(one.symbol for one in session.instruments))
        raise InvalidValue("instrument", symbol, f"one that the session trades, with one strategy: {known}")
    return rows


def _held_row(session: Session, rows: list[int], record: Mapping[str, Any]) -> int:
    # Of the position that is meant: in a hedge it may be left out where there is only one.
    wanted, symbol = record.get("position_side"), session.instruments[rows[0]].symbol
    held = {POSITION_SIDES[session.held_lots(k) < 0]: k for k in rows if session.held_lots(k)}
    if not held:
        raise InvalidValue("instrument", symbol, "one of which something is held")
    if wanted is None and len(held) == 1:
        return next(iter(held.values()))
    if wanted not in held:
        raise InvalidValue("position_side", wanted, f"one that is held of {symbol}: {', '.join(held)}")
    return held[wanted]


def _intent(given: object, rows: list[int]) -> OrderIntent:
    if not isinstance(given, Mapping) or not set(given) <= _INTENT:
        raise InvalidValue("order", given, "the fields of an order")
    intent = OrderIntent(**given)
    leg_row(rows, intent.position_side)
    return intent


def _order_id(session: Session, rows: list[int], given: object) -> int:
    known = {int(one["id"]) for one in session.open_orders() if int(one["instrument"]) in rows}
    if isinstance(given, bool) or not isinstance(given, int) or given not in known:
        raise InvalidValue(
            "order", given, f"an order that is open: {', '.join(map(str, sorted(known))) or 'there is none'}"
        )
    return given


def _price(name: str, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not (math.isfinite(given) and given > 0):
        raise InvalidValue(name, given, "a number above 0")
    return float(given)


def _held(session: Session, k: int) -> tuple[Instrument, int, IntentSide]:
    lots = session.held_lots(k)
    return session.instruments[k], abs(lots), "sell" if lots > 0 else "buy"


def _leg(session: Session, side: IntentSide) -> PositionSide | None:
    # Of which a closing order is: to sell closes a long.
    return None if session.legs == 1 else POSITION_SIDES[side == "buy"]


def _closing(session: Session, k: int, part: object) -> OrderIntent:
    instrument, lots, side = _held(session, k)
    share = _price("part", part)
    if share > 1.0:
        raise InvalidValue("part", part, "a fraction above 0, at most 1")
    leg, quantity = _leg(session, side), instrument.from_lots(max(round(lots * share), 1))
    return OrderIntent(side, quantity, reduce_only=leg is None, position_side=leg)


def _protection(session: Session, k: int, record: Mapping[str, Any]) -> list[Ask]:
    instrument, _, side = _held(session, k)
    found: list[Ask] = []
    for name, (role, kind, word) in _EXITS.items():
        if (given := record.get(name)) is None:
            continue
        price = instrument.from_ticks(instrument.to_ticks(_price(name, given)))
        here = [one for one in session.open_orders() if int(one["instrument"]) == k]
        own = [one for one in here if one["role"] == role or (one["close_position"] and one["type"] == kind)]
        if len(own) > 1:
            raise InvalidValue(name, given, f"nothing: there are {len(own)} of them; change each by its number")
        if own:
            found.append(Change(order_id=int(own[0]["id"]), trigger=price))
        else:
            leg = _leg(session, side)
            found.append(OrderIntent(side, kind=word, trigger=price, close_position=True, position_side=leg))
    if not found:
        raise InvalidValue("stop_loss", None, "a price, or one of take_profit, or both")
    return found
