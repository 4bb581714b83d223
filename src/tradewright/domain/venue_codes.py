"""The numbers by which Binance USDT-M futures refuses, beside our own names of the reasons: one table for all."""

from __future__ import annotations

from tradewright.domain.enums import Code

__all__ = ["VENUE_CODES", "code_of"]

VENUE_CODES: dict[Code, int] = {
    Code.STOP_WRONG_SIDE: -2021,
    Code.TARGET_WRONG_SIDE: -2021,
    Code.QUANTITY_BELOW_MINIMUM: -4004,
    Code.NOTIONAL_BELOW_MINIMUM: -4164,
    Code.MARGIN_INSUFFICIENT: -2019,
    Code.LEVERAGE_ABOVE_TIER: -2027,
    Code.ENTRY_INVALID: -4001,
    Code.NO_ROOM_FOR_ORDERS: -2025,
    Code.SHORT_NOT_ALLOWED: -2010,
    Code.WOULD_TRIGGER_AT_ONCE: -2021,
    Code.POST_ONLY_WOULD_TAKE: -5022,
    Code.FOK_NOT_WHOLE: -5021,
    Code.ORDER_UNKNOWN: -2011,
    Code.NOTHING_TO_REDUCE: -2022,
    Code.TAG_IN_USE: -4116,
    Code.PRICE_OFF_TICK: -4014,
    Code.PRICE_BELOW_MINIMUM: -4013,
    Code.PRICE_ABOVE_MAXIMUM: -4002,
    Code.QUANTITY_OFF_STEP: -4023,
    Code.QUANTITY_ABOVE_MAXIMUM: -4005,
    Code.PRICE_ABOVE_BAND: -4016,
    Code.PRICE_BELOW_BAND: -4024,
    Code.TOO_MANY_ORDERS: -2025,
    Code.TOO_MANY_CONDITIONALS: -4045,
    Code.TRIGGER_MISSING: -1102,
    Code.POST_ONLY_NEEDS_LIMIT: -1106,
    Code.EXPIRY_MISSING: -1102,
    Code.EXPIRY_TOO_SOON: -1130,
    Code.CHANGED_TOO_OFTEN: -5026,
    Code.LEG_SAYS_WHAT_REDUCES: -4062,
    Code.CLOSE_NEEDS_MARKET: -4136,
    Code.BEYOND_TAKE_BOUND: -4131,
    Code.VENUE_BUSY: -1008,
}
"""Where a venue would not refuse, because it is a rule of ours, or knows no number of its own, there is no entry."""

# Several reasons share a number: this one is meant when a venue says it of an order that was sent.
_MEANT = {
    -2021: Code.WOULD_TRIGGER_AT_ONCE, -2025: Code.TOO_MANY_ORDERS, -2013: Code.ORDER_UNKNOWN,
    -2018: Code.MARGIN_INSUFFICIENT, -4003: Code.QUANTITY_BELOW_MINIMUM, -1111: Code.QUANTITY_OFF_STEP,
    -1013: Code.NOTIONAL_BELOW_MINIMUM, -1015: Code.VENUE_BUSY, -1003: Code.VENUE_BUSY, -2010: Code.MARGIN_INSUFFICIENT,
    -2024: Code.NOTHING_TO_REDUCE, -4118: Code.NOTHING_TO_REDUCE, -4138: Code.NOTHING_TO_REDUCE,
    -4061: Code.LEG_SAYS_WHAT_REDUCES, -4137: Code.CLOSE_NEEDS_MARKET, -2007: Code.CALLBACK_OUT_OF_RANGE,
    -4210: Code.PRICE_ABOVE_BAND, -4211: Code.PRICE_BELOW_BAND,
    # It came too late, or its clock was off: nothing was done, and it may be sent again.
    -1021: Code.VENUE_BUSY, -5028: Code.VENUE_BUSY,
}  # fmt: skip
_OF_NUMBER = {number: code for code, number in VENUE_CODES.items() if number not in (-1102, -1106, -1130)} | _MEANT


def code_of(number: int) -> Code | None:
    """Our name of a venue's number; None for one that has none.

    Example:
        >>> code_of(-2019).name
        'MARGIN_INSUFFICIENT'
    """
    return _OF_NUMBER.get(number)
