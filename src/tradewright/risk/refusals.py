"""Why a signal was refused or an order rejected: in words, with the numbers compared and what would help.

Venue codes are those of Binance USDT-M futures; None where a venue would not refuse it, because it is a rule of ours,
or knows no code of its own for it.
"""

from __future__ import annotations

from typing import NamedTuple

from tradewright.domain.enums import Code
from tradewright.domain.venue_codes import VENUE_CODES

__all__ = ["REASONS", "Reason", "reason_code", "reason_name", "reason_text"]


class Reason(NamedTuple):
    """What there is to say about a refusal.

    Attributes:
        text: with `{observed}` and `{limit}`, the two numbers that were compared.
        fix: what would let it pass.
        venue_code: that Binance answers with, or None.
    """

    text: str
    fix: str
    venue_code: int | None = None


_WORDS = {
    Code.REWARD_RISK_TOO_LOW: (
        "reward:risk {observed:.2f} is below the {limit:.2f} asked for",
        "a target further away, a nearer stop, or a lower min_reward_risk",
    ),
    Code.STOP_MISSING: (
        "no stop-loss, and the risk policy asks for one",
        "give a stop_loss, or set require_stop to false",
    ),
    Code.TARGET_MISSING: (
        "no take-profit, and the risk policy asks for one",
        "give a take_profit, or set require_target to false",
    ),
    Code.STOP_WRONG_SIDE: (
        "the stop-loss (tick {observed:.0f}) is no price on the losing side of the entry (tick {limit:.0f})",
        "of a long the stop lies below the entry, of a short above; 0 is none; a market entry counts from the open",
    ),
    Code.TARGET_WRONG_SIDE: (
        "the take-profit (tick {observed:.0f}) is no price on the winning side of the entry (tick {limit:.0f})",
        "of a long the target lies above the entry, of a short below; 0 is none; a market entry counts from the open",
    ),
    Code.QUANTITY_BELOW_MINIMUM: (
        "the size {observed:.8g} is below the venue's minimum {limit:.8g}",
        "a greater size, or more capital",
    ),
    Code.NOTIONAL_BELOW_MINIMUM: (
        "the order's value {observed:.2f} is below the venue's minimum {limit:.2f}",
        "a greater size, or more capital; what only reduces is free of it",
    ),
    Code.MARGIN_INSUFFICIENT: (
        "{observed:.2f} of margin is needed, with all that is open; {limit:.2f} of equity may stand behind it",
        "a smaller size, a higher leverage, or less that is open at one time",
    ),
    Code.LEVERAGE_ABOVE_TIER: (
        "leverage {observed:.0f} is above the {limit:.0f} that the tier of this size grants",
        "a lower leverage, or a smaller position",
    ),
    Code.POSITION_OPEN: (
        "a position is open already",
        "leave it first, or let on_opposite turn it round; pyramids are not built",
    ),
    Code.TOO_MANY_POSITIONS: (
        "{observed:.0f} positions are open or on their way; the limit is {limit:.0f}",
        "a higher max_positions",
    ),
    Code.NOTHING_TO_EXIT: ("there is no position to leave", "nothing: there was nothing to do"),
    Code.EQUITY_EXHAUSTED: (
        "equity is {observed:.2f}: nothing is left to trade with",
        "another strategy, a smaller risk, or more capital",
    ),
    Code.ENTRY_INVALID: ("the entry price (tick {observed:.0f}) is not above zero", "a price above zero"),
    Code.NO_ROOM_FOR_ORDERS: ("{observed:.0f} orders wait already; there is room for {limit:.0f}", "cancel some first"),
    Code.SHORT_NOT_ALLOWED: ("spot markets cannot be sold short", "a perpetual, or long signals only"),
    Code.WOULD_TRIGGER_AT_ONCE: (
        "the price was beyond the trigger when the order arrived",
        "a trigger that the price has not passed, or a market order",
    ),
    Code.POST_ONLY_WOULD_TAKE: (
        "the order was post-only and would have taken",
        "a price further from the market, or good till cancelled",
    ),
    Code.IOC_EXPIRED: (
        "immediate or cancel: what could not be filled at once was cancelled",
        "a better price, or let it rest",
    ),
    Code.FOK_NOT_WHOLE: (
        "fill or kill: it could not be filled whole at once",
        "a smaller quantity, a better price, or take what there is",
    ),
    Code.GTC_EXPIRED: (
        "the order had been open for a year, and a venue keeps none for longer",
        "place it again, or give it a date",
    ),
    Code.CHANGED_TOO_OFTEN: (
        "the order has been changed {observed:.0f} times; the venue allows {limit:.0f}",
        "cancel it and place another",
    ),
    Code.ORDER_UNKNOWN: (
        "no open order goes by that id ({observed:.0f}) or tag: it has filled, gone, or never was",
        "look at the open orders before you change one",
    ),
    Code.NOT_MODIFIABLE: (
        "order {observed:.0f} has no price of its own that could still be changed",
        "cancel it and place another",
    ),
    Code.NOTHING_TO_REDUCE: (
        "the order may only reduce, and the position ({observed:.0f} lots) is not against it",
        "send it while a position of the other side is open, or without reduce_only",
    ),
    Code.EXPOSURE_EXCEEDED: (
        "with this order {observed:.2f} could be held; the cap is {limit:.2f}",
        "a smaller size, or a higher max_exposure",
    ),
    Code.TAG_IN_USE: ("an open order has this tag already", "a tag of its own for each open order"),
    Code.PRICE_OFF_TICK: (
        "the price {observed:.10g} is not a multiple of the tick {limit:.10g}",
        "round the price to the tick",
    ),
    Code.PRICE_BELOW_MINIMUM: (
        "the price (tick {observed:.0f}) is below the venue's least (tick {limit:.0f})",
        "a higher price",
    ),
    Code.PRICE_ABOVE_MAXIMUM: (
        "the price (tick {observed:.0f}) is above the venue's most (tick {limit:.0f})",
        "a lower price",
    ),
    Code.QUANTITY_OFF_STEP: (
        "the quantity {observed:.10g} is not a multiple of the step {limit:.10g}",
        "round the quantity down to the step",
    ),
    Code.QUANTITY_ABOVE_MAXIMUM: (
        "the quantity {observed:.10g} is above the venue's most, {limit:.10g}",
        "several smaller orders: see TWAP",
    ),
    Code.PRICE_ABOVE_BAND: (
        "the price (tick {observed:.0f}) is too far above the mark; the most is tick {limit:.1f}",
        "a price nearer to the mark",
    ),
    Code.PRICE_BELOW_BAND: (
        "the price (tick {observed:.0f}) is too far below the mark; the least is tick {limit:.1f}",
        "a price nearer to the mark",
    ),
    Code.TOO_MANY_ORDERS: ("{observed:.0f} orders are open; the venue allows {limit:.0f}", "cancel some first"),
    Code.TOO_MANY_CONDITIONALS: (
        "{observed:.0f} orders wait for a trigger; the venue allows {limit:.0f}",
        "cancel some first",
    ),
    Code.DAY_LOSS_REACHED: (
        "{observed:.2%} of the day's first equity was lost; {limit:.2%} ends the day",
        "the next day, UTC",
    ),
    Code.WEEK_LOSS_REACHED: (
        "{observed:.2%} of the week's first equity was lost; {limit:.2%} ends the week",
        "the next Monday, UTC",
    ),
    Code.DRAWDOWN_REACHED: (
        "equity was {observed:.2%} below its peak; beyond {limit:.2%} nothing more is opened",
        "look into it; trading goes on with a higher max_drawdown alone",
    ),
    Code.LOSSES_IN_A_ROW: ("{observed:.0f} positions in a row lost; {limit:.0f} end the day", "the next day, UTC"),
    Code.COOLING_DOWN: (
        "{observed:.1f} minutes have passed since a loss; {limit:.1f} must",
        "wait, or a shorter cool_down",
    ),
    Code.DAY_TARGET_MET: ("{observed:.2%} was won today; {limit:.2%} is enough for a day", "the next day, UTC"),
    Code.HEAT_EXCEEDED: (
        "{observed:.2%} of equity would be lost at the stops; the cap is {limit:.2%}",
        "smaller sizes, nearer stops, or a higher max_heat",
    ),
    Code.NO_EDGE: (
        "the fraction that the trades so far tell is {observed:.3f}: they show no edge to stake on",
        "another sizing, or trades that win",
    ),
    Code.TRIGGER_MISSING: (
        "a stop-limit or take-profit-limit needs a trigger price; this one has tick {observed:.0f}",
        "give the trigger beside the limit price",
    ),
    Code.CALLBACK_OUT_OF_RANGE: (
        "a callback of {observed:.1%} is not from 0.1% to {limit:.1%}",
        "a callback within it",
    ),
    Code.POST_ONLY_NEEDS_LIMIT: (
        "only an order with a limit price can be post-only",
        "a limit order, or another time in force",
    ),
    Code.EXPIRY_MISSING: (
        "good till date: it does not say for how long",
        "say for how many bars it is good, on a tape until which time to come",
    ),
    Code.EXPIRY_TOO_SOON: (
        "good till date: the date is nearer than the venue allows",
        "a date further ahead (on a tape gtd_least_s says how far), or cancel the order yourself when its time comes",
    ),
    Code.LEG_SAYS_WHAT_REDUCES: (
        "in a hedge the leg ({limit:+.0f}) and the side ({observed:+.0f}) say what closes",
        "no reduce-only flag, and against the leg what closes it",
    ),
    Code.CLOSE_NEEDS_MARKET: (
        "what closes the whole position must fill at the market, at a trigger that stays",
        "a stop-market or take-profit-market without a quantity",
    ),
    Code.POSITION_TOO_LARGE: (
        "the position would be worth {observed:.2f}; the cap on a single one is {limit:.2f}",
        "a smaller order, or a higher max_position",
    ),
    Code.CORRELATION_EXCEEDED: (
        "it moves as a position that is held does: correlation {observed:.3f}, the cap is {limit:.3f}",
        "an instrument that moves otherwise, a later entry, or a higher max_correlation",
    ),
    Code.NO_VOLUME_PROFILE: (
        "VWAP: no whole day of bars with volume lies before it, so none can be expected",
        "begin it a day later, or work it as TWAP",
    ),
    Code.NO_PRICE_YET: (
        "nothing has traded and nobody quotes yet: what the order would cost is not known",
        "wait for the first price, or give the order one of its own",
    ),
    Code.QUANTITY_DONE: (
        "the quantity asked for is no more than what has been filled: the order is done",
        "nothing: the rest was cancelled",
    ),
    Code.BEYOND_TAKE_BOUND: (
        "the market's price was further from the mark than a taker may go: the rest expired",
        "a limit order, or a wider take_bound",
    ),
    Code.BOOK_EXHAUSTED: (
        "the order was larger than everything that the book showed: the rest expired",
        "smaller orders, or a limit order that waits",
    ),
    Code.SELF_TRADE: ("the order would have traded with another one of the same account", "cancel the other one first"),
    Code.VENUE_BUSY: ("the venue refused the request by chance, as it does under load", "send it again"),
}

REASONS = {code: Reason(text, fix, VENUE_CODES.get(code)) for code, (text, fix) in _WORDS.items()}
"""What each refusal means. `docs/reference/refusals.md` is written from it."""


def reason_name(code: int) -> str:
    """Stable kebab-case name of a refusal.

    Example:
        >>> reason_name(10)
        'reward-risk-too-low'
    """
    return Code(code).name.lower().replace("_", "-")


def reason_code(name: str) -> Code:
    """The refusal of that name.

    Example:
        >>> reason_code("reward-risk-too-low").value
        10
    """
    return Code[name.upper().replace("-", "_")]


def reason_text(code: int, observed: float, limit: float) -> str:
    """A sentence with the numbers compared.

    Example:
        >>> reason_text(10, 1.5, 3.0)
        'reward:risk 1.50 is below the 3.00 asked for'
    """
    return REASONS[Code(code)].text.format(observed=observed, limit=limit)
