"""What a strategy asks for in orders, as COMMAND rows: prices become ticks, quantities lots.

What is not a whole tick or step is not rounded here: the order is refused with its number and the step (rule F-1).
"""

from __future__ import annotations

from typing import NamedTuple

from tradewright.domain.enums import Code, CommandKind, OrderType, TimeInForce, TriggerBy
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import Change, OrderIntent
from tradewright.domain.signal import permille
from tradewright.kernels.records import COMMAND
from tradewright.strategy.signals import ORDER_TYPE

__all__ = ["Fault", "change_row", "command_row", "intent_row", "place_row", "whole_lots", "whole_ticks"]

_A_HAIR = 1e-6
_PLACE = {name: place for place, name in enumerate(COMMAND.names or ())}
_TWO_PRICES = (OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT)
_LIMITS = (OrderType.LIMIT, *_TWO_PRICES)
_TRIGGERS = (OrderType.STOP_MARKET, OrderType.TAKE_PROFIT_MARKET)


class Fault(NamedTuple):
    """What is wrong with an ask before it is sent, and the numbers compared; Code.OK where nothing is."""

    code: int = Code.OK
    observed: float = 0.0
    limit: float = 0.0


def _whole(value: float, step: tuple[int, int], code: Code) -> tuple[int, Fault]:
    num, den = step
    exact = value * den / num
    count = round(exact)
    if count < 1 or abs(exact - count) > _A_HAIR * max(1.0, exact * _A_HAIR):
        return count, Fault(code, value, num / den)
    return count, Fault()


def whole_ticks(price: float | None, instrument: Instrument) -> tuple[int, Fault]:
    """A price in ticks, 0 for None; with a fault where it is no whole tick."""
    return (0, Fault()) if price is None else _whole(price, instrument.tick, Code.PRICE_OFF_TICK)


def whole_lots(quantity: float | None, instrument: Instrument) -> tuple[int, Fault]:
    """A quantity in lots, 0 for None; with a fault where it is no whole lot."""
    return (0, Fault()) if quantity is None else _whole(quantity, instrument.lot, Code.QUANTITY_OFF_STEP)


def command_row(fields: dict[str, float], fault: Fault = Fault()) -> tuple[float, ...]:  # noqa: B008 - immutable
    """The fields of a COMMAND record in their order; those not named are 0."""
    row: list[float] = [0] * len(_PLACE)
    for name, value in fields.items():
        row[_PLACE[name]] = value
    if fault.code != Code.OK:
        row[_PLACE["code"]], row[_PLACE["observed"]], row[_PLACE["limit"]] = fault
    return tuple(row)


def check_link(intent: OrderIntent, matches: bool) -> None:
    """Refuse a link where the orders rest at a venue.

    Args:
        intent: what is asked.
        matches: whether orders are matched here.

    Raises:
        InvalidValue: it is linked, and no one but the venue could cancel the other in time.
    """
    if intent.oco and not matches:
        allowed = "none at a venue: both could fill before one is cancelled; link orders in backtests and on paper"
        raise InvalidValue("oco", intent.oco, allowed)


def _first(*faults: Fault) -> Fault:
    return next((fault for fault in faults if fault.code != Code.OK), Fault())


def intent_row(intent: OrderIntent, where: dict[str, float], instrument: Instrument, fault: Fault) -> tuple[float, ...]:
    """An order to be placed.

    Args:
        intent: what is asked.
        where: fields that the caller knows: step, instrument, tag, and what the run says of triggers.
        instrument: by whose steps prices and quantities count.
        fault: of an earlier look; it comes first.

    Raises:
        InvalidValue: it asks for a price protection that the run does not have.
    """
    kind = ORDER_TYPE[intent.kind]
    price, off_price = whole_ticks(intent.price, instrument)
    trigger, off_trigger = whole_ticks(intent.trigger, instrument)
    activation, off_activation = whole_ticks(intent.activation, instrument)
    lots, off_lots = whole_lots(None if intent.close_position else intent.quantity, instrument)
    is_limit = kind in _LIMITS
    by = where["trigger_by"] if intent.trigger_by is None else TriggerBy[intent.trigger_by.upper()]
    if intent.price_protect and not where["protected"]:
        raise InvalidValue("price_protect", True, "None or False in a run without price_protect, which is its bound")
    protected = where["protected"] if intent.price_protect is None else intent.price_protect
    fields = where | {
        "kind": CommandKind.PLACE,
        "type": kind,
        "protected": protected,
        "side": 1 if intent.side == "buy" else -1,
        "lots": lots,
        "level_ticks": price if is_limit else trigger if kind in _TRIGGERS else activation,
        "trigger_ticks": trigger if kind in _TWO_PRICES else 0,
        "callback": 0 if intent.callback is None else permille("callback", intent.callback),
        "time_in_force": TimeInForce[intent.time_in_force.upper()],
        "trigger_by": by,
        "valid_steps": intent.valid_bars,
        "reduce_only": intent.reduce_only,
        "close_position": intent.close_position,
    }
    return command_row(fields, _first(fault, off_price, off_trigger, off_activation, off_lots))


def place_row(where: dict[str, float], side: int, lots: int, fault: Fault) -> tuple[float, ...]:
    """An order that is refused for what its parent lacks: nothing is sent, and the refusal is kept."""
    kind = {"kind": CommandKind.PLACE, "type": OrderType.MARKET, "side": side, "lots": lots}
    return command_row(where | kind, fault)


def change_row(
    change: Change, where: dict[str, float], instrument: Instrument, kind: OrderType | None
) -> tuple[float, ...]:
    """Other terms for an order.

    Args:
        change: what is asked.
        where: fields that the caller knows: step, instrument, tag or order id.
        instrument: by whose steps prices and quantities count.
        kind: as which the order was placed; None where there is no such order as far as is known.
    """
    price, off_price = whole_ticks(change.price, instrument)
    trigger, off_trigger = whole_ticks(change.trigger, instrument)
    lots, off_lots = whole_lots(change.quantity, instrument)
    misplaced = Fault()
    if kind is not None and (
        (price > 0 and kind not in _LIMITS) or (trigger > 0 and kind not in (*_TWO_PRICES, *_TRIGGERS))
    ):
        misplaced = Fault(Code.NOT_MODIFIABLE, where["order_id"])
    fields = where | {
        "kind": CommandKind.MODIFY,
        "lots": lots,
        "level_ticks": trigger if kind in _TRIGGERS else price,
        "trigger_ticks": 0 if kind in _TRIGGERS else trigger,
    }
    return command_row(fields, _first(off_price, off_trigger, off_lots, misplaced))
