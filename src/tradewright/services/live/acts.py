"""What is asked of a session from outside, looked at before it is written down."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.services.live.session import LiveSession
from tradewright.services.live.steering import waiting_order
from tradewright.services.paper.by_hand import HAND_ACTS, new_asks, opens
from tradewright.services.paper.sessions import ACTS, admitted_symbols

__all__ = ["LIVE_ACTS", "checked_act"]

LIVE_ACTS = (*ACTS, "kill", "calm", "confirm", "reject")
"""What may be asked of a session at a venue."""


def checked_act(live: LiveSession, record: Mapping[str, Any], now: int, *, is_ending: bool = False) -> dict[str, Any]:
    """A wish as the record that does it.

    Args:
        live: the session.
        record: what is asked; `confirm` and `reject` name the order and who says so.
        now: the venue's time, UTC ns.
        is_ending: the session is: nothing that opens would be looked after.

    Raises:
        DataError: there is no such act.
        InvalidValue: it cannot be done now.
    """
    kind = record.get("kind")
    if kind not in LIVE_ACTS:
        raise DataError(f"act: {kind!r}; one of {', '.join(LIVE_ACTS)}")
    if kind == "flatten" and not live.own.steps:
        raise InvalidValue("flatten", 0, "a session that has played a bar")
    against = "the session is ending" if is_ending else "" if live.may_open else live.halted or "the session is paused"
    if kind in HAND_ACTS and opens(new_asks(live.session, record)) and against:
        raise InvalidValue("order", kind, f"what closes or reduces: {against}")
    if kind == "confirm" and is_ending:
        raise InvalidValue("order", record.get("order_id"), "nothing any more: the session is ending")
    if kind == "swap":
        _check_swap(live, record)
    if kind == "admit":
        admitted_symbols(record)
    done = {**record, "ts": now}
    if kind in ("confirm", "reject"):
        own = waiting_order(live, {"order_id": _number(record, "order_id", int)})
        order = live.order(own.order_id)
        row = 0 if order is None else int(order["instrument"])
        price = live.session.instruments[row].from_ticks(live.session.last_ticks(row))
        seen = _number(record, "price", float) if record.get("price") is not None else price
        done |= {"order_id": own.order_id, "price": seen, "by": str(record.get("by", "somebody"))}
    return done


def _number(record: Mapping[str, Any], name: str, kind: type[int | float]) -> float:
    try:
        value = kind(record.get(name, ""))
    except (TypeError, ValueError) as error:
        raise InvalidValue(name, record.get(name), "a number") from error
    if not 0 < value < math.inf:
        raise InvalidValue(name, record.get(name), "a number above 0")
    return value


def _check_swap(live: LiveSession, record: Mapping[str, Any]) -> None:
    # As the session will do it; what only shows when it is done becomes a note.
    own, params = live.own.strategy, record.get("params", {})
    name = record.get("strategy", own.name)
    if not isinstance(name, str) or not isinstance(params, Mapping):
        raise InvalidValue("swap", dict(record), "a strategy's name, and params by name")
    kept = dict(own.params) if name == own.name else {}
    live.own.strategies.create(name, {**kept, **params})
