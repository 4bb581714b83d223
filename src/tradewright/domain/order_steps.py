"""Whether an order keeps an instrument's steps: what is off them is refused here, and never rounded on the way."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tradewright.domain.enums import Code
from tradewright.domain.instrument import Instrument
from tradewright.domain.orders import Amendment, NewOrder, Rejected

__all__ = ["off_steps"]


def off_steps(order: NewOrder | Amendment, instrument: Instrument) -> Rejected | None:
    """The refusal of an order or change that is off the instrument's steps; None for one that keeps them.

    Example:
        >>> btc = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
        >>> off_steps(Amendment(price=Decimal("45000.05")), btc).code.name
        'PRICE_OFF_TICK'
    """
    names = ("price", "trigger", "activation") if isinstance(order, NewOrder) else ("price", "trigger")
    for name in names:
        price: Decimal | None = getattr(order, name)
        if price is not None and _is_off(price, instrument.tick):
            text = f"the {name} {price} is not a multiple of the tick {instrument.tick_size}"
            return Rejected(text, Code.PRICE_OFF_TICK, was_sent=False)
    if order.quantity is not None and _is_off(order.quantity, instrument.lot):
        text = f"the quantity {order.quantity} is not a multiple of the step {instrument.lot_size}"
        return Rejected(text, Code.QUANTITY_OFF_STEP, was_sent=False)
    return None


def _is_off(value: Decimal, step: tuple[int, int]) -> bool:
    return (Fraction(value) / Fraction(*step)).denominator != 1
