"""Why a signal was refused or an order rejected, in words with the numbers compared."""

from __future__ import annotations

from tradewright.domain.enums import Code

__all__ = ["reason_name", "reason_text"]

_WORDS = {
    Code.REWARD_RISK_TOO_LOW: "reward:risk {observed:.2f} is below the {limit:.2f} asked for",
    Code.STOP_MISSING: "no stop-loss, and the risk policy asks for one",
    Code.TARGET_MISSING: "no take-profit, and the risk policy asks for one",
    Code.STOP_WRONG_SIDE: "the stop-loss (tick {observed:.0f}) is not on the losing side of the entry"
    " (tick {limit:.0f})",
    Code.TARGET_WRONG_SIDE: "the take-profit (tick {observed:.0f}) is not on the winning side of the entry"
    " (tick {limit:.0f})",
    Code.QUANTITY_BELOW_MINIMUM: "the size {observed:.8g} is below the venue's minimum {limit:.8g}",
    Code.NOTIONAL_BELOW_MINIMUM: "the order's value {observed:.2f} is below the venue's minimum {limit:.2f}",
    Code.MARGIN_INSUFFICIENT: "{observed:.2f} of margin is needed; equity is {limit:.2f}, and what is open uses of it",
    Code.LEVERAGE_ABOVE_TIER: "leverage {observed:.0f} is above the {limit:.0f} that the tier of this size grants",
    Code.POSITION_OPEN: "a position is open already",
    Code.TOO_MANY_POSITIONS: "{observed:.0f} positions are open or on their way; the limit is {limit:.0f}",
    Code.NOTHING_TO_EXIT: "there is no position to leave",
    Code.EQUITY_EXHAUSTED: "equity is {observed:.2f}: nothing is left to trade with",
    Code.ENTRY_INVALID: "the entry price (tick {observed:.0f}) is not above zero",
    Code.NO_ROOM_FOR_ORDERS: "{observed:.0f} orders wait already; there is room for {limit:.0f}",
    Code.SHORT_NOT_ALLOWED: "spot markets cannot be sold short",
    Code.WOULD_TRIGGER_AT_ONCE: "the price was beyond the trigger when the order arrived",
    Code.POST_ONLY_WOULD_TAKE: "the order was post-only and would have taken",
    Code.IOC_EXPIRED: "immediate or cancel: what could not be filled at once was cancelled",
    Code.FOK_NOT_WHOLE: "fill or kill: it could not be filled whole at once",
    Code.ORDER_UNKNOWN: "no open order goes by that id ({observed:.0f}) or tag: it has filled, gone, or never was",
    Code.NOT_MODIFIABLE: "order {observed:.0f} has no price of its own that could still be changed",
    Code.NOTHING_TO_REDUCE: "the order may only reduce, and the position ({observed:.0f} lots) is not against it",
    Code.EXPOSURE_EXCEEDED: "with this order {observed:.2f} could be held; the cap is {limit:.2f}",
    Code.TAG_IN_USE: "an open order has this tag already",
    Code.PRICE_OFF_TICK: "the price {observed:.10g} is not a multiple of the tick {limit:.10g}",
    Code.PRICE_BELOW_MINIMUM: "the price (tick {observed:.0f}) is below the venue's least (tick {limit:.0f})",
    Code.PRICE_ABOVE_MAXIMUM: "the price (tick {observed:.0f}) is above the venue's most (tick {limit:.0f})",
    Code.QUANTITY_OFF_STEP: "the quantity {observed:.10g} is not a multiple of the step {limit:.10g}",
    Code.QUANTITY_ABOVE_MAXIMUM: "the quantity {observed:.10g} is above the venue's most, {limit:.10g}",
    Code.PRICE_ABOVE_BAND: "the price (tick {observed:.0f}) is too far above the mark; the most is tick {limit:.1f}",
    Code.PRICE_BELOW_BAND: "the price (tick {observed:.0f}) is too far below the mark; the least is tick {limit:.1f}",
    Code.TOO_MANY_ORDERS: "{observed:.0f} orders are open; the venue allows {limit:.0f}",
    Code.TOO_MANY_CONDITIONALS: "{observed:.0f} orders wait for a trigger; the venue allows {limit:.0f}",
    Code.DAY_LOSS_REACHED: "{observed:.2%} of the day's first equity was lost; {limit:.2%} ends the day",
    Code.WEEK_LOSS_REACHED: "{observed:.2%} of the week's first equity was lost; {limit:.2%} ends the week",
    Code.DRAWDOWN_REACHED: "equity was {observed:.2%} below its peak; beyond {limit:.2%} nothing more is opened",
    Code.LOSSES_IN_A_ROW: "{observed:.0f} positions in a row lost; {limit:.0f} end the day",
    Code.COOLING_DOWN: "{observed:.1f} minutes have passed since a loss; {limit:.1f} must",
    Code.DAY_TARGET_MET: "{observed:.2%} was won today; {limit:.2%} is enough for a day",
    Code.HEAT_EXCEEDED: "{observed:.2%} of equity would be lost at the stops; the cap is {limit:.2%}",
    Code.NO_EDGE: "Kelly's fraction of the trades so far is {observed:.3f}: they show no edge to stake on",
    Code.TRIGGER_MISSING: "a stop-limit or take-profit-limit needs a trigger price; this one has tick {observed:.0f}",
    Code.CALLBACK_OUT_OF_RANGE: "a callback of {observed:.1%} is not from 0.1% to {limit:.1%}",
    Code.POST_ONLY_NEEDS_LIMIT: "only an order with a limit price can be post-only",
    Code.EXPIRY_MISSING: "good till date: it does not say for how many bars",
    Code.CLOSE_NEEDS_MARKET: "what closes the whole position must fill at the market, at a trigger that stays",
    Code.NO_VOLUME_PROFILE: "VWAP: no whole day of bars with volume lies before it, so none can be expected",
    Code.QUANTITY_DONE: "the quantity asked for is no more than what has been filled: the order is done",
}


def reason_name(code: int) -> str:
    """Stable kebab-case name of a refusal.

    Example:
        >>> reason_name(10)
        'reward-risk-too-low'
    """
    return Code(code).name.lower().replace("_", "-")


def reason_text(code: int, observed: float, limit: float) -> str:
    """A sentence with the numbers compared.

    Example:
        >>> reason_text(10, 1.5, 3.0)
        'reward:risk 1.50 is below the 3.00 asked for'
    """
    return _WORDS[Code(code)].format(observed=observed, limit=limit)
