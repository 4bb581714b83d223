"""What a person asks of a run on its way: COMMAND rows at its last close, as if a strategy had asked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tradewright.domain.enums import CommandKind, OrderType
from tradewright.domain.intents import Cancel, Change, OrderIntent
from tradewright.engine.order_rows import Fault, change_row, check_link, command_row, intent_row
from tradewright.engine.walk import Walk
from tradewright.kernels.team import rules_of

__all__ = ["asked_row", "flattening_rows"]

Row = tuple[float, ...]


def asked_row(walk: Walk, where: tuple[int, int], ask: OrderIntent | Change | Cancel, known: np.void | None) -> Row:
    """One ask as a command.

    Args:
        walk: of the run.
        where: step that has closed last, and row of the instrument.
        ask: an order, other terms for one, or the end of one.
        known: ORDER record of the open order that is named, if there is one.

    Raises:
        InvalidValue: the order asks for what the run does not have.
    """
    step, k = where
    desk = next(desk for desk in walk.desks if desk.k <= k < desk.k + walk.legs)
    fields: dict[str, float] = {"step": step, "instrument": k, "tag": 0, "order_id": 0}
    if isinstance(ask, OrderIntent):
        check_link(ask, walk.matches)
        own = rules_of(walk.market, walk.rules, int(walk.market.specs[k]["member"]))
        terms = {"trigger_by": own.trigger_by, "protected": own.price_protect, "oco": walk.tags.number(ask.oco)}
        return intent_row(ask, fields | terms, desk.feed.instrument, Fault())
    fields["order_id"] = ask.order_id
    if isinstance(ask, Cancel):
        return command_row(fields | {"kind": CommandKind.CANCEL})
    return change_row(ask, fields, desk.feed.instrument, None if known is None else OrderType(int(known["origin"])))


def flattening_rows(walk: Walk, step: int) -> Iterator[Row]:
    """Cancel every order and close every position, row by row."""
    for k, position in enumerate(walk.world.positions):
        fields: dict[str, float] = {"step": step, "instrument": k}
        yield command_row(fields | {"kind": CommandKind.CANCEL_ALL})
        if (lots := int(position["lots"])) != 0:
            # In a hedge the leg and the side say what closes, and nothing else does (rule R-1).
            close = {"kind": CommandKind.PLACE, "type": OrderType.MARKET, "reduce_only": walk.legs == 1}
            yield command_row(fields | close | {"side": -1 if lots > 0 else 1, "lots": abs(lots)})
